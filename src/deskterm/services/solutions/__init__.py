"""Solutions (E1 to E3): every use case, as `desk.solutions.…`."""

from deskterm.services.solutions.using import Using
from deskterm.services.solutions.writing import Writing

__all__ = ["Solutions"]


class Solutions(Writing, Using):
    """Drafting, improving, reviewing, publishing, finding, using and rating, in one service."""
