"""Learning from what people decide: a job that follows the ledger, each label of a ticket once.

Numbers of ledger entries are given before they are committed: on PostgreSQL a lower one may appear
later. Every stretch is therefore looked at twice, at once and again after ten minutes. What was
learned is kept by ticket and label, so looking again costs nothing and learns nothing twice.

What one turn learns stays in memory and is stored together at its end, before it is said how far
the ledger was read. However long the turns are, the same is learned.

What is decided from now on is learned at once; what was there before the first look (an import, a
desk that is older than this) comes behind it, the newest first. When all is learned,
what was looked at long ago is looked at again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
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
        was = learned.load_progress(database)
        turn = _Turn(database, until)
        progress, finished = was, True
        while progress.done < newest and finished and monotonic() < until:
            upto = min(newest, progress.done + _STRETCH)
            finished = turn.stretch(progress.done, upto)
            progress = progress._replace(done=upto if finished else progress.done)
        if progress.done == newest and self._twice:
            progress = self._again(turn, progress, newest, now)
        elif progress.done == newest:
            progress = progress._replace(settled=newest)
        while progress.done == newest and progress.history and finished and monotonic() < until:
            after = max(0, progress.history - _STRETCH)
            finished = turn.stretch(after, progress.history, back=True)
            progress = progress._replace(history=after if finished else progress.history)
        if not turn.stored():
            return turn.many, was
        if progress != was or progress.history:
            learned.store_progress(database, progress)
        return turn.many, progress

    def _look_again(self, database: Database, until: float) -> bool:
        """Look again at what was learned, in idle turns; tells whether none of it is due."""
        while monotonic() < until:
            if not look_again(database):
                return True
        return False

    def _again(self, turn: "_Turn", progress: Progress, newest: int, now: datetime) -> Progress:
        """Look again at what was seen ten minutes ago: by now every number before is committed."""
        marks = list(progress.marks)
        while marks and now - from_text(marks[0][0]) > LATE:
            _, upto = marks.pop(0)
            if not turn.stretch(progress.settled, upto):
                return progress
            progress = progress._replace(settled=upto, marks=tuple(marks))
        last = from_text(marks[-1][0]) if marks else None
        new = (marks[-1][1] if marks else progress.settled) < newest
        if new and (last is None or now - last > timedelta(minutes=1)):
            marks.append((to_text(now), newest))
        return progress._replace(marks=tuple(marks))


class _Turn:
    """What is learned until a time: stretch after stretch, each beginning where it was left."""

    def __init__(self, database: Database, until: float) -> None:
        self._database, self._until = database, until
        self._study = Studying(database)
        self._lost = False
        self.many = 0
        """Labels that were learned and stored."""

    def stretch(self, after: int, upto: int, back: bool = False) -> bool:
        """Learn from a stretch of the ledger; tells whether it came to its end."""
        numbers = learned.decided(self._database, after, upto)
        numbers = self._study.undone(numbers)
        if back:
            numbers.reverse()
        start = 0
        while start < len(numbers) and not self._lost:
            if start and monotonic() > self._until:
                return False
            size = ahead(self._study.tickets)
            self._study.learn(numbers[start : start + size])
            start += size
            if self._study.is_full:
                self.stored()
        return not self._lost

    def stored(self) -> bool:
        """Store what was learned and begin anew; false where others learned meanwhile."""
        if self._study.stored():
            self.many += self._study.many
            self._study = Studying(self._database)
        else:
            self._lost = True
        return not self._lost


def learn(database: Database, numbers: Sequence[int]) -> int:
    """Learn the labels of some tickets that were not learned yet; gives how many.

    Earlier tickets are looked at again with them. Two that learn at the same time do not lose or
    double anything: whoever finds the head changed begins anew.
    """
    for _ in range(_TRIES):
        study = Studying(database)
        study.learn(numbers)
        if study.stored():
            return study.many
    return 0


def look_again(database: Database) -> int:
    """Look again at some tickets that were not looked at for long; gives how many."""
    for _ in range(_TRIES):
        study = Studying(database)
        many = study.look_again()
        if study.stored():
            return many
    return 0


class Studying:
    """What is learned in memory, part after part, until all of it is stored together."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known = learned.load_head(database)
        self._head = self._known.head
        self._began = self._head.tickets
        self._model = Model(self._head, {})
        self._used = dict[str, int]()
        """Feature → after how many tickets it was last looked at."""
        self._names = set[str]()
        """Features of the tickets that are looked at now."""
        self._lessons = dict[int, Lesson]()
        self._looked = dict[int, learned.Looked]()
        """Ticket → whether all its labels are common, and after how many it was looked at."""
        self._gone = set[int]()
        self._marked = set[tuple[str, int, str]]()
        self.many = 0
        """Labels that are new."""

    @property
    def tickets(self) -> int:
        """Tickets that were learned."""
        return self._head.tickets

    @property
    def is_full(self) -> bool:
        """Tell whether rare words are to be forgotten before more is learned."""
        return self._began // _FORGET_EVERY != self._head.tickets // _FORGET_EVERY

    def undone(self, numbers: Sequence[int]) -> list[int]:
        """Give those of some tickets that have a label which was not learned."""
        rows, before = learned.tickets_decided(self._database, numbers), self._before(numbers)
        return [row["id"] for row in rows if _new(row, before)]

    def learn(self, numbers: Sequence[int]) -> None:
        """Learn the new labels of some tickets, and look at earlier ones again with them."""
        rows = {row["id"]: row for row in learned.tickets_said(self._database, numbers)}
        before = self._before(list(rows))
        labels = {number: _new(row, before) for number, row in rows.items()}
        new = {number: some for number, some in labels.items() if some}
        if not new:
            return
        earlier = {number for _, number, _ in before}
        again = self._replayed(replayed(self._head.tickets, len(new)), new)
        lessons = self._read(
            [*sorted(again), *new], {number: rows[number] for number in new}, again
        )
        for number, some in new.items():
            guessed = self._model.guess(lessons[number].seen, some, why=False)
            for kind, label in some.items():
                self._model.check(kind, guessed[kind], label)
        for number, some in new.items():
            self._model.take(lessons[number], some, first=number not in earlier)
        self._study(lessons, TIMES)
        found = [(kind, number, label) for number in new for kind, label in new[number].items()]
        self._marked.update(found)
        self.many += len(found)

    def look_again(self) -> int:
        """Look again at what was not looked at for long; gives at how many tickets."""
        again = learned.due(self._database, int(STALE * self._head.tickets), TOGETHER)
        if again:
            self._study(self._read(sorted(again), {}, again), 1)
        return len(again)

    def _before(self, numbers: Sequence[int]) -> set[tuple[str, int, str]]:
        asked = set(numbers)
        mine = {one for one in self._marked if one[1] in asked}
        return learned.learned_before(self._database, numbers) | mine

    def _replayed(self, wanted: int, new: Collection[int]) -> learned.Lessons:
        """Give what was not looked at for longest, of the database first: here all is newer."""
        passed = {*new, *self._lessons, *self._gone}
        found = learned.longest_unseen(self._database, wanted + len(passed))
        again = {one: pulls for one, pulls in found.items() if one not in passed}
        mine = sorted((one for one in self._lessons if one not in new), key=self._age)
        again |= {one: self._lessons[one].pulls for one in mine}
        return dict(list(again.items())[:wanted])

    def _age(self, number: int) -> tuple[int, int]:
        return self._looked[number].after, number

    def _read(
        self, numbers: Sequence[int], rows: dict[int, Row], again: learned.Lessons
    ) -> dict[int, Lesson]:
        """Give what each ticket says, what was learned of it and how hard it pulls."""
        there = {one: self._lessons[one] for one in numbers if one in self._lessons}
        asked = [one for one in numbers if one not in rows and one not in there]
        rows |= {row["id"]: row for row in learned.tickets_said(self._database, asked)}
        self._gone.update(set(asked) - rows.keys())
        missing = [one for one in rows if one not in there]
        before = learned.learned_before(self._database, missing)
        kept = [one for one in missing if one not in again]
        pulls = {**learned.lessons(self._database, kept), **again}
        for one in missing:
            there[one] = Lesson(_seen(rows[one]), _old(rows[one], before), pulls.get(one, ()))
        self._load(name for one in there.values() for name in one.seen.names)
        return {one: there[one] for one in numbers if one in there}

    def _load(self, names: Iterable[str]) -> None:
        """Load the weights of features that are not in memory."""
        if not self._model.names:
            known = learned.labels(self._database)
            self._model.names = {kind: telling(known[kind]) for kind in KINDS}
        self._names = set(names)
        unknown = self._names - self._used.keys()
        self._model.table.update(learned.load_words(self._database, unknown))

    def _study(self, lessons: Mapping[int, Lesson], times: int) -> None:
        self._model.study(list(lessons.values()), times)
        after = self._head.tickets
        self._used |= dict.fromkeys(self._names, after)
        self._lessons |= lessons
        for number, one in lessons.items():
            self._looked[number] = learned.Looked(self._is_common(one), after)

    def stored(self) -> bool:
        """Store all of it; false where others were quicker. Nothing is stored where nothing is."""
        if not self._lessons and not self._gone:
            return True
        database = self._database
        database.begin(write=True)
        try:
            if not learned.claim_head(database, self._known):
                return False
            learned.store_words(database, self._model.table, self._used)
            pulls = {number: lesson.pulls for number, lesson in self._lessons.items()}
            learned.keep(database, pulls, self._looked)
            learned.drop(database, self._gone)
            learned.mark_learned(database, self._marked)
            if self.is_full:
                learned.forget_rare(database, self._head.tickets)
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


def _new(row: Row, before: set[tuple[str, int, str]]) -> dict[str, str]:
    """Give the labels of a ticket that were not learned."""
    return {k: label for k, label in decisions(row).items() if (k, row["id"], label) not in before}


def _old(row: Row, before: set[tuple[str, int, str]]) -> dict[str, str]:
    """Give those that were."""
    return {k: label for k, label in decisions(row).items() if (k, row["id"], label) in before}
