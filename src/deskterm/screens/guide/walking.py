"""One run on the screen: its head, where it stands, who keeps it, the changes still to be made."""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from rich.cells import cell_len
from textual import events, on
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive, var
from textual.widget import Widget

from deskterm.domain import clock
from deskterm.domain.errors import DeskError
from deskterm.domain.text import clean
from deskterm.guides.view import RunView
from deskterm.screens.action import Chosen
from deskterm.screens.actions import BY_ID, key_label, keys_of
from deskterm.screens.base import DeskScreen
from deskterm.screens.guide.parts import About
from deskterm.screens.guide.walk_part import WalkPart
from deskterm.screens.work import quiet
from deskterm.widgets.key_bar import KeyBar, KeyItem
from deskterm.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from deskterm.domain.rows import TicketView
    from deskterm.screens.desk import Desk
    from deskterm.screens.guide.walk_part import Keeper, Plan, Walks


T = TypeVar("T")
WIDE = 100
"""Columns from which the customer stands beside the question."""
_KEYS = ("help", "answer", "step_back", "note_run", "end_solved", "end_escalated",
         "skip_question", "edit_answer", "palette", "escape")  # fmt: skip

_TYPING = (
    KeyItem("answer", "Enter", "Answer"),
    KeyItem("step_back", "Bksp", "Back"),
    KeyItem("palette", "Tab", "Other keys"),
    KeyItem("escape", "Esc", "Pause"),
)


def kept(desk: "Desk") -> "Walks":
    """Give the desk as the keeper of runs."""
    return desk.runs


class Turns:
    """The changes that a guide screen has still to make."""

    def __init__(self, owner: "Walking") -> None:
        self._owner = owner
        self._waiting: deque[Plan] = deque()
        self.busy = False
        """True while an answer is being stored."""
        self.leaving = False
        """True where the screen is left as soon as that is done."""

    def plan(self, plan: "Plan") -> None:
        """Do something with the run once it stands where the keys before have led it."""
        self._waiting.append(plan)
        self._go_on()

    def _go_on(self) -> None:
        owner = self._owner
        while self._waiting and not self.busy and owner.view is not None:
            ask = self._waiting.popleft()(owner.view)
            if ask is not None:
                self.busy = True
                owner.change(ask, self._made, self._refused)

    def _made(self, view: "RunView") -> None:
        self.busy = False
        self._owner.show_view(view)
        self._go_on()
        if self.leaving and not self.busy:
            self._owner.action_back()

    def _refused(self, error: DeskError) -> None:
        self.busy = self.leaving = False
        self._waiting.clear()
        self._owner.desk_app.say_error(error)
        self._owner.desk_app.desk_changed()


class Walking(DeskScreen):
    """One run: every answer is stored before the next question is drawn."""

    NAME = "guide"

    view: var["RunView | None"] = var(None)
    said: var[str] = var("")
    """What the diagnostic command of this question said."""
    ticket: "TicketView | None" = None
    """The ticket it is walked on."""
    turns_noted: tuple[int, int] | None = None
    """Ticket and notes that are shown beside the question."""
    meant: var[int | None] = var(None)
    """The answer that its exit code means."""

    def __init__(
        self, number: int | None = None, guide: str | None = None, keeper: "Keeper" = kept
    ) -> None:
        super().__init__()
        self.number = number
        self.guide = guide
        self.keeper = keeper
        """Who keeps the run: the desk, or a rehearsal."""
        self.begun = clock.now()
        self.turns = Turns(self)

    def body(self) -> Iterable[Widget]:
        """Give the head, and what is walked through."""
        yield GuideHead()
        yield Horizontal(WalkPart(id="walk"), About(id="about"), id="guide-middle")

    @property
    def walk(self) -> WalkPart:
        """What is walked through."""
        return self.query_one(WalkPart)

    # --- life ---------------------------------------------------------------

    def on_mount(self) -> None:
        """Draw the frame; the run begins when the desk is open."""
        self.query_one(GuideHead).begun = self.begun
        self.set_interval(1, self._tick)

    def desk_changed(self) -> None:
        """Read the run anew: somebody else may have taken it over."""
        if self.view is not None and not self.turns.busy:
            run = self.view.id
            self.ask(lambda walks: walks.run(run), self.show_view, "view")

    def ask(
        self,
        act: "Callable[[Walks], T]",
        then: "Callable[[T], object]",
        group: str,
    ) -> None:
        """Ask whoever keeps the run, in a thread."""
        keeper = self.keeper
        self.load(lambda desk: act(keeper(desk)), then, group)

    def change(
        self,
        act: "Callable[[Walks], T]",
        then: "Callable[[T], object]",
        otherwise: "Callable[[DeskError], None] | None" = None,
    ) -> None:
        """Change the run, in a thread of whoever keeps it."""
        keeper = self.keeper
        self.keep(lambda desk: act(keeper(desk)), then, otherwise)

    def _tick(self) -> None:
        head = self.query_one(GuideHead)
        head.now = clock.now()
        if self.view is None or self.view.conclusion is None:
            return
        head.begun = self.begun

    # --- drawing ------------------------------------------------------------

    def show_view(self, view: "RunView") -> None:
        """Draw where the run stands now; what was read before the last answer is out of date."""
        if self.view is not None and view.version < self.view.version:
            return
        if self.view is None or (view.node, view.step) != (self.view.node, self.view.step):
            self.said, self.meant = "", None
        self.view = view

    def watch_view(self) -> None:
        """Draw everything anew."""
        view = self.view
        if view is None or not self.is_mounted:
            return
        self.query_one(GuideHead).view = view
        self.walk.draw(view, self.said, self.meant)
        self.show_about()
        if view.ticket is not None and self.turns_noted != (view.ticket, len(view.notes)):
            self.turns_noted = (view.ticket, len(view.notes))
            number = view.ticket
            self.load(lambda desk: desk.tickets.show(number), self._know, "about", quiet)
        self.query_one(StatusLine).clock = clock.now().astimezone().strftime("%H:%M")
        self.show_keys()

    def _know(self, ticket: "TicketView") -> None:
        self.ticket = ticket
        self.show_about()

    @on(events.Resize)
    def show_about(self) -> None:
        """Show whose trouble it is: beside the question, or above it where that is narrow."""
        beside = self.size.width >= WIDE
        for middle in self.query("#guide-middle"):
            middle.set_class(not beside, "-above")
        for about in self.query(About):
            about.show(self.ticket, self.view, beside=beside)

    def watch_said(self) -> None:
        """Draw what a command said."""
        self.watch_view()

    @on(events.DescendantFocus)
    def show_keys(self) -> None:
        """Show the keys of walking, or those of a line that is typed; Esc pauses."""
        bar = self.query_one(KeyBar)
        if self.walk.is_typing:
            bar.items = _TYPING
            return
        labels = {"answer": ("1-9", "Answer"), "escape": ("Esc", "Pause")}
        items = []
        for name in _KEYS:
            action = BY_ID[name]
            key = key_label(keys_of(action, self.desk_app.keys)[0])
            shown, label = labels.get(name, (key, action.label))
            items.append(KeyItem(name, shown, label))
        bar.items = tuple(items)

    # --- what is chosen -----------------------------------------------------

    def chosen(self) -> list[Chosen]:
        """Give the run."""
        return [Chosen("run", self.view.id)] if self.view is not None else []

    def chosen_number(self) -> str:
        """Give `#12`."""
        return f"#{self.view.ticket}" if self.view and self.view.ticket is not None else ""

    def chosen_text(self) -> str:
        """Give what to say, or the summary."""
        if self.view is None:
            return ""
        end = self.view.conclusion
        return (end.summary or end.resolution) if end else (self.view.say or self.view.ask)

    # --- leaving ---------------------------------------------------------------------

    def leave(self, *_: object) -> None:
        """Leave without pausing: the run is over."""
        if self.is_current:
            super().action_back()


class GuideHead(Widget):
    """One line; the count of steps and the time at the right are never cut."""

    DEFAULT_CSS = """
    GuideHead { height: 1; background: $surface; color: $foreground; }
    """

    view: reactive[RunView | None] = reactive(None)
    now: reactive[datetime | None] = reactive(None)
    begun: reactive[datetime | None] = reactive(None)
    """When this sitting began."""

    def render(self) -> Content:
        """Give the line."""
        view = self.view
        if view is None:
            return Content.styled(" Opening the guide …", "$text-muted")
        right = f"{step_words(view)}   {self._time()} "
        number = f" #{view.ticket} · " if view.ticket is not None else " Rehearsal · "
        title = clean(view.title, one_line=True)
        through = f" › {clean(view.through, one_line=True)}" if view.through else ""
        left = Content.assemble(
            (number, "bold $accent"),
            (title, "bold"),
            through,
            (f", version {view.guide_version}", "$text-muted"),
        )
        room = max(1, self.size.width - cell_len(right))
        return Content.assemble(left.truncate(room, ellipsis=True, pad=True), right)

    def _time(self) -> str:
        if self.now is None or self.begun is None:
            return "0:00:00"
        seconds = max(0, int((self.now - self.begun).total_seconds()))
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def step_words(view: RunView) -> str:
    """Give how far the walk is."""
    if view.conclusion is not None:
        return f"the end, after {view.step} answers"
    return f"step {view.step} of about {max(view.about, view.step)}"
