"""Reads of what technicians have in hand: call-backs, absences, workload, who has what open."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.domain.in_hand import AbsenceRow, Begun, CallBackRow, Holding, LoadRow
from deskterm.storage.driver import Database, Row, as_row, moment_or_none
from deskterm.storage.phrases import CALLED, NOT_UNDONE
from deskterm.triage.ranking import NEVER

_CALLBACKS = f"""
SELECT c.ticket_id, c.number, c.at, c.owner, c.note, c.state, t.subject, t.state AS ticket_state,
  {CALLED} AS requester,
  COALESCE(p.phone, '') AS phone
FROM callback c CROSS JOIN ticket t LEFT JOIN person p ON p.id = t.requester_id
WHERE t.id = c.ticket_id
"""  # noqa: S608 - constants
"""CROSS JOIN keeps SQLite from beginning with the tickets."""


def callbacks(
    database: Database, now: datetime, *, due: bool = False, owner: str | None = None
) -> list[CallBackRow]:
    """Give open call-backs, the earliest first: all or those due; of one owner or of all.

    With an owner also those of whoever is off while the owner stands in for them.
    """
    rows = database.all(
        _CALLBACKS
        + "AND c.state = 'open' AND c.at <= :until ORDER BY c.at, c.ticket_id LIMIT 1000",
        until=now if due else NEVER,
    )
    found = [as_row(CallBackRow, row) for row in rows]
    if owner is None:
        return found
    owners = {owner, *stands_in_for(database, owner, now)}
    return [one for one in found if one.owner in owners]


def callbacks_of(database: Database, ticket: int) -> list[CallBackRow]:
    """Give every call-back of a ticket, the open ones first."""
    rows = database.all(
        f"{_CALLBACKS} AND c.ticket_id = :id ORDER BY c.state <> 'open', c.at", id=ticket
    )
    return [as_row(CallBackRow, row) for row in rows]


def absences(database: Database, since: datetime) -> list[AbsenceRow]:
    """Give the absences that are not over at an instant, the earliest first."""
    rows = database.all(
        "SELECT id, login, from_at, until_at, deputy, reason FROM absence "
        "WHERE until_at > :since ORDER BY from_at, id",
        since=since,
    )
    return [as_row(AbsenceRow, row) for row in rows]


def off(database: Database, now: datetime) -> dict[str, AbsenceRow]:
    """Give who is off now: login → the absence that lasts longest."""
    found: dict[str, AbsenceRow] = {}
    for one in absences(database, now):
        known = found.get(one.login)
        if one.from_at <= now and (known is None or known.until_at < one.until_at):
            found[one.login] = one
    return found


def stands_in_for(database: Database, me: str, now: datetime) -> list[str]:
    """Give the logins whose deputy one is right now."""
    return [login for login, one in off(database, now).items() if one.deputy == me]


_LOAD = """
SELECT t.assignee, count(*) AS n,
  count(CASE WHEN t.state IN ('new', 'open') THEN 1 END) AS open,
  count(CASE WHEN t.urgent AND t.state IN ('new', 'open') THEN 1 END) AS urgent,
  count(CASE WHEN t.due_at < :now AND t.state IN ('new', 'open') THEN 1 END) AS overdue,
  count(CASE WHEN t.state = 'waiting' THEN 1 END) AS waiting,
  count(CASE WHEN t.state = 'solved' THEN 1 END) AS solved, min(t.opened_at) AS oldest_at
FROM ticket t WHERE t.is_open = TRUE GROUP BY t.assignee
"""


def workload(
    database: Database, now: datetime, names: Sequence[tuple[str, str, tuple[str, ...]]]
) -> list[LoadRow]:
    """Give what each technician of `names` (login, name, groups) has in hand, by login.

    Nobody's tickets come first; a technician without any is there all the same.
    """
    found = {row["assignee"]: row for row in database.all(_LOAD, now=now)}
    away = off(database, now)
    calls = {
        row["owner"]: row["n"]
        for row in database.all(
            "SELECT owner, count(*) AS n FROM callback WHERE state = 'open' GROUP BY owner"
        )
    }
    rows = [_load(database, None, "nobody's yet", (), found, {})] if None in found else []
    for login, name, groups in names:
        row = _load(database, login, name, groups, found, away)
        rows.append(row._replace(callbacks=calls.get(login, 0)))
    return rows


def _load(
    database: Database,
    login: str | None,
    name: str,
    groups: tuple[str, ...],
    found: Mapping[str | None, Row],
    away: Mapping[str, AbsenceRow],
) -> LoadRow:
    row = found.get(login)
    gone = away.get(login) if login else None
    oldest = moment_or_none(row["oldest_at"]) if row else None
    counts = ("open", "urgent", "overdue", "waiting", "solved")
    return LoadRow(
        login=login,
        name=name,
        groups=groups,
        off_until=gone.until_at if gone else None,
        deputy=gone.deputy if gone else None,
        **{key: int(row[key]) if row else 0 for key in counts},
        oldest_id=_oldest(database, login, oldest) if oldest else None,
        oldest_at=oldest,
        callbacks=0,
    )


def _oldest(database: Database, login: str | None, opened: datetime) -> int | None:
    mine = "assignee IS NULL" if login is None else "assignee = :login"
    row = database.one(
        "SELECT min(id) AS id FROM ticket "  # noqa: S608 - constants
        f"WHERE {mine} AND is_open = TRUE AND opened_at = :opened",
        login=login,
        opened=opened,
    )
    return row["id"] if row else None


_ON_TICKETS = f"""
SELECT id AS ticket, 'tickets' AS what, '' AS key FROM ticket WHERE assignee = :login AND is_open
UNION ALL SELECT ticket_id, 'visits', 'visit.' || id FROM visit
  WHERE technician = :login AND state IN ('offered', 'fixed')
UNION ALL SELECT ticket_id, 'callbacks', 'callback.' || number FROM callback
  WHERE owner = :login AND state = 'open'
UNION ALL SELECT d.subject_id, 'drafts', d.kind FROM draft d
  WHERE d.owner = :login AND d.kind IN ('note', 'reply') AND d.body <> ''
  AND d.subject_id IN (SELECT id FROM ticket) AND NOT EXISTS (SELECT 1 FROM ledger l
    WHERE l.kind = 'ticket' AND l.subject_id = d.subject_id AND l.event = 'noted'
    AND l.at >= d.updated_at AND l.text LIKE d.owner || :begun || d.kind || ':%' AND {NOT_UNDONE})
UNION ALL SELECT ticket_id, 'runs', 'run.' || id FROM guide_run
  WHERE owner = :login AND status IN ('running', 'paused') AND ticket_id IS NOT NULL
UNION ALL SELECT ticket_id, 'clocks', 'time.' || id FROM time_entry
  WHERE technician = :login AND state = 'running'
"""  # noqa: S608 - constants
"""A draft that stands on its ticket as a note is handed over, and stays for when they come back."""
BEGUN = " had begun a "
"""What a note, or a hand-over, with a draft says after whose it is, before what it is."""
_RECORDS = """
SELECT 'absences' AS what, 'absence' AS kind, 'login' AS field, id FROM absence
  WHERE login = :login AND until_at > :now
UNION ALL SELECT 'absences', 'absence', 'deputy', id FROM absence
  WHERE deputy = :login AND until_at > :now
UNION ALL SELECT 'problems', 'problem', 'owner', id FROM problem
  WHERE owner = :login AND state NOT IN ('verified', 'wont_fix')
UNION ALL SELECT 'problems', 'problem', 'measure_owner', id FROM problem
  WHERE measure_owner = :login AND state NOT IN ('verified', 'wont_fix')
UNION ALL SELECT 'solutions', 'solution', 'owner', id FROM solution
  WHERE owner = :login AND confidence <> 'archived'
UNION ALL SELECT 'releases', 'release', 'owner', id FROM release
  WHERE owner = :login AND withdrawn_at IS NULL AND shipped_at IS NULL
UNION ALL SELECT 'actions', 'improvement', 'owner', id FROM improvement
  WHERE owner = :login AND reason = '' AND result = ''
UNION ALL SELECT 'decisions', 'decision', 'asked_by', id FROM decision
  WHERE asked_by = :login AND answer = ''
UNION ALL SELECT 'reviews', 'review', 'reviewer', id FROM review
  WHERE reviewer = :login AND filled_at IS NULL
UNION ALL SELECT 'views', 'view', 'owner', id FROM saved_view WHERE owner = :login
"""


class OnTicket(NamedTuple):
    """Something of one technician's on a ticket."""

    ticket: int
    what: str
    """By its word in `Holding`."""
    key: str
    """What hangs on it, `visit.7`, or a draft's kind."""


class OnRecord(NamedTuple):
    """A record that names a technician in one of its fields."""

    what: str
    kind: str
    field: str
    id: int


def on_tickets(database: Database, login: str) -> list[OnTicket]:
    """Give what somebody has in hand on tickets, by ticket."""
    rows = database.all(
        f"SELECT * FROM ({_ON_TICKETS}) h ORDER BY ticket, what, key",  # noqa: S608 - constants
        login=login,
        begun=BEGUN,
    )
    return [as_row(OnTicket, row) for row in rows]


def on_records(database: Database, login: str, now: datetime) -> list[OnRecord]:
    """Give the records that somebody takes care of, or is named by as who is off."""
    rows = database.all(
        f"SELECT * FROM ({_RECORDS}) h ORDER BY kind, id, field",  # noqa: S608 - constants
        login=login,
        now=now,
    )
    return [as_row(OnRecord, row) for row in rows]


def begun(database: Database, login: str) -> list[Begun]:
    """Give what somebody began to write on no ticket and has not handed over, where it has words.

    What was handed over stays for when they come back, as a draft on a ticket does.
    """
    rows = database.all(
        "SELECT kind, subject_id AS number, body FROM draft d "
        "WHERE owner = :login AND kind NOT IN ('note', 'reply') AND NOT EXISTS (SELECT 1 "
        "FROM handover h WHERE h.at >= d.updated_at AND substr(h.words, 1, :long) = :said) "
        "ORDER BY kind, subject_id",
        login=login,
        said=f"{login}{BEGUN}",
        long=len(login) + len(BEGUN),
    )
    return [one for row in rows if (one := as_row(Begun, row)).words]


def is_apart(database: Database, login: str) -> bool:
    """Tell whether somebody is in a restricted group: what they write is not for everybody."""
    row = database.one(
        "SELECT 1 AS there FROM membership m JOIN desk_group g ON g.id = m.group_id "
        "WHERE m.login = :login AND g.restricted",
        login=login,
    )
    return row is not None


def holding(
    tickets: Iterable[OnTicket], records: Iterable[OnRecord], drafts: Iterable[Begun]
) -> Holding:
    """Give how many there are of each."""
    words = [*(one.what for one in tickets), *(one.what for one in records)]
    return Holding(**Counter([*words, *("drafts" for _ in drafts)]))


def holding_of(database: Database, login: str, now: datetime) -> Holding:
    """Give how much somebody has in hand."""
    tickets, records = on_tickets(database, login), on_records(database, login, now)
    return holding(tickets, records, begun(database, login))


def escalated_by(database: Database, login: str) -> list[int]:
    """Give the open tickets that go back to somebody when they are handed back."""
    rows = database.all(
        "SELECT id FROM ticket WHERE from_assignee = :login AND is_open ORDER BY id", login=login
    )
    return [int(row["id"]) for row in rows]


GONE = 25
"""Seconds after which whoever was not heard of is not there any more: a crash ends so.

A beat may be missed, and a board that looks every five seconds shows it for 30 at most.
"""
LATELY = {
    "sqlite": f"strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', '-{GONE} seconds')",
    "postgresql": f"clock_timestamp() - interval '{GONE} seconds'",
}
"""Whoever was not heard of since then is gone."""


def at_tickets(
    database: Database, login: str, tickets: Collection[int] | None = None
) -> list[tuple[int, str, bool]]:
    """Give (ticket, login, whether they write) of who else has tickets open, these or any."""
    only = "" if tickets is None else "AND ticket_id IN :tickets "
    rows = database.all(
        "SELECT ticket_id, login, max(CASE WHEN writing THEN 1 ELSE 0 END) AS writing "  # noqa: S608 - constants
        f"FROM presence WHERE login <> :login AND seen_at > {LATELY[database.dialect]} {only}"
        "GROUP BY ticket_id, login ORDER BY ticket_id, login",
        login=login,
        **({} if tickets is None else {"tickets": tickets}),
    )
    return [(int(row["ticket_id"]), row["login"], bool(row["writing"])) for row in rows]
