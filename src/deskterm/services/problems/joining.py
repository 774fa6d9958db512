"""Problems that turn out to be one, and one that turns out to be two (F1); each is one undo."""

from collections.abc import Sequence
from datetime import datetime

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.problems import LIVE, ProblemState
from deskterm.domain.rows import Done
from deskterm.domain.trackers import Kind, Tracked
from deskterm.domain.verbs import Join
from deskterm.domain.versions import versions
from deskterm.domain.vocabulary import Event
from deskterm.services import crossing
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.operation import Tickets, done
from deskterm.storage import errands, problems, trackers
from deskterm.storage.errands import New
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import announcements
from deskterm.storage.reads import problems as reads
from deskterm.storage.reads.releases import planned_with
from deskterm.storage.ticket.hold import hold
from deskterm.storage.work import RepeatedError, Work

_COPIED = ("product", "found", "model", "os", "site_id", "category_id", "severity", "owner")
"""What a part of a problem has of the whole, besides whose it is."""
_FILLED = (*_COPIED, "cause", "workaround", "reproduction", "effort")
"""What the one that stays takes from the other where it has nothing itself."""


def merge(tickets: Tickets, number: int, into: int, how: How = NOW) -> Done:
    """Let tickets, promises, planned releases, trackers of a problem be another's, and end it.

    What the other does not know it takes over; versions are united. Raises RefusedError.
    """
    if number == into:
        raise UsageError(f"P{number} cannot be merged into itself.")
    try:
        with tickets.working("problem", how) as work:
            gone, stays = problems.locked(work, number), problems.locked(work, into)
            if stays["state"] not in LIVE:
                raise RefusedError(
                    f"P{into} has ended: open it again first, or merge it into P{number}."
                )
            what = f"P{number} into P{into}"
            whose = (gone["organisation_id"], stays["organisation_id"])
            crossing.apart(work, what, *whose, across=how.across)
            moved = reads.view(work.spine, number).tickets
            _trackers_follow(work, gone, stays, work.at + tickets.letters.wait)
            _hand_over(work, gone, stays, moved)
            _move(work, Act(tickets.letters, across=how.across), moved, number, into)
            values = {name: gone[name] for name in _FILLED if gone[name] and not stays[name]}
            for name in ("found", "fixed"):
                values[name] = ", ".join(versions(f"{stays[name]},{gone[name]}"))
            problems.change(work, into, values, words=f"P{number} is the same.")
            ended = {"state": str(ProblemState.WONT_FIX), "reason": f"It is the same as P{into}."}
            problems.change(work, number, ended, words=f"It is P{into}.")
    except RepeatedError as repeated:
        return tickets.repeated("problem", repeated.operation_id)
    return done("problem", work, moved).about("problem", into)


def split(tickets: Tickets, number: int, parted: Sequence[int], title: str, how: How = NOW) -> Done:
    """Make some tickets of a problem a problem of their own, with what it affects."""
    if not title.strip():
        raise UsageError("what is the other problem called? Name it (--title).")
    try:
        with tickets.working("problem", how) as work:
            whole = problems.locked(work, number)
            has = set(reads.view(work.spine, number).tickets)
            moved = [one for one in dict.fromkeys(parted) if one in has]
            if not moved:
                raise RefusedError(f"none of these tickets is of P{number}.")
            facts = {name: whole[name] for name in (*_COPIED, "organisation_id")}
            state = whole["state"] if whole["state"] == ProblemState.OPEN else "suspected"
            made = problems.create(work, {**facts, "title": title.strip(), "state": str(state)})
            _hand_over(
                work, problems.locked(work, number), problems.locked(work, made), moved, told=False
            )
            _move(work, Act(tickets.letters, across=True), moved, number, made)
    except RepeatedError as repeated:
        return tickets.repeated("problem", repeated.operation_id)
    return done("problem", work, moved).about("problem", made)


def _move(work: Work, act: Act, tickets: Sequence[int], number: int, into: int) -> None:
    for held in hold(work, tickets).values():
        act.do(held, Join(into))
        act.do(held, Join(number, True))


def _hand_over(
    work: Work, gone: HeldRow, stays: HeldRow, tickets: Sequence[int], *, told: bool = True
) -> None:
    """Move what was promised to these tickets; with `told` all that hangs on the problem."""
    keys = [f"promise.{one}" for one in tickets]
    keys += [f"told.{one}" for one in problems.told_people(work.spine, gone.number)] if told else []
    for key in keys:
        value = gone.get(key)
        if value is None:
            continue
        gone.put(key, None)
        if stays.get(key) is None:
            stays.put(key, value)
    for row in (gone, stays):
        if row.changed:
            row.write(Event.EDITED, f"Promises of P{gone.number} are those of P{stays.number}.")
    if told:
        _repoint(work, gone.number, stays.number)


def _repoint(work: Work, number: int, into: int) -> None:
    for one in planned_with(work.spine, number):
        release = HeldRow(work, "release", one)
        release.put(f"fixes.{number}", None)
        release.put(f"fixes.{into}", True)
        release.write(Event.EDITED, f"P{number} is P{into}.")
    for said in announcements.of_problem(work.spine, number, work.at):
        row = HeldRow(work, "announcement", said.id)
        row.set(problem_id=into)
        row.write(Event.EDITED)


# --- outside trackers ------------------------------------------------------------------


def _trackers_follow(work: Work, gone: HeldRow, stays: HeldRow, due: datetime) -> None:
    """Let what is followed of the one that goes be followed of the one that stays.

    Where both are in one tracker, each keeps its own there, and developers read that they are the
    same; what is only to be opened there gives way to what is there.
    """
    theirs = {one.tracker: one for one in trackers.tracked(work.spine, [stays.number])}
    for one in trackers.tracked(work.spine, [gone.number]):
        other = theirs.get(one.tracker)
        if other is not None and _is_withdrawn(work, gone, one):
            continue
        if other is None or _is_withdrawn(work, stays, other):
            _follow(work, gone, stays, one)
        else:
            said = f"At the help desk it is the same as {other.name}, and goes on there."
            errands.queue(work, New(gone.number, one.tracker, Kind.COMMENT, due, said))
            told = trackers.told(work.spine, gone.number, one.tracker)
            told = told._replace(state=str(ProblemState.WONT_FIX))
            trackers.tell(work.spine, gone.number, one.tracker, told)


def _is_withdrawn(work: Work, row: HeldRow, one: Tracked) -> bool:
    """Stop following where nothing was opened, nor is just now; False where it is there."""
    opening = errands.waits(work.spine, row.number, one.tracker, Kind.OPEN)
    if one.ref or opening is None:
        return False
    for number in errands.unfinished(work.spine, row.number, one.tracker):
        errand = HeldRow(work, "errand", number)
        errand.set(state="withdrawn")
        errand.write(Event.MAIL)
    row.put(f"tracked.{one.tracker}", None)
    row.write(Event.EDITED, f"{one.tracker}: no longer followed")
    return True


def _follow(work: Work, gone: HeldRow, stays: HeldRow, one: Tracked) -> None:
    """Let an entry of a tracker be the other problem's, with what is still to be said there."""
    key, told = f"tracked.{one.tracker}", trackers.told(work.spine, gone.number, one.tracker)
    value = gone.get(key)
    gone.put(key, None)
    gone.write(Event.EDITED, f"{one.name}: followed by P{stays.number}")
    stays.put(key, value)
    stays.write(Event.EDITED, f"{one.name}: followed, it was P{gone.number}'s")
    for number in errands.about(work.spine, gone.number, one.tracker):
        errand = HeldRow(work, "errand", number)
        errand.set(problem_id=stays.number)
        errand.write(Event.MAIL)
    trackers.comments_follow(work, gone.number, stays.number, one.tracker)
    trackers.tell(work.spine, stays.number, one.tracker, told._replace(version=0))
