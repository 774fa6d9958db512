"""What the desk has promised about a ticket, kept beside it: pick-up, next deadline, rank.

These columns follow from the ticket's own and from its ledger: whatever changes those writes these
too, so that the board need not work anything out. Undone operations never feed a clock.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.domain.vocabulary import Event, State
from deskterm.storage.driver import Database, Row, moment, moment_or_none
from deskterm.triage.impact import impact
from deskterm.triage.ranking import is_paused, rank_at

if TYPE_CHECKING:
    from deskterm.calendars.calendar import Calendar
    from deskterm.calendars.promise import Pause, Span, Target
    from deskterm.storage.spine import Hold

DERIVED = ("picked_at", "due_at", "rank_at", "impact")
"""The columns kept here."""

CLOCKED = frozenset({"state", "waiting_for", "waiting_until", "urgent", "assignee", "people"})
"""The columns they follow from."""

_NO_PERSON = frozenset({"customer", "mail", "desk", "import"})
_CHUNK = 500


class Promises(NamedTuple):
    """The desk's calendar and targets, (kind, urgent) → target or None."""

    calendar: "Calendar"
    targets: "Mapping[tuple[str, bool], Target | None]"


class Past(NamedTuple):
    """What the ledger tells of a ticket's clock."""

    picked_at: datetime | None = None
    """The first owner or human action after the opening."""
    pauses: "tuple[Pause, ...]" = ()


def read_promises(database: Database) -> Promises:
    """Give the calendar and the targets as the desk has set them."""
    from deskterm.calendars.promise import DEFAULTS, PICKUP, SOLUTION, read_target
    from deskterm.storage.desk_calendar import desk_calendar
    from deskterm.storage.desk_settings import read_all

    stored = {**DEFAULTS, **read_all(database)}
    targets = {
        (kind, urgent): read_target(str(stored[f"promise.{kind}{'_urgent' if urgent else ''}"]))
        for kind in (PICKUP, SOLUTION)
        for urgent in (False, True)
    }
    return Promises(desk_calendar(database), targets)


def is_pick_up(event: str, actor: str, owner: str | None) -> bool:
    """Tell whether an entry is a person taking notice of the ticket (semantics.md §4)."""
    if owner is not None:
        return True
    human = actor not in _NO_PERSON or event == Event.REPLIED
    return human and event not in (Event.OPENED, Event.UNDONE)


def spans(promises: Promises, ticket: Mapping[str, Any], past: Past) -> "dict[str, Span]":
    """Give what is still promised: kind → its target and what counts."""
    from deskterm.calendars.promise import PICKUP, SOLUTION, Span

    kinds = (SOLUTION,) if past.picked_at else (PICKUP, SOLUTION)
    found = {}
    for kind in kinds:
        target = promises.targets[kind, bool(ticket["urgent"])]
        if target is not None:
            found[kind] = Span(ticket["opened_at"], target, past.pauses)
    return found


def next_due(
    promises: Promises, ticket: Mapping[str, Any], past: Past
) -> tuple[str, datetime] | None:
    """Give the promise that would be broken next, (kind, instant); None where there is none."""
    from deskterm.calendars.promise import due_at

    found = []
    for kind, span in spans(promises, ticket, past).items():
        try:
            found.append((due_at(span, promises.calendar), kind))
        except (UsageError, OverflowError):
            continue
    if not found:
        return None
    due, kind = min(found)
    return kind, due


def past_of(database: Database, numbers: Sequence[int], now: datetime) -> dict[int, Past]:
    """Read the clocks' past of tickets from their ledger; a pause that still lasts ends now."""
    from deskterm.storage.spine import in_list, list_value

    rows = database.all(
        "SELECT l.subject_id, l.at, l.actor, l.event, l.operation_id, l.changes FROM ledger l "  # noqa: S608 - a constant name
        "JOIN operation o ON o.id = l.operation_id "
        f"WHERE l.kind = 'ticket' AND l.subject_id {in_list(database, 'ids')} "
        "AND o.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM operation u WHERE u.undoes = o.id) "
        "ORDER BY l.subject_id, l.id",
        ids=list_value(database, numbers),
    )
    told: dict[int, list[Row]] = {number: [] for number in numbers}
    for row in rows:
        told[row["subject_id"]].append(row)
    return {number: _past(entries, now) for number, entries in told.items()}


def derived(
    held: "Hold", ticket: Mapping[str, Any], *, picks: bool, undone: bool
) -> dict[str, Any]:
    """Give the derived columns of a ticket as this operation leaves it.

    `picks`: this entry is the pick-up; `undone`: what was told before may not count any more.
    """
    from deskterm.storage.impact import together

    work = held.work
    now = {**ticket, "opened_at": held.opened_at}
    paused = is_paused(ticket["state"], ticket["waiting_for"])
    past = Past(held.picked_at or (work.at if picks else None))
    if (undone or not paused) and not held.fresh:
        told = past_of(work.spine, [held.id], work.at)[held.id]
        past = told if undone else told._replace(picked_at=past.picked_at)
    due = None
    if not paused:
        work.promises = work.promises or read_promises(work.spine)
        found = next_due(work.promises, now, past)
        due = found[1] if found else None
    return {
        "picked_at": past.picked_at,
        "due_at": due,
        "rank_at": rank_at(ticket["state"], ticket["waiting_until"], due),
        "impact": impact(ticket["people"], together(work.spine, [held.id]).get(held.id, 0)),
    }


def _past(entries: Sequence[Row], now: datetime) -> Past:
    from deskterm.calendars.promise import Pause

    picked: datetime | None = None
    pauses: list[Pause] = []
    stopped: tuple[datetime, str] | None = None
    state, waiting = str(State.NEW), None
    for row in entries:
        changes = json.loads(row["changes"])
        at = moment(row["at"])
        owner = changes.get("assignee", (None, None))[1]
        same = row["operation_id"] == entries[0]["operation_id"]
        if picked is None and is_pick_up(row["event"], "desk" if same else row["actor"], owner):
            picked = at
        state = changes.get("state", (None, state))[1]
        waiting = changes.get("waiting_for", (None, waiting))[1]
        paused = is_paused(state, waiting)
        if paused and stopped is None:
            stopped = (at, _reason(state, waiting))
        elif not paused and stopped is not None:
            pauses.append(Pause(stopped[0], at, stopped[1]))
            stopped = None
    if stopped is not None:
        pauses.append(Pause(stopped[0], max(stopped[0], now), stopped[1]))
    return Past(picked, tuple(pauses))


def _reason(state: str, waiting: str | None) -> str:
    return f"waits for {waiting}" if state == State.WAITING else state


def refresh(database: Database, now: datetime, numbers: Sequence[int] | None = None) -> int:
    """Work out the derived columns of open tickets anew, all or those named; gives how many.

    For what changes them from outside: the calendar, the targets, an import.
    """
    from deskterm.storage.spine import in_list, list_value

    promises = read_promises(database)
    if numbers is None:
        rows = database.all("SELECT id FROM ticket WHERE is_open = TRUE ORDER BY id")
        numbers = [row["id"] for row in rows]
    for start in range(0, len(numbers), _CHUNK):
        chunk = numbers[start : start + _CHUNK]
        past = past_of(database, chunk, now)
        rows = database.all(
            "SELECT id, state, urgent, waiting_for, waiting_until, opened_at, people FROM ticket "  # noqa: S608 - a constant name
            f"WHERE id {in_list(database, 'ids')}",
            ids=list_value(database, chunk),
        )
        database.many(
            "UPDATE ticket SET picked_at = :picked_at, due_at = :due_at, rank_at = :rank_at, "
            "impact = :impact WHERE id = :id",
            [{"id": row["id"], **_derived(promises, row, past[row["id"]])} for row in rows],
        )
    return len(numbers)


def _derived(promises: Promises, row: Row, past: Past) -> dict[str, Any]:
    ticket = {
        "state": row["state"],
        "urgent": bool(row["urgent"]),
        "waiting_until": moment_or_none(row["waiting_until"]),
        "opened_at": moment(row["opened_at"]),
    }
    due = None
    if not is_paused(row["state"], row["waiting_for"]):
        due = next_due(promises, ticket, past)
    when = due[1] if due else None
    return {
        "picked_at": past.picked_at,
        "due_at": when,
        "rank_at": rank_at(ticket["state"], ticket["waiting_until"], when),
        "impact": row["people"] or 0,
    }
