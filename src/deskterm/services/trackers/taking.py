"""What comes back from a tracker, taken over visibly; and what is to be told it next (§9).

Its state and its version are written down as the tracker's own; what they would change of the
problem is a proposal. Comments are internal entries on the problem.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid5

from deskterm.domain import clock
from deskterm.domain.problems import ProblemView, state_words
from deskterm.domain.trackers import Answer, Comment, Kind, Tracked
from deskterm.domain.vocabulary import Event
from deskterm.services.rhythm import OPERATIONS
from deskterm.services.trackers import words
from deskterm.storage import errands, problems, trackers
from deskterm.storage.driver import Database
from deskterm.storage.errands import Errand, New
from deskterm.storage.reads import problems as reads
from deskterm.storage.store import Store
from deskterm.storage.trackers import Told
from deskterm.storage.work import RepeatedError, Work

EVERY, ENDED = timedelta(minutes=15), timedelta(days=1)
"""So often a tracker is asked about a problem, and about one that has ended."""


def take(store: Store, errand: Errand, answer: Answer, holder: str) -> int:
    """Write down what a tracker answered, and end its errand; gives 1 where it has news.

    All of it is one transaction: killed before, the errand is asked again; after, it is done.
    """
    with store.reading() as database:
        errand = errands.of_now(database, errand)
        known = trackers.one(database, errand.problem_id, errand.tracker)
        fresh = _fresh(database, errand, answer)
    if known is None or (_now(known, answer) == known and not fresh):
        _settle_alone(store, errand, holder)
        return 0
    with store.work("desk", None) as work:
        work.claim("tracker")
        if not _settle(work.spine, errand, holder):
            work.dry = True
            return 0
        errand = errands.of_now(work.spine, errand)
        known = trackers.one(work.spine, errand.problem_id, errand.tracker)
        if known is not None:
            _write(work, errand, known, answer)
    return 1


def _write(work: Work, errand: Errand, known: Tracked, answer: Answer) -> None:
    name, now = errand.tracker, _now(known, answer)
    row = problems.locked(work, errand.problem_id)
    if now != known:
        row.put(f"tracked.{name}", [now.ref, now.url, now.state, now.fixed_in])
        row.write(Event.EDITED, now.words)
    for one in _fresh(work.spine, errand, answer):
        said = f"{one.author or 'somebody'} in {now.name}: {one.text}"
        entry = row.write(Event.NOTED, said, data={"tracker": name, "comment": one.id})
        trackers.keep_comment(work, errand.problem_id, name, one.id, entry)
    if not known.ref:
        later = work.at + EVERY
        errands.queue(work, New(errand.problem_id, name, Kind.READ, later))


def _now(known: Tracked, answer: Answer) -> Tracked:
    """Give how the problem stands there by an answer; what it does not say stays as it was."""
    state = answer.state or known.state
    fixed_in = answer.fixed_in if answer.state else known.fixed_in
    return known._replace(
        ref=answer.ref, url=answer.url or known.url, state=state, fixed_in=fixed_in
    )


def _fresh(database: Database, errand: Errand, answer: Answer) -> list[Comment]:
    """Give the comments that are new here and not the desk's own."""
    if not answer.comments:
        return []
    known = trackers.known_comments(database, errand.problem_id, errand.tracker)
    own = errands.operations(database, errand.problem_id, errand.tracker)
    found: dict[str, Comment] = {}
    for one in answer.comments:
        if one.id not in known and one.op not in own:
            found.setdefault(one.id, one)
    return list(found.values())


def _settle_alone(store: Store, errand: Errand, holder: str) -> None:
    with store.reading() as database:
        database.begin(write=True)
        try:
            _settle(database, errand, holder)
            database.commit()
        finally:
            database.rollback()


def _settle(database: Database, errand: Errand, holder: str) -> bool:
    """End an errand; reading is queued again for the next time."""
    now = clock.now()
    if errand.kind != Kind.READ:
        mine = errands.settle(database, errand.id, holder, now)
    else:
        live = trackers.is_live(database, errand.problem_id)
        mine = errands.again(database, errand.id, holder, now + (EVERY if live else ENDED))
    if mine:
        trackers.was_read(database, errand.problem_id, errand.tracker, now)
    return mine


def queue_updates(store: Store, names: Sequence[str], wait: timedelta) -> int:
    """Queue what is to be told of problems that changed since; gives how many.

    Whatever changed them: a form, a command, a release, an undo.
    """
    with store.reading() as database:
        changed = trackers.changed(database, names)
    for problem, tracker, version in changed:
        name = f"tell {tracker} {problem} {version}"
        try:
            with store.work("desk", str(uuid5(OPERATIONS, name))) as work:
                work.claim("tracker")
                _queue_update(work, problem, tracker, wait)
        except RepeatedError:
            continue
    return len(changed)


def _queue_update(work: Work, problem: int, tracker: str, wait: timedelta) -> None:
    problems.locked(work, problem)
    view, told = reads.view(work.spine, problem), trackers.told(work.spine, problem, tracker)
    said = words.digest(view)
    due = work.at + wait
    if said != told.words and errands.waits(work.spine, problem, tracker, Kind.UPDATE) is None:
        errands.queue(work, New(problem, tracker, Kind.UPDATE, due))
    if told.state and view.state != told.state:
        errands.queue(work, New(problem, tracker, Kind.COMMENT, due, _news(view, told.state)))
    trackers.tell(work.spine, problem, tracker, Told(said, view.state, view.version))


def _news(view: ProblemView, before: str) -> str:
    """Say to developers what became of the problem at the desk."""
    fixed = f", fixed in {view.fixed}" if view.fixed else ""
    return (
        f"At the help desk it is now {state_words(view.state)} (was {state_words(before)}){fixed}; "
        f"{len(view.tickets)} tickets, {len(view.open_tickets)} open, {view.people} people."
    )
