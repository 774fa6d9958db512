"""The jobs: inbox, outbox and waking tickets, done by whichever process holds the lease."""

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4, uuid5

from deskterm.domain import clock
from deskterm.domain.mail_rows import Asked, JobsDone, Sent
from deskterm.domain.verbs import Resume
from deskterm.domain.vocabulary import State
from deskterm.services.announcements.telling import Announcing
from deskterm.services.audit import Sealing
from deskterm.services.counting import Counting
from deskterm.services.inbox.inbox import Inbox
from deskterm.services.letters import Letters
from deskterm.services.looking import Bursting, Feeding, Verifying
from deskterm.services.means.recurring import Recurring
from deskterm.services.measuring import Measuring
from deskterm.services.outbox.outbox import Outbox
from deskterm.services.outbox.turn import Aside, Turn
from deskterm.services.overdue import Overdue, Troubles, remind, tell_visits
from deskterm.services.reminders import Reminders, Surveys
from deskterm.services.retaining import Retaining
from deskterm.services.rhythm import OPERATIONS, Rhythm
from deskterm.services.telling import Telling
from deskterm.services.tickets.act import Act
from deskterm.services.times import Forgotten
from deskterm.services.triage.accepting import FillingIn
from deskterm.services.triage.learning import LEARNING, Learning
from deskterm.storage.leases import give_back, hold_lease
from deskterm.storage.mailboxes import troubles
from deskterm.storage.reads.asking import waits_over
from deskterm.storage.rights.standing import may_work
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import hold
from deskterm.storage.work import RepeatedError

_ASKING = timedelta(minutes=1)
_NAME = "jobs"
_BATCH = 200
_LEARNING = 5.0
"""Seconds that whoever comes by only now and then learns for, and counts for."""


def asked_nothing(turn: Turn) -> Asked:
    """Ask no tracker: this machine knows none."""
    del turn
    return Asked()


class Jobs:
    """What has to be done without anybody asking."""

    def __init__(
        self,
        store: Store,
        inbox: Inbox,
        outbox: Outbox,
        letters: Letters,
        turn: Callable[[], Turn] = Turn,
        trackers: Callable[[Turn], Asked] = asked_nothing,
    ) -> None:
        self._sending = Aside("outbox", lambda one: outbox.send(turn=one), Sent(), turn)
        """Sends so much a turn, and a slow server keeps no new mail waiting."""
        self._asking = Aside("trackers", trackers, Asked(), turn)
        """Asks outside trackers what is due, in the same way."""
        self._store = store
        self._letters = letters
        self._overdue = Overdue(store)
        self._bursting = Bursting(store)
        self._telling = Telling(store, letters.wait)
        self._learning = Learning(store)
        self._announcing = Announcing(store, letters)
        self._counting = Counting(store)
        self._measuring = Measuring(store)
        self._filling_in = FillingIn(store)
        self._verifying = Verifying(store)
        self._feeding = Feeding(store)
        self._forgotten = Forgotten(store, letters)
        self._recurring = Recurring(store, letters)
        self._retaining = Retaining(store)
        self._sealing = Sealing(store)
        self.seals = False
        """Whether the ledger is sealed every day: where a worker runs, not on every board."""
        self._asking_people = Rhythm(_ASKING)
        self._troubles = Troubles(store)
        self._inbox = inbox
        self._outbox = outbox
        self._may: bool | None = None
        self.holder = f"{socket.gethostname()[:80]}:{os.getpid()}:{uuid4().hex[:8]}"

    def run_once(self, idle: float = LEARNING) -> JobsDone:
        """Do a turn of what is due, where the lease is ours or free; safe to call at any time.

        Where nothing else is due, `idle` seconds of it go into learning.
        """
        if not self.hold():
            return self._standing(held=False)
        processed = self._inbox.process(limit=_BATCH)
        woken, asked, told = self.wake(), self._ask(), self._tell()
        sent, letters_due = self._sending.run()
        errands, errands_due = self._asking.run()
        self._feeding.run(clock.now())
        self._forgotten.run(clock.now())
        self._recurring.run(clock.now())
        self._measuring.run(clock.now())
        busy = letters_due or any(processed)
        learned = self._learning.run(clock.now(), LEARNING if busy else idle)
        filled_in = self._filling_in.run(clock.now())
        verified = self._verifying.run(clock.now())
        counted = self._counting.run()
        forgotten = self._retaining.run(clock.now())
        sealed = self._sealing.run(clock.now()) if self.seals else 0
        waits = letters_due or errands_due or sum(processed) >= _BATCH
        return self._standing(held=True)._replace(
            processed=processed,
            woken=woken,
            asked=asked,
            told=told,
            sent=sent,
            errands=errands,
            learned=learned,
            filled_in=filled_in,
            verified=verified,
            counted=counted,
            uncounted=self._counting.missing,
            forgotten=forgotten,
            sealed=sealed,
            more=waits or self._announcing.more or self._retaining.more,
        )

    def _standing(self, *, held: bool) -> JobsDone:
        """Give how mail stands, both ways, whoever does the jobs."""
        with self._store.reading() as database:
            trouble = troubles(database)
        mail = self._inbox.standing()
        return JobsDone(
            held=held,
            mailboxes=trouble,
            held_back=mail.held_back,
            of_machines=mail.of_machines,
            takes_mail=mail.takes_mail,
            outgoing=self._outbox.standing(),
        )

    def run_all(self) -> JobsDone:
        """Do turns until nothing more is due, for whoever comes by only now and then."""
        total = done = self.run_once()
        while done.more or self._sending.busy or self._asking.busy:
            self._sending.wait()
            self._asking.wait()
            done = self.run_once()
            total = total.then(done)
        more = self._learning.run(clock.now(), _LEARNING)
        counted = total.counted + self._counting.run(_LEARNING)
        left = self._counting.missing
        return total._replace(learned=total.learned + more, counted=counted, uncounted=left)

    def hold(self) -> bool:
        """Take or keep the lease for a minute; gives whether it is ours.

        Nothing is written while it holds well: a write would wake every open board. Where the
        server has roles only a worker does jobs: it alone knows what signs letters.
        """
        if not self.may:
            return False
        with self._store.reading() as database:
            return hold_lease(database, _NAME, self.holder, clock.now())

    @property
    def may(self) -> bool:
        """Whether whoever opened the desk may do the jobs at all, asked once."""
        if self._may is None:
            with self._store.reading() as database:
                self._may = may_work(database)
        return self._may

    def _ask(self) -> int:
        """Once a minute: ask whoever is to be asked (again); gives how many letters."""
        now = clock.now()
        if not self._asking_people.due(now):
            return 0
        remind(self._store, now)
        tell_visits(self._store, now)
        self._troubles.run(now)
        again = Reminders(self._store, self._letters).run(now)
        return again + Surveys(self._store, self._letters).run(now)

    def _tell(self) -> int:
        """Tell technicians of promises that end, and of all notices by mail; gives the letters."""
        self._overdue.run(clock.now())
        self._bursting.run(clock.now())
        return self._telling.run(clock.now()) + self._announcing.run(clock.now())

    def release(self) -> None:
        """Give the lease back, so that another process need not wait for it to end."""
        if not self._may:
            return
        with self._store.reading() as database:
            give_back(database, _NAME, self.holder)

    def wake(self) -> int:
        """Open again the tickets whose waiting time is over; gives how many."""
        with self._store.reading() as database:
            waiting = waits_over(database, clock.now(), _BATCH)
        return sum(self._wake(number, until) for number, until in waiting)

    def _wake(self, number: int, until: datetime) -> bool:
        operation = str(uuid5(OPERATIONS, f"wake {number} {until.isoformat()}"))
        try:
            with self._store.work("desk", operation) as work:
                work.claim("resume")
                held = hold(work, [number])[number]
                if held["state"] != State.WAITING or held["waiting_until"] != until:
                    return False
                asked = Resume(f"It waited until {until:%Y-%m-%d %H:%M} UTC.")
                Act(self._letters).do(held, asked)
        except RepeatedError:
            return False
        return True
