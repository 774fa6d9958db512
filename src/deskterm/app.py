"""The app: opens the desk beside the first screen, shows screens, runs orders and reports them."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from deskterm.domain.errors import DatabaseError, DeskError, UpgradedError
from deskterm.domain.text import pasted
from deskterm.screens import themes
from deskterm.screens.doors import Doors
from deskterm.screens.drawn import Drawn, Sparing
from deskterm.screens.edges import Edges
from deskterm.screens.hang_up import OpenDrafts, listen
from deskterm.screens.noticing import Noticing
from deskterm.screens.orders import Orders
from deskterm.screens.presence import Presences, ticket_open
from deskterm.screens.terminal import TypeAhead, install_paste_parser, is_blind
from deskterm.screens.watching import Watching
from deskterm.screens.work import Working

if TYPE_CHECKING:
    from textual.command import Provider

    from deskterm.screens.base import DeskScreen
    from deskterm.screens.board.screen import BoardScreen
    from deskterm.screens.desk import Desk
    from deskterm.screens.order import Order
    from deskterm.settings import Settings
    from deskterm.widgets.key_bar import Severity


def _palette_providers() -> "type[Provider]":
    from deskterm.screens.palette import ActionProvider

    return ActionProvider


def _named() -> "type[Provider]":
    from deskterm.screens.palette import NamedProvider

    return NamedProvider


def _finder() -> "type[Provider]":
    from deskterm.screens.palette import FinderProvider

    return FinderProvider


def desk_screens(app: App[None]) -> "list[DeskScreen]":
    """Give the screens of the desk, the one on top last."""
    from deskterm.screens.base import DeskScreen

    return [screen for screen in app.screen_stack if isinstance(screen, DeskScreen)]


class DeskApp(Sparing, App[None], Working):
    """The desk in a terminal. `open_desk` is called in the first worker."""

    TITLE = "deskterm"
    CSS_PATH = "app.tcss"
    """The board is dressed by it, too: what comes later lets Textual read all of them again."""
    ENABLE_COMMAND_PALETTE = False  # the screens open one of their own, not dialogs
    COMMANDS = {_palette_providers, _named, _finder}  # noqa: RUF012 - Textual declares it a set
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", "Quit", priority=True, id="leave"),
        Binding("ctrl+z", "suspend_process", "Suspend; fg goes on", id="suspend"),
    ]

    def __init__(self, open_desk: "Callable[[], Desk]", settings: "Settings") -> None:
        install_paste_parser()
        colours = themes.theme_name(settings["theme"], os.environ)
        # Textual chooses how it leaves colours out before a theme can be set.
        super().__init__(ansi_color=True if colours in themes.SIXTEEN else None)
        self._open_desk = open_desk
        self._doors = Doors(self)
        self.drawn = Drawn(self)
        self.drafts = OpenDrafts()
        self.used: list[str] = []
        """The commands run from the palette, the newest first."""
        self._desk: Desk | None = None
        self.edges = Edges(self)
        self.typed = TypeAhead(self, super().on_event, self.edges.read)
        self.orders = Orders(self)
        self.watching = Watching(self, self.edges.show_jobs)
        self.news = Noticing(self, self.edges.show_notices)
        self.presence = Presences(self, lambda: ticket_open(self))
        self.failure: DeskError | None = None
        """Why the app ended by itself; whoever ran it says so."""
        self.changes_heard = 0
        """How often something changed since the start."""
        self.settings = settings
        self.keys: Mapping[str, str] = {str(k): str(v) for k, v in settings["keys"].items()}
        for theme in (themes.DARK, themes.LIGHT):
            self.register_theme(theme)
        # Before the first style is read: a theme set later reads every stylesheet again.
        self.set_reactive(App.theme, colours)
        self._disable_tooltips = self._disable_notifications = True  # nothing here is told by them
        self.stylesheet.set_variables(self.get_css_variables())

    async def on_event(self, event: events.Event) -> None:
        """Let nothing that is pasted act: Textual draws whatever stands in its inputs."""
        if isinstance(event, events.Paste) and not event.is_forwarded:
            event.text = pasted(event.text)
        elif isinstance(event, events.Resize):
            self.drawn.anew()
        if isinstance(event, events.Key | events.Paste) and not self.screen_stack:
            return  # it is leaving: there is nothing left that a key could act on
        if not self.typed.is_new(event):
            await super().on_event(event)
        elif not is_blind(self, event) and not self.typed.holds(event):
            await self.typed.hand_on(event)

    # --- the desk ----------------------------------------------------------------

    @property
    def desk(self) -> "Desk":
        """The open desk, for workers; raises DatabaseError while it is not open."""
        if self._desk is None:
            raise DatabaseError("The desk is not open yet.")
        return self._desk

    @property
    def is_open(self) -> bool:
        """True once the desk can be asked."""
        return self._desk is not None

    def get_default_screen(self) -> "Screen[None]":
        """Begin with the board, the settings' keys in force: no screen of Textual's below it.

        Its desk is opened meanwhile, and it is drawn with its tickets on it where they come soon.
        """
        listen(self)
        self.app_resume_signal.subscribe(self, lambda _: self.drawn.anew(), immediate=True)
        from deskterm.screens.keymap import keymap

        self.keys, unknown = keymap(self.keys)
        self.set_keymap(self.keys)
        if unknown:
            self.say(f"Settings, keys: no action is named {', '.join(unknown)}.", "warning")
        self.open_again()
        self.hold()
        self.once_drawn(lambda: self.stylesheet.read(themes.DIALOGS))
        return self._doors.screen("board")

    def open_again(self) -> None:
        """Open the desk in a worker, also again; the board hears of it once it is composed."""

        def opening() -> None:
            try:
                desk = self._open_desk().ready()
            except DeskError as error:
                self.screen_stack[0].call_later(self._not_opened, error)
            else:
                self.screen_stack[0].call_later(self._opened, desk)

        self.run_worker(opening, thread=True, group="open", exclusive=True)

    def _opened(self, desk: "Desk") -> None:
        """Hand the open desk to every screen."""
        self._desk = desk
        if desk.replaced:
            self.say(desk.REPLACED, "warning")
        for screen in desk_screens(self):
            if screen.composed:
                screen.desk_is_open()
        self.once_drawn(self.watching.start)
        self.once_drawn(self.news.start)

    def on_unmount(self) -> None:
        """Let the listening thread end."""
        self.watching.stop()

    def close_desk(self) -> None:
        """Close the desk after the app ended: connections, and the jobs' lease is given back."""
        if self._desk is not None:
            self._desk.close()

    def _not_opened(self, error: DeskError) -> None:
        """Say why the desk did not open; F5 tries again. A wrong request ends the app with it."""
        if isinstance(error, DatabaseError):
            self.database_lost(error)
            cast("BoardScreen", self.screen_stack[0]).desk_not_opened(str(error))
            self.draw()
        else:
            self.failure = error
            self.exit(return_code=error.exit_code)

    def go(self, door: str, *args: object) -> None:
        """Open the screen of that name on top."""
        self.push_screen(self._doors.screen(door, *args))

    def show_tickets(self, query: str, marked: Sequence[int] = ()) -> None:
        """Show the tickets of a query on the board, some of them marked."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        cast("BoardScreen", self.screen).show_tickets(query, marked)

    def desk_changed(self, heard: bool = False) -> None:
        """Let the screen on top read anew; those below do when they come up again.

        `heard`: it was announced by the database, not done here just now.
        """
        self.changes_heard += 1
        if screens := desk_screens(self):
            screens[-1].catch_up(heard)
        (self.news.hear if heard else self.news.look)()

    def write(self, order: "Order") -> None:
        """Run an order in a thread; its end is said, or asked about in a dialog."""
        self.orders.write(order)

    # --- saying --------------------------------------------------------------------

    def say(self, text: str, severity: "Severity" = "information") -> None:
        """Say something in every footer until the next key; the text may be anybody's."""
        self.edges.say(text, severity)

    def say_error(self, error: DeskError) -> None:
        """Show an error's sentence."""
        self.say(str(error), "warning")

    def database_lost(self, error: DeskError) -> bool:
        """Show in every footer that the database does not answer; False for other errors."""
        if not isinstance(error, DatabaseError):
            return False
        upgraded = isinstance(error, UpgradedError)
        self.edges.lose(str(error), "upgraded · start anew" if upgraded else "connection lost · F5")
        return True

    def database_answered(self) -> None:
        """Take the footer's warning away."""
        self.edges.show_trouble("")

    # --- leaving -------------------------------------------------------------------

    def action_leave(self) -> None:
        """Quit; a write under way is finished and reported first."""
        self.orders.leave()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Give none: the palette shows the desk's own commands."""
        del screen
        return ()
