"""The developer queue as a use case: which problem hurts most, and why (F3)."""

from deskterm.domain import clock
from deskterm.reports.queue import Place, Wanted, place, queue
from deskterm.storage.reads.queue import cases, hurts, returned
from deskterm.storage.store import Store


def developer_queue(store: Store, asked: str = "") -> list[Place]:
    """Give the live problems in the order of what they cost; `asked` keeps those it fits.

    See `Wanted.read`: with a group or an organisation only their tickets count. UsageError.
    """
    now, wanted = clock.now(), Wanted.read(asked)
    with store.reading() as database, database.snapshot():
        tickets, back, known = hurts(database, now), returned(database), cases(database)
    found = []
    for case in filter(wanted.fits, known):
        own = [one for one in tickets.get(case.id, ()) if wanted.counts(one)]
        if own or not (wanted.group or wanted.org):
            found.append(place(case, own, now, back.get(case.id, 0)))
    return queue(found)
