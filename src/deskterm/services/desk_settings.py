"""Use cases on the desk's own settings, which are in its database."""

from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain.asking import NOW, How
from deskterm.services.records import Records
from deskterm.services.setting_table import TABLE, DeskDeclared, declared
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
