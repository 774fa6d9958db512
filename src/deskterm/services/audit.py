"""The ledger sealed and verified: whether anything that was sealed has been altered since (§14)."""

import time
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid5

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import BusyError
from deskterm.domain.vocabulary import Event
from deskterm.services.acting import Acting
from deskterm.services.rhythm import OPERATIONS, Rhythm
from deskterm.storage import redactions, seals
from deskterm.storage.seals import Seal
from deskterm.storage.work import RepeatedError

if TYPE_CHECKING:
    from deskterm.storage.driver import Database
    from deskterm.storage.store import Store

_LOOK = timedelta(minutes=10)
_LATE = timedelta(days=3)
"""Whoever seals every day has missed some by then."""
_PATIENCE = 20.0
"""Seconds that transactions get to end before nothing is sealed."""


class Audit:
    """Use cases on seals; each begins with the hash of the one before, so none can be left out."""

    def __init__(self, desk: Acting) -> None:
        self._desk = desk

    def seals(self) -> list[Seal]:
        """Give every seal, the oldest first."""
        with self._desk.store.reading() as database:
            return seals.seals(database)

    def seal(self, how: How = NOW) -> Seal | None:
        """Seal what the ledger has gained since the last one; None where that is nothing.

        Raises BusyError where somebody's transaction is open for long: it may still write there.
        """
        with self._desk.store.reading() as database, database.patiently():
            known = seals.seals(database)
            after, before = (known[-1].upto, known[-1].hash) if known else (0, "")
            upto = _settled(database)
            found = seals.summed(database, before, after, upto)
        if found.entries <= (1 if known else 0):
            return None
        op_id = how.op_id or str(uuid5(OPERATIONS, f"seal after {after} {before}"))
        with self._desk.store.work(how.actor or self._desk.me, op_id, dry=how.dry) as work:
            work.claim("audit seal")
            data = {"after": after, "upto": upto, **found._asdict()}
            sealed = {"upto": (after, upto)}
            subject = (seals.KIND, 0)
            number = work.record(subject, Event.EDITED, found.hash, changes=sealed, data=data)
            return Seal(number, f"{work.at:%Y-%m-%d}", after, upto, *found)

    def standing(self, now: datetime) -> tuple[str, bool]:
        """Give in words how far the ledger is sealed, and whether that is well.

        Nobody need seal; whoever has begun misses it where a worker no longer does.
        """
        with self._desk.store.reading() as database:
            known = seals.seals(database)
            fresh = seals.since(database, known[-1]) if known else 0
        if not known:
            return "never sealed (audit seal; deskterm work does it every day)", True
        last = known[-1]
        late = fresh > 0 and last.day < f"{now - _LATE:%Y-%m-%d}"
        more = f", {fresh} entries since" if fresh > 0 else ""
        advice = ": is `deskterm work` running?" if late else ""
        return f"sealed on {last.day}{more}{advice}", not late

    def forgotten(self) -> int:
        """Give how many entries have lost their words by a redaction: these are not proven."""
        with self._desk.store.reading() as database:
            return redactions.many(database)

    def verify(self, since: date | None = None) -> list[str]:
        """Hash again what was sealed, of all seals or those since a day; a sentence for each wrong.

        An entry altered, taken out or put in later changes the hash; a seal taken out breaks the
        chain. Only whoever kept a printed hash elsewhere can tell that every seal was made anew.
        """
        wrong, before, end = [], "", 0
        with self._desk.store.reading() as database, database.patiently():
            for one in seals.seals(database):
                if one.after != end:
                    wrong.append(f"a seal is missing before that of {one.day}")
                if since is None or one.day >= since.isoformat():
                    found = seals.summed(database, before, one.after, one.upto)
                    if found.entries != one.entries:
                        wrong.append(
                            f"the seal of {one.day} covers {one.entries} entries, and there are "
                            f"{found.entries} (entries {one.after + 1} to {one.upto})"
                        )
                    elif found.hash != one.hash:
                        wrong.append(
                            f"something in entries {one.after + 1} to {one.upto} is not as it was "
                            f"sealed on {one.day}"
                        )
                before, end = one.hash, one.upto
        return wrong


def _settled(database: "Database") -> int:
    """Give how far the ledger goes, once nobody can write below that any more."""
    known, end = seals.mark(database), time.monotonic() + _PATIENCE
    while not seals.settled(database, known):
        if time.monotonic() > end:
            raise BusyError("somebody's transaction is open for long: seal again when it is over.")
        time.sleep(0.1)
    return known.upto


class Sealing:
    """The job of a worker: what the ledger gained is sealed once a day."""

    def __init__(self, store: "Store") -> None:
        self._audit = Audit(Acting(store, "desk"))
        self._rhythm = Rhythm(_LOOK)

    def run(self, now: datetime) -> int:
        """Seal where today nobody did; gives how many entries."""
        if not self._rhythm.due(now):
            return 0
        known = self._audit.seals()
        if known and known[-1].day >= f"{now:%Y-%m-%d}":
            return 0
        try:
            done = self._audit.seal()
        except (RepeatedError, BusyError):
            return 0
        return done.entries if done else 0
