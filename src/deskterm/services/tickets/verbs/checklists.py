"""Checklists on a ticket: put on it, ticked, taken off; nobody outside hears of them."""

from collections.abc import Iterable

from deskterm.domain.checklists import DONE, GONE, MOST_ITEMS, PutList, Tick
from deskterm.domain.clock import to_text
from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.vocabulary import Event
from deskterm.services.tickets.act import Act
from deskterm.storage import checklists
from deskterm.storage.names import unknown
from deskterm.storage.ticket.hold import Hold


def put_list(held: Hold, asked: PutList, act: Act) -> int:
    """Put a checklist on it; items that it has already are not put on it twice."""
    count = put_on(held, asked.checklist)
    count += _add(held, (one.strip() for one in asked.items), "", required=False)
    if not count:
        raise RefusedError(f"#{held.id} has these items already.")
    return act.write(held, Event.CHANGED, f"Checklist {asked.checklist}".strip())


def put_on(held: Hold, name: str) -> int:
    """Put the items of a checklist of the desk's own on a ticket; gives how many.

    Raises NotFoundError where there is no such checklist.
    """
    if not name.strip():
        return 0
    spine = held.work.spine
    found = checklists.checklist(spine, name)
    if found is None:
        known = checklists.checklist_names(spine)
        raise NotFoundError(unknown("checklist", name[:60], known, "deskterm checklist list"))
    return _add(held, found[0], name.strip(), required=found[1])


def _add(held: Hold, texts: Iterable[str], name: str, *, required: bool) -> int:
    before = checklists.items(held.work.spine, held.id) if not held.fresh else []
    known = {one.text for one in before}
    last = max((one.number for one in before), default=0)
    fresh = [one for one in dict.fromkeys(texts) if one and one not in known]
    if len(before) + len(fresh) > MOST_ITEMS:
        raise RefusedError(f"#{held.id}: a ticket has {MOST_ITEMS} items at most.")
    for number, text in enumerate(fresh, last + 1):
        held.put(f"item.{number}", [text[:400], name, required, None, None])
    return len(fresh)


def items_to(held: Hold, goal: Hold) -> None:
    """Let the items of a ticket go over to the one that it is merged into (semantics §3).

    An item that both have stays one: done where it was done on either.
    """
    there = {one.text: one.number for one in checklists.items(goal.work.spine, goal.id)}
    last = max(there.values(), default=0)
    for one in checklists.items(held.work.spine, held.id):
        item = held.get(f"item.{one.number}")
        held.put(f"item.{one.number}", None)
        number = there.get(one.text)
        if number is None:
            last += 1
            goal.put(f"item.{last}", item)
            continue
        kept = goal.get(f"item.{number}")
        text, name, required, who, at = kept
        if who is None:
            goal.put(f"item.{number}", [text, name, required or one.required, *item[3:]])
        elif one.required and not required:
            goal.put(f"item.{number}", [text, name, True, who, at])


def tick(held: Hold, asked: Tick, act: Act) -> int:
    """Say of an item that it is done, open again, or not wanted here."""
    key = f"item.{asked.item}"
    kept = held.get(key)
    if kept is None:
        many = len(checklists.items(held.work.spine, held.id))
        raise NotFoundError(f"#{held.id} has no item {asked.item}; it has {many} item(s).")
    text, name, required = kept[:3]
    if asked.status == GONE:
        held.put(key, None)
    elif asked.status == DONE:
        if kept[3] is None:
            done = [held.work.actor, to_text(held.work.at)]
            held.put(key, [text, name, required, *done])
    else:
        held.put(key, [text, name, required, None, None])
    return act.write(held, Event.CHANGED)
