"""Reads for what the desk asks by itself: reminders, and how it went after a ticket is closed."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from deskterm.storage.driver import Database, as_row, moment

_OPEN = """
SELECT t.id, t.state, t.waiting_for FROM ticket t
WHERE t.id > :last AND t.channel <> 'monitor' AND (
  (t.state = 'waiting' AND t.waiting_for = 'customer')
  OR (t.state = 'solved' AND t.customer_proof IS NULL)
  OR (t.is_open AND t.approval = 'asked'))
AND EXISTS (SELECT 1 FROM person_address a WHERE a.position = 0 AND a.broken_since IS NULL
  AND a.person_id = CASE WHEN t.approval = 'asked' AND t.state <> 'solved'
  AND (t.state <> 'waiting' OR t.waiting_for <> 'customer')
  THEN t.approver_id ELSE t.requester_id END)
ORDER BY t.id LIMIT :most
"""
_TOLD = """
SELECT id, subject_id, at, actor, event, public, data FROM ledger WHERE kind = 'ticket' AND event IN
('opened', 'waiting', 'replied', 'solved', 'approval', 'reminded', 'received', 'verified')
AND subject_id IN :ids ORDER BY id
"""
_TO_POLL = """
SELECT t.id, t.requester_id FROM ticket t
WHERE t.state = 'closed' AND t.outcome IN ('solved', 'unsolved') AND t.channel <> 'monitor'
AND t.closed_at <= :due AND t.closed_at > :oldest AND (t.id * 7919) % 100 < :percent
AND EXISTS (SELECT 1 FROM person_address a WHERE a.person_id = t.requester_id AND a.position = 0)
AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.kind = 'ticket' AND l.subject_id = t.id
  AND (l.event IN ('polled', 'rated')
  OR (l.actor = 'import' AND l.event = 'closed' AND l.at = t.closed_at)))
AND NOT EXISTS (SELECT 1 FROM ticket m CROSS JOIN ledger l WHERE m.merged_into = t.id
  AND l.kind = 'ticket' AND l.subject_id = m.id AND l.event IN ('polled', 'rated'))
AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.kind = 'ticket' AND l.subject_id = t.id
  AND l.event = 'opened' AND l.data LIKE '%"machine"%')
AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.person_id = t.requester_id AND o.template = 'poll'
  AND o.state <> 'withdrawn' AND o.created_at > :lately)
ORDER BY t.closed_at, t.id LIMIT :most
"""
"""CROSS JOIN keeps SQLite from beginning with the ledger."""


class Unanswered(NamedTuple):
    """A ticket on which somebody with a good address owes an answer."""

    id: int
    state: str
    waiting_for: str | None


class Said(NamedTuple):
    """An entry that asks, reminds or answers."""

    id: int
    ticket: int
    at: datetime
    actor: str
    event: str
    public: bool
    data: Mapping[str, Any]


def unanswered(database: Database, after: int, most: int) -> list[Unanswered]:
    """Give tickets that wait for a customer's or approver's answer, after a number."""
    rows = database.all(_OPEN, last=after, most=most)
    return [Unanswered(row["id"], row["state"], row["waiting_for"]) for row in rows]


def said(database: Database, tickets: Sequence[int]) -> dict[int, list[Said]]:
    """Give ticket → the entries that ask, remind or answer, in their order."""
    found: dict[int, list[Said]] = {number: [] for number in tickets}
    for row in database.all(_TOLD, ids=tickets):
        found[row["subject_id"]].append(
            as_row(Said, row, ticket=row["subject_id"], data=json.loads(row["data"]))
        )
    return found


def to_poll(
    database: Database, due: tuple[datetime, datetime], lately: datetime, percent: int, most: int
) -> list[tuple[int, int]]:
    """Give (ticket, requester) of closed tickets that may be asked how it went, oldest first.

    `due`: closed after the first time and not after the second; `lately`: nobody is asked who was
    asked since then.
    """
    oldest, newest = due
    rows = database.all(
        _TO_POLL, due=newest, oldest=oldest, percent=percent, lately=lately, most=most
    )
    return [(row["id"], row["requester_id"]) for row in rows]


def waits_over(database: Database, now: datetime, most: int) -> list[tuple[int, datetime]]:
    """Give (ticket, until when) of tickets whose waiting time is over.

    `+` keeps the database from walking all tickets by their number: few of them wait.
    """
    rows = database.all(
        "SELECT id, waiting_until FROM ticket WHERE state = 'waiting' "
        "AND waiting_until <= :now ORDER BY +id LIMIT :most",
        now=now,
        most=most,
    )
    return [(row["id"], moment(row["waiting_until"])) for row in rows]
