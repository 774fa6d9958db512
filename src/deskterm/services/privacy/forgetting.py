"""Forgetting somebody: one operation that covers their words everywhere and cannot be undone."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import RefusedError
from deskterm.domain.vocabulary import Event
from deskterm.storage import forgetting
from deskterm.storage.names import number_of
from deskterm.storage.people import find_person
from deskterm.storage.redactions import Pen
from deskterm.storage.whom import client, technician_with, whom

if TYPE_CHECKING:
    from deskterm.domain.rows import Done
    from deskterm.services.acting import Acting
    from deskterm.storage.driver import Database
    from deskterm.storage.whom import Whom
    from deskterm.storage.work import Work

KIND = "forgotten"
"""Of the ledger entry that tells of it: it has no name in it, and is never put back."""
KEPT = (
    "Kept: the numbers, times, states, categories and figures of tickets, what technicians wrote "
    "(without the names), where the person belonged (department, site, organisation), and who did "
    "what in the ledger. Backups made before still hold everything."
)


class Forgetting:
    """Use cases of forgetting."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def person(self, who: str, how: How = NOW) -> "Done":
        """Forget somebody: by an address, a name or `#number`; `notes` say what is gone and kept.

        Raises NotFoundError, RefusedError for somebody who works here now.
        """

        def find(database: "Database") -> "Whom":
            return whom(database, [find_person(database, who)])

        return self._forget("forget person", find, how)

    def client(self, name: str, how: How = NOW) -> "Done":
        """Forget a client: its people, tickets, and all that belongs to it.

        Raises NotFoundError, RefusedError where somebody of it works here now.
        """

        def find(database: "Database") -> "Whom":
            return client(database, number_of(database, "organisation", name))

        return self._forget("forget client", find, how)

    def _forget(self, kind: str, find: Callable[["Database"], "Whom"], how: How) -> "Done":
        notes: list[str] = []

        def change(work: "Work") -> None:
            one = find(work.spine)
            works_here = technician_with(work.spine, one)
            if works_here is not None:
                raise RefusedError(
                    f"{works_here} works here: say `deskterm technician set {works_here} "
                    "--inactive` first; what they did as a technician stays in the ledger."
                )
            forgetting.overwrite(work.spine)
            counts = forgetting.forget(Pen(work), one)
            forgetting.sweep(work.spine)
            data: dict[str, object] = dict(counts)
            work.record((KIND, one.people[0] if one.people else 0), Event.EDITED, data=data)
            said = forgetting.counted(counts) or "nothing was left of them"
            notes.extend((f"{'Would be covered' if how.dry else 'Covered'}: {said}.", KEPT))

        done = self._desk.do(kind, how, change)
        return done._replace(notes=(*done.notes, *notes))
