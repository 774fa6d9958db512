"""The ledger sealed and verified: whether anything that was sealed has been altered since (§14)."""

from datetime import date
from typing import TYPE_CHECKING

from deskterm.domain.asking import NOW, How
from deskterm.domain.vocabulary import Event
from deskterm.storage import seals
from deskterm.storage.seals import Seal

if TYPE_CHECKING:
    from deskterm.services.acting import Acting


class Audit:
    """Use cases on seals; each begins with the hash of the one before, so none can be left out."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def seals(self) -> list[Seal]:
        """Give every seal, the oldest first."""
        with self._desk.store.reading() as database:
            return seals.seals(database)

    def seal(self, how: How = NOW) -> Seal | None:
        """Seal what the ledger has gained since the last one; None where that is nothing."""
        with self._desk.store.reading() as database, database.patiently():
            known = seals.seals(database)
            after, before = (known[-1].upto, known[-1].hash) if known else (0, "")
            upto = seals.newest(database)
            found = seals.summed(database, before, after, upto)
        if found.entries <= (1 if known else 0):
            return None
        with self._desk.work("audit seal", how) as work:
            data = {"after": after, "upto": upto, **found._asdict()}
            sealed = {"upto": (after, upto)}
            subject = (seals.KIND, 0)
            number = work.record(subject, Event.EDITED, found.hash, changes=sealed, data=data)
            return Seal(number, f"{work.at:%Y-%m-%d}", after, upto, *found)

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
