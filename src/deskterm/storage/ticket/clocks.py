"""What the desk has promised about a ticket, kept beside it: pick-up, deadlines, rank.

These columns follow from the ticket's own and from its ledger: whatever changes those writes these
too, so that the board need not work anything out. Undone operations never feed a clock.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from deskterm.calendars.history import CLOCKED, Past, Told, is_paused, is_pick_up, past
from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.phrases import NOT_UNDONE
from deskterm.storage.ticket.columns import read
from deskterm.storage.ticket.entry import KEPT, Derived, Entry
from deskterm.triage.ranking import line, rank_at

if TYPE_CHECKING:
    from deskterm.calendars.promise import Promises

_CHUNK = 500
PAUSED_BY = ("state", "waiting_for", "approval")
"""The columns that stop the clock."""


def follow(entry: Entry) -> Derived:
    """Give a ticket's pick-up, deadlines and rank where this entry may have changed them."""
    picks = entry.kept["picked_at"] is None and is_pick_up(
        entry.event, entry.actor, entry.values["assignee"], entry.changes
    )
    if not (entry.opening or picks or entry.undone or entry.touched & CLOCKED):
        return {}
    work = entry.work
    known = Past(entry.kept["picked_at"] or (work.at if picks else None))
    paused = is_paused(*(entry.values[name] for name in PAUSED_BY))
    if (entry.undone or not paused) and not entry.fresh:
        told = past_of(work.spine, [entry.ticket], work.at)[entry.ticket]
        known = told if entry.undone else told._replace(picked_at=known.picked_at)
    anew = paused and not entry.opening and not entry.undone
    promises = None if anew else work.once(read_promises)
    opened = Opened(entry.values, entry.opened_at, paused, work.at, "urgent" in entry.touched)
    return derived(promises, opened, known, entry.kept)


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

    For what changes them from outside: the calendar, the targets, an import. What is kept or
    broken already stays so (semantics §4).
    """
    promises = read_promises(database)
    if numbers is None:
        rows = database.all("SELECT id FROM ticket WHERE is_open = TRUE ORDER BY id")
        numbers = [row["id"] for row in rows]
    for start in range(0, len(numbers), _CHUNK):
        chunk = numbers[start : start + _CHUNK]
        told = past_of(database, chunk, now)
        rows = database.all(
            "SELECT id, state, urgent, waiting_for, waiting_until, approval, opened_at, closed_at, "
            "people, burst, picked_at, pickup_due, solution_due FROM ticket WHERE id IN :ids",
            ids=chunk,
        )
        database.many(
            "UPDATE ticket SET picked_at = :picked_at, due_at = :due_at, rank_at = :rank_at, "
            "pickup_due = :pickup_due, solution_due = :solution_due, "
            "impact = :impact, line = :line WHERE id = :id",
            [_refreshed(promises, row, told[row["id"]], now) for row in rows],
        )
    return len(numbers)


def _refreshed(promises: "Promises", row: Row, told: Past, now: datetime) -> dict[str, Any]:
    names = ("state", "urgent", "waiting_for", "waiting_until", "approval", "closed_at")
    ticket = {name: read(name, row[name]) for name in names}
    kept = {name: read(name, row[name]) for name in KEPT}
    paused = is_paused(*(ticket[name] for name in PAUSED_BY))
    known = told._replace(picked_at=kept["picked_at"] or told.picked_at)
    opened = Opened(ticket, moment(row["opened_at"]), paused, now)
    found = {**kept, **derived(promises, opened, known, kept)}
    people = max(row["people"] or 0, row["burst"])
    place = line(ticket["state"], ticket["urgent"], people, ticket["approval"])
    return {"id": row["id"], **found, "impact": people, "line": place}


class Opened(NamedTuple):
    """A ticket as far as its clocks care."""

    values: Mapping[str, Any]
    at: datetime
    paused: bool
    now: datetime
    otherwise: bool = False
    """Its urgency has changed: what runs is counted from the opening again."""


def derived(
    promises: "Promises | None", ticket: Opened, known: Past, kept: Mapping[str, datetime | None]
) -> Derived:
    """Give the derived columns; `promises` is None where the deadlines stay as they are kept.

    A deadline that has passed while its clock ran, and that of a pick-up that is made, is history:
    it stays whatever becomes of hours and targets.
    """
    values = ticket.values
    found: dict[str, datetime | int | str | None] = {"picked_at": known.picked_at}
    due = None
    if promises is not None:
        from deskterm.calendars.promise import PICKUP, SOLUTION, dues

        each = dues(promises, values["urgent"], known.start(ticket.at), known)
        for kind, column in ((PICKUP, "pickup_due"), (SOLUTION, "solution_due")):
            stood = kept.get(column)
            ended = kind == PICKUP and known.picked_at is not None
            if stood is not None and (ended or _is_broken(stood, ticket, known)):
                each[kind] = stood
            found[column] = each.get(kind)
        if known.picked_at is not None:
            each.pop(PICKUP, None)
        due = None if ticket.paused else min(each.values(), default=None)
    found["due_at"] = due
    found["rank_at"] = rank_at(values["state"], values["waiting_until"], due, values["closed_at"])
    return found


def _is_broken(due: datetime, ticket: Opened, known: Past) -> bool:
    """Tell whether a deadline passed while its clock ran; a pause may have just ended."""
    last = known.pauses[-1] if known.pauses else None
    until = last.start if last is not None and last.end >= ticket.now else ticket.now
    return due <= until and not ticket.otherwise
