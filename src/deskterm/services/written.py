"""What a unit of work has written to people, what it has read of those it writes to.

And what whoever asked for it should know besides.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.domain.vocabulary import PROCESSES
from deskterm.storage import outbox
from deskterm.storage.people import Introduced
from deskterm.storage.reads import recipients as reads
from deskterm.storage.reads.recipients import Recipient
from deskterm.storage.ticket.hold import Hold, Leaving, hidden_groups
from deskterm.storage.work import State, Work

LATELY = timedelta(hours=10)
"""So far back it is looked what somebody got about a ticket."""
HOUR = timedelta(hours=1)
_Told = tuple[Sequence[Recipient], Mapping[str, Sequence[datetime]]]
"""Whom a ticket concerns, and when letters about it were written to which address."""


class Told(NamedTuple):
    """A letter of this unit of work."""

    message_id: str
    entries: tuple[int, ...]
    """The ledger entries it tells of."""


class Written(State):
    """Letters of one unit of work, and whom none of them reaches."""

    def __init__(self) -> None:
        self.letters = 0
        """How many were written."""
        self.told: dict[tuple[int, int], Told] = {}
        """(ticket, person) → the letter to them."""
        self.silent: list[int] = []
        """Tickets whose reply reached nobody, because no address is known."""
        self.unreached: list[tuple[int, str]] = []
        """(ticket, address) of letters not written, because they only come back."""
        self.unread: list[tuple[int, str]] = []
        """(ticket, address) of answers to an address that says itself that nobody reads it."""
        self.notes: dict[str, None] = {}
        """Sentences for whoever asked, in order."""
        self.undeclared: dict[str, None] = {}
        """Fields that nobody has declared and that are kept all the same."""


class Addressed(State):
    """What one unit of work has read of recipients.

    What is asked of one ticket is read for all that were locked together with it, in one trip.
    """

    def __init__(self) -> None:
        self._people: dict[int, Recipient] = {}
        """Of tickets that this unit of work opens."""
        self._acknowledged: dict[int, int] = {}
        self._told: dict[int, _Told] = {}
        self._apart: set[int] = set()
        """Tickets that letters were written about: each is read by itself from then on."""

    def meet(self, people: Iterable[Recipient]) -> None:
        """Keep people with their addresses who were read for another reason."""
        self._people |= {one.id: one for one in people}

    def recipients(self, held: Hold) -> Sequence[Recipient]:
        """Give the requester and the watchers of a ticket who have an address."""
        if held.fresh:
            return self._of_new(held)
        if held.changed("requester_id", "watcher"):
            self.forget(held)
        return self._read(held)[0]

    def written(self, held: Hold, address: str) -> Sequence[datetime]:
        """Give when letters about a ticket were written to an address lately, in any order."""
        return self._read(held)[1].get(address, ())

    def acknowledged(self, held: Hold, person: int) -> int:
        """Give how many letters of the last hour told a person no more than that a mail came."""
        if person not in self._acknowledged:
            asked = outbox.acknowledged_asked(person, held.work.at - HOUR)
            ((row,),) = held.work.spine.together(asked)
            self._acknowledged[person] = int(row["n"])
        return self._acknowledged[person]

    def forget(self, held: Hold) -> None:
        """Read a ticket anew at the next question: a letter about it was written."""
        self._apart.add(held.id)
        self._told.pop(held.id, None)

    def _read(self, held: Hold) -> _Told:
        if held.id not in self._told:
            many = (held.id,) if held.id in self._apart else held.beside
            people, written = held.work.spine.together(
                reads.recipients_asked(many),
                outbox.written_asked(many, held.work.at - LATELY),
            )
            concerned, told = reads.recipients(people), outbox.written(written)
            self._told |= {one: (concerned.get(one, ()), told.get(one, {})) for one in many}
        return self._told[held.id]

    def _of_new(self, held: Hold) -> list[Recipient]:
        """Give whom a new ticket concerns: that is known, only their addresses may not be."""
        wanted = {held["requester_id"], *map(int, held.named("watcher"))} - {None}
        missing = sorted(wanted - self._people.keys())
        if missing:
            mailed = missing if held.work.actor in PROCESSES else []
            asked = [outbox.acknowledged_asked(one, held.work.at - HOUR) for one in mailed]
            rows, *counts = held.work.spine.together(reads.people_asked(missing), *asked)
            self.meet(reads.people(rows))
            for one, count in zip(mailed, counts, strict=True):
                self._acknowledged[one] = int(count[0]["n"])
        return [self._people[one] for one in sorted(wanted) if one in self._people]


# --- what whoever asked should know besides ---------------------------------------------


def sentences(work: Work) -> Iterator[str]:
    """Say what whoever asked should know of a unit of work besides what it did."""
    yield from _introduced(work)
    yield from _undeclared(work)
    yield from _nobody_told(work)


def left(work: Work) -> Iterator[str]:
    """Say which tickets went to a group whose tickets whoever acts does not see."""
    there: dict[int, list[int]] = {}
    for number, group in sorted(work.state(Leaving).to.items()):
        there.setdefault(group, []).append(number)
    for group, numbers in there.items():
        yield handed(numbers, work.once(hidden_groups)[group])


def handed(numbers: Sequence[int], group: str) -> str:
    """Say that tickets were handed to a group whose tickets whoever did it does not see."""
    named = ", ".join(f"#{number}" for number in numbers[:3])
    more = f" and {len(numbers) - 3} more" if len(numbers) > 3 else ""
    them = "it" if len(numbers) == 1 else "them"
    return f"{named}{more}: handed to {group}; you no longer see {them}."


def _introduced(work: Work) -> Iterator[str]:
    """Say who is new here, and who was taken for what was typed only in part."""
    met = work.state(Introduced)
    for typed, name in met.guessed.items():
        yield f"{typed!r} was taken for {name}."
    if met.new:
        more = f" and {len(met.new) - 5} more" if len(met.new) > 5 else ""
        yield f"Somebody new: {', '.join(met.new[:5])}{more}."
    if met.things:
        more = f" and {len(met.things) - 5} more" if len(met.things) > 5 else ""
        yield f"Made, for nothing here was called so: {', '.join(met.things[:5])}{more}."


def _undeclared(work: Work) -> Iterator[str]:
    """Say which fields nobody has declared: they are kept, and may be slips."""
    for name in list(work.state(Written).undeclared)[:5]:
        yield f"No field {name!r} is declared (`deskterm field list`); it is kept all the same."


def _nobody_told(work: Work) -> Iterator[str]:
    """Say whom no letter reaches: a technician must know that silence is not consent."""
    written = work.state(Written)
    yield from written.notes
    for number, address in dict.fromkeys(written.unreached):
        yield f"#{number}: letters to {address} come back; they were not told."
    for number, address in dict.fromkeys(written.unread):
        yield f"#{number}: {address} says itself that nobody reads it; tell them another way."
    lost = {number for number, _ in written.unreached}
    for number in written.silent:
        if number not in lost:
            yield f"#{number}: no address is known; nobody was told."
