"""Keys that move through the list of guides and through the drawing of one."""

from deskterm.screens.base import DeskScreen
from deskterm.widgets.line_list import LineList


class Listed(DeskScreen):
    """A screen with one list `#list`."""

    def action_guides_down(self) -> None:
        """One down."""
        self.query_one("#list", LineList).move(1)

    def action_guides_up(self) -> None:
        """One up."""
        self.query_one("#list", LineList).move(-1)

    def action_guides_page_down(self) -> None:
        """A page down."""
        self.query_one("#list", LineList).move_page(1)

    def action_guides_page_up(self) -> None:
        """A page up."""
        self.query_one("#list", LineList).move_page(-1)

    def action_guides_first(self) -> None:
        """To the beginning."""
        self.query_one("#list", LineList).move_to_end(last=False)

    def action_guides_last(self) -> None:
        """To the end."""
        self.query_one("#list", LineList).move_to_end(last=True)

    def slug_in_hand(self) -> str:
        """Give the id of the guide in hand; empty where there is none."""
        raise NotImplementedError

    def action_guides_try(self) -> None:
        """Walk it without a ticket."""
        slug = self.slug_in_hand()
        if slug:
            self.desk_app.go("guide", None, slug)

    def action_guides_edit(self) -> None:
        """Change it."""
        slug = self.slug_in_hand()
        if slug:
            self.desk_app.go("editor", slug)

    def action_guides_mermaid(self) -> None:
        """Copy it as a Mermaid flowchart."""
        slug = self.slug_in_hand()
        if slug:
            self.load(lambda desk: desk.guides.flowchart(slug), self._copied, "flowchart")

    def _copied(self, text: str) -> None:
        self.app.copy_to_clipboard(text)
        self.say(f"Copied a Mermaid flowchart, {len(text.splitlines())} lines.")
