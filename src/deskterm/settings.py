"""The machine's settings: one declared table; flag > `DESKTERM_*` > file > default."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from deskterm.domain.errors import UsageError


class Declared(NamedTuple):
    """One setting of the machine."""

    name: str
    kind: type
    default: object
    help: str
    secret: bool = False


TABLE = (
    Declared("db", str, "", "database URL: sqlite:///path or postgresql://…; empty: own file"),
    Declared("theme", str, "auto", "colours of the app: auto, dark, light or 16 colours"),
    Declared("plain", bool, False, "numbered prompts and plain text, for screen readers"),
    Declared("confirm_over", int, 25, "changing more tickets than this asks first"),
    Declared("undo_seconds", int, 10, "letters wait this long, so that undo can still stop them"),
    Declared("editor", str, "", "the editor for long text; empty: $VISUAL, then $EDITOR"),
    Declared("opener", str, "", "the program that opens attachments; empty: the system's"),
    Declared("smtp_host", str, "", "SMTP server; empty: letters go into the local Maildir"),
    Declared("smtp_port", int, 587, "its port"),
    Declared("smtp_security", str, "starttls", "starttls, tls or none"),
    Declared("smtp_user", str, "", "its user, where it asks for one"),
    Declared("smtp_password_command", str, "", "a command that prints the password", secret=True),
    Declared("imap_password_commands", dict, {}, "host or user@host = a command that prints it"),
    Declared(
        "imap_token_commands", dict, {}, "the same for an XOAUTH2 token; wins over a password"
    ),
    Declared("trackers", dict, {}, "name = the command that speaks with an outside tracker"),
    Declared("programs", dict, {}, "name = the command that a desk's own verb of it runs here"),
    Declared("hooks", str, "", "the folder with the desk's hooks on this machine; empty: none"),
    Declared("outgoing", str, "", "the Maildir for letters; empty: in the data folder"),
    Declared("notice_bell", bool, False, "ring the terminal's bell for what concerns you"),
    Declared("notice_desktop", str, "", "desktop notifications by the terminal: osc9 or osc777"),
    Declared("keys", dict, {}, "keys of your own: action = key"),
)
_BY_NAME = {one.name: one for one in TABLE}


class Value(NamedTuple):
    """A setting's value and where it comes from."""

    value: object
    source: str


class Settings:
    """The settings in force; read with `settings["name"]`, `source` says where each comes from."""

    def __init__(self, values: Mapping[str, Value], as_login: str | None = None) -> None:
        self._values = dict(values)
        self.as_login = as_login
        self.own_database: Callable[[], Path] | None = None
        """Gives the path of the desk's own file, where no database is named."""

    def __getitem__(self, name: str) -> Any:
        return self._values[name].value

    def source(self, name: str) -> str:
        """Give where the value comes from: flag, environment, file or default."""
        return self._values[name].source

    @property
    def database_url(self) -> str:
        """The database's URL; by default the SQLite file in the user's data folder."""
        if self["db"] or self.own_database is None:
            return str(self["db"])
        return f"sqlite:///{self.own_database()}"


def load(
    flags: Mapping[str, object] | None = None, as_login: str | None = None, file: Path | None = None
) -> Settings:
    """Read flags, environment and file; raises UsageError naming the file, key and what to do."""
    stored = _read(file) if file else {}
    values = {one.name: _value(one, flags or {}, stored, str(file)) for one in TABLE}
    return Settings(values, as_login or os.environ.get("DESKTERM_AS"))


def _value(
    one: Declared, flags: Mapping[str, object], stored: Mapping[str, object], file: str
) -> Value:
    if flags.get(one.name) is not None:
        return Value(flags[one.name], "flag")
    variable = f"DESKTERM_{one.name.upper()}"
    if variable in os.environ and one.kind is not dict:
        return Value(_convert(one, os.environ[variable], variable), f"environment {variable}")
    if one.name in stored:
        return Value(_convert(one, stored[one.name], file), "file")
    return Value(one.default, "default")


def _convert(one: Declared, raw: object, where: str) -> object:
    if one.kind is bool and isinstance(raw, str):
        return raw.strip().lower() not in {"", "0", "no", "false", "off"}
    if one.kind is int and isinstance(raw, str) and raw.strip().lstrip("-").isdigit():
        return int(raw)
    if isinstance(raw, one.kind) and not (one.kind is int and isinstance(raw, bool)):
        return raw
    raise UsageError(f"{where}: {one.name} must be {one.kind.__name__}, not {raw!r}.")


def _read(file: Path) -> Mapping[str, object]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read ({error}).") from error
    if not text.strip():
        return {}
    import tomllib  # noqa: PLC0415 - 4 ms, and most machines have no settings file

    try:
        stored = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file}: {error}; mend it or move it away.") from error
    unknown = sorted(set(stored) - set(_BY_NAME))
    if unknown:
        known = ", ".join(sorted(_BY_NAME))
        raise UsageError(f"{file}: unknown setting {unknown[0]!r}; known: {known}.")
    return stored
