"""Who else is where, while the app is open: read now and then, and said of oneself in a beat.

A board with nobody else reads once a minute whether that is still so, and writes nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING, cast

from textual.signal import Signal

from deskterm.domain.presence import BEAT, Here, by_ticket, of_tickets
from deskterm.screens.work import quiet

if TYPE_CHECKING:
    from textual.app import App

    from deskterm.screens.ticket.screen import TicketScreen
    from deskterm.screens.work import Working

TICK = 2.0
"""Seconds between two looks at what this session has open; that reads nothing."""
LOOK_EVERY, ALONE_EVERY = 5.0, 60.0
"""Seconds between two readings of where others are; where nobody else works here."""
At = tuple[int, bool]
"""The ticket that is open, and whether something is being written on it."""


def ticket_open(app: "App[None]") -> At | None:
    """Give the ticket that is open in an app, also below another screen or a dialog."""
    from deskterm.screens.base import DeskScreen

    for screen in reversed(app.screen_stack):
        if isinstance(screen, DeskScreen) and screen.NAME == "ticket":
            ticket = cast("TicketScreen", screen)
            return ticket.number, ticket.writer.is_open
    return None


class Presences:
    """Where others are (`there`), and where this session says it is."""

    def __init__(self, app: "Working", now: "Callable[[], At | None]") -> None:
        self._app, self._now = app, now
        self.there: Mapping[int, Sequence[Here]] = {}
        """Ticket → who else has it open."""
        self.changed: Signal[None] = Signal(app.app, "presence")
        self._on = self._company = False
        self._looked = self._said_at = -ALONE_EVERY
        self._at: At | None = None
        """What was said last."""

    def start(self) -> None:
        """Begin to look and to say."""
        self._on = True
        self.tick()
        self._app.set_interval(TICK, self.tick)

    def words(self, tickets: Iterable[int]) -> str:
        """Say who else is at these tickets; nothing where nobody is."""
        return of_tickets(self.there, tickets)

    def tick(self) -> None:
        """Look and say, where it is time."""
        if not self._on:
            return
        if monotonic() - self._looked >= (LOOK_EVERY if self._company else ALONE_EVERY):
            self.look()
        self._say()

    def look(self) -> None:
        """Read where others are."""
        self._looked = monotonic()
        self._app.load(lambda desk: desk.staff.presence.look(), self._seen, "presence", quiet)

    def _seen(self, found: Sequence[Here] | None) -> None:
        self._company = found is not None
        there = by_ticket(found or ())
        if there != self.there:
            self.there = there
            self.changed.publish(None)
        self._say()

    def _say(self) -> None:
        """Say where this session is, where that is another than said, or the beat is due."""
        if not (self._company or self._at):
            return
        now = self._now() if self._company else None
        if now == self._at and (now is None or monotonic() - self._said_at < BEAT):
            return
        self._at, self._said_at = now, monotonic()
        if now is None:
            self._app.keep(lambda desk: desk.staff.presence.leave(), otherwise=quiet)
        else:
            ticket, writing = now
            self._app.keep(
                lambda desk: desk.staff.presence.be_at(ticket, writing=writing), otherwise=quiet
            )
