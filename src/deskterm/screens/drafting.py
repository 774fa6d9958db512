"""Keeping what is being written in the database, as it is written."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.errors import DatabaseError, DeskError

if TYPE_CHECKING:
    from textual.timer import Timer

    from deskterm.screens.desk import Desk
    from deskterm.screens.work import Working


PAUSE = 0.8
"""Seconds without a key after which a draft is stored."""
MOST = 3.0
"""Seconds of steady typing after which it is stored all the same."""


class DraftKeeper:
    """Keeps one draft. Stores one state at a time, the newest last, also after its screen is gone.

    `owner` is the screen, or the part of one, in which it is written. `told`
    hears when it was kept last, or None where there is none.
    """

    def __init__(
        self, owner: "Working", kind: str, subject: int, told: Callable[[datetime | None], None]
    ) -> None:
        self._owner = owner
        self._screen = owner.screen
        self._app = owner.desk_app
        self._kind = kind
        self._subject = subject
        self._told = told
        self._wanted = ""
        self._stored = ""
        self._busy = False
        self._timer: Timer | None = None
        self._since = 0.0
        """When the first key was pressed that is not stored yet."""
        self._app.drafts.add(self)

    def begin(self, stored: str) -> None:
        """Take up what the database holds; what was typed meanwhile is newer."""
        self._stored = stored
        if self._timer is None:
            self._wanted = self._wanted or stored

    def touch(self, text: str) -> None:
        """Remember a new state; it is stored when typing pauses, and while it goes on."""
        self._wanted = text
        now = monotonic()
        if self._timer is None:
            self._since = now
        else:
            self._timer.stop()
        if now - self._since >= MOST:
            self.keep()
            self._since = now
        self._timer = self._owner.set_timer(PAUSE, self.keep)

    def keep(self) -> None:
        """Store the newest state now."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._busy or self._wanted == self._stored:
            return
        self._busy = True
        text = self._wanted
        kind, subject = self._kind, self._subject
        self._app.keep(
            lambda desk: desk.drafts.put(kind, subject, text),
            lambda _: self._kept(text),
            self._not_kept,
        )

    def put_now(self, desk: "Desk") -> None:
        """Store the newest state in the calling thread: the program is about to end."""
        if self._wanted != self._stored:
            with suppress(DeskError):
                desk.drafts.put(self._kind, self._subject, self._wanted)
                self._stored = self._wanted

    def drop(self) -> None:
        """Forget the draft, also one that is just being stored."""
        self._wanted = ""
        self.keep()

    @property
    def has_screen(self) -> bool:
        """True while the screen that writes is still there, on top or below another."""
        return self._screen in self._screen.app.screen_stack

    def _kept(self, text: str) -> None:
        self._busy = False
        self._stored = text
        if self.has_screen:
            self._told(clock.now() if text else None)
        self.keep()

    def _not_kept(self, error: DeskError) -> None:
        self._busy = False
        if not isinstance(error, DatabaseError):
            self._app.say(f"The draft could not be kept: {error}", "error")


def nameable(desk: "Desk") -> list[str]:
    """Give the logins of one's colleagues who work here."""
    return [one.login for one in desk.admin.technicians() if one.active and one.login != desk.me]
