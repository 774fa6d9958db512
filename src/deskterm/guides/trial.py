"""The tests that stand inside a guide file: these answers, given these facts, end there."""

from dataclasses import dataclass
from datetime import UTC, datetime

from deskterm.domain.errors import DeskError
from deskterm.guides.facts import STANDARD
from deskterm.guides.graph import Library
from deskterm.guides.model import Guide, Trial
from deskterm.guides.run import Stamp
from deskterm.guides.stand import Position, stand
from deskterm.guides.transcript import conclusion
from deskterm.guides.walk import answer, begin

_STAMP = Stamp("test", datetime(2000, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one test went; `reason` is empty where it passed."""

    guide: str
    line: int
    ends: str
    reason: str

    @property
    def passed(self) -> bool:
        """Tell whether the run ended where the test says."""
        return not self.reason


def try_out(guide: Guide, library: Library) -> tuple[Verdict, ...]:
    """Run every test of the guide; never raises, a run that fails is a verdict."""
    return tuple(
        Verdict(guide.id, trial.line, trial.ends, _reason(guide, library, trial))
        for trial in guide.trials
    )


def _reason(guide: Guide, library: Library, trial: Trial) -> str:
    try:
        position, unused = _walked(guide, {**library, guide.id: guide}, trial)
    except DeskError as error:
        return str(error)
    here = position.node.name
    if position.guide.id != guide.id:
        here = f"{position.guide.id}/{here}"
    if unused:
        return f"ended at {here} with {unused} answers left over"
    if not position.ended:
        return f"still asks at {here}: {position.text(position.node.text)}"
    if here != trial.ends:
        return f"ended at {here}"
    ended = conclusion(position)
    if trial.summary and ended and trial.summary not in ended.summary:
        return f"the summary does not say {trial.summary!r}: {ended.summary}"
    return ""


def _walked(guide: Guide, library: Library, trial: Trial) -> tuple[Position, int]:
    """Give where the answers lead and how many were not needed."""
    given = dict(trial.facts)
    sources = {}
    for name, fact in guide.declared().items():
        if name in given and fact.sources:
            sources[fact.sources[0].replace("asset.", "device.", 1)] = given[name]
    sources |= {STANDARD[name][0]: value for name, value in given.items() if name in STANDARD}
    run = begin(guide, library, sources, _STAMP)
    for place, reply in enumerate(trial.answers):
        if stand(run, library).ended:
            return stand(run, library), len(trial.answers) - place
        run = answer(run, library, reply, _STAMP)
    return stand(run, library), 0
