"""Announcements as records; one that is there goes by its number."""

from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.announcements import AnnouncementState
from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.record_table import Field
from deskterm.services.records.keeper import Keeper
from deskterm.services.records.listed import Given, Key, Shown
from deskterm.services.records.readers import written
from deskterm.storage import announcements
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import announcements as reads
from deskterm.storage.reads import rows
from deskterm.triage.spans import span

if TYPE_CHECKING:
    from deskterm.storage.driver import Database
    from deskterm.storage.work import Work

_ORDER = ("text", "to", "from")
"""Fields that others depend on: `until 2h` counts from the beginning."""


class Announcements(Keeper):
    """What is said on boards, and by letter to an audience."""

    def listed(self, database: "Database", words: str = "", most: int = 100_000) -> list[Shown]:
        """Give the announcements that are planned or run, the newest first."""
        running = [one.id for one in reads.open_now(database, clock.now())]
        found = {one["id"]: one for one in super().listed(database, words, most)}
        return [found[number] for number in running if number in found]

    def shown(self, database: "Database", row: Shown) -> Shown:
        """Give an announcement under its number, with where it stands."""
        one = reads.one(database, int(row["key"]))
        return super().shown(database, row) | {
            "name": str(row["key"]),
            "state": str(one.state(clock.now())),
            "ended": row["ended_at"],
            "told": one.told,
            "trouble": one.trouble,
        }

    def known(self, database: "Database", name: str, given: Given) -> Key | None:
        """Give one that is meant by its number; another text is a new one."""
        del given
        return int(name) if name.isdigit() and rows.records(database, self.kind, name) else None

    def makes(self, name: str) -> bool:
        """An announcement is made by saying it."""
        del name
        return False

    def find(self, database: "Database", name: str) -> Key:
        """Give the announcement of that number; raises NotFoundError."""
        found = self.known(database, name.strip(), {})
        if found is None:
            raise NotFoundError(
                f"there is no announcement {name[:60]}; see `deskterm announce list`."
            )
        return found

    def create(self, work: "Work", name: str, given: Given) -> HeldRow:
        """Say something new."""
        row = HeldRow(work, self.kind, None)
        announcements.begin(row, name)
        self.change(row, given)
        if not given.get("to", "").strip():
            row.set(letters=False)
        announcements.announce(work, row)
        return row

    def settle(self, row: HeldRow, given: Given) -> HeldRow:
        """Say something new of one that is there: it is an update, told once."""
        row, _ = announcements.held_open(row.work, row.number)
        self.change(row, given)
        if row.changed:
            announcements.update(row)
        return row

    def change(self, row: HeldRow, given: Given) -> None:
        """Set what was typed; what others depend on comes first."""
        first = {name: given[name] for name in _ORDER if name in given}
        super().change(row, {**first, **given})

    def set_field(self, row: HeldRow, field: Field, text: str) -> None:
        """Set one field; a length of time until its end counts from its beginning."""
        as_it_is = row.number and text.strip() == written(row.work.spine, field, row[field.place])
        if as_it_is or (field.name == "kind" and text.strip() in ("", "likely")):
            return
        if field.name == "from" and not text.strip():
            text = "now"
        if field.name == "from" and row.number and self._runs(row):
            raise RefusedError(f"announcement {row.key} has begun: its beginning stays.")
        super().set_field(row, field, text)
        length = span(text.strip().lower()) if field.name == "until" else None
        if length is not None:
            row.set(until_at=max(row["from_at"], row.work.at) + length)

    def _runs(self, row: HeldRow) -> bool:
        state = announcements.read(row.work, row.number).state(row.work.at)
        return state != AnnouncementState.PLANNED

    def rename(self, work: "Work", name: str, new: str, version: int | None = None) -> None:
        """Say something else in its place: it is an update."""
        self.put(work, name, {"text": new}, version)

    def merge(self, work: "Work", name: str, into: str) -> None:
        """Let one be said in the place of both: whoever heard of the first hears how it goes on.

        Nobody hears the same twice, and nobody that the first one is over.
        """
        gone, _ = announcements.held_open(work, self.held(work, name).number)
        stays, _ = announcements.held_open(work, self.held(work, into).number)
        self.check_merge(gone, stays)
        announcements.join(gone, stays)

    def check_merge(self, gone: HeldRow, stays: HeldRow) -> None:
        """Refuse two of which one would be said to whom it was not meant for."""
        if gone.number == stays.number:
            raise RefusedError(f"announcement {gone.number} cannot be merged into itself.")
        if gone["organisation_id"] != stays["organisation_id"]:
            raise RefusedError(
                f"announcements {gone.number} and {stays.number} are not for the same client: end "
                "one of them."
            )
        if gone["letters"] and not stays["letters"]:
            raise RefusedError(
                f"announcement {stays.number} stands on boards only, {gone.number} is told by "
                f"letter: merge {stays.number} into {gone.number}."
            )

    def take(self, work: "Work", values: Given) -> None:
        """Say something new from a file's row, such as a calendar of maintenance."""
        given = {key: value for key, value in values.items() if value}
        self.check_fields(given)
        self.create(work, given.pop("name", "") or given.pop("text", ""), given)

    def remove(self, work: "Work", name: str, version: int | None = None) -> None:
        """End it, or withdraw what has not begun: what was said was said."""
        row = self.held(work, name, version)
        _, state = announcements.held_open(work, row.number)
        over = announcements.withdraw if state == AnnouncementState.PLANNED else announcements.end
        over(work, row.number, "")
