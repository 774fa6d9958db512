"""What customers were promised, also after the ticket is closed: call-backs (B5), fixes (F5)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from deskterm.domain.clock import to_text
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.promises import late
from deskterm.domain.text import header_safe, storable
from deskterm.domain.verbs import CallBack, EndCall, KeepFix, MoveCall, MoveFix
from deskterm.domain.vocabulary import Event
from deskterm.services.tickets.act import Act
from deskterm.storage.driver import moment
from deskterm.storage.names import login_of
from deskterm.storage.reads import held as reads
from deskterm.storage.targets import Wanted
from deskterm.storage.ticket.clocks import desk_targets
from deskterm.storage.ticket.hold import Hold

_NOTE = 500
"""Characters of a note that are kept."""


def call_back(held: Hold, asked: CallBack, act: Act) -> int:
    """Promise a call at a time."""
    me, spine = held.work.actor, held.work.spine
    owner = me if asked.owner in ("", "me", me) else login_of(spine, asked.owner)
    number, words = reads.next_callback(spine, held.id), _line(asked.note)
    moment = act.moment(held, asked.at)
    held.put(f"callback.{number}", [to_text(moment), owner, words, "open"])
    return _write(held, act, ("promised", number), words, moment)


def propose_follow_up(held: Hold, words: str) -> None:
    """Put a call to whoever is not content on the list of promises, for the next business day.

    Its owner calls, moves or drops it. Where a call is promised anyway, or the calendar has no
    hour, nothing is added, and a day is the time.
    """
    work = held.work
    if reads.earliest_callback(work.spine, held.id) is not None:
        return
    about = (held[name] for name in ("service_id", "requester_id", "needs", "opened_at"))
    promises = work.once(desk_targets).of(Wanted(*about))
    try:
        at = promises.calendar.add_business_days(work.at, 1)
    except UsageError:
        at = work.at + timedelta(days=1)
    number = reads.next_callback(work.spine, held.id)
    held.put(f"callback.{number}", [to_text(at), held["assignee"] or "", _line(words), "open"])


def move(held: Hold, asked: MoveCall, act: Act) -> int:
    """Promise it for another time; one that was due by then is broken."""
    number, value = _meant(held, asked.number)
    moment = act.moment(held, asked.at)
    held.put(f"callback.{number}", [to_text(moment), *value[1:4], *_broken(held, value)])
    return _write(held, act, ("moved", number), _line(asked.note), moment)


def end(held: Hold, asked: EndCall, act: Act) -> int:
    """It was made, or is not wanted any more."""
    number, value = _meant(held, asked.number)
    state = "done" if asked.made else "cancelled"
    held.put(f"callback.{number}", [*value[:3], state, *_broken(held, value)])
    return _write(held, act, (state, number), _line(asked.note), None)


def move_fix(held: Hold, asked: MoveFix, act: Act) -> int:
    """Promise a fix by another day, and tell it; one whose day was over by then is broken."""
    from deskterm.services.promised import Promising, broken, value_of

    value = value_of(held, asked.problem)
    until = to_text(act.moment(held, asked.until))
    moved = [value[0], until, value[2], broken(value, held.work)]
    held.work.state(Promising).put(asked.problem, held.id, moved)
    data = {"problem": asked.problem, "until": until}
    entry = act.write(held, Event.PROMISED, public=True, data=data)
    act.tell(held, "recorded", entry)
    return entry


def keep_fix(held: Hold, asked: KeepFix, act: Act) -> int:
    """They were told by word of mouth what became of a promised fix."""
    from deskterm.services.promised import keeps

    keeps(held.work, held, asked.problem)
    return act.write(held, Event.PROMISED, data={"problem": asked.problem, "told": True})


def _write(held: Hold, act: Act, what: tuple[str, int], words: str, at: datetime | None) -> int:
    verb, number = what
    moment = to_text(at) if at else None
    return act.write(
        held, Event.CALL_BACK, words, data={"verb": verb, "number": number, "at": moment}
    )


def _meant(held: Hold, number: int) -> tuple[int, list[object]]:
    """Give the open call-back of a number, or (0) the earliest; raises RefusedError."""
    if not number:
        earliest = reads.earliest_callback(held.work.spine, held.id)
        if earliest is None:
            raise RefusedError(f"#{held.id}: no call-back is promised; promise one with --at WHEN.")
        number = earliest
    value = held.get(f"callback.{number}")
    if value is None or value[3] != "open":
        raise RefusedError(f"#{held.id}: call-back {number} is not open; see `deskterm promises`.")
    return number, value


def _broken(held: Hold, value: Sequence[object]) -> list[bool]:
    """Give the mark of a call-back that counts as broken: its time passed while it was open."""
    return [True] if value[4:] or late(moment(value[0]), held.work.at) else []


def _line(text: str) -> str:
    return header_safe(storable(text)).strip()[:_NOTE]
