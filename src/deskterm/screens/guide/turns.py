"""Changes of a run: one after the other, never two at once; keys pressed ahead wait their turn."""

from collections import deque
from typing import TYPE_CHECKING

from deskterm.domain.errors import DeskError

if TYPE_CHECKING:
    from deskterm.guides.view import RunView
    from deskterm.screens.guide.screen import GuideScreen
    from deskterm.screens.guide.walks import Plan


class Turns:
    """The changes that a guide screen has still to make."""

    def __init__(self, owner: "GuideScreen") -> None:
        self._owner = owner
        self._waiting: deque[Plan] = deque()
        self.busy = False
        """True while an answer is being stored."""
        self.leaving = False
        """True where the screen is left as soon as that is done."""

    def plan(self, plan: "Plan") -> None:
        """Do something with the run once it stands where the keys before have led it."""
        self._waiting.append(plan)
        self._go_on()

    def _go_on(self) -> None:
        owner = self._owner
        while self._waiting and not self.busy and owner.view is not None:
            ask = self._waiting.popleft()(owner.view)
            if ask is not None:
                self.busy = True
                owner.ask(ask, self._made, "walk", self._refused)

    def _made(self, view: "RunView") -> None:
        self.busy = False
        self._owner.show_view(view)
        self._go_on()
        if self.leaving and not self.busy:
            self._owner.action_back()

    def _refused(self, error: DeskError) -> None:
        self.busy = self.leaving = False
        self._waiting.clear()
        self._owner.desk_app.say_error(error)
        self._owner.desk_app.desk_changed()
