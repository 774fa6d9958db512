"""Diagnostic commands as argument lists: what may stand in one, and what its exit code means.

A fact may come from a mail. It is put into one argument, never into a line for a shell; it must be
a plain name, number or address, and it can never become an option.
"""

import re
import shlex
from collections.abc import Mapping

from deskterm.domain.errors import RefusedError
from deskterm.domain.patterns import pattern
from deskterm.guides.facts import placeholders
from deskterm.guides.model import Check

_META = pattern(r"[|&;<>`$(){}\[\]*?!~#\\\"'\n\r\t\x00-\x1f\x7f]")
_PLAIN_VALUE = pattern(r"[^\W_][\w.:@/+=, %-]{0,252}\Z")
_PLACEHOLDER = pattern(r"\{([a-z][a-z0-9_]{0,40})\}")

SHELLS = frozenset(
    re.findall(
        r"\w+",
        "sh ash bash dash zsh ksh fish csh tcsh cmd powershell pwsh env xargs sudo doas su eval "
        "exec ssh nohup watch perl python python3 ruby node wscript cscript mshta rundll32 wsl",
    )
)
"""Programs that run other programs from their arguments."""

LONGEST_WAIT = 120
"""Seconds; a person on the telephone waits no longer."""


def remarks(argv: tuple[str, ...], but: frozenset[str] = frozenset()) -> list[str]:
    """Give what is wrong with an argument list, one sentence each; empty when nothing is.

    `but` are programs that run others and may be run all the same.
    """
    if not argv or not argv[0]:
        return ["`run` is empty: write it as a list such as [ping, -c, '3', '{gateway}']"]
    found = []
    for argument in argv:
        rest = _PLACEHOLDER.sub("", argument)
        if bad := _META.search(rest):
            found.append(
                f"shell metacharacter {bad[0]!r} in {argument!r}: no shell runs it; "
                "write one program and its plain arguments"
            )
    if placeholders(argv[0]):
        found.append(f"the program {argv[0]!r} must not come from a fact: write its name")
    program = re.split(r"[/\\]", argv[0])[-1].casefold().removesuffix(".exe")
    if program in SHELLS - but or program.endswith((".bat", ".cmd", ".ps1", ".sh")):
        found.append(f"{argv[0]!r} runs other programs: name the diagnostic program itself")
    return found


def argument_list(check: Check, values: Mapping[str, str], windows: bool = False) -> list[str]:
    """Give the command with its facts filled in, argument by argument.

    Raises RefusedError where a fact is not known yet or is no plain name, number or address.
    """
    argv = check.windows if windows and check.windows else check.run
    if problems := remarks(argv):
        raise RefusedError(f"The command is not run: {problems[0]}.")
    return filled(argv, values)


def filled(argv: tuple[str, ...], values: Mapping[str, str]) -> list[str]:
    """Give an argument list with its facts filled in; raises RefusedError, as `argument_list`."""
    return [_PLACEHOLDER.sub(lambda match: _plain(match[1], values), part) for part in argv]


def _plain(name: str, values: Mapping[str, str]) -> str:
    value = values.get(name, "").strip()
    if not value:
        raise RefusedError(f"The command needs {name}, which is not known yet: ask for it first.")
    if not _PLAIN_VALUE.match(value):
        raise RefusedError(
            f"The command is not run: {name} is {value[:60]!r}, and only a plain name, number or "
            "address may stand in a command."
        )
    return value


def shown(argv: list[str]) -> str:
    """Give the command as it can be read, and typed into a shell without harm."""
    return shlex.join(argv)


def meaning(check: Check, exit_code: int | None) -> str:
    """Give the answer that an exit code means; None stands for time-out; "" where it says none."""
    answers = dict(check.answers)
    if exit_code is None:
        return answers.get("timeout", answers.get("else", ""))
    return answers.get(f"exit{exit_code}", answers.get("else", ""))
