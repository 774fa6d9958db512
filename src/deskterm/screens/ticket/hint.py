"""The line below what is read: what is new, asked, begun or fitting, each with its key."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from deskterm.domain.rows import TicketView
from deskterm.domain.text import clean
from deskterm.screens.ticket.beside import hint_lines
from deskterm.screens.ticket.pages import Fitting
from deskterm.screens.ticket.whose import asked_lines, unsure_lines

_BEGUN = {"reply": ("r", "goes on with your reply"), "note": ("i", "goes on with your note")}


class Hint(Static):
    """Tells what to press next; no room where there is nothing to tell."""

    DEFAULT_CSS = """
    Hint {
        height: 1; padding: 0 1; background: $surface; color: $text-muted; display: none;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    Hint.-shown { display: block; }
    Hint.-shown.-quiet { display: none; }
    """

    def tell(
        self, view: TicketView | None, below: int, begun: Sequence[str], fitting: Fitting | None
    ) -> None:
        """Tell of `below` new entries, of texts begun, of what fits where no pane shows it."""
        lines = [("G", f"▼ {below} new below")] if below else []
        lines += asked_lines(view) + unsure_lines(view)
        lines += [_BEGUN[kind] for kind in begun]
        lines += hint_lines(fitting) if fitting else []
        told = [
            Content.assemble((f"{key} ", "bold $accent"), clean(words, one_line=True))
            for key, words in lines
        ]
        self.update(Content("   ").join(told))
        self.set_class(bool(told), "-shown")
