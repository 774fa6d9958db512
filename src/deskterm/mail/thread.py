"""Which ticket a mail belongs to: one decision with its reason (semantics.md §1.3).

A token in the recipient proves that the writer was written to; everything else only claims it, and
holds where the sender is known on that ticket; in a mail that is passed on, where its writer is. A
technician's address in From proves nothing either: only a token that was made for that technician,
used from their own address, lets a mail speak for them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from deskterm.domain.patterns import pattern
from deskterm.mail.parsed import ParsedMail
from deskterm.mail.tokens import (
    letter_of_verp,
    signature,
    technician_of_recipient,
    ticket_of_message_id,
    ticket_of_recipient,
)

_TAG = pattern(r"\[#(\d{1,12})\]")
_MARK = pattern(r"\[ref:(\d{1,12})\.([a-z2-7]{16})\]")
_QUOTED = (">", "|")
_QUOTED_MARK = "what it quotes carries the mark of our letter"
"""A quote is where the mark stands; of somebody who is not on the ticket it says nothing."""
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
    technician: str = ""
    """The technician who wrote it, proven by the token made for them and their address."""
    unsure: bool = False
    """Whether it answers "did it work?" with neither yes nor no."""
    proven: bool = False
    """Whether something that we signed brought it here; a From can be forged, a number guessed."""


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
    technicians: Callable[[], Sequence[str]]
    """The logins that a token may have been made for."""
    about: Callable[[int], int | None]
    """The ticket that a letter of ours is about: answers may come to its envelope sender."""
    writes_from: Callable[[str], bool]
    """Whether the sender's address is set down for that login."""
    forwarded: bool = False
    """Whether it passes on somebody else's mail: then that writer is the one who must be on it."""


def reference_mark(ticket: int, secret: str) -> str:
    """Give the line that brings a letter home where ids and addresses were rewritten."""
    return f"[ref:{ticket}.{signature(secret, 'ticket', ticket)}]"


def find_thread(mail: ParsedMail, envelope_to: Sequence[str], ask: Lookups) -> Thread:
    """Decide which ticket a mail belongs to: the first sign that leads to a ticket wins."""
    for number, login in _tokens(mail, envelope_to, ask):
        ticket = ask.survivor(number)
        if ticket is None:
            continue
        if login and ask.writes_from(login):
            reason = f"{login} answers our letter to them about #{number}"
            return Thread(ticket, reason, technician=login, proven=True)
        reason = f"the address it was sent to carries the token of #{number}"
        return Thread(ticket, reason, external=not ask.is_party(ticket), proven=True)
    for number, reason, proven in _claims(mail, ask):
        ticket = ask.survivor(number)
        if ticket is None:
            continue
        if ask.is_party(ticket):
            return Thread(ticket, reason, proven=proven and not ask.forwarded)
        if ask.forwarded or reason == _QUOTED_MARK:
            continue
        return Thread(None, f"{reason}, but the sender is not on that ticket", claimed=ticket)
    return Thread(None, "nothing in it names a ticket")


def _tokens(
    mail: ParsedMail, envelope_to: Sequence[str], ask: Lookups
) -> Iterable[tuple[int, str]]:
    """Give (ticket, the login it was made for or nothing) of each valid token in a recipient."""
    boxes = [box.address for box in (*mail.to, *mail.cc)]
    addresses = [one for one in (*envelope_to, *mail.delivered_to, *boxes) if "+" in one]
    for address in dict.fromkeys(addresses):
        number = ticket_of_recipient(address, ask.secrets)
        if number is not None:
            yield number, ""
        elif (letter := letter_of_verp(address, ask.secrets)) is not None:
            about = ask.about(letter)
            yield from [(about, "")] if about is not None else []
        elif "+p" in address.lower():
            made = technician_of_recipient(address, ask.technicians(), ask.secrets)
            yield from [made] if made is not None else []


def _claims(mail: ParsedMail, ask: Lookups) -> Iterable[tuple[int, str, bool]]:
    """Give (ticket, reason, is it signed by us) of every sign but the token, strongest first."""
    nearest = (*mail.in_reply_to, *reversed(mail.references))[:_NEAREST]
    for one in nearest:
        number = ticket_of_message_id(one, ask.secrets)
        if number is not None:
            yield number, f"it answers our letter about #{number}", True
    stored = ask.known_ids(nearest) if nearest else {}
    for one in nearest:
        if one in stored:
            yield stored[one], f"it answers a mail on #{stored[one]}", False
    yield from _in_body(mail.body, ask.secrets)
    for found in _TAG.findall(mail.subject)[:5]:
        yield int(found), f"its subject names #{found}", False


def _in_body(body: str, secrets: Sequence[str]) -> Iterable[tuple[int, str, bool]]:
    for line in body.splitlines():
        if "[ref:" not in line:
            continue
        quoted = line.lstrip().startswith(_QUOTED)
        for number, given in _MARK.findall(line)[:5]:
            if _signed(int(number), given, secrets):
                said = _QUOTED_MARK if quoted else f"its text carries the mark of #{number}"
                yield int(number), said, True


def _signed(ticket: int, given: str, secrets: Sequence[str]) -> bool:
    mark = f"desk+{ticket}.{given}@desk.invalid"
    return ticket_of_recipient(mark, secrets) == ticket
