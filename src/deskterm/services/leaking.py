"""What a text would tell outsiders about people and machines, by all that the desk knows (§8)."""

from collections.abc import Mapping, Sequence

from deskterm.domain.errors import RefusedError
from deskterm.storage.driver import Database
from deskterm.storage.reads.solutions import known_names, names_around
from deskterm.triage.leaks import Known, Leak, leaks, sentence

_AROUND = 20
"""Tickets whose people's first and last names are looked for too: the newest."""


class LeaksError(RefusedError):
    """What is to leave names people or machines; `leaks` says where. Saying yes sends it anyway."""

    def __init__(self, message: str, found: tuple[Leak, ...]) -> None:
        super().__init__(message)
        self.leaks = found


def found_leaks(
    database: Database, fields: Mapping[str, str], tickets: Sequence[int] = ()
) -> list[Leak]:
    """Give what in these fields names people or machines; `tickets` are those they come from."""
    names, hosts, domains = known_names(database)
    for ticket in tickets[-_AROUND:]:
        names |= names_around(database, ticket)
    return leaks(fields, Known(frozenset(names), frozenset(hosts), frozenset(domains)))


def refuse_leaks(
    database: Database, what: str, fields: Mapping[str, str], tickets: Sequence[int] = ()
) -> None:
    """Refuse words that name people or machines; raises LeaksError."""
    found = tuple(found_leaks(database, fields, tickets))
    if found:
        raise LeaksError(f"{what} is not for everybody: it names {sentence(found)}.", found)
