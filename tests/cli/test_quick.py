"""The quick reading of a command line gives a verb exactly what typer does, or leaves it alone."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from deskterm.cli import quick
from deskterm.cli.nouns import NOUNS, Verb, noun_of
from deskterm.cli.options import REQUIRED, Argument, Part, parts
from deskterm.cli.program import build, command
from deskterm.cli.session import flags

TEXTS = ("x", "", "-", "a b", "ä\u202e", "--")
VALUES: dict[object, tuple[str, ...]] = {
    int: ("0", "7", " 8 ", "1_0", "seven", "-3", "2000000"),
    Path: TEXTS,
    str: TEXTS,
}


def verbs() -> Iterator[tuple[str, Verb]]:
    """Every verb of the program as it is typed."""
    for name in NOUNS:
        noun = noun_of(name)
        assert noun is not None
        if noun.alone:
            yield name, noun.alone
        else:
            yield from ((f"{name} {verb}", one) for verb, one in noun.verbs.items())


ALL = dict(verbs())
HOT = ("ticket list", "ticket show", "ticket new", "ticket note", "ticket close", "mail receive")


def by_typer(verb: Verb) -> Callable[[list[str]], dict[str, Any] | None]:
    """What typer hands to the verb's function; None where it does not come to that."""
    caught: list[dict[str, Any]] = []

    def catch(**given: Any) -> None:
        caught.append(given)

    catch.parts = parts(verb.function)  # type: ignore[attr-defined]
    made = build(verb._replace(function=catch))

    def reads(words: list[str]) -> dict[str, Any] | None:
        caught.clear()
        with suppress(Exception):  # whatever typer refuses with
            made.main(args=list(words), standalone_mode=False)
        return caught[0] if caught else None

    return reads


def quick_reads(verb: Verb, words: list[str]) -> dict[str, Any] | None:
    try:
        return quick._Reading(parts(verb.function)).read(list(words))
    except quick._NotPlainError:
        return None


def spelt(part: Part) -> list[str]:
    """Every way to write an option's name, and some that nobody declared."""
    if isinstance(part.how, Argument):
        return [""]
    known = list(quick._names(part, part.how))
    return [name for name, _ in known] + [f"{known[0][0]}x", known[0][0][:-1]]


def lines(verb: Verb) -> Iterator[list[str]]:
    """Command lines that try each parameter in every spelling, around what must be given."""
    takes = parts(verb.function)
    needed = [word for part in takes if part.default is REQUIRED for word in plainly(part)]
    yield from ([], needed, [*needed, "--help"], [*needed, "one", "two"], ["--", *needed])
    for part in takes:
        for name in spelt(part):
            if quick._one(part) is bool:
                yield from ([*needed, name], [name, *needed], [*needed, f"{name}=yes"])
                continue
            for value in VALUES[quick._one(part)]:
                yield from with_value(needed, name, value)
    optional = [part for part in takes if part.default is not REQUIRED]
    for one, other in product(optional[:6], optional[-6:]):
        yield [*plainly(one), *needed, *plainly(other)]
        yield [*plainly(other), *plainly(one), *plainly(other), *needed]


def with_value(needed: list[str], name: str, value: str) -> Iterator[list[str]]:
    if not name:
        yield from ([*needed, value], [value, *needed])
        return
    yield from ([*needed, name, value], [name, value, *needed], [*needed, f"{name}={value}"])
    yield from ([*needed, name], [*needed, f"{name}{value}"], [*needed, name, value, name, "z"])


def plainly(part: Part) -> list[str]:
    """A value that is right for a part, by its first name."""
    value = [] if quick._one(part) is bool else ["3"]
    return [*([] if isinstance(part.how, Argument) else [spelt(part)[0]]), *value]


@pytest.mark.parametrize("name", ALL)
def test_what_is_read_quickly_is_what_typer_reads(name: str) -> None:
    verb = ALL[name]
    typer_reads = by_typer(verb)
    read = 0
    for words in lines(verb):
        quickly = quick_reads(verb, words)
        if quickly is not None:
            assert quickly == typer_reads(words), words
            read += 1
    assert read >= 2, "nothing of it is read quickly"


@pytest.mark.parametrize("name", HOT)
def test_a_hot_verb_is_read_quickly_with_each_of_its_options(name: str) -> None:
    takes = parts(ALL[name].function)
    needed = [word for part in takes if part.default is REQUIRED for word in plainly(part)]
    for part in takes:
        for spelling in spelt(part)[: -2 if spelt(part) != [""] else None]:
            value = [] if quick._one(part) is bool else ["3"]
            words = [*needed, *([spelling] if spelling else []), *value]
            if part.default is not REQUIRED:
                assert quick_reads(ALL[name], words) is not None, words


ROOTS = {
    "none": [],
    "apart": ["--db", "sqlite:///x", "--as", "me"],
    "joined": ["--db=sqlite:///x", "--as=me"],
    "twice": ["--as", "you", "--as", "me", "--db", "sqlite:///x"],
}


@pytest.mark.parametrize("how", ROOTS)
def test_the_flags_before_the_noun_are_read_alike(how: str, monkeypatch: Any) -> None:
    arguments = [*ROOTS[how], "doctor"]
    seen = []
    verb = ALL["doctor"]
    noun = noun_of("doctor")
    assert noun is not None
    catch: Any = lambda **given: seen.append((flags.db, flags.as_login, given))  # noqa: E731
    catch.parts = parts(verb.function)
    catch.__name__ = "doctor"
    monkeypatch.setitem(noun._known, "", verb._replace(function=catch))
    monkeypatch.setattr(flags, "db", "other")
    monkeypatch.setattr(flags, "as_login", "other")
    read = quick.read(arguments)
    assert read is not None
    read()
    command().main(args=arguments, standalone_mode=False)
    assert len(seen) == 2
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--help"],
        ["--version"],
        ["ticket"],
        ["ticket", "--help"],
        ["ticket", "lst"],
        ["--db"],
        ["--db", "--as", "doctor"],
        ["nonsense"],
        ["ticket", "list", "--help"],
        ["--install-completion"],
    ],
)
def test_help_and_slips_are_left_to_typer(words: list[str]) -> None:
    assert quick.read(words) is None


def test_completion_in_the_shell_is_left_to_typer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_DESKTERM_COMPLETE", "complete_zsh")
    assert quick.read(["ticket", "list"]) is None


def test_the_completion_that_one_command_installs_completes_nouns_verbs_and_options(
    tmp_path: Path,
) -> None:
    program = str(Path(sys.executable).with_name("deskterm"))
    home = {**os.environ, "HOME": str(tmp_path), "SHELL": "/bin/bash"}
    script = f"""
        {program} --install-completion >/dev/null && source ~/.bash_completions/deskterm.sh
        for typed in 'ticket cl' 'web --lan'; do
            COMP_WORDS=(deskterm $typed); COMP_CWORD=2
            _deskterm_completion {program}; echo "${{COMPREPLY[@]}}"
        done
    """
    told = subprocess.run(["bash", "-c", script], env=home, capture_output=True, text=True)
    assert told.stdout.split() == ["close", "--language"], told.stderr
    for shell in ("zsh", "fish"):
        asked = {
            "_DESKTERM_COMPLETE": f"complete_{shell}",
            "_TYPER_COMPLETE_ARGS": "deskterm ticket cl",
        }
        asked |= {"_TYPER_COMPLETE_FISH_ACTION": "get-args"}
        told = subprocess.run([program], env={**home, **asked}, capture_output=True, text=True)
        assert "close" in told.stdout, (shell, told.stderr)
