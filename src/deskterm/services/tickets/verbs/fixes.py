"""Promised fixes: by another day, or told by word of mouth (F5)."""

from deskterm.domain.clock import to_text
from deskterm.domain.verbs import KeepFix, MoveFix
from deskterm.domain.vocabulary import Event
from deskterm.services.promised import Promising, broken, keeps, value_of
from deskterm.services.tickets.act import Act
from deskterm.storage.ticket.hold import Hold


def move(held: Hold, asked: MoveFix, act: Act) -> int:
    """Promise it by another day, and tell it; one whose day was over by then is broken."""
    value = value_of(held, asked.problem)
    until = to_text(act.moment(held, asked.until))
    moved = [value[0], until, value[2], broken(value, held.work)]
    held.work.state(Promising).put(asked.problem, held.id, moved)
    data = {"problem": asked.problem, "until": until}
    entry = act.write(held, Event.PROMISED, public=True, data=data)
    act.tell(held, "recorded", entry)
    return entry


def keep(held: Hold, asked: KeepFix, act: Act) -> int:
    """They were told by word of mouth what became of it."""
    keeps(held.work, held, asked.problem)
    return act.write(held, Event.PROMISED, data={"problem": asked.problem, "told": True})
