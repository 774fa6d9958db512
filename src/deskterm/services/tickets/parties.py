"""Who a ticket concerns: whose it is, confirmed after a forward, and who hears of it (§1.8–9)."""

from collections.abc import Sequence
from typing import Any

from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.rows import Done
from deskterm.domain.vocabulary import Event
from deskterm.services.letters import Letters
from deskterm.services.tickets.operation import Operating
from deskterm.storage import people
from deskterm.storage.ticket.hold import Hold


class Parties(Operating):
    """Use cases on requester and watchers."""

    def confirm_requester(self, targets: Sequence[int], **how: Any) -> Done:
        """Say that whoever a forwarded mail names is the requester: now they are written to."""

        def change(held: Hold) -> None:
            if not held["requester_unsure"]:
                raise RefusedError(f"#{held.id}: nobody doubts who its requester is.")
            held.set(requester_unsure=False)
            held.write(Event.CHANGED)
            welcome(self.letters, held)

        return self.operate("set", targets, change, **how)

    def watch(
        self, targets: Sequence[int], add: Sequence[str] = (), drop: Sequence[str] = (), **how: Any
    ) -> Done:
        """Let people hear of tickets from now on, or no more; unknown addresses are made known."""
        if not [*add, *drop]:
            raise UsageError("who shall hear of it, or no more? Give an address or a name.")

        def change(held: Hold) -> None:
            for who in add:
                person = people.person_for(held.work, who)
                if person != held["requester_id"]:
                    held.put(f"watcher.{person}", True)
            for who in drop:
                person = people.find_person(held.work.spine, who)
                if held.get(f"watcher.{person}") is None:
                    raise RefusedError(f"#{held.id}: {who} does not watch it.")
                held.put(f"watcher.{person}", None)
            held.write(Event.CHANGED)

        return self.operate("set", targets, change, **how)


def welcome(letters: Letters, held: Hold) -> None:
    """Acknowledge a ticket to a requester who could not be told before they were known."""
    row = held.work.spine.one(
        "SELECT min(id) AS id FROM ledger WHERE kind = 'ticket' AND subject_id = :id "
        "AND event = 'opened'",
        id=held.id,
    )
    if row is not None and row["id"] is not None:
        letters.tell_requester(held, "opened", row["id"])
