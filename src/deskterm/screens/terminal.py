"""What comes from the terminal: pastes are text, and keys act in their order.

Nothing between a terminal's begin and end marks is ever a key; Textual's own parser looks for keys
inside a paste, so this one takes pastes out before it does. Textual also hands a burst of keys to
the widget that has the focus when they arrive, so that text typed after Enter would still go into
the field before: here a key that may move the focus or open a dialog holds those behind it until
what it has set off is through.
"""

from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual._xterm_parser import (
    BRACKETED_PASTE_END,
    BRACKETED_PASTE_START,
    XTermParser,
)
from textual.drivers import linux_driver
from textual.widgets import Input

from deskterm.screens.room import has_room

if TYPE_CHECKING:
    from codecs import IncrementalDecoder
    from collections.abc import Generator, Iterator

    from textual.app import App
    from textual.message import Message
    from textual.message_pump import MessagePump
    from textual.timer import Timer
    from textual.widget import Widget

    from deskterm.domain.stopping import Stop

ROUNDS = 2
"""A key goes up to the app, where its binding is found; what that sets off in a widget is a message
of the widget's own, which goes up again and may set off another."""
SOON = 0.01
"""Seconds until it is looked again whether a screen has read what it shows."""
PATIENCE = 5.0
"""Seconds after which keys go on whatever became of the one before."""


class TypeAhead:
    """Holds keys and pastes of one app in their order; `handle` is how the app does without.

    `pressed` is called before a key that does more than to write a letter down.
    """

    def __init__(
        self,
        app: "App[None]",
        handle: Callable[[events.Event], Awaitable[None]],
        pressed: Callable[[], None],
    ) -> None:
        self._app = app
        self._handle = handle
        self._pressed = pressed
        self._waiting: deque[events.Event] = deque()
        self._busy = False
        self._timer: Timer | None = None
        self._look: Timer | None = None
        self._asked: list[Stop] = []
        """What the key in hand asks the desk for, and goes on with."""

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
        if isinstance(event, events.Paste) and isinstance(self._app.focused, Input):
            event.text = " ".join(event.text.splitlines())  # a line takes all of it, as one line
        if isinstance(event, events.Key) and not self._writes_down(event):
            self._pressed()
        await self._handle(event)
        if not isinstance(event, events.Key) or self._writes_down(event):
            return  # nothing can overtake it
        focused = self._app.focused
        if _only_moves(event, focused):
            return  # the key behind it goes the same way, and finds the cursor moved
        self._busy = True
        self._timer = self._app.set_timer(PATIENCE, self._free)
        around = (*focused.ancestors_with_self,) if focused else (self._app.screen, self._app)
        self._hop(deque((*around, *(node for node in around for _ in range(ROUNDS)))))

    def await_answer(self, stop: "Stop") -> None:
        """Hold the keys behind the one in hand until that is read, or nobody waits for it."""
        self._asked.append(stop)

    def _writes_down(self, event: events.Key) -> bool:
        """Tell whether it is only a letter for the field that has the focus."""
        return event.is_printable and _takes_letters(self._app.focused)

    def _hop(self, hops: "deque[MessagePump]") -> None:
        """Let a call pass through the queue of each widget that the key's messages pass."""
        while hops:
            if hops.popleft().call_later(self._hop, hops):
                return
        self._await_screen()

    def _await_screen(self) -> None:
        """A screen that the key has opened is there, and has read what the next key acts on."""
        screen = self._app.screen
        if getattr(screen, "unread", False) or not all(one.stopped for one in self._asked):
            self._look = self._app.set_timer(SOON, self._await_screen)
            return
        drawn = screen.is_mounted or not screen.is_attached
        if drawn or not screen.call_after_refresh(self._await_screen):
            self._free()

    def _free(self) -> None:
        self._busy = False
        self._asked.clear()
        for timer in (self._timer, self._look):
            if timer is not None:
                timer.stop()
        self._timer = self._look = None
        if self._waiting:
            self._app.call_later(self._next)

    async def _next(self) -> None:
        """Hand on what waits, up to and with the next key that is to be followed."""
        while self._waiting and not self._busy:
            await self.hand_on(self._waiting.popleft())


def _takes_letters(widget: "Widget | None") -> bool:
    """Tell whether it is a line or an area of text; Textual's area is only loaded where one is."""
    return isinstance(widget, Input) or any(
        kind.__name__ == "TextArea" for kind in type(widget).__mro__
    )


def _only_moves(event: events.Key, focused: "Widget | None") -> bool:
    """Tell whether a key does no more than what the widget with the focus does at once."""
    if focused is None:
        return False
    bound = focused._bindings.key_to_bindings.get(event.key, ())
    at_once: frozenset[str] = getattr(focused, "AT_ONCE", frozenset())
    return bool(bound) and all(one.id in at_once for one in bound)


_HELD = 3
"""So many characters of a begin mark are no other key yet; fewer may be the Escape key."""


class PasteParser(XTermParser):
    """Gives one Paste for each paste, byte for byte, and keys for everything else."""

    def __init__(self, debug: bool = False) -> None:
        self._paste: list[str] | None = None
        """What came of a paste that has not ended."""
        self._held = ""
        """The beginning of a begin mark that was not given to the key parser."""
        self._given = ""
        """One that was: it may have been the Escape key."""
        super().__init__(debug)

    def feed(self, data: str) -> "Iterator[Message]":
        """Take in what the terminal sent; an empty text is its end."""
        if not data:
            yield from super().feed(data)
            return
        data, self._held = self._held + data, ""
        while data:
            data = yield from self._pasted(data) if self._paste is not None else self._keys(data)

    def _keys(self, data: str) -> "Generator[Message, None, str]":
        """Give the keys up to the next paste, and what comes after its begin mark."""
        if self._given:
            rest = BRACKETED_PASTE_START.removeprefix(self._given)
            if data.startswith(rest):
                self._given, self._paste = "", []
                yield from self._forget_sequence(rest)
                return data[len(rest) :]
            if rest.startswith(data) and self._is_waiting:
                self._held = data
                return ""
        keys, mark, after = data.partition(BRACKETED_PASTE_START)
        if mark:
            self._given = ""
            self._paste = []
        else:
            begun = _begun(keys)
            self._held = begun if len(begun) >= _HELD else ""
            self._given = "" if self._held else begun
            keys = keys.removesuffix(self._held)
        if keys:
            yield from super().feed(keys)
        return after

    def _pasted(self, data: str) -> "Generator[Message, None, str]":
        """Take in a paste up to its end; give what comes after it."""
        assert self._paste is not None
        text = "".join((*self._paste, data))
        text, mark, after = text.partition(BRACKETED_PASTE_END)
        self._paste = None if mark else [text]
        if mark:
            yield events.Paste(text.replace("\x00", ""))
        return after

    @property
    def _is_waiting(self) -> bool:
        """True while the key parser does not know yet whether it was the Escape key."""
        return self._awaiting.timeout is not None

    def _forget_sequence(self, rest: str) -> "Iterator[Message]":
        """Let the key parser forget the beginning of a mark that it was given."""
        if self._is_waiting:
            for message in super().feed(rest + BRACKETED_PASTE_END):
                if not isinstance(message, events.Paste):
                    yield message


def _begun(data: str) -> str:
    """Give the longest end of the data with which a begin mark begins."""
    for length in range(len(BRACKETED_PASTE_START) - 1, 0, -1):
        if data.endswith(BRACKETED_PASTE_START[:length]):
            return data[-length:]
    return ""


def _tolerant(encoding: str) -> "partial[IncrementalDecoder]":
    return partial(getincrementaldecoder(encoding), errors="replace")


def install_paste_parser() -> None:
    """Let pastes be text, bytes that are no UTF-8 too; Textual has no other place to say so."""
    linux_driver.XTermParser = PasteParser  # type: ignore[attr-defined]
    linux_driver.getincrementaldecoder = _tolerant  # type: ignore[attr-defined, assignment]


_STILL = frozenset({"ctrl+q", "ctrl+z", "ctrl+c"})
"""Keys that also work where there is no room."""


def is_blind(app: "App[None]", event: events.Event) -> bool:
    """Tell whether it is a key or paste whose effect nobody could see."""
    if isinstance(event, events.Key):
        return not has_room(app.size) and event.key not in _STILL
    return isinstance(event, events.Paste) and not has_room(app.size)
