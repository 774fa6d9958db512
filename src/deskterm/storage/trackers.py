"""Problems in outside trackers, in plain SQL: what hangs on a problem, and what was read of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain.problems import LIVE
from deskterm.domain.trackers import Tracked
from deskterm.storage.driver import Database, as_row, moment

if TYPE_CHECKING:
    from deskterm.storage.work import Work

_ONE = "FROM tracked WHERE problem_id = :id AND tracker = :tracker"
_COLUMNS = "problem_id, tracker, ref, url, state, fixed_in, read_at"


def tracked(database: Database, problems: Sequence[int]) -> list[Tracked]:
    """Give where problems are tracked, by problem and name."""
    rows = database.all(
        f"SELECT {_COLUMNS} FROM tracked WHERE problem_id IN :ids ORDER BY problem_id, tracker",  # noqa: S608 - constants
        ids=problems,
    )
    return [as_row(Tracked, row) for row in rows]


def one(database: Database, problem: int, tracker: str) -> Tracked | None:
    """Give how a problem stands in one tracker; None: it is not there."""
    row = database.one(f"SELECT {_COLUMNS} {_ONE}", id=problem, tracker=tracker)
    return as_row(Tracked, row) if row else None


class Told(NamedTuple):
    """What a tracker has of a problem, or will have when its errands are done."""

    words: str
    """Their hash."""
    state: str
    version: int


def told(database: Database, problem: int, tracker: str) -> Told:
    """Give what a tracker has of a problem that is there."""
    row = database.returned(
        f"SELECT told, told_state, told_version {_ONE}",
        id=problem,
        tracker=tracker,
    )
    return Told(row["told"], row["told_state"], row["told_version"])


def tell(database: Database, problem: int, tracker: str, told: Told) -> None:
    """Note what a tracker has of a problem."""
    database.run(
        "UPDATE tracked SET told = :words, told_state = :state, told_version = :version "
        "WHERE problem_id = :id AND tracker = :tracker",
        **told._asdict(),
        id=problem,
        tracker=tracker,
    )


def was_read(database: Database, problem: int, tracker: str, at: datetime) -> None:
    """Note when a tracker last answered about a problem."""
    database.run(
        "UPDATE tracked SET read_at = :at WHERE problem_id = :id AND tracker = :tracker",
        at=at,
        id=problem,
        tracker=tracker,
    )


def changed(database: Database, names: Sequence[str]) -> list[tuple[int, str, int]]:
    """Give (problem, tracker, version) of those that changed since these trackers were told."""
    rows = database.all(
        "SELECT t.problem_id, t.tracker, p.version FROM tracked t "
        "JOIN problem p ON p.id = t.problem_id "
        "WHERE t.ref <> '' AND t.tracker IN :names AND p.version <> t.told_version "
        "ORDER BY t.problem_id",
        names=names,
    )
    return [(row["problem_id"], row["tracker"], row["version"]) for row in rows]


def names(database: Database) -> dict[str, int]:
    """Give how many problems each tracker has."""
    rows = database.all("SELECT tracker, count(*) AS n FROM tracked GROUP BY tracker")
    return {row["tracker"]: int(row["n"]) for row in rows}


def is_live(database: Database, problem: int) -> bool:
    """Tell whether a problem has not ended."""
    row = database.one("SELECT state FROM problem WHERE id = :id", id=problem)
    return row is not None and row["state"] in LIVE


def known_comments(database: Database, problem: int, tracker: str) -> set[str]:
    """Give the ids of the comments that stand on the problem already."""
    rows = database.all(
        "SELECT foreign_id FROM tracked_comment WHERE problem_id = :id AND tracker = :tracker",
        id=problem,
        tracker=tracker,
    )
    return {row["foreign_id"] for row in rows}


def keep_comment(work: "Work", problem: int, tracker: str, foreign_id: str, entry: int) -> None:
    """Remember that a comment stands on the problem as this entry."""
    work.spine.run(
        "INSERT INTO tracked_comment (problem_id, tracker, foreign_id, entry_id) "
        "VALUES (:id, :tracker, :foreign_id, :entry) ON CONFLICT DO NOTHING",
        id=problem,
        tracker=tracker,
        foreign_id=foreign_id,
        entry=entry,
    )


def comments_follow(work: "Work", problem: int, into: int, tracker: str) -> None:
    """Let what came back about a problem be known of another, so that it is not news there."""
    work.spine.run(
        "INSERT INTO tracked_comment (problem_id, tracker, foreign_id, entry_id) "
        "SELECT :into, tracker, foreign_id, entry_id FROM tracked_comment "
        "WHERE problem_id = :id AND tracker = :tracker ON CONFLICT DO NOTHING",
        id=problem,
        into=into,
        tracker=tracker,
    )


def comments(database: Database, problem: int, most: int = 50) -> list[tuple[datetime, str]]:
    """Give (when, words) of what came back about a problem, the newest first."""
    rows = database.all(
        "SELECT l.at, l.text FROM tracked_comment c JOIN ledger l ON l.id = c.entry_id "
        "WHERE c.problem_id = :id ORDER BY l.id DESC LIMIT :most",
        id=problem,
        most=most,
    )
    return [(moment(row["at"]), row["text"]) for row in rows]
