"""What can be done with the guide in hand, from the list and from the drawing of one."""

from deskterm.screens.work import Working


class GuideVerbs(Working):
    """Try, change and copy a guide; the screen says which."""

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
        self.desk_app.say(f"Copied a Mermaid flowchart, {len(text.splitlines())} lines.")
