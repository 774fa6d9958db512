"""Operations in the ledger: which of one's own can be taken back, and which are at present.

An operation that undoes another names it in `undoes`; that may be undone in its turn. Such a chain
has one end, its tip, and the table `taken_back` keeps which of its members do not hold now.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.storage.driver import Database, Row
from deskterm.storage.subjects import called
from deskterm.storage.work import RepeatedError, Work

UNDO, REDO = "undo", "redo"
_LOOKED_AT = 50
"""So many of one's own operations are looked at, the newest first."""


_GONE = " OR o.id = ANY(ARRAY(SELECT g.operation_id FROM deskterm_out_of_sight(NULL) g))"
"""Nothing of it is seen any more: it is named, and not taken back."""


class Standing(NamedTuple):
    """An operation where its chain stands now."""

    root: str
    """What was done in the first place."""
    tip: str
    """The last of its chain: the one that an undo or redo takes back."""
    undone: bool
    """Whether the chain's tip is an undo, so that what was done does not hold."""


_NEWEST = {"sqlite": "o.rowid", "postgresql": "o.at"}
"""What an index of somebody's operations is ordered by; on SQLite it is when they were written."""


def own(database: Database, login: str, *, undone: bool) -> list[str]:
    """Give somebody's operations that an undo (or a redo: `undone`) may take back, newest first.

    `+` keeps the database from walking the ledger backwards until it meets the operation, LIMIT
    from reading the whole ledger to have it at hand.
    """
    gone = "" if database.dialect == "sqlite" else _GONE
    rows = database.all(
        "SELECT id FROM (SELECT o.id, o.at FROM operation o WHERE o.actor = :login "  # noqa: S608 - constants
        f"AND o.kind {'LIKE' if undone else 'NOT LIKE'} 'undo %' "
        "AND NOT EXISTS (SELECT 1 FROM operation u WHERE u.undoes = o.id) "
        "AND ((SELECT 1 FROM ledger l WHERE l.operation_id = o.id LIMIT 1) IS NOT NULL"
        f"{gone}) "
        f"ORDER BY {_NEWEST[database.dialect]} DESC LIMIT :most) newest "
        "ORDER BY at DESC, (SELECT max(+l.id) FROM ledger l WHERE l.operation_id = newest.id) DESC",
        login=login,
        most=_LOOKED_AT,
    )
    return [str(row["id"]) for row in rows]


def standing(database: Database, operation: str) -> Standing:
    """Give where an operation's chain stands; raises NotFoundError."""
    tip, root = operation, operation
    while (row := database.one("SELECT id FROM operation WHERE undoes = :id", id=tip)) is not None:
        tip = row["id"]
    while (row := _operation(database, root))["undoes"] is not None:
        root = row["undoes"]
    return Standing(root, tip, str(_operation(database, tip)["kind"]).startswith(f"{UNDO} "))


def entries(database: Database, operation: str) -> Sequence[Row]:
    """Give the operation's ledger entries, last first; raises NotFoundError."""
    rows = database.all(
        "SELECT id, kind, subject_id, event, text, changes FROM ledger "
        "WHERE operation_id = :id ORDER BY id DESC",
        id=operation,
    )
    if not rows:
        raise NotFoundError(f"there is no operation {operation!r}; see `deskterm log`.")
    return rows


def is_done(database: Database, operation: str | None) -> bool:
    """Tell whether an operation of that id was done before."""
    row = database.one("SELECT id FROM operation WHERE id = :id", id=operation)
    return row is not None


def claim_back(work: Work, target: str, verb: str) -> None:
    """Claim the undo or redo of an operation; raises RefusedError where it was taken back before.

    From then on its chain counts in the other way.
    """
    kind = str(_operation(work.spine, target)["kind"])
    for word in (UNDO, REDO):
        kind = kind.removeprefix(f"{word} ")
    try:
        work.claim(f"{verb} {kind}", undoes=target)
    except RepeatedError:
        if is_done(work.spine, work.id):
            raise
        raise RefusedError(f"it was {verb}ne before.") from None
    member: str | None = target
    taken = True
    while member is not None:
        text = (
            "INSERT INTO taken_back (operation_id) VALUES (:id) ON CONFLICT DO NOTHING"
            if taken
            else "DELETE FROM taken_back WHERE operation_id = :id"
        )
        work.spine.run(text, id=member)
        member, taken = _operation(work.spine, member)["undoes"], not taken


def changed_by(database: Database, subject: tuple[str, int], entry: int, key: str) -> str:
    """Give who changed a key of a subject after a ledger entry."""
    rows = database.all(
        "SELECT actor, changes FROM ledger WHERE kind = :kind AND subject_id = :number "
        "AND id > :entry ORDER BY id DESC",
        kind=subject[0],
        number=subject[1],
        entry=entry,
    )
    return next((row["actor"] for row in rows if key in json.loads(row["changes"])), "somebody")


def letters_of(database: Database, operation: str) -> tuple[list[int], list[str]]:
    """Give an operation's letters that still wait, and to whom others had left."""
    rows = database.all(
        "SELECT id, state, recipient FROM outbox WHERE operation_id = :id "
        "AND state IN ('queued', 'claimed', 'sent') ORDER BY recipient",
        id=operation,
    )
    left = dict.fromkeys(row["recipient"] for row in rows if row["state"] != "queued")
    return [row["id"] for row in rows if row["state"] == "queued"], list(left)


def letters_told(database: Database, operation: str) -> set[int]:
    """Give the tickets of which an operation's letters that have left tell."""
    rows = database.all(
        "SELECT ticket_id, data FROM outbox WHERE operation_id = :id "
        "AND state IN ('claimed', 'sent')",
        id=operation,
    )
    named = {int(one) for row in rows for one in json.loads(row["data"]).get("tickets", ())}
    return named | {row["ticket_id"] for row in rows if row["ticket_id"]}


def words_of(database: Database, operation: str, gone: Sequence[int] = ()) -> str:
    """Give what an operation did, in words: `take #1041`, `set group printing`.

    `gone` has its tickets that are not seen any more.
    """
    kind = str(_operation(database, operation)["kind"]).removeprefix(f"{UNDO} ")
    named: dict[str, dict[str, None]] = {}
    if gone:
        named["ticket"] = {f"#{number}": None for number in gone}
    for row in reversed(() if gone else entries(database, operation)):
        names = named.setdefault(row["kind"], {})
        name = called(row["kind"], row["subject_id"], row["text"], json.loads(row["changes"]))
        short = name.removeprefix(f"{row['kind']} ") if row["kind"] in kind else name
        names[short] = None
    kinds = ("ticket",) if "ticket" in named else tuple(named)
    said = [_several(one, list(named[one])) for one in kinds]
    return f"{kind} {', '.join(said)}"


def _several(kind: str, names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 2 else f"{len(names)} {kind}s"


def _operation(database: Database, operation: str) -> Row:
    row = database.one("SELECT kind, undoes FROM operation WHERE id = :id", id=operation)
    if row is None:
        raise NotFoundError(f"there is no operation {operation!r}; see `deskterm log`.")
    return row
