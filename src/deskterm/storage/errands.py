"""What is to be asked of outside trackers: queued, claimed, answered, put back and given up.

As with letters, each change names who may do it. An errand waits until those about the same problem
that were written before it are through, so that nothing is said of what was never opened.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.domain.errors import NotFoundError
from deskterm.domain.trackers import ErrandRow, Kind
from deskterm.storage.driver import Database, Row, as_row
from deskterm.storage.outbox import DUE, Times
from deskterm.storage.work import Work

WAITING, FAILED = ("queued", "claimed"), ("failed",)
EVERY = (*FAILED, *WAITING, "sent", "withdrawn")
_COLUMNS = (
    "id, operation_id, problem_id, tracker, kind, words, anyway, request, created_at, attempts"
)
_BEFORE = """NOT EXISTS (SELECT 1 FROM errand b WHERE b.problem_id = errand.problem_id
AND b.tracker = errand.tracker AND b.id < errand.id AND b.kind <> 'read'
AND (b.state IN ('queued', 'claimed') OR (b.state = 'failed' AND b.kind = 'open')))"""
_SHOWN = "(e.kind <> 'read' OR e.error <> '')"
"""Reading goes on for ever; it is no news while all is well."""


class Errand(NamedTuple):
    """An errand as it is stored, with all that its request is made from."""

    id: int
    operation_id: str
    problem_id: int
    tracker: str
    kind: str
    words: str
    anyway: bool
    request: str
    created_at: datetime
    attempts: int


class New(NamedTuple):
    """An errand to be written."""

    problem: int
    tracker: str
    kind: Kind
    not_before: datetime
    words: str = ""
    anyway: bool = False


def queue(work: Work, new: New) -> int:
    """Write an errand of this operation; gives its number."""
    return work.spine.add(
        "errand",
        operation_id=work.id,
        problem_id=new.problem,
        tracker=new.tracker,
        kind=str(new.kind),
        words=new.words,
        anyway=new.anyway,
        request="",
        state="queued",
        created_at=work.at,
        not_before=new.not_before,
        attempts=0,
        error="",
    )


class Wanted(NamedTuple):
    """Which errands are claimed."""

    names: Sequence[str]
    """The trackers that can be asked here, now."""
    seen: Collection[int]
    """Those that were claimed already in this run."""
    problem: int | None = None


def claim(
    database: Database, wanted: Wanted, times: Times, holder: str, until: datetime
) -> Errand | None:
    """Hand the next errand that is due to a holder, in the caller's transaction.

    Those that were never tried come first; one that somebody else has is left alone.
    """
    skip = " FOR UPDATE SKIP LOCKED" if database.dialect == "postgresql" else ""
    row = database.one(
        f"SELECT {_COLUMNS} FROM errand WHERE tracker IN :names AND id NOT IN :seen "  # noqa: S608 - constants
        f"AND (CAST(:problem AS INTEGER) IS NULL OR problem_id = :problem) AND {DUE} AND {_BEFORE} "
        f"ORDER BY CASE WHEN attempts = 0 THEN 0 ELSE 1 END, id LIMIT 1{skip}",
        **wanted._asdict(),
        **times._asdict(),
    )
    if row is None:
        return None
    database.run(
        "UPDATE errand SET state = 'claimed', holder = :holder, held_until = :until, "
        "attempts = attempts + 1 WHERE id = :id",
        holder=holder,
        until=until,
        id=row["id"],
    )
    found = as_row(Errand, row)
    return found._replace(attempts=found.attempts + 1)


def freeze(database: Database, number: int, request: str) -> None:
    """Keep the line that is sent, now and at every further try."""
    database.run("UPDATE errand SET request = :request WHERE id = :id", request=request, id=number)


def settle(database: Database, number: int, holder: str, at: datetime) -> bool:
    """Note that a holder's errand was answered; False where it is no longer the holder's."""
    return _mine(
        database,
        "state = 'sent', sent_at = :at, error = '', holder = NULL, held_until = NULL",
        number,
        holder,
        at=at,
    )


def again(database: Database, number: int, holder: str, at: datetime) -> bool:
    """Queue a holder's errand anew, as one that was never tried; False where it is not theirs."""
    return _mine(
        database,
        "state = 'queued', not_before = :at, attempts = 0, error = '', request = '', "
        "holder = NULL, held_until = NULL",
        number,
        holder,
        at=at,
    )


def put_back(database: Database, number: int, holder: str, at: datetime, why: str) -> bool:
    """Queue a holder's errand for a later try; False where it is not theirs."""
    return _mine(
        database,
        "state = 'queued', not_before = :at, error = :why, holder = NULL, held_until = NULL",
        number,
        holder,
        at=at,
        why=why,
    )


def fail(database: Database, number: int, holder: str, why: str) -> bool:
    """Give a holder's errand up; False where it is not theirs."""
    return _mine(
        database,
        "state = 'failed', error = :why, holder = NULL, held_until = NULL",
        number,
        holder,
        why=why,
    )


def _mine(database: Database, sets: str, number: int, holder: str, **given: object) -> bool:
    changed = database.run(
        f"UPDATE errand SET {sets} WHERE id = :id AND state = 'claimed' AND holder = :me",  # noqa: S608 - constants
        id=number,
        me=holder,
        **given,
    )
    return changed > 0


def begin_again(database: Database, number: int, at: datetime) -> None:
    """Let an errand's tries count from now on, and its words be made anew."""
    database.run(
        "UPDATE errand SET attempts = 0, created_at = :at, request = CASE WHEN attempts = 0 "
        "OR kind = 'read' THEN '' ELSE request END WHERE id = :id",
        at=at,
        id=number,
    )


def waits(database: Database, problem: int, tracker: str, kind: Kind) -> int | None:
    """Give the errand of a kind about a problem that was not claimed yet; None: there is none."""
    row = database.one(
        "SELECT id FROM errand WHERE problem_id = :problem AND tracker = :tracker "
        "AND kind = :kind AND state = 'queued' ORDER BY id DESC LIMIT 1",
        problem=problem,
        tracker=tracker,
        kind=str(kind),
    )
    return row["id"] if row else None


def unfinished(database: Database, problem: int, tracker: str) -> list[int]:
    """Give the errands about a problem in a tracker that wait or failed."""
    rows = database.all(
        "SELECT id FROM errand WHERE problem_id = :problem AND tracker = :tracker "
        "AND state IN ('queued', 'failed') ORDER BY id",
        problem=problem,
        tracker=tracker,
    )
    return [row["id"] for row in rows]


def about(database: Database, problem: int, tracker: str) -> list[int]:
    """Give every errand about a problem in a tracker, those that are done too."""
    rows = database.all(
        "SELECT id FROM errand WHERE problem_id = :problem AND tracker = :tracker ORDER BY id",
        problem=problem,
        tracker=tracker,
    )
    return [row["id"] for row in rows]


def of_now(database: Database, errand: Errand) -> Errand:
    """Give a claimed errand with the problem it is about now: its own may have been merged."""
    row = database.returned("SELECT problem_id FROM errand WHERE id = :id", id=errand.id)
    return errand._replace(problem_id=row["problem_id"])


def of_operation(database: Database, operation: str) -> tuple[list[int], list[str]]:
    """Give an operation's errands that wait, and what the others asked: `github (open P7)`."""
    rows = database.all(
        "SELECT id, state, tracker, kind, problem_id FROM errand WHERE operation_id = :id "
        "AND kind <> 'read' AND state IN ('queued', 'claimed', 'sent') ORDER BY id",
        id=operation,
    )
    left = [
        f"{row['tracker']} ({row['kind']} P{row['problem_id']})"
        for row in rows
        if row["state"] != "queued"
    ]
    return [row["id"] for row in rows if row["state"] == "queued"], left


def operations(database: Database, problem: int, tracker: str) -> set[str]:
    """Give the operations whose comments a tracker has from the desk."""
    rows = database.all(
        "SELECT operation_id FROM errand WHERE problem_id = :problem AND tracker = :tracker "
        "AND kind = 'comment'",
        problem=problem,
        tracker=tracker,
    )
    return {row["operation_id"] for row in rows}


def last_request(database: Database, problem: int, tracker: str) -> str:
    """Give the last line with the words of a problem that a tracker took; empty: none."""
    row = database.one(
        "SELECT request FROM errand WHERE problem_id = :problem AND tracker = :tracker "
        "AND kind IN ('open', 'update') AND state = 'sent' ORDER BY id DESC LIMIT 1",
        problem=problem,
        tracker=tracker,
    )
    return str(row["request"]) if row else ""


_ROWS = """SELECT e.id, e.problem_id, p.title, e.tracker, e.kind, e.state, e.created_at,
e.not_before, e.attempts, e.error, e.sent_at FROM errand e JOIN problem p ON p.id = e.problem_id"""
_ORDER = (
    "ORDER BY CASE e.state WHEN 'failed' THEN 0 WHEN 'claimed' THEN 1 WHEN 'queued' THEN 2 "
    "ELSE 3 END, e.id DESC"
)


def rows(
    database: Database, states: Sequence[str], problem: int | None = None, limit: int = 200
) -> list[ErrandRow]:
    """Give errands, failed ones first, then the newest; of one problem where named."""
    found = database.all(
        f"{_ROWS} WHERE e.state IN :states AND {_SHOWN} "
        f"AND (CAST(:problem AS INTEGER) IS NULL OR e.problem_id = :problem) {_ORDER} LIMIT :most",
        states=states,
        problem=problem,
        most=limit,
    )
    return [as_row(ErrandRow, row) for row in found]


def by_id(database: Database, numbers: Sequence[int]) -> tuple[ErrandRow, ...]:
    """Give errands in the order of their numbers; raises NotFoundError naming a missing one."""
    found = database.all(f"{_ROWS} WHERE e.id IN :ids ORDER BY e.id", ids=numbers)
    missing = sorted(set(numbers) - {row["id"] for row in found})
    if missing:
        raise NotFoundError(f"there is no errand {missing[0]}; see `deskterm tracker queue --all`.")
    return tuple(as_row(ErrandRow, row) for row in found)


def request_of(database: Database, number: int) -> Row | None:
    """Give an errand's request and words; None where there is none."""
    return database.one("SELECT request, words FROM errand WHERE id = :id", id=number)


def standing(database: Database) -> tuple[int, int, str]:
    """Give (how many wait, how many failed, why the newest did or is tried again)."""
    found = database.all(
        "SELECT e.state, count(*) AS n, max(e.id) AS newest FROM errand e "  # noqa: S608 - constants
        f"WHERE e.state IN ('queued', 'claimed', 'failed') AND {_SHOWN} GROUP BY e.state"
    )
    counts = {row["state"]: (int(row["n"]), row["newest"]) for row in found}
    failed, newest = counts.get("failed", counts.get("queued", (0, 0)))
    row = database.one("SELECT error FROM errand WHERE id = :id", id=newest) if failed else None
    waiting = sum(counts.get(state, (0, 0))[0] for state in WAITING)
    return waiting, counts.get("failed", (0, 0))[0], str(row["error"]) if row else ""
