"""Offering remedies and recording the customer's choice (B6). Kept in the ledger: the last
offer that was not undone holds, and the last choice after it."""

import json
from collections.abc import Sequence
from typing import Any

from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.remedies import MOST, Offer, Remedy, offer_words, remedy_words
from deskterm.domain.rows import Done
from deskterm.domain.text import storable
from deskterm.domain.vocabulary import Event, Step
from deskterm.services.solutions.reading import Reading
from deskterm.services.tickets.steps import mark
from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.reads.timeline import undone_operations
from deskterm.storage.ticket.hold import Hold, survivor


class Remedies(Reading):
    """Use cases of choices. Each takes `op_id`, `dry` and `guard`."""

    def offer(
        self, ticket: int, remedies: Sequence[Remedy], *, letter: bool = True, **how: Any
    ) -> Done:
        """Offer remedies, numbered, in a letter to the requester; step 5 is done.

        `letter=False`: they were told otherwise, only the record is kept.
        """
        if not 1 <= len(remedies) <= MOST:
            raise UsageError(f"offer 1 to {MOST} remedies.")
        words = offer_words(remedies)
        data = {"remedies": [list(one) for one in remedies]}

        def change(held: Hold) -> None:
            mark(held, Step.PROPOSE)
            if letter:
                self.tickets.replied(held, words, data=data)
            else:
                held.write(Event.STEPPED, words, data=data)

        return self.tickets.operate("reply" if letter else "step", [ticket], change, **how)

    def choose(
        self, ticket: int, number: int, by: str = "customer", means: str = "", **how: Any
    ) -> Done:
        """Record which remedy was chosen, by whom and how the consent was given; step 6 is done.

        Raises RefusedError where nothing was offered, UsageError for a number not offered.
        """
        who, told = (" ".join(storable(text).split())[:200] for text in (by, means))

        def change(held: Hold) -> None:
            offer = _offer(held.work.spine, held.id)
            if offer is None:
                raise RefusedError(f"nothing was offered on #{held.id}: `ticket offer` does.")
            if not 1 <= number <= len(offer.remedies):
                raise UsageError(f"{number}? Choose 1 to {len(offer.remedies)}.")
            mark(held, Step.SELECT)
            words = f"chosen by {who or 'customer'}: {number}. "
            words += remedy_words(offer.remedies[number - 1]) + (f", told {told}" if told else "")
            data = {"remedy": number, "by": who or "customer", "how": told}
            held.write(Event.STEPPED, words, data=data)

        return self.tickets.operate("step", [ticket], change, **how)

    def offered(self, ticket: int) -> Offer | None:
        """Give what was last offered on a ticket and what was chosen; None: nothing was."""
        with self.store.reading() as database, database.snapshot():
            return _offer(database, survivor(database, ticket))


def _offer(database: Database, ticket: int) -> Offer | None:
    rows = database.all(
        "SELECT at, actor, operation_id, data FROM ledger WHERE kind = 'ticket' "
        "AND subject_id = :id AND event IN ('replied', 'stepped') AND data <> '{}' ORDER BY id",
        id=ticket,
    )
    undone = undone_operations(database, {row["operation_id"] for row in rows})
    offer: Offer | None = None
    for row in rows:
        if row["operation_id"] not in undone:
            offer = _read(row, offer)
    return offer


def _read(row: Row, offer: Offer | None) -> Offer | None:
    """Give the offer as it stands after an entry."""
    data, at = json.loads(row["data"]), moment(row["at"])
    if "remedies" in data:
        return Offer(at, row["actor"], tuple(Remedy(*one) for one in data["remedies"]))
    if "remedy" in data and offer is not None:
        return offer._replace(
            chosen=data["remedy"], chosen_by=data["by"], how=data["how"], chosen_at=at
        )
    return offer
