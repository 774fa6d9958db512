"""Time worked (H9, §12): booked by hand, by a clock, or counted from calls and guide runs.

Nothing that is booked is ever changed: a mistake is corrected by a further entry.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from deskterm.domain.clock import hours_words
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.text import header_safe, storable
from deskterm.domain.times import (
    IDLE,
    AddTime,
    JudgeTime,
    Span,
    StartClock,
    StopClock,
    TimeKind,
    TimeState,
    Worked,
    read_seconds,
    seconds_of,
    without,
    worked_of,
)
from deskterm.domain.vocabulary import PROCESSES, Event
from deskterm.services.tickets.act import Act
from deskterm.storage.desk_settings import value
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.ticket.hold import Hold, hold
from deskterm.storage.times import (
    Clock,
    clocked,
    hidden_from,
    is_active,
    next_number,
    running,
    running_on,
)
from deskterm.triage.spans import bounds

_NOTE = 500
_EARLIEST = timedelta(days=366)
"""Nothing is booked further back."""


def add(held: Hold, asked: AddTime, act: Act) -> int:
    """Book time by hand; a negative length corrects what is booked."""
    seconds, now = read_seconds(asked.length), held.work.at
    start = _day(held, asked.on) if asked.on.strip() else now - timedelta(seconds=max(seconds, 0))
    worked = _mine(held, TimeKind.TYPED, TimeState.BOOKED, start)
    return _book(held, act, worked._replace(seconds=seconds, note=_line(asked.note)))


def start(held: Hold, asked: StartClock, act: Act) -> int:
    """Start one's clock; the one that runs elsewhere is stopped, which is said."""
    if not act.alone:
        raise UsageError("a clock runs on one ticket.")
    known = running(held.work.spine, held.work.actor)
    if known is not None and known.ticket == held.id:
        raise RefusedError(
            f"#{held.id}: your clock runs on it already, since {_local(held, known)}; "
            "stop it with `deskterm time stop`."
        )
    if known is not None:
        other = hold(held.work, [known.ticket])[known.ticket]
        said = _end(other, known, "")
        act.write(other, Event.TIME, data=_told(known.number, known.worked, "stopped"))
        act.notes[f"Your clock on #{other.id} was stopped: {said}."] = None
        act.also.append(other.id)
    worked = _mine(held, TimeKind.CLOCK, TimeState.RUNNING, held.work.at)
    return _book(held, act, worked._replace(note=_line(asked.note)), "started")


def stop(held: Hold, asked: StopClock, act: Act) -> int:
    """Stop one's clock on it."""
    known = running(held.work.spine, held.work.actor)
    if known is None or known.ticket != held.id:
        where = f"it runs on #{known.ticket}" if known else "start it first"
        raise RefusedError(f"#{held.id}: your clock does not run on it; {where}.")
    said = _end(held, known, _line(asked.note))
    act.notes[f"#{held.id}: {said}."] = None
    return act.write(held, Event.TIME, data=_told(known.number, known.worked, "stopped"))


def stop_hidden(held: Hold, act: Act) -> None:
    """Stop the clocks of those who will not see it: nobody stops what they do not see."""
    hidden = hidden_from(held.work.spine, held["group_id"], held.id)
    for known in running_on(held.work.spine).get(held.id, []) if hidden else ():
        if known.worked.technician in hidden:
            _stop(held, known, act)
            act.write(held, Event.TIME, data=_told(known.number, known.worked, "stopped"))


def stop_all(held: Hold, act: Act) -> None:
    """Stop every clock on it, as a part of what is being written."""
    for known in running_on(held.work.spine).get(held.id, []):
        _stop(held, known, act)


def _stop(held: Hold, known: Clock, act: Act) -> None:
    said = _end(held, known, "")
    mine = known.worked.technician == held.work.actor
    whose = "Your clock" if mine else f"The clock of {known.worked.technician}"
    act.notes[f"{whose} on #{held.id} was stopped: {said}."] = None


def judge(held: Hold, asked: JudgeTime, act: Act) -> int:
    """Confirm or drop what is proposed: its technician does, or anybody once they have left."""
    kept = held.get(f"time.{asked.number}")
    worked = worked_of(kept) if kept is not None else None
    if worked is None or worked.state != TimeState.PROPOSED:
        raise RefusedError(
            f"#{held.id}: time {asked.number} is not proposed; see `deskterm time list --proposed`."
        )
    if worked.technician != held.work.actor and is_active(held.work.spine, worked.technician):
        raise RefusedError(f"time {asked.number} is {worked.technician}'s to confirm or drop.")
    seconds = read_seconds(asked.length) if asked.length else worked.seconds
    state = TimeState.BOOKED if asked.keep else TimeState.DROPPED
    worked = worked._replace(state=state, seconds=seconds if asked.keep else worked.seconds)
    held.put(f"time.{asked.number}", worked.kept)
    return act.write(held, Event.TIME, data=_told(asked.number, worked, str(state)))


def forgotten(held: Hold, known: Clock, act: Act) -> None:
    """Stop a clock that nobody stops (the jobs): it is proposed, never booked."""
    _end(held, known, "", booked=False)
    act.write(held, Event.TIME, data=_told(known.number, known.worked, "stopped"))


# --- what counts itself -------------------------------------------------------------------


def count_call(held: Hold, seconds: int) -> None:
    """Count a call by what it took, as a part of the opening."""
    if seconds <= 0 or held.work.actor in PROCESSES:
        return
    start = held.work.at - timedelta(seconds=seconds)
    worked = _mine(held, TimeKind.CALL, _counted(held, seconds), start)
    number = next_number(held.work.spine)
    held.put(f"time.{number}", worked._replace(seconds=seconds).kept)


def count_run(held: Hold, act: Act, run: int, stints: Mapping[str, Sequence[Span]]) -> None:
    """Count a guide run for each who walked it: what their clock counts is not counted again."""
    for login, spans in stints.items():
        took, elsewhere = _unclocked(held, login, spans)
        seconds = seconds_of(Span(max(one.start, one.end - IDLE), one.end) for one in took)
        if not seconds:
            continue
        state = TimeState.PROPOSED if elsewhere else _counted(held, seconds_of(took))
        worked = Worked(login, TimeKind.GUIDE, state, spans[0].start, seconds, elsewhere, run)
        number = next_number(held.work.spine)
        held.put(f"time.{number}", worked.kept)
        if state == TimeState.PROPOSED:
            act.notes[f"#{held.id}: {_proposed(number, seconds)}."] = None


def _unclocked(held: Hold, login: str, spans: Sequence[Span]) -> tuple[list[Span], str]:
    """Give what no clock on this ticket counts, and a word where one ran on another."""
    clocks = clocked(held.work.spine, login, spans[0].start - timedelta(days=1), held.work.at)
    here = [span for ticket, span in clocks if ticket == held.id]
    took = [part for one in spans for part in without(one, here)]
    other = next(
        (
            ticket
            for ticket, span in clocks
            if ticket != held.id and any(without(one, [span]) != [one] for one in took)
        ),
        None,
    )
    return took, f"the clock ran on #{other}" if other is not None else ""


def _counted(held: Hold, seconds: int) -> TimeState:
    most = 60 * int(held.work.once(value, "time.counted_minutes"))
    return TimeState.BOOKED if seconds <= most else TimeState.PROPOSED


# --- clocks and entries ---------------------------------------------------------------------


def _end(held: Hold, known: Clock, note: str, *, booked: bool = True) -> str:
    """Stop a clock; gives in words what became of it."""
    worked, now = known.worked, held.work.at
    seconds = round((now - worked.started_at).total_seconds())
    limit = 3600 * int(held.work.once(value, "time.clock_hours"))
    if seconds <= 0:
        state = TimeState.DROPPED
        said = "it stands before its own start (a clock was set back), so nothing is booked"
    elif not booked or seconds > limit:
        state, said = TimeState.PROPOSED, _proposed(known.number, seconds)
    else:
        state, said = TimeState.BOOKED, f"{hours_words(seconds)} booked"
    done = worked._replace(state=state, seconds=max(seconds, 0), note=note or worked.note)
    held.put(f"time.{known.number}", done.kept)
    return said


def _proposed(number: int, seconds: int) -> str:
    return (
        f"{hours_words(seconds)} is much, so it is proposed and not booked: "
        f"`deskterm time confirm {number}` (--length 40m for less), or `time drop {number}`"
    )


def _book(held: Hold, act: Act, worked: Worked, verb: str = "booked") -> int:
    number = next_number(held.work.spine)
    held.put(f"time.{number}", worked.kept)
    return act.write(held, Event.TIME, data=_told(number, worked, verb))


def _told(number: int, worked: Worked, verb: str) -> dict[str, object]:
    return {"verb": verb, "time": number, "technician": worked.technician}


def _mine(held: Hold, kind: TimeKind, state: TimeState, at: datetime) -> Worked:
    if held.work.actor in PROCESSES:
        raise RefusedError("time is worked by technicians: say who you are (--as LOGIN).")
    return Worked(held.work.actor, kind, state, at)


def _day(held: Hold, words: str) -> datetime:
    """Give when a named day began; raises UsageError for none, one to come, one long past."""
    now = held.work.at
    try:
        low, _ = bounds(":", words.strip().lower(), now, desk_zone(held.work.spine))
    except ValueError as wrong:
        raise UsageError(f"worked on {words[:40]!r}? {wrong}.") from None
    if low is None or low > now:
        raise UsageError(f"{words[:40]!r} lies in the future: book what was worked.")
    if low < now - _EARLIEST:
        raise UsageError(f"{words[:40]!r} is more than a year ago.")
    return low


def _local(held: Hold, known: Clock) -> str:
    return f"{known.worked.started_at.astimezone(desk_zone(held.work.spine)):%Y-%m-%d %H:%M}"


def _line(text: str) -> str:
    return header_safe(storable(text)).strip()[:_NOTE]
