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

    def shown(self, database: "Database", row: Shown) -> Shown:
        """Give a text with how often it was sent."""
        return super().shown(database, row) | {"uses": means.text_uses(database, row["key"])}

    def check(self, row: HeldRow) -> None:
        """Each placeholder stands for something."""
        check_places(row["words"])
