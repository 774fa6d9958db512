"""The import itself: a file as one transaction, or a whole desk in many under one operation."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import DeskError, RefusedError, UsageError
from deskterm.services.importing.events import events
from deskterm.services.importing.foreign import bad, foreign
from deskterm.services.importing.mapping import NOTHING, ColumnMap, read_mapping
from deskterm.services.importing.places import Known
from deskterm.services.importing.readers import open_desk
from deskterm.services.importing.readers.lines import Lines
from deskterm.services.importing.readers.source import Source
from deskterm.services.importing.readers.tables import TableSource
from deskterm.services.importing.survey import TWICE, Survey, map_of
from deskterm.services.importing.wide import Foreign
from deskterm.services.importing.writing import Writer
from deskterm.storage import bulk, imported
from deskterm.storage.work import RepeatedError, Work, operation_id

if TYPE_CHECKING:
    from deskterm.services.acting import Acting

_CHUNK = 1000
Told = Callable[[int, int], None]
"""Called with how many tickets have been read, of how many; 0: not known."""
Line = Foreign | DeskError


class Imported(NamedTuple):
    """What an import did, or in a dry run would have done."""

    operation_id: str
    tickets: int = 0
    events: int = 0
    already: int = 0
    """Tickets that were here before, with the same content: nothing was added."""
    people: int = 0
    categories: int = 0
    links: int = 0
    changed: int = 0
    """Tickets that were here before and went on in the old desk since."""
    kept: int = 0
    """Those of them that people have worked on here: only new words were added."""
    files: int = 0
    groups: int = 0
    organisations: int = 0
    technicians: int = 0
    flags: tuple[str, ...] = ()
    """What is odd but was kept, each with file and line."""
    failed: tuple[str, ...] = ()
    """What was left out with `keep_going`, each with file and line."""
    survey: Survey | None = None
    source: Source | None = None
    mapping: str = ""
    """After a look beforehand: a mapping to edit, as TOML."""
    repeated: bool = False
    dry: bool = False


class Importing:
    """Brings tickets in as history: no letter, no gate, no step claimed to have happened."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def tickets(  # noqa: PLR0913 - an import has this many choices
        self,
        file: Path,
        *,
        mapping: Path | None = None,
        history: Path | None = None,
        prefix: str = "",
        keep_going: bool = False,
        told: Told | None = None,
        how: How = NOW,
    ) -> Imported:
        """Import a file of tickets, with the events of `history`.

        All or nothing; with `keep_going` bad lines are left out and named. Raises UsageError
        naming file and line, ConflictError where a number is here with other content.
        """
        source, said = _source(file, mapping)
        try:
            with (
                closing(source),
                self._desk.work("import", how) as work,
                work.spine.patiently(),
                bulk.without_collector(),
            ):
                writer = Writer(work, said, keep_going=keep_going, update=False)
                if history is not None:
                    _read_events(writer, history)
                for chunk in _chunks(_lines(source, prefix), writer, told, source.total):
                    writer.write(chunk)
                writer.link()
                for where, ticket in writer.left():
                    writer.fail(bad(where, f"there is no ticket {ticket[:40]!r} in the import."))
                return _result(work.id, writer, source, dry=how.dry)
        except RepeatedError as repeated:
            return Imported(repeated.operation_id, repeated=True)

    def look(
        self, name: str, path: Path, mapping: Path | None = None, told: Told | None = None
    ) -> Imported:
        """Give what an export of another help desk would bring; nothing is written.

        Raises UsageError where it is no such export.
        """
        said = read_mapping(mapping) if mapping else NOTHING
        source = open_desk(name, path, said)
        failed: list[str] = []
        counts: Counter[str] = Counter()
        with closing(source), self._desk.store.reading() as database:
            survey = Survey(Known(database), said)
            chunk: list[Foreign] = []
            seen: dict[str, str] = {}
            for line in _with_end(_lines(source, source.name)):
                if isinstance(line, DeskError):
                    failed.append(str(line))
                elif line is not None:
                    chunk.append(line)
                if chunk and (line is None or len(chunk) >= _CHUNK):
                    here = imported.known_tickets(database, [one.id for one in chunk])
                    counts.update(_looked(survey, one, here, seen) for one in chunk)
                    chunk.clear()
                    if told:
                        told(survey.tickets, source.total)
        return Imported(
            "",
            counts["fresh"],
            survey.public + survey.internal,
            counts["already"],
            changed=counts["changed"],
            people=survey.people()[1],
            files=survey.files,
            failed=tuple(failed),
            survey=survey,
            source=source,
            mapping=map_of(survey, source.columns, said),
            dry=True,
        )

    def desk(
        self,
        name: str,
        path: Path,
        *,
        mapping: Path | None = None,
        resume: bool = False,
        told: Told | None = None,
        op_id: str | None = None,
    ) -> Imported:
        """Import an export of another help desk, a thousand tickets a transaction.

        All of it is one operation, which one undo takes back. What breaks off is begun again and
        goes on where it was: a ticket that is here is not brought twice. With `resume` what comes
        belongs to the operation of the last run. Bad records are left out and named.
        """
        said = read_mapping(mapping) if mapping else NOTHING
        source = open_desk(name, path, said)
        kind = f"import {source.name}"
        operation, begun = self._operation(kind, op_id, resume)
        lines = _lines(source, source.name)
        writer: Writer | None = None
        try:
            with closing(source), bulk.without_collector():
                chunks = _pieces(lines, told, source.total)
                for chunk in chunks:
                    with self._part(kind, operation, begun) as work:
                        if writer is None:
                            writer = Writer(work, said, keep_going=True, update=True)
                        writer.begin(work)
                        _write_piece(writer, chunk)
                    begun = True
                with self._part(kind, operation, begun) as work:
                    writer = writer or Writer(work, said, keep_going=True, update=True)
                    writer.begin(work)
                    writer.link()
        except RepeatedError as repeated:
            return Imported(repeated.operation_id, repeated=True)
        return _result(operation, writer, source)

    def _operation(self, kind: str, op_id: str | None, resume: bool) -> tuple[str, bool]:
        """Give (operation, whether it was claimed before)."""
        if not resume:
            return operation_id(op_id), False
        with self._desk.store.reading() as database:
            known = imported.last_import(database, kind, self._desk.me)
        return (known, True) if known else (operation_id(op_id), False)

    def _part(self, kind: str, operation: str, begun: bool) -> AbstractContextManager[Work]:
        return self._again(operation) if begun else self._desk.work(kind, How(operation))

    @contextmanager
    def _again(self, operation: str) -> Iterator[Work]:
        """Open one more transaction of an operation; raises RefusedError where it was undone."""
        with self._desk.store.work(self._desk.me, operation) as work, work.spine.patiently():
            if not imported.still_holds(work.spine, operation):
                raise RefusedError("the import was undone while it ran: nothing more is brought.")
            yield work


def _looked(
    survey: Survey, ticket: Foreign, here: Mapping[str, tuple[int, str]], seen: dict[str, str]
) -> str:
    """Count a ticket that is not written; give whether it is fresh, changed or here already."""
    if ticket.id in seen:
        if seen[ticket.id] != ticket.digest:
            survey.flags[TWICE] += 1
        return "twice"
    seen[ticket.id] = ticket.digest
    survey.look(ticket)
    known = here.get(ticket.id)
    return "fresh" if known is None else "already" if known[1] == ticket.digest else "changed"


def _source(file: Path, mapping: Path | None) -> tuple[Source, ColumnMap]:
    """Give the reader of a file in our own form, or of a table by its mapping."""
    suffix = file.suffix.lower()
    if suffix == ".csv" or mapping is not None:
        if mapping is None:
            raise UsageError(
                f"{file}: a CSV file needs a mapping of its columns (--map FILE); "
                f"`deskterm import from csv {file.name} --dry-run` prints one."
            )
        said = read_mapping(mapping)
        if not said.columns:
            raise UsageError(
                f'{mapping}: [columns] is missing: name them like "Short text" = "title".'
            )
        said = said._replace(table=said.table._replace(guess=False))
        return TableSource(file, said), said
    if suffix not in (".jsonl", ".ndjson", ".json"):
        raise UsageError(f"{file}: tickets come as .jsonl, or as .csv with --map FILE.")
    lines = Lines(file, NOTHING)
    lines.exact = True
    return lines, NOTHING


def _lines(source: Source, prefix: str) -> Iterator[Line]:
    """Give the wide form of each record, or what is wrong with it."""
    reading = source.reading._replace(prefix=prefix)
    for one in source.records():
        if isinstance(one, DeskError):
            yield one
            continue
        try:
            yield foreign(one.record, one.where, reading)
        except DeskError as error:
            yield error


def _pieces(lines: Iterator[Line], told: Told | None, total: int) -> Iterator[list[Line]]:
    """Give the lines a thousand at a time."""
    piece: list[Line] = []
    for read, line in enumerate(lines, 1):
        piece.append(line)
        if len(piece) >= _CHUNK:
            yield piece
            piece = []
            if told:
                told(read, total)
    if piece:
        yield piece


def _chunks(
    lines: Iterator[Line], writer: Writer, told: Told | None, total: int
) -> Iterator[list[Foreign]]:
    """Give the tickets a thousand at a time; what is wrong is left out or raised."""
    for piece in _pieces(lines, told, total):
        yield _good(writer, piece)


def _good(writer: Writer, piece: list[Line]) -> list[Foreign]:
    found = []
    for line in piece:
        if isinstance(line, DeskError):
            writer.fail(line)
        else:
            found.append(line)
    return found


def _write_piece(writer: Writer, piece: list[Line]) -> None:
    writer.write(_good(writer, piece))


def _with_end(lines: Iterator[Line]) -> Iterator[Line | None]:
    yield from lines
    yield None


def _read_events(writer: Writer, file: Path) -> None:
    """Keep every event of a file under its ticket."""
    for one in events(file):
        if isinstance(one, DeskError):
            writer.fail(one)
        else:
            where, ticket, happening = one
            writer.happened.setdefault(ticket, []).append((where, happening))


def _result(operation: str, writer: Writer, source: Source, *, dry: bool = False) -> Imported:
    """Give what was done."""
    counted = writer.counts._asdict() | writer.places.new
    return Imported(operation)._replace(
        **counted,
        flags=tuple(writer.flags),
        failed=tuple(writer.failed),
        survey=writer.survey,
        source=source,
        dry=dry,
    )
