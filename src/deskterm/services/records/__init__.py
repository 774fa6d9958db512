"""Use cases on records, the same for each kind; each write is one operation, undone by one key."""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.domain.record_table import RECORDS
from deskterm.domain.records import RecordSheet
from deskterm.domain.rows import Done
from deskterm.services.records.keeper import Keeper
from deskterm.services.records.listed import Given, Shown
from deskterm.storage.reads import rows

if TYPE_CHECKING:
    from deskterm.services.acting import Acting
    from deskterm.storage.driver import Database
    from deskterm.storage.work import Work

_OPTIONS = 500
"""So many names are offered for a field; of what there is more of, a name is typed."""


def keeper(kind: str, me: str) -> Keeper:
    """Give what keeps the records of a kind; raises NotFoundError."""
    record = RECORDS.get(kind)
    if record is None:
        raise NotFoundError(f"there are no records {kind[:40]!r}; there are {', '.join(RECORDS)}.")
    return _class_of(kind)(record, me)


_KEPT: Mapping[str, str] = {
    "person": "people:People",
    "organisation": "people:Organisations",
    "technician": "technicians:Technicians",
    "group": "people:Groups",
    "mailbox": "mail:Mailboxes",
    "template": "mail:Templates",
    "setting": "mail:Settings",
    "announcement": "announcements:Announcements",
    "release": "releases:Releases",
    "text": "means:CannedTexts",
    "macro": "means:Macros",
    "ticket_template": "means:TicketTemplates",
    "recurring": "means:Recurring",
    "verb": "means:OwnVerbs",
    "calendar": "offers:Calendars",
    "offer": "offers:Offers",
    "competence": "technicians:Competences",
    "improvement": "review:Improvements",
    "decision": "review:Decisions",
    "feedback": "review:Feedbacks",
    "category": "duty:Categories",
    "field": "fields:Fields",
    "view": "duty:Views",
    "rule": "duty:Rules",
    "absence": "duty:Absences",
    "retention": "duty:Retentions",
}
"""Kind → module of this package and the class in it, for kinds that are kept otherwise."""


def _class_of(kind: str) -> type[Keeper]:
    if kind not in _KEPT:
        return Keeper
    module, _, name = _KEPT[kind].partition(":")
    found: type[Keeper] = getattr(import_module(f"{__name__}.{module}"), name)
    return found


class Records:
    """Use cases on records; each write takes how it was asked."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def list(self, kind: str, words: str = "", most: int = 100_000) -> list[Shown]:
        """Give the records of a kind, those with the words in their name, with their values."""
        with self._desk.store.reading() as database, database.snapshot():
            return self._keeper(kind).listed(database, words, most)

    def show(self, kind: str, name: str) -> Shown:
        """Give one record; raises NotFoundError with what is near."""
        with self._desk.store.reading() as database, database.snapshot():
            return self._keeper(kind).one(database, name)

    def sheet(self, kind: str, name: str = "") -> RecordSheet:
        """Give what a form needs: each field as it is typed now, and the names it may take."""
        keeps = self._keeper(kind)
        with self._desk.store.reading() as database, database.snapshot():
            shown = keeps.one(database, name) if name else {}
            fresh = {field.name: field.fresh for field in keeps.record.fields}
            return RecordSheet(
                name,
                keeps.texts(database, shown or fresh),
                {
                    field.name: _names(database, field.of)
                    for field in keeps.record.fields
                    if field.of
                },
                int(shown["version"]) if shown else None,
            )

    def uses(self, kind: str, name: str) -> Mapping[str, int]:
        """Give table → how many rows name a record: what a merge moves, and a removal must not."""
        keeps = self._keeper(kind)
        with self._desk.store.reading() as database, database.snapshot():
            return keeps.uses(database, keeps.find(database, name))

    def add(self, kind: str, name: str, values: Given, how: How = NOW) -> Done:
        """Make a record; raises RefusedError where there is one of that name."""
        keeps = self._keeper(kind)
        return self._do(keeps, "add", how, lambda work: keeps.add(work, name, values))

    def set(
        self, kind: str, name: str, values: Given, how: How = NOW, version: int | None = None
    ) -> Done:
        """Make a record, or change its values; `version` is the one that was seen."""
        keeps = self._keeper(kind)
        return self._do(keeps, "set", how, lambda work: keeps.put(work, name, values, version))

    def rename(
        self, kind: str, name: str, new: str, how: How = NOW, version: int | None = None
    ) -> Done:
        """Give a record another name; whatever names it follows."""
        keeps = self._keeper(kind)
        return self._do(keeps, "rename", how, lambda work: keeps.rename(work, name, new, version))

    def remove(self, kind: str, name: str, how: How = NOW, version: int | None = None) -> Done:
        """Take a record away that nothing names; raises RefusedError where something does."""
        keeps = self._keeper(kind)
        return self._do(keeps, "remove", how, lambda work: keeps.remove(work, name, version))

    def merge(self, kind: str, name: str, into: str, how: How = NOW) -> Done:
        """Let whatever names one record name another, and take the first away."""
        keeps = self._keeper(kind)
        keeps.across = how.across
        return self._do(keeps, "merge", how, lambda work: keeps.merge(work, name, into))

    def load(
        self, kind: str, given: Iterable[tuple[int, Given]], where: str, how: How = NOW
    ) -> Done:
        """Take records from a file's rows as one operation, all or none."""
        keeps = self._keeper(kind)

        def take(work: "Work") -> None:
            for line, row in given:
                try:
                    keeps.take(work, row)
                except (UsageError, NotFoundError) as error:
                    raise UsageError(f"{where}:{line}: {error}") from error

        return self._do(keeps, "import", how, take)

    def _keeper(self, kind: str) -> Keeper:
        return keeper(kind, self._desk.me)

    def _do(self, keeps: Keeper, verb: str, how: How, change: Callable[["Work"], None]) -> Done:
        if verb not in keeps.record.verbs:
            raise UsageError(f"a {keeps.kind} cannot be changed so: {verb} is not for it.")
        return self._desk.do(keeps.record.operation(verb), how, change)


def _names(database: "Database", kind: str) -> tuple[str, ...]:
    found = rows.names(database, kind)
    return tuple(sorted(name for _, name in found)) if len(found) <= _OPTIONS else ()
