"""Using a solution on a ticket, and saying whether it worked (E2): plain SQL, one call each."""

from typing import Any

from deskterm.domain.errors import RefusedError
from deskterm.domain.rows import Done
from deskterm.domain.solutions import READERS
from deskterm.domain.vocabulary import Audience
from deskterm.services.solutions.on_ticket import choose, lock, offered, record, tell
from deskterm.services.solutions.reading import Reading
from deskterm.services.solutions.uses import read_use
from deskterm.storage.ticket.hold import Hold


class Using(Reading):
    """Use cases that join a solution to a ticket. Each takes `op_id`, `dry` and `guard`."""

    def use(self, ticket: int, number: int, **how: Any) -> Done:
        """Use a solution on a ticket: it is proposed and selected; nothing is sent."""

        def change(held: Hold) -> None:
            row = offered(held.work, number)
            if read_use(held.work.spine, number, held.id) is None:
                record(held, row, None)
            choose(held, number)
            tell(held, row, "used", "")

        done = self.tickets.operate("use", [ticket], change, **how)
        return done._replace(solutions=(number,))

    def send(self, ticket: int, number: int, **how: Any) -> Done:
        """Answer a ticket with a solution's words as they stand at this moment; it is used there.

        Raises RefusedError where it is archived, has no words, or is not for customers: what is
        retired before the lock is refused, what is retired after it was sent as it stood.
        """

        def change(held: Hold) -> None:
            row = offered(held.work, number)
            if row["audience"] not in READERS[Audience.ORGANISATION]:
                raise RefusedError(
                    f"S{number} is not published for customers: publish it for the organisation "
                    "or the public first, or use it and write your own answer."
                )
            words = "\n\n".join(part for part in (row["resolution"], row["tip"]) if part.strip())
            if not words:
                raise RefusedError(f"S{number} says nothing that helps yet: edit it first.")
            if read_use(held.work.spine, number, held.id) is None:
                record(held, row, None)
            choose(held, number)
            data = {"solution": number, "version": row["version"]}
            self.tickets.replied(held, words, data=data)

        done = self.tickets.operate("reply", [ticket], change, **how)
        return done._replace(solutions=(number,))

    def rate(self, ticket: int, number: int, worked: bool, note: str = "", **how: Any) -> Done:
        """Say that a solution worked on a ticket, or that it did not, which flags the solution."""

        def change(held: Hold) -> None:
            row = lock(held.work, number)
            record(held, row, worked, note)
            if worked:
                choose(held, number)
            elif held["solution_id"] == number:
                held.set(solution_id=None)
            tell(held, row, "worked" if worked else "did not work", note)

        done = self.tickets.operate("rate", [ticket], change, **how)
        return done._replace(solutions=(number,))
