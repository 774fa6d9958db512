"""What a technician lets go from one client to another: asked, and kept in the ledger (I10).

Each function raises AcrossClientsError where it would cross and nobody said that it may, and gives
what the ledger entry keeps of it: nothing where it stays within one client.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from deskterm.domain.clients import Clients
from deskterm.storage.reads import clients as reads

if TYPE_CHECKING:
    from deskterm.storage.ticket.hold import Hold
    from deskterm.storage.work import Work

ACROSS = "across"
"""Under this word the ledger keeps that something crossed, with the sentence that was said."""
Kept = Mapping[str, object]
_NOTHING: Kept = {}


def of_work(work: "Work") -> Clients:
    """Give the clients of the desk, read once a transaction."""
    return work.once(reads.clients)


def whose(held: "Hold") -> int | None:
    """Give the organisation that a held ticket belongs to, also before it is stored."""
    if held["organisation_id"] is not None:
        return int(held["organisation_id"])
    return reads.of_person(held.work.spine, held["requester_id"])


def tickets(held: "Hold", other: int, what: str, *, across: bool) -> Kept:
    """Two tickets are tied: whoever reads one reads of the other."""
    known = of_work(held.work)
    if not known.walls:
        return _NOTHING
    whose = reads.of_tickets(held.work.spine, (held.id, other))
    said = known.check_same(
        f"#{held.id} {what} #{other}", whose[held.id], whose.get(other), across=across
    )
    return _kept(said)


def to_ticket(held: "Hold", what: str, source: int | None, *, across: bool) -> Kept:
    """Something that belongs to an organisation reaches a ticket: a solution, a problem."""
    known = of_work(held.work)
    if not known.walls:
        return _NOTHING
    target = reads.of_ticket(held.work.spine, held.id)
    return _kept(known.check(what, source, target, across=across))


def from_ticket(held: "Hold", person: int, *, across: bool) -> Kept:
    """A ticket's words reach somebody: a watcher, another requester."""
    known = of_work(held.work)
    if not known.walls:
        return _NOTHING
    source = reads.of_ticket(held.work.spine, held.id)
    target = reads.of_person(held.work.spine, person)
    return _kept(known.check(f"#{held.id}", source, target, across=across))


def to_people(
    work: "Work", what: str, source: int | None, people: Collection[int], *, across: bool
) -> Kept:
    """Something that belongs to an organisation is told to people."""
    known = of_work(work)
    if known.whose(source) is None:
        return _NOTHING
    whose = reads.of_people(work.spine, people)
    foreign = [one for one in whose.values() if not known.reaches(source, one)]
    return _kept(known.check(what, source, foreign[0], across=across)) if foreign else _NOTHING


def apart(work: "Work", what: str, one: int | None, other: int | None, *, across: bool) -> Kept:
    """Two people, problems or organisations become one."""
    return _kept(of_work(work).check_same(what, one, other, across=across))


def owned(work: "Work", values: Mapping[str, object], tickets: Sequence[int]) -> dict[str, object]:
    """Give the facts of something new: it belongs to the one client that its tickets are of."""
    if "organisation_id" in values or not tickets:
        return dict(values)
    return {**values, "organisation_id": reads.of_all_tickets(work.spine, tickets)}


def _kept(said: str) -> Kept:
    return {ACROSS: said} if said else _NOTHING
