"""Notices as stored: written, told of by mail, and read for the technician whose they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.domain.news import kinds_of
from deskterm.domain.notice_rows import BY_MAIL, OF_NOTHING, Focus, Glance, NoticeRow, Wishes
from deskterm.storage.driver import Database, Row, as_row, moment

_UNTOLD = """
SELECT t.login, t.name, t.email, t.mail, t.focus_until, n.id, n.urgent, n.at, n.ticket_id
FROM technician t JOIN notice n ON n.login = t.login
WHERE t.active AND t.email <> '' AND t.mail <> 'none'
AND n.letter_id IS NULL AND n.seen_at IS NULL AND n.at <= :ripe
AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.state = 'failed' AND o.recipient = t.email
  AND o.template = 'tech_notices' AND o.created_at > :lately)
ORDER BY t.login, n.id LIMIT :most
"""
_DUE = """
SELECT t.id, t.assignee, t.urgent, t.due_at FROM ticket t
WHERE t.due_at IS NOT NULL AND t.due_at <= :soon AND t.due_at > :stale AND t.is_open
AND t.assignee IS NOT NULL ORDER BY t.due_at, t.id LIMIT :most
"""


class Untold(NamedTuple):
    """A notice that no letter has told yet, and whom it is for."""

    login: str
    name: str
    email: str
    mail: str
    focus_until: datetime | None
    id: int
    urgent: bool
    at: datetime
    ticket_id: int | None


class DuePromise(NamedTuple):
    """A promise that ends soon, and who owns its ticket."""

    ticket: int
    owner: str
    urgent: bool
    due_at: datetime


def untold(database: Database, ripe: datetime, lately: datetime, most: int) -> list[Untold]:
    """Give the notices older than `ripe` that want a letter, by technician.

    Left out are those whose address gave a letter back since `lately`.
    """
    rows = database.all(_UNTOLD, ripe=ripe, lately=lately, most=most)
    return [as_row(Untold, row) for row in rows]


def due_promises(
    database: Database, soon: datetime, stale: datetime, most: int
) -> list[DuePromise]:
    """Give the promises of owned tickets that end between two times, the first to end first."""
    return [
        DuePromise(row["id"], row["assignee"], bool(row["urgent"]), moment(row["due_at"]))
        for row in database.all(_DUE, soon=soon, stale=stale, most=most)
    ]


def tell_by(database: Database, letter: int, numbers: Sequence[int]) -> int:
    """Tie notices to the letter that tells them; gives how many are still to be told."""
    return database.run(
        "UPDATE notice SET letter_id = :letter WHERE letter_id IS NULL "
        "AND seen_at IS NULL AND id IN :ids",
        letter=letter,
        ids=numbers,
    )


def forget(database: Database, before: datetime) -> None:
    """Drop old notices; what happened stays in the ledger."""
    database.run("DELETE FROM notice WHERE at < :old", old=before)


def see(database: Database, login: str, at: datetime, numbers: Sequence[int] | None = None) -> int:
    """Mark one's own notices as seen, those named or every one; gives how many were not before."""
    if numbers is None:
        return database.run(
            "UPDATE notice SET seen_at = :now WHERE login = :me AND seen_at IS NULL",
            now=at,
            me=login,
        )
    return database.run(
        "UPDATE notice SET seen_at = :now WHERE login = :me AND seen_at IS NULL AND id IN :ids",
        now=at,
        me=login,
        ids=numbers,
    )


def unseen_of(database: Database, login: str, ticket: int) -> list[int]:
    """Give one's own notices about a ticket that were not seen."""
    rows = database.all(
        "SELECT id FROM notice WHERE login = :me AND ticket_id = :ticket AND seen_at IS NULL",
        me=login,
        ticket=ticket,
    )
    return [row["id"] for row in rows]


_ROWS = """
SELECT n.id, n.ticket_id, n.entry_id, n.kind, n.urgent, n.at, n.seen_at, l.actor, p.name AS person,
  t.subject, t.state, l.public, substr(l.text, 1, 200) AS text, n.said, l.kind AS about,
  l.subject_id AS about_id
FROM notice n LEFT JOIN ticket t ON t.id = n.ticket_id
LEFT JOIN ledger l ON l.id = n.entry_id LEFT JOIN person p ON p.id = l.person_id
"""


def listed(database: Database, login: str, *, unseen: bool, limit: int) -> list[NoticeRow]:
    """Give a technician's notices, newest first."""
    only = " AND n.seen_at IS NULL" if unseen else ""
    rows = database.all(
        f"{_ROWS} WHERE n.login = :login{only} ORDER BY n.id DESC LIMIT :limit",
        login=login,
        limit=limit,
    )
    return [_row(row) for row in rows]


def glance(database: Database, login: str, after: int | None) -> Glance:
    """Give how a technician's notices stand, with the unseen ones after a number (None: none)."""
    row = database.one(
        "SELECT count(*) AS n, count(CASE WHEN urgent THEN 1 END) AS urgent, max(id) AS last "
        "FROM notice WHERE login = :login AND seen_at IS NULL",
        login=login,
    )
    unseen, urgent, last = (row["n"], row["urgent"], row["last"] or 0) if row else (0, 0, 0)
    fresh = () if after is None or last <= after else _fresh(database, login, after)
    last_focus = focus(database, login)
    waited = _waited(database, login, last_focus) if last_focus else 0
    return Glance(unseen, urgent, max(last, after or 0), fresh, last_focus, waited)


def focus(database: Database, login: str) -> Focus | None:
    """Give the focus time a technician began last, on or over."""
    row = database.one(
        "SELECT focus_from, focus_until, focus_reason FROM technician WHERE login = :login",
        login=login,
    )
    if row is None or row["focus_until"] is None:
        return None
    return Focus(moment(row["focus_from"]), moment(row["focus_until"]), row["focus_reason"])


def wishes(database: Database, login: str, during: Focus | None) -> Wishes:
    """Give what a technician wants to be told of; whoever is not known yet has the defaults."""
    row = database.one(
        "SELECT name, email, notify, mail FROM technician WHERE login = :login", login=login
    )
    if row is None:
        return Wishes(login, "", "", kinds_of(None), BY_MAIL[0], during)
    return Wishes(login, row["name"], row["email"], kinds_of(row["notify"]), row["mail"], during)


def _waited(database: Database, login: str, during: Focus) -> int:
    row = database.one(
        "SELECT count(*) AS n FROM notice WHERE login = :login AND seen_at IS NULL "
        "AND NOT urgent AND at >= :since AND at < :until",
        login=login,
        since=during.since,
        until=during.until,
    )
    return int(row["n"]) if row else 0


def _fresh(database: Database, login: str, after: int) -> tuple[NoticeRow, ...]:
    rows = database.all(
        f"{_ROWS} WHERE n.login = :login AND n.seen_at IS NULL AND n.id > :after "
        "ORDER BY n.id LIMIT 20",
        login=login,
        after=after,
    )
    return tuple(_row(one) for one in rows)


def _row(row: Row) -> NoticeRow:
    actor = row["actor"] or "desk"
    who = row["person"] if actor == "customer" and row["person"] else actor
    text = row["text"] or ""
    if row["ticket_id"] is not None:
        return as_row(NoticeRow, row, who=who, text=text, about="", about_id=0)
    of = {
        "about": row["about"] or OF_NOTHING.get(row["kind"], ""),
        "about_id": row["about_id"] or 0,
    }
    told = text or row["said"]
    return as_row(NoticeRow, row, who=who, text=told, subject=told, state="", public=False, **of)
