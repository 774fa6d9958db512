"""Visits: offered as times, chosen, fixed, moved, and over; the customer is invited (G3, §13)."""

from datetime import datetime, timedelta

from deskterm.calendars.slots import Busy, in_the_way
from deskterm.domain import clock
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.questions import Asks
from deskterm.domain.text import header_safe, storable
from deskterm.domain.visits import (
    AHEAD,
    FARTHEST,
    LATER_THAN,
    Agreed,
    ChooseVisit,
    EndVisit,
    OfferVisit,
    SetVisit,
    VisitState,
    agreed_of,
    place_words,
    read_minutes,
)
from deskterm.domain.vocabulary import OPEN_STATES, PROCESSES, Event, State, Step
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.questions import settle
from deskterm.services.tickets.steps import mark
from deskterm.services.visits import Sought, free_times, local_words
from deskterm.services.written import Written
from deskterm.storage.names import login_of, number_of
from deskterm.storage.reads import visits as reads
from deskterm.storage.reads.people import technician_name
from deskterm.storage.targets import visit_calendar
from deskterm.storage.ticket.hold import Hold
from deskterm.storage.visits import next_number, sequence_of


def offer(held: Hold, asked: OfferVisit, act: Act) -> int:
    """Offer times; the requester gets them as choices. One that declined may choose anew."""
    number, before = _open(held)
    if before is not None and before.state == VisitState.FIXED:
        raise RefusedError(
            f"#{held.id} has a visit on {_said(held, before.at)}: move it (`visit set`) or "
            "call it off (`visit cancel`) first."
        )
    visit = _asked(held, asked, before)._replace(state=VisitState.OFFERED, at=None, answer="")
    slots = _named_slots(held, asked, visit, act) or _free(held, asked, visit, act)
    _owned(held, act)
    said = "; ".join(f"{at}. {_said(held, one)}" for at, one in enumerate(slots, 1))
    visit = visit._replace(slots=tuple(slots))
    return _write(held, act, number, visit, ("offered", said))


def choose(held: Hold, asked: ChooseVisit, act: Act) -> int:
    """Fix the time that was chosen."""
    number, visit = _open(held)
    if visit is None or visit.state != VisitState.OFFERED:
        raise RefusedError(f"#{held.id}: no times are offered: `visit offer` does.")
    if not 1 <= asked.number <= len(visit.slots):
        raise UsageError(f"{asked.number}? Choose 1 to {len(visit.slots)}.")
    at = visit.slots[asked.number - 1]
    visit = visit._replace(at=at, state=VisitState.FIXED)
    _check_time(held, visit, at)
    means = f", told {_line(asked.means)}" if asked.means else ""
    return _write(held, act, number, visit, ("fixed", f"{_said(held, at)} was chosen{means}."))


def set_(held: Hold, asked: SetVisit, act: Act) -> int:
    """Fix a visit, or change the one that is there."""
    number, before = _open(held)
    visit = _asked(held, asked, before)
    if asked.at:
        visit = visit._replace(at=act.moment(held, asked.at), state=VisitState.FIXED)
    if visit.at is None or visit.state != VisitState.FIXED:
        raise UsageError(f"#{held.id}: when is the visit? Say it (--at), or offer times.")
    if visit == before:
        raise UsageError(f"#{held.id}: nothing about its visit would change.")
    if before is None or _when(visit) != _when(before):
        _check_time(held, visit, visit.at)
        visit = visit._replace(answer="")
    _owned(held, act)
    verb = "moved" if before is not None and before.state == VisitState.FIXED else "fixed"
    said = f"{_said(held, visit.at)}, {visit.technician}"
    return _write(held, act, number, visit, (verb, said))


def end(held: Hold, asked: EndVisit, act: Act) -> int:
    """It was done, missed or is called off; what was done is step 7."""
    number, visit = _open(held)
    if visit is None:
        raise RefusedError(f"#{held.id}: no visit is agreed on or offered.")
    if asked.became != VisitState.CANCELLED and visit.at is None:
        raise RefusedError(f"#{held.id}: its visit is only offered: call it off (`visit cancel`).")
    if asked.became == VisitState.MISSED and visit.at and visit.at > held.work.at:
        raise RefusedError(f"#{held.id}: its visit begins on {_said(held, visit.at)}.")
    if asked.became == VisitState.DONE and held["state"] in OPEN_STATES:
        mark(held, Step.CARRY_OUT)
    visit = visit._replace(state=asked.became)
    return _write(held, act, number, visit, (asked.became, storable(asked.text).strip()))


def pass_on(held: Hold, number: int, login: str, act: Act) -> int:
    """Give a visit to another technician; whoever waits for a fixed one is told who comes.

    Raises ConflictError, RefusedError where the other cannot come then.
    """
    visit = agreed_of(held.get(f"visit.{number}"))._replace(technician=login)
    if visit.at is not None and visit.at > clock.now():
        _check_time(held, visit, visit.at)
        said = f"{_said(held, visit.at)}, {login}"
        return _write(held, act, number, visit._replace(answer=""), ("moved", said))
    held.put(f"visit.{number}", visit.kept)
    return act.write(held, Event.VISIT, login, data={"verb": "passed on", "technician": login})


# --- what is agreed on -----------------------------------------------------------------


def _open(held: Hold) -> tuple[int | None, Agreed | None]:
    number = reads.open_visit(held.work.spine, held.id)
    if number is None:
        return None, None
    return number, agreed_of(held.get(f"visit.{number}"))


def _when(visit: Agreed) -> tuple[object, ...]:
    return visit.at, visit.minutes, visit.technician


def _asked(held: Hold, asked: OfferVisit | SetVisit, before: Agreed | None) -> Agreed:
    """Give the visit as it is asked for; what is not said stays, or is what the desk knows."""
    visit, spine = before or _fresh(held), held.work.spine
    if asked.technician:
        me = held.work.actor
        login = me if asked.technician == "me" else login_of(spine, asked.technician)
        visit = visit._replace(technician=login)
    if asked.length:
        visit = visit._replace(minutes=read_minutes(asked.length))
    if asked.site:
        visit = visit._replace(site_id=number_of(spine, "site", asked.site), place="")
    if asked.site or before is None:
        visit = visit._replace(travel=reads.travel_to(spine, visit.site_id))
    if asked.travel:
        visit = visit._replace(travel=read_minutes(asked.travel, FARTHEST, 0))
    return visit._replace(
        place=_line(asked.place) or visit.place, what=_line(asked.what) or visit.what
    )


def _fresh(held: Hold) -> Agreed:
    """Give a visit of an hour by whoever has the ticket, where its requester sits."""
    site, room = reads.where_is(held.work.spine, held["requester_id"])
    owner = held["assignee"] or held.work.actor
    return Agreed(owner, site_id=site, place=_line(room))


def _named_slots(held: Hold, asked: OfferVisit, visit: Agreed, act: Act) -> list[datetime]:
    """Give the times that were named, in order; raises RefusedError for one that is taken."""
    slots = sorted({act.moment(held, one) for one in asked.slots})
    length, far = timedelta(minutes=visit.minutes), timedelta(minutes=FARTHEST)
    for one in slots:
        _check_time(held, visit, one)
        busy = reads.busy(held.work.spine, visit.technician, one - far, one + length + far)
        wanted = Busy(one, one + length, visit.site_id, visit.travel, -1)
        other = in_the_way(wanted, (each for each in busy if each.ticket != held.id))
        if other is not None:
            raise RefusedError(
                f"{visit.technician} has #{other.ticket} in mind or agreed on then "
                f"({_said(held, other.start)}): offer another time."
            )
    return slots


def _free(held: Hold, asked: OfferVisit, visit: Agreed, act: Act) -> list[datetime]:
    """Give free times; raises RefusedError where there are none."""
    sought = Sought(visit.technician, visit.minutes, visit.travel, visit.site_id, held.id)
    after = act.moment(held, asked.after) if asked.after else None
    found = free_times(held.work.spine, sought, after)
    if not found:
        raise RefusedError(
            f"{visit.technician} has no time for that within {AHEAD.days} days: name another "
            "technician, a shorter visit, or times (--slot)."
        )
    return found


def _check_time(held: Hold, visit: Agreed, at: datetime) -> None:
    """Raise RefusedError for a time that is past, too far, or at which the technician is off."""
    now = clock.now()
    if at <= now:
        raise RefusedError(f"#{held.id}: {_said(held, at)} lies in the past.")
    if at > now + LATER_THAN:
        raise RefusedError(f"#{held.id}: {_said(held, at)} is more than a year ahead.")
    until = at + timedelta(minutes=visit.minutes)
    off = reads.is_off(held.work.spine, visit.technician, at, until)
    if off is not None:
        raise RefusedError(
            f"{visit.technician} is off until {_said(held, off)}: choose another time or "
            "technician."
        )


def _owned(held: Hold, act: Act) -> None:
    """Whoever offers a visit on a new ticket has it."""
    if act.before == State.NEW and act.alone and held.work.actor not in PROCESSES:
        held.set(assignee=held["assignee"] or held.work.actor)


# --- what is told of it ------------------------------------------------------------------

_LETTERS = {
    "offered": "visit-offer",
    "fixed": "visit",
    "moved": "visit",
    "stays": "visit-stays",
    str(VisitState.CANCELLED): "visit-off",
}
"""What became of it → the letter that tells the requester."""


def _write(held: Hold, act: Act, number: int | None, visit: Agreed, became: tuple[str, str]) -> int:
    """Store the visit with its entry and letter; questions about it are settled."""
    verb, words = became
    number = number or next_number(held.work.spine)
    held.put(f"visit.{number}", visit.kept)
    for asks in (Asks.SLOT, Asks.MOVE):
        settle(held, asks)
    template = _LETTERS.get(verb)
    data = {"verb": verb, "technician": visit.technician, "visit": _public(held, number, visit)}
    entry = act.write(held, Event.VISIT, words, public=template is not None, data=data)
    if template is not None:
        _tell(held, act, template, entry)
    return entry


def stay(held: Hold, act: Act) -> int | None:
    """Say no to another time that a customer's calendar has proposed; None: no visit is fixed."""
    number, visit = _open(held)
    if visit is None or visit.state != VisitState.FIXED or visit.at is None:
        return None
    said = f"{_said(held, visit.at)}, another time was declined"
    return _write(held, act, number, visit._replace(answer=""), ("stays", said))


def tell_again(held: Hold, number: int, was: Agreed, act: Act) -> None:
    """Tell the requester how a visit is now that an undo has changed what they were told."""
    kept = held.get(f"visit.{number}")
    now = agreed_of(kept) if kept is not None else None
    fixed = now is not None and now.state == VisitState.FIXED
    visit = now if now is not None and fixed else was
    if visit.at is None:
        return
    verb = "moved" if fixed else str(VisitState.CANCELLED)
    data = {"verb": verb, "technician": visit.technician, "visit": _public(held, number, visit)}
    entry = act.write(held, Event.VISIT, "", public=True, data=data)
    _tell(held, act, _LETTERS[verb], entry)


def _tell(held: Hold, act: Act, template: str, entry: int) -> None:
    """Write to the requester; whoever acts is told where no letter reaches them."""
    written = held.work.state(Written)
    before = written.letters
    act.tell_requester(held, template, entry)
    if written.letters == before and held.work.actor not in PROCESSES:
        written.silent.append(held.id)


def _public(held: Hold, number: int, visit: Agreed) -> dict[str, object]:
    """Give what a letter may know of a visit."""
    spine, kept = held.work.spine, visit.kept
    return {
        "number": number,
        "sequence": sequence_of(spine, number),
        "place": place_words(reads.site_name(spine, visit.site_id), visit.place),
        "who": technician_name(spine, visit.technician),
        "slots": kept["slots"] if visit.state == VisitState.OFFERED else [],
        "zone": str(visit_calendar(spine, held.id, visit.site_id).zone),
        **{name: kept[name] for name in ("at", "minutes", "what")},
    }


def _said(held: Hold, at: datetime | None) -> str:
    return local_words(held.work.spine, at) if at else ""


def _line(text: str) -> str:
    return header_safe(storable(text)).strip()
