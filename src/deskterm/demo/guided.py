"""Walks through the starter guides on the demo's tickets: real questions, answers by chance."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from deskterm.demo import times
from deskterm.demo.scene import Scene
from deskterm.demo.story import Batch, Operation, UntoldError, Values
from deskterm.domain.vocabulary import Event, Step
from deskterm.guides import walk
from deskterm.guides.format import load
from deskterm.guides.model import Ending, Guide, Kind, Node
from deskterm.guides.replies import options
from deskterm.guides.run import Run, Stamp, to_state
from deskterm.guides.stand import stand
from deskterm.guides.transcript import Conclusion, conclusion, transcript
from deskterm.services.starters import DESK, starter_texts

if TYPE_CHECKING:
    from random import Random

_LONGEST = 25
_MOST = 400
"""Walking costs milliseconds: a demo for benchmarks has as many runs as a smaller one."""
_GIVEN_UP = {Kind.ASK: 0.01, Kind.DO: 0.05}
"""How often somebody gives up at a step: the caller has no time left, or will not restart."""
_HABITS = {
    ("printing", "what"): "Nothing comes out",
    ("printing", "others"): "Yes, others print",
    ("printing", "program"): "Only one program or document",
    ("printing", "document"): "It does not",
    ("printing", "re_add"): "It prints",
}
"""The trouble of the year: one program prints no more until the printer is added again.

The guide tries a PDF first, which takes long and seldom helps: its figures show that.
"""
_QUICK = {("printing", "re_add")}
_TAKEN = {"printing": 0.8}
"""How often a technician takes a guide, where it is not the usual share."""
_STATUS = {Ending.SOLVED: "solved", Ending.ESCALATE: "escalated"}
RUN = (
    "id",
    "guide_id",
    "ticket_id",
    "owner",
    "status",
    "state",
    "started_at",
    "updated_at",
    "version",
    "leaf",
)


class Guided:
    """The shelf of starter guides, and the runs walked so far."""

    def __init__(self) -> None:
        texts = starter_texts()
        self._texts = texts
        self._ids = {slug: number for number, slug in enumerate(sorted(texts), 1)}
        self._library: dict[str, Guide] = {
            slug: replace(load(text, f"{slug}.yaml"), version=1) for slug, text in texts.items()
        }
        self._runs: list[Values] = []
        self._count = 0

    def shelf(self, at: int) -> Batch:
        """Give the rows of the guides, as the program itself would put them there."""
        columns = ("id", "slug", "version", "title", "source", "actor", "at", "active")
        rows: list[Values] = [
            (n, slug, 1, self._library[slug].title, self._texts[slug], DESK, times.text(at), True)
            for slug, n in self._ids.items()
        ]
        return Batch("guide", columns, rows)

    def runs(self) -> Batch:
        """Give the rows of the runs walked since the last call."""
        rows, self._runs = self._runs, []
        return Batch("guide_run", RUN, rows)

    def fits(self, slug: str) -> bool:
        """Tell whether there is such a guide, and room for one more run."""
        return slug in self._library and self._count < _MOST

    def taken(self, slug: str, usual: float) -> float:
        """Give how often a technician takes this guide; 0 where there is none or no room."""
        return _TAKEN.get(slug, usual) if self.fits(slug) else 0.0

    def walk(self, scene: Scene) -> Conclusion | None:
        """Walk the plot's guide on a ticket; gives how it ended, None where it did not.

        Raises UntoldError where now comes first: then the run is still open.
        """
        slug = scene.plot.guide
        self._count += 1
        number, begun = self._count, scene.at
        run = walk.begin(self._library[slug], self._library, _known(scene), _stamp(scene))
        scene.story.parts[f"run.{number}"] = ["running", scene.technician]
        try:
            run = self._answers(scene, run)
        except UntoldError as stop:
            self._keep(scene, stop.args[0] if stop.args else run, number, begun)
            raise UntoldError from None
        end = conclusion(stand(run, self._library))
        status = _STATUS[end.ending] if end else "abandoned"
        run = walk.end(run, status, end.node if end else "took too long", _stamp(scene))
        self._tell(scene, run, number, end.node if end else "")
        self._keep(scene, run, number, begun, end.leaf(run.guide) if end else "")
        return end

    def _answers(self, scene: Scene, run: Run) -> Run:
        for _ in range(_LONGEST):
            position = stand(run, self._library)
            if position.ended:
                break
            scene.at += _seconds(scene.chance, position.guide.id, position.node)
            if scene.at > scene.story.now:
                raise UntoldError(run)
            if scene.chance.random() < _GIVEN_UP.get(position.node.kind, 0.0):
                break
            reply = _reply(scene.chance, position.guide.id, position.node)
            run = walk.answer(run, self._library, reply, _stamp(scene))
        return run

    def _tell(self, scene: Scene, run: Run, number: int, node: str) -> None:
        story = scene.story
        story.begin("guide", scene.technician, scene.at)
        story.put(f"run.{number}", [run.status, scene.technician])
        data = {"run": number, "guide": run.guide, "version": 1, "status": run.status}
        data |= {"node": node} if node else {}
        story.write(Event.GUIDE, transcript(run, self._library), data=data)

    def _keep(self, scene: Scene, run: Run, number: int, begun: int, leaf: str = "") -> None:
        state = json.dumps(to_state(run), sort_keys=True)
        updated = times.text(min(scene.at, scene.story.now))
        self._runs.append(
            (
                *(number, self._ids[run.guide], scene.story.number, scene.technician, run.status),
                *(state, times.text(begun), updated, 1 + len(run.steps), leaf),
            )
        )


def follow(guided: Guided, scene: Scene, solution: int | None) -> bool:
    """Take a ticket through its guide; tells whether that solved it.

    What the guide solves is solved in its words; what it cannot is escalated with its summary.
    """
    end = guided.walk(scene)
    if end is None:
        return False
    group = next(
        (name for name in scene.company.groups if name.casefold() == end.group.casefold()),
        scene.plot.group,
    )
    operation: Operation = scene.story.work
    if end.ending is Ending.SOLVED:
        scene.story.mark(Step.PROPOSE, Step.SELECT)
        scene.solve(end.resolution or scene.words(scene.plot.fix, scene.cause), solution, operation)
        return True
    scene.escalate(list(end.actions), group, end.summary, operation)
    return False


def _known(scene: Scene) -> dict[str, str]:
    """Give what the desk knows, named as guides name their sources."""
    person, device = scene.person, scene.device
    site = str(scene.company.sites[person.site - 1]["name"])
    found = {
        "requester.name": person.name,
        "requester.department": person.department,
        "requester.location": person.location,
        "requester.site": site,
    }
    if device is None:
        return found
    found |= {f"device.{name}": value for name, value in scene.company.network(device).items()}
    names: dict[str, Any] = {"name": device.name, "kind": device.kind, "model": device.model}
    return found | {f"device.{k}": v for k, v in names.items()} | {"device.os": device.os}


def _stamp(scene: Scene) -> Stamp:
    return Stamp(scene.technician, datetime.fromtimestamp(scene.at, UTC))


def _seconds(chance: "Random", guide: str, node: Node) -> int:
    """Give how long a step takes: to try something takes longer than to answer."""
    if (guide, node.name) in _QUICK:
        return 40 + int(chance.random() * 60)
    if node.kind is Kind.DO:
        return 90 + int(chance.random() * 400)
    return 20 + int(chance.random() * 60)


def _reply(chance: "Random", guide: str, node: Node) -> str:
    """Give an answer that can be given, the usual one more often, "don't know" seldom."""
    if node.input == "number":
        low, high = node.low or 0, node.high if node.high is not None else 10
        return str(int(low + (high - low) * chance.random()))
    if node.input == "text":
        return "as always"
    choices = options(node)
    habit = _HABITS.get((guide, node.name), "")
    if habit and chance.random() < 0.9:
        return habit
    weights = [0.2 if one.unknown else 2.0 if one.usual else 1.0 for one in choices]
    return chance.choices([one.answer for one in choices], weights)[0]
