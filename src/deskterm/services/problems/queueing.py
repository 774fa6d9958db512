"""The developer queue as a use case: which problem hurts most, and why (F3)."""

from deskterm.domain import clock
from deskterm.domain.problems import LIVE
from deskterm.reports.queue import Place, place, queue
from deskterm.storage.reads import problems as reads
from deskterm.storage.reads.queue import hurts, returned
from deskterm.storage.store import Store


def developer_queue(store: Store, words: str = "") -> list[Place]:
    """Give the live problems in the order of what they cost; `words` keeps those they fit.

    Each word must be in the title, product, site, category or owner.
    """
    now = clock.now()
    wanted = words.casefold().split()
    with store.reading() as database, database.snapshot():
        tickets, back = hurts(database, now), returned(database)
        found = [
            place(view, tickets.get(view.id, ()), now, back.get(view.id, 0))
            for view in (reads.view(database, row.id) for row in reads.rows(database))
            if view.state in LIVE
        ]
    return [one for one in queue(found) if _fits(one, wanted)]


def _fits(one: Place, words: list[str]) -> bool:
    view = one.problem
    told = f"{view.title} {view.product} {view.site} {view.category} {view.owner}".casefold()
    return all(word in told for word in words)
