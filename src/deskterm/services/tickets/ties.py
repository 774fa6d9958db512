"""Taking a merge back (semantics 3)."""

from deskterm.domain.errors import RefusedError
from deskterm.domain.rows import Done
from deskterm.services.tickets.intake import Intake
from deskterm.storage.reads.held import merge_of


class Ties(Intake):
    """The use case of a merge that was wrong."""

    def unmerge(self, number: int, *, op_id: str | None = None, dry: bool = False) -> Done:
        """Take a merge back, exactly."""
        with self.store.reading() as database:
            operation = merge_of(database, number)
        if operation is None:
            raise RefusedError(f"#{number} is not merged into another ticket.")
        return self.undo(operation, op_id=op_id, dry=dry)

    def undo(
        self, operation: str | None = None, *, op_id: str | None = None, dry: bool = False
    ) -> Done:
        """Take an operation back; see `Undo`."""
        raise NotImplementedError
