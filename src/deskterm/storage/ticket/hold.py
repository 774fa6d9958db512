"""The spine's writes: tickets held by a unit of work, and every change kept as before → after.

A `Hold` is one locked ticket. Whatever it changes, a column or a row that hangs on the ticket, is
named by a key (`state`, `step.greet`, `field.os`, `watcher.7`, `link.related.12`, `entry.99`), so
that undo needs one rule for all of them. What others changed since somebody looked is refused here.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deskterm.domain.columns import BESIDE, key_words
from deskterm.domain.errors import Clash, ConflictError, NotFoundError
from deskterm.domain.text import storable
from deskterm.domain.vocabulary import OPEN_STATES
from deskterm.storage.bulk import ticket_numbers
from deskterm.storage.driver import Database, Row, insert_text
from deskterm.storage.held_values import HeldValues, plain
from deskterm.storage.reads.ledger import changes_since, named
from deskterm.storage.ticket.columns import FRESH, NAMES, read
from deskterm.storage.ticket.entry import KEPT, Entry
from deskterm.storage.ticket.followers import FOLLOWERS
from deskterm.storage.ticket.parts import PARTS
from deskterm.storage.work import Common, State, Work

if TYPE_CHECKING:
    from datetime import datetime

_COLUMNS = (*NAMES, "opened_at")
"""What a change may name; a ticket that others are merged into takes the earliest opening."""
_SELECT = (
    f"SELECT id, version, {', '.join((*KEPT, *_COLUMNS))}, "  # noqa: S608 - constants
    "(burst = 0 AND (SELECT count(*) FROM problem_ticket y WHERE y.ticket_id = ticket.id) = 0) "
    "AS alone, (SELECT count(*) FROM time_entry e WHERE e.ticket_id = ticket.id "
    "AND e.state = 'running') > 0 AS clocked, ((SELECT count(*) FROM visit v WHERE "
    "v.ticket_id = ticket.id AND v.state IN ('offered', 'fixed', 'declined')) + (SELECT count(*) "
    "FROM ticket m JOIN visit v ON v.ticket_id = m.id WHERE m.merged_into = ticket.id "
    "AND v.state IN ('offered', 'fixed', 'declined'))) > 0 AS visited FROM ticket"
)
"""Counted, for the server plans each EXISTS in two ways, under row security four (sight.py)."""
_OWN = ("step", "field", "watcher", "link")
"""What hangs on a ticket under its own number: on a new one there is none of it yet."""


class Leaving(State):
    """Tickets that go out of the sight of whoever acts: the very last of what is done with them.

    Until then all about them is read and written as of any other. A server lets them go by a door
    of its own (`functions.sql`), for what somebody does not see they cannot write.
    """

    last = True

    def __init__(self) -> None:
        self.to: dict[int, int] = {}
        """Ticket → the group that it goes to."""

    def finish(self, work: Work) -> None:
        """Let them go."""
        for ticket, group in sorted(self.to.items()):
            work.spine.later(
                "SELECT deskterm_hand_over(:ticket, :group)", ticket=ticket, group=group
            )


def hidden_groups(database: Database) -> Mapping[int, str]:
    """Give number → name of the groups whose tickets this login does not see."""
    if database.dialect == "sqlite":
        return {}
    rows = database.all(
        "SELECT id, name FROM desk_group WHERE id = ANY (deskterm_hidden_groups()) ORDER BY id"
    )
    return {row["id"]: row["name"] for row in rows}


class Hold(HeldValues):
    """One ticket held for change: its values as they will be, and what changed."""

    def __init__(self, work: Work, row: Row) -> None:
        super().__init__({name: read(name, row[name]) for name in _COLUMNS})
        self.work = work
        self.id: int = row["id"]
        self.version: int = row["version"] + 1
        self._kept: dict[str, datetime | None] = {name: read(name, row[name]) for name in KEPT}
        self._alone = bool(row["alone"])
        self.clocked = bool(row["clocked"])
        """Whether somebody's clock runs on it."""
        self.visited = bool(row["visited"])
        """Whether a visit is agreed on or offered."""
        self._now: dict[str, object] = {}
        """Key → value of what this operation has changed."""
        self.beside: Sequence[int] = (self.id,)
        """The tickets that were locked together with it."""
        self.fresh = False
        """True for a ticket that this operation has opened: the ledger tells nothing of it yet."""
        self._stored = False
        self._opened: dict[str, object] | None = None
        """The row of a new ticket that is not inserted yet: its first entry is told first."""
        self._hung: list[tuple[str, str, object]] = []
        """What is to hang on it then."""

    def put(self, key: str, value: object) -> None:
        """Change something that hangs on the ticket; None takes it away."""
        kind, _, name = key.partition(".")
        parts = PARTS[kind]
        new = self.fresh and kind in _OWN and key not in self._now
        before = None if new else parts.read(self.work, self.id, name)
        if before != value:
            if self._opened is None:
                parts.write(self.work, self.id, name, value)
            else:
                self._hung.append((kind, name, value))
            self._note(key, before, value)

    def get(self, key: str) -> Any:
        """Give the present value of a column or of something that hangs on the ticket."""
        kind, dot, name = key.partition(".")
        if key in self._now and self._opened is not None:
            return self._now[key]
        return PARTS[kind].read(self.work, self.id, name) if dot else plain(self._values[key])

    def put_now(self, kind: str) -> dict[str, object]:
        """Give name → value of what was put on the ticket of a kind and may not be stored yet."""
        found = ((key.partition("."), value) for key, value in self._now.items())
        return {name: value for (one, dot, name), value in found if dot and one == kind}

    def restore(self, key: str, value: object) -> None:
        """Set what `get` names to a value from the ledger."""
        if "." in key:
            self.put(key, value)
        else:
            self.set(**{key: read(key, value)})

    def write(self, event: str, text: str = "", **entry: Any) -> int:
        """Store the changes made since the last write with their ledger entry; gives its id."""
        changes, self._changes = self._changes, {}
        number = self.work.record(
            ("ticket", self.id), event, text, changes=changes, version=self.version, **entry
        )
        told = Entry(
            work=self.work,
            ticket=self.id,
            number=number,
            event=event,
            actor=str(entry.get("actor") or self.work.actor),
            text=text,
            public=entry.get("public", False),
            data=entry.get("data") or {},
            changes=changes,
            touched=frozenset(self._dirty),
            values=self._values,
            opened_at=self._values["opened_at"],
            kept=dict(self._kept),
            fresh=self.fresh,
            alone=self._alone and not self.changed("problem"),
            opening=self.fresh and not self._stored,
        )
        derived = {name: one for follow in FOLLOWERS for name, one in follow(told).items()}
        self._kept |= {
            name: one
            for name, one in derived.items()
            if name in KEPT and not isinstance(one, int | str)
        }
        self._store(derived)
        return number

    def changed(self, *kinds: str) -> bool:
        """Tell whether this operation has changed such a column, or something of such a kind."""
        return any(key.partition(".")[0] in kinds for key in self._now)

    def named(self, kind: str) -> list[str]:
        """Give the names under which this operation has hung something of a kind on it."""
        keys = (key.partition(".") for key, value in self._now.items() if value is not None)
        return [name for first, _, name in keys if first == kind]

    def _note(self, key: str, before: object, after: object) -> None:
        super()._note(key, before, after)
        self._now[key] = after

    def _store(self, derived: Mapping[str, object]) -> None:
        """Write the changed columns; the version rises once an operation."""
        values = {name: self._values[name] for name in sorted(self._dirty)} | dict(derived)
        if self._opened is not None:
            row = self._opened | values
            self._insert(row | {"group_id": None} if self._leaves(row["group_id"]) else row)
            return
        if "group_id" in values and self._leaves(values["group_id"]):
            del values["group_id"]
        if self._stored and not values:
            return
        sets = [f"{name} = :{name}" for name in values]
        if "state" in self._dirty:
            sets.append("is_open = :is_open")
            values["is_open"] = self._values["state"] in OPEN_STATES
        sets += ["version = :version", "updated_at = :now"]
        self.work.spine.later(
            f"UPDATE ticket SET {', '.join(sets)} WHERE id = :id",  # noqa: S608 - declared columns only
            **values,
            version=self.version,
            now=self.work.at,
            id=self.id,
        )
        self._dirty.clear()
        self._stored = True

    def _leaves(self, group: object) -> bool:
        """Tell whether it goes to a group that whoever acts does not see: at the very end."""
        leaving = self.work.state(Leaving).to
        leaving.pop(self.id, None)
        if not isinstance(group, int) or group not in self.work.once(hidden_groups):
            return False
        leaving[self.id] = group
        return True

    def _insert(self, row: dict[str, object]) -> None:
        """Write the row of a new ticket, then what hangs on it."""
        row |= {"is_open": self._values["state"] in OPEN_STATES, "version": self.version}
        self.work.spine.later(insert_text("ticket", tuple(sorted(row))), **row)
        hung, self._opened, self._hung = self._hung, None, []
        for kind, name, value in hung:
            PARTS[kind].write(self.work, self.id, name, value)
        self._dirty.clear()
        self._stored = True


def hold(work: Work, numbers: Sequence[int]) -> dict[int, Hold]:
    """Lock tickets for change, in order of their numbers; merged ones are not followed here."""
    if not numbers:
        return {}
    lock = "" if work.spine.dialect == "sqlite" else " FOR UPDATE"
    rows = work.spine.locked(f"{_SELECT} WHERE id IN :ids ORDER BY id{lock}", numbers)
    holds = {row["id"]: Hold(work, row) for row in rows}
    together = tuple(holds)
    for held in holds.values():
        held.beside = together
    return holds


def expect_tickets(work: Work, many: int) -> None:
    """Take the numbers of so many tickets, which will all be opened or none of them."""
    work.common.numbers = ticket_numbers(work.spine, many)


def _next_number(work: Work) -> int:
    numbers = work.common.numbers
    if not numbers:
        numbers += ticket_numbers(work.spine, work.common.block)
    return numbers.pop(0)


def give_numbers_back(database: Database, common: Common) -> None:
    """Give back the ticket numbers that were taken ahead: nobody else could take some meanwhile."""
    if common.numbers:
        database.later(
            "UPDATE counter SET value = value - :many WHERE name = 'ticket'",
            many=len(common.numbers),
        )
        common.numbers.clear()


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


def insert_ticket(work: Work, values: dict[str, object]) -> Hold:
    """Give a new ticket with the next number, held; it is stored with its first entry."""
    number = _next_number(work)
    full = {**FRESH, **values, "id": number, "opened_at": values.get("opened_at", work.at)}
    full = {k: storable(v) if isinstance(v, str) else v for k, v in full.items()}
    full |= {"updated_at": work.at, "is_open": full["state"] in OPEN_STATES, "version": 0}
    beside = {"alone": True, "clocked": False, "visited": False}
    held = Hold(work, {**dict.fromkeys(KEPT), **full, **beside})
    held.fresh = True
    held._opened = full
    held._changes = {
        name: (None, plain(held[name]))
        for name in NAMES
        if held[name] not in (None, "", False) and name != "body"
    }
    return held


def clashes_since(database: Database, number: int, version: int) -> tuple[Clash, ...]:
    """Give the fields of a ticket that were changed after the version somebody saw."""
    found: dict[str, Clash] = {}
    for actor, changes in changes_since(database, ("ticket", number), version):
        for field, (before, after) in changes.items():
            seen = found[field].seen if field in found else before
            found[field] = Clash(field, seen, after, actor)
    return tuple(
        one._replace(
            seen=named(database, one.field, one.seen), now=named(database, one.field, one.now)
        )
        for one in found.values()
    )


def check_seen(held: Hold, seen: int, strict: bool) -> None:
    """Refuse where somebody changed the ticket since `seen`; raises ConflictError.

    A note changes no field: it clashes only for `strict`, which scripts ask for by `--if-version`.
    """
    now = held.version - 1
    if seen == now:
        return
    clashes = clashes_since(held.work.spine, held.id, seen)
    if clashes or strict:
        told = [one for one in clashes if one.field not in BESIDE] or clashes
        fields = ", ".join(f"{key_words(one.field)} by {one.by}" for one in told) or "no field"
        versions = f" (version {seen} was seen, now it is {now})" if strict else ""
        raise ConflictError(
            f"#{held.id} was changed meanwhile: {fields}{versions}. Look at it again, then decide.",
            tuple(told),
        )
