"""Asking the desk's own rules about a ticket: before anything is guessed (C2).

A rule fills in what nobody set; it never changes what a person said. One that cannot be asked any
more, e.g. because a category in its query was renamed, is noted and passed over.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from deskterm.domain.errors import DeskError, NotFoundError
from deskterm.domain.proposals import Proposal
from deskterm.domain.rules import DeskRule
from deskterm.domain.vocabulary import Event, Step
from deskterm.services import crossing
from deskterm.services.tickets.steps import mark
from deskterm.storage import people, rules
from deskterm.storage.driver import Database
from deskterm.storage.reads import held as reads
from deskterm.storage.ticket.hold import Hold

KINDS = ("category", "service", "group")


def apply(held: Hold, said: frozenset[str]) -> None:
    """Let the rules fill in a ticket that is being opened; `said` are the kinds a person named.

    Each rule that sets something is an entry of the timeline, by the desk.
    """
    spine = held.work.spine
    said |= {kind for kind in ("category", "service") if held[f"{kind}_id"] is not None}
    for rule in rules.active_rules(spine):
        try:
            if not rules.fits(spine, rule.query, held.id, held.work.at):
                continue
            done = list(_set_all(held, rule, said))
        except DeskError as error:
            rules.note_trouble(spine, rule.id, str(error))
            continue
        rules.note_trouble(spine, rule.id, "")
        said |= {field for field, _ in done}
        if done:
            words = ", ".join(f"{field} {value}".strip() for field, value in done)
            text = f"Rule {rule.name}: {words}."
            held.write(Event.CHANGED, text, actor="desk", data={"rule": rule.id})
        if rule.stops:
            return


def _set_all(held: Hold, rule: DeskRule, said: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Set what a rule says and nobody said; gives (field, value) of each that is news."""
    for field, value in rule.sets.items():
        if field in KINDS:
            if field not in said:
                yield from _set_kind(held, field, value)
        elif field == "urgent":
            if not held["urgent"]:
                held.set(urgent=True)
                yield "urgent", ""
        elif field == "watcher":
            yield from _watch(held, value)
        elif held.get(field) is None and field not in _of_others(held):
            held.put(field, value)
            yield field.removeprefix("field."), str(value)


def _of_others(held: Hold) -> set[str]:
    """Give the fields, as they are held, that only tickets of other clients have."""
    return {
        f"field.{name}" for name in reads.declared_fields(held.work.spine, crossing.whose(held))[1]
    }


def _set_kind(held: Hold, kind: str, number: int) -> Iterator[tuple[str, str]]:
    name = rules.name_of(held.work.spine, kind, number)
    if not name:
        raise NotFoundError(f"the {kind} that it sets is gone.")
    if held[f"{kind}_id"] == number:
        return
    held.set(**{f"{kind}_id": number})
    yield kind, name
    if kind == "category":
        mark(held, Step.CLASSIFY)
        group = reads.group_of_category(held.work.spine, number)
        if held["group_id"] is None and group is not None:
            held.set(group_id=group)


def _watch(held: Hold, addresses: list[str]) -> Iterator[tuple[str, str]]:
    for address in addresses:
        person = people.person_for(held.work, address)
        if person != held["requester_id"] and held.get(f"watcher.{person}") is None:
            held.put(f"watcher.{person}", True)
            yield "watcher", address


def ruled(database: Database, number: int, now: datetime) -> dict[str, Proposal]:
    """Give what the rules say of a ticket that is there already: kind → proposal."""
    found: dict[str, Proposal] = {}
    for rule in rules.active_rules(database):
        try:
            if not rules.fits(database, rule.query, number, now):
                continue
        except DeskError:
            continue  # it is noted where it is next asked about a new ticket
        for kind in KINDS:
            name = _named(database, rule.sets, kind)
            if name and kind not in found:
                found[kind] = Proposal(kind, name, 1.0, rule=rule.name)
        if rule.stops:
            break
    return found


def _named(database: Database, sets: Any, kind: str) -> str:
    return rules.name_of(database, kind, sets[kind]) if kind in sets else ""
