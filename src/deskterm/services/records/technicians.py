"""Technicians as records: another login, two logins of one, one who leaves; what they know."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.competences import STATED
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.in_hand import Holding
from deskterm.domain.verbs import NOBODY, Assign, Note
from deskterm.domain.vocabulary import Event
from deskterm.services.records.keeper import ByName, Keeper
from deskterm.services.records.listed import Given, Key, Shown
from deskterm.services.records.merging import move
from deskterm.services.records.people import login
from deskterm.storage.held_row import HeldRow
from deskterm.storage.names import login_of, number_of
from deskterm.storage.reads import in_hand, rows
from deskterm.storage.reads.competences import competence_of, of_login
from deskterm.storage.rights.guards import may
from deskterm.storage.ticket.hold import hold, survivor

if TYPE_CHECKING:
    from deskterm.domain.in_hand import Begun
    from deskterm.domain.rows import Done
    from deskterm.services.acting import Acting
    from deskterm.services.letters import Letters
    from deskterm.services.tickets.act import Act
    from deskterm.storage.driver import Database
    from deskterm.storage.reads.in_hand import OnRecord, OnTicket
    from deskterm.storage.work import Work


class Technicians(ByName):
    """Technicians, known by login; what a login once did stays its own in the ledger."""

    def name(self, text: str) -> str:
        """Give a login; raises UsageError."""
        return login(text)

    def hand_over(self, work: "Work", gone: HeldRow, stays: HeldRow) -> None:
        """Give tickets, what is agreed on them, groups, absences and records to the other login.

        The first stays, inactive, for what it did.
        """
        old, new = str(gone.key), str(stays.key)
        _higher_levels(work, old, new)
        move(work, gone.kind, old, new)
        for ticket, key in rows.calls_of(work.spine, old):
            held = hold(work, [ticket])[ticket]
            call = held.get(key)
            assert isinstance(call, list)
            held.put(key, [call[0], new, *call[2:]])
            held.write(Event.CHANGED)
        _leave_groups(work, old, new)
        gone.set(active=False)
        gone.write(Event.EDITED, old)


def _higher_levels(work: "Work", old: str, new: str) -> None:
    """Of a category that both logins know the higher level stays."""
    there = of_login(work.spine, new)
    for category, (number, level) in of_login(work.spine, old).items():
        if category not in there:
            continue
        lower = number if level <= there[category][1] else there[category][0]
        row = HeldRow(work, "competence", lower)
        row.remove()
        row.write(Event.EDITED, row["login"])


class Leaving:
    """A technician leaves: what they have in hand is named, and is somebody else's from then on."""

    KIND = "remove technician"

    def __init__(self, desk: "Acting", letters: "Letters") -> None:
        self._desk = desk
        self._letters = letters

    def holds(self, who: str) -> Holding:
        """Give what somebody has in hand; nothing where nobody of that login is known."""
        with self._desk.store.reading() as database, database.snapshot():
            return in_hand.holding_of(database, who, clock.now())

    def is_known(self, who: str) -> bool:
        """Tell whether there is such a technician, active or not."""
        with self._desk.store.reading() as database:
            return who in (key for key, _ in rows.names(database, "technician"))

    def leave(self, who: str, to: str | None = None, how: How = NOW) -> "Done":
        """Hand over what somebody has and let them be a technician no more, as one operation.

        `to`: the login who takes it, or `nobody`: tickets stay with their groups. None: there is to
        be nothing to hand over. Raises RefusedError where nobody is named and something is there,
        where a group would have to keep what a person was promised, and for whoever may not.
        """
        from deskterm.services.tickets.operation import done, repeated
        from deskterm.storage.work import RepeatedError

        def run() -> "Done":
            try:
                with self._desk.store.work(self._desk.me, how.op_id, dry=how.dry) as work:
                    work.claim(self.KIND)
                    notes = self._leave(work, who, to)
            except RepeatedError as before:
                return repeated(self._desk.store, self.KIND, before.operation_id)
            return done(self.KIND, work, notes=notes)

        return self._desk.store.tried(run)

    def _leave(self, work: "Work", who: str, to: str | None) -> list[str]:
        from deskterm.services.tickets.act import Act

        self._check(work, who)
        row = HeldRow(work, "technician", who)
        if not row.exists:
            raise NotFoundError(f"there is no technician {who[:60]!r}: deskterm technician list.")
        tickets = in_hand.on_tickets(work.spine, who)
        records = in_hand.on_records(work.spine, who, work.at)
        begun = in_hand.begun(work.spine, who)
        other = _successor(work, who, to, in_hand.holding(tickets, records, begun))
        act = Act(self._letters)
        act.alone = len(tickets) == 1
        for number, things in groupby(tickets, attrgetter("ticket")):
            _hand_over_ticket(work, act, number, list(things), (who, other))
        for number, held in hold(work, in_hand.escalated_by(work.spine, who)).items():
            held.set(from_assignee=None if other == held["assignee"] else other)
            held.write(Event.CHANGED)
            act.also.append(number)
        for (kind, number), fields in groupby(records, attrgetter("kind", "id")):
            _hand_over_record(HeldRow(work, kind, number), list(fields), who, other)
        if begun:
            act.notes[_hand_over_begun(work, begun, who)] = None
        _leave_groups(work, who)
        row = HeldRow(work, "technician", who)
        if rows.uses(work.spine, "technician", who):
            row.set(active=False)
        else:
            row.remove()
        if row.changed:
            row.write(Event.EDITED, who)
        return list(act.notes)

    def _check(self, work: "Work", who: str) -> None:
        """Refuse whoever may not let others go, and going oneself."""
        if who == self._desk.me:
            raise RefusedError(f"{who} is you: a colleague lets you go, not you yourself.")
        barred = may(work.spine, self._desk.me).why_not("group")
        if barred:
            raise RefusedError(barred)


def _successor(work: "Work", who: str, to: str | None, holds: Holding) -> str | None:
    """Give who takes over; None: the groups. Raises RefusedError, NotFoundError, UsageError."""
    if to is None or to in NOBODY:
        if to is None and holds.words:
            raise RefusedError(
                f"{who} still has {holds.words}: name who takes that over (--to LOGIN), or "
                "--to nobody: tickets stay with their groups, for anybody to take."
            )
        if holds.promised:
            said = Holding(visits=holds.visits, callbacks=holds.callbacks).words
            raise RefusedError(
                f"{who} has {said}, promised to people: name who keeps that (--to LOGIN)."
            )
        return None
    other = login_of(work.spine, to)
    if other == who:
        raise UsageError(f"{who} cannot take over from themselves: name somebody else (--to).")
    return other


def _hand_over_ticket(
    work: "Work", act: "Act", number: int, things: "list[OnTicket]", whose: tuple[str, str | None]
) -> None:
    """Hand over one ticket and what hangs on it; what was begun to be written becomes a note."""
    from deskterm.services.tickets.verbs.times import forgotten
    from deskterm.services.tickets.verbs.visits import pass_on
    from deskterm.storage.drafts import read
    from deskterm.storage.times import running

    who, other = whose
    number = survivor(work.spine, number)
    held = hold(work, [number])[number]
    for one in things:
        if one.what == "tickets":
            act.do(held, Assign(other or "nobody"))
        elif one.what == "drafts":
            text = read(work.spine, who, one.key, one.ticket)
            act.do(held, Note(f"{who}{in_hand.BEGUN}{one.key}:\n\n{text}"))
        elif one.what == "clocks":
            clocked = running(work.spine, who)
            assert clocked is not None
            forgotten(held, clocked, act)
        elif one.what == "visits" and other is not None:
            pass_on(held, int(one.key.partition(".")[2]), other, act)
        elif other is not None:
            kept, at = held.get(one.key), _OWNER_AT[one.what]
            assert isinstance(kept, list)
            held.put(one.key, [*kept[:at], other, *kept[at + 1 :]])
            held.write(Event.CHANGED)


_OWNER_AT: Mapping[str, int] = {"callbacks": 1, "runs": 1}
"""What hangs on a ticket → where in it its owner stands."""


def _hand_over_record(row: HeldRow, fields: "list[OnRecord]", who: str, other: str | None) -> None:
    """Name another in a record, or nobody; an absence of whoever leaves is over."""
    for one in fields:
        if one.kind == "absence" and one.field == "login":
            row.remove()
            break
        if one.kind == "view":
            _hand_over_view(row, who, other)
        elif one.kind in ("absence", "review") and row["login"] == other:
            row.set(**{one.field: None})  # nobody stands in for, or reviews, themselves
        else:
            nobody = "" if one.kind in ("problem", "solution") else None
            row.set(**{one.field: other or nobody})
    if row.changed:
        row.write(Event.EDITED, who if row.shape.naming == "login" else str(row[row.shape.naming]))


def _hand_over_begun(work: "Work", begun: "Sequence[Begun]", who: str) -> str:
    """Tell the next shift what somebody had begun on no ticket; gives where it stands.

    What a member of a restricted group wrote is named and not shown: a hand-over is everybody's.
    """
    apart = in_hand.is_apart(work.spine, who)
    unshown = "not shown: it may be of a restricted group"
    said = [f"{one.called}:\n{unshown if apart else one.words}" for one in begun]
    row = HeldRow(work, "handover", None)
    row.set(login=work.actor, words=f"{who}{in_hand.BEGUN}" + "\n\na ".join(said), items=[])
    row.write(Event.EDITED, f"{work.actor} hands over what {who} had begun")
    where = "a hand-over" if work.dry else f"deskterm handover show {row.key}"
    return f"What {who} had begun without a ticket: {where}."


def _hand_over_view(row: HeldRow, who: str, other: str | None) -> None:
    """Give a view of one's own to another, under a name that they have not; else it stays."""
    if other is None:
        return
    names = rows.view_names(row.work.spine, other)
    name = str(row["name"])
    row.set(owner=other, name=f"{name} ({who})" if name in names else name)


def _leave_groups(work: "Work", who: str, other: str | None = None) -> None:
    """Take somebody out of their groups, and put another in where one is named."""
    for number in rows.groups_with(work.spine, who):
        group = HeldRow(work, "group", number)
        group.put(f"member.{who}", None)
        if other is not None:
            group.put(f"member.{other}", True)
        group.write(Event.EDITED, group["name"])


class Competences(Keeper):
    """Keeps how well technicians know categories; each is named by both."""

    def listed(self, database: "Database", words: str = "", most: int = 100_000) -> list[Shown]:
        """Give those with the words in login or category, by both."""
        wanted = words.casefold().split()
        found = [self.shown(database, one) for one in rows.records(database, self.kind)]
        found = [one for one in found if all(word in one["name"].casefold() for word in wanted)]
        return sorted(found, key=lambda one: str(one["name"]))[:most]

    def shown(self, database: "Database", row: Shown) -> Shown:
        """Give one under the name of both."""
        found = super().shown(database, row)
        both = {"technician": row["login"], "category": row["category_id"]}
        return (
            {"id": found["id"], "name": f"{row['login']} {row['category_id']}"}
            | both
            | {key: value for key, value in found.items() if key not in ("id", "name")}
        )

    def known(self, database: "Database", name: str, given: Given) -> Key | None:
        """Give the one of that technician and category; raises NotFoundError for unknown ones."""
        del given
        login, category = _both(database, name)
        return competence_of(database, login, category)

    def find(self, database: "Database", name: str) -> Key:
        """Give the one of that technician and category; raises NotFoundError."""
        key = self.known(database, name, {})
        if key is None:
            raise NotFoundError(
                f"nothing is said of {name[:80]!r} yet; see `deskterm competence list`."
            )
        return key

    def begin(self, row: HeldRow, name: str) -> None:
        """Give a new one its technician and category."""
        login, category = _both(row.work.spine, name)
        row.set(login=login, category_id=category, level=1, source=STATED)

    def called(self, row: HeldRow) -> str:
        """Give the login for the ledger."""
        return str(row["login"] or "")


def _both(database: "Database", name: str) -> tuple[str, int]:
    """Give login and category of a name; raises UsageError, NotFoundError."""
    login, _, path = name.strip().partition(" ")
    if not path.strip():
        raise UsageError(f"{name[:60]!r}? Name a technician and a category: bo network/wifi.")
    return login_of(database, login), number_of(database, "category", path)
