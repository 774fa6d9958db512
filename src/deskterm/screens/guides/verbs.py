"""What can be done with the guide in hand, from the list and from the drawing of one."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deskterm.app import DeskApp
    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk


class Guided(Protocol):
    """A screen with a guide in hand."""

    @property
    def desk_app(self) -> "DeskApp":
        """The app."""

    def chosen_number(self) -> str:
        """Give the id of the guide in hand; empty where there is none."""

    def load(
        self, ask: "Callable[[Desk], str]", then: "Callable[[str], None]", group: str = ...
    ) -> None:
        """Read in a thread."""


def walk(owner: Guided) -> None:
    """Walk it without a ticket."""
    if slug := owner.chosen_number():
        owner.desk_app.go("guide", None, slug)


def edit(owner: Guided) -> None:
    """Change it."""
    if slug := owner.chosen_number():
        owner.desk_app.go("editor", slug)


def mermaid(owner: Guided) -> None:
    """Copy it as a Mermaid flowchart."""

    def copied(text: str) -> None:
        owner.desk_app.copy_to_clipboard(text)
        owner.desk_app.say(f"Copied a Mermaid flowchart, {len(text.splitlines())} lines.")

    if slug := owner.chosen_number():
        owner.load(lambda desk: desk.guides.flowchart(slug), copied, "flowchart")


FLOWS: "Mapping[str, Flow]" = {
    "guides_try": walk,
    "guides_edit": edit,
    "guides_mermaid": mermaid,
}
