"""Mailboxes in the database: read as rows, and their state written down."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.domain.mailboxes import MailboxRow
from deskterm.storage.driver import Database, Row, as_row, moment

_SELECT = (
    "SELECT m.id, m.name, m.kind, m.address, g.name AS group_name, c.path AS category, m.channel, "
    "m.active, m.source, m.since, m.uid_validity, m.last_uid, m.last_success, m.trouble, "
    "m.trouble_kind, m.next_try FROM mailbox m LEFT JOIN desk_group g ON g.id = m.group_id "
    "LEFT JOIN category c ON c.id = m.category_id"
)


def mailboxes(database: Database) -> list[MailboxRow]:
    """Give every mailbox by name."""
    return [_row(row) for row in database.all(f"{_SELECT} ORDER BY m.name")]


def mailbox_named(database: Database, name: str) -> MailboxRow | None:
    """Give the mailbox of a name, or None."""
    row = database.one(f"{_SELECT} WHERE m.name = :name", name=name)
    return _row(row) if row else None


def forget_place(database: Database, number: int) -> None:
    """Forget how far a mailbox was read: it is another place, or another file, from now on."""
    database.run("DELETE FROM mail_receipt WHERE mailbox_id = :id", id=number)
    database.run("UPDATE mailbox SET uid_validity = NULL, last_uid = 0 WHERE id = :id", id=number)


def took(database: Database, number: int, last: int) -> None:
    """Write down how far a mailbox has been read, within the commit that keeps the mail."""
    database.run(
        "UPDATE mailbox SET last_uid = :last WHERE id = :id AND last_uid < :last",
        last=last,
        id=number,
    )


def looked(database: Database, number: int, validity: int, last: int, at: datetime) -> None:
    """Write down that all of a mailbox was taken, up to a UID of the present numbering."""
    database.run(
        "UPDATE mailbox SET uid_validity = :validity, last_uid = CASE WHEN uid_validity = "
        ":validity AND last_uid > :last THEN last_uid ELSE :last END, last_success = :at, "
        "trouble = '', trouble_kind = '', next_try = NULL WHERE id = :id",
        validity=validity,
        last=last,
        at=at,
        id=number,
    )


def troubled(
    database: Database, number: int, kind: str, sentence: str, next_try: datetime | None
) -> None:
    """Write down why a mailbox gives no mail."""
    database.run(
        "UPDATE mailbox SET trouble = :sentence, trouble_kind = :kind, next_try = :next "
        "WHERE id = :id",
        sentence=sentence,
        kind=kind,
        next=next_try,
        id=number,
    )


Place = tuple[int, int]
"""A mailbox's id, and the numbering of its folder (UIDVALIDITY)."""


def troubles(database: Database) -> str:
    """Give what is wrong with the mailboxes that are on, in few words; empty where nothing is."""
    rows = database.all(
        "SELECT name, trouble_kind FROM mailbox WHERE active AND trouble <> '' ORDER BY name"
    )
    words = [f"{row['name']}: {row['trouble_kind']}" for row in rows]
    return words[0] + (f" +{len(words) - 1}" if len(words) > 1 else "") if words else ""


def add_receipt(database: Database, place: Place, uid: int, mail: int) -> None:
    """Remember that a mail was taken and is not yet flagged or moved where it came from."""
    database.run(
        "INSERT INTO mail_receipt (mailbox_id, uid_validity, uid, inbox_id) "
        "VALUES (:id, :validity, :uid, :mail) ON CONFLICT DO NOTHING",
        id=place[0],
        validity=place[1],
        uid=uid,
        mail=mail,
    )


def receipts(database: Database, place: Place) -> list[tuple[int, str]]:
    """Give (UID, state of the mail) of each mail taken and not yet flagged or moved."""
    rows = database.all(
        "SELECT r.uid, i.state FROM mail_receipt r JOIN inbox i ON i.id = r.inbox_id "
        "WHERE r.mailbox_id = :id AND r.uid_validity = :validity ORDER BY r.uid",
        id=place[0],
        validity=place[1],
    )
    return [(int(row["uid"]), str(row["state"])) for row in rows]


def drop_receipts(database: Database, place: Place, uids: Sequence[int]) -> None:
    """Forget mails that are flagged or moved, and those of a numbering that is no more."""
    database.run(
        "DELETE FROM mail_receipt WHERE mailbox_id = :id AND uid_validity <> :validity",
        id=place[0],
        validity=place[1],
    )
    database.many(
        "DELETE FROM mail_receipt WHERE mailbox_id = :id AND uid_validity = :validity "
        "AND uid = :uid",
        [{"id": place[0], "validity": place[1], "uid": uid} for uid in uids],
    )


def _row(row: Row) -> MailboxRow:
    return as_row(MailboxRow, row, group=row["group_name"], source=json.loads(row["source"]))


def owner_of_address(database: Database, address: str, but: int) -> str:
    """Give the name of another mailbox that has an address already, or nothing."""
    row = database.one(
        "SELECT name FROM mailbox WHERE address = :address AND address <> '' AND id <> :id",
        address=address,
        id=but,
    )
    return str(row["name"]) if row else ""


class Unread(NamedTuple):
    """A mailbox that no mail can be taken from."""

    id: int
    name: str
    group_id: int | None
    trouble: str
    last: datetime
    """When it was last read; where it never was, from when on its mail is taken."""


def unread(database: Database, before: datetime) -> list[Unread]:
    """Give the mailboxes that are on, are in trouble and were not read since `before`."""
    rows = database.all(
        "SELECT id, name, group_id, trouble, coalesce(last_success, since) AS last FROM mailbox "
        "WHERE active AND trouble <> '' AND coalesce(last_success, since) <= :before ORDER BY id",
        before=before,
    )
    return [as_row(Unread, row, last=moment(row["last"])) for row in rows]


def read_again(database: Database) -> list[int]:
    """Give the unseen notices of mailboxes that are read again, or are wanted no more."""
    rows = database.all(
        "SELECT n.id FROM notice n JOIN ledger l ON l.id = n.entry_id AND l.kind = 'mailbox' "
        "WHERE n.kind = 'mailbox' AND n.seen_at IS NULL AND NOT EXISTS (SELECT 1 FROM mailbox m "
        "WHERE m.id = l.subject_id AND m.active AND m.trouble <> '')"
    )
    return [row["id"] for row in rows]
