"""Passwords and tokens: printed by a command of this machine, kept nowhere.

The commands stand in the machine's settings, by account: a row in a shared database can neither
run a program here nor have a password sent to another host.
"""

import shlex
import subprocess
from collections.abc import Mapping
from typing import NamedTuple

from deskterm.domain.mailboxes import SourceError, Trouble
from deskterm.settings import Settings

PASSWORDS = "imap_password_commands"
TOKENS = "imap_token_commands"


class Secret(NamedTuple):
    """How to sign in: with a password, or a token by XOAUTH2."""

    value: str
    is_token: bool = False

    def __repr__(self) -> str:
        """Hide the value: a trace or a log must not show it."""
        return "Secret(…)"


def secret_of(settings: Settings, user: str, host: str) -> Secret:
    """Run the account's command; raises SourceError where there is none or it fails."""
    for name in (TOKENS, PASSWORDS):
        command = _command(settings[name], user, host)
        if command:
            return Secret(printed(command, f"{name} for {user}@{host}"), name == TOKENS)
    raise SourceError(
        Trouble.PASSWORD,
        f"this machine has no password for {user} at {host}: "
        f"`deskterm settings set {PASSWORDS}.{host} 'COMMAND THAT PRINTS IT'`",
    )


def has_command(settings: Settings, user: str, host: str) -> bool:
    """Tell whether this machine can sign in to an account."""
    return any(_command(settings[name], user, host) for name in (TOKENS, PASSWORDS))


def printed(command: str, name: str) -> str:
    """Give what a command prints, without line ends; never a shell, never in a message."""
    try:
        found = run(command)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise SourceError(
            Trouble.PASSWORD,
            f"the command of {name} failed ({type(error).__name__}): run it by hand to see why",
        ) from None
    if not found.strip():
        raise SourceError(Trouble.PASSWORD, f"the command of {name} prints nothing")
    return found


def run(command: str, seconds: float = 60) -> str:
    """Give what a command prints, without line ends; never a shell.

    Raises OSError, ValueError or SubprocessError.
    """
    done = subprocess.run(
        shlex.split(command),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=seconds,
        check=True,
        text=True,
    )
    return done.stdout.strip("\r\n")


def _command(commands: Mapping[str, object], user: str, host: str) -> str:
    return str(commands.get(f"{user}@{host}") or commands.get(host) or "")
