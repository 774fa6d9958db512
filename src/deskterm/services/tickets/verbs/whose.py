"""Whose a ticket is: taken, given, escalated, handed back (C7, F2)."""

from deskterm.domain import clock
from deskterm.domain.errors import ConflictError, RefusedError
from deskterm.domain.verbs import NOBODY, Assign, Escalate, HandBack, Take
from deskterm.domain.vocabulary import Event, State
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.steps import stop_waiting
from deskterm.storage.names import login_of
from deskterm.storage.reads.in_hand import off
from deskterm.storage.ticket.hold import Hold


class TakenError(ConflictError):
    """Somebody else was quicker."""


def take(held: Hold, asked: Take, act: Act) -> int:
    """Make whoever acts the owner."""
    if asked.free and (held["assignee"] is not None or act.before not in (State.NEW, State.OPEN)):
        raise TakenError(f"#{held.id} was taken meanwhile.")
    return _give(held, held.work.actor, act)


def assign(held: Hold, asked: Assign, act: Act) -> int:
    """Give it to a technician or to nobody; says where that one is off."""
    me = held.work.actor
    if asked.to in NOBODY:
        return _give(held, None, act)
    login = me if asked.to in ("me", me) else login_of(held.work.spine, asked.to)
    if login != me:
        _say_off(held, login, act)
    return _give(held, login, act)


def _give(held: Hold, login: str | None, act: Act) -> int:
    news = login is not None and login != held["assignee"]
    held.set(assignee=login)
    entry = act.write(held, Event.ASSIGNED, public=news)
    if news:
        _tell_owner(held, act, entry)
    return entry


def _tell_owner(held: Hold, act: Act, entry: int) -> None:
    """Tell the requester who takes care of it now, while there is something to take care of."""
    worked = held["state"] in (State.OPEN, State.WAITING)
    if worked and act.tells_owner(held):
        act.tell_requester(held, "owner", entry)


def _say_off(held: Hold, login: str, act: Act) -> None:
    """Say that whoever got the tickets is off, and who stands in."""
    gone = off(held.work.spine, clock.now()).get(login)
    if gone is not None:
        deputy = f"{gone.deputy} stands in" if gone.deputy else "nobody stands in"
        until = f"{gone.until_at.astimezone():%Y-%m-%d %H:%M}"
        act.notes[f"{login} is off until {until}; {deputy}."] = None


def escalate(held: Hold, asked: Escalate, act: Act) -> int:
    """Hand it to a group of another level."""
    number, level = act.group(held, asked.group)
    stop_waiting(held)
    held.set(
        from_group_id=held["group_id"],
        from_assignee=held["assignee"] or held.work.actor,
        group_id=number,
        assignee=None,
        level=level,
    )
    entry = act.write(held, Event.ESCALATED, asked.summary, data={"actions": list(asked.actions)})
    act.tell(held, "escalated", entry)
    clocks_follow(held, act)
    return entry


def clocks_follow(held: Hold, act: Act) -> None:
    """Where it went to another group, stop the clocks of those who do not see it there."""
    if held.clocked and held.changed("group_id"):
        from deskterm.services.tickets.verbs.times import stop_hidden

        stop_hidden(held, act)


def hand_back(held: Hold, asked: HandBack, act: Act) -> int:
    """Give it back to whoever escalated it."""
    if held["from_group_id"] is None and held["from_assignee"] is None:
        raise RefusedError(f"#{held.id} was not escalated: there is nobody to return it to.")
    stop_waiting(held)
    held.set(
        group_id=held["from_group_id"],
        assignee=held["from_assignee"],
        level=1,
        from_group_id=None,
        from_assignee=None,
    )
    return act.write(held, Event.HANDED_BACK, asked.text)
