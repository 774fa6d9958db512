"""What the desk has promised about a ticket, kept beside it: pick-up, answers, deadlines, rank.

These columns follow from the ticket's own and from its ledger: whatever changes those writes these
too, so that the board need not work anything out. Undone operations never feed a clock.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from deskterm.calendars.history import (
    CLOCKED,
    IMPORT,
    LIVE,
    OTHERWISE,
    Past,
    Told,
    is_paused,
    is_pick_up,
    past,
    talk,
)
from deskterm.domain.text import is_blank
from deskterm.domain.vocabulary import PROCESSES, Event
from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.phrases import NOT_UNDONE
from deskterm.storage.ticket.columns import read
from deskterm.storage.ticket.entry import KEPT, Derived, Entry, Values
from deskterm.storage.work import State, Work
from deskterm.triage.ranking import line, rank_at

if TYPE_CHECKING:
    from deskterm.calendars.promise import Promises
    from deskterm.storage.targets import Targets

_CHUNK = 500
DUES = {"pickup": "pickup_due", "response": "response_due", "solution": "solution_due"}
"""Kind of promise → the column of its deadline."""
PAUSED_BY = ("state", "waiting_for", "approval")
"""The columns that stop the clock."""


class Tales(State):
    """What was read of ledgers in a unit of work: ticket → the newest entry, and what it told."""

    def __init__(self) -> None:
        self.told: dict[int, tuple[int, Sequence[Told]]] = {}

    def of(self, entry: Entry) -> Sequence[Told]:
        """Give what the ledger tells of an entry's ticket, the entry included."""
        number, told = self.told.get(entry.ticket, (0, ()))
        if number != entry.number:
            told = tales(entry.work.spine, [entry.ticket])[entry.ticket]
            self.told[entry.ticket] = (entry.number, told)
        return told


def follow(entry: Entry) -> Derived:
    """Give a ticket's pick-up, answers, deadlines and rank where this entry may change them."""
    kept = entry.kept
    picks = kept["picked_at"] is None and is_pick_up(
        entry.event, entry.actor, entry.values["assignee"], entry.changes
    )
    answers = _answers(entry)
    talks = answers != (kept["responded_at"], kept["unanswered_at"])
    moves = entry.opening or picks or talks or entry.undone or entry.touched & CLOCKED
    if not (moves or unites(entry)):
        return {}
    work = entry.work
    known = Past(kept["picked_at"] or (work.at if picks else None), *answers)
    paused = is_paused(*(entry.values[name] for name in PAUSED_BY))
    anew = entry.undone or unites(entry)
    if (anew or not paused) and not entry.fresh:
        told = past(work.state(Tales).of(entry), work.at)
        known = told if anew else told._replace(picked_at=known.picked_at)
    stays = paused and not entry.opening and not anew
    promises = None if stays else promises_of(work, entry.values, entry.opened_at)
    otherwise = bool(entry.touched & OTHERWISE)
    opened = Opened(entry.values, entry.opened_at, paused, work.at, otherwise)
    return derived(promises, opened, known, kept)


def _answers(entry: Entry) -> tuple[datetime | None, datetime | None]:
    """Give the first response and the first unanswered message as an entry leaves them."""
    responded, unanswered = entry.kept["responded_at"], entry.kept["unanswered_at"]
    if entry.opening:
        live = entry.values["channel"] in LIVE and entry.actor not in PROCESSES
        return (entry.opened_at if live else None), None
    one = as_told(entry)
    return talk(one, entry.values["state"], responded, unanswered)


def as_told(entry: Entry) -> Told:
    """Give an entry just written as the ledger would tell it."""
    return Told(
        entry.work.at,
        entry.actor,
        entry.event,
        entry.work.id,
        entry.changes,  # type: ignore[arg-type]  # of what is looked at the values are texts
        public=entry.public,
        words=not is_blank(entry.text),
    )


def unites(entry: Entry) -> bool:
    """Tell whether another ticket was merged into this one: the earlier of both counts."""
    return entry.event == Event.MERGED and "from" in entry.data


def promises_of(work: Work, values: Values, opened_at: datetime) -> "Promises":
    """Give what is promised of a ticket with these columns."""
    from deskterm.storage.targets import wanted

    return work.once(desk_targets).of(wanted(values, opened_at))


def desk_targets(database: Database) -> "Targets":
    """Give what the desk promises, whose calendars and offers are read where they are asked for."""
    from deskterm.storage.targets import Targets

    return Targets(database)


def past_of(database: Database, numbers: Sequence[int], now: datetime) -> dict[int, Past]:
    """Read the clocks' past of tickets from their ledger; a pause that still lasts ends now."""
    found = tales(database, numbers)
    return {number: past(entries, now) for number, entries in found.items()}


def tales(database: Database, numbers: Sequence[int]) -> dict[int, Sequence[Told]]:
    """Read what happened on tickets, what was said on those merged into them included."""
    told = _told(database, numbers)
    merged = {
        one.others: (number, one.at)
        for number, entries in told.items()
        for one in entries
        if one.others is not None
    }
    if not merged:
        return told  # type: ignore[return-value]  # lists are sequences
    for other, entries in _told(database, list(merged)).items():
        number, until = merged[other]
        said = [_only_said(one) for one in entries if one.at <= until and one.event != Event.OPENED]
        whole = [*told[number], *said]
        told[number] = [whole[0], *sorted(whole[1:], key=lambda one: one.at)]
    return told  # type: ignore[return-value]


def _only_said(one: Told) -> Told:
    """Give an entry of a merged ticket: its talk and its owner count, its state does not."""
    changes = {key: one.changes[key] for key in ("assignee",) if key in one.changes}
    quiet = one.event if one.event in (Event.REPLIED, Event.RECEIVED) or changes else Event.NOTED
    return one._replace(changes=changes, event=quiet)


def _told(database: Database, numbers: Sequence[int]) -> dict[int, list[Told]]:
    rows = database.all(
        "SELECT l.subject_id, l.at, l.actor, l.event, l.operation_id, l.changes, l.public, "  # noqa: S608 - constants
        "(l.text <> '') AS words, CASE WHEN l.event = 'merged' THEN l.data END AS data, "
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
                moment(row["written"]) if row["actor"] == IMPORT else None,
                bool(row["public"]),
                bool(row["words"]),
                json.loads(row["data"]).get("from") if row["data"] else None,
            )
        )
    return told


def refresh(database: Database, now: datetime, numbers: Sequence[int] | None = None) -> int:
    """Work out the derived columns of open tickets anew, all or those named; gives how many.

    For what changes them from outside: the calendar, the targets, an import. What is kept or
    broken already stays so (semantics §4).
    """
    targets = desk_targets(database)
    if numbers is None:
        rows = database.all("SELECT id FROM ticket WHERE is_open = TRUE ORDER BY id")
        numbers = [row["id"] for row in rows]
    for start in range(0, len(numbers), _CHUNK):
        chunk = numbers[start : start + _CHUNK]
        told = past_of(database, chunk, now)
        rows = database.all(
            "SELECT id, state, urgent, waiting_for, waiting_until, approval, opened_at, closed_at, "  # noqa: S608 - constants
            f"service_id, requester_id, needs, people, burst, {', '.join(KEPT)} FROM ticket "
            "WHERE id IN :ids",
            ids=chunk,
        )
        targets.meet(row["requester_id"] for row in rows)
        database.many(
            "UPDATE ticket SET picked_at = :picked_at, responded_at = :responded_at, "
            "unanswered_at = :unanswered_at, due_at = :due_at, rank_at = :rank_at, pickup_due = "
            ":pickup_due, response_due = :response_due, solution_due = :solution_due, "
            "impact = :impact, line = :line WHERE id = :id",
            [_refreshed(targets, row, told[row["id"]], now) for row in rows],
        )
    return len(numbers)


def _refreshed(targets: "Targets", row: Row, told: Past, now: datetime) -> Values:
    from deskterm.storage.targets import wanted

    names = (
        *("state", "urgent", "waiting_for", "waiting_until", "approval", "closed_at"),
        *("service_id", "requester_id", "needs"),
    )
    ticket = {name: read(name, row[name]) for name in names}
    kept = {name: read(name, row[name]) for name in KEPT}
    paused = is_paused(*(ticket[name] for name in PAUSED_BY))
    known = told._replace(picked_at=kept["picked_at"] or told.picked_at)
    opened = Opened(ticket, moment(row["opened_at"]), paused, now)
    promises = targets.of(wanted(ticket, opened.at))
    found = {**kept, **derived(promises, opened, known, kept)}
    people = max(row["people"] or 0, row["burst"])
    place = line(ticket["state"], ticket["urgent"], people, ticket["approval"])
    return {"id": row["id"], **found, "impact": people, "line": place}


class Opened(NamedTuple):
    """A ticket as far as its clocks care."""

    values: Values
    at: datetime
    paused: bool
    now: datetime
    otherwise: bool = False
    """Something else is promised now: what runs is counted from the opening again."""


def derived(
    promises: "Promises | None", ticket: Opened, known: Past, kept: Mapping[str, datetime | None]
) -> Derived:
    """Give the derived columns; `promises` is None where the deadlines stay as they are kept.

    A pause that lasts has earned nothing yet. A deadline that has passed while its clock ran, and
    that of a pick-up that is made, is history: it stays whatever becomes of hours and targets.
    """
    found: dict[str, datetime | int | str | None] = {
        "picked_at": known.picked_at,
        "responded_at": known.responded_at,
        "unanswered_at": known.unanswered_at,
    }
    due = None
    if promises is not None:
        from deskterm.calendars.promise import dues

        past_ones = known.pauses[:-1] if ticket.paused else known.pauses
        ended = known._replace(pauses=past_ones)
        each = dues(promises, ticket.values["urgent"], known.start(ticket.at), ended)
        running = []
        for kind, column in DUES.items():
            stood = kept.get(column)
            if stood is not None and _stays(kind, stood, ticket, known, kept):
                each[kind] = stood
            found[column] = each.get(kind)
            if kind in each and not _ended(kind, known):
                running.append(each[kind])
        due = None if ticket.paused else min(running, default=None)
    values = ticket.values
    found["due_at"] = due
    found["rank_at"] = rank_at(values["state"], values["waiting_until"], due, values["closed_at"])
    return found


def _ended(kind: str, known: Past) -> bool:
    """Tell whether a promise is kept or missed for good, as far as a ticket is open."""
    if kind == "pickup":
        return known.picked_at is not None
    answered = known.responded_at is not None and known.unanswered_at is None
    return kind == "response" and answered


def _stays(
    kind: str,
    stood: datetime,
    ticket: Opened,
    known: Past,
    kept: Mapping[str, datetime | None],
) -> bool:
    """Tell whether a deadline is history."""
    if kind == "response" and known.unanswered_at != kept.get("unanswered_at"):
        return known.unanswered_at is None
    return _ended(kind, known) or _is_broken(stood, ticket, known)


def _is_broken(due: datetime, ticket: Opened, known: Past) -> bool:
    """Tell whether a deadline passed while its clock ran; a pause may have just ended."""
    last = known.pauses[-1] if known.pauses else None
    until = last.start if last is not None and last.end >= ticket.now else ticket.now
    return due <= until and not ticket.otherwise
