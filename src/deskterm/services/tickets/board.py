"""The board: which tickets there are, in which order, and the calls that were promised."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import tzinfo
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.columns import FIELD, LISTED
from deskterm.domain.rows import Altered, BoardRow, Counted
from deskterm.storage.reads import board, listed
from deskterm.storage.reads.asked import Asked, desk_zone
from deskterm.storage.reads.known import field_names
from deskterm.triage.common import counted
from deskterm.triage.query import parse
from deskterm.triage.query_tree import QueryError

if TYPE_CHECKING:
    from deskterm.domain.in_hand import CallBackRow
    from deskterm.storage.store import Store


_COUNTED = (
    *("requester", "department", "segment", "organisation", "site", "device", "model"),
    *("category", "service", "group", "assignee", "channel", "problems"),
)
_LOOKED_AT = 2_000
"""Tickets that are looked at for what they have in common."""


class Board:
    """Reads of many tickets, as whoever opened the desk sees them."""

    def __init__(self, store: "Store", me: str) -> None:
        self.store = store
        self.me = me

    def ids(self, query: str = "", limit: int | None = None) -> Sequence[int]:
        """Give the numbers of every ticket of a query, in board order or as its `sort:` says."""
        with self.store.reading() as database:
            return board.numbers(database, parse(query), self.asked(), limit)

    def rows(self, numbers: Sequence[int], more: Collection[str] = ()) -> list[BoardRow]:
        """Give the rows of some tickets, in the order asked for; unknown numbers are left out.

        `more` names columns of `domain.columns.LISTED` that are wanted beside the row's own.
        """
        with self.store.reading() as database:
            return listed.with_more(database, board.rows(database, numbers), more)

    def first_page(
        self, query: str = "", limit: int = 50, more: Collection[str] = ()
    ) -> list[BoardRow]:
        """Give the first rows of a query; `more` as above."""
        with self.store.reading() as database:
            found = board.page(database, parse(query), self.asked(), limit)
            return listed.with_more(database, found, more)

    def altered(
        self, query: str, known: Mapping[int, int], limit: int, more: Collection[str] = ()
    ) -> Altered:
        """Give the first tickets of a query, and the rows that are not as they are known.

        `known` is ticket → version of the rows that are shown; only what differs is read.
        """
        with self.store.reading() as database:
            first, now = board.heads(database, parse(query), self.asked(), limit, list(known))
            wanted = [number for number, version in now.items() if known.get(number) != version]
            rows = listed.with_more(database, board.rows(database, wanted), more)
        return Altered(first, list(now), rows)

    def counted(self, numbers: Sequence[int]) -> Counted:
        """Give what tickets have in common: the values that most of them share, by column."""
        with self.store.reading() as database:
            fields = [f"{FIELD}{name}" for name in field_names(database)]
        keys = [*(key for key in _COUNTED if key in LISTED), *fields]
        return counted(self.rows(numbers[:_LOOKED_AT], keys), keys)

    def columns(self) -> list[str]:
        """Give the key of everything a list can show, the desk's own fields among them."""
        with self.store.reading() as database:
            return [*LISTED, *(f"{FIELD}{name}" for name in field_names(database))]

    def count(self, query: str = "", cap: int = board.CAP) -> int:
        """Give how many tickets a query has, counting no further than `cap`."""
        with self.store.reading() as database:
            return board.count(database, parse(query), self.asked(), cap)

    def counts(self, queries: Sequence[str], cap: int) -> list[int | None]:
        """Give the same of several queries, asked together; None of one that cannot be asked."""
        found: list[int | None] = [None] * len(queries)
        asked = {}
        with self.store.reading() as database:
            for place, query in enumerate(queries):
                with suppress(QueryError):
                    asked[place] = board.counting(database, parse(query), self.asked(), cap)
            for place, rows in zip(asked, database.together(*asked.values()), strict=True):
                found[place] = int(rows[0]["n"])
        return found

    def call_backs(self, *, due: bool = False, everybody: bool = True) -> "list[CallBackRow]":
        """Give open call-backs, the earliest first: all or those due, everybody's or one's own."""
        from deskterm.storage.reads.in_hand import callbacks

        with self.store.reading() as database:
            owner = None if everybody else self.me
            return callbacks(database, clock.now(), due=due, owner=owner)

    def zone(self) -> tzinfo:
        """Give the desk's zone, in which its days begin."""
        with self.store.reading() as database:
            return desk_zone(database)

    def asked(self) -> Asked:
        """Give who asks, and when."""
        return Asked(me=self.me, now=clock.now())
