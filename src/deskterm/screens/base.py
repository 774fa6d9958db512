"""The base of every screen: header, footer, general keys, writing and what is chosen."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from deskterm.domain.patterns import pattern
from deskterm.domain.record_kinds import Record
from deskterm.screens.action import Action, Chosen, Flow, Later, Named
from deskterm.screens.actions import (
    BY_ID,
    footer,
    key_label,
    keys_of,
    possible,
    table_of,
    why_not,
)
from deskterm.screens.room import SMALLEST, fits, look_for_size, may_draw
from deskterm.screens.work import Working
from deskterm.widgets.key_bar import KeyBar, KeyItem
from deskterm.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from deskterm.widgets.key_bar import Severity


OWN_KEY = pattern(r"(?:f\d{1,2}|(?:ctrl|alt)\+[a-z0-9])\Z")
"""Keys that a desk may give to what is its own."""


def breakpoints(wide: int) -> list[tuple[int, str]]:
    """Give the looks of a screen by its columns; it is wide from so many on."""
    return [(0, "-too-narrow"), (SMALLEST[0], "-narrow"), (wide, "-wide")]


class DeskScreen(Screen[None], Working):
    """A screen of the desk. Subclasses set NAME and BINDINGS = bindings(NAME), compose `body`.

    A subclass with something in hand overrides `chosen`, `chosen_number` and `chosen_text`.
    """

    NAME: ClassVar[str] = ""
    KIND: ClassVar[str] = "ticket"
    """What is in hand here."""
    FLOWS: ClassVar[Mapping[str, Flow]] = Later("FLOWS", "deskterm.screens.flows.general")
    """Actions that are functions with the screen as their owner; a subclass adds its own."""
    NAMED: ClassVar[Mapping[str, Named]] = Later("NAMED", "deskterm.screens.flows.elsewhere")
    """What the desk gave names to → what such a name in the palette does here."""
    OWN_KEYS: ClassVar[tuple[Flow, ...]] = ()
    """Asked about keys that no action has: a macro of the desk's own may have one."""
    pressed = ""
    """The key that no action has, while these flows are asked."""
    KEPT: ClassVar[bool] = False
    """Whether it is kept when it is left, and filled anew (`fill`) when it is opened again."""
    unread = False
    """Whether what keys would act on is still being read: they wait for it."""
    composed = False
    """Whether it is composed: its parts can be drawn."""
    _changes_seen = 0
    _styled = -1
    _key_seen: events.Key | None = None
    HORIZONTAL_BREAKPOINTS = breakpoints(100)
    VERTICAL_BREAKPOINTS = [(0, "-too-low"), (SMALLEST[1], "-high")]  # noqa: RUF012 - as Textual declares it

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        if fits(self, size):
            super()._refresh_layout(size, scroll)

    def _compositor_refresh(self) -> None:
        if may_draw(self):
            super()._compositor_refresh()

    def compose(self) -> ComposeResult:
        """Give header, the screen's own body, and footer, all styled for this size at once."""
        self._styled = self.app._css_update_count
        look_for_size(self)
        yield StatusLine()
        yield from self.body()
        yield KeyBar()
        yield Static(
            f"This window is too small: {SMALLEST[0]}×{SMALLEST[1]} at least.", id="too-small"
        )

    def body(self) -> Iterable[Widget]:
        """Give the screen's own widgets."""
        return ()

    # --- life ---------------------------------------------------------------

    @on(events.Mount)
    def _start_up(self) -> None:
        """Show the keys; ask the desk as soon as it is open."""
        self.composed = True
        self.show_keys()
        self.desk_app.edges.dress(self)
        if self.desk_app.is_open:
            self.desk_is_open()

    def desk_is_open(self) -> None:
        """Say who works here, and begin to read."""
        self.query_one(StatusLine).who = self.desk_app.desk.me
        self._changes_seen = self.desk_app.changes_heard
        if self.desk_app.desk.may.barred:
            self.show_keys()
        self.desk_opened()

    def desk_opened(self) -> None:
        """Called once when the desk can be asked: start the first load here."""
        self.desk_changed()

    def desk_changed(self) -> None:
        """Called after every change, one's own or somebody else's: read anew, keep the place."""

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Catch up with what happened while another screen was on top; nothing did: stay.

        Its parts are styled when they are mounted: only where the styles changed they are again.
        """
        styles = self.app._css_update_count
        event.refresh_styles = event.refresh_styles and self._styled != styles
        self._styled = styles
        behind = self._changes_seen != self.desk_app.changes_heard
        if behind and self.desk_app.is_open:
            self.catch_up()

    def catch_up(self, heard: bool = False) -> None:
        """Read anew, and remember that it is up to date; one that is going away reads nothing.

        `heard`: the database announced a change, of whomever.
        """
        del heard
        if self.composed and self.is_running:
            self._changes_seen = self.desk_app.changes_heard
            self.desk_changed()

    # --- what is chosen -------------------------------------------------------

    def chosen(self) -> list[Chosen]:
        """Give what a verb would act on; empty where there is nothing."""
        return []

    def chosen_number(self) -> str:
        """Give what `y` copies: the number of the ticket (or solution) in hand."""
        return ""

    def chosen_text(self) -> str:
        """Give what `Y` copies."""
        return ""

    # --- keys -----------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Look the action up in the lifecycle; None greys it out."""
        known = BY_ID.get(str(parameters[0]) if action == "run_named" else action)
        if known is None:
            return True
        if barred(self, known):
            return None
        return True if possible(known, self.chosen()) else None

    def on_key(self, event: events.Key) -> None:
        """Say why, when the key of an action that is not possible now is pressed."""
        if event is self._key_seen:
            return
        self._key_seen = event
        bound = (
            found
            for node, keys in self._binding_chain
            if isinstance(node, Widget)
            for found in keys.key_to_bindings.get(event.key, ())
        )
        known = BY_ID.get(next((one.id or "" for one in bound), ""))
        if known is not None and self.check_action(known.id, ()) is None:
            why = barred(self, known) or why_not(
                known, self.chosen(), self.KIND, self.chosen_number()
            )
            self.say(why, "warning")
            event.stop()
        elif known is None and OWN_KEY.match(event.key) and self.desk_app.is_open:
            self.pressed = event.key
            for flow in self.OWN_KEYS:
                flow(self)

    def show_keys(self) -> None:
        """Draw the footer anew from the registry and the settings' keys."""
        keymap = self.desk_app.keys
        chosen = self.chosen()
        self.query_one(KeyBar).items = tuple(
            KeyItem(action.id, key_label(keys_of(action, keymap)[0]), action.label,
                    possible(action, chosen))
            for action in footer(self.NAME)
            if not barred(self, action)
        )  # fmt: skip

    @on(KeyBar.Chosen)
    async def _footer_clicked(self, message: KeyBar.Chosen) -> None:
        await self.run_named(message.action)

    # --- saying and writing -----------------------------------------------------

    def say(self, text: str, severity: "Severity" = "information") -> None:
        """Say something in the footer until the next key; the text may be anybody's."""
        self.desk_app.say(text, severity)

    # --- general actions ----------------------------------------------------------

    async def run_named(self, name: str | None) -> None:
        """Run an action by its name: every key, footer, palette, menu and help come here."""
        if name and name in self.FLOWS:
            self.FLOWS[name](self)
        elif name:
            action = BY_ID[name]
            doer = part_with(self, name) if action.focused else self
            await doer.run_action(name)

    action_run_named = run_named

    def action_back(self) -> None:
        """Leave the screen; at the root ask to quit."""
        if len(self.app.screen_stack) > 1:
            self.app.pop_screen()
        else:
            self.desk_app.action_leave()


def barred(screen: object, action: Action) -> str:
    """Say why whoever works here may not do something; empty: they may.

    What is done with records is for whoever may change those of the noun in hand.
    """
    if not isinstance(screen, DeskScreen) or not screen.desk_app.is_open:
        return ""
    what, record = table_of(action), getattr(screen, "record", None)
    if what and action.group == "Records" and isinstance(record, Record):
        what = record.kind
    return screen.desk_app.desk.may.why_not(what)


def part_with(screen: Screen[None], action: str) -> Widget:
    """Give the part that has an action: with the focus, around it, else one that is seen."""
    around = screen.focused.ancestors_with_self if screen.focused else ()
    seen = (one for one in screen.query("*") if one.display)
    parts = (one for one in (*around, *seen) if isinstance(one, Widget))
    return next((one for one in parts if hasattr(one, f"action_{action}")), screen)
