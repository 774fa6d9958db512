"""Reads of a technician's own notices."""

from deskterm.domain.news import kinds_of
from deskterm.domain.notice_rows import BY_MAIL, Focus, Glance, NoticeRow, Wishes
from deskterm.storage.driver import Database, Row, moment, moment_or_none

_ROWS = """
SELECT n.id, n.ticket_id, n.entry_id, n.kind, n.urgent, n.at, n.seen_at, l.actor, p.name AS person,
  t.subject, t.state, l.public, substr(l.text, 1, 200) AS text
FROM notice n JOIN ticket t ON t.id = n.ticket_id
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
    return NoticeRow(
        id=row["id"],
        ticket_id=row["ticket_id"],
        entry_id=row["entry_id"],
        kind=row["kind"],
        urgent=bool(row["urgent"]),
        at=moment(row["at"]),
        seen_at=moment_or_none(row["seen_at"]),
        who=row["person"] if actor == "customer" and row["person"] else actor,
        subject=row["subject"],
        state=row["state"],
        public=bool(row["public"]),
        text=row["text"] or "",
    )
