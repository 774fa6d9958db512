"""How letters leave: over this machine's SMTP account, or into a Maildir where there is none.

Into a Maildir a letter is written whole and durably, then given its name; a name only once.
"""

import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Protocol

from deskterm import disk, paths
from deskterm.mail.public import DeskFace
from deskterm.mail.smtp import Answer, Fate, SmtpSender
from deskterm.mail.smtp_account import Account, AccountError
from deskterm.mail.tokens import verp_address
from deskterm.services.mailboxes.secret import run
from deskterm.services.outbox.claims import Claimed
from deskterm.settings import Settings
from deskterm.storage.deadline import answered_within

LETTER_SECONDS = 240.0
"""The longest that one letter takes, however slowly the server talks."""
_PASSWORD_SECONDS = 60


class Transport(Protocol):
    """Hands letters over."""

    def send(self, letter: Claimed) -> Answer:
        """Hand one over; gives what became of it."""

    def close(self) -> None:
        """End what was begun."""


def transport(settings: Settings, face: DeskFace, kept: str = "") -> Transport:
    """Give how letters leave from this machine; `kept` is the Maildir that keeps all of them."""
    if kept:
        return _Maildir(Path(kept).expanduser())
    if settings["smtp_host"]:
        return _Smtp(settings, face)
    named = str(settings["outgoing"])
    return _Maildir(Path(named).expanduser() if named else paths.outgoing_maildir())


class _Maildir:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, letter: Claimed) -> Answer:
        seconds = int(letter.created_at.timestamp())
        name = f"{seconds}.L{letter.ids[0]}.{letter.sha256[:16]}.deskterm"
        try:
            deliver(self._folder, name, letter.raw)
        except OSError as error:
            return Answer(Fate.UNREACHABLE, f"{self._folder}: {error.strerror}")
        return Answer(Fate.SENT)

    def close(self) -> None:
        pass


class _Smtp:
    def __init__(self, settings: Settings, face: DeskFace) -> None:
        self._face = face
        self._sender = SmtpSender(
            Account(
                host=str(settings["smtp_host"]),
                port=int(settings["smtp_port"]),
                security=str(settings["smtp_security"]),
                user=str(settings["smtp_user"]),
                password=_password(str(settings["smtp_password_command"])),
                greeting=_greeting(face),
            )
        )

    def send(self, letter: Claimed) -> Answer:
        began = monotonic()
        with answered_within(LETTER_SECONDS, self._sender.fileno):
            answer = self._sender.send(letter.raw, self._senders(letter), letter.recipient)
        if answer.fate == Fate.LATER and monotonic() - began >= LETTER_SECONDS:
            return Answer(Fate.UNREACHABLE, "the mail server was too slow")
        return answer

    def close(self) -> None:
        self._sender.close()

    def _senders(self, letter: Claimed) -> tuple[str, ...]:
        """Give where a bounce goes: nowhere for an acknowledgement, else to the letter itself.

        Letters that travel as one are known by the first of them. A server that lets nobody send
        without a sender gets the letter's own address for acknowledgements too.
        """
        face = self._face
        own = verp_address(face.address, letter.ids[0], face.secret) if face.verp else face.address
        return ("", own) if letter.acknowledges else (own,)


def _greeting(face: DeskFace) -> str:
    """Give the name we greet with, without asking a name server, which may hang."""
    for name in (socket.gethostname(), face.address.rpartition("@")[2]):
        if "." in name and name.isascii():
            return name
    return "[127.0.0.1]"


def _password(command: str) -> Callable[[], str]:
    """Give what asks the password command; never a shell, its output never in a message."""

    def ask() -> str:
        if not command:
            return ""
        try:
            return run(command, _PASSWORD_SECONDS)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise AccountError(
                f"smtp_password_command failed ({type(error).__name__}): run it by hand to see why"
            ) from None

    return ask


def deliver(folder: Path, name: str, raw: bytes) -> bool:
    """Put a mail into a Maildir under a name of ours; gives whether it was not there before.

    The same name delivered again changes nothing, also after somebody read it. Raises OSError.
    """
    for part in ("", "tmp", "new", "cur"):
        (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / "new" / name
    if target.exists() or any((folder / "cur").glob(f"{name}*")):
        return False
    temporary = folder / "tmp" / f"{name}.{os.getpid()}"
    temporary.unlink(missing_ok=True)
    disk.write(temporary, raw)
    temporary.replace(target)
    disk.sync_folder(folder / "new")
    return True
