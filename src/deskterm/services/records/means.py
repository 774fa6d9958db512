"""Records of what is done every day: canned texts, macros, templates and their kin."""

from typing import TYPE_CHECKING

from deskterm.services.means.values import check_places
from deskterm.services.records.keeper import Keeper
from deskterm.services.records.listed import Shown
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import means

if TYPE_CHECKING:
    from deskterm.storage.driver import Database


class CannedTexts(Keeper):
    """Canned texts, with how often each was sent."""

    def listed(self, database: "Database", words: str = "", most: int = 100_000) -> list[Shown]:
        """Give the texts by name with their uses."""
        uses = means.text_uses(database)
        rows = super().listed(database, words, most)
        return [row | {"uses": uses.get(row["id"], 0)} for row in rows]

    def check(self, row: HeldRow) -> None:
        """There are words in it, and each placeholder stands for something."""
        from deskterm.domain.errors import UsageError

        if not str(row["words"] or "").strip():
            raise UsageError("what does it say? Give the words (--words).")
        check_places(row["words"])
