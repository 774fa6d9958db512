"""After a conflict or an unclear failure: what happened, and whether to go on."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from deskterm.domain.errors import ConflictError, DeskError
from deskterm.screens.dialogs.base import Dialog


class AgainDialog(Dialog[bool]):
    """Names what others changed meanwhile, or that the answer was lost. The draft is kept."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "accept", "Do it")]

    def __init__(self, said: str, error: DeskError) -> None:
        self._conflict = isinstance(error, ConflictError)
        lines = [str(error)]
        if isinstance(error, ConflictError):
            lines += [
                f"  {clash.field}: {clash.seen} → {clash.now} (by {clash.by})"
                for clash in error.clashes
            ]
            lines.append("\nYour text is kept. Do it all the same?")
        else:
            lines.append("\nIt is not known to be stored. Trying again is safe: never done twice.")
        super().__init__(f"{said}?", "\n".join(lines))

    HINT = "Enter does it · Esc leaves everything as it is"

    def answer(self) -> bool:
        """Give yes."""
        return True
