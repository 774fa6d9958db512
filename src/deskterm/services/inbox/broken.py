"""Addresses letters come back from: given up after repeated failures, until a mail comes (§1.5)."""

from deskterm.domain.clock import to_text
from deskterm.domain.vocabulary import Event
from deskterm.services.inbox.rules import MailRules
from deskterm.storage.held_row import HeldRow
from deskterm.storage.people import Address, forget_count, known_address, set_count
from deskterm.storage.row_parts import Stored
from deskterm.storage.work import Work

_DAYS = 2
"""Failures on so many different days are enough, however few they are."""


def count_failure(work: Work, recipient: str, words: str, rules: MailRules) -> bool:
    """Count a letter that came back for good; gives whether the address is given up by it."""
    known = known_address(work.spine, recipient.lower())
    if known is None or known.broken_since is not None:
        return False
    failures, first = known.failures + 1, known.first_failure or work.at
    other_day = first.date() != work.at.date()
    given_up = failures >= rules.bounces or (failures >= _DAYS and other_day)
    set_count(work.spine, known.address, failures, first)
    if given_up:
        _set(work, known, [to_text(work.at), words])
    return given_up


def forget_failures(work: Work, known: Address) -> None:
    """Forget what came back from an address, where something did."""
    if known.broken_since is not None:
        _set(work, known, None)
    elif known.failures:
        forget_count(work.spine, known.address)


def _set(work: Work, known: Address, broken: Stored) -> None:
    row = HeldRow(work, "person", known.person)
    row.put(f"broken.{known.address}", broken)
    row.write(Event.EDITED, row["name"])
