"""What an IMAP server or the way to it complains of, as one sentence and one word."""

import imaplib
import re
import socket
import ssl
from typing import Any

from imap_tools.errors import (
    ImapToolsError,
    MailboxLoginError,
    UnexpectedCommandStatusError,
)

from deskterm.domain.mailboxes import SourceError, Trouble
from deskterm.domain.patterns import pattern
from deskterm.domain.text import clean

_CODE = pattern(r"\[([A-Z]{2,30})\b")
_CODES = {
    "AUTHENTICATIONFAILED": Trouble.PASSWORD,
    "AUTHORIZATIONFAILED": Trouble.PASSWORD,
    "EXPIRED": Trouble.PASSWORD,
    "PRIVACYREQUIRED": Trouble.PASSWORD,
    "OVERQUOTA": Trouble.FULL,
    "LIMIT": Trouble.FULL,
    "UNAVAILABLE": Trouble.AWAY,
    "INUSE": Trouble.AWAY,
}
"""Response codes of RFC 5530 that say whose trouble it is."""


def answered(result: Any) -> list[Any]:
    """Give the data of an answer; raises where the server did not say OK."""
    status, data = result
    if status != "OK":
        raise UnexpectedCommandStatusError(result, "OK")
    return list(data)


def trouble_of(error: Exception, place: str, user: str, phase: str) -> SourceError:
    """Say what went wrong where, and in which phase."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return SourceError(
            Trouble.CERTIFICATE,
            f"the certificate of {place} is not trusted ({error.verify_message}): "
            "is it the right host? `--ca-file` names an authority of your own",
        )
    if isinstance(error, ssl.SSLError):
        return SourceError(
            Trouble.CERTIFICATE, f"{place} speaks no TLS that this machine accepts, {phase}"
        )
    if isinstance(error, imaplib.IMAP4.abort | EOFError):
        return SourceError(Trouble.DROPPED, f"the connection to {place} dropped {phase}")
    if isinstance(error, OSError):
        return _network(error, place, phase)
    return _refusal(error, place, user, phase)


def _network(error: OSError, place: str, phase: str) -> SourceError:
    if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
        return SourceError(
            Trouble.CERTIFICATE, f"the file named by --ca-file cannot be read ({error.strerror})"
        )
    if isinstance(error, socket.gaierror):
        return SourceError(Trouble.AWAY, f"{place}: no host of that name can be found")
    if isinstance(error, TimeoutError):
        return SourceError(Trouble.AWAY, f"{place} does not answer, {phase}")
    if phase == "while connecting":
        return SourceError(Trouble.AWAY, f"{place} cannot be reached ({error.strerror or error})")
    return SourceError(Trouble.DROPPED, f"the connection to {place} dropped {phase}")


def _refusal(error: Exception, place: str, user: str, phase: str) -> SourceError:
    words = _words(error)
    code = _CODE.search(words)
    kind = _CODES.get(code.group(1)) if code else None
    if kind is None and phase == "while signing in":
        kind = Trouble.PASSWORD
    if kind is None and re.search(r"quota|\bfull\b", words, re.IGNORECASE):
        kind = Trouble.FULL
    if kind == Trouble.PASSWORD:
        token = "" if isinstance(error, MailboxLoginError) else " or token"
        return SourceError(kind, f"{place} refuses {user}: wrong password{token} ({words})")
    if kind == Trouble.FULL:
        return SourceError(kind, f"{place} says the mailbox is full, {phase} ({words})")
    return SourceError(kind or Trouble.SERVER, f"{place} refuses {phase} ({words})")


def _words(error: Exception) -> str:
    """Give what the server said, for eyes."""
    data: Any = str(error)
    if isinstance(error, ImapToolsError) and hasattr(error, "command_result"):
        found = error.command_result[1]
        parts = found if isinstance(found, list) else [found]
        data = " ".join(
            one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in parts
        )
    return clean(data[:2_000], one_line=True)[:200]
