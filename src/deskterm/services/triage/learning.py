"""Learning from what people decide: a job that follows the ledger, each label of a ticket once.

Numbers of ledger entries are given before they are committed: on PostgreSQL a lower one may appear
later. Every stretch is therefore looked at twice, at once and again after ten minutes. What was
learned is kept by ticket and label, so looking again costs nothing and learns nothing twice.

What is decided from now on is learned at once; what was there before the first look (an import, a
desk that is older than this) comes behind it, the newest first. When all is learned,
what was looked at long ago is looked at again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic

from deskterm.domain.clock import from_text, to_text
from deskterm.services.triage.said import KINDS, decisions, said_of
from deskterm.storage import learned
from deskterm.storage.driver import Database, Row
from deskterm.storage.learned import Progress
from deskterm.storage.store import Store
from deskterm.triage.classify.features import Seen, seen
from deskterm.triage.classify.model import (
    OFTEN,
    STALE,
    TIMES,
    TOGETHER,
    Lesson,
    Model,
    ahead,
    replayed,
)
from deskterm.triage.classify.names import telling

LATE = timedelta(minutes=10)
"""No transaction of ours stays open longer."""
_STRETCH = 2_000
"""Ledger entries that are looked at together."""
LEARNING = 0.5
"""Seconds of one turn."""
_TRIES = 5
_FORGET_EVERY = 1_000


class Learning:
    """The job that learns."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._settled_at = 0
        """The newest entry that was seen when there was nothing left to do."""
        self._twice = store.dialect == "postgresql"

    def run(self, now: datetime, budget: float = LEARNING) -> int:
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
        start = 0
        while start < len(numbers):
            if start and monotonic() > until:
                return many, False
            size = ahead(learned.load_head(database).head.tickets)
            many += learn(database, numbers[start : start + size])
            start += size
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


class Studying:
    """What there is to learn from some tickets, and what is looked at again beside it.

    Without tickets: what was not looked at for long.
    """

    def __init__(self, database: Database, numbers: Sequence[int]) -> None:
        self._known = learned.load_head(database)
        self._head = self._known.head
        rows = {row["id"]: row for row in learned.tickets_said(database, numbers)}
        before = learned.learned_before(database, list(rows))
        self._new = {number: _new(row, before) for number, row in rows.items()}
        self._new = {number: labels for number, labels in self._new.items() if labels}
        self.many = sum(map(len, self._new.values()))
        """Labels that are new."""
        self._rows = {number: rows[number] for number in self._new}
        self._first = {number for number, _ in self._new.items() if number not in _numbers(before)}
        """Tickets of which nothing was learned."""
        self.again = self._replayed(database)
        """Tickets that are looked at again → how hard they pulled."""

    def _replayed(self, database: Database) -> learned.Lessons:
        if self._new:
            wanted = replayed(self._head.tickets, len(self._new))
            found = learned.longest_unseen(database, wanted + len(self._new))
            found = {one: pulls for one, pulls in found.items() if one not in self._new}
            return dict(list(found.items())[:wanted])
        return learned.due(database, int(STALE * self._head.tickets), TOGETHER)

    def done(self, database: Database) -> bool:
        """Learn and store it; false where others were quicker."""
        said = {row["id"]: row for row in learned.tickets_said(database, list(self.again))}
        gone = self.again.keys() - said.keys()
        said |= self._rows
        lessons = self._lessons(database, said)
        names = [name for one in lessons.values() for name in one.seen.names]
        known = learned.labels(database)
        model = Model(
            self._head,
            learned.load_words(database, names),
            {kind: telling(known[kind]) for kind in KINDS},
        )
        self._learn(model, lessons)
        return self._store(database, model, lessons, gone)

    def _lessons(self, database: Database, rows: Mapping[int, Row]) -> dict[int, Lesson]:
        """Give what each ticket says, what was learned of it and how hard it pulls."""
        before = learned.learned_before(database, list(rows))
        pulls = {**learned.lessons(database, list(self._new)), **self.again}
        return {
            number: Lesson(_seen(row), _old(row, before), pulls.get(number, ()))
            for number, row in rows.items()
        }

    def _learn(self, model: Model, lessons: Mapping[int, Lesson]) -> None:
        for number, labels in self._new.items():
            guessed = model.guess(lessons[number].seen, labels, why=False)
            for kind, label in labels.items():
                model.check(kind, guessed[kind], label)
        for number, labels in self._new.items():
            model.take(lessons[number], labels, first=number in self._first)
        model.study(list(lessons.values()), TIMES if self._new else 1)

    def _store(
        self, database: Database, model: Model, lessons: Mapping[int, Lesson], gone: set[int]
    ) -> bool:
        head, often = self._head, {n for n, one in lessons.items() if self._is_common(one)}
        began = head.tickets - len(self._first)
        database.begin(write=True)
        try:
            if not learned.claim_head(database, self._known):
                return False
            learned.store_words(database, model.table, head.tickets)
            pulls = {number: lesson.pulls for number, lesson in lessons.items()}
            learned.keep(database, pulls, often, head.tickets)
            learned.drop(database, gone)
            for kind in KINDS:
                pairs = [(n, new[kind]) for n, new in self._new.items() if kind in new]
                learned.mark_learned(database, kind, pairs)
            if began // _FORGET_EVERY != head.tickets // _FORGET_EVERY:
                learned.forget_rare(database, head.tickets)
                learned.drop_oldest(database)
            database.commit()
        finally:
            database.rollback()
        return True

    def _is_common(self, lesson: Lesson) -> bool:
        kinds = self._head.kinds
        return all(kinds[kind].counts[label] >= OFTEN for kind, label in lesson.labels.items())


def _seen(row: Row) -> Seen:
    return seen(said_of(row))


def _numbers(before: set[tuple[str, int, str]]) -> set[int]:
    return {number for _, number, _ in before}


def _new(row: Row, before: set[tuple[str, int, str]]) -> dict[str, str]:
    """Give the labels of a ticket that were not learned."""
    return {k: label for k, label in decisions(row).items() if (k, row["id"], label) not in before}


def _old(row: Row, before: set[tuple[str, int, str]]) -> dict[str, str]:
    """Give those that were."""
    return {k: label for k, label in decisions(row).items() if (k, row["id"], label) in before}
