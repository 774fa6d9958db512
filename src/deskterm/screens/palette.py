"""The palette: every action that fits what is on screen, and a finder over the whole desk."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import Matcher
from textual.geometry import Size

from deskterm.domain.errors import DeskError
from deskterm.domain.lifecycle import TAKEN_UP
from deskterm.domain.record_table import RECORDS
from deskterm.domain.text import clean
from deskterm.screens.action import Action
from deskterm.screens.actions import fitting, key_label, keys_of
from deskterm.screens.base import DeskScreen, barred
from deskterm.screens.room import fits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import App

    from deskterm.domain.means import Mean
    from deskterm.domain.rows import Found
    from deskterm.screens.action import Named
    from deskterm.screens.host import Host

FINDER_STARTS_AT = 2
"""Characters typed before the desk is searched."""
_PERSON = 0.93
"""How likely somebody is meant whose name was typed: less than an action that begins so."""


def likeness(query: str, label: str, *about: str) -> float:
    """Give how likely something is meant by what was typed, from 0 (no) to 1.

    Its label begins with it, a word of it does, it stands in it, its letters do in their order; or
    what is said about it has all of the words: scattered letters of a sentence mean nothing.
    """
    asked, name = query.strip().casefold(), label.casefold()
    if name.startswith(asked):
        return 1.0
    if f" {asked}" in name:
        return 0.95
    if asked in name:
        return 0.9
    if Matcher(asked).match(name) > 0:
        return 0.7
    said = " ".join(about).casefold()
    return 0.5 if all(word in said for word in asked.split()) else 0.0


def _desk_app(provider: Provider) -> "Host":
    return cast("Host", provider.app)


class ActionProvider(Provider):
    """The actions of the screen below that are possible for what is chosen there."""

    def _fitting(self) -> list[Action]:
        screen = self.screen
        if not isinstance(screen, DeskScreen):
            return []
        return [
            action
            for action in fitting(screen.NAME, screen.chosen(), partial(barred, screen))
            if action.palette
        ]

    def _line(self, action: Action) -> Content:
        """Give key and label; of what cares for tickets also who else is at them."""
        app, screen = _desk_app(self), self.screen
        key = key_label(keys_of(action, app.keys)[0])
        here = ""
        if action.verb in TAKEN_UP and isinstance(screen, DeskScreen):
            ids = [int(one.id) for one in screen.chosen() if one.kind == "ticket"]
            here = clean(app.presence.words(ids), one_line=True)
        return Content.assemble(
            (f"{key:>5}  ", "bold $accent"), action.label, (f"  {here}" if here else "", "$warning")
        )

    def _run(self, action: Action) -> Any:
        screen = self.screen
        assert isinstance(screen, DeskScreen)

        async def run() -> None:
            used = _desk_app(self).used
            used[:] = [action.id, *(one for one in used if one != action.id)]
            await screen.run_named(action.id)

        return run

    async def discover(self) -> Hits:
        """Give every fitting action while nothing is typed, those used here last on top."""
        used = _desk_app(self).used
        last = len(used)
        for action in sorted(
            self._fitting(), key=lambda one: used.index(one.id) if one.id in used else last
        ):
            yield DiscoveryHit(
                self._line(action), self._run(action), text=action.label, help=action.help
            )

    async def search(self, query: str) -> Hits:
        """Give the fitting actions, and the nouns of the records, that are like what was typed."""
        for action in self._fitting():
            score = likeness(query, action.label, action.help)
            if score > 0:
                yield Hit(score, self._line(action), self._run(action), action.label, action.help)
        for record in RECORDS.values():
            score = 0.9 * likeness(query, record.title, record.kind)
            if score > 0:
                line = Content.assemble(("   F3  ", "bold $accent"), f"Records: {record.title}")
                run = partial(_desk_app(self).go, "records", record.kind)
                yield Hit(score, line, run, record.title, record.about)


class NamedProvider(Provider):
    """What the desk itself gave names to: macros, own verbs, checklists, templates, texts."""

    _found: "Sequence[Mean]" = ()

    async def startup(self) -> None:
        """Read once, when the palette opens, what can be used on the screen below."""
        app, screen = _desk_app(self), self.screen
        if not app.is_open or not isinstance(screen, DeskScreen):
            return
        here = {kind for kind, one in screen.NAMED.items() if _can(screen, one)}
        chosen = screen.chosen() if "text" in here else []
        ticket = int(chosen[0].id) if len(chosen) == 1 else None
        try:
            found = await asyncio.to_thread(app.desk.means.by_name, ticket)
        except DeskError as error:
            app.database_lost(error)
            return
        self._found = [one for one in found if one.kind in here]

    async def search(self, query: str) -> Hits:
        """Give those whose name, else whose words, are like what was typed."""
        screen = self.screen
        for one in self._found:
            about = clean(one.about, one_line=True)
            name = clean(one.name, one_line=True)
            score = likeness(query, name, one.kind, name, about[:_ABOUT])
            if score > 0:
                line = Content.assemble((f"{one.kind:<9} ", "$text-muted"), name)
                assert isinstance(screen, DeskScreen)
                run = partial(screen.NAMED[one.kind].do, screen, one.name)
                yield Hit(score, line, run, name, about[:_ABOUT])


_ABOUT = 120


def _can(screen: DeskScreen, one: "Named") -> bool:
    return not one.action or screen.check_action(one.action, ()) is True


class FinderProvider(Provider):
    """Tickets, people, solutions and guides by number or words."""

    async def search(self, query: str) -> Hits:
        """Give what the desk finds; a database that does not answer gives nothing."""
        words = query.strip()
        app = _desk_app(self)
        if len(words) < FINDER_STARTS_AT or not app.is_open:
            return
        try:
            found = await asyncio.to_thread(app.desk.search.find, words)
        except DeskError as error:
            app.database_lost(error)
            return
        first = next((n for n, one in enumerate(found) if one.kind == "ticket"), len(found))
        for place, one in enumerate(found):
            title = clean(one.title, one_line=True)
            here = app.presence.words((int(one.id),)) if one.kind == "ticket" else ""
            line = Content.assemble(
                (f"{one.kind:<9} {_number(one):<7} ", "$text-muted"),
                f"{title}  ",
                (f"{clean(here, one_line=True)}  " if here else "", "$warning"),
                (clean(one.detail, one_line=True), "$text-muted"),
            )
            named = one.kind == "person" and place < first
            score = max(0.05, (_PERSON if named else 0.65) - place / 100)
            yield Hit(score, line, partial(open_found, app, one), title)


def _number(found: "Found") -> str:
    """Give a ticket's or solution's number as people write it."""
    number = clean(found.id, one_line=True)
    if found.kind == "ticket":
        return f"#{number}"
    if found.kind == "problem":
        return f"P{number}"
    return f"S{number.lstrip('Ss')}" if found.kind == "solution" else ""


def open_found(app: "Host", found: "Found") -> None:
    """Go to what was found."""
    if found.kind == "ticket":
        app.go("ticket", int(found.id))
    elif found.kind == "guide":
        app.go("guide", None, found.id)
    elif found.kind == "solution":
        app.go("solutions", None, int(found.id.lstrip("Ss")))
    elif found.kind == "problem":
        app.go("problems", int(found.id))
    elif found.kind == "person":
        app.go("person", int(found.id))


class DeskPalette(CommandPalette):
    """Textual's palette, of which nothing is laid out where there is no room."""

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        if fits(self, size):
            super()._refresh_layout(size, scroll)


def open_palette(app: "App[object]") -> None:
    """Open the palette, unless it is open."""
    if not any(isinstance(one, CommandPalette) for one in app.screen_stack):
        app.push_screen(DeskPalette(id="--command-palette"))
