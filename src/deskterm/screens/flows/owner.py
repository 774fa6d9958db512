"""What a flow may ask of the screen it runs on."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Protocol

from deskterm.screens.host import Reads

if TYPE_CHECKING:
    from textual.app import App

    from deskterm.domain.rows import Done
    from deskterm.screens.action import Chosen
    from deskterm.screens.dialogs.verb import Targets
    from deskterm.screens.host import Host

Shown = Mapping[int, Mapping[str, str]]
"""What is proposed, as it stands on the screen: ticket → kind → value."""


class Owner(Reads, Protocol):
    """A screen of the desk."""

    @property
    def app(self) -> "App[object]":
        """Textual's app: opens dialogs."""

    @property
    def desk_app(self) -> "Host":
        """The same app: says, writes, goes elsewhere."""


class AnyScreen(Owner, Protocol):
    """What the actions that every screen has need of it."""

    NAME: ClassVar[str]

    def desk_changed(self) -> None:
        """Read anew."""

    def action_back(self) -> None:
        """Leave the screen."""

    async def run_named(self, name: str | None) -> None:
        """Do the action of that name."""

    def chosen(self) -> "Sequence[Chosen]":
        """Give what a verb would act on."""

    def chosen_number(self) -> str:
        """Give what `y` copies."""

    def chosen_text(self) -> str:
        """Give what `Y` copies."""


class TicketOwner(Owner, Protocol):
    """A screen that shows tickets."""

    def targets(self) -> "Targets":
        """Give the tickets a verb acts on: those marked, else the one in hand."""

    def proposed(self) -> Shown:
        """Give what triage proposes for them, as it is seen here."""

    def written(self, done: "Done") -> None:
        """Called after a verb was done, e.g. to take the marks away."""


class KeyOwner(TicketOwner, Protocol):
    """The same, where a key was pressed that no action has."""

    pressed: str
    """That key."""
