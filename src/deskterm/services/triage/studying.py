"""One step of learning: some tickets that are new and some that were learned before.

All is read and reckoned first, then stored in one short transaction, for others wait for it on
SQLite. Whoever finds that another learned meanwhile stores nothing.
"""

from collections.abc import Mapping, Sequence

from deskterm.services.triage.said import KINDS, decisions, said_of
from deskterm.storage import learned
from deskterm.storage.driver import Database, Row
from deskterm.triage.classify.features import Seen, seen
from deskterm.triage.classify.model import Lesson, Model
from deskterm.triage.classify.names import telling
from deskterm.triage.classify.replay import OFTEN, REPLAYED, STALE, TIMES, TOGETHER

_FORGET_EVERY = 1_000

Labels = Mapping[str, str]


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
            wanted = REPLAYED * len(self._new)
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
