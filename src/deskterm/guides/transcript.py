"""What a run leaves behind: the escalation already written, and the transcript for the ticket."""

from dataclasses import dataclass
from typing import NamedTuple

from deskterm.domain.errors import RefusedError, UsageError
from deskterm.guides.facts import NOT_CHECKED, fill
from deskterm.guides.graph import Library
from deskterm.guides.model import Ending
from deskterm.guides.run import Event, Run
from deskterm.guides.stand import Passed, Position, stand

_EARLY = ", early"
_ASIDE = {"noted": "note", "checked": "checked"}
_TURNS = {
    "back": "went back from {node}: {text}",
    "edited": "changed {node}: {text}",
    "paused": "paused{colon}{text}",
    "resumed": "resumed",
    "handed": "handed over to {text}",
}


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How a run ends, with every text already written."""

    ending: Ending
    guide: str
    node: str
    summary: str = ""
    actions: tuple[str, ...] = ()
    group: str = ""
    meant: str = ""
    """The group that the guide names, where the desk has none of that name."""
    solution: str = ""
    resolution: str = ""
    say: str = ""
    is_early: bool = False
    """Ended by the technician before the guide did."""

    def leaf(self, guide: str) -> str:
        """Give the name of this end among those of the guide that was begun with."""
        name = self.node if self.guide == guide else f"{self.guide}/{self.node}"
        return f"{name}{_EARLY}" if self.is_early else name


class Leaf(NamedTuple):
    """An end that a run came to, as `Conclusion.leaf` wrote it behind its guide and a slash."""

    guide: str
    within: str
    """The guide that has the node: another one where the run went through it."""
    node: str
    early: bool

    def name(self, title: str, words: str) -> str:
        """Give what a person calls it, by the title of its guide and what its node says."""
        if self.early:
            words = f"ended early, at “{words}”" if words else f"ended early, in {self.node}"
        return f"{title or self.guide}: {words or self.node.replace('_', ' ')}"


def read_leaf(place: str) -> Leaf:
    """Read `vpn/done`, `vpn/dns/done` (through another guide), `vpn/ask, early`."""
    guide, _, rest = place.partition("/")
    rest, early, _ = rest.partition(_EARLY)
    within, _, node = rest.rpartition("/")
    return Leaf(guide, within or guide, node, bool(early))


def conclusion(position: Position) -> Conclusion | None:
    """Give what the ending that was reached means; None while questions are open."""
    node = position.node
    if node.ending is None:
        return None
    return Conclusion(
        node.ending,
        position.guide.id,
        node.name,
        summary=position.text(node.summary),
        actions=tuple(map(position.text, node.actions)),
        group=node.group,
        solution=node.solution,
        resolution=position.text(node.resolution),
        say=position.text(node.say),
    )


def early(position: Position, ending: Ending, words: str = "") -> Conclusion:
    """Give the conclusion of a run that is ended before the guide does.

    `words` are the technician's own; without them the answers so far are the text.
    """
    so_far = "; ".join(f"{passed.question} {_answer(passed)}" for passed in position.trail)
    told = so_far or "no question was answered yet"
    at = position.node.name
    if ending is Ending.SOLVED:
        text = words or f"Solved while walking “{position.guide.title}”: {told}."
        return Conclusion(ending, position.guide.id, at, resolution=text, is_early=True)
    stopped = position.text(position.node.verify or position.node.text)
    text = f"Escalated from the guide “{position.guide.title}” before its end. Checked: {told}."
    text += f" Not checked: {stopped}" if stopped else ""
    summary = f"{words}\n{text}".strip()
    return Conclusion(ending, position.guide.id, at, summary=summary, is_early=True)


def conclusion_of(position: Position, ending: str | None, words: str = "") -> Conclusion:
    """Give how a run ends: as the guide says, or early with `ending` (`solved`, `escalate`).

    Raises RefusedError where the guide has not come to its end, UsageError for another ending.
    """
    reached = conclusion(position)
    if ending is None:
        if reached is None:
            raise RefusedError("the guide has not come to its end: answer, or end it early.")
        return reached
    if reached is not None and reached.ending == ending:
        return reached
    if ending not in (Ending.SOLVED, Ending.ESCALATE):
        raise UsageError(f"a run ends early as solved or escalate, not {ending[:40]!r}.")
    return early(position, Ending(ending), words)


def transcript(run: Run, library: Library) -> str:
    """Give the whole run as text: every question and answer, notes, checks, turns, the ending."""
    position = stand(run, library)
    guide = library[run.guide]
    lines = [f"Guide: {guide.title} ({guide.id}, version {run.pins.get(guide.id, 0)})"]
    asides = [event for event in run.record if event.kind in _ASIDE]
    for number, passed in enumerate(position.trail, 1):
        lines.append(f"{number}. {passed.question} — {_answer(passed)}")
        lines += _asides(asides, (passed.guide, passed.node))
    here = (position.guide.id, position.node.name)
    if not position.ended and not run.ended:
        lines.append(f"Open: {position.text(position.node.verify or position.node.text)}")
    lines += _asides(asides, here)
    lines += [f"   {_ASIDE[event.kind]} at {event.node}: {event.text}" for event in asides]
    turns = [_turn(event) for event in run.record if event.kind in _TURNS]
    if turns:
        lines += ["On the way:", *(f" - {turn}" for turn in turns)]
    lines += _ending(position) if position.ended else []
    return "\n".join(lines)


def _asides(asides: list[Event], here: tuple[str, str]) -> list[str]:
    """Give the notes and checks made at a node, and take them from the list."""
    mine = [event for event in asides if (event.guide, event.node) == here]
    for event in mine:
        asides.remove(event)
    return [f"   {_ASIDE[event.kind]}: {_indented(event.text)}" for event in mine]


def _indented(text: str) -> str:
    return text.replace("\n", "\n      ")


def _answer(passed: Passed) -> str:
    if passed.how == "known":
        return f"{passed.answer} (already known)"
    return f"{NOT_CHECKED} ({passed.answer})" if passed.how == "skipped" else passed.answer


def _turn(event: Event) -> str:
    colon = ": " if event.text else ""
    return _TURNS[event.kind].format(node=event.node, text=event.text, colon=colon)


def _ending(position: Position) -> list[str]:
    node = position.node
    if node.ending is Ending.SOLVED:
        return [f"Solved: {fill(node.resolution, position.values) or node.solution}"]
    summary = position.text(node.summary)
    if node.ending in (Ending.PROBLEM, Ending.VISIT):
        return [f"A {node.ending}: {summary}"]
    lines = [f"To escalate: {summary}"]
    return lines + [f" → {position.text(action)}" for action in node.actions]
