"""Tells one ticket: who reports what and how, and which course it takes."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from deskterm.demo import courses, times
from deskterm.demo.company import Company, Device, Person
from deskterm.demo.guided import Guided, follow
from deskterm.demo.scene import SPOKEN, Scene
from deskterm.demo.story import Story, UntoldError
from deskterm.demo.texts import Plot, letter, pick, plots, spoken
from deskterm.domain.vocabulary import LinkKind, Outcome, State

if TYPE_CHECKING:
    from random import Random

_CHANNELS = (
    ("phone",) * 40 + ("email",) * 38 + ("walk-up",) * 10 + ("chat",) * 7 + ("voicemail",) * 3
) + ("web",) * 2
_CODES = ("0x80070035", "0x0000009F", "0xC00000E9", "E-1107", "E-2203", "ORA-01653", "550 5.7.1")
_GUIDED = 0.4
"""How often a technician takes the guide, where there is one."""
_AGAIN = "I have not heard from you, so I write again: "


class Teller:
    """Tells tickets of one company, by chance, up to now."""

    def __init__(self, company: Company, solutions: Mapping[str, int], now: int) -> None:
        self.company = company
        self.solutions = solutions
        self.now = now
        self.guided = Guided()
        self.chance: Random = company.chance
        self._desk = company.first_level()
        self.plots = plots()
        self._plot_weights = list(accumulate(plot.weight for plot in self.plots))
        self._callers = [_awake(company, hour) for hour in range(24)]
        self._weights = [_habits(people) for people in self._callers]
        self._leads = {p.department: p.name for p in reversed(company.people)}
        self._site_people: dict[int, list[Person]] = {}
        for person in company.people:
            self._site_people.setdefault(person.site, []).append(person)

    def tell(self, number: int, at: int, live: bool = False) -> Scene:
        """Tell one ticket from its opening on."""
        plot = self.chance.choices(self.plots, cum_weights=self._plot_weights)[0]
        scene = self.scene(number, at, plot, live)
        channel = pick(self.chance, _CHANNELS)
        try:
            self.open(scene, channel, self.chance.random() < plot.urgent)
            self._go_on(scene)
        except UntoldError:
            pass
        return scene

    def arriving(self, number: int, at: int) -> Scene:
        """Tell a mail that nobody has looked at yet."""
        plot = self.chance.choices(self.plots, cum_weights=self._plot_weights)[0]
        scene = self.scene(number, at, plot, live=True)
        self.open(scene, "email", self.chance.random() < 0.2, take=False)
        return scene

    def on_the_phone(self, number: int, at: int) -> Scene:
        """Tell the call that whoever looks at the demo is taking right now, in a guide."""
        plot = next(plot for plot in self.plots if plot.guide == "wifi")
        scene = self.scene(number, at, plot, live=True)
        scene.technician = self.company.me
        try:
            self.open(scene, "phone", urgent=True)
            follow(self.guided, scene, None)
        except UntoldError:
            pass
        return scene

    def _go_on(self, scene: Scene) -> None:
        """Follow the guide where there is one and it is used, else take a course by chance."""
        solution = self._solution(scene)
        if self.chance.random() >= self.guided.taken(scene.plot.guide, _GUIDED):
            self._course(scene)(scene, solution)
        elif follow(self.guided, scene, solution):
            courses.proving(scene)
        elif scene.story.row["from_group_id"] is not None:
            courses.upstairs(scene, solution)
        else:
            courses.desk_work(scene, solution)

    def again(self, number: int, at: int, earlier: Scene) -> Scene:
        """Tell a second mail about the same: it is merged, or closed as a duplicate."""
        scene = self.scene(number, at, earlier.plot, False, earlier.person)
        said = _AGAIN + scene.words(earlier.plot.said, earlier.kind)
        try:
            scene.open(letter(self.chance, said, scene.slots), "email", False)
            if self.chance.random() < 0.6:
                scene.merge(earlier.story)
            else:
                scene.take(5, 120)
                scene.link(LinkKind.DUPLICATE, earlier.story.number)
                reason = f"The same as #{earlier.story.number}."
                scene.close(Outcome.DUPLICATE, reason)
        except UntoldError:
            pass
        return scene

    def scene(
        self, number: int, at: int, plot: Plot, live: bool, person: Person | None = None
    ) -> Scene:
        """Set a scene: the person, the device, the technician, the words that fill the slots."""
        scene = Scene(Story(number, self.chance, self.now), self.company, plot, live)
        scene.at = at
        hour = at % times.DAY // times.HOUR
        scene.person = (
            person or self.chance.choices(self._callers[hour], cum_weights=self._weights[hour])[0]
        )
        scene.device = self._device(plot, scene.person)
        mine = live and self.chance.random() < 0.35
        scene.technician = self.company.me if mine else pick(self.chance, self._desk)
        scene.slots = self._slots(scene)
        return scene

    def open(self, scene: Scene, channel: str, urgent: bool, take: bool = True) -> None:
        """Open the ticket in the words of the plot; what came by mail is taken and classified."""
        said = scene.words(scene.plot.said, scene.kind)
        told = spoken if channel in SPOKEN or channel == "voicemail" else letter
        scene.open(told(self.chance, said, scene.slots), channel, urgent, take)
        if scene.story.row["state"] == State.NEW and take:
            scene.take(4, 300 if not urgent else 25)
            scene.classify()

    def _course(self, scene: Scene) -> courses.Course:
        luck = self.chance.random()
        if luck < 0.025:
            return courses.cancelled
        if luck < 0.05:
            return courses.unsolved
        if scene.plot.needs != "nothing" and luck < 0.7:
            return courses.approval
        if self.chance.random() < scene.plot.level:
            return courses.escalated
        spoken_here = scene.story.row["channel"] in SPOKEN
        return courses.first_contact if spoken_here and luck < 0.85 else courses.desk_work

    def _solution(self, scene: Scene) -> int | None:
        return self.solutions.get(scene.plot.solution) if self.chance.random() < 0.6 else None

    def _device(self, plot: Plot, person: Person) -> Device | None:
        if plot.device == "none":
            return None
        shared = self.company.shared.get((person.site, plot.device))
        if shared:
            return shared[int(self.chance.random() * len(shared))]
        own = self.company.own[person.id]
        return next((d for d in own if d.kind == plot.device), own[0])

    def _slots(self, scene: Scene) -> dict[str, str]:
        person, device, chance = scene.person, scene.device, self.chance
        site = self.company.sites[person.site - 1]
        printers = self.company.shared[person.site, "printer"]
        rooms = self.company.shared[person.site, "room"]
        neighbours = self._site_people[person.site]
        wired = scene.plot.category == "network/wired"
        return {
            "device": device.name if device else "my computer",
            "model": device.model if device else "this model",
            "os": f"{device.os} {device.version}" if device else "",
            "site": site["name"],
            "place": scene.plot.place,
            "floor": str(1 + int(chance.random() * site["floors"])),
            "dept": person.department,
            "colleague": neighbours[int(chance.random() * len(neighbours))].name,
            "lead": self._leads[person.department],
            "printer": printers[int(chance.random() * len(printers))].name,
            "room": rooms[int(chance.random() * len(rooms))].name,
            "code": f"{1 + int(chance.random() * 4)}-{100 + int(chance.random() * 80)}"
            if wired
            else pick(chance, _CODES),
            "signature": f"{person.name}\n{person.title}, {person.department}, {site['name']}",
            "desk": self.company.facts["company"]["name"] + " service desk",
        }


def _awake(company: Company, hour: int) -> Sequence[Person]:
    """Give the people for whom it is day at that hour (UTC), or everybody."""
    awake = [
        person
        for person in company.people
        if 7 <= (hour + company.sites[person.site - 1]["utc"]) % 24 < 18
    ]
    return awake if len(awake) > 5 else company.people


def _habits(people: Sequence[Person]) -> list[float]:
    """Some people call often: every seventh four times as much as others."""
    return list(accumulate(4.0 if p.id % 7 == 0 else 0.4 + p.id % 5 * 0.3 for p in people))
