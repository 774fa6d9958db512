"""Releases as records: named `Router 2.4`, product and version follow from the name."""

from typing import TYPE_CHECKING

from deskterm.domain.errors import RefusedError
from deskterm.domain.problems import ProblemState
from deskterm.domain.problems import number_of as problem_of
from deskterm.domain.record_table import Field
from deskterm.domain.releases import product_of
from deskterm.services.records.keeper import Keeper, leave_only
from deskterm.services.records.listed import Shown
from deskterm.services.records.readers import lines
from deskterm.storage import problems
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import rows
from deskterm.storage.reads.releases import rows as releases

if TYPE_CHECKING:
    from deskterm.storage.driver import Database
    from deskterm.storage.work import Work


class Releases(Keeper):
    """Keeps releases; a problem that gets into one has a planned fix."""

    def shown(self, database: "Database", row: Shown) -> Shown:
        """Give a release with the problems it fixes and where it stands."""
        one = releases(database, [int(row["key"])])[0]
        return super().shown(database, row) | {
            "problems": [f"P{number}" for number in one.problems],
            "state": one.state,
        }

    def begin(self, row: HeldRow, name: str) -> None:
        """Take product and version from the name."""
        super().begin(row, name)
        product, version = product_of(row["name"])
        row.set(product=product, product_version=version, reason="")

    def set_field(self, row: HeldRow, field: Field, text: str) -> None:
        """Set one field; the problems are all that it fixes."""
        if row["shipped_at"] is not None and field.name not in ("owner", "how"):
            raise RefusedError(
                f"{row['name']} was shipped: people were told what is in it. Make a new release."
            )
        if field.name != "problems":
            super().set_field(row, field, text)
            return
        wanted = [problem_of(one) for one in lines(text)]
        if not row.number:
            self.keep(row)
        leave_only(row, "fixes", wanted)
        for one in dict.fromkeys(wanted):
            problems.locked(row.work, one)
            row.put(f"fixes.{one}", True)

    def keep(self, row: HeldRow) -> None:
        """Write the release; the fix of a known problem in it is planned from now on."""
        super().keep(row)
        for number in _fixes(row):
            held = problems.locked(row.work, number)
            if held["state"] in (ProblemState.OPEN, ProblemState.KNOWN_ERROR):
                problems.change(row.work, number, {"state": str(ProblemState.FIX_PLANNED)})

    def remove(self, work: "Work", name: str, version: int | None = None) -> None:
        """Take a release away that was never shipped."""
        row = self.held(work, name, version)
        if row["shipped_at"] is not None:
            raise RefusedError(
                f"{row['name']} was shipped: `deskterm release withdraw {row['name']!r}` tells "
                "those who were told."
            )
        super().remove(work, name, version)


def _fixes(row: HeldRow) -> list[int]:
    """Give the problems of a release as they are stored now."""
    parts = rows.parts(row.work.spine, "release", row.number)
    return [int(key.partition(".")[2]) for key in parts if key.startswith("fixes.")]
