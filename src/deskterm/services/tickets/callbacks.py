"""Call-backs promised to customers (B5): what is open, and what is due."""

from deskterm.domain import clock
from deskterm.domain.promised_rows import CallBackRow
from deskterm.services.tickets.reading import Reading
from deskterm.storage.reads import promised


class CallBacks(Reading):
    """Reads of promised call-backs."""

    def call_backs(self, *, due: bool = False, everybody: bool = True) -> list[CallBackRow]:
        """Give open call-backs, the earliest first: all or those due, everybody's or one's own."""
        with self.store.reading() as database:
            owner = None if everybody else self.me
            return promised.callbacks(database, clock.now(), due=due, owner=owner)

    def call_backs_of(self, number: int) -> list[CallBackRow]:
        """Give a ticket's call-backs, the open ones first."""
        with self.store.reading() as database:
            return promised.callbacks_of(database, number)
