"""One look into a mailbox of any kind that mail is fetched from."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from deskterm.domain.errors import DatabaseError, DeskError, TemporaryError
from deskterm.domain.mailboxes import FETCHED, Fetched, MailboxRow, SourceError, Trouble
from deskterm.services.mailboxes.options import filled
from deskterm.settings import Settings
from deskterm.storage import mailboxes as rows
from deskterm.storage.store import Store

if TYPE_CHECKING:
    from deskterm.services.mailboxes.imap import ImapFolder


def fetch(
    store: Store, settings: Settings, row: MailboxRow, news: Callable[[], None] = lambda: None
) -> Fetched:
    """Take what is new in a mailbox; trouble is written down and told, never raised."""
    try:
        return _fetch(store, settings, row, news)
    except DeskError as error:
        trouble = as_trouble(error)
        note(store, row, trouble, None)
        return Fetched(row.name, trouble=str(trouble))


def _fetch(store: Store, settings: Settings, row: MailboxRow, news: Callable[[], None]) -> Fetched:
    if row.kind != "imap":
        from deskterm.services.mailboxes.files import FileTaking

        taken = FileTaking(store, row).look(news)
        return Fetched(row.name, taken.kept, taken.copies)
    from deskterm.services.mailboxes.taking import Taking

    folder = open_folder(settings, row)
    try:
        taken = Taking(store, row, folder).look(news)
    finally:
        folder.close()
    return Fetched(row.name, taken.kept, taken.copies)


def account_of(row: MailboxRow) -> tuple[str, str]:
    """Give (user, host) of an IMAP mailbox."""
    options = filled(row.kind, row.source)
    return str(options["user"] or row.address), str(options["host"])


def open_folder(settings: Settings, row: MailboxRow) -> "ImapFolder":
    """Open the folder of an IMAP mailbox; raises SourceError."""
    from deskterm.services.mailboxes.imap import ImapFolder
    from deskterm.services.mailboxes.imap_line import Account
    from deskterm.services.mailboxes.secret import secret_of

    options = filled(row.kind, row.source)
    user, host = account_of(row)
    account = Account(
        host=host,
        port=int(options["port"]),
        security=str(options["security"]),
        user=user,
        ca_file=str(options["ca_file"]),
        folder=str(options["folder"]),
    )
    return ImapFolder(account, secret_of(settings, user, host))


def test(settings: Settings, row: MailboxRow) -> str:
    """Reach a mailbox without taking anything; gives what was found, raises SourceError."""
    if row.kind not in FETCHED:
        return f"{row.name}: nothing to reach, mail is handed over to it"
    if row.kind != "imap":
        return _test_path(row)
    folder = open_folder(settings, row)
    try:
        unread, there = len(folder.uids_unread()), len(folder.uids_after(0))
        waits = "tells of new mail at once" if folder.can_idle else "is asked again and again"
    finally:
        folder.close()
    return f"{row.name}: signed in; {there} mail(s) there, {unread} unread; the server {waits}"


def _test_path(row: MailboxRow) -> str:
    path = Path(str(row.source["path"]))
    wanted = path / "new" if row.kind == "maildir" else path
    if not os.access(wanted, os.R_OK):
        raise SourceError(Trouble.FOLDER, f"{wanted} is not there or cannot be read")
    return f"{row.name}: {wanted} can be read"


def as_trouble(error: DeskError) -> SourceError:
    """Give what went wrong as a mailbox's trouble; the database's own is told as such."""
    if isinstance(error, SourceError):
        return error
    if isinstance(error, TemporaryError | DatabaseError):
        return SourceError(Trouble.DATABASE, f"no mail is taken now, it stays there: {error}")
    return SourceError(Trouble.SERVER, str(error))


def note(store: Store, row: MailboxRow, trouble: SourceError, next_try: datetime | None) -> None:
    """Write a mailbox's trouble down; gives up quietly where the database is the trouble."""
    try:
        with store.reading() as database:
            rows.troubled(database, row.id, str(trouble.kind), str(trouble)[:1_000], next_try)
    except DatabaseError:
        return
