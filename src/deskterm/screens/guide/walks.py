"""What a guide screen asks of whoever keeps its run: the desk, or a rehearsal."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from deskterm.domain.rows import Done
    from deskterm.guides.transcript import Conclusion
    from deskterm.guides.view import RunView
    from deskterm.screens.desk import Desk, Diagnosis


class Walks(Protocol):
    """One run: `number` says which; a rehearsal has only the one."""

    def start(self, slug: str, ticket: int | None = None) -> "RunView":
        """Begin a guide."""

    def run(self, number: int) -> "RunView":
        """Give where it stands."""

    def resume(self, number: int) -> "RunView":
        """Take it up again."""

    def answer(self, number: int, reply: str, seen: int | None = None) -> "RunView":
        """Answer the question asked now."""

    def back(self, number: int, seen: int | None = None) -> "RunView":
        """Take the last answer back."""

    def edit(self, number: int, place: int, reply: str, seen: int | None = None) -> "RunView":
        """Change an earlier answer."""

    def skip(self, number: int, reason: str) -> "RunView":
        """Leave the question out."""

    def note(self, number: int, text: str) -> "RunView":
        """Keep a note beside the question."""

    def transcript(self, number: int) -> str:
        """Give everything that was answered."""

    def conclude(self, number: int, ending: str | None = None) -> "Conclusion":
        """Give how it would end."""

    def finish(
        self, number: int, *, ending: str | None = None, words: str = "", group: str = ""
    ) -> "Done":
        """End a run without a ticket; one with a ticket is ended by an order on the desk."""

    def abandon(self, number: int, reason: str) -> "Done":
        """Leave it for good."""

    def hand_over(self, number: int, to: str) -> "RunView":
        """Give it to another technician."""

    def pause(self, number: int) -> "RunView":
        """Put it aside."""

    def diagnose(self, number: int, consent: str) -> "tuple[RunView, Diagnosis, int | None]":
        """Run the command that was agreed to."""


Keeper = Callable[["Desk"], Walks]
"""Gives whoever keeps the run; called in a thread."""
Ask = Callable[[Walks], "RunView"]
Plan = Callable[["RunView"], Ask | None]
"""What a key asks for, once the keys before it are done."""
