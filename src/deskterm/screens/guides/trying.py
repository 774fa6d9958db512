"""A text that is being written, walked in the ordinary guide screen; nothing is kept."""

from typing import TYPE_CHECKING

from deskterm.screens.guide.screen import GuideScreen

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk
    from deskterm.screens.guide.walks import Walks


def trying(text: str, slug: str) -> GuideScreen:
    """Give a screen with one walk through a text that is not saved."""
    begun: list[Walks] = []

    def keeper(desk: "Desk") -> "Walks":
        """Give the rehearsal; the first question makes it."""
        if not begun:
            begun.append(desk.guides.rehearse(text))
        return begun[0]

    return GuideScreen(None, slug, keeper)
