"""A text that is being written, walked in the ordinary guide screen; nothing is kept."""

from typing import TYPE_CHECKING, Any, TypeVar, cast

from deskterm.screens.guide.screen import GuideScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.domain.errors import DeskError
    from deskterm.guides.view import RunView
    from deskterm.screens.desk import Desk

T = TypeVar("T")


class _Stage:
    """The desk with a rehearsal in the place of its guides."""

    def __init__(self, desk: "Desk", guides: Any) -> None:
        self._desk = desk
        self.guides = guides

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)


class TryScreen(GuideScreen):
    """One walk through a text that is not saved."""

    def __init__(self, text: str, slug: str) -> None:
        super().__init__(None, slug)
        self._text = text
        self._rehearsal: Any = None

    def load(
        self,
        ask: "Callable[[Desk], T]",
        then: "Callable[[T], None]",
        group: str = "load",
        otherwise: "Callable[[DeskError], None] | None" = None,
    ) -> None:
        """Ask the rehearsal instead of the desk's guides; it is made by the first question."""

        def staged(desk: "Desk") -> T:
            if self._rehearsal is None:
                self._rehearsal = desk.guides.rehearse(self._text)
            return ask(cast("Desk", _Stage(desk, self._rehearsal)))

        super().load(staged, then, group, otherwise)

    def pause_behind(self, view: "RunView") -> None:
        """Keep nothing."""
        del view
