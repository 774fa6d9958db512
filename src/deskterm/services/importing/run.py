"""The import itself: one file is one operation, all of it or nothing, written in bulk."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from deskterm.domain.clock import to_text
from deskterm.domain.errors import ConflictError, DeskError, UsageError
from deskterm.domain.vocabulary import Event, LinkKind
from deskterm.services.importing.foreign import Foreign, bad
from deskterm.services.importing.history import LEDGER, TICKET, Happening, Past
from deskterm.services.importing.places import Places
from deskterm.services.importing.sources import Line, csv_rows, events, json_lines, read_mapping
from deskterm.storage import bulk
from deskterm.storage.imported import known_tickets
from deskterm.storage.ticket.clocks import refresh
from deskterm.storage.work import RepeatedError, Work

if TYPE_CHECKING:
    from deskterm.services.acting import Acting

_CHUNK = 1000
Told = Callable[[int], None]
"""Called with how many tickets have been read."""


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
    flags: tuple[str, ...] = ()
    """What is odd but was kept, each with file and line."""
    failed: tuple[str, ...] = ()
    """What was left out with `keep_going`, each with file and line."""
    repeated: bool = False
    dry: bool = False


class Importing:
    """Brings tickets in as history: no letter, no gate, no step claimed to have happened."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def tickets(
        self,
        file: Path,
        *,
        mapping: Path | None = None,
        history: Path | None = None,
        keep_going: bool = False,
        told: Told | None = None,
        **how: Any,
    ) -> Imported:
        """Import a file of tickets, with the events of `history`; takes `op_id` and `dry`.

        All or nothing; with `keep_going` bad lines are left out and named. Raises UsageError
        naming file and line, ConflictError where a number is here with other content.
        """
        lines = _lines(file, mapping)
        try:
            dry = bool(how.get("dry"))
            with (
                self._desk.work("import", how.get("op_id"), dry=dry) as work,
                bulk.without_collector(),
            ):
                run = _Run(work, keep_going)
                if history is not None:
                    run.read_events(history)
                run.read_tickets(lines, told)
                run.link()
                run.check_left()
                return run.result()
        except RepeatedError as repeated:
            return Imported(repeated.operation_id, repeated=True)


def _lines(file: Path, mapping: Path | None) -> Iterator[Line]:
    suffix = file.suffix.lower()
    if suffix == ".csv" or mapping is not None:
        if mapping is None:
            raise UsageError(f"{file}: a CSV file needs a mapping of its columns (--map FILE).")
        return csv_rows(file, read_mapping(mapping))
    if suffix not in (".jsonl", ".ndjson", ".json"):
        raise UsageError(f"{file}: tickets come as .jsonl, or as .csv with --map FILE.")
    return json_lines(file)


class _Run:
    """One import under way."""

    def __init__(self, work: Work, keep_going: bool) -> None:
        self._work = work
        self._keep_going = keep_going
        self._places = Places(work)
        self._happened: dict[str, list[tuple[str, Happening]]] = {}
        self._numbers: dict[str, tuple[int, str]] = {}
        """Foreign id → (our number, digest) of what this file has brought or named."""
        self._wanted_links: list[tuple[Foreign, int]] = []
        self._tickets = self._events = self._already = self._links = 0
        self._flags: list[str] = []
        self._failed: list[str] = []
        self._soon: datetime = work.at + timedelta(days=1)

    def read_events(self, file: Path) -> None:
        """Keep every event under its ticket."""
        for one in events(file):
            if isinstance(one, DeskError):
                self._fail(one)
            else:
                where, ticket, happening = one
                self._happened.setdefault(ticket, []).append((where, happening))

    def read_tickets(self, lines: Iterator[Line], told: Told | None) -> None:
        """Write every ticket, a chunk at a time."""
        chunk: list[Foreign] = []
        read = 0
        for line in lines:
            if isinstance(line, DeskError):
                self._fail(line)
                continue
            chunk.append(line)
            read += 1
            if len(chunk) >= _CHUNK:
                self._write(chunk)
                chunk.clear()
                if told:
                    told(read)
        self._write(chunk)

    def link(self) -> None:
        """Link duplicates, now that every number is known."""
        work, rows, entries = self._work, [], []
        missing = {d for t, _ in self._wanted_links for d in t.duplicates} - set(self._numbers)
        known = {k: v[0] for k, v in known_tickets(work.spine, sorted(missing)).items()}
        known |= {k: v[0] for k, v in self._numbers.items()}
        for ticket, number in self._wanted_links:
            for other in ticket.duplicates:
                goal = known.get(other)
                if goal is None or goal == number:
                    what = "itself" if goal == number else f"{other!r}, which is not here"
                    self._flags.append(f"{ticket.where}: duplicate of {what}; no link was made.")
                    continue
                rows.append((number, LinkKind.DUPLICATE.value, goal))
                change = json.dumps({f"link.duplicate.{goal}": [None, True]})
                data = json.dumps({"kind": "duplicate", "to": goal})
                entries.append(
                    (
                        *(work.id, to_text(work.at), "import", "ticket", number, 1),
                        *(Event.LINKED.value, False, "", change, data),
                    )
                )
        bulk.insert(work.spine, "link", ("ticket_id", "kind", "other_id"), rows)
        bulk.insert(work.spine, "ledger", LEDGER, entries)
        self._links = len(rows)

    def check_left(self) -> None:
        """Every event must have found its ticket."""
        for ticket, happened in self._happened.items():
            if ticket not in self._numbers:
                where = happened[0][0]
                self._fail(bad(where, f"there is no ticket {ticket[:40]!r} in the import."))

    def result(self) -> Imported:
        """Give what was done."""
        return Imported(
            self._work.id,
            self._tickets,
            self._events,
            self._already,
            self._places.new_people,
            self._places.new_categories,
            self._links,
            tuple(self._flags),
            tuple(self._failed),
            dry=self._work.dry,
        )

    def _fail(self, error: DeskError) -> None:
        if not self._keep_going:
            raise error
        self._failed.append(str(error))

    def _write(self, chunk: Sequence[Foreign]) -> None:
        spine = self._work.spine
        fresh = self._fresh(chunk)
        if not fresh:
            return
        people = self._places.people([ticket.requester for ticket in fresh])
        categories = self._places.categories([ticket.category for ticket in fresh])
        tickets, entries, fields = [], [], []
        for number, ticket in zip(bulk.ticket_numbers(spine, len(fresh)), fresh, strict=True):
            self._numbers[ticket.id] = (number, ticket.digest)
            happened = self._happened.get(ticket.id, ())
            known = {
                "requester_id": people.get(ticket.requester),
                "category_id": categories.get(ticket.category),
            }
            past = Past(self._work.id, number, known)
            past.tell(ticket, [one for _, one in happened], self._odd(ticket, happened))
            tickets.append(past.ticket(ticket.opened))
            entries += past.rows
            fields += [(number, name, value) for name, value in ticket.fields.items()]
            self._events += len(happened)
            if ticket.duplicates:
                self._wanted_links.append((ticket, number))
        bulk.insert(spine, "ticket", TICKET, tickets)
        bulk.insert(spine, "ledger", LEDGER, entries)
        bulk.insert(spine, "field_value", ("ticket_id", "name", "value"), fields)
        refresh(spine, self._work.at, [ticket[0] for ticket in tickets if ticket[2]])
        self._tickets += len(tickets)

    def _fresh(self, chunk: Sequence[Foreign]) -> list[Foreign]:
        """Give the tickets that are new; a number known with other content is refused."""
        here = known_tickets(self._work.spine, [ticket.id for ticket in chunk])
        fresh = []
        for ticket in chunk:
            known = self._numbers.get(ticket.id) or here.get(ticket.id)
            if known is None:
                self._numbers[ticket.id] = (0, ticket.digest)
                fresh.append(ticket)
            elif known[1] == ticket.digest:
                self._numbers[ticket.id] = known
                self._already += 1
            else:
                place = f"as #{known[0]} " if known[0] else "in this file "
                self._fail(
                    ConflictError(
                        f"{ticket.where}: ticket {ticket.id[:40]!r} is {place}with other content; "
                        "nothing is overwritten."
                    )
                )
        return fresh

    def _odd(
        self, ticket: Foreign, happened: Sequence[tuple[str, Happening]]
    ) -> dict[str, list[str]]:
        """Flag times that cannot be: kept as they are, told, and noted on the ticket."""
        found = []
        if ticket.opened > self._soon or (ticket.closed and ticket.closed > self._soon):
            found.append((ticket.where, "a time lies in the future"))
        if ticket.closed and ticket.closed < ticket.opened:
            found.append((ticket.where, "it was closed before it was opened"))
        found += [
            (where, "an event lies in the future") for where, one in happened if one.at > self._soon
        ]
        self._flags += [f"{where}: {what}; kept as it is." for where, what in found]
        return {"flags": sorted({what for _, what in found})} if found else {}
