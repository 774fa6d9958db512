"""What can happen on a ticket in the demo: each deed moves the time on and writes the ledger."""

from typing import TYPE_CHECKING, Any

from deskterm.domain.vocabulary import Event, LinkKind, Outcome, Proof, State, Step
from deskterm.services.demo import times
from deskterm.services.demo.company import Company, Device, Person
from deskterm.services.demo.story import Operation, Story
from deskterm.services.demo.texts import Plot, fill, pick

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

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


class Scene:
    """One ticket under way: who, with what, about what, and the clock of the story."""

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
        values: dict[str, Any] = {
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

    def _facts(self) -> dict[str, Any]:
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

    def take(self, least: float, most: float) -> None:
        """The technician makes himself the owner."""
        self.story.begin("take", self.technician, self.later(least, most))
        self.story.set(assignee=self.technician)
        if self.story.row["state"] == State.NEW:
            self.story.set(state=State.OPEN.value)
        self.story.write(Event.ASSIGNED)

    def note(self, text: str, least: float = 2, most: float = 40) -> None:
        """Write an internal note."""
        self.story.begin("note", self.technician, self.later(least, most))
        self.story.write(Event.NOTED, text)

    def reply(self, text: str, least: float = 2, most: float = 60) -> None:
        """Write to the customer."""
        self.story.begin("reply", self.technician, self.later(least, most))
        self.story.write(Event.REPLIED, text, public=True)

    def reproduce(self) -> None:
        """See it oneself."""
        if self.plot.reproduce:
            self.story.begin("set", self.technician, self.later(2, 20))
            self.story.set(reproduction=self.words((self.plot.reproduce,)), reproduced=True)
            self.story.mark(Step.REPRODUCE)
            self.story.write(Event.CHANGED)

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
        self.story.begin("wait", self.technician, self.later(0, minutes))
        self.story.set(state=State.WAITING.value, waiting_for=whom, waiting_reason=reason)
        self.story.write(Event.WAITING, reason, public=whom != "other")

    def answer(self, text: str, least: float, most: float) -> None:
        """The customer writes; a ticket that waits for that resumes."""
        self.story.begin("note", "mail", self.later(least, most))
        if self.story.row["state"] == State.WAITING:
            self._stop_waiting()
        self.story.write(Event.RECEIVED, text, public=True, person=self.person.id)

    def resume(self, reason: str, least: float, most: float) -> None:
        """What it waited for has come."""
        self.story.begin("resume", self.technician, self.later(least, most))
        self._stop_waiting()
        self.story.write(Event.RESUMED, reason)

    def _stop_waiting(self) -> None:
        if self.story.row["state"] == State.WAITING:
            self.story.set(state=State.OPEN.value)
        self.story.set(waiting_for=None, waiting_until=None, waiting_reason="")

    def escalate(
        self,
        actions: list[str],
        group: str = "",
        summary: str = "",
        shared: Operation | None = None,
    ) -> None:
        """Hand it to the group that knows more, with a summary; by default as the plot says."""
        group = group or self.plot.group
        at = shared.at if shared else self.later(5, 60)
        self.story.begin("escalate", self.technician, at, shared)
        self._stop_waiting()
        self.story.set(
            state=State.OPEN.value,
            from_group_id=self.story.row["group_id"],
            from_assignee=self.story.row["assignee"] or self.technician,
            group_id=self.company.groups[group],
            assignee=None,
            level=self.company.levels[group],
        )
        summary = summary or self.words((self.plot.summary,))
        self.story.write(Event.ESCALATED, summary, data={"actions": actions})
        self.technician = pick(self.chance, self.company.members(group) or [self.technician])

    def hand_back(self, text: str) -> None:
        """Give it back to whoever escalated it."""
        self.story.begin("hand-back", self.technician, self.later(30, 600))
        row = self.story.row
        back = row["from_assignee"]
        self.story.set(
            state=State.OPEN.value, group_id=row["from_group_id"], assignee=back, level=1
        )
        self.story.set(from_group_id=None, from_assignee=None)
        self.story.write(Event.HANDED_BACK, text)
        self.technician = back

    def solve(self, text: str, solution: int | None, shared: Operation | None = None) -> None:
        """Say that the work is done, and how."""
        at = shared.at if shared else self.later(3, 90)
        self.story.begin("solve", self.technician, at, shared)
        self._stop_waiting()
        self.story.set(
            state=State.SOLVED.value,
            resolution=text,
            solved_at=times.text(at),
            assignee=self.story.row["assignee"] or self.technician,
            craft_proof=None,
            customer_proof=None,
        )
        if solution is not None:
            self.story.set(solution_id=solution)
            self.story.mark(Step.PROPOSE, Step.SELECT)
        self.story.mark(Step.CARRY_OUT)
        self.story.write(Event.SOLVED, text, public=True)

    def verify(
        self,
        by: str,
        result: Proof,
        reason: str = "",
        minutes: float = 30,
        shared: Operation | None = None,
    ) -> None:
        """Record a verification by the craft or the customer."""
        craft = by == "craft"
        at = shared.at if shared else self.later(1, minutes)
        self.story.begin("verify", self.technician, at, shared)
        if result == Proof.FAILED:
            self._reopen_work()
            self.story.go_back(Step.REPRODUCE if craft else Step.STATE)
        else:
            self.story.set(**{"craft_proof" if craft else "customer_proof": result.value})
            status = "skipped" if result == Proof.WAIVED else "done"
            self.story.mark(Step.VERIFY if craft else Step.CONFIRM, status=status, reason=reason)
        data = {"by": by, "result": result.value}
        self.story.write(Event.VERIFIED, reason, public=not craft, data=data)

    def close(
        self,
        outcome: Outcome,
        reason: str = "",
        within: tuple[float, float] = (1, 10),
        shared: Operation | None = None,
    ) -> None:
        """Close it through the gate, some minutes later."""
        at = shared.at if shared else self.later(*within)
        self.story.begin("close", self.technician, at, shared)
        row = self.story.row
        if outcome == Outcome.SOLVED and row["customer_proof"] is None:
            self.story.set(customer_proof=Proof.WAIVED.value)
            self.story.mark(Step.CONFIRM, status="skipped", reason=reason)
        self._stop_waiting()
        moment = times.text(at)
        self.story.set(
            state=State.CLOSED.value,
            outcome=outcome.value,
            close_reason=reason,
            closed_at=moment,
            first_closed_at=row["first_closed_at"] or moment,
        )
        self.story.write(Event.CLOSED, reason, public=True, data={"outcome": outcome.value})

    def reopen(self, text: str) -> None:
        """The customer says that it is back."""
        self.answer(text, 600, 9 * 1440)
        self.story.begin("reopen", self.technician, self.later(5, 60))
        self._reopen_work()
        self.story.put(f"step.{Step.VERIFY}", None)
        self.story.put(f"step.{Step.CONFIRM}", None)
        self.story.write(Event.REOPENED, "The customer answered.", public=True)

    def _reopen_work(self) -> None:
        self.story.set(
            state=State.OPEN.value,
            outcome=None,
            close_reason="",
            solved_at=None,
            closed_at=None,
            craft_proof=None,
            customer_proof=None,
        )

    def cancel(self, reason: str) -> None:
        """The work is not wanted any more."""
        at = self.later(60, 1440)
        self.story.begin("cancel", self.technician, at)
        self._stop_waiting()
        self.story.set(state=State.CANCELLED.value, close_reason=reason, closed_at=times.text(at))
        self.story.write(Event.CANCELLED, reason, public=True)

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
        self._stop_waiting()
        self.story.set(state=State.MERGED.value, merged_into=goal.number, closed_at=times.text(at))
        self.story.write(Event.MERGED, public=True, data={"into": goal.number})
        goal.write(Event.MERGED, data={"from": self.story.number})
