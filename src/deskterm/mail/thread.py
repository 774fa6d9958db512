"""Which ticket a mail belongs to: one decision with its reason (semantics.md §1.3).

A token in the recipient proves that the writer was written to; everything else only claims it, and
holds where the sender is known on that ticket. Text that quotes somebody else decides nothing.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from deskterm.mail.parsed import ParsedMail
from deskterm.mail.tokens import signature, ticket_of_message_id, ticket_of_recipient

_TAG = re.compile(r"\[#(\d{1,12})\]")
_MARK = re.compile(r"\[ref:(\d{1,12})\.([a-z2-7]{16})\]")
_QUOTED = (">", "|")
_NEAREST = 30
"""Ids that are looked up, from the right."""


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a mail belongs, and why."""

    ticket: int | None
    """The ticket it is filed on; None makes a new one."""
    reason: str
    claimed: int | None = None
    """The ticket that an unproven sender says it belongs to: linked, and nothing disclosed."""
    external: bool = False
    """A valid token from somebody who is not on the ticket: filed, and flagged."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """What the decision has to ask of the desk."""

    secrets: Sequence[str]
    """Newest first; old ones still open old mail."""
    known_ids: Callable[[Sequence[str]], dict[str, int]]
    """Message-ID without brackets → ticket, of those that are stored."""
    survivor: Callable[[int], int | None]
    """The ticket that a number means now; None where there is none."""
    is_party: Callable[[int], bool]
    """Whether the sender is requester, watcher or technician of that ticket."""


def reference_mark(ticket: int, secret: str) -> str:
    """Give the line that brings a letter home where ids and addresses were rewritten."""
    return f"[ref:{ticket}.{signature(secret, 'ticket', ticket)}]"


def find_thread(mail: ParsedMail, envelope_to: Sequence[str], ask: Lookups) -> Thread:
    """Decide which ticket a mail belongs to: the first sign that leads to a ticket wins."""
    for number in _tokens(mail, envelope_to, ask.secrets):
        ticket = ask.survivor(number)
        if ticket is not None:
            known = ask.is_party(ticket)
            reason = f"the address it was sent to carries the token of #{number}"
            return Thread(ticket, reason, external=not known)
    for number, reason in _claims(mail, ask):
        ticket = ask.survivor(number)
        if ticket is None:
            continue
        if ask.is_party(ticket):
            return Thread(ticket, reason)
        return Thread(None, f"{reason}, but the sender is not on that ticket", claimed=ticket)
    return Thread(None, "nothing in it names a ticket")


def _tokens(mail: ParsedMail, envelope_to: Sequence[str], secrets: Sequence[str]) -> Iterable[int]:
    boxes = [box.address for box in (*mail.to, *mail.cc)]
    for address in (*envelope_to, *mail.delivered_to, *boxes):
        number = ticket_of_recipient(address, secrets) if "+" in address else None
        if number is not None:
            yield number


def _claims(mail: ParsedMail, ask: Lookups) -> Iterable[tuple[int, str]]:
    """Give (ticket, reason) of every sign but the token, the strongest first."""
    nearest = (*mail.in_reply_to, *reversed(mail.references))[:_NEAREST]
    for one in nearest:
        number = ticket_of_message_id(one, ask.secrets)
        if number is not None:
            yield number, f"it answers our letter about #{number}"
    stored = ask.known_ids(nearest) if nearest else {}
    for one in nearest:
        if one in stored:
            yield stored[one], f"it answers a mail on #{stored[one]}"
    yield from _in_body(mail.body, ask.secrets)
    for found in _TAG.findall(mail.subject)[:5]:
        yield int(found), f"its subject names #{found}"


def _in_body(body: str, secrets: Sequence[str]) -> Iterable[tuple[int, str]]:
    for line in body.splitlines():
        if "[ref:" not in line or line.lstrip().startswith(_QUOTED):
            continue
        for number, given in _MARK.findall(line)[:5]:
            if _signed(int(number), given, secrets):
                yield int(number), f"its text carries the mark of #{number}"


def _signed(ticket: int, given: str, secrets: Sequence[str]) -> bool:
    mark = f"desk+{ticket}.{given}@desk.invalid"
    return ticket_of_recipient(mark, secrets) == ticket
