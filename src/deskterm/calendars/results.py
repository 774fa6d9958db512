"""What of a ticket's promises has ended, read from its ledger, and how each is judged.

A result is history: it is judged once, when it happens, and never again (semantics.md §4).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.calendars.calendar import Calendar
from deskterm.calendars.history import (
    IMPORT,
    Past,
    Pause,
    Told,
    begun_live,
    is_pick_up,
    is_response,
    talk,
)
from deskterm.calendars.promise import PICKUP, RESPONSE, SOLUTION
from deskterm.domain.vocabulary import Outcome, State

NEXT = "next"
"""The answer to a later message of the customer, counted from the first unanswered one."""
KINDS = (PICKUP, RESPONSE, NEXT, SOLUTION)
_NOTHING = timedelta(0)
_MOST = 2**31 - 1
"""Seconds that a database can hold: 68 years."""
_DONE = (State.SOLVED, State.CLOSED)
_NO_SOLUTION = (Outcome.SPAM, Outcome.DUPLICATE)
"""Closed as that, nothing was promised."""


class Ending(NamedTuple):
    """A clock that has ended."""

    kind: str
    number: int
    """1 for the first of its kind; solutions after a reopening and later answers count on."""
    started: datetime
    ended: datetime


class Result(NamedTuple):
    """An ending with what it took."""

    ending: Ending
    seconds: int
    """Business seconds from its start to its end, pauses left out."""
    elapsed: int
    """Seconds around the clock, pauses left out."""


def endings(entries: Sequence[Told], opened: datetime, past: Past) -> list[Ending]:
    """Give the clocks of a ticket that have ended, in the order in which they did."""
    walk = _Walk(opened, past)
    walk.begin(begun_live(entries))
    for one in entries:
        walk.take(one)
    return walk.found


class _Walk:
    """One walk along a ledger."""

    def __init__(self, opened: datetime, past: Past) -> None:
        self.found: list[Ending] = []
        self._opened = opened
        self._past = past
        self._state: str = State.NEW
        self._outcome: str | None = None
        self._responded: datetime | None = None
        self._unanswered: datetime | None = None
        self._many = dict.fromkeys(KINDS, 0)

    def begin(self, live: datetime | None) -> None:
        """Note a call, which is its own first response."""
        self._responded = live
        if live is not None:
            self._end(RESPONSE, self._opened, self._opened)

    def take(self, one: Told) -> None:
        """End what an entry ends."""
        was, self._state = self._state, one.after("state", self._state) or self._state
        self._outcome = one.after("outcome", self._outcome)
        self._pick_up(one)
        self._answer(one)
        done = self._state in _DONE and was not in _DONE
        if done and self._outcome not in _NO_SOLUTION:
            self._end(SOLUTION, self._start(one.at), one.at)

    def _pick_up(self, one: Told) -> None:
        picks = is_pick_up(one.event, one.actor, one.after("assignee", None), one.changes)
        if picks and not self._many[PICKUP] and one.actor != IMPORT:
            self._end(PICKUP, self._start(one.at), one.at)

    def _answer(self, one: Told) -> None:
        said = is_response(one)
        if said and self._responded is None:
            self._end(RESPONSE, self._start(one.at), one.at)
        elif said and self._unanswered is not None:
            self._end(NEXT, self._unanswered, one.at)
        self._responded, self._unanswered = talk(
            one, self._state, self._responded, self._unanswered
        )

    def _start(self, ended: datetime) -> datetime:
        """Give from when it counts; what ended in another help desk counts from its opening."""
        since = self._past.since
        return since if since is not None and self._opened <= since < ended else self._opened

    def _end(self, kind: str, started: datetime, ended: datetime) -> None:
        """A clock that jumped back took no time."""
        self._many[kind] += 1
        self.found.append(Ending(kind, self._many[kind], started, max(started, ended)))


def measured(ending: Ending, pauses: Sequence[Pause], calendar: Calendar) -> Result:
    """Give how long a clock ran: what lies between start and end, without its pauses."""
    seconds = calendar.business_time_between(ending.started, ending.ended)
    elapsed = ending.ended - ending.started
    for pause in pauses_in(ending, pauses):
        seconds -= calendar.business_time_between(pause.start, pause.end)
        elapsed -= pause.end - pause.start
    return Result(ending, *(_whole(one) for one in (seconds, elapsed)))


def _whole(length: timedelta) -> int:
    return min(round(max(length, _NOTHING).total_seconds()), _MOST)


def pauses_in(ending: Ending, pauses: Sequence[Pause]) -> list[Pause]:
    """Give the pauses between a clock's start and end, cut at both."""
    return [
        one._replace(start=max(one.start, ending.started), end=min(one.end, ending.ended))
        for one in pauses
        if one.start < ending.ended and one.end > ending.started
    ]
