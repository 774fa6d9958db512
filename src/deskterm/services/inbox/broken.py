"""Addresses letters come back from: given up after repeated failures, until a mail comes (§1.5)."""

from deskterm.domain.clock import to_text
from deskterm.domain.vocabulary import Event
from deskterm.services.inbox.rules import MailRules
from deskterm.storage.driver import Row, moment
from deskterm.storage.held_row import HeldRow
from deskterm.storage.people import forget_count
from deskterm.storage.row_parts import Stored
from deskterm.storage.work import Work

_DAYS = 2
"""Failures on so many different days are enough, however few they are."""


def count_failure(work: Work, address: str, words: str, rules: MailRules) -> bool:
    """Count a letter that came back for good; gives whether the address is given up by it."""
    spine = work.spine
    row = spine.one(
        "SELECT person_id, failures, first_failure, broken_since FROM person_address "
        "WHERE address = :address",
        address=address.lower(),
    )
    if row is None or row["broken_since"] is not None:
        return False
    failures = row["failures"] + 1
    first = moment(row["first_failure"]) if row["first_failure"] else work.at
    other_day = first.date() != work.at.date()
    given_up = failures >= rules.bounces or (failures >= _DAYS and other_day)
    spine.run(
        "UPDATE person_address SET failures = :n, first_failure = :first WHERE address = :address",
        n=failures,
        first=first,
        address=address.lower(),
    )
    if given_up:
        _set(work, row["person_id"], address.lower(), [to_text(work.at), words])
    return given_up


def works_again(work: Work, address: str) -> bool:
    """Forget what came back from an address; gives whether it had been given up."""
    row = work.spine.one(
        "SELECT person_id, failures, broken_since FROM person_address WHERE address = :address",
        address=address,
    )
    return row is not None and forget_failures(work, address, row)


def forget_failures(work: Work, address: str, row: Row) -> bool:
    """Forget what came back, where `row` says that something did; gives whether it was given up."""
    if not (row["failures"] or row["broken_since"]):
        return False
    if row["broken_since"]:
        _set(work, row["person_id"], address, None)
    else:
        forget_count(work.spine, address)
    return row["broken_since"] is not None


def _set(work: Work, person: int, address: str, broken: Stored) -> None:
    row = HeldRow(work, "person", person)
    row.put(f"broken.{address}", broken)
    row.write(Event.EDITED, row["name"])
