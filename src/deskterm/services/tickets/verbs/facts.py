"""The facts of a ticket: corrected, confirmed, marked; and who hears of it (§1.8 and 9)."""

from collections.abc import Collection, Iterable, Mapping

from deskterm.domain import choices
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.requests import AFFECTED_FIELD
from deskterm.domain.text import alike
from deskterm.domain.verbs import Change, Confirm, Mark, Watch
from deskterm.domain.vocabulary import Event, Needs, Step, step_named
from deskterm.services import crossing
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.steps import mark
from deskterm.services.tickets.verbs.whose import clocks_follow
from deskterm.services.written import Written
from deskterm.storage import people
from deskterm.storage.names import login_of, number_of
from deskterm.storage.reads import held as reads
from deskterm.storage.ticket.hold import Hold

_PLAIN = ("subject", "problem", "reproduction", "reproduced", "urgent", "people", "cannot_work")
_NEAR = 0.8
"""Likeness from which a name is a slip of another: one letter off, or two of many."""
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
    if asked.needed_by is not None:
        held.set(needed_by=act.moment(held, asked.needed_by) if asked.needed_by else None)
    kept = set_named(held, {name: given[name] for name in _NAMED if name in given}, act.across)
    act.crossed(kept)
    if asked.fields or asked.category is not None or asked.service is not None:
        for cleared in put_typed(held, asked.fields):
            act.notes[f"#{held.id}: {cleared}"] = None
    if asked.needs is None and asked.approver is None:
        entry = act.write(held, Event.CHANGED, data=kept)
    else:
        entry = _scope(held, asked, act)
    if unsure and not held["requester_unsure"]:
        _welcome(held, act)
    clocks_follow(held, act)
    return entry


def _scope(held: Hold, asked: Change, act: Act) -> int:
    """Say what the work needs and of whom; both the requester and the approver hear of it."""
    from deskterm.services.tickets.verbs.approvals import ask, asked_of, drop, no_more

    former = asked_of(held)
    held.set(needs=asked.needs if asked.needs is not None else held["needs"])
    if asked.needs is None and held["needs"] == Needs.NOTHING:
        held.set(needs=Needs.APPROVAL)
    question = None
    if held["needs"] == Needs.NOTHING or asked.approver == "":
        drop(held)
    elif asked.approver:
        question = ask(act.letters, held, asked.approver)
    scope = held["needs"] != Needs.NOTHING and (asked.needs is not None or question is not None)
    entry = question or act.write(held, Event.CHANGED, public=scope)
    if scope:
        act.letters.write(held, "needs", entry, know=(held["approver_id"],))
    no_more(act.letters, held, former, entry)
    return entry


def set_named(held: Hold, named: Mapping[str, str], across: bool = False) -> crossing.Kept:
    """Set category, service, group, device, requester of a held ticket, each by name.

    Gives what is kept of a requester who belongs to another client; raises AcrossClientsError.
    """
    kept: crossing.Kept = {}
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
        if not held["requester_unsure"]:
            kept = crossing.from_ticket(held, person, across=across)
        held.set(requester_id=person, requester_unsure=False, organisation_id=None)
    return kept


def put_typed(held: Hold, fields: Mapping[str, str]) -> list[str]:
    """Set fields by name, capitals aside, each to one of the choices that go with the rest.

    What stood in other fields and does not go with it any more is cleared: gives a sentence each.
    Raises UsageError for a name that is near a declared one, RefusedError for no choice, or for a
    field that only another client's tickets have.
    """
    declared, foreign = reads.declared_fields(held.work.spine, crossing.whose(held))
    _check_whose(held, fields, foreign)
    typed = [_put(held, name, value, declared) for name, value in fields.items()]
    dependent = [name for name, lines in declared.items() if choices.facts_named(lines)]
    cleared: list[str] = []
    while wrong := _first_misfit(held, dependent, declared):
        name, value, fit = wrong
        if name in typed:
            raise RefusedError(_does_not_go(name, value, fit, declared))
        held.put(f"field.{name}", None)
        cleared.append(f"field {name} is cleared: {value} does not go with the rest any more.")
    return cleared


def _check_whose(held: Hold, typed: Iterable[str], foreign: Mapping[str, str]) -> None:
    wanted = {name.casefold() for name in typed}
    for name, client in foreign.items():
        if name.casefold() in wanted:
            raise RefusedError(
                f"only tickets of {client} have the field {name}: #{held.id} is not one."
            )


def _first_misfit(
    held: Hold, dependent: Collection[str], declared: Mapping[str, list[str]]
) -> tuple[str, str, list[str]] | None:
    """Give (field, its value, what would go) of a choice that does not go with the rest."""
    known = _known(held) if dependent else {}
    for name in dependent:
        fit = choices.fitting(declared[name], known)
        value = held.get(f"field.{name}")
        if value in choices.values(declared[name]) and value not in fit:
            return name, value, fit
    return None


def _put(held: Hold, typed: str, value: str, declared: Mapping[str, list[str]]) -> str:
    """Set a field to what was typed; gives its name."""
    name = _declared(typed, declared)
    if name is None and typed != AFFECTED_FIELD:
        held.work.state(Written).undeclared[typed] = None
    held.put(f"field.{name or typed}", _choice(name or typed, value, declared) or None)
    return name or typed


def _known(held: Hold) -> Mapping[str, str]:
    """Give what a held ticket is known by, as choices ask for it."""
    spine = held.work.spine
    named = {
        kind: next(iter(reads.names(spine, f"{kind}_id", [number]).values()), "")
        for kind in (choices.CATEGORY, choices.SERVICE)
        if (number := held[f"{kind}_id"]) is not None
    }
    fields = {**reads.fields_of(spine, held.id), **held.put_now("field")}
    return choices.known_of(
        named.get("category"),
        named.get("service"),
        {name: str(value) for name, value in fields.items() if value is not None},
    )


def _does_not_go(name: str, value: str, fit: list[str], declared: Mapping[str, list[str]]) -> str:
    known = ", ".join(sorted(choices.facts_named(declared[name])))
    possible = f"choose {', '.join(fit)}" if fit else f"first say {known}"
    return f"field {name} cannot be {value!r} with this {known}: {possible}."


def _declared(typed: str, declared: Mapping[str, list[str]]) -> str | None:
    """Give the declared name that is meant; None for a field of the ticket's own."""
    if typed in declared:
        return typed
    folded = {alike(name): name for name in declared}
    wanted = alike(typed)
    if wanted in folded:
        return folded[wanted]
    from difflib import get_close_matches  # 2 ms, and only for a name that nobody declared

    near = get_close_matches(wanted, folded, 1, _NEAR) or [
        one for one in folded if _a_letter_off(one, wanted)
    ]
    if near:
        raise UsageError(
            f"there is no field {typed!r}; do you mean {folded[near[0]]}? "
            "See `deskterm field list`; `deskterm field add` declares another one."
        )
    return None


def _a_letter_off(one: str, two: str) -> bool:
    """Tell whether names as short as `os` differ in one letter: a likeness says little of them."""
    return len(one) == len(two) and sum(a != b for a, b in zip(one, two, strict=True)) == 1


def _choice(name: str, value: str, declared: Mapping[str, list[str]]) -> str:
    """Give the choice that is meant, capitals aside."""
    lines = declared.get(name) or ()
    found = choices.meant(lines, value)
    if found is None:
        known = ", ".join(choices.values(lines))
        raise RefusedError(f"field {name} cannot be {value!r}: choose {known}.")
    return found


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
    kept: crossing.Kept = {}
    for who in asked.add:
        person = people.person_for(held.work, who)
        kept = act.crossed(crossing.from_ticket(held, person, across=act.across)) or kept
        if person != held["requester_id"]:
            held.put(f"watcher.{person}", True)
    for who in asked.drop:
        person = people.find_person(held.work.spine, who)
        if held.get(f"watcher.{person}") is None:
            raise RefusedError(f"#{held.id}: {who} does not watch it.")
        held.put(f"watcher.{person}", None)
    return act.write(held, Event.CHANGED, data=kept)


def mark_step(held: Hold, asked: Mark, act: Act) -> int:
    """Mark one of the nine steps."""
    by = login_of(held.work.spine, asked.by) if asked.by else None
    mark(held, step_named(asked.step), asked.status, asked.reason, by)
    return act.write(held, Event.STEPPED, asked.reason)
