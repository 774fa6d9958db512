"""The named ways in which the nine steps go wrong, each a rule over one ticket's course (B4).

A mistake is one of the process: it says which step was missing and what helps, and knows nobody's
name. A rule reads a ticket that was closed and says why it fits, or nothing.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, pairwise
from typing import NamedTuple

from deskterm.domain.shares import Share
from deskterm.domain.vocabulary import STEPS, Event, Outcome, Proof, Step
from deskterm.reports.course import SOON, Course, Entry

SILENT = timedelta(days=1)
"""So long without a word of ours, and nobody was greeted, where no first response was promised."""
IDLE = timedelta(days=5)
"""So long between the choice and the work, where no solution was promised."""
ANSWER = timedelta(days=2)
"""So long a customer has to say whether it works before a ticket may be closed without it."""
Due = Callable[[str, datetime], datetime | None]
"""Gives when what was promised of a ticket (`response`, `solution`) is due if its time begins at an
instant; None: nothing is promised."""
_PUBLIC = frozenset((Event.REPLIED, Event.WAITING, Event.SOLVED, Event.VERIFIED))
_NOT_STATED = "it was solved, and nobody had said what the problem is"
_HANDED_BACK = "it was escalated and handed back"
_NOT_SEEN = "nobody had seen the trouble before it was solved"


class Mistake(NamedTuple):
    """One named mistake (semantics.md §10)."""

    name: str
    step: Step
    what: str
    """What it is, in one sentence."""
    helps: str
    """What would make it rarer."""
    why: Callable[[Course, Due], str]
    """Tell why a ticket fits; empty where it does not. Its limits are those of the promises."""

    @property
    def number(self) -> int:
        """The place of its step among the nine; no two mistakes have the same."""
        return STEPS.index(self.step) + 1


class Seen(NamedTuple):
    """A mistake on a ticket."""

    ticket: int
    category: str
    why: str


@dataclass(slots=True)
class MistakeFigures:
    """How often one mistake was seen."""

    mistake: Mistake
    cases: int = 0
    behind: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Category → the tickets that show it."""
    seen: Sequence[Seen] = ()
    """The tickets with why each of them fits, where that was asked for."""

    @property
    def number(self) -> int:
        """The place of its step among the nine."""
        return self.mistake.number

    @property
    def share(self) -> Share:
        """Tickets that show it, of all that were closed."""
        return Share(sum(map(len, self.behind.values())), self.cases)

    @property
    def tickets(self) -> list[int]:
        """The tickets behind the count, the newest first."""
        return sorted(chain.from_iterable(self.behind.values()), reverse=True)

    @property
    def categories(self) -> Counter[str]:
        """How many tickets of each category show it."""
        return Counter({name or "no category": len(one) for name, one in self.behind.items()})


class Wrong(NamedTuple):
    """Which steps of a closed ticket went wrong (`judged`)."""

    ticket: int
    category: str
    """Its path, or empty."""
    mistakes: str
    """The numbers of those steps, a digit each."""
    whys: Mapping[str, str]
    """Such a number → why; empty where nobody asked."""


USUAL: Mapping[str, str] = {"2": _HANDED_BACK, "3": _NOT_STATED, "4": _NOT_SEEN}
"""The number of a step → what is said nearly always where it went wrong: it is not kept."""


def unusual(whys: Mapping[int, str]) -> Mapping[int, str]:
    """Give the reasons that have to be kept."""
    return {number: why for number, why in whys.items() if why != USUAL.get(str(number))}


def reasons(mistakes: str, kept: Mapping[str, str]) -> Mapping[str, str]:
    """Give why each step went wrong: as it is kept, else as it is usual."""
    return {number: kept.get(number) or USUAL.get(number, "") for number in mistakes}


class MistakeTally:
    """Counts the named mistakes of many tickets; what it keeps of each is its number."""

    def __init__(self) -> None:
        self.cases = 0
        self._groups: dict[tuple[str, str], array[int]] = {}
        self._seen: dict[str, list[Seen]] = {str(one.number): [] for one in MISTAKES}

    def add(self, tickets: Sequence[Wrong]) -> None:
        """Count some tickets more."""
        self.cases += len(tickets)
        for one in tickets:
            if one.mistakes:
                behind = self._groups.setdefault((one.category, one.mistakes), array("q"))
                behind.append(one.ticket)
                for number, why in one.whys.items():
                    self._seen[number].append(Seen(one.ticket, one.category, why))

    def figures(self) -> list[MistakeFigures]:
        """Give the figures of each named mistake, in the order of the steps."""
        found = []
        for mistake in MISTAKES:
            behind: dict[str, array[int]] = {}
            for (category, numbers), tickets in self._groups.items():
                if str(mistake.number) in numbers:
                    behind.setdefault(category, array("q")).extend(tickets)
            seen = self._seen[str(mistake.number)]
            found.append(MistakeFigures(mistake, self.cases, behind, seen))
        return found


def no_promise(_: str, __: datetime) -> None:
    """Give that nothing is promised."""


def ogre(course: Course, due: Due) -> str:
    """Nobody greeted, and the first word of ours came late or never."""
    if Step.GREET in course.to_closing.marks:
        return ""
    first = next((one for one in course.entries if _our_word(one)), None)
    if first is None:
        return "the customer heard no word of ours"
    until = due("response", course.opened_at)
    if first.at <= (until or course.opened_at + SILENT):
        return ""
    promised = ", later than promised" if until else ""
    return f"our first word came after {_span(first.at - course.opened_at)}{promised}"


def misdelegator(course: Course, _: Due) -> str:
    """Sent from group to group, or sent on and sent back."""
    if course.first(Event.HANDED_BACK) is not None:
        return _HANDED_BACK
    moves = sum(
        one.changes["group_id"][0] is not None
        for one in course.entries
        if "group_id" in one.changes and one.event != Event.OPENED
    )
    return f"it went to another group {moves} times" if moves >= 2 else ""


def assumer(course: Course, _: Due) -> str:
    """Solved without a stated problem, or with the customer's words for it."""
    before = course.to_solution
    if before is None:
        return ""
    stated = before.marks.get(Step.STATE)
    if stated is not None and stated.status == "skipped":
        return ""
    problem = _words(before.value("problem"))
    if not problem:
        return _NOT_STATED
    said = (_words(before.value("subject") or course.subject), _words(course.body))
    return "the problem is only what the customer said" if problem in said else ""


def non_verifier(course: Course, _: Due) -> str:
    """Solved though nobody had seen the trouble, nor said why they need not."""
    before = course.to_solution
    if before is None or Step.REPRODUCE in before.marks:
        return ""
    return _NOT_SEEN


def wrong_fixer(course: Course, _: Due) -> str:
    """It came back, or the solution failed more than once."""
    failed = sum(one.failed() for one in course.entries)
    if failed >= 2:
        return f"a solution failed {failed} times"
    solved = None
    for one in course.entries:
        if one.event == Event.SOLVED:
            solved = one.at
        elif one.event == Event.REOPENED and solved is not None and one.at - solved <= SOON:
            return f"it came back {_span(one.at - solved)} after the solution"
    return ""


def de_executioner(course: Course, due: Due) -> str:
    """Closed as solved without the work done, or a choice that lay idle."""
    closing = course.to_closing
    if _closed_as_solved(course) and Step.CARRY_OUT not in closing.marks:
        return "it was closed as solved, and the work is not marked as done"
    chosen, worked = (closing.first_done.get(one) for one in (Step.SELECT, Step.CARRY_OUT))
    if chosen is None or worked is None:
        return ""
    after = [one for one in closing.entries if chosen <= one.at <= worked]
    pauses = [(b.at - a.at, a.at, b.at) for a, b in pairwise(after) if a.event != Event.WAITING]
    pause, start, end = max(pauses, default=(timedelta(), worked, worked))
    until = due("solution", start)
    if end <= (until or start + IDLE):
        return ""
    promised = ", longer than a whole solution may take" if until else ""
    return f"the chosen solution lay idle for {_span(pause)}{promised}"


def hit_and_run(course: Course, _: Due) -> str:
    """Closed as solved without the craft's proof."""
    if not _closed_as_solved(course):
        return ""
    proof = course.to_closing.value("craft_proof")
    if proof == Proof.OK:
        return ""
    return "the work was closed unproven" + (", the test waived" if proof else "")


def closer(course: Course, _: Due) -> str:
    """Closed before the customer could say whether it works."""
    if not _closed_as_solved(course):
        return ""
    closed, solved = course.last(Event.CLOSED), course.last(Event.SOLVED)
    if closed is None or course.to_closing.value("customer_proof") == Proof.OK:
        return ""
    later = course.entries[course.entries.index(closed) :]
    if any(one.event == Event.RECEIVED and one.at - closed.at <= SOON for one in later):
        return "it was closed before the customer's answer came"
    wait = closed.at - (solved.at if solved else course.opened_at)
    return f"the customer had {_span(wait)} to answer" if wait < ANSWER else ""


MISTAKES = (
    Mistake(
        "ogre",
        Step.GREET,
        "Nobody answered in the time promised.",
        "Let T on the board take the next one, and begin with a sentence that somebody is on it.",
        ogre,
    ),
    Mistake(
        "misdelegator",
        Step.CLASSIFY,
        "It wandered from group to group.",
        "Give the category a home group, and ask one question more before escalating.",
        misdelegator,
    ),
    Mistake(
        "assumer",
        Step.STATE,
        "Nobody said what the problem is.",
        "Write the problem in one sentence that the customer would agree to.",
        assumer,
    ),
    Mistake(
        "non-verifier",
        Step.REPRODUCE,
        "Nobody saw the trouble before solving it.",
        "Ask for the steps that lead to it, or skip the step with a reason.",
        non_verifier,
    ),
    Mistake(
        "wrong fixer",
        Step.SELECT,
        "The solution did not hold.",
        "Propose two solutions and note why one was selected; test it as in step 4.",
        wrong_fixer,
    ),
    Mistake(
        "de-executioner",
        Step.CARRY_OUT,
        "What was chosen was not done, or late.",
        "Let the ticket wait with a date, or promise a call-back.",
        de_executioner,
    ),
    Mistake(
        "hit-and-run",
        Step.VERIFY,
        "Closed without a test of our own.",
        "Repeat the test of step 4 before closing.",
        hit_and_run,
    ),
    Mistake(
        "closer",
        Step.CONFIRM,
        "Closed before the customer could answer.",
        "Wait two days, or ask on the phone; the reminder does the rest.",
        closer,
    ),
)
"""The eight, in the order of the steps; `wrong fixer` is of 5 and 6."""


def _our_word(one: Entry) -> bool:
    return one.ours and one.public and one.event in _PUBLIC


def _closed_as_solved(course: Course) -> bool:
    closed = course.last(Event.CLOSED)
    return closed is not None and closed.data.get("outcome") == Outcome.SOLVED


def _words(text: object) -> str:
    return " ".join(str(text or "").lower().split()).rstrip(".!")


def _span(length: timedelta) -> str:
    hours = length.total_seconds() / 3600
    if hours < 1:
        return f"{hours * 60:.0f} minutes"
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"
