"""What a unit of work has written to people, for the sentence at its end."""

from deskterm.storage.work import State


class Written(State):
    """Letters of one unit of work, and whom none of them reaches."""

    def __init__(self) -> None:
        self.letters = 0
        """How many were written."""
        self.ids: dict[tuple[int, int], int] = {}
        """(ticket, person) → the letter to them."""
        self.silent: list[int] = []
        """Tickets whose reply reached nobody, because no address is known."""
        self.unreached: list[tuple[int, str]] = []
        """(ticket, address) of letters not written, because they only come back."""
        self.undeclared: dict[str, None] = {}
        """Fields that nobody has declared and that are kept all the same."""
