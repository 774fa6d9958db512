"""Owners of devices that fit a known incident are told before they call (G5)."""

from typing import TYPE_CHECKING
from uuid import uuid4

from deskterm.domain.asking import NOW, How
from deskterm.domain.problems import OwnerRow, ProblemView
from deskterm.domain.rows import Done
from deskterm.services.problems.outbreaks import Outbreaks
from deskterm.services.tickets.operation import done
from deskterm.services.written import Written
from deskterm.storage import outbox, problems
from deskterm.storage.reads import problems as reads
from deskterm.storage.reads.problems import owners
from deskterm.storage.work import RepeatedError, Work

if TYPE_CHECKING:
    from deskterm.reports.queue import Place


class Problems(Outbreaks):
    """The use cases of problems, telling people among them."""

    def queue(self, asked: str = "") -> "list[Place]":
        """Give the developer queue: the live problems by what they cost (F3)."""
        from deskterm.services.problems.queueing import developer_queue

        return developer_queue(self.store, asked)

    def owners(self, number: int) -> list[OwnerRow]:
        """Give whose devices fit a problem, with whom has been told; raises NotFoundError."""
        with self.store.reading() as database, database.snapshot():
            return owners(database, reads.view(database, number))

    def letter(self, number: int) -> str:
        """Give the letter as it would be written, to nobody in particular."""
        from deskterm.mail.news import INCIDENT, write

        view = self.show(number)
        said = {"title": view.title, "workaround": view.workaround, "device": "…"}
        written = write(INCIDENT, said, "…", "")
        return f"{written.subject}\n\n{written.text.rstrip()}"

    def tell(self, number: int, how: How = NOW) -> Done:
        """Write one letter each to the owners who were not told and have no ticket of it.

        Once a person and problem: doing it again tells only who is new.
        """
        try:
            with self.tickets.working("tell", how) as work:
                problems.locked(work, number)
                view = reads.view(work.spine, number)
                wanted = [one for one in owners(work.spine, view) if not one.status and one.address]
                for one in wanted:
                    self._write(work, view, one)
                if wanted:
                    problems.told(work, number, {one.person_id: one.name for one in wanted})
                work.state(Written).letters += len(wanted)
        except RepeatedError as repeated:
            return self.tickets.repeated("tell", repeated.operation_id)
        return done("tell", work, ()).about("problem", number)

    def _write(self, work: Work, view: ProblemView, to: OwnerRow) -> None:
        from deskterm.mail.news import INCIDENT
        from deskterm.mail.tokens import message_id

        address, secret = self.tickets.letters.identity(work.spine)
        said = {"title": view.title, "workaround": view.workaround, "device": to.device}
        outbox.queue(
            work,
            outbox.NewLetter(
                recipient=to.address,
                recipient_name=to.name,
                template=INCIDENT,
                message_id=message_id(0, uuid4().hex, secret, address.rpartition("@")[2]),
                not_before=work.at + self.tickets.letters.wait,
                person_id=to.person_id,
                data=said,
            ),
        )
