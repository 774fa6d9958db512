"""Accept first: raw bytes and a key are committed before anybody reads them (semantics.md §1.1–2).

Nothing of the mail but its Message-ID is looked at here, and no parser is loaded.
"""

import re
from collections.abc import Callable, Iterable
from hashlib import sha256

from deskterm.domain import clock
from deskterm.domain.errors import DatabaseError, RefusedError, TemporaryError
from deskterm.domain.mail_rows import Accepted
from deskterm.domain.patterns import pattern
from deskterm.domain.text import storable
from deskterm.storage import inbox
from deskterm.storage.driver import Database
from deskterm.storage.inbox import Came
from deskterm.storage.mailbox_choice import mailbox_for
from deskterm.storage.store import Store

IMPORTED = "import"
"""The mailbox of mails brought in by `mail import`: they are history, nobody is answered."""
SIZE_CAP = 500_000_000
"""More than this no database keeps in one row."""
_KEY_CAP = 400
_HEADERS = 256 * 1024
_BLANK = pattern(rb"\n\r?\n")
_MESSAGE_ID = pattern(
    rb"(?:\A|\n)message-id[ \t]{0,20}:\s{0,80}(?:<([^<>\r\n]{1,990})>|([^\s<>]{1,990}))",
    re.IGNORECASE,
)


def receive(
    store: Store,
    raw: bytes,
    envelope_from: str = "",
    envelope_to: str = "",
    mailbox: str = "",
) -> Accepted:
    """Keep one mail durably; raises TemporaryError where the database cannot take it now.

    Without a mailbox the recipient decides which one it belongs to.
    """
    return receive_many(store, [raw], envelope_from, envelope_to, mailbox)[0]


def receive_many(
    store: Store,
    mails: Iterable[bytes],
    envelope_from: str = "",
    envelope_to: str = "",
    mailbox: str = "",
    also: Callable[[Database, list[Accepted]], None] | None = None,
) -> list[Accepted]:
    """Keep mails durably in one commit: all of them or none; raises TemporaryError.

    What `also` writes is in that commit too.
    """
    envelope = (storable(envelope_from)[:400], storable(envelope_to)[:4_000])
    try:
        with store.reading() as database:
            database.begin(write=True)
            named = mailbox or mailbox_for(database, envelope[1].replace(",", " ").split())
            kept = [_keep(database, raw, named, envelope) for raw in mails]
            if also is not None:
                also(database, kept)
            inbox.notify(database)
            database.commit()
    except DatabaseError as error:
        raise TemporaryError(str(error)) from error
    return kept


def _keep(database: Database, raw: bytes, mailbox: str, envelope: tuple[str, str]) -> Accepted:
    if len(raw) > SIZE_CAP:
        raise RefusedError(f"a mail of {len(raw):,} bytes is more than any database keeps.")
    came = Came(mailbox, message_key(raw), *envelope)
    return inbox.keep(database, raw, came, clock.now())


def message_key(raw: bytes) -> str:
    """Give the Message-ID as the key of a raw mail, empty where it has none; a bounded scan."""
    blank = _BLANK.search(raw, 0, _HEADERS)
    found = _MESSAGE_ID.search(raw, 0, blank.start() if blank else min(len(raw), _HEADERS))
    if not found:
        return ""
    text = storable((found.group(1) or found.group(2)).decode("utf-8", "replace"))
    key = "".join(text.split())
    return key if len(key) <= _KEY_CAP else sha256(key.encode()).hexdigest()
