"""What is done every day by one key: canned texts, macros, templates, own verbs (C8)."""

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from deskterm.domain.means import Mean
    from deskterm.services.drafts import Drafts
    from deskterm.services.letters import Letters
    from deskterm.services.means.macros import Macros
    from deskterm.services.means.own_verbs import OwnVerbs
    from deskterm.services.means.recurring import Checklists, Recurring, Templates
    from deskterm.services.means.texts import Texts
    from deskterm.services.tickets.operation import Tickets
    from deskterm.settings import Settings


class Parts(Protocol):
    """What they need of the desk."""

    @property
    def tickets(self) -> "Tickets":
        """Tickets in somebody's name."""

    @property
    def letters(self) -> "Letters":
        """What writes letters within an operation."""

    @property
    def drafts(self) -> "Drafts":
        """What one has begun to write."""

    settings: "Settings"
    """The machine's."""


class Means:
    """The means of every day, each imported when it is first asked for."""

    def __init__(self, desk: Parts) -> None:
        self._desk = desk

    def by_name(self, ticket: int | None = None) -> "list[Mean]":
        """Give what may be called by its name; the texts are those that fit the ticket."""
        from deskterm.domain.means import Mean

        found = [
            *(Mean("macro", one.name, one.about) for one in self.macros.list()),
            *(Mean("verb", one.name, one.about or one.run) for one in self.verbs.list()),
            *(Mean("checklist", name, "") for name in self.checklists.names()),
            *(Mean("template", one.name, one.subject) for one in self.templates.list()),
        ]
        if ticket is not None:
            texts = self.texts.for_ticket(ticket)
            found += [Mean("text", one.short, one.words) for one in texts]
        return found

    @cached_property
    def texts(self) -> "Texts":
        """Canned texts: which fit, filled in."""
        from deskterm.services.means.texts import Texts

        return Texts(self._desk.tickets)

    @cached_property
    def macros(self) -> "Macros":
        """Several verbs under one name, as one operation."""
        from deskterm.services.means.macros import Macros

        return Macros(self._desk.tickets)

    @cached_property
    def templates(self) -> "Templates":
        """Tickets that are filled in already."""
        from deskterm.services.means.recurring import Templates

        return Templates(self._desk.tickets)

    @cached_property
    def checklists(self) -> "Checklists":
        """Items on tickets, and which lists there are to put on them."""
        from deskterm.services.means.recurring import Checklists

        return Checklists(self._desk.tickets.store)

    @cached_property
    def recurring(self) -> "Recurring":
        """Tickets that are opened again and again, and their dates."""
        from deskterm.services.means.recurring import Recurring

        return Recurring(self._desk.tickets.store, self._desk.letters)

    @cached_property
    def verbs(self) -> "OwnVerbs":
        """Verbs of the desk's own that run a program of this machine."""
        from deskterm.services.means.own_verbs import OwnVerbs

        desk = self._desk
        programs = {str(name): str(one) for name, one in desk.settings["programs"].items()}
        return OwnVerbs(desk.tickets, desk.drafts, programs)
