"""Setting what triage proposes: a change of facts like any other, with its reason (C2)."""

from collections.abc import Mapping, Sequence

from deskterm.domain.errors import RefusedError
from deskterm.domain.proposals import Proposal
from deskterm.domain.verbs import Accept
from deskterm.domain.vocabulary import Event
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.verbs.facts import set_named
from deskterm.services.triage.said import COLUMNS
from deskterm.services.triage.suggesting import lacks
from deskterm.storage import learned
from deskterm.storage.reads import held as reads
from deskterm.storage.ticket.hold import Hold


def accept(held: Hold, asked: Accept, act: Act) -> int:
    """Set category, service, group where the ticket lacks them; never urgency."""
    del act
    found = [one for one in lacked(held) if one.kind in COLUMNS]
    named = dict(asked.shown.get(held.id) or {one.kind: one.value for one in found})
    if not named:
        raise RefusedError(f"#{held.id}: nothing is proposed that it lacks.")
    return fill_in(held, named, [one for one in found if named.get(one.kind) == one.value])


def lacked(held: Hold) -> list[Proposal]:
    """Give what is proposed for what a held ticket lacks."""
    rows = learned.tickets_said(held.work.spine, [held.id])
    return lacks(held.work.spine, rows[0]) if rows else []


def fill_in(held: Hold, named: Mapping[str, str], why: Sequence[Proposal]) -> int:
    """Set facts by name, with the reasons; a category brings its group along."""
    set_named(held, named)
    if "group" not in named and held["group_id"] is None and held["category_id"] is not None:
        held.set(group_id=reads.group_of_category(held.work.spine, held["category_id"]))
    reasons = "; ".join(f"{one.kind} {one.line}" for one in why)
    triage = [[one.kind, one.value, round(one.confidence, 4)] for one in why]
    words = f"Proposed by triage: {reasons}." if reasons else ""
    return held.write(Event.CHANGED, words, data={"triage": triage})
