"""One ticket: what was said, the nine steps, what it is tied to, its facts, and the reply."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static

from deskterm.domain import clock
from deskterm.domain.text import clean
from deskterm.domain.verbs import Join, Mark, Unlink
from deskterm.domain.vocabulary import STEP_TITLES, Event, Step
from deskterm.reports.foreseen import foreseen
from deskterm.screens.action import Chosen, Flow
from deskterm.screens.actions import BY_ID, bindings, key_label, keys_of, possible
from deskterm.screens.dialogs.verb import Targets
from deskterm.screens.flows import general, tickets
from deskterm.screens.flows.asking import order
from deskterm.screens.flows.proposals import to_accept
from deskterm.screens.ticket import steps, talk, ties, whose, writing
from deskterm.screens.ticket.beside import beside, hint_lines
from deskterm.screens.ticket.facts import facts
from deskterm.screens.ticket.head import TicketHead
from deskterm.screens.ticket.moves import PARTS, Moves
from deskterm.screens.ticket.pages import Fitting, Page, read_fitting, read_page
from deskterm.screens.ticket.things import Things
from deskterm.screens.ticket.whose import asked_lines, unsure_lines
from deskterm.screens.ticket.writing import KINDS, Writing, begun_lines
from deskterm.widgets.key_bar import KeyBar, KeyItem
from deskterm.widgets.line_list import LineList
from deskterm.widgets.moving import TABS, bound
from deskterm.widgets.reply_box import ReplyBox
from deskterm.widgets.status_line import StatusLine
from deskterm.widgets.talk_view import TalkView
from deskterm.widgets.text_pane import TextPane
from deskterm.widgets.view_tabs import View, ViewTabs

if TYPE_CHECKING:
    from deskterm.domain.errors import DeskError
    from deskterm.domain.rows import Done
    from deskterm.screens.desk import Desk
    from deskterm.screens.flows.owner import Shown

_READING = ("help", "escape", "reply", "solution", "guide", "escalate", "take", "close", "note",
            "do", "palette")  # fmt: skip
_WRITING = ("escape", "send", "editor", "insert", "palette")


class TicketScreen(Moves, Writing, Things):
    """One ticket, read anew after every change by anybody; the place in it is kept."""

    NAME = "ticket"
    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = {
        **general.FLOWS,
        **tickets.FLOWS,
        **whose.FLOWS,
        **writing.FLOWS,
    }
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("ticket"), *bound(*TABS)]

    page: var[Page | None] = var(None)
    fitting: var[Fitting] = var(Fitting())
    part: var[int] = var(0)
    drafts: var[tuple[str, ...]] = var(())
    """The kinds of text that were begun and wait."""
    below: var[int] = var(0)
    """New entries that are out of sight."""

    def __init__(self, number: int, entry: int | None = None) -> None:
        super().__init__()
        self.number = number
        self._wanted = entry
        """The ledger entry to be shown first."""

    def body(self) -> Iterable[Widget]:
        """Give head, parts, reply area."""
        yield TicketHead()
        yield ViewTabs()
        with Horizontal(id="middle"):
            with ContentSwitcher(initial="talk", id="parts-of-it"):
                yield TalkView(id="talk")
                yield LineList(id="steps")
                yield LineList(id="links")
                yield TextPane(id="facts")
            yield TextPane(id="beside")
        yield Static(id="hint")
        yield ReplyBox()

    # --- reading ----------------------------------------

    def on_mount(self) -> None:
        """Draw the frame; the ticket comes when the desk is open."""
        self.query_one("#beside").can_focus = False
        self._show_tabs()
        self.focus_part()
        self.set_interval(60, self._minute)

    def desk_opened(self) -> None:
        """Read the ticket and what waits to be written."""
        self.query_one(StatusLine).who = self.desk_app.desk.me
        self.read()
        self.read_drafts()

    def desk_changed(self) -> None:
        """Read anew."""
        if self.desk_app.is_open:
            self.read()

    def on_screen_resume(self) -> None:
        """Ask again which texts were begun: another screen may have begun one."""
        if self.desk_app.is_open and self.is_mounted:
            self.read_drafts()

    def read(self) -> None:
        """Read the ticket."""
        number = self.number
        self.load(lambda desk: read_page(desk, number), self._show_page, "ticket", self._gone)

    def read_drafts(self) -> None:
        """Ask which texts were begun."""
        number = self.number

        def kinds(desk: "Desk") -> tuple[str, ...]:
            return tuple(kind for kind in KINDS if desk.drafts.get(kind, number))

        self.load(kinds, self._show_drafts, "drafts")

    def _gone(self, error: "DeskError") -> None:
        self.desk_app.say_error(error)
        if self.page is None and self.is_current:
            self.action_back()

    def _show_page(self, page: Page) -> None:
        if page.view.id != self.number:
            self.say(f"#{self.number} was merged into #{page.view.id}.")
            self.number = page.view.id
        self._mark_seen()
        if self._wanted is not None:
            self.call_after_refresh(self.talk.take, self._wanted)
            self._wanted = None
        words = _words_of(self.page) != _words_of(page)
        self.page = page
        if words:
            self.read_fitting()

    def _mark_seen(self) -> None:
        """What was shown of this ticket is no news any more."""
        number = self.number
        if self.is_current:
            self.load(lambda desk: desk.notices.seen_ticket(number), self._told, "seen")

    def _told(self, many: int) -> None:
        if many:
            self.desk_app.look_at_notices()

    def read_fitting(self) -> None:
        """Ask for solutions and guides that fit."""
        number = self.number
        self.load(lambda desk: read_fitting(desk, number), self._show_fitting, "fitting")

    def _show_fitting(self, fitting: Fitting) -> None:
        self.fitting = fitting

    def _show_drafts(self, kinds: tuple[str, ...]) -> None:
        self.drafts = kinds

    # --- drawing ----------------------------------------

    def watch_page(self) -> None:
        """Draw everything anew; each part keeps its place."""
        self._draw()
        self.show_keys()

    def watch_fitting(self) -> None:
        """Draw what shows solutions and guides."""
        self._draw()

    def watch_drafts(self) -> None:
        """Draw the hint."""
        self.show_hint()

    def watch_below(self) -> None:
        """Draw the hint."""
        self.show_hint()

    def watch_part(self) -> None:
        """Go to the part."""
        if self.is_mounted:
            self.query_one("#parts-of-it", ContentSwitcher).current = PARTS[self.part]
            self._show_tabs()
            self.show_hint()
            self.focus_part()

    def _minute(self) -> None:
        self._draw()

    def _draw(self) -> None:
        page = self.page
        if page is None or not self.is_mounted:
            return
        now = clock.now()
        head = self.query_one(TicketHead)
        head.now, head.view = now, page.view
        mail_key = key_label(keys_of(BY_ID["whole_mail"], self.desk_app.keys)[0])
        self.talk.show(talk.sayings(page, now, mail_key))
        shown = {row.step: row.status for row in page.view.steps}
        soon = foreseen(page.view.state, page.view.problem, shown)
        self.query_one("#steps", LineList).show(
            steps.lines(page.view.steps, now, soon), steps.following(page.view.steps)
        )
        self.query_one("#links", LineList).show(ties.lines(page, self.fitting, now))
        self.query_one("#facts", TextPane).show(facts(page, now))
        self.query_one("#beside", TextPane).show(beside(page, self.fitting, now))
        self.query_one(StatusLine).clock = now.astimezone().strftime("%H:%M")
        self._show_tabs()
        self.show_hint()

    def _show_tabs(self) -> None:
        count = steps.count(self.page.view.steps) if self.page else ""
        tied = _tied(self.page) if self.page else 0
        counts = ("", count, str(tied or ""), "")
        tabs = self.query_one(ViewTabs)
        tabs.views = tuple(View(name.capitalize(), "", counts[at]) for at, name in enumerate(PARTS))
        tabs.active = self.part

    def show_hint(self) -> None:
        """Show what is new, begun or fitting, unless a text is being written."""
        hint = self.query_one("#hint", Static)
        lines = [("G", f"▼ {self.below} new below")] if self.below and self.part == 0 else []
        view = self.page.view if self.page else None
        lines += asked_lines(view) + unsure_lines(view)
        lines += begun_lines(self.drafts)
        lines += hint_lines(self.fitting) if self.has_class("-narrow") else []
        parts = [
            Content.assemble((f"{key} ", "bold $accent"), clean(words, one_line=True))
            for key, words in lines
        ]
        hint.update(Content("   ").join(parts))
        hint.set_class(bool(parts) and not self.box.is_open, "-shown")

    def show_keys(self) -> None:
        """Show the keys of reading, or those of writing."""
        writing = self.box.is_open
        chosen = self.chosen()
        items = []
        for name in _WRITING if writing else _READING:
            action = BY_ID[name]
            label = "Keep draft" if writing and name == "escape" else action.label
            key = key_label(keys_of(action, self.desk_app.keys)[0])
            items.append(KeyItem(name, key, label, possible(action, chosen)))
        self.query_one(KeyBar).items = tuple(items)

    # --- what is chosen ----------------------------------------

    def targets(self) -> Targets:
        """Give this ticket as it is seen."""
        if self.page is None:
            return Targets((self.number,))
        return Targets.of((self.number,), (self.page.row,))

    def proposed(self) -> "Shown":
        """Give what is proposed for this ticket."""
        return {self.number: to_accept(self.fitting.proposals)}

    def chosen(self) -> list[Chosen]:
        """Give the ticket; nothing while it is not read."""
        return [Chosen("ticket", self.number, self.page.view.state)] if self.page else []

    def chosen_number(self) -> str:
        """Give `#12`."""
        return f"#{self.number}"

    def chosen_text(self) -> str:
        """Give the entry in hand, or what was said first."""
        one = self.talk.in_hand
        if self.part == 0 and one is not None and one.body:
            return one.body
        return self.page.view.body if self.page else ""

    # --- the line in hand ----------------------------------------

    def action_do(self) -> None:
        """Do what the line in hand is for."""
        if self.part == 0:
            self.talk.unfold()
        elif self.part == 1:
            self._mark_step("done")
        elif self.part == 2:
            self._open_line(self.query_one("#links", LineList).in_hand)
        else:
            tickets.edit(self)

    def action_skip(self) -> None:
        """Skip the step in hand with a reason; take the link in hand away."""
        kind, _, name = self.query_one("#links", LineList).in_hand.partition(":")
        if self.part == 1:
            self._mark_step("skipped")
        elif self.part == 2 and kind == "linked":
            order(
                self,
                f"Unlinked #{name} from",
                self.targets(),
                Unlink(int(name)),
            )
        elif self.part == 2 and kind == "problem" and self._is_of(int(name)):
            order(
                self,
                f"Taken off P{name}:",
                self.targets(),
                Join(int(name), off=True),
            )

    def _is_of(self, problem: int) -> bool:
        return any(one.id == problem and one.linked for one in self.fitting.problems)

    def _open_line(self, line: str) -> None:
        kind, _, name = line.partition(":")
        if kind in ("ticket", "linked"):
            self.desk_app.go("ticket", int(name))
        elif kind == "problem":
            self.desk_app.go("problems", int(name))
        elif kind == "solution":
            self.desk_app.go("solutions", self.number, int(name))
        elif kind == "guide":
            self.desk_app.go("guide", self.number, name)
        elif line:
            self.open_named(line)

    def _mark_step(self, status: str) -> None:
        from deskterm.screens.dialogs.ask import LineDialog

        step = self.query_one("#steps", LineList).in_hand
        if not step:
            return

        def mark(reason: str | None) -> None:
            if reason is not None:
                order(
                    self,
                    f"Step {step} {status} on",
                    self.targets(),
                    Mark(step, status, reason),
                )

        if status == "done":
            mark("")
        else:
            title = f"Skip: {STEP_TITLES[Step(step)]}"
            self.app.push_screen(LineDialog(title, "Why?", needed="Say why."), mark)

    def written(self, done: "Done") -> None:
        """One's own change does not clash with one's own answer."""
        del done
        self._seen = None


def _tied(page: Page) -> int:
    """How many links and files it has."""
    return len(page.view.links) + len(list(ties.files_of(page.view)))


def _words_of(page: Page | None) -> tuple[object, ...]:
    """What decides which solutions, guides and problems fit."""
    view = page.view if page else None
    if view is None:
        return ()
    links = tuple(e.id for e in view.timeline if e.event == Event.LINKED and not e.undone)
    return (view.id, view.subject, view.problem, view.category, view.group, links)
