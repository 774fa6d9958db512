"""What every reader gives: records of tickets, and what it had to leave out or guess."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeVar

from deskterm.domain.errors import DeskError, UsageError
from deskterm.services.importing.foreign import Reading, bad
from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.markup import plain_text
from deskterm.services.importing.readers.json_files import Beside, count_of, objects, pages_of
from deskterm.services.importing.times import Clock, zone_of
from deskterm.services.importing.wide import Json, Record


def words(text: str) -> frozenset[str]:
    """Give the words of a list that is written as one text."""
    return frozenset(text.split())


Kind = TypeVar("Kind")
_NOTHING: tuple[Json, ...] = ("", [], {})


class Found(NamedTuple):
    """A record and where it stood."""

    where: str
    record: Record


class Source(ABC):
    """An export under way."""

    name = ""
    total = 0
    """How many tickets there are; 0: not known beforehand."""
    html: frozenset[str] = frozenset()
    """What this desk writes as HTML."""
    beside: Beside | None = None
    """What stands in files of its own and belongs to tickets: comments, articles, history."""

    def __init__(self, path: Path, mapping: ColumnMap) -> None:
        self.path = path
        self.mapping = mapping
        self.left_out: Counter[str] = Counter()
        """What is not brought along, with how often it had a value."""
        self.guessed: list[str] = []
        """What could be meant otherwise, in words."""
        self.columns: dict[str, str] = {}
        """Column or key → what it becomes."""
        self.kept = ExitStack()
        """What stands open until the end: an archive's files."""

    @property
    def folder(self) -> Path:
        """Where the export's files lie."""
        return self.path if self.path.is_dir() else self.path.parent

    @property
    def reading(self) -> Reading:
        """How its records are understood."""
        clock = Clock(zone_of(self.mapping.zone), self.mapping.times.get("", ()))
        return Reading(self.mapping, {"": clock.read}, self.said_html(self.html), "", self.folder)

    def said_html(self, usual: frozenset[str]) -> frozenset[str]:
        """Give what is HTML: as the mapping says, else as usual."""
        said = self.mapping.html
        if said is None:
            return usual
        if isinstance(said, bool):
            return frozenset(("body", "resolution", "text")) if said else frozenset()
        return frozenset(
            "text" if one in ("entries", "comment", "comments") else one for one in said
        )

    def close(self) -> None:
        """Let go of files that stand open beside the tickets."""
        if self.beside is not None:
            self.beside.close()
        self.kept.close()

    def words(self, text: Json, html: bool) -> str:
        """Give the words of a text that this desk says is HTML or none, if the map does not."""
        said = str(text or "")
        return plain_text(said) if html and self.mapping.html is not False else said

    def made(self, where: str, make: Callable[[Kind], Record], given: Kind) -> Found | DeskError:
        """Give the record of an object; what is not built as this desk builds it is no ticket."""
        try:
            return Found(where, make(given))
        except (AttributeError, TypeError, ValueError, KeyError, IndexError) as error:
            told = f"{type(error).__name__}: {error}"[:120]
            return bad(where, f"this is no ticket as {self.name} exports it ({told}).")

    @abstractmethod
    def records(self) -> Iterator[Found | DeskError]:
        """Give every ticket as a record, or what is wrong with it."""


class ObjectSource(Source):
    """An export in JSON: an object a ticket, and perhaps files of what belongs to it."""

    lists: tuple[str, ...] = ("tickets",)
    """Under which keys the tickets may stand in a file."""
    follows = ""
    """What stands beside the tickets, as it is called where its ticket is missing."""

    def take_files(self, files: list[Path], wanted: str) -> None:
        """Keep the files of tickets; raises UsageError where there is none."""
        self._files = files
        if not self._files:
            raise UsageError(f"{self.path}: there is no {wanted} in it.")
        self.total = count_of(self._files)

    @cached_property
    def pages(self) -> list[dict[str, Json]]:
        """Give what stands beside the tickets in the pages of their files."""
        return [
            {name: value for name, value in page.items() if name not in self.lists}
            for page in pages_of(self._files)
        ]

    def records(self) -> Iterator[Found | DeskError]:
        """Give every ticket with what belongs to it."""
        for file in self._files:
            for one in objects(file, *self.lists):
                if isinstance(one, DeskError):
                    yield one
                elif self.is_ticket(one[1]):
                    yield self.made(one[0], self.record, one[1])
        if self.follows and self.beside is not None and self.beside.left:
            self.left_out[f"{self.follows} of tickets that are not there"] = self.beside.left

    def is_ticket(self, given: Record) -> bool:
        """Tell whether an object is one."""
        del given
        return True

    @abstractmethod
    def record(self, given: Record) -> Record:
        """Give the record of one object."""


class Taken:
    """A foreign object of which every key is used, kept as a field, or counted as left out."""

    def __init__(self, given: Record) -> None:
        self._given = dict(given)

    def __call__(self, *names: str) -> Json:
        """Take the first of these keys that has a value."""
        found = None
        for name in names:
            value = self._given.pop(name, None)
            if found is None and value is not None and value not in _NOTHING:
                found = value
        return found

    def rest(self, dull: frozenset[str], left_out: Counter[str]) -> dict[str, Json]:
        """Give what is left as fields; what is dull is counted and left out."""
        found = {}
        for name, value in self._given.items():
            if value in (None, "", [], {}, False):
                continue
            if name in dull:
                left_out[name] += 1
            else:
                found[name] = value
        return found
