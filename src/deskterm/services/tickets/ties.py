"""Taking a merge back (semantics 3)."""

from deskterm.domain.errors import RefusedError
from deskterm.domain.rows import Done
from deskterm.services.tickets.intake import Intake
from deskterm.storage.phrases import NOT_UNDONE


class Ties(Intake):
    """The use case of a merge that was wrong."""

    def unmerge(self, number: int, *, op_id: str | None = None, dry: bool = False) -> Done:
        """Take a merge back, exactly."""
        with self.store.reading() as database:
            row = database.one(
                "SELECT operation_id FROM ledger l WHERE kind = 'ticket' AND subject_id = :id "  # noqa: S608 - a constant
                f"AND event = 'merged' AND {NOT_UNDONE} "
                "AND (SELECT state FROM ticket WHERE id = :id) = 'merged' "
                "ORDER BY id DESC LIMIT 1",
                id=number,
            )
        if row is None:
            raise RefusedError(f"#{number} is not merged into another ticket.")
        return self.undo(row["operation_id"], op_id=op_id, dry=dry)

    def undo(
        self, operation: str | None = None, *, op_id: str | None = None, dry: bool = False
    ) -> Done:
        """Take an operation back; see `Undo`."""
        raise NotImplementedError
