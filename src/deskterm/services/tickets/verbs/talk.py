"""What technicians say on a ticket."""

from deskterm.domain.verbs import Note, Reply
from deskterm.domain.vocabulary import Event, State
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.files import keep_files
from deskterm.storage.ticket.hold import Hold


def note(held: Hold, asked: Note, act: Act) -> int:
    """Keep words inside; no letter is written."""
    entry = act.write(held, Event.NOTED, asked.text)
    keep_files(held.work, held.id, entry, asked.files)
    return entry


def reply(held: Hold, asked: Reply, act: Act) -> int:
    """Answer the requester and the watchers."""
    entry = answer(held, asked.text, act)
    keep_files(held.work, held.id, entry, asked.files)
    return entry


def answer(held: Hold, text: str, act: Act, **data: object) -> int:
    """Put an answer on a held ticket, with its letters; whoever answers a new one has it.

    What is said to many at once makes nobody their owner.
    """
    if act.before == State.NEW and act.alone:
        held.set(assignee=held["assignee"] or held.work.actor)
    entry = act.write(held, Event.REPLIED, text, public=True, data=data)
    act.tell(held, "reply", entry, must=True)
    return entry
