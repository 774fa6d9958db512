"""The facts of a ticket: corrected, confirmed, marked; and who hears of it (§1.8 and 9)."""

from collections.abc import Mapping

from deskterm.domain.errors import RefusedError
from deskterm.domain.verbs import Change, Confirm, Mark, Watch, step_named
from deskterm.domain.vocabulary import Event, Needs, Step
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.steps import mark
from deskterm.storage import people
from deskterm.storage.names import number_of
from deskterm.storage.reads import held as reads
from deskterm.storage.ticket.hold import Hold

_PLAIN = ("subject", "problem", "reproduction", "reproduced", "urgent", "people", "cannot_work")
_NAMED = ("category", "service", "group", "device", "requester")


def change(held: Hold, asked: Change, act: Act) -> int:
    """Correct what is given; a requester who could not be told before is now written to."""
    unsure = held["requester_unsure"]
    given = asked.given()
    held.set(**{name: given[name] for name in _PLAIN if name in given})
    if asked.problem:
        mark(held, Step.STATE)
    if asked.reproduced is not None:
        mark(held, Step.REPRODUCE)
    set_named(held, {name: given[name] for name in _NAMED if name in given})
    for name, value in asked.fields.items():
        _check_choice(held, name, value)
        held.put(f"field.{name}", value or None)
    if asked.needs is None and asked.approver is None:
        entry = act.write(held, Event.CHANGED)
    else:
        entry = _scope(held, asked, act)
    if unsure and not held["requester_unsure"]:
        _welcome(held, act)
    return entry


def _scope(held: Hold, asked: Change, act: Act) -> int:
    """Say what the work needs and of whom; both the requester and the approver hear of it."""
    from deskterm.services.tickets.verbs.approvals import ask, drop

    held.set(needs=asked.needs if asked.needs is not None else held["needs"])
    if asked.needs is None and held["needs"] == Needs.NOTHING:
        held.set(needs=Needs.APPROVAL)
    question = None
    if held["needs"] == Needs.NOTHING or asked.approver == "":
        drop(held)
    elif asked.approver:
        question = ask(act.letters, held, asked.approver)
    scope = held["needs"] != Needs.NOTHING and (asked.needs is not None or question is not None)
    entry = act.write(held, Event.CHANGED, public=scope)
    if scope:
        act.letters.write(held, "needs", entry, know=(held["approver_id"],))
    return entry


def set_named(held: Hold, named: Mapping[str, str]) -> None:
    """Set category, service, group, device, requester of a held ticket, each by name."""
    for kind in ("category", "service", "group"):
        if kind in named:
            name = named[kind]
            held.set(**{f"{kind}_id": number_of(held.work.spine, kind, name) if name else None})
    if named.get("category"):
        mark(held, Step.CLASSIFY)
    if "device" in named:
        name = named["device"]
        device = people.device_for(held.work, name, held["requester_id"]) if name else None
        held.set(device_id=device)
    if named.get("requester"):
        person = people.person_for(held.work, named["requester"])
        held.set(requester_id=person, requester_unsure=False)


def _check_choice(held: Hold, name: str, value: str) -> None:
    """A field of the desk's own allows only its choices (A6)."""
    choices = reads.choices(held.work.spine, name)
    if choices and value and value not in choices:
        raise RefusedError(f"field {name} cannot be {value!r}: choose {', '.join(choices)}.")


def confirm(held: Hold, asked: Confirm, act: Act) -> int:
    """Whoever a forwarded mail names is the requester: now they are written to."""
    del asked
    if not held["requester_unsure"]:
        raise RefusedError(f"#{held.id}: nobody doubts who its requester is.")
    held.set(requester_unsure=False)
    entry = act.write(held, Event.CHANGED)
    _welcome(held, act)
    return entry


def _welcome(held: Hold, act: Act) -> None:
    """Acknowledge a ticket to a requester who could not be told before they were known."""
    opened = reads.first_entry(held.work.spine, held.id, Event.OPENED)
    if opened is not None:
        act.tell_requester(held, "opened", opened)


def watch(held: Hold, asked: Watch, act: Act) -> int:
    """Let people hear of it, or no more."""
    for who in asked.add:
        person = people.person_for(held.work, who)
        if person != held["requester_id"]:
            held.put(f"watcher.{person}", True)
    for who in asked.drop:
        person = people.find_person(held.work.spine, who)
        if held.get(f"watcher.{person}") is None:
            raise RefusedError(f"#{held.id}: {who} does not watch it.")
        held.put(f"watcher.{person}", None)
    return act.write(held, Event.CHANGED)


def mark_step(held: Hold, asked: Mark, act: Act) -> int:
    """Mark one of the nine steps."""
    mark(held, step_named(asked.step), asked.status, asked.reason, asked.by or None)
    return act.write(held, Event.STEPPED, asked.reason)
