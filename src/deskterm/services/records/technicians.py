"""Technicians as records: another login, or two logins of one person, with all that is theirs."""

from typing import TYPE_CHECKING

from deskterm.domain.vocabulary import Event
from deskterm.services.records.keeper import ByName
from deskterm.services.records.merging import move
from deskterm.services.records.people import login
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import rows
from deskterm.storage.reads.competences import of_login
from deskterm.storage.ticket.hold import hold

if TYPE_CHECKING:
    from deskterm.storage.work import Work


class Technicians(ByName):
    """Technicians, known by login; what a login once did stays its own in the ledger."""

    def name(self, text: str) -> str:
        """Give a login; raises UsageError."""
        return login(text)

    def hand_over(self, work: "Work", gone: HeldRow, stays: HeldRow) -> None:
        """Give tickets, what is agreed on them, groups, absences and records to the other login.

        The first stays, inactive, for what it did.
        """
        old, new = str(gone.key), str(stays.key)
        _higher_levels(work, old, new)
        move(work, gone.kind, old, new)
        for ticket, key in rows.calls_of(work.spine, old):
            held = hold(work, [ticket])[ticket]
            call = held.get(key)
            assert isinstance(call, list)
            held.put(key, [call[0], new, *call[2:]])
            held.write(Event.CHANGED)
        for number in rows.groups_with(work.spine, old):
            group = HeldRow(work, "group", number)
            group.put(f"member.{old}", None)
            group.put(f"member.{new}", True)
            group.write(Event.EDITED, group["name"])
        gone.set(active=False)
        gone.write(Event.EDITED, old)


def _higher_levels(work: "Work", old: str, new: str) -> None:
    """Of a category that both logins know the higher level stays."""
    there = of_login(work.spine, new)
    for category, (number, level) in of_login(work.spine, old).items():
        if category not in there:
            continue
        lower = number if level <= there[category][1] else there[category][0]
        row = HeldRow(work, "competence", lower)
        row.remove()
        row.write(Event.EDITED, row["login"])
