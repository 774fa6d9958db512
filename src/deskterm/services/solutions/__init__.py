"""Solutions (E1 to E4): every use case, as `desk.solutions.…`."""

from pathlib import Path
from typing import TYPE_CHECKING

from deskterm.services.solutions.remedies import OnTickets
from deskterm.services.solutions.tending import Tending

if TYPE_CHECKING:
    from deskterm.services.site.folder import Written

__all__ = ["Solutions"]


class Solutions(Tending, OnTickets):
    """Drafting, improving, reviewing, publishing, finding, using and rating, in one service."""

    def site(self, folder: Path, audience: str = "public", name: str = "") -> "Written":
        """Write the static site of what this circle may read; raises UsageError, RefusedError."""
        from deskterm.services.site.make import make_site

        return make_site(self, folder, audience, name)
