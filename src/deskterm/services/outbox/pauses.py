"""Why nothing is sent now: a person said so, the account is refused, or too much left."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from deskterm.mail.smtp import Answer, Fate
from deskterm.storage import outbox
from deskterm.storage.desk_settings import value
from deskterm.storage.driver import Database
from deskterm.storage.leases import drop_lease, put_lease, read_lease, read_leases

PAUSE = timedelta(minutes=15)
AWAY = timedelta(minutes=1)
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
    held = value(database, HELD)
    if held:
        return Pause(str(held), None)
    leases = read_leases(database, [_TRIPPED, _ACCOUNT])
    tripped = leases.get(_TRIPPED)
    if tripped is not None:
        return Pause(tripped.holder, None)
    row = leases.get(_ACCOUNT)
    if row is None:
        return None
    # An end that is farther away than any pause was set by a clock that ran ahead.
    return Pause(row.holder, row.until) if now < row.until <= now + PAUSE + _HOUR else None


def begin(database: Database, answer: Answer, now: datetime) -> str:
    """Write down for everybody that nothing is sent for a while; gives the reason."""
    away = answer.fate == Fate.UNREACHABLE
    reason = f"the mail server cannot be reached: {answer.reason}" if away else answer.reason
    put_lease(database, _ACCOUNT, reason, now + (AWAY if away else PAUSE))
    return reason


def end(database: Database) -> None:
    """Forget that the account was in trouble: a letter got through, or a person wants to try."""
    drop_lease(database, _ACCOUNT)


def allowance(database: Database, now: datetime) -> int:
    """Give how many more mails may leave within this hour; the desk's setting 0 is no limit."""
    most = _most(database)
    if not most:
        return 10**9
    since = now - _HOUR
    went_on = read_lease(database, _WENT_ON)
    if went_on is not None:
        since = max(since, min(went_on.until, now))
    return max(0, most - outbox.sent_between(database, since, now))


def trip(database: Database) -> str:
    """Stop everything until a person looks: so many letters look like a loop. Gives the reason."""
    reason = f"{_most(database):,} letters within an hour look like a loop"
    put_lease(database, _TRIPPED, reason, _LAST_DAY)
    return reason


def resume(database: Database, now: datetime) -> None:
    """Go on: the trouble of the account is forgotten, the count of the hour begins anew."""
    end(database)
    drop_lease(database, _TRIPPED)
    put_lease(database, _WENT_ON, "", now)


def note_smtp(database: Database, now: datetime) -> None:
    """Remember that this desk's letters leave by SMTP; written at most once a day."""
    row = read_lease(database, _BY_SMTP)
    if row is None or row.until < now + _SMTP_KNOWN - timedelta(days=1):
        put_lease(database, _BY_SMTP, "", now + _SMTP_KNOWN)


def sends_by_smtp(database: Database, now: datetime) -> bool:
    """Tell whether letters left by SMTP within thirty days, from whichever machine."""
    row = read_lease(database, _BY_SMTP)
    return row is not None and row.until > now


def _most(database: Database) -> int:
    return int(value(database, MOST))
