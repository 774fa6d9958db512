"""Why nothing is sent now: a person said so, the account is refused, or too much left."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from deskterm.mail.smtp import Answer, Fate
from deskterm.storage.driver import Database, Row, moment

PAUSE = timedelta(minutes=15)
AWAY = timedelta(minutes=1)
MOST_AN_HOUR = 3_000
HELD = "mail.paused"
"""The desk's setting by which a person stops all letters; it says why."""
MOST = "mail.most_per_hour"
_ACCOUNT, _TRIPPED, _WENT_ON, _BY_SMTP = "mail pause", "mail too many", "mail go on", "mail by smtp"
_HOUR = timedelta(hours=1)
_SMTP_KNOWN = timedelta(days=30)
_LAST_DAY = datetime(9999, 1, 1, tzinfo=UTC)


class Pause(NamedTuple):
    """Why nothing is sent."""

    reason: str
    until: datetime | None
    """None until somebody resumes."""

    @property
    def passes(self) -> bool:
        """Whether sending goes on by itself, or when a person asks for it."""
        return self.until is not None


def pause(database: Database, now: datetime) -> Pause | None:
    """Give why nothing is sent now, or None."""
    held = _setting(database, HELD)
    if held:
        return Pause(str(held), None)
    tripped = _row(database, _TRIPPED)
    if tripped is not None:
        return Pause(str(tripped["holder"]), None)
    row = _row(database, _ACCOUNT)
    if row is None:
        return None
    until = moment(row["until"])
    # An end that is farther away than any pause was set by a clock that ran ahead.
    return Pause(str(row["holder"]), until) if now < until <= now + PAUSE + _HOUR else None


def begin(database: Database, answer: Answer, now: datetime) -> str:
    """Write down for everybody that nothing is sent for a while; gives the reason."""
    away = answer.fate == Fate.UNREACHABLE
    reason = f"the mail server cannot be reached: {answer.reason}" if away else answer.reason
    _put(database, _ACCOUNT, reason, now + (AWAY if away else PAUSE))
    return reason


def end(database: Database) -> None:
    """Forget that the account was in trouble: a letter got through, or a person wants to try."""
    database.run("DELETE FROM lease WHERE name = :name", name=_ACCOUNT)


def allowance(database: Database, now: datetime) -> int:
    """Give how many more mails may leave within this hour; the desk's setting 0 is no limit."""
    most = _most(database)
    if not most:
        return 10**9
    since = now - _HOUR
    went_on = _row(database, _WENT_ON)
    if went_on is not None:
        since = max(since, min(moment(went_on["until"]), now))
    row = database.one(
        "SELECT count(DISTINCT sha256) AS n FROM outbox WHERE sent_at > :since AND sent_at <= :now",
        since=since,
        now=now,
    )
    return max(0, most - int(row["n"])) if row else most


def trip(database: Database) -> str:
    """Stop everything until a person looks: so many letters look like a loop. Gives the reason."""
    reason = f"{_most(database):,} letters within an hour look like a loop"
    _put(database, _TRIPPED, reason, _LAST_DAY)
    return reason


def resume(database: Database, now: datetime) -> None:
    """Go on: the trouble of the account is forgotten, the count of the hour begins anew."""
    end(database)
    database.run("DELETE FROM lease WHERE name = :name", name=_TRIPPED)
    _put(database, _WENT_ON, "", now)


def note_smtp(database: Database, now: datetime) -> None:
    """Remember that this desk's letters leave by SMTP; written at most once a day."""
    row = _row(database, _BY_SMTP)
    if row is None or moment(row["until"]) < now + _SMTP_KNOWN - timedelta(days=1):
        _put(database, _BY_SMTP, "", now + _SMTP_KNOWN)


def sends_by_smtp(database: Database, now: datetime) -> bool:
    """Tell whether letters left by SMTP within thirty days, from whichever machine."""
    row = _row(database, _BY_SMTP)
    return row is not None and moment(row["until"]) > now


def _row(database: Database, name: str) -> Row | None:
    return database.one("SELECT holder, until FROM lease WHERE name = :name", name=name)


def _put(database: Database, name: str, holder: str, until: datetime) -> None:
    database.run(
        "INSERT INTO lease (name, holder, until) VALUES (:name, :holder, :until) "
        "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until",
        name=name,
        holder=holder,
        until=until,
    )


def _most(database: Database) -> int:
    given = _setting(database, MOST)
    return MOST_AN_HOUR if given is None else int(given)


def _setting(database: Database, key: str) -> Any:
    row = database.one("SELECT value FROM desk_setting WHERE key = :key", key=key)
    return json.loads(row["value"]) if row else None
