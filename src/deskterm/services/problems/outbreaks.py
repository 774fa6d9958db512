"""Bursts of like tickets, found in what came in, and made one incident (C4)."""

from collections import Counter
from collections.abc import Sequence

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.problems import Outbreak
from deskterm.domain.rows import Done
from deskterm.services.crossing import owned
from deskterm.services.problems.fitting import Fitting
from deskterm.services.tickets.operation import done
from deskterm.storage import announcements, problems
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import arrivals
from deskterm.storage.work import RepeatedError
from deskterm.triage.bursts import Burst, bursts
from deskterm.triage.likeness import words

_WORD = pattern(r"[^\W_]+")


class Outbreaks(Fitting):
    """Use cases of bursts."""

    def outbreaks(self) -> list[Outbreak]:
        """Give the bursts under way, the clearest first; nothing is changed."""
        now = clock.now()
        with self.store.reading() as database:
            found = bursts(now, arrivals.arrivals(database, now))
            return [_outbreak(one, arrivals.subjects(database, one.tickets[:200])) for one in found]

    def incident(
        self,
        tickets: Sequence[int],
        title: str,
        announcement: str = "",
        *,
        urgent: bool = False,
        how: How = NOW,
    ) -> Done:
        """Make like tickets one incident: a suspected problem, all linked, and announced.

        Without an announcement nothing is said on the boards; `urgent` makes all of them so. One
        operation, one undo.
        """
        if not tickets:
            raise UsageError("which tickets are the incident? None was named.")
        try:
            with self.tickets.working("problem", how) as work:
                facts = owned(work, {"title": title.strip()}, tickets)
                number = problems.create(work, facts)
                self.join(work, number, tickets, urgent=urgent, across=how.across)
                if announcement.strip():
                    row = HeldRow(work, "announcement", None)
                    announcements.begin(row, announcement)
                    row.set(problem_id=number, letters=False)
                    announcements.announce(work, row)
        except RepeatedError as repeated:
            return self.tickets.repeated("problem", repeated.operation_id)
        return done("problem", work, tickets).about("problem", number)


def _outbreak(burst: Burst, subjects: Sequence[str]) -> Outbreak:
    kind, name = burst.key
    label = name if kind == "category" else _written(name, subjects)
    said = Counter(" ".join(subject.split()) for subject in subjects)
    title = said.most_common(1)[0][0] if said else label
    return Outbreak(
        label=label,
        title=title,
        tickets=burst.tickets,
        hours=burst.hours,
        usual=burst.usual,
        tail=burst.tail,
        people=burst.people,
        began=burst.began,
    )


def _written(stem: str, subjects: Sequence[str]) -> str:
    """Give a stem as most of the subjects write it: `VPN` for `vpn`."""
    found: Counter[str] = Counter()
    for subject in subjects:
        for token in set(_WORD.findall(subject[:200])):
            if any(one == stem for one, _ in words(token)):
                found[token] += 1
    return found.most_common(1)[0][0] if found else stem
