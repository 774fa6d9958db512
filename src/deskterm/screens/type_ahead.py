"""Typing ahead: every key acts on what the keys before it have led to, however fast they come.

Textual hands a burst of keys to the widget that has the focus when they arrive, so that text typed
after Enter would still go into the field before. Here a key that may move the focus or open a
dialog holds those behind it until what it has set off is through.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import events
from textual.widgets import Input, TextArea

if TYPE_CHECKING:
    from textual.app import App
    from textual.message_pump import MessagePump
    from textual.timer import Timer

ROUNDS = 2
"""A key goes up to the app, where its binding is found; what that sets off in a widget is a message
of the widget's own, which goes up again and may set off another."""
PATIENCE = 5.0
"""Seconds after which keys go on whatever became of the one before."""


class TypeAhead:
    """Holds keys and pastes of one app in their order; `handle` is how the app does without."""

    def __init__(self, app: "App[None]", handle: Callable[[events.Event], Awaitable[None]]) -> None:
        self._app = app
        self._handle = handle
        self._waiting: deque[events.Event] = deque()
        self._busy = False
        self._timer: Timer | None = None

    def is_new(self, event: events.Event) -> bool:
        """Tell whether an event is a key or paste that comes from the terminal."""
        return isinstance(event, events.Key | events.Paste) and not event.is_forwarded

    def holds(self, event: events.Event) -> bool:
        """Tell whether it waits for the key before it; it is handed on later."""
        if self._busy or self._waiting:
            self._waiting.append(event)
            return True
        return False

    async def hand_on(self, event: events.Event) -> None:
        """Let the app handle it; what comes after a key waits until all it sets off is through."""
        await self._handle(event)
        if not isinstance(event, events.Key):
            return
        focused = self._app.focused
        if event.is_printable and isinstance(focused, Input | TextArea):
            return  # it is only written down, and nothing can overtake it
        self._busy = True
        self._timer = self._app.set_timer(PATIENCE, self._free)
        around = (*focused.ancestors_with_self,) if focused else (self._app.screen, self._app)
        self._hop(deque((*around, *(node for node in around for _ in range(ROUNDS)))))

    def _hop(self, hops: "deque[MessagePump]") -> None:
        """Let a call pass through the queue of each widget that the key's messages pass."""
        while hops:
            if hops.popleft().call_later(self._hop, hops):
                return
        self._await_screen()

    def _await_screen(self) -> None:
        """A dialog that the key has opened has its fields before the next key comes."""
        screen = self._app.screen
        drawn = screen.is_mounted or not screen.is_attached
        if drawn or not screen.call_after_refresh(self._await_screen):
            self._free()

    def _free(self) -> None:
        self._busy = False
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._waiting:
            self._app.call_later(self._next)

    async def _next(self) -> None:
        """Hand on what waits, up to and with the next key that is to be followed."""
        while self._waiting and not self._busy:
            await self.hand_on(self._waiting.popleft())
