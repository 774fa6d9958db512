"""Call-backs that come due: whoever promised one is told when its time has come, once (B5)."""

from datetime import datetime, timedelta
from uuid import uuid5

from deskterm.domain.news import Kind, News
from deskterm.services.inbox.process import OPERATIONS
from deskterm.storage.reads import promised
from deskterm.storage.reads.ledger import done_before
from deskterm.storage.store import Store
from deskterm.storage.ticket.news import store as keep
from deskterm.storage.ticket.news import with_deputies
from deskterm.storage.work import RepeatedError

_LATE = timedelta(days=1)
"""Call-backs that came due longer ago were told before; they stand on the board."""


def remind(store: Store, now: datetime) -> int:
    """Tell owners, and whoever stands in for them, of call-backs that are due; gives how many."""
    with store.reading() as database:
        due = promised.callbacks(database, now, due=True)
    told = 0
    for one in due:
        if now - one.at < _LATE:
            name = f"call-back {one.ticket_id} {one.number} {one.owner} {one.at.isoformat()}"
            told += _tell(store, name, News(one.owner, Kind.DUE, True, one.ticket_id, 0))
    return told


def _tell(store: Store, name: str, news: News) -> bool:
    """Write one notice under an id of its own, so that it is written once."""
    operation = str(uuid5(OPERATIONS, name))
    with store.reading() as database:
        if done_before(database, [operation]):
            return False
    try:
        with store.work("desk", operation) as work:
            work.claim("call-back")
            keep(work, with_deputies(work, [news]))
    except RepeatedError:
        return False
    return True
