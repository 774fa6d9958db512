"""Calendars and offers as records; what an offer promises changes from a first day on.

Whom it names (organisations, sites, segments) hangs on it: one offer may be for several.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from deskterm.calendars.offers import PROMISED
from deskterm.domain import clock
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.domain.record_table import Field
from deskterm.domain.vocabulary import Event
from deskterm.services.records.keeper import Keeper, leave_only
from deskterm.services.records.listed import Given, Shown
from deskterm.services.records.readers import lines
from deskterm.storage.held_row import HeldRow
from deskterm.storage.names import number_of
from deskterm.storage.reads import offers as reads
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.row_parts import OFFERED, Stored
from deskterm.storage.targets import links

if TYPE_CHECKING:
    from deskterm.storage.driver import Database
    from deskterm.storage.work import Work

_HOURS = "Mon-Fri 8:00-18:00"


class Calendars(Keeper):
    """Keeps calendars; at most one is the desk's own."""

    def shown(self, database: "Database", row: Shown) -> Shown:
        """Give a calendar with what its country and feed know."""
        return super().shown(database, row) | reads.known_days(database, int(row["key"]))

    def begin(self, row: HeldRow, name: str) -> None:
        """Give a new one the usual hours."""
        super().begin(row, name)
        row.set(hours=_HOURS)

    def check(self, row: HeldRow) -> None:
        """Refuse a country nobody knows, and hours that never come."""
        row.set(country=row["country"].upper(), subdivision=row["subdivision"].strip())
        if row["subdivision"] and not row["country"]:
            raise UsageError(
                "a subdivision is a part of a country: name that, too.",
            )
        if not row["hours"]:
            raise UsageError(f"a calendar has hours: write them like {_HOURS}, or always.")
        if row["country"]:
            from deskterm.calendars.feed import public_holidays

            public_holidays(row["country"], row["subdivision"], [clock.now().year])

    def keep(self, row: HeldRow) -> None:
        """Write it; another one that was the desk's own is not any more."""
        super().keep(row)
        if row["desk"]:
            for number in reads.desk_calendars(row.work.spine):
                if number != row.number:
                    other = HeldRow(row.work, "calendar", number)
                    other.set(desk=False)
                    other.write(Event.EDITED, other["name"])

    def merge(self, work: "Work", name: str, into: str) -> None:
        """Let offers of before name the other one, too."""
        gone, stays = self.find(work.spine, name), self.find(work.spine, into)
        super().merge(work, name, into)
        for offer, first_day, promised in reads.versions_with(work.spine, int(gone)):
            row = HeldRow(work, "offer", offer)
            row.put(f"version.{first_day}", [int(stays), *promised[1:]])
            row.write(Event.EDITED, row["name"])


class Offers(Keeper):
    """Keeps offers: whoever changes what is promised begins a version."""

    def shown(self, database: "Database", row: Shown) -> Shown:
        """Give an offer with the first days of what it promised before."""
        number = int(row["key"])
        days = reads.version_days(database, number)
        named = links(database, number)
        return (
            super().shown(database, row)
            | {kind: [one.name for one in named if one.kind == kind] for kind in OFFERED}
            | {"versions": [one or "since ever" for one in days]}
        )

    def change(self, row: HeldRow, given: Given) -> None:
        """Set what was typed; what was promised until now stays as a version."""
        before = {name: row[name] for name in ("first_day", *PROMISED)}
        was_there = row.exists and row.number
        super().change(row, given)
        if was_there and any(row[name] != before[name] for name in PROMISED):
            self._begin_version(row, before)

    def set_field(self, row: HeldRow, field: Field, text: str) -> None:
        """Set one field; those it names are all of them."""
        if field.name not in OFFERED:
            super().set_field(row, field, text)
            return
        named = _numbers(row.work.spine, field, text) if field.of else _words(text)
        for key in leave_only(row, field.name, named):
            row.put(key, True)

    def _begin_version(self, row: HeldRow, before: Mapping[str, Stored]) -> None:
        """Keep what was promised until now; what began today is only corrected."""
        today = clock.now().astimezone(desk_zone(row.work.spine)).date().isoformat()
        begun = str(before["first_day"])
        if row["first_day"] == begun:
            row.set(first_day=max(today, begun))
        if begun <= today and row["first_day"] > begun:
            row.put(f"version.{begun}", [before[name] for name in PROMISED])

    def check(self, row: HeldRow) -> None:
        """Refuse an offer that ends before it begins."""
        if row["last_day"] and row["last_day"] < row["first_day"]:
            raise UsageError(
                f"the last day {row['last_day']} comes before the first, {row['first_day']}."
            )


def _numbers(database: "Database", field: Field, text: str) -> list[int]:
    """Give the numbers of several, a name a line; a single line may part them by commas."""
    whole = text.strip()
    try:
        named = [whole] if whole and "\n" not in whole else lines(text)
        found = [number_of(database, field.of, one) for one in named]
    except NotFoundError:
        if "\n" in whole or "," not in whole:
            raise
        found = [number_of(database, field.of, one) for one in lines(text)]
    return list(dict.fromkeys(found))


def _words(text: str) -> list[str]:
    """Give words, of those that differ only in capitals the first."""
    found = {word.casefold(): word for word in reversed(lines(text))}
    return sorted(found.values())
