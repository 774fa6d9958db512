"""The desk's own settings, which are in its database, and those of this machine, in a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from deskterm import disk, settings
from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.services.records import Records
from deskterm.services.setting_table import TABLE, DeskDeclared, declared, no_setting
from deskterm.storage.desk_settings import read_all

if TYPE_CHECKING:
    from deskterm.services.acting import Acting


class DeskValue(NamedTuple):
    """A setting of the desk as it now is."""

    name: str
    value: object
    source: str
    """desk or default."""
    help: str


class DeskSettings:
    """Use cases on the desk's settings; a setting is a record."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def all(self) -> list[DeskValue]:
        """Give every setting with where its value comes from."""
        with self._desk.store.reading() as database:
            stored = read_all(database)
        return [_value(one, stored) for one in TABLE]

    def get(self, name: str) -> DeskValue:
        """Give one setting; raises NotFoundError."""
        one = declared(name)
        with self._desk.store.reading() as database:
            return _value(one, read_all(database))

    def read(self, name: str, text: str | None) -> object:
        """Give what a text means as a setting's value; without one, its default."""
        one = declared(name)
        return one.default if text is None else one.read(text)

    def set(self, name: str, text: str, how: How = NOW) -> DeskValue:
        """Set one; raises UsageError where the text does not fit."""
        Records(self._desk).set("setting", name, {"value": text}, how)
        return DeskValue(name, self.read(name, text), "desk", declared(name).help)

    def unset(self, name: str, how: How = NOW) -> DeskValue:
        """Go back to the default."""
        Records(self._desk).remove("setting", name, how)
        return DeskValue(name, self.read(name, None), "default", declared(name).help)


def _value(one: DeskDeclared, stored: dict[str, object]) -> DeskValue:
    here = one.name in stored
    return DeskValue(
        one.name, stored.get(one.name, one.default), "desk" if here else "default", one.help
    )


def machine_settings() -> dict[str, settings.Declared]:
    """Give the machine's settings by name."""
    return {one.name: one for one in settings.TABLE}


def change(file: Path, name: str, text: str | None) -> None:
    """Set one setting in the file, or with None take it out; `keys.ACTION` sets one key.

    Raises NotFoundError for an unknown name, UsageError where the value or the file is wrong; the
    file is replaced only when the new one can be read.
    """
    head, _, rest = name.partition(".")
    declared = machine_settings().get(head)
    if declared is None or bool(rest) != (declared.kind is dict):
        raise NotFoundError(no_setting(name))
    replace(file, _changed(_read(file), (head, rest), _typed(declared, text)))


def replace(file: Path, content: str) -> None:
    """Put a new text in place of the file, if it can be read; raises UsageError otherwise."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with disk.part_of(file, replace=True) as part:
            part.write_text(content, encoding="utf-8")
            _check(part, file)
    except OSError as error:
        raise UsageError(f"{file}: cannot be written ({error.strerror}).") from error


def read(file: Path) -> str:
    """Give the file's text, empty where there is none; raises UsageError."""
    try:
        return disk.read_text(file)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error}).") from error


def _check(trial: Path, file: Path) -> None:
    try:
        settings.load(None, None, trial)
    except UsageError as error:
        raise UsageError(str(error).replace(str(trial), str(file))) from None


def _read(file: Path) -> object:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(read(file))
    except TOMLKitError as error:
        raise UsageError(f"{file}: {error}; mend it or move it away.") from error


def _changed(document: Any, name: tuple[str, str], value: Any) -> str:
    import tomlkit

    head, rest = name
    table, key = (document.setdefault(head, {}), rest) if rest else (document, head)
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value
    return tomlkit.dumps(document)


def _typed(declared: settings.Declared, text: str | None) -> object:
    """Give the value as TOML holds it; what is no number or truth is left for the check."""
    if text is None:
        return None
    word = text.strip().lower()
    if declared.kind is bool and word in ("yes", "true", "on", "1", "no", "false", "off", "0"):
        return word in ("yes", "true", "on", "1")
    if declared.kind is int and word.lstrip("-").isdigit() and len(word) < 12:
        return int(word)
    if declared.kind in (bool, int):
        wanted = "yes or no" if declared.kind is bool else "a number"
        raise UsageError(f"{declared.name} is {wanted}, not {text[:40]!r}.")
    return text
