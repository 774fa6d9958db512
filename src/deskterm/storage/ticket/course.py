"""How each closed ticket went, kept beside it for the figures; follows from its ledger.

Whatever is written on a ticket that was closed lets its row follow before the commit: undo, merge,
reopening and import go the same way. Rows that are still missing (a desk that is older than the
table) are named in `course_due`; the jobs make them, and begin where they left off.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deskterm.domain.vocabulary import PROCESSES
from deskterm.storage.driver import Database, Row, json_text, moment
from deskterm.storage.phrases import NOT_UNDONE
from deskterm.storage.ticket.entry import Derived, Entry
from deskterm.storage.work import State, Work

if TYPE_CHECKING:
    from deskterm.reports.course import Course
    from deskterm.reports.course import Entry as Happened

_CHUNK = 500
_OBJECTS = ("changes", "data")
_COUNTED = (
    "t.first_closed_at IS NOT NULL AND t.foreign_id IS NULL "
    "AND t.state NOT IN ('merged', 'cancelled') "
    "AND COALESCE(t.outcome, 'solved') NOT IN ('spam', 'duplicate')"
)
"""Left out: merged, cancelled and imported tickets, spam and duplicates."""
_TICKETS = (
    "SELECT t.id, t.subject, t.body, t.opened_at, t.first_closed_at, t.category_id "  # noqa: S608 - constants
    f"FROM ticket t WHERE t.id IN :ids AND {_COUNTED} ORDER BY t.id"
)
_ENTRIES = (
    "SELECT l.subject_id, l.at, l.event, l.actor, l.public, l.changes, l.data "  # noqa: S608 - constants
    "FROM ledger l JOIN operation o ON o.id = l.operation_id "
    "WHERE l.kind = 'ticket' AND l.subject_id IN :ids AND o.undoes IS NULL "
    f"AND {NOT_UNDONE} ORDER BY l.subject_id, l.at, l.id"
)
_KEEP = (
    "INSERT INTO course (ticket_id, closed_at, category_id, steps, seconds, reasons, mistakes, "
    "whys) VALUES (:ticket_id, :closed_at, :category_id, :steps, :seconds, :reasons, :mistakes, "
    ":whys) ON CONFLICT (ticket_id) DO UPDATE SET closed_at = excluded.closed_at, "
    "category_id = excluded.category_id, steps = excluded.steps, seconds = excluded.seconds, "
    "reasons = excluded.reasons, mistakes = excluded.mistakes, whys = excluded.whys"
)


class Closed(State):
    """The closed tickets that a unit of work has written on."""

    def __init__(self) -> None:
        self.tickets: set[int] = set()

    def finish(self, work: Work) -> None:
        """Let their courses follow."""
        refresh(work.spine, self.tickets)


def follow(entry: Entry) -> Derived:
    """Note a ticket that is, or was until now, one that was closed."""
    if entry.values.get("first_closed_at") is not None or "first_closed_at" in entry.touched:
        entry.work.state(Closed).tickets.add(entry.ticket)
    return {}


def refresh(database: Database, numbers: Collection[int] | None = None) -> None:
    """Keep the courses of tickets anew (None: of all that were closed), in this transaction."""
    wanted = _all_closed(database) if numbers is None else sorted(numbers)
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        rows = list(judged(database, chunk))
        if rows:
            database.many(_KEEP, rows)
        left = set(chunk) - {row["ticket_id"] for row in rows}
        if left:
            database.run("DELETE FROM course WHERE ticket_id IN :ids", ids=sorted(left))


def judged(database: Database, numbers: Sequence[int]) -> Iterator[Mapping[str, object]]:
    """Work out the courses of those tickets that count, from the ledger: a row each, by number."""
    from deskterm.reports.judged import judge

    tickets = database.all(_TICKETS, ids=numbers)
    entries = _entries(database, [row["id"] for row in tickets]) if tickets else {}
    for row in tickets:
        found = judge(_course(row, entries.get(row["id"], ())))
        yield {
            "ticket_id": row["id"],
            "closed_at": moment(row["first_closed_at"]),
            "category_id": row["category_id"],
            "steps": found.steps,
            "seconds": json.dumps(found.seconds, separators=(",", ":")),
            "reasons": json_text(found.reasons) if found.reasons else "",
            "mistakes": "".join(map(str, found.mistakes)),
            "whys": json_text(found.mistakes) if found.mistakes else "",
        }


def _course(row: Row, entries: "Sequence[Happened]") -> "Course":
    from deskterm.reports.course import Course

    opened = moment(row["opened_at"])
    return Course(row["id"], row["subject"], row["body"], opened, tuple(entries))


def _entries(database: Database, numbers: Sequence[int]) -> "Mapping[int, list[Happened]]":
    """Read what happened on tickets; what was undone did not happen."""
    from deskterm.reports.course import Entry as Happened

    rows = database.all(_ENTRIES, ids=numbers)
    found: dict[int, list[Happened]] = {}
    for row, changes, data in zip(rows, *(_json(rows, one) for one in _OBJECTS), strict=True):
        ours = row["actor"] not in PROCESSES
        one = Happened(moment(row["at"]), row["event"], ours, bool(row["public"]), changes, data)
        found.setdefault(row["subject_id"], []).append(one)
    return found


def _json(rows: Sequence[Row], column: str) -> Sequence[Any]:
    """Read a column of JSON in one go: one by one takes twice as long."""
    return json.loads(f"[{','.join(row[column] for row in rows)}]")  # type: ignore[no-any-return]  # an array


def _all_closed(database: Database) -> list[int]:
    rows = database.all(
        "SELECT id FROM ticket WHERE first_closed_at IS NOT NULL "
        "UNION SELECT ticket_id FROM course ORDER BY 1"
    )
    return [row["id"] for row in rows]


def missing(database: Database) -> int:
    """Give how many closed tickets have no course yet."""
    return int(database.returned("SELECT count(*) AS n FROM course_due")["n"])


def fill(database: Database, most: int) -> int:
    """Make the newest missing courses, a transaction of its own; gives how many were looked at.

    On PostgreSQL a ticket that somebody has in hand is passed over until the next time.
    """
    lock = " FOR UPDATE SKIP LOCKED" if database.dialect == "postgresql" else ""
    database.begin()
    try:
        rows = database.all(
            "SELECT id FROM ticket WHERE id IN (SELECT ticket_id FROM course_due "  # noqa: S608 - constants
            f"ORDER BY ticket_id DESC LIMIT :most) ORDER BY id{lock}",
            most=most,
        )
        numbers = [row["id"] for row in rows]
        refresh(database, numbers)
        database.run("DELETE FROM course_due WHERE ticket_id IN :ids", ids=numbers)
        database.commit()
    except BaseException:
        database.rollback()
        raise
    return len(numbers)
