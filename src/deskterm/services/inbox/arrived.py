"""A mail as filing sees it: parsed, with how it came; and what became of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.mail.parsed import ParsedMail
from deskterm.mail.reply import NewWords, new_words
from deskterm.services.inbox.receive import IMPORTED
from deskterm.storage.inbox import SameKey


class Mail(NamedTuple):
    """A parsed mail with what is known of how it came."""

    id: int
    parsed: ParsedMail
    mailbox: str
    key: str
    envelope_from: str
    envelope_to: tuple[str, ...]
    received_at: datetime
    same_id: Sequence[SameKey] = ()
    """Others of its Message-ID."""
    words: NewWords | None = None
    """Its new words beside what we sent on its ticket; None before that is looked at."""
    refused: str = ""
    """Why what a technician asks for in it could not be done: then it is a note."""

    @property
    def silent(self) -> bool:
        """Whether nobody is told of it: machine mail is never answered, history neither."""
        return self.parsed.is_auto or self.mailbox == IMPORTED

    @property
    def opened_at(self) -> datetime:
        """When its ticket was opened: on arrival; for history, when it says it was written."""
        written = self.parsed.date
        if self.mailbox == IMPORTED and written is not None:
            return min(written, self.received_at)
        return self.received_at

    @property
    def own_words(self) -> NewWords:
        """What its writer added to what they quote."""
        return self.words if self.words is not None else new_words(self.parsed)

    def recipients(self) -> Iterator[str]:
        """Give every address it was sent to that may carry a token, the surest first."""
        boxes = (box.address for box in (*self.parsed.to, *self.parsed.cc))
        for address in (*self.envelope_to, *self.parsed.delivered_to, *boxes):
            if "+" in address:
                yield address


class Filed(NamedTuple):
    """What became of a mail."""

    state: str
    reason: str
    ticket: int | None = None


class Sender(NamedTuple):
    """Who a mail says it is from: an address, and the person it belongs to where one is known."""

    address: str
    """Empty where a machine names none."""
    person: int | None
    opened_lately: bool = False
    """Whether they opened a ticket of that subject within the hour."""
