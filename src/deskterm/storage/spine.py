"""The spine's writes: tickets held by a unit of work, and every change kept as before → after.

A `Hold` is one locked ticket. Whatever it changes, a column or a row that hangs on the ticket, is
named by a key (`state`, `step.greet`, `field.os`, `watcher.7`, `link.related.12`, `entry.99`), so
that undo needs one rule for all of them.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from deskterm.domain.clock import to_text
from deskterm.domain.errors import NotFoundError
from deskterm.domain.text import storable
from deskterm.domain.vocabulary import OPEN_STATES
from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.run_part import read_run, write_run
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
)
"""The columns a change may name. Identity, version and opening time are not among them."""

MOMENTS = frozenset({"waiting_until", "approval_at", "solved_at", "closed_at", "first_closed_at"})
_FLAGS = frozenset({"urgent", "reproduced", "requester_unsure"})
_SELECT = f"SELECT id, version, opened_at, {', '.join(COLUMNS)} FROM ticket"  # noqa: S608 - constants


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
        parts = _PARTS[kind]
        before = parts.read(self, name)
        if before != value:
            parts.write(self, name, value)
            self._note(key, before, value)

    def get(self, key: str) -> Any:
        """Give the present value of a column or of something that hangs on the ticket."""
        kind, dot, name = key.partition(".")
        return _PARTS[kind].read(self, name) if dot else _plain(self._values[key])

    def restore(self, key: str, value: Any) -> None:
        """Set what `get` names to a value from the ledger."""
        if "." in key:
            self.put(key, value)
        else:
            self.set(**{key: _read(key, value)})

    def write(self, event: str, text: str = "", **entry: Any) -> int:
        """Store the changes made since the last write with their ledger entry; gives its id."""
        changes, self._changes = self._changes, {}
        self._store()
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

    def _store(self) -> None:
        """Write the changed columns; the version rises once an operation."""
        names = sorted(self._dirty)
        if self._stored and not names:
            return
        sets = [f"{name} = :{name}" for name in names]
        values = {name: self._values[name] for name in names}
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


class _Part:
    """How one kind of thing that hangs on a ticket is read and written."""

    def __init__(
        self, read: Callable[[Hold, str], Any], write: Callable[[Hold, str, Any], None]
    ) -> None:
        self.read = read
        self.write = write


def _read_step(held: Hold, name: str) -> Any:
    row = held.work.spine.one(
        "SELECT status, actor, at, reason FROM step WHERE ticket_id = :id AND step = :step",
        id=held.id,
        step=name,
    )
    if row is None:
        return None
    return [row["status"], row["actor"], to_text(moment(row["at"])), row["reason"]]


def _write_step(held: Hold, name: str, value: Any) -> None:
    spine = held.work.spine
    if value is None:
        spine.run("DELETE FROM step WHERE ticket_id = :id AND step = :step", id=held.id, step=name)
        return
    status, actor, at, reason = value
    spine.run(
        "INSERT INTO step (ticket_id, step, status, actor, at, reason) "
        "VALUES (:id, :step, :status, :actor, :at, :reason) ON CONFLICT (ticket_id, step) "
        "DO UPDATE SET status = excluded.status, actor = excluded.actor, at = excluded.at, "
        "reason = excluded.reason",
        id=held.id,
        step=name,
        status=status,
        actor=actor,
        at=moment(at),
        reason=storable(reason),
    )


def _read_field(held: Hold, name: str) -> Any:
    row = held.work.spine.one(
        "SELECT value FROM field_value WHERE ticket_id = :id AND name = :name",
        id=held.id,
        name=name,
    )
    return row["value"] if row else None


def _write_field(held: Hold, name: str, value: Any) -> None:
    spine = held.work.spine
    spine.run(
        "DELETE FROM field_value WHERE ticket_id = :id AND name = :name", id=held.id, name=name
    )
    if value is not None:
        spine.run(
            "INSERT INTO field_value (ticket_id, name, value) VALUES (:id, :name, :value)",
            id=held.id,
            name=name,
            value=storable(value),
        )


def _read_watcher(held: Hold, name: str) -> Any:
    row = held.work.spine.one(
        "SELECT person_id FROM watcher WHERE ticket_id = :id AND person_id = :person",
        id=held.id,
        person=int(name),
    )
    return True if row else None


def _write_watcher(held: Hold, name: str, value: Any) -> None:
    text = (
        "DELETE FROM watcher WHERE ticket_id = :id AND person_id = :person"
        if value is None
        else "INSERT INTO watcher (ticket_id, person_id) VALUES (:id, :person)"
    )
    held.work.spine.run(text, id=held.id, person=int(name))


def _read_link(held: Hold, name: str) -> Any:
    kind, _, other = name.rpartition(".")
    row = held.work.spine.one(
        "SELECT other_id FROM link WHERE ticket_id = :id AND kind = :kind AND other_id = :other",
        id=held.id,
        kind=kind,
        other=int(other),
    )
    return True if row else None


def _write_link(held: Hold, name: str, value: Any) -> None:
    kind, _, other = name.rpartition(".")
    text = (
        "DELETE FROM link WHERE ticket_id = :id AND kind = :kind AND other_id = :other"
        if value is None
        else "INSERT INTO link (ticket_id, kind, other_id) VALUES (:id, :kind, :other)"
    )
    held.work.spine.run(text, id=held.id, kind=kind, other=int(other))


def _read_entry(held: Hold, name: str) -> Any:
    row = held.work.spine.one(
        "SELECT ticket_id FROM entry_place WHERE entry_id = :entry", entry=int(name)
    )
    return row["ticket_id"] if row else None


def _write_entry(held: Hold, name: str, value: Any) -> None:
    spine = held.work.spine
    spine.run("DELETE FROM entry_place WHERE entry_id = :entry", entry=int(name))
    if value is not None:
        spine.run(
            "INSERT INTO entry_place (entry_id, ticket_id) VALUES (:entry, :ticket)",
            entry=int(name),
            ticket=value,
        )


_PARTS = {
    "step": _Part(_read_step, _write_step),
    "field": _Part(_read_field, _write_field),
    "watcher": _Part(_read_watcher, _write_watcher),
    "link": _Part(_read_link, _write_link),
    "entry": _Part(_read_entry, _write_entry),
    "run": _Part(read_run, write_run),
}
