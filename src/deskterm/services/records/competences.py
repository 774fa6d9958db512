"""Competences as records: a technician and a category, such as `bo network/wifi`."""

from typing import TYPE_CHECKING

from deskterm.domain.competences import STATED
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.services.records.keeper import Keeper
from deskterm.services.records.listed import Given, Key, Shown
from deskterm.storage.held_row import HeldRow
from deskterm.storage.names import login_of, number_of
from deskterm.storage.reads import rows
from deskterm.storage.reads.competences import competence_of

if TYPE_CHECKING:
    from deskterm.storage.driver import Database


class Competences(Keeper):
    """Keeps how well technicians know categories; each is named by both."""

    def listed(self, database: "Database", words: str = "", most: int = 100_000) -> list[Shown]:
        """Give those with the words in login or category, by both."""
        wanted = words.casefold().split()
        found = [self.shown(database, one) for one in rows.records(database, self.kind)]
        found = [one for one in found if all(word in one["name"].casefold() for word in wanted)]
        return sorted(found, key=lambda one: str(one["name"]))[:most]

    def shown(self, database: "Database", row: Shown) -> Shown:
        """Give one under the name of both."""
        found = super().shown(database, row)
        both = {"technician": row["login"], "category": row["category_id"]}
        return (
            {"id": found["id"], "name": f"{row['login']} {row['category_id']}"}
            | both
            | {key: value for key, value in found.items() if key not in ("id", "name")}
        )

    def known(self, database: "Database", name: str, given: Given) -> Key | None:
        """Give the one of that technician and category; raises NotFoundError for unknown ones."""
        del given
        login, category = _both(database, name)
        return competence_of(database, login, category)

    def find(self, database: "Database", name: str) -> Key:
        """Give the one of that technician and category; raises NotFoundError."""
        key = self.known(database, name, {})
        if key is None:
            raise NotFoundError(
                f"nothing is said of {name[:80]!r} yet; see `deskterm competence list`."
            )
        return key

    def begin(self, row: HeldRow, name: str) -> None:
        """Give a new one its technician and category."""
        login, category = _both(row.work.spine, name)
        row.set(login=login, category_id=category, level=1, source=STATED)

    def called(self, row: HeldRow) -> str:
        """Give the login for the ledger."""
        return str(row["login"] or "")


def _both(database: "Database", name: str) -> tuple[str, int]:
    """Give login and category of a name; raises UsageError, NotFoundError."""
    login, _, path = name.strip().partition(" ")
    if not path.strip():
        raise UsageError(f"{name[:60]!r}? Name a technician and a category: bo network/wifi.")
    return login_of(database, login), number_of(database, "category", path)
