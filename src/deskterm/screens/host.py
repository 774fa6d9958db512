"""What screens need of the app. Only for type checking: screens do not know the app itself."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.signal import Signal

    from deskterm.domain.errors import DeskError
    from deskterm.domain.notice_rows import Focus
    from deskterm.domain.presence import Here
    from deskterm.screens.desk import Desk
    from deskterm.screens.drawn import Drawn
    from deskterm.screens.edges import Edges
    from deskterm.screens.hang_up import OpenDrafts
    from deskterm.screens.order import Order
    from deskterm.screens.terminal import TypeAhead
    from deskterm.settings import Settings
    from deskterm.widgets.key_bar import Severity

T = TypeVar("T")


class News(Protocol):
    """What the one who sits here is told of."""

    @property
    def focus(self) -> "Focus | None":
        """Focus time that is on."""

    def look(self) -> None:
        """Read how the notices stand."""


class Presence(Protocol):
    """Who else is where, while the app is open."""

    changed: "Signal[None]"
    """Somebody came, began to write, or is gone."""

    @property
    def there(self) -> "Mapping[int, Sequence[Here]]":
        """Ticket → who else has it open."""

    def words(self, tickets: "Iterable[int]") -> str:
        """Say who else is at these tickets; nothing where nobody is."""

    def start(self) -> None:
        """Begin to look and to say."""


class Reads(Protocol):
    """Who reads and writes in threads: the app, each screen and each dialog (`work.Working`)."""

    def load(
        self,
        ask: "Callable[[Desk], T]",
        then: Callable[[T], object],
        group: str = "load",
        otherwise: "Callable[[DeskError], None] | None" = None,
    ) -> None:
        """Read in a thread, then go on; one who is gone by then hears nothing."""

    def keep(
        self,
        write: "Callable[[Desk], T]",
        then: "Callable[[T], object] | None" = None,
        otherwise: "Callable[[DeskError], None] | None" = None,
    ) -> None:
        """Write in a thread what nobody is told of."""


class Host(Reads, Protocol):
    """The app as a screen, a part of one, a dialog or a flow sees it."""

    settings: "Settings"
    keys: Mapping[str, str]
    """Action → keys, where the settings name others."""
    changes_heard: int
    """How often something changed since the start."""
    used: list[str]
    """The commands run from the palette, the newest first."""
    drafts: "OpenDrafts"
    """What is being written just now."""

    drawn: "Drawn"
    """What stands on the terminal."""
    typed: "TypeAhead"
    """The keys that wait for the one before them."""

    @property
    def edges(self) -> "Edges":
        """Head and foot of every screen."""

    @property
    def news(self) -> News:
        """What the one who sits here is told of."""

    @property
    def presence(self) -> Presence:
        """Who else is where."""

    @property
    def desk(self) -> "Desk":
        """The open desk, for workers; raises DatabaseError while it is not open."""

    @property
    def is_open(self) -> bool:
        """True once the desk can be asked."""

    def open_again(self) -> None:
        """Open the desk in a worker; also after the connection was lost at the start."""

    def draw(self) -> None:
        """Draw what there is now: at the start nothing is drawn before there is something."""

    def once_drawn(self, then: Callable[[], object]) -> None:
        """Do something behind the first drawing; once that is there, at once."""

    def go(self, door: str, *args: object) -> None:
        """Open the screen of that name on top."""

    def show_tickets(self, query: str, marked: Sequence[int] = ()) -> None:
        """Show the tickets of a query on the board, some of them marked."""

    def write(self, order: "Order") -> None:
        """Run an order in a thread; its end is said, or asked about in a dialog."""

    def desk_changed(self, heard: bool = False) -> None:
        """Let the screen on top read anew; those below do when they come up again."""

    def say(self, text: str, severity: "Severity" = "information") -> None:
        """Say something in every footer until the next key; the text may be anybody's."""

    def say_error(self, error: "DeskError") -> None:
        """Show an error's sentence."""

    def database_lost(self, error: "DeskError") -> bool:
        """Show that the database does not answer; False for other errors."""

    def database_answered(self) -> None:
        """Take that warning away."""

    def action_leave(self) -> None:
        """Quit; a write under way is finished and reported first."""
