"""One verb on one or many tickets as one operation: lock, ask the rules, change, write once."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from deskterm.domain import lifecycle
from deskterm.domain.asking import NOW, How, Request
from deskterm.domain.errors import DeskError, NotFoundError
from deskterm.domain.rows import Done
from deskterm.services.letters import Letters
from deskterm.services.tickets.act import Act
from deskterm.services.written import Written
from deskterm.storage import people
from deskterm.storage.driver import Database
from deskterm.storage.reads.ledger import subjects_of
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import Hold, check_seen, hold, survivor
from deskterm.storage.work import RepeatedError, Work

CHUNK = 500
Failures = list[tuple[int, DeskError]]


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


class Operating:
    """The base of every ticket use case: whose desk, whose letters, and how a verb is run."""

    def __init__(self, store: Store, me: str, letters: Letters) -> None:
        self.store = store
        self.me = me
        self.letters = letters

    def do(self, targets: Sequence[int], asked: Request, how: How = NOW) -> Done:
        """Do what is asked for on tickets, as one operation; see `operate`."""

        def change(held: Hold, act: Act) -> None:
            act.do(held, asked)

        return self.operate(asked.verb, targets, change, how, asked.changes)

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
        run = _Run(Act(self.letters), how)
        try:
            with self.working(kind, how.op_id, dry=how.dry, actor=how.actor) as work:
                run.act.others = hold(work, sorted({survivor(work.spine, n) for n in others}))
                for start in range(0, len(wanted), CHUNK):
                    for number, held in _held(work, wanted[start : start + CHUNK], run.failed):
                        run.one(kind, number, held, change)
                run.check()
        except RepeatedError as repeated:
            return self.repeated(kind, repeated.operation_id)
        return run.done(kind, work)

    @contextmanager
    def working(
        self, kind: str, op_id: str | None, *, dry: bool = False, actor: str | None = None
    ) -> Iterator[Work]:
        """Open a claimed unit of work in this technician's name, or in another's."""
        with self.store.work(actor or self.me, op_id, dry=dry) as work:
            work.claim(kind)
            ensure_technician(work.spine, work.actor, work)
            yield work

    def repeated(self, kind: str, operation: str) -> Done:
        """Tell what an operation that was done before had done."""
        return repeated(self.store, kind, operation)


def repeated(store: Store, kind: str, operation: str) -> Done:
    """Tell what an operation that was done before had done."""
    with store.reading() as database:
        return Done(operation, kind, subjects_of(database, operation), repeated=True)


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
        notes=(*notes, *_nobody_told(work)),
    )


def _nobody_told(work: Work) -> Iterator[str]:
    """Say whom no letter reaches: a technician must know that silence is not consent."""
    written = work.state(Written)
    for number, address in dict.fromkeys(written.unreached):
        yield f"#{number}: letters to {address} come back; they were not told."
    lost = {number for number, _ in written.unreached}
    for number in written.silent:
        if number not in lost:
            yield f"#{number}: no address is known; nobody was told."


def ensure_technician(database: Database, login: str, work: Work) -> None:
    """Whoever acts is a technician from their first act on."""
    people.ensure_technician(database, login, work.at)


def _held(work: Work, chunk: Sequence[int], failed: Failures) -> Iterator[tuple[int, Hold]]:
    """Lock a chunk of tickets; a merged number stands for its survivor, once."""
    means: dict[int, int] = {}
    for number in chunk:
        try:
            means[number] = survivor(work.spine, number) if len(chunk) == 1 else number
        except NotFoundError as error:
            failed.append((number, error))
    holds = hold(work, sorted(set(means.values())))
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


def changes_of(row_text: str) -> dict[str, tuple[object, object]]:
    """Read a ledger entry's changes."""
    return {key: (pair[0], pair[1]) for key, pair in json.loads(row_text).items()}
