"""What a technician's mail asks for: lines that begin with `!` at its top, then words.

Without such a line the words are a public answer, or an internal note where the letter told of one.
With one of them they are internal, unless `!reply` says otherwise: whoever gives orders speaks to
the desk, not to the customer.
"""

import re
from typing import NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.mail.marker import marker_lines

_ORDER = re.compile(r"!([a-z][a-z-]{0,19})(?:\s+(\S.*))?\s*\Z", re.IGNORECASE)
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


def quotes_us(words: str) -> bool:
    """Tell whether words still hold what the desk wrote: then they are not for the customer."""
    lines = words.split("\n")
    return marker_lines(lines) is not None or any(line.lstrip().startswith(">") for line in lines)
