"""Records of what is done every day: canned texts, macros, templates and their kin."""

from datetime import date
from typing import TYPE_CHECKING

from deskterm.calendars.recurrence import check_dates
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.services.means.steps import places, texts_of, written
from deskterm.services.means.values import KNOWN_EARLY, check_places
from deskterm.services.records.keeper import Keeper
from deskterm.services.records.listed import Given, Shown
from deskterm.storage.held_row import HeldRow
from deskterm.storage.names import number_of
from deskterm.storage.reads import means
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.recurring import one

if TYPE_CHECKING:
    from deskterm.storage.driver import Database


class CannedTexts(Keeper):
    """Canned texts, with how often each was sent."""

    def shown(self, database: "Database", row: Shown) -> Shown:
        """Give a text with how often it was sent."""
        return super().shown(database, row) | {"uses": means.text_uses(database, row["key"])}

    def check(self, row: HeldRow) -> None:
        """Each placeholder stands for something."""
        check_places(row["words"])


class Macros(Keeper):
    """Macros; their steps are shown as they are written, a line each."""

    def shown(self, database: "Database", row: Shown) -> Shown:
        """Give a macro with its steps as lines."""
        steps = [written(step) for step in row["steps"] or ()]
        return super().shown(database, row) | {"steps": steps}

    def check(self, row: HeldRow) -> None:
        """What the steps name is there, and their placeholders stand for something."""
        for place, step in enumerate(row["steps"] or (), 1):
            for kind in _NAMED:
                name = step.get(kind)
                if isinstance(name, str) and name.strip() and not places({"name": name}):
                    _named(row.work.spine, place, kind, name)
            for text in texts_of(step):
                check_places(text)


_NAMED = ("group", "category", "service", "device")


def _named(database: "Database", place: int, kind: str, name: str) -> None:
    try:
        number_of(database, kind, name)
    except NotFoundError as error:
        raise NotFoundError(f"step {place}: {error}") from None


class TicketTemplates(Keeper):
    """Tickets that are filled in already."""

    def check(self, row: HeldRow) -> None:
        """Nobody is known yet where it is filled in: only the day and who writes are."""
        for text in (row["subject"], row["body"], row["problem"]):
            check_places(str(text or ""), KNOWN_EARLY)


class Recurring(Keeper):
    """Rules of recurring tickets; a rule that is set, changed or turned on begins then."""

    def shown(self, database: "Database", row: Shown) -> Shown:
        """Give a rule with why its last ticket could not be opened."""
        return super().shown(database, row) | {"trouble": one(database, row["key"]).trouble}

    def begin(self, row: HeldRow, name: str) -> None:
        """A new one counts from today."""
        super().begin(row, name)
        row.set(first_day=_today(row), since_day=_today(row))

    def settle(self, row: HeldRow, given: Given) -> HeldRow:
        """Write it; dates of another rule that are over are not opened any more."""
        before = [row[name] for name in _BEGINS] if row.exists else None
        self.change(row, given)
        if not row["first_day"]:
            row.set(first_day=_today(row))
        if before is not None and before != [row[name] for name in _BEGINS]:
            row.set(since_day=_today(row))
        self.check(row)
        if row.changed:
            self.keep(row)
        return row

    def check(self, row: HeldRow) -> None:
        """Some day fits its rule."""
        if row["rule"]:
            check_dates(row["rule"], date.fromisoformat(row["first_day"]))
        if row["ahead"] > _MOST_AHEAD:
            raise UsageError(f"{row['ahead']} days ahead? {_MOST_AHEAD} at most.")


_BEGINS = ("rule", "first_day", "active")
_MOST_AHEAD = 366


def _today(row: HeldRow) -> str:
    return row.work.at.astimezone(desk_zone(row.work.spine)).date().isoformat()


class OwnVerbs(Keeper):
    """Verbs of the desk's own."""

    def check(self, row: HeldRow) -> None:
        """It ends within a time that somebody would wait."""
        if not 1 <= row["seconds"] <= _LONGEST:
            raise UsageError(f"{row['seconds']} seconds? A verb takes 1 to {_LONGEST}.")


_LONGEST = 300
