"""One verb on one or many tickets as one operation: lock, ask the rules, change, write once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from deskterm.domain import clock, lifecycle
from deskterm.domain.address import is_no_reply
from deskterm.domain.asking import NOW, How, Request
from deskterm.domain.errors import DeskError, NotFoundError
from deskterm.domain.requests import NewTicket
from deskterm.domain.rows import Done, Ending, Pairing, TicketView
from deskterm.domain.vocabulary import State
from deskterm.services.letters import Letters
from deskterm.services.tickets.act import Act
from deskterm.services.written import Written, handed, left, sentences
from deskterm.storage import people
from deskterm.storage.driver import Database
from deskterm.storage.reads import held as reads
from deskterm.storage.reads.ledger import out_of_sight, subjects_of
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import (
    Hold,
    Leaving,
    check_seen,
    expect_tickets,
    hold,
    survivor,
)
from deskterm.storage.work import RepeatedError, Work

if TYPE_CHECKING:
    from deskterm.domain.in_hand import CallBackRow
    from deskterm.domain.records import TicketSheet
    from deskterm.domain.standing import Standing
    from deskterm.storage.work import Doing

CHUNK = 500
Failures = list[tuple[int, DeskError]]


class Guard(Protocol):
    """Asks somebody outside, this machine's hooks, before a change (`services/hooks/before`)."""

    def allowed(
        self, tickets: "Tickets", numbers: Sequence[int], verb: str, request: Mapping[str, object]
    ) -> tuple[list[int], tuple[tuple[int, str, int], ...]]:
        """Give the tickets that may be changed so, and the refusals of the others."""

    def new(self, tickets: "Tickets", asked: Sequence[NewTicket]) -> None:
        """Raise RefusedError where tickets may not be opened."""

    def is_asked(self) -> bool:
        """Tell whether anybody is asked before anything."""

    def tried(self, tickets: "Tickets", doings: "Sequence[Doing]", door: str) -> None:
        """Raise RefusedError where what a trial did by that door may not be done."""


class _Run:
    """What becomes of the tickets of one operation."""

    def __init__(self, act: Act, how: How) -> None:
        self.act = act
        self.how = how
        self.touched: list[int] = []
        self.failed: Failures = []
        self.beside: Failures = []
        """Refusals of tickets that are changed anyhow, such as the survivor of a merge."""

    def one(self, kind: str, number: int, held: Hold, change: Callable[[Hold, Act], None]) -> None:
        """Change one held ticket, or keep why not."""
        try:
            lifecycle.check(kind, held["state"], held.id)
            if self.how.seen and held.id in self.how.seen:
                check_seen(held, self.how.seen[held.id], self.how.strict)
            change(held, self.act)
        except DeskError as error:
            (self.beside if held.id in self.act.others else self.failed).append((number, error))
        else:
            self.touched.append(held.id)

    def check(self) -> None:
        """Raise why nothing was done, where nothing was."""
        if not self.touched:
            _raise(self.failed or self.beside)

    def done(self, kind: str, work: Work) -> Done:
        """Give what the operation did."""
        tickets = (*self.act.made, *self.touched, *self.act.also)
        return done(kind, work, tickets, self.failed, tuple(self.act.notes))


class Tickets:
    """Tickets in somebody's name: opened, shown, and done with what a request asks for."""

    def __init__(self, store: Store, me: str, letters: Letters) -> None:
        self.store = store
        self.me = me
        self.letters = letters
        self.guard: Guard | None = None
        """Asks this machine's hooks before a change; None where it has none."""

    # --- doing ----------------------------------------------------------------------------

    def do(self, targets: Sequence[int], asked: Request, how: How = NOW) -> Done:
        """Do what is asked for on tickets, as one operation; see `operate`."""

        def change(held: Hold, act: Act) -> None:
            act.do(held, asked)

        if self.guard is None:
            return self.operate(asked.verb, targets, change, how, asked.changes)
        left, failed = self.guard.allowed(self, targets, asked.verb, asked.to_json())
        done = self.operate(asked.verb, left, change, how, asked.changes)
        return done._replace(failed=(*failed, *done.failed))

    def operate(
        self,
        kind: str,
        targets: Sequence[int],
        change: Callable[[Hold, Act], None],
        how: How = NOW,
        others: Sequence[int] = (),
    ) -> Done:
        """Run a change on tickets as one operation; `others` are locked with them.

        A single target raises its own DeskError. Of several, those that are refused are named in
        `failed`; the others are done. A repeated operation id does nothing again.
        """
        wanted = list(dict.fromkeys(targets))
        return self.store.tried(lambda: self._operate(kind, wanted, change, how, others))

    def _operate(
        self,
        kind: str,
        wanted: Sequence[int],
        change: Callable[[Hold, Act], None],
        how: How,
        others: Sequence[int],
    ) -> Done:
        run = _Run(Act(self.letters, across=how.across), how)
        run.act.alone = len(wanted) == 1
        try:
            with self.working(kind, how) as work:
                run.act.others = hold(work, sorted({survivor(work.spine, n) for n in others}))
                for number, other in run.act.others.items():
                    if how.seen and number in how.seen:
                        check_seen(other, how.seen[number], how.strict)
                for start in range(0, len(wanted), CHUNK):
                    for number, held in _held(work, wanted[start : start + CHUNK], run.failed):
                        run.one(kind, number, held, change)
                run.check()
        except RepeatedError as repeated:
            return self.repeated(kind, repeated.operation_id)
        return run.done(kind, work)

    def new(self, ticket: NewTicket, how: How = NOW) -> Done:
        """Open one ticket and acknowledge it to its requester; gives its number in `tickets`."""
        return self.new_many([ticket], how)

    def new_many(self, tickets: Iterable[NewTicket], how: How = NOW) -> Done:
        """Open many tickets as one operation: all of them or none."""
        asked = list(tickets)
        if self.guard is not None:
            self.guard.new(self, asked)
        return self.store.tried(lambda: self._open(asked, how))

    def _open(self, asked: Sequence[NewTicket], how: How) -> Done:
        from deskterm.services.tickets.intake import meet, open_ticket

        try:
            with self.working("new", how) as work:
                if len(asked) > 1:
                    meet(work, asked)
                    expect_tickets(work, len(asked))
                opened = [open_ticket(work, self.letters, ticket).id for ticket in asked]
        except RepeatedError as repeated:
            return self.repeated("new", repeated.operation_id)
        return done("new", work, opened, [])

    def next(self, query: str = "", how: How = NOW, *, anywhere: bool = False) -> Done:
        """Take the ticket that is next for oneself (C7); `notes` say why this one.

        They also say which urgent ones of other groups were passed over; `anywhere` takes those.

        Where a colleague takes it at the same moment, the one after it is taken. Raises
        NotFoundError where nothing waits in one's groups.
        """
        from deskterm.domain.verbs import Take
        from deskterm.services.tickets import taking
        from deskterm.services.tickets.board import Board

        board = Board(self.store, self.me)
        for choice in taking.choices(board, query, anywhere):
            try:
                done = self.do([choice.id], Take(free=True), how)
            except taking.LOST:
                continue
            if done.repeated:
                return done
            why = f"Why: {'; '.join(choice.reasons)}."
            return done._replace(notes=(*done.notes, why, *filter(None, [choice.passed])))
        if how.op_id is not None:
            # an operation that took the last ticket is not told that nothing is left
            done = self.repeated("take", how.op_id)
            if done.tickets:
                return done
        raise taking.nothing_waits(board, query)

    # --- what is known of a ticket --------------------------------------------------------

    def show(self, number: int) -> TicketView:
        """Give one ticket whole; a merged number gives its survivor. Raises NotFoundError."""
        from deskterm.storage.reads.ticket import show

        with self.store.reading() as database, database.snapshot():
            return show(database, survivor(database, number))

    def sheet(self, numbers: Sequence[int]) -> "TicketSheet":
        """Give what the form of these tickets' facts needs."""
        from deskterm.storage.reads.records import sheet

        with self.store.reading() as database, database.snapshot():
            return sheet(database, numbers)

    def why(self, number: int) -> "Standing":
        """Give where a ticket stands on the board and why; raises NotFoundError."""
        from deskterm.storage.reads.standing import standing

        with self.store.reading() as database, database.snapshot():
            return standing(database, survivor(database, number), clock.now())

    def call_backs(self, number: int) -> "list[CallBackRow]":
        """Give a ticket's call-backs, the open ones first."""
        from deskterm.storage.reads.in_hand import callbacks_of

        with self.store.reading() as database:
            return callbacks_of(database, number)

    def pairing(self, numbers: Sequence[int], goal: int, *, merges: bool) -> Pairing:
        """Give what a person should know before tickets go into another, or are linked to it.

        Raises NotFoundError.
        """
        from deskterm.storage.reads import board

        with self.store.reading() as database:
            goal = survivor(database, goal)
            rows = {row.id: row for row in board.rows(database, [*numbers, goal])}
            whose = reads.requesters(database, [*numbers, goal])
        others = [one for one in numbers if one in rows and whose[one] != whose[goal]]
        working = (State.NEW, State.OPEN, State.WAITING)
        return Pairing(
            rows[goal],
            tuple(f"#{one} {rows[one].requester}" for one in others),
            merges
            and rows[goal].state in (State.CLOSED, State.CANCELLED)
            and any(rows[one].state in working for one in numbers if one in rows),
        )

    def beside(self, number: int, others: Sequence[int]) -> set[int]:
        """Give those of other tickets that belong to the same client: all, where there is none."""
        from deskterm.storage.reads.clients import beside, of_ticket

        with self.store.reading() as database:
            return beside(database, of_ticket(database, number), others)

    # --- before something is done ---------------------------------------------------------

    def ending(self, numbers: Sequence[int]) -> Ending:
        """Give what is answered already of tickets that shall be closed."""
        with self.store.reading() as database:
            return reads.ending(database, numbers)

    def people_told(self, numbers: Sequence[int]) -> int:
        """Give how many people a public change of these tickets would write to."""
        with self.store.reading() as database:
            return reads.people_told(database, numbers)

    def unread(self, numbers: Sequence[int]) -> tuple[str, ...]:
        """Give the addresses an answer would go to that say themselves that nobody reads them."""
        with self.store.reading() as database:
            return tuple(filter(is_no_reply, reads.addresses_told(database, numbers)))

    def file(self, attachment: int) -> tuple[str, bytes]:
        """Give (foreign name, bytes) of an attachment; raises NotFoundError."""
        with self.store.reading() as database:
            found = reads.attachment(database, attachment)
        if found is None:
            raise NotFoundError(f"there is no attachment {attachment}.")
        return found

    # --- units of work --------------------------------------------------------------------

    @contextmanager
    def working(self, kind: str, how: How = NOW) -> Iterator[Work]:
        """Open a claimed unit of work in this technician's name, or in another's."""
        with self.store.work(how.actor or self.me, how.op_id, dry=how.dry) as work:
            work.claim(kind)
            ensure_technician(work.spine, work.actor, work)
            yield work

    def repeated(self, kind: str, operation: str) -> Done:
        """Tell what an operation that was done before had done."""
        return repeated(self.store, kind, operation)


def repeated(store: Store, kind: str, operation: str) -> Done:
    """Tell what an operation that was done before had done."""
    with store.reading() as database:
        found = Done(operation, kind, subjects_of(database, operation), repeated=True)
        gone = out_of_sight(database, operation)
    if not gone:
        return found
    return found._replace(
        subjects=(*(("ticket", one.ticket) for one in gone), *found.subjects),
        notes=tuple(handed([one.ticket], one.group) for one in gone if one.group),
        gone=tuple(one.ticket for one in gone),
    )


def done(
    kind: str,
    work: Work,
    touched: Iterable[int] | None = None,
    failed: Sequence[tuple[int, DeskError]] = (),
    notes: Sequence[str] = (),
) -> Done:
    """Give what the finished unit of work did.

    It touched the tickets `touched`, before whatever else its entries tell of; without them, all
    that its entries tell of.
    """
    tickets = {("ticket", number): None for number in touched or ()}
    others = {one: None for one in work.subjects if touched is None or one[0] != "ticket"}
    return Done(
        operation_id=work.id,
        kind=kind,
        subjects=tuple(tickets | others),
        changes=tuple(work.changes),
        failed=tuple((number, str(error), error.exit_code) for number, error in failed),
        letters=work.state(Written).letters,
        dry=work.dry,
        notes=(*left(work), *notes, *sentences(work)),
        gone=tuple(sorted(work.state(Leaving).to)),
    )


def ensure_technician(database: Database, login: str, work: Work) -> None:
    """Whoever acts is a technician from their first act on."""
    people.ensure_technician(database, login, work.at)


def _held(work: Work, chunk: Sequence[int], failed: Failures) -> Iterator[tuple[int, Hold]]:
    """Lock a chunk of tickets; a merged number stands for its survivor, once."""
    means = {number: number for number in chunk}
    holds = hold(work, sorted(means))
    merged = {
        number: survivor(work.spine, number)
        for number in means
        if number in holds and holds[number]["merged_into"] is not None
    }
    means |= merged
    missing = sorted(set(merged.values()) - set(holds))
    holds |= hold(work, missing) if missing else {}
    seen: set[int] = set()
    for number, meant in means.items():
        if meant not in holds:
            failed.append((number, NotFoundError(f"there is no ticket #{number}.")))
        elif meant not in seen:
            seen.add(meant)
            yield number, holds[meant]


def _raise(failed: Failures) -> None:
    """Nothing was done: a single refusal is its own error, several are one sentence."""
    if len({str(error) for _, error in failed}) == 1:
        raise failed[0][1]
    if failed:
        first = failed[0][1]
        sentences = " ".join(str(error) for _, error in failed[:5])
        more = f" … and {len(failed) - 5} more." if len(failed) > 5 else ""
        raise type(first)(f"none of {len(failed)} tickets was changed. {sentences}{more}")
    raise NotFoundError("no ticket was named.")
