"""What the desk has promised about a ticket, kept beside it: pick-up, next deadline, rank.

These columns follow from the ticket's own and from its ledger: whatever changes those writes these
too, so that the board need not work anything out. Undone operations never feed a clock.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from deskterm.calendars.history import CLOCKED, Past, Told, is_paused, is_pick_up, past
from deskterm.storage.driver import Database, Row, moment, moment_or_none
from deskterm.storage.phrases import NOT_UNDONE
from deskterm.storage.ticket.entry import Derived, Entry
from deskterm.storage.work import State, Work
from deskterm.triage.ranking import rank_at

if TYPE_CHECKING:
    from deskterm.calendars.promise import Promises

_CHUNK = 500


class Promised(State):
    """The desk's calendar and targets, read once a unit of work and only where one is needed."""

    def __init__(self) -> None:
        self._promises: Promises | None = None

    def promises(self, work: Work) -> "Promises":
        """Give them as the desk has set them."""
        if self._promises is None:
            self._promises = read_promises(work.spine)
        return self._promises


def follow(entry: Entry) -> Derived:
    """Give a ticket's pick-up, deadline and rank where this entry may have changed them."""
    picks = entry.picked_at is None and is_pick_up(
        entry.event, entry.actor, entry.values["assignee"], entry.fresh
    )
    if not (entry.opening or picks or entry.undone or entry.touched & CLOCKED):
        return {}
    work = entry.work
    known = Past(entry.picked_at or (work.at if picks else None))
    paused = is_paused(entry.values["state"], entry.values["waiting_for"])
    if (entry.undone or not paused) and not entry.fresh:
        told = past_of(work.spine, [entry.ticket], work.at)[entry.ticket]
        known = told if entry.undone else told._replace(picked_at=known.picked_at)
    promises = None if paused else work.state(Promised).promises(work)
    return _derived(promises, entry.values, entry.opened_at, known)


def read_promises(database: Database) -> "Promises":
    """Give the calendar and the targets as the desk has set them."""
    from deskterm.calendars.promise import Promises, read_targets
    from deskterm.storage.desk_calendar import desk_calendar
    from deskterm.storage.desk_settings import values

    return Promises(desk_calendar(database), read_targets(values(database)))


def past_of(database: Database, numbers: Sequence[int], now: datetime) -> dict[int, Past]:
    """Read the clocks' past of tickets from their ledger; a pause that still lasts ends now."""
    rows = database.all(
        "SELECT l.subject_id, l.at, l.actor, l.event, l.operation_id, l.changes, "  # noqa: S608 - constants
        "o.at AS written FROM ledger l "
        "JOIN operation o ON o.id = l.operation_id "
        "WHERE l.kind = 'ticket' AND l.subject_id IN :ids "
        f"AND o.undoes IS NULL AND {NOT_UNDONE} "
        "ORDER BY l.subject_id, l.id",
        ids=numbers,
    )
    told: dict[int, list[Told]] = {number: [] for number in numbers}
    for row in rows:
        told[row["subject_id"]].append(
            Told(
                moment(row["at"]),
                row["actor"],
                row["event"],
                row["operation_id"],
                json.loads(row["changes"]),
                moment(row["written"]) if row["actor"] == "import" else None,
            )
        )
    return {number: past(entries, now) for number, entries in told.items()}


def refresh(database: Database, now: datetime, numbers: Sequence[int] | None = None) -> int:
    """Work out the derived columns of open tickets anew, all or those named; gives how many.

    For what changes them from outside: the calendar, the targets, an import.
    """
    promises = read_promises(database)
    if numbers is None:
        rows = database.all("SELECT id FROM ticket WHERE is_open = TRUE ORDER BY id")
        numbers = [row["id"] for row in rows]
    for start in range(0, len(numbers), _CHUNK):
        chunk = numbers[start : start + _CHUNK]
        told = past_of(database, chunk, now)
        rows = database.all(
            "SELECT id, state, urgent, waiting_for, waiting_until, opened_at, people FROM ticket "
            "WHERE id IN :ids",
            ids=chunk,
        )
        database.many(
            "UPDATE ticket SET picked_at = :picked_at, due_at = :due_at, rank_at = :rank_at, "
            "impact = :impact WHERE id = :id",
            [_refreshed(promises, row, told[row["id"]]) for row in rows],
        )
    return len(numbers)


def _refreshed(promises: "Promises", row: Row, told: Past) -> dict[str, Any]:
    ticket = {
        "state": row["state"],
        "urgent": bool(row["urgent"]),
        "waiting_until": moment_or_none(row["waiting_until"]),
    }
    paused = is_paused(row["state"], row["waiting_for"])
    found = _derived(None if paused else promises, ticket, moment(row["opened_at"]), told)
    return {"id": row["id"], **found, "impact": row["people"] or 0}


def _derived(
    promises: "Promises | None", ticket: Mapping[str, Any], opened: datetime, known: Past
) -> Derived:
    """Give the derived columns; `promises` is None while the clock stands."""
    due = None
    if promises is not None:
        from deskterm.calendars.promise import next_due

        found = next_due(promises, ticket["urgent"], known.start(opened), known)
        due = found[1] if found else None
    return {
        "picked_at": known.picked_at,
        "due_at": due,
        "rank_at": rank_at(ticket["state"], ticket["waiting_until"], due),
    }
