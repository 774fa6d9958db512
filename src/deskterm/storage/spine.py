"""The spine's writes: tickets held by a unit of work, and every change kept as before → after.

A `Hold` is one locked ticket. Whatever it changes, a column or a row that hangs on the ticket, is
named by a key (`state`, `step.greet`, `field.os`, `watcher.7`, `link.related.12`, `entry.99`), so
that undo needs one rule for all of them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from deskterm.domain.clock import to_text
from deskterm.domain.errors import NotFoundError
from deskterm.domain.text import storable
from deskterm.domain.vocabulary import OPEN_STATES, Event
from deskterm.storage import promises
from deskterm.storage.driver import Database, Row, moment, moment_or_none
from deskterm.storage.hold_parts import PARTS
from deskterm.storage.work import Work

COLUMNS = (
    "state",
    "urgent",
    "channel",
    "subject",
    "body",
    "problem",
    "reproduction",
    "reproduced",
    "requester_id",
    "requester_unsure",
    "category_id",
    "service_id",
    "group_id",
    "from_group_id",
    "from_assignee",
    "level",
    "assignee",
    "device_id",
    "waiting_for",
    "waiting_until",
    "waiting_reason",
    "needs",
    "approver",
    "approver_id",
    "approval",
    "approval_at",
    "outcome",
    "close_reason",
    "resolution",
    "solution_id",
    "craft_proof",
    "customer_proof",
    "rating",
    "rating_comment",
    "merged_into",
    "foreign_id",
    "solved_at",
    "closed_at",
    "first_closed_at",
    "people",
    "cannot_work",
    "needed_by",
)
"""The columns a change may name. Identity, version and opening time are not among them."""

MOMENTS = frozenset(
    {"waiting_until", "approval_at", "solved_at", "closed_at", "first_closed_at", "needed_by"}
)
_FLAGS = frozenset({"urgent", "reproduced", "requester_unsure", "cannot_work"})
_SELECT = (
    "SELECT id, version, opened_at, picked_at, "  # noqa: S608 - constants
    f"{', '.join(COLUMNS)} FROM ticket"
)


def in_list(database: Database, name: str) -> str:
    """Give the SQL condition's right side for a list of numbers bound with `list_value`."""
    if database.dialect == "sqlite":
        return f"IN (SELECT value FROM json_each(:{name}))"  # noqa: S608 - a constant name
    return f"= ANY(CAST(:{name} AS bigint[]))"


def list_value(database: Database, numbers: Iterable[int]) -> Any:
    """Give the numbers as `in_list` wants them bound."""
    values = list(numbers)
    return str(values) if database.dialect == "sqlite" else values


class Hold:
    """One ticket held for change: its values as they will be, and what changed."""

    def __init__(self, work: Work, row: Row) -> None:
        self.work = work
        self.id: int = row["id"]
        self.version: int = row["version"] + 1
        self.opened_at: datetime = moment(row["opened_at"])
        self.picked_at = moment_or_none(row["picked_at"])
        self.fresh = False
        """True for a ticket that this operation has opened: the ledger tells nothing of it yet."""
        self._values = {name: _read(name, row[name]) for name in COLUMNS}
        self._dirty: set[str] = set()
        self._changes: dict[str, tuple[Any, Any]] = {}
        self._stored = False

    def __getitem__(self, column: str) -> Any:
        """Give a column's value as it now is in this operation."""
        return self._values[column]

    def set(self, **columns: Any) -> None:
        """Change columns; equal values are no change."""
        for name, value in columns.items():
            new = storable(value) if isinstance(value, str) else value
            if self._values[name] != new:
                self._note(name, _plain(self._values[name]), _plain(new))
                self._values[name] = new
                self._dirty.add(name)

    def put(self, key: str, value: Any) -> None:
        """Change something that hangs on the ticket; None takes it away."""
        kind, _, name = key.partition(".")
        parts = PARTS[kind]
        before = parts.read(self, name)
        if before != value:
            parts.write(self, name, value)
            self._note(key, before, value)

    def get(self, key: str) -> Any:
        """Give the present value of a column or of something that hangs on the ticket."""
        kind, dot, name = key.partition(".")
        return PARTS[kind].read(self, name) if dot else _plain(self._values[key])

    def restore(self, key: str, value: Any) -> None:
        """Set what `get` names to a value from the ledger."""
        if "." in key:
            self.put(key, value)
        else:
            self.set(**{key: _read(key, value)})

    def write(self, event: str, text: str = "", **entry: Any) -> int:
        """Store the changes made since the last write with their ledger entry; gives its id."""
        changes, self._changes = self._changes, {}
        self._store(self._derived(event, str(entry.get("actor") or self.work.actor)))
        number = self.work.record(
            ("ticket", self.id), event, text, changes=changes, version=self.version, **entry
        )
        before, _ = changes.get("assignee", (self["assignee"], None))
        theirs = {before, self["assignee"]} - {None, self.work.actor}
        if theirs or "@" in text or (changes.get("group_id") and self["assignee"] is None):
            from deskterm.storage.happening import remember  # seldom: it may be somebody's news

            remember(self, number, event, text, before=before, changes=changes, entry=entry)
        return number

    def _note(self, key: str, before: Any, after: Any) -> None:
        self._changes[key] = (self._changes.get(key, (before,))[0], after)

    def _derived(self, event: str, actor: str) -> dict[str, Any]:
        """Give the columns that follow from this entry: pick-up, deadline, rank, impact."""
        opening = self.fresh and not self._stored
        picks = self.picked_at is None and promises.is_pick_up(
            event, "desk" if self.fresh else actor, self["assignee"]
        )
        undone = event == Event.UNDONE
        if not (opening or picks or undone or self._dirty & promises.CLOCKED):
            return {}
        found = promises.derived(self, self._values, picks=picks, undone=undone)
        self.picked_at = found["picked_at"]
        return found

    def _store(self, derived: dict[str, Any]) -> None:
        """Write the changed columns; the version rises once an operation."""
        values = {name: self._values[name] for name in sorted(self._dirty)} | derived
        if self._stored and not values:
            return
        sets = [f"{name} = :{name}" for name in values]
        if "state" in self._dirty:
            sets.append("is_open = :is_open")
            values["is_open"] = self._values["state"] in OPEN_STATES
        sets += ["version = :version", "updated_at = :now"]
        self.work.spine.run(
            f"UPDATE ticket SET {', '.join(sets)} WHERE id = :id",  # noqa: S608 - COLUMNS only
            **values,
            version=self.version,
            now=self.work.at,
            id=self.id,
        )
        self._dirty.clear()
        self._stored = True


def hold(work: Work, numbers: Sequence[int]) -> dict[int, Hold]:
    """Lock tickets for change, in order of their numbers; merged ones are not followed here."""
    lock = "" if work.spine.dialect == "sqlite" else " FOR UPDATE"
    spine = work.spine
    rows = spine.all(
        f"{_SELECT} WHERE id {in_list(spine, 'ids')} ORDER BY id{lock}",
        ids=list_value(spine, numbers),
    )
    return {row["id"]: Hold(work, row) for row in rows}


def survivor(database: Database, number: int) -> int:
    """Give the ticket a number now means, past merges; a cycle ends. Raises NotFoundError."""
    seen: set[int] = set()
    while number not in seen:
        seen.add(number)
        row = database.one("SELECT merged_into FROM ticket WHERE id = :id", id=number)
        if row is None:
            raise NotFoundError(f"there is no ticket #{number}.")
        if row["merged_into"] is None:
            return number
        number = row["merged_into"]
    return number


def insert_ticket(work: Work, values: dict[str, Any]) -> Hold:
    """Write a new ticket with the next number and give it held; the caller writes its entry."""
    spine = work.spine
    counted = spine.one(
        "UPDATE counter SET value = value + 1 WHERE name = 'ticket' RETURNING value"
    )
    number = counted["value"]  # type: ignore[index]  # the migration makes the row
    full = {**_NEW, **values, "id": number, "opened_at": values.get("opened_at", work.at)}
    full = {k: storable(v) if isinstance(v, str) else v for k, v in full.items()}
    full |= {"updated_at": work.at, "is_open": full["state"] in OPEN_STATES, "version": 0}
    names = sorted(full)
    spine.run(
        f"INSERT INTO ticket ({', '.join(names)}) "  # noqa: S608 - names are our own
        f"VALUES ({', '.join(':' + name for name in names)})",
        **full,
    )
    held = hold(work, [number])[number]
    held.fresh = True
    held._changes = {
        name: (None, _plain(held[name]))
        for name in COLUMNS
        if held[name] not in (None, "", False) and name != "body"
    }
    return held


_NEW: dict[str, Any] = {
    "state": "new",
    "urgent": False,
    "requester_unsure": False,
    "channel": "phone",
    "subject": "",
    "body": "",
    "problem": "",
    "reproduction": "",
    "waiting_reason": "",
    "needs": "nothing",
    "approver": "",
    "rating_comment": "",
    "close_reason": "",
    "resolution": "",
    "level": 1,
}


def _plain(value: Any) -> Any:
    return to_text(value) if isinstance(value, datetime) else value


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in MOMENTS:
        return moment(value)
    return bool(value) if name in _FLAGS else value
