"""What can happen on a ticket in the demo: each deed moves the time on and writes the ledger."""

from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any

from deskterm.demo import times
from deskterm.demo.company import Company, Device, Person
from deskterm.demo.story import Operation, Story
from deskterm.demo.texts import Plot, fill, pick
from deskterm.domain.asking import Request
from deskterm.domain.times import TimeKind, TimeState, Worked
from deskterm.domain.verbs import (
    Cancel,
    Change,
    Close,
    Escalate,
    HandBack,
    Note,
    Reopen,
    Reply,
    Resume,
    Solve,
    Take,
    Verify,
    Wait,
)
from deskterm.domain.vocabulary import Event, LinkKind, Outcome, Proof, State, Step
from deskterm.services.letters import Letters
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.steps import mark, stop_waiting
from deskterm.storage.ticket.hold import Hold

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_TIMES = 10
"""Entries of time on one ticket at most: their numbers follow from the ticket's."""
_BOOKED = 0.7
"""How often somebody books what they worked."""
THANKS = (
    "It works again, thank you very much!",
    "Perfect, all is well. Thanks for the quick help.",
    "Confirmed, works. Thank you!",
    "Great, thanks. I even understood what it was.",
    "Yes, it works now. Have a nice weekend!",
)
STILL = (
    "Sorry, it is still the same here.",
    "It worked for ten minutes, now it is back.",
    "No change on my side, could you look again?",
)
SILENT = "No answer after two reminders; the customer can reopen it by replying."
SPOKEN = ("phone", "walk-up", "chat")


class Situation:
    """One ticket as it begins: who, with what, about what, and the clock of the story."""

    def __init__(self, story: Story, company: Company, plot: Plot, live: bool) -> None:
        self.story = story
        self.company = company
        self.plot = plot
        self.chance: Random = story.chance
        self.live = live
        """Happening today: it does not wait for office hours."""
        self.at = 0
        self.person: Person = company.people[0]
        self.device: Device | None = None
        self.slots: Mapping[str, str] = {}
        self.kind = int(self.chance.random() * len(plot.said))
        self.technician = ""
        self._act = _Unheard(company)

    @property
    def cause(self) -> int:
        """Which of the plot's problems it is."""
        return self.plot.about[self.kind % len(self.plot.about)]

    def luck(self, share: float) -> bool:
        """Tell whether something of that likelihood happens."""
        return self.chance.random() < share

    def later(self, least: float, most: float) -> int:
        """Move on by some minutes; give the time, within office hours."""
        minutes = least + (most - least) * self.chance.random() ** 2
        self.at += int(minutes * times.MINUTE) + int(self.chance.random() * 50)
        if not self.live:
            self.at = times.in_hours(self.at, self.chance)
        return self.at

    def words(self, choices: Any, place: int | None = None) -> str:
        """Give one of the plot's texts, filled in; `place` keeps texts that belong together."""
        text = choices[place % len(choices)] if place is not None else pick(self.chance, choices)
        return fill(str(text), self.slots)

    def open(self, body: str, channel: str, urgent: bool, take: bool = True) -> None:
        """The customer reports it, by mail themselves or to a technician."""
        own = channel in ("email", "web")
        actor = "mail" if own else self.technician
        self.story.begin("new", actor, self.at)
        values: dict[str, object] = {
            "channel": channel,
            "urgent": urgent,
            "subject": self.words(self.plot.subject, self.kind),
            "requester_id": self.person.id,
        }
        if not own:
            values |= self._facts()
            if take:
                values |= {"state": State.OPEN.value, "assignee": self.technician}
            self.story.mark(Step.GREET, Step.CLASSIFY)
            if self.luck(0.7):
                values["problem"] = self.words(self.plot.problem, self.cause)
                self.story.mark(Step.STATE)
            self._fields()
        self.story.opened(body, values, self.person.id if own else None, None)

    def _facts(self) -> dict[str, object]:
        category = self.plot.category
        group = self.company.facts["categories"][category]
        return {
            "category_id": self.company.categories[category],
            "service_id": self.company.services[self.plot.service],
            "group_id": self.company.groups[group],
            "device_id": self.device.id if self.device else None,
        }

    def _fields(self) -> None:
        put = self.story.put
        if self.device:
            put("field.os", self.device.os)
        if self.plot.app:
            put("field.application", self.plot.app)
        put("field.place", self.plot.place)
        if self.luck(0.3):
            put("field.affected", "a few" if self.luck(0.2) else "one")

    def classify(self) -> None:
        """A technician says what it is about and what the problem is."""
        self.story.begin("set", self.technician, self.later(1, 8))
        self.story.set(**self._facts(), problem=self.words(self.plot.problem, self.cause))
        self._fields()
        self.story.mark(Step.CLASSIFY, Step.STATE)
        self.story.write(Event.CHANGED)


class Scene(Situation):
    """One ticket under way: what is done on it, deed by deed."""

    def take(self, least: float, most: float) -> None:
        """The technician makes himself the owner."""
        self._do(Take(), self.later(least, most))

    def note(self, text: str, least: float = 2, most: float = 40) -> None:
        """Write an internal note."""
        self._do(Note(text), self.later(least, most))

    def reply(self, text: str, least: float = 2, most: float = 60) -> None:
        """Write to the customer."""
        self._do(Reply(text), self.later(least, most))

    def reproduce(self) -> None:
        """See it oneself."""
        if self.plot.reproduce:
            at = self.later(2, 20)
            seen = self.words((self.plot.reproduce,))
            self._do(Change(reproduction=seen, reproduced=True), at)

    def needs(self, what: str) -> None:
        """Say what the work requires before it can be done."""
        self.story.begin("set", self.technician, self.later(5, 60))
        self.story.set(needs=what, approver=self.slots["lead"])
        self.story.write(Event.CHANGED, public=True)

    def ask(self) -> None:
        """Ask the customer and wait for the answer."""
        place = int(self.chance.random() * len(self.plot.ask))
        hello = f"Hello {self.person.name.split(' ')[0]},\n\n"
        question = self.words(self.plot.ask, place)
        self.reply(f"{hello}{question}\n\nBest regards,\n{self.slots['desk']}")
        self.wait("customer", "Asked a question.", 1)
        self.answer(self.words(self.plot.answer, place), 20, 2400)

    def wait(self, whom: str, reason: str, minutes: float) -> None:
        """Let it wait for somebody."""
        self._do(Wait(whom, reason=reason), self.later(0, minutes))

    def answer(self, text: str, least: float, most: float) -> None:
        """The customer writes; a ticket that waits for that resumes."""
        self.story.begin("note", "mail", self.later(least, most))
        if self.story.row["state"] == State.WAITING:
            stop_waiting(self.story)
        self.story.write(Event.RECEIVED, text, public=True, person_id=self.person.id)

    def resume(self, reason: str, least: float, most: float) -> None:
        """What it waited for has come."""
        self._do(Resume(reason), self.later(least, most))

    def escalate(
        self,
        actions: list[str],
        group: str = "",
        summary: str = "",
        shared: Operation | None = None,
    ) -> None:
        """Hand it to the group that knows more, with a summary; by default as the plot says."""
        group = group or self.plot.group
        at = shared.second if shared else self.later(5, 60)
        summary = summary or self.words((self.plot.summary,))
        self._do(Escalate(group, summary, tuple(actions)), at, shared)
        self.technician = pick(self.chance, self.company.members(group) or [self.technician])

    def hand_back(self, text: str) -> None:
        """Give it back to whoever escalated it."""
        self._do(HandBack(text), self.later(30, 600))
        self.technician = self.story.row["assignee"]

    def solve(self, text: str, solution: int | None, shared: Operation | None = None) -> None:
        """Say that the work is done, and how; what was worked on it is booked."""
        at = shared.second if shared else self.later(3, 90)
        self._book(at)
        self._do(Solve(text, solution), at, shared)

    def _book(self, at: int) -> None:
        """Book what was worked until then: a call as it was counted, else by clock or by hand.

        By a chance of the ticket's own, so that nothing else in the story depends on it.
        """
        story = self.story
        times_ = len(list(story.hanging("time")))
        chance = Random(f"{story.number} {times_}")
        live = story.row["channel"] in SPOKEN and not times_ and at - story.began < times.HOUR
        if at > story.now or (chance.random() > _BOOKED and not live):
            return
        spent = min(int(60 * chance.lognormvariate(2.8, 0.7)), 3 * times.HOUR) + times.MINUTE
        kind = pick(chance, (TimeKind.CLOCK, TimeKind.CLOCK, TimeKind.TYPED))
        seconds = at - story.began if live else spent
        start = datetime.fromtimestamp(at - seconds, UTC)
        kind = TimeKind.CALL if live else kind
        worked = Worked(self.technician, kind, TimeState.BOOKED, start, seconds)
        story.put(f"time.{story.number * MOST_TIMES + times_}", worked.kept)

    def verify(
        self,
        by: str,
        result: Proof,
        reason: str = "",
        minutes: float = 30,
        shared: Operation | None = None,
    ) -> None:
        """Record a verification by the craft or the customer."""
        at = shared.second if shared else self.later(1, minutes)
        self._do(Verify(by, result, reason), at, shared)

    def close(
        self,
        outcome: Outcome,
        reason: str = "",
        within: tuple[float, float] = (1, 10),
        shared: Operation | None = None,
    ) -> None:
        """Close it through the gate, some minutes later."""
        at = shared.second if shared else self.later(*within)
        self._do(Close(outcome, reason), at, shared)

    def reopen(self, text: str) -> None:
        """The customer says that it is back."""
        self.answer(text, 600, 9 * 1440)
        self._do(Reopen("The customer answered."), self.later(5, 60))

    def cancel(self, reason: str) -> None:
        """The work is not wanted any more."""
        self._do(Cancel(reason), self.later(60, 1440))

    def _do(self, asked: Request, at: int, shared: Operation | None = None) -> None:
        """Let the technician do it, as every door does."""
        self.story.begin(asked.verb, self.technician, at, shared)
        self._act.do(self.story, asked)

    def link(self, kind: LinkKind, other: int) -> None:
        """Link it to another ticket."""
        self.story.begin("link", self.technician, self.later(1, 10))
        self.story.put(f"link.{kind}.{other}", True)
        self.story.write(Event.LINKED, data={"kind": kind.value, "to": other})

    def merge(self, goal: Story, least: float = 10, most: float = 300) -> None:
        """Merge it into another ticket: the number leads there from now on."""
        at = self.later(least, most)
        if at <= goal.at:
            at = self.at = goal.at + 60
        operation = Operation(self.chance, "merge", self.technician, at)
        self.story.begin("merge", self.technician, at, operation)
        goal.begin("note", self.technician, at, operation)
        stop_waiting(self.story)
        self.story.set(state=State.MERGED.value, merged_into=goal.number, closed_at=times.text(at))
        self.story.write(Event.MERGED, public=True, data={"into": goal.number})
        goal.write(Event.MERGED, data={"from": self.story.number})


class _Unheard(Act):
    """An act of the past: nobody gets a letter, and the company knows its own groups."""

    def __init__(self, company: Company) -> None:
        super().__init__(Letters(0))
        self._company = company
        self._quiet = True

    def group(self, held: Hold, name: str) -> tuple[int, int]:
        """Give (number, level) of one of the company's groups."""
        del held
        return self._company.groups[name], self._company.levels[name]

    def check_items(self, held: Hold) -> None:
        """Nothing of a year that is told is on a checklist."""

    def missing_fields(self, held: Hold) -> list[tuple[str, str]]:
        """Nothing is missing: the story fills its fields in."""
        del held
        return []

    def duplicate_of(self, held: Hold, original: int) -> None:
        """The story has linked it already."""
        del held, original

    def solved_with(self, held: Hold, solution: int) -> None:
        """The uses of solutions are written with the year."""
        held.set(solution_id=solution)
        for step in (Step.PROPOSE, Step.SELECT):
            mark(held, step)

    def proved(self, held: Hold, *, worked: bool) -> None:
        """What became of a solution is written with the year."""
