"""Walking a guide: what each answer, skip, step back, edit and note makes of a run.

A run keeps only the answers that hold. Where it stands follows from them and from the pinned
guides, so going back is dropping the last answer, and nothing can come out of step.
"""

from collections.abc import Mapping
from dataclasses import replace

from deskterm.domain.clock import to_text
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.guides.facts import known_facts
from deskterm.guides.graph import Library, asks
from deskterm.guides.lint import closure
from deskterm.guides.model import Guide
from deskterm.guides.replies import understand
from deskterm.guides.run import PAUSED, RUNNING, SKIPPED, Run, Stamp, Step, with_event
from deskterm.guides.stand import Position, stand


def begin(guide: Guide, library: Library, sources: Mapping[str, str], stamp: Stamp) -> Run:
    """Start a run with what the desk knows (`device.os` → value …), pinned to these versions."""
    guides = closure(guide, library)
    pins = {name: each.version for name, each in guides.items()}
    run = Run(guide.id, pins, known_facts(guides.values(), sources))
    return with_event(run, "started", (guide.id, guide.start), "", stamp)


def answer(run: Run, library: Library, reply: str, stamp: Stamp) -> Run:
    """Answer the question asked now; raises UsageError where the reply is no answer to it."""
    position = _asked(run, library)
    place, words = understand(position.node, reply)
    step = _step(position, words, place, stamp)
    run = replace(run, steps=(*run.steps, step), status=RUNNING)
    stand(run, library)
    return with_event(run, "answered", (step.guide, step.node), words, stamp)


def skip(run: Run, library: Library, reason: str, stamp: Stamp) -> Run:
    """Leave the question out, for a reason; its fact reads "not checked"."""
    position = _asked(run, library)
    if not reason.strip():
        raise UsageError("Skipping needs a reason.")
    step = _step(position, reason.strip(), SKIPPED, stamp)
    run = replace(run, steps=(*run.steps, step), status=RUNNING)
    stand(run, library)
    return with_event(run, "skipped", (step.guide, step.node), reason.strip(), stamp)


def _step(position: Position, words: str, place: int, stamp: Stamp) -> Step:
    here = (position.guide.id, position.node.name)
    return Step(*here, words, place, stamp.by, to_text(stamp.at))


def _asked(run: Run, library: Library) -> Position:
    alive(run)
    position = stand(run, library)
    if not asks(position.node):
        raise RefusedError("The guide has come to its end: finish it, or go back.")
    return position


def alive(run: Run) -> None:
    """Raise RefusedError where the run is over."""
    if run.ended:
        raise RefusedError(f"This run is over ({run.status}): start a new one.")


def back(run: Run, stamp: Stamp) -> Run:
    """Take the last answer back; it stays in the record."""
    alive(run)
    if not run.steps:
        raise RefusedError("This is the first question: there is nothing to go back to.")
    last = run.steps[-1]
    run = replace(run, steps=run.steps[:-1], status=RUNNING)
    return with_event(run, "back", (last.guide, last.node), last.answer, stamp)


def edit(run: Run, library: Library, place: int, reply: str, stamp: Stamp) -> Run:
    """Change the answer at a place of the trail; later answers stay as far as they still fit.

    What no longer fits stays in the record. A fact the desk thought it knew is then asked.
    """
    alive(run)
    trail = stand(run, library).trail
    if not 0 <= place < len(trail):
        raise UsageError(f"There is no answer {place + 1}; there are {len(trail)}.")
    passed = trail[place]
    node = library[passed.guide].nodes[passed.node]
    choice, words = understand(node, reply)
    key = f"{passed.guide}/{passed.node}"
    again = (*run.ask_again, key) if passed.how == "known" else run.ask_again
    step = Step(passed.guide, passed.node, words, choice, stamp.by, to_text(stamp.at))
    later = run.steps[passed.step + (passed.how != "known") :]
    changed = replace(run, steps=(*run.steps[: passed.step], step), ask_again=again, status=RUNNING)
    changed, lost = _keep(changed, library, later)
    text = f"{passed.answer} → {words}" + "".join(f"; {old.node}: {old.answer}" for old in lost)
    return with_event(changed, "edited", (passed.guide, passed.node), text, stamp)


def _keep(run: Run, library: Library, later: tuple[Step, ...]) -> tuple[Run, tuple[Step, ...]]:
    """Follow the later answers as long as the same questions come up."""
    for place, old in enumerate(later):
        position = stand(run, library)
        if position.ended or (position.guide.id, position.node.name) != (old.guide, old.node):
            return run, later[place:]
        run = replace(run, steps=(*run.steps, old))
    return run, ()


def note(run: Run, library: Library, text: str, stamp: Stamp) -> Run:
    """Keep a note beside the question asked now."""
    return _remember(run, library, "noted", text, stamp)


def checked(run: Run, library: Library, text: str, stamp: Stamp) -> Run:
    """Keep what a diagnostic command said."""
    return _remember(run, library, "checked", text, stamp)


def _remember(run: Run, library: Library, kind: str, text: str, stamp: Stamp) -> Run:
    alive(run)
    if not text.strip():
        raise UsageError("There is nothing to keep: write something.")
    position = stand(run, library)
    return with_event(run, kind, (position.guide.id, position.node.name), text.strip(), stamp)


def pause(run: Run, stamp: Stamp, reason: str = "") -> Run:
    """Put the run aside."""
    alive(run)
    return with_event(replace(run, status=PAUSED), "paused", ("", ""), reason, stamp)


def resume(run: Run, stamp: Stamp) -> Run:
    """Take a run up again; one that is not paused stays as it is."""
    alive(run)
    if run.status != PAUSED:
        return run
    return with_event(replace(run, status=RUNNING), "resumed", ("", ""), "", stamp)


def hand_over(run: Run, to: str, stamp: Stamp) -> Run:
    """Give the run to another technician."""
    alive(run)
    return with_event(replace(run, status=PAUSED), "handed", ("", ""), to, stamp)


def end(run: Run, status: str, text: str, stamp: Stamp) -> Run:
    """Close the run as solved, escalated or abandoned."""
    alive(run)
    return with_event(replace(run, status=status), "ended", ("", ""), text, stamp)
