"""What must be there for each of its kind: codes, help, words, and nothing of one machine."""

import ast
import pkgutil
import re
import shlex
import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import deskterm
from deskterm.cli.nouns import NOUNS, Noun, Verb
from deskterm.cli.program import command
from deskterm.domain import errors
from deskterm.domain.asking import Request
from deskterm.domain.lifecycle import TRANSITIONS
from deskterm.domain.patterns import Later
from deskterm.domain.vocabulary import Event, State
from deskterm.services.tickets.verbs import LATER, VERBS, function_of
from tests.arch.sources import READS_ALL, ROOT, called, sources

CODES = {2, 3, 4, 5, 6, 75}
INSIDE = {
    "_HalfDoneError",
    "AccountError",
    "RepeatedError",
    "TroubleError",
    "UntoldError",
    "YamlError",
    "_EndError",
    "_NotPlainError",
}
"""Exceptions that steer a service and never reach a person."""
PROMISED = {
    "ticket": "new list show take assign next note reply set step wait escalate hand-back solve "
    "verify close reopen cancel link merge unmerge split",
    "person": "list show set import",
    "view": "save list delete",
    "guide": "list show lint import export run test",
    "solution": "new edit review publish retire list show search site",
    "triage": "suggest",
    "mail": "receive parse inbox import process fetch mailbox send queue retry preview "
    "withdraw pause resume",
    "import": "tickets",
    "db": "init status upgrade backup restore check",
    "settings": "list get set edit",
}
"""The verbs that cli.md fixes for now. Next: mail reply-text, triage evaluate,
guide stats, guide convert."""


@cache
def _nouns() -> dict[str, Noun]:
    found = {}
    for name, (place, _) in NOUNS.items():
        module, _, attribute = place.partition(":")
        if find_spec(f"deskterm.cli.{module}"):
            loaded = getattr(import_module(f"deskterm.cli.{module}"), attribute or "noun")
            if isinstance(loaded, Noun):
                found[name] = loaded
    return found


@cache
def _verbs() -> dict[str, tuple[str, Verb]]:
    return {
        f"{name} {verb.name}".strip(): (name, verb)
        for name, noun in _nouns().items()
        for verb in noun.verbs.values()
    }


@READS_ALL
def test_every_error_has_an_exit_code_that_scripts_know() -> None:
    raised = {
        node.name: {called(base) for base in node.bases}
        for source in sources()
        for node in source.nodes
        if isinstance(node, ast.ClassDef) and node.name.endswith("Error")
    }
    family = {name for name in vars(errors) if name.endswith("Error")}
    assert len(family) >= 7
    for _ in raised:
        family |= {name for name, bases in raised.items() if bases & family}
    assert set(raised) - family == INSIDE
    for name in family:
        found: Any = getattr(errors, name, None) or errors.DeskError
        assert found.exit_code in CODES
        assert found.__doc__


@pytest.mark.parametrize("name", NOUNS)
def test_every_noun_is_there(name: str) -> None:
    assert name in _nouns()
    assert set(PROMISED.get(name, "").split()) <= set(_nouns()[name].verbs)


@pytest.mark.parametrize("name", sorted(_verbs()))
def test_every_verb_has_help_and_an_example_that_parses(name: str) -> None:
    noun, verb = _verbs()[name]
    assert (verb.function.__doc__ or "").strip().endswith((".", "…"))
    words = shlex.split(re.split(r" [<>|] ", verb.example)[0])
    assert words[0] == "deskterm"
    assert noun in words[1:4]
    program = command()
    context = program.make_context("deskterm", words[1:], resilient_parsing=False)
    parts = [*context._protected_args, *context.args]
    while hasattr(program, "get_command"):
        part, *parts = parts
        program = program.get_command(context, part)
        assert program is not None, (part, verb.example)
        context = program.make_context(part, parts, parent=context)
        parts = [*getattr(context, "_protected_args", []), *context.args]
    for parameter in program.params:
        if not getattr(parameter, "hidden", False) and parameter.param_type_name == "option":
            assert parameter.opts


@READS_ALL
def test_every_event_and_state_is_of_the_vocabulary() -> None:
    loose = []
    for source in sources():
        for node in source.nodes:
            if not isinstance(node, ast.Call) or called(node) not in ("write", "record"):
                continue
            place = 1 if called(node) == "record" else 0
            argument = node.args[place] if place < len(node.args) else None
            held = ast.unparse(node.func) in ("held.write", "work.record", "hold.write")
            if held and isinstance(argument, ast.Constant) and argument.value not in tuple(Event):
                loose.append(f"{source.name}:{node.lineno}: {argument.value!r}")
    assert not loose, "\n".join(loose)
    assert len(set(Event)) == len(Event)
    assert len(set(State)) == len(State)


@READS_ALL
def test_every_operation_on_tickets_is_a_verb_of_the_transition_table() -> None:
    import_module("deskterm.domain.visits")
    every = {*VERBS, *(Request.kinds[name] for name in LATER)}
    unknown = [one.name for one in every if one.verb not in TRANSITIONS]
    found: set[object] = {one.verb for one in every}
    for source in sources():
        for node in source.nodes:
            if isinstance(node, ast.Call) and called(node) == "operate" and node.args:
                kind = node.args[0]
                if isinstance(kind, ast.Constant):
                    found.add(kind.value)
                    if kind.value not in TRANSITIONS:
                        unknown.append(f"{source.name}:{node.lineno}: {kind.value!r}")
    assert not unknown, "\n".join(unknown)
    assert found == set(TRANSITIONS), "a verb that nothing does"
    assert every == set(Request.kinds.values()), "a request that nothing does"
    for request in every:
        assert callable(function_of(request))


MACHINE = ("/" + "work/", "/" + "root/", "/" + "tmp/", "/home/" + "runner")
SHIPPED = ("src", "tests", "bench", "docs", ".ci")
LOOSE = ("README.md", "CHANGELOG.md", "pyproject.toml", "uv.lock", ".gitignore")


def _shipped() -> list[Path]:
    files = [ROOT / name for name in LOOSE]
    for folder in SHIPPED:
        files += [file for file in (ROOT / folder).rglob("*") if file.is_file()]
    return [file for file in files if "__pycache__" not in file.parts and file.suffix != ".pyc"]


def test_nothing_shipped_names_a_path_of_one_machine() -> None:
    found = []
    for file in _shipped():
        text = file.read_bytes().decode("utf-8", "replace")
        found += [f"{file.relative_to(ROOT)}: {path}" for path in MACHINE if path in text]
    assert not found, "\n".join(found)


def test_the_lock_file_names_the_public_registry_only() -> None:
    lines = (ROOT / "uv.lock").read_text().splitlines()
    places = {line.split("://")[1].split("/")[0] for line in lines if "://" in line}
    assert places == {"pypi.org", "files.pythonhosted.org"}


def test_every_pattern_that_is_compiled_at_its_first_use_can_be_compiled() -> None:
    for one in pkgutil.walk_packages(deskterm.__path__, "deskterm."):
        if not one.name.endswith("__main__"):
            import_module(one.name)
    ours = [module for name, module in sys.modules.items() if name.startswith("deskterm")]
    waiting = [value for one in ours for value in vars(one).values() if isinstance(value, Later)]
    assert len({one.pattern for one in waiting}) > 200
