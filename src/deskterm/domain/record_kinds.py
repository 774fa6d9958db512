"""What a kind of record is declared by: its name, its fields, what can be done with one."""

from collections.abc import Mapping
from typing import NamedTuple


class Field(NamedTuple):
    """One value of a record that can be set."""

    name: str
    help: str = ""
    """What it is, in a few words: for a form and for `--help`."""
    kind: str = "text"
    """How it is read and written (`services/records/readers.py`)."""
    column: str = ""
    """Where it is kept; empty: in the column of its name."""
    fresh: object = ""
    """What a new record has."""
    of: str = ""
    """The kind of record whose names it takes."""
    words: tuple[str, ...] = ()
    """The words it takes."""
    given: str = ""
    """How it is given on the command line where not by its name: `--stop/--go-on`."""

    @property
    def place(self) -> str:
        """The column it is kept in."""
        return self.column or self.name


ALL = frozenset({"add", "set", "rename", "merge", "remove", "import"})
_GONE = "merge it into another."


class Record(NamedTuple):
    """A noun of the desk's own records."""

    kind: str
    """Its kind in the ledger."""
    title: str
    """Several of it, on a tab: `Services`."""
    about: str
    """What they are, in one sentence."""
    fields: tuple[Field, ...] = ()
    verbs: frozenset[str] = ALL
    """What can be done with one, besides reading."""
    fresh: Mapping[str, object] = {}
    """What a new record has besides the fields."""
    named: str = "name"
    """What its name is, for whoever has to type it."""
    asks: str = ""
    """What is typed to name a new one, where it is not what it is named by."""
    noun: str = ""
    """Its command, where it is not the kind."""
    instead: str = _GONE
    """What to do where one cannot be removed because something names it."""
    does: Mapping[str, str] = {}
    """Verb → the kind of its operation, where it is not `set group`."""

    @property
    def command(self) -> str:
        """The noun of its command."""
        return self.noun or self.kind

    def operation(self, verb: str) -> str:
        """Give the kind of an operation on it."""
        return self.does.get(verb, f"{verb} {self.kind}")


def texts(**helps: str) -> tuple[Field, ...]:
    """Give fields of plain text: name → what it is."""
    return tuple(Field(name, text) for name, text in helps.items())


LANGUAGE = Field("language", "of letters to them: de, en …; empty: the desk's", "language")
CATEGORY = Field("category", "of its tickets", "name", "category_id", None, of="category")
GROUP = Field("group", "its tickets go there first", "name", "group_id", None, of="group")
