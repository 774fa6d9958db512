"""What a mailbox of each kind needs to know: one declared table, checked when typed."""

import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.domain.text import header_safe, storable


class Option(NamedTuple):
    """One thing that a kind of mailbox needs to know."""

    name: str
    kinds: tuple[str, ...]
    default: object
    help: str
    read: Callable[[str], object]
    needed: bool = False


def _line(text: str) -> str:
    return header_safe(storable(text)).strip()


def _host(text: str) -> str:
    host = _line(text)
    if not host or any(sign in host for sign in " /@\\\"'") or len(host) > 253:
        raise UsageError(f"{text[:60]!r} is no name of a host.")
    return host.lower()


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or not least <= int(text[:12]) <= most:
            raise UsageError(f"{text[:40]!r} is no number from {least} to {most}.")
        return int(text)

    return read


def _word(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.strip().lower() not in words:
            raise UsageError(f"{text[:40]!r}? Use one of {', '.join(words)}.")
        return text.strip().lower()

    return read


def _path(text: str) -> str:
    """Give a full path: whoever does the jobs may stand elsewhere."""
    name = storable(text)
    if "\x00" in name:
        raise UsageError("a path has no NUL in it.")
    return os.path.abspath(os.path.expanduser(name)) if name else ""


_IMAP = ("imap",)
OPTIONS = (
    Option("host", _IMAP, "", "the IMAP server", _host, needed=True),
    Option("port", _IMAP, 0, "its port; else 993, or 143 without tls", _number(0, 65_535)),
    Option("security", _IMAP, "tls", "tls, starttls or none", _word("tls", "starttls", "none")),
    Option("user", _IMAP, "", "who signs in; else the address", _line),
    Option("ca_file", _IMAP, "", "certificates to trust besides the system's", _path),
    Option("folder", _IMAP, "INBOX", "the folder to read", _line),
    Option("done", _IMAP, "", "move what is processed here; else it is marked as read", _line),
    Option("held", _IMAP, "", "move what is quarantined here; else it is marked as read", _line),
    Option(
        "start",
        _IMAP,
        "unread",
        "what to take of mail that is there already: unread, all or none",
        _word("unread", "all", "none"),
    ),
    Option("every", _IMAP, 60, "seconds between looks where there is no IDLE", _number(5, 540)),
    Option("path", ("maildir", "mbox"), "", "the Maildir or the mbox file", _path, needed=True),
)
_BY_NAME = {one.name: one for one in OPTIONS}


def read_options(kind: str, typed: Mapping[str, str]) -> dict[str, object]:
    """Read what was typed for a kind; raises UsageError naming what does not fit."""
    values: dict[str, object] = {}
    for name, text in typed.items():
        one = _BY_NAME[name]
        if kind not in one.kinds:
            raise UsageError(f"--{name.replace('_', '-')} is not for a mailbox of kind {kind}.")
        try:
            values[name] = one.read(text)
        except UsageError as error:
            raise UsageError(f"--{name.replace('_', '-')}: {error}") from None
    return values


def check_complete(kind: str, source: Mapping[str, object]) -> None:
    """Raise UsageError where a mailbox lacks what its kind cannot do without."""
    for one in OPTIONS:
        if kind in one.kinds and one.needed and not source.get(one.name):
            raise UsageError(f"a mailbox of kind {kind} needs --{one.name.replace('_', '-')}.")


def filled(kind: str, source: Mapping[str, Any]) -> dict[str, Any]:
    """Give every option of a kind: what is set, else its default."""
    return {one.name: source.get(one.name, one.default) for one in OPTIONS if kind in one.kinds}
