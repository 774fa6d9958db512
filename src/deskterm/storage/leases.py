"""Leases: which process does something until when. One that died is replaced after a minute."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.storage.driver import Database, moment

LEASE = timedelta(seconds=60)
"""How long a holder that died keeps the others waiting."""
FAR = timedelta(minutes=10)
"""A lease that ends later than this was written by a clock that was wrong: it binds nobody."""


def hold_lease(database: Database, name: str, holder: str, now: datetime) -> bool:
    """Take or keep a lease for a minute; gives whether it is the holder's.

    Nothing is written while it holds well: a write would wake every open board.
    """
    lease = read_lease(database, name)
    if lease is not None:
        mine, left = lease.holder == holder, lease.until - now
        if mine and LEASE / 2 < left <= LEASE:
            return True
        if not mine and timedelta(0) < left <= FAR:
            return False
    touched = database.run(
        "INSERT INTO lease (name, holder, until) VALUES (:name, :holder, :until) "
        "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until "
        "WHERE lease.until <= :now OR lease.until > :far OR lease.holder = excluded.holder",
        name=name,
        holder=holder,
        until=now + LEASE,
        now=now,
        far=now + FAR,
    )
    return touched > 0


class Lease(NamedTuple):
    """Who holds something, and until when."""

    holder: str
    until: datetime


def read_lease(database: Database, name: str) -> Lease | None:
    """Give a lease as it stands; None where nobody ever had it."""
    return read_leases(database, [name]).get(name)


def read_leases(database: Database, names: Sequence[str]) -> Mapping[str, Lease]:
    """Give those of the leases that somebody ever had, as they stand."""
    rows = database.all("SELECT name, holder, until FROM lease WHERE name IN :names", names=names)
    return {row["name"]: Lease(row["holder"], moment(row["until"])) for row in rows}


def put_lease(database: Database, name: str, holder: str, until: datetime) -> None:
    """Write a lease whoever has it."""
    database.run(
        "INSERT INTO lease (name, holder, until) VALUES (:name, :holder, :until) "
        "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until",
        name=name,
        holder=holder,
        until=until,
    )


def drop_lease(database: Database, name: str) -> None:
    """Forget a lease whoever has it."""
    database.run("DELETE FROM lease WHERE name = :name", name=name)


def give_back(database: Database, name: str, holder: str) -> None:
    """Give a lease back, so that another process need not wait for it to end."""
    database.run(
        "DELETE FROM lease WHERE name = :name AND holder = :holder", name=name, holder=holder
    )
