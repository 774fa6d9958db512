"""What a technician's mail asks for: lines that begin with `!` at its top, then words.

Without such a line the words are a public answer, or an internal note where the letter told of one.
With one of them they are internal, unless `!reply` says otherwise: whoever gives orders speaks to
the desk, not to the customer.
"""

import re
from typing import NamedTuple

from deskterm.domain.asking import Request
from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.verbs import Assign, Close, Solve, Take, Verify, Wait
from deskterm.domain.vocabulary import Outcome, Proof, WaitingFor
from deskterm.mail.words import marker_lines

_ORDER = pattern(r"!([a-z][a-z-]{0,19})(?:\s+(\S.*))?\s*\Z", re.IGNORECASE)
KNOWN = ("note", "reply", "take", "assign", "wait", "solve", "verify", "close")
MOST = 10


class Order(NamedTuple):
    """One order: `!solve cable replaced` is (solve, cable replaced)."""

    verb: str
    rest: str


class Letter(NamedTuple):
    """A technician's mail taken apart."""

    orders: tuple[Order, ...]
    words: str
    public: bool
    """Whether the words are for the customer."""


def read_orders(own_words: str, inside: bool = False) -> Letter:
    """Take a mail's own words apart; raises UsageError where a line at its top is no order.

    `inside`: it answers a letter about an internal note.
    """
    lines = own_words.strip().split("\n")
    orders: list[Order] = []
    while lines and (lines[0].lstrip().startswith("!") or (orders and not lines[0].strip())):
        line = lines.pop(0).strip()
        if not line:
            continue
        found = _ORDER.match(line[:4_000])
        if found is None or found.group(1).lower() not in KNOWN or len(orders) >= MOST:
            raise UsageError(f"{line[:60]!r} is none of {', '.join('!' + one for one in KNOWN)}.")
        orders.append(Order(found.group(1).lower(), found.group(2) or ""))
    words = "\n".join(lines).strip()
    verbs = {one.verb for one in orders}
    return Letter(tuple(orders), words, public="reply" in verbs or not (orders or inside))


def requests_of(letter: Letter) -> list[Request]:
    """Give what the orders ask for; `!note` and `!reply` say only whom the words are for.

    Raises UsageError for an order without what it needs.
    """
    asked = [_request(one.verb, one.rest.strip(), letter.words) for one in letter.orders]
    return [one for one in asked if one is not None]


def _request(verb: str, rest: str, words: str) -> Request | None:
    if verb == "assign" and not rest:
        raise UsageError("to whom? Write `!assign me` or `!assign LOGIN`.")
    if verb == "verify" and rest not in ("", Proof.OK, Proof.FAILED):
        raise UsageError("write `!verify ok` or `!verify failed`.")
    outcome, _, reason = rest.partition(" ")
    if outcome not in tuple(Outcome):
        outcome, reason = Outcome.SOLVED, rest
    made: dict[str, Request] = {
        "take": Take(),
        "assign": Assign(rest),
        "wait": Wait(WaitingFor.CUSTOMER, rest),
        "solve": Solve(rest or words),
        "verify": Verify("craft", rest or Proof.OK),
        "close": Close(outcome, reason.strip()),
    }
    return made.get(verb)


def quotes_us(words: str) -> bool:
    """Tell whether words still hold what the desk wrote: then they are not for the customer."""
    lines = words.split("\n")
    return marker_lines(lines) is not None or any(line.lstrip().startswith(">") for line in lines)
