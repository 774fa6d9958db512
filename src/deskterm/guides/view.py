"""What a screen or a prompt shows of a run: everything filled in, nothing to look up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from deskterm.domain.errors import RefusedError
from deskterm.guides.command import argument_list, shown
from deskterm.guides.graph import Library
from deskterm.guides.model import Node
from deskterm.guides.replies import options, usual
from deskterm.guides.run import Run
from deskterm.guides.stand import Passed, Position, about, stand
from deskterm.guides.transcript import Conclusion, conclusion

ENOUGH = 5
"""Answers seen before a share of them means anything."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be given by its number."""

    answer: str
    usual: bool
    """Enter takes it."""
    share: int | None
    """In how many of a hundred runs it was the answer; None where too few are known."""


@dataclass(frozen=True, slots=True)
class RunView:
    """Where a run stands, for eyes. Texts are exact, not yet cleaned."""

    id: int
    version: int
    ticket: int | None
    owner: str
    status: str
    guide: str
    title: str
    guide_version: int
    started_at: datetime
    node: str
    fact: str
    """The names of the question asked now and of the fact it gives."""
    step: int
    about: int
    through: str
    """The title of the sub-guide that is walked now, or empty."""
    say: str
    do: str
    ask: str
    why: str
    input: str
    unit: str
    options: tuple[Option, ...]
    command: str
    """The diagnostic command as it can be read and copied, or empty."""
    command_trouble: str
    """Why the command cannot be run yet, or empty."""
    trail: tuple[Passed, ...]
    conclusion: Conclusion | None
    facts: Mapping[str, str]
    notes: tuple[str, ...] = ()
    """What was noted on the way, in order."""

    @property
    def over(self) -> bool:
        """Tell whether the run was finished."""
        return self.status not in ("running", "paused")


@dataclass(frozen=True, slots=True)
class RunHead:
    """What the desk knows of a run besides its walk."""

    id: int
    version: int
    ticket: int | None
    owner: str
    status: str
    started_at: datetime


def view(
    head: RunHead, run: Run, library: Library, seen: Mapping[tuple[str, str], Mapping[str, int]]
) -> RunView:
    """Give the view; `seen` counts earlier answers by (guide, node)."""
    position = stand(run, library)
    node = position.node
    guide = library[run.guide]
    command, trouble = _command(position)
    counts = seen.get((position.guide.id, node.name), {})
    return RunView(
        id=head.id,
        version=head.version,
        ticket=head.ticket,
        owner=head.owner,
        status=head.status,
        guide=guide.id,
        title=guide.title,
        guide_version=run.pins.get(guide.id, 0),
        started_at=head.started_at,
        node=node.name,
        fact=node.fact,
        step=position.done + (not position.ended),
        about=max(about(position, library), 1),
        through=position.guide.title if position.above else "",
        say=position.text(node.say),
        do=position.text(node.text) if node.kind == "do" else "",
        ask=position.text(node.verify or ("" if node.kind == "do" else node.text)),
        why=position.text(node.why),
        input=node.input,
        unit=node.unit,
        options=_options(node, counts),
        command=command,
        command_trouble=trouble,
        trail=position.trail,
        conclusion=conclusion(position),
        facts=position.facts,
        notes=tuple(event.text for event in run.record if event.kind == "noted"),
    )


def _command(position: Position) -> tuple[str, str]:
    check = position.node.check
    if check is None:
        return "", ""
    try:
        return shown(argument_list(check, position.values)), ""
    except RefusedError as error:
        return "", str(error)


def _options(node: Node, counts: Mapping[str, int]) -> tuple[Option, ...]:
    choices = options(node)
    total = sum(counts.values())
    enough = total >= ENOUGH
    common = usual(node)
    if enough and not any(choice.usual for choice in choices):
        common = max(range(len(choices)), key=lambda n: counts.get(choices[n].answer, 0), default=0)
    return tuple(
        Option(
            choice.answer,
            place == common and not node.input,
            round(100 * counts.get(choice.answer, 0) / total) if enough else None,
        )
        for place, choice in enumerate(choices)
    )
