"""Writes foreign tickets in bulk: rows, ledger, fields, watchers, links, files, chunk by chunk."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from deskterm.domain.clock import to_text
from deskterm.domain.errors import ConflictError, DeskError
from deskterm.domain.text import safe_filename
from deskterm.domain.vocabulary import Event, LinkKind
from deskterm.services.importing.history import ACTOR, TICKET, Filed, Past, key_of
from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.places import Places
from deskterm.services.importing.survey import TWICE, Survey
from deskterm.services.importing.wide import Foreign, Happening, Json
from deskterm.storage import blobs, bulk, imported
from deskterm.storage.ticket.backlog import COURSES, RESULTS
from deskterm.storage.ticket.clocks import refresh
from deskterm.storage.work import Work

Placed = tuple[str, Happening]
"""(file and line, event) of a file of events."""


class Counts(NamedTuple):
    """What was written."""

    tickets: int = 0
    events: int = 0
    already: int = 0
    changed: int = 0
    kept: int = 0
    files: int = 0
    links: int = 0


class Writer:
    """One import under way; it may go over several transactions."""

    def __init__(self, work: Work, mapping: ColumnMap, *, keep_going: bool, update: bool) -> None:
        self._work = work
        self._keep_going = keep_going
        self._update = update
        self.places = Places(work, mapping.owners)
        self.survey = Survey(self.places.known, mapping)
        self.happened: dict[str, list[Placed]] = {}
        self._numbers: dict[str, tuple[int, str]] = {}
        """Foreign id → (our number, digest) of what this import has brought or named."""
        self._last: dict[str, str] = {}
        """Foreign id → when it was last touched in the old desk, as this import has brought it."""
        self._wanted_links: list[tuple[Foreign, int]] = []
        self.counts = Counts()
        self.flags: list[str] = []
        self.failed: list[str] = []
        self._soon = work.at + timedelta(days=1)

    def begin(self, work: Work) -> None:
        """Go on in another transaction of the same operation."""
        self._work = work
        self.places.begin(work)
        bulk.make_room(work.spine)

    def fail(self, error: DeskError) -> None:
        """Leave a record out and name it, or raise."""
        if not self._keep_going:
            raise error
        self.failed.append(str(error))

    def write(self, chunk: Sequence[Foreign]) -> None:
        """Write a chunk: what is new as new, what changed in the old desk as that."""
        if self._update:
            chunk = self._newest(chunk)
        fresh, changed = self._sorted(chunk)
        if fresh:
            self._write_fresh(fresh)
        for ticket, number in changed:
            self._change(ticket, number)

    def _write_fresh(self, fresh: Sequence[Foreign]) -> None:
        spine = self._work.spine
        people = self.places.people(
            one for ticket in fresh for one in (ticket.requester, *ticket.watchers)
        )
        known = self._known(fresh)
        pasts: list[Past] = []
        watchers, fields = [], []
        for number, ticket in zip(bulk.ticket_numbers(spine, len(fresh)), fresh, strict=True):
            self._numbers[ticket.id] = (number, ticket.digest)
            placed = self.happened.get(ticket.id, ())
            happened = [*ticket.happened, *(one for _, one in placed)]
            past = Past(self._work.id, number, known[ticket.id])
            past.tell(ticket, happened, self._odd(ticket, placed))
            pasts.append(past)
            self._note(ticket, past.flags)
            fields += [(number, name, value) for name, value in ticket.fields.items()]
            who = {people[one] for one in ticket.watchers if one in people}
            watchers += [(number, one) for one in who - {people.get(ticket.requester)}]
            self._count(events=len(happened))
            if ticket.duplicates or ticket.links:
                self._wanted_links.append((ticket, number))
        opened = {past.number: ticket.opened for past, ticket in zip(pasts, fresh, strict=True)}
        rows = [past.ticket(opened[past.number]) for past in pasts]
        bulk.insert(spine, "ticket", TICKET, rows)
        self._write_entries(pasts)
        bulk.insert(spine, "field_value", ("ticket_id", "name", "value"), fields)
        bulk.insert(spine, "watcher", ("ticket_id", "person_id"), watchers)
        refresh(spine, self._work.at, [past.number for past in pasts if past.is_open])
        RESULTS.add(spine, [past.number for past in pasts])
        COURSES.add(spine, [past.number for past in pasts])
        self._count(tickets=len(rows))

    def _known(self, fresh: Sequence[Foreign]) -> dict[str, dict[str, Json]]:
        """Give the columns that follow from names, by foreign id."""
        people = self.places.people([])
        categories = self.places.categories([ticket.category for ticket in fresh])
        groups = self.places.groups([ticket.group for ticket in fresh])
        owners = self.places.owners(fresh)
        return {
            ticket.id: {
                "requester_id": people.get(ticket.requester),
                "category_id": categories.get(ticket.category),
                "group_id": groups.get(ticket.group),
                "assignee": owners.get(ticket.owner) or None,
            }
            for ticket in fresh
        }

    def _write_entries(self, pasts: Sequence[Past]) -> None:
        """Insert ledger entries; where there are files their numbers are taken beforehand."""
        spine = self._work.spine
        rows = [row for past in pasts for row in past.rows]
        if not any(past.files for past in pasts):
            bulk.insert(spine, "ledger", bulk.LEDGER, rows)
            return
        numbers = bulk.reserve(spine, "ledger", len(rows))
        numbered = [(number, *row) for number, row in zip(numbers, rows, strict=True)]
        bulk.insert(spine, "ledger", ("id", *bulk.LEDGER), numbered)
        at = 0
        for past in pasts:
            for filed in past.files:
                self._attach(past.number, numbers[at + filed.row], filed)
            at += len(past.rows)

    def _attach(self, ticket: int, entry: int, filed: Filed) -> None:
        file = filed.file
        if file.read is None:
            return
        try:
            content = file.read()
        except (OSError, DeskError) as error:
            self.flags.append(f"the file {file.name[:60]!r} of #{ticket}: {error}")
            return
        spine = self._work.spine
        digest = blobs.keep(spine, content)
        name = safe_filename(file.name)
        attached = blobs.Attached(name, file.media_type, len(content), digest, inline=False)
        blobs.attach(spine, (ticket, entry), attached)
        self._count(files=1)

    def _change(self, ticket: Foreign, number: int) -> None:
        """Bring what the old desk added; where people work on it here, only its words."""
        spine = self._work.spine
        here = imported.here(spine, number)
        new = [one for one in ticket.happened if key_of(one) not in here.keys]
        past = Past(self._work.id, number, {})
        past.continue_from(here.columns, here.version + (not here.touched), here.updated)
        before = dict(here.columns)
        if not here.touched:
            self.places.people([ticket.requester])
            columns = self._known([ticket])[ticket.id]
            past.set(subject=ticket.subject, body=ticket.body, urgent=ticket.urgent, **columns)
        past.add(ticket, new, settle=not here.touched)
        data = {"by": "", "event": "changed in the old desk", "digest": ticket.digest}
        past.write(self._work.at, Event.IMPORTED, "", False, data)
        self._write_entries([past])
        COURSES.add(spine, [number])
        self._note(ticket, ())
        self._count(events=len(new), changed=1)
        if here.touched:
            self._count(kept=1)
            return
        columns = {name: value for name, value in past.row.items() if value != before[name]}
        imported.change(spine, number, columns, past.updated, past.is_open)
        self._write_fields(number, ticket.fields)
        refresh(spine, self._work.at, [number] if past.is_open else [])
        RESULTS.add(spine, [number])

    def _write_fields(self, number: int, fields: Mapping[str, str]) -> None:
        imported.set_fields(self._work.spine, number, fields)

    def link(self) -> None:
        """Link tickets, now that every number is known."""
        work, rows, entries = self._work, [], []
        wanted = [(ticket, number, _goals(ticket)) for ticket, number in self._wanted_links]
        named = {goal for _, _, goals in wanted for _, goal in goals}
        found = imported.known_tickets(work.spine, sorted(named - set(self._numbers)))
        known = {k: v[0] for k, v in (found | self._numbers).items()}
        seen: set[tuple[int, str, int]] = set()
        for ticket, number, goals in wanted:
            for kind, other in goals:
                goal = known.get(other)
                if goal is None or goal == number:
                    what = "itself" if goal == number else f"{other!r}, which is not here"
                    said = "duplicate of" if kind == LinkKind.DUPLICATE else "linked to"
                    self.flags.append(f"{ticket.where}: {said} {what}; no link was made.")
                elif not seen & {(number, kind, goal), (goal, kind, number)}:
                    seen.add((number, kind, goal))
                    rows.append((number, kind, goal))
                    change = bulk.json_object({f"link.{kind}.{goal}": [None, True]})
                    data = bulk.json_object({"kind": kind, "to": goal})
                    entries.append(
                        (
                            *(work.id, to_text(work.at), ACTOR, "ticket", number, 1),
                            *(Event.LINKED.value, False, "", change, data),
                        )
                    )
        bulk.insert(work.spine, "link", ("ticket_id", "kind", "other_id"), rows)
        bulk.insert(work.spine, "ledger", bulk.LEDGER, entries)
        self._count(links=len(rows))

    def left(self) -> Iterable[tuple[str, str]]:
        """Give (file and line, foreign number) of events whose ticket did not come."""
        for ticket, happened in self.happened.items():
            if ticket not in self._numbers:
                yield happened[0][0], ticket

    def _sorted(self, chunk: Sequence[Foreign]) -> tuple[list[Foreign], list[tuple[Foreign, int]]]:
        """Give what is new, and what is here with other content; that is refused or changed."""
        here = imported.known_tickets(self._work.spine, [ticket.id for ticket in chunk])
        fresh, changed = [], []
        for ticket in chunk:
            known = self._numbers.get(ticket.id) or here.get(ticket.id)
            if known is None:
                self._numbers[ticket.id] = (0, ticket.digest)
                fresh.append(ticket)
            elif known[1] == ticket.digest:
                self._numbers[ticket.id] = known
                self._count(already=1)
            elif self._update:
                self._numbers[ticket.id] = (known[0], ticket.digest)
                changed.append((ticket, known[0]))
            else:
                place = f"as #{known[0]} " if known[0] else "in this file "
                self.fail(
                    ConflictError(
                        f"{ticket.where}: ticket {ticket.id[:40]!r} is {place}with other content; "
                        "nothing is overwritten."
                    )
                )
        return fresh, changed

    def _newest(self, chunk: Sequence[Foreign]) -> list[Foreign]:
        """Give each ticket once, as it stands last: some have one as often as it changed."""
        found: dict[str, Foreign] = {}
        for ticket in chunk:
            known = found.get(ticket.id)
            told = self._numbers.get(ticket.id)
            other = told[1] if told else known.digest if known else ticket.digest
            if other != ticket.digest:
                self.survey.flags[TWICE] += 1
            newest = max(_last(known) if known else "", self._last.get(ticket.id, ""))
            if _last(ticket) >= newest:
                found[ticket.id] = ticket
                self._last[ticket.id] = _last(ticket)
        return list(found.values())

    def _count(self, **more: int) -> None:
        self.counts = self.counts._replace(
            **{name: getattr(self.counts, name) + many for name, many in more.items()}
        )

    def _note(self, ticket: Foreign, flags: Iterable[str]) -> None:
        self.survey.note(ticket)
        self.survey.flags.update(flags)

    def _odd(self, ticket: Foreign, placed: Iterable[Placed]) -> list[str]:
        """Flag times that cannot be: kept as they are, told, and noted on the ticket."""
        found = []
        if ticket.opened > self._soon or (ticket.closed and ticket.closed > self._soon):
            found.append((ticket.where, "a time lies in the future"))
        if ticket.closed and ticket.closed < ticket.opened:
            found.append((ticket.where, "it was closed before it was opened"))
        told = [*placed, *((ticket.where, one) for one in ticket.happened)]
        found += [
            (where, "an event lies in the future") for where, one in told if one.at > self._soon
        ]
        self.flags += [f"{where}: {what}; kept as it is." for where, what in found]
        return sorted({what for _, what in found})


def _last(ticket: Foreign) -> str:
    return to_text(max(filter(None, (ticket.updated, ticket.closed, ticket.opened))))


def _goals(ticket: Foreign) -> list[tuple[str, str]]:
    duplicates = [(LinkKind.DUPLICATE.value, goal) for goal in ticket.duplicates]
    return list(dict.fromkeys([*duplicates, *ticket.links]))
