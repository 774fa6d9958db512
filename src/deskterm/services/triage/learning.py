"""Learning from what people decide: a job that follows the ledger, each label of a ticket once.

Numbers of ledger entries are given before they are committed: on PostgreSQL a lower one may appear
later. Every stretch is therefore looked at twice, at once and again after ten minutes. What was
learned is kept by ticket and label, so looking again costs nothing and learns nothing twice.

What is decided from now on is learned at once; what was there before the first look (an import, a
desk that is older than this) comes behind it, the newest first. When all is learned,
what was looked at long ago is looked at again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic

from deskterm.domain.clock import from_text, to_text
from deskterm.services.triage.studying import Studying
from deskterm.storage import learned
from deskterm.storage.driver import Database
from deskterm.storage.learned import Progress
from deskterm.storage.store import Store
from deskterm.triage.classify.replay import TOGETHER

LATE = timedelta(minutes=10)
"""No transaction of ours stays open longer."""
_STRETCH = 2_000
"""Ledger entries that are looked at together."""
_BUDGET = 0.5
"""Seconds of one turn."""
_TRIES = 5


class Learning:
    """The job that learns."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._settled_at = 0
        """The newest entry that was seen when there was nothing left to do."""
        self._twice = store.dialect == "postgresql"

    def run(self, now: datetime, budget: float = _BUDGET) -> int:
        """Learn what is new, for about `budget` seconds; gives how many labels were learned."""
        with self._store.reading() as database:
            newest = learned.newest_entry(database)
            if newest == self._settled_at:
                return 0
            until = monotonic() + budget
            many, progress = self._follow(database, newest, now, until)
            if progress.done == newest and not progress.history:
                rested = self._look_again(database, until)
                if rested and progress.settled == newest:
                    self._settled_at = newest
        return many

    def _follow(
        self, database: Database, newest: int, now: datetime, until: float
    ) -> tuple[int, Progress]:
        """Learn what is new, then what was there before; gives how far it came."""
        was = progress = learned.load_progress(database)
        many = 0
        while progress.done < newest and monotonic() < until:
            upto = min(newest, progress.done + _STRETCH)
            part, finished = self._stretch(database, progress.done, upto, until)
            many += part
            if not finished:
                break
            progress = progress._replace(done=upto)
        if progress.done == newest and self._twice:
            part, progress = self._again(database, progress, newest, now, until)
            many += part
        elif progress.done == newest:
            progress = progress._replace(settled=newest)
        if progress.done == newest and progress.history:
            part, progress = self._look_back(database, progress, until)
            many += part
        if progress != was or progress.history:
            learned.store_progress(database, progress)
        return many, progress

    def _look_again(self, database: Database, until: float) -> bool:
        """Look again at what was learned, in idle turns; tells whether none of it is due."""
        while monotonic() < until:
            if not look_again(database):
                return True
        return False

    def _look_back(
        self, database: Database, progress: Progress, until: float
    ) -> tuple[int, Progress]:
        """Learn what was decided before the first look, the newest first."""
        many = 0
        while progress.history and monotonic() < until:
            after = max(0, progress.history - _STRETCH)
            part, finished = self._stretch(database, after, progress.history, until, back=True)
            many += part
            if not finished:
                break
            progress = progress._replace(history=after)
        return many, progress

    def _stretch(
        self, database: Database, after: int, upto: int, until: float, back: bool = False
    ) -> tuple[int, bool]:
        """Learn from a stretch of the ledger; tells whether it came to its end."""
        numbers, many = learned.decided(database, after, upto), 0
        if back:
            numbers.reverse()
        for start in range(0, len(numbers), TOGETHER):
            if start and monotonic() > until:
                return many, False
            many += learn(database, numbers[start : start + TOGETHER])
        return many, True

    def _again(
        self, database: Database, progress: Progress, newest: int, now: datetime, until: float
    ) -> tuple[int, Progress]:
        """Look again at what was seen ten minutes ago: by now every number before is committed."""
        many, marks = 0, list(progress.marks)
        while marks and now - from_text(marks[0][0]) > LATE:
            _, upto = marks.pop(0)
            part, finished = self._stretch(database, progress.settled, upto, until)
            many += part
            if not finished:
                return many, progress
            progress = progress._replace(settled=upto, marks=tuple(marks))
        last = from_text(marks[-1][0]) if marks else None
        new = (marks[-1][1] if marks else progress.settled) < newest
        if new and (last is None or now - last > timedelta(minutes=1)):
            marks.append((to_text(now), newest))
        return many, progress._replace(marks=tuple(marks))


def learn(database: Database, numbers: Sequence[int]) -> int:
    """Learn the labels of some tickets that were not learned yet; gives how many.

    Earlier tickets are looked at again with them. Two that learn at the same time do not lose or
    double anything: whoever finds the head changed begins anew.
    """
    for _ in range(_TRIES):
        lesson = Studying(database, numbers)
        if not lesson.many:
            return 0
        if lesson.done(database):
            return lesson.many
    return 0


def look_again(database: Database) -> int:
    """Look again at some tickets that were not looked at for long; gives how many."""
    for _ in range(_TRIES):
        lesson = Studying(database, ())
        if not lesson.again or lesson.done(database):
            return len(lesson.again)
    return 0
