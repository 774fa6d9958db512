"""Opening tickets: by a technician for a caller, by a script, by a mail."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from deskterm.domain import lifecycle
from deskterm.domain.errors import UsageError
from deskterm.domain.requests import NewTicket
from deskterm.domain.text import first_words, is_blank
from deskterm.domain.vocabulary import Channel, Event, State, Step
from deskterm.services.letters import Letters
from deskterm.services.tickets.files import keep_files
from deskterm.services.tickets.steps import mark
from deskterm.services.written import Addressed
from deskterm.storage import people, references
from deskterm.storage.names import number_of
from deskterm.storage.reads import held as reads
from deskterm.storage.reads.recipients import people_of
from deskterm.storage.ticket.hold import Hold, insert_ticket
from deskterm.storage.work import Doing, Work

SPOKEN = (Channel.PHONE, Channel.WALK_UP, Channel.CHAT)
"""Channels in which a technician greets the caller while opening the ticket."""


def open_ticket(work: Work, letters: Letters, ticket: NewTicket) -> Hold:
    """Open one ticket within a unit of work, with its letter; gives it held."""
    _check(ticket)
    _tell_trial(work, ticket)
    person = ticket.person_id
    if person is None:
        person = people.person_for(work, ticket.requester, new=ticket.new_person)
    named = [people.person_for(work, who) for who in ticket.watchers]
    held = insert_ticket(work, _values(work, ticket, person))
    if ticket.fields:
        from deskterm.services.tickets.verbs.facts import put_typed

        put_typed(held, ticket.fields)
    _put_list(held, ticket.checklist)
    for watcher in (*named, *ticket.watcher_ids):
        if watcher != person:
            held.put(f"watcher.{watcher}", True)
    _mark_steps(held, ticket)
    if "call_seconds" in ticket.data:
        from deskterm.services.tickets.verbs.times import count_call

        count_call(held, int(str(ticket.data["call_seconds"])))
    entry = held.write(
        Event.OPENED,
        public=True,
        data=dict(ticket.data),
        actor=ticket.actor,
        person_id=person if ticket.actor == "customer" else None,
    )
    keep_files(work, held.id, entry, ticket.files)
    for message in ticket.message_ids:
        references.remember(work.spine, message, held.id)
    _rule(held, ticket)
    if ticket.acknowledge:
        letters.write(held, "opened", entry)
    return held


def _tell_trial(work: Work, ticket: NewTicket) -> None:
    if work.asked is not None:
        work.asked.append(Doing("new", 0, ticket.actor or work.actor, told_of(ticket)))


def told_of(ticket: NewTicket) -> dict[str, object]:
    """Give a new ticket as hooks are told of it: its files by name."""
    return {"do": "new", **ticket._asdict(), "files": [file.name for file in ticket.files]}


def meet(work: Work, tickets: Sequence[NewTicket]) -> None:
    """Look up in one go who many requesters are, and make whoever is unknown by their address.

    In the order of their addresses and before any ticket has its number: two that open tickets for
    the same people at the same time then wait for each other one after the other.
    """
    asked: dict[str, str] = {}
    for ticket in tickets:
        for who in (ticket.requester, *ticket.watchers):
            with suppress(UsageError):
                asked.setdefault(people.split_who(who)[1] or "", who)
    asked.pop("", None)
    found = people_of(work.spine, sorted(asked))
    work.state(Addressed).meet(found.values())
    known = work.state(people.Introduced).known
    known |= {address: one.id for address, one in found.items()}
    for address in sorted(asked.keys() - found.keys()):
        known[address] = people.person_for(work, asked[address])


def _values(work: Work, ticket: NewTicket, person: int) -> dict[str, object]:
    values: dict[str, Any] = {
        "state": lifecycle.check("take", State.NEW, 0, stays=not ticket.take),
        "urgent": ticket.urgent,
        "channel": ticket.channel,
        "subject": _stands_in(ticket) if is_blank(ticket.subject) else ticket.subject,
        "body": ticket.body,
        "problem": ticket.problem,
        "people": ticket.people,
        "cannot_work": ticket.cannot_work,
        "needed_by": ticket.needed_by,
        "requester_id": person,
        "assignee": work.actor if ticket.take else None,
    }
    for column, kind, name in (
        ("category_id", "category", ticket.category),
        ("service_id", "service", ticket.service),
        ("group_id", "group", ticket.group),
    ):
        values[column] = work.once(number_of, kind, name) if name else None
    if values["group_id"] is None and values["category_id"] is not None:
        values["group_id"] = _group_of(work, values["category_id"])
    if ticket.device:
        values["device_id"] = people.device_for(work, ticket.device, person)
    if ticket.at is not None:
        values["opened_at"] = ticket.at
    return values


def _put_list(held: Hold, checklist: str) -> None:
    if checklist:
        from deskterm.services.tickets.verbs.checklists import put_on

        put_on(held, checklist)


def _mark_steps(held: Hold, ticket: NewTicket) -> None:
    if ticket.channel in SPOKEN and ticket.actor is None:
        mark(held, Step.GREET)
    if ticket.category:
        mark(held, Step.CLASSIFY)
    if ticket.problem:
        mark(held, Step.STATE)


def _rule(held: Hold, ticket: NewTicket) -> None:
    """Let the desk's own rules fill in what nobody said; loaded only where there are some."""
    if held.work.once(reads.has_rules):
        from deskterm.services.triage.ruling import apply

        said = (("category", ticket.category), ("service", ticket.service), ("group", ticket.group))
        apply(held, frozenset(kind for kind, value in said if value))


def _check(ticket: NewTicket) -> None:
    if ticket.channel not in tuple(Channel):
        known = ", ".join(Channel)
        raise UsageError(f"there is no channel {ticket.channel!r}; use one of {known}.")
    if is_blank(ticket.subject) and is_blank(ticket.body) and ticket.actor is None:
        raise UsageError("what is wrong? Give a subject or what the customer said (--body).")


def _group_of(work: Work, category: int) -> int | None:
    return work.once(reads.group_of_category, category)


def _stands_in(ticket: NewTicket) -> str:
    """Give what stands in for a subject: the first words, a file's name, or that there is none."""
    return first_words(ticket.body) or next((one.name for one in ticket.files), "(no words)")
