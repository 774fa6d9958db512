"""What can be done with the guide in hand, from the list and from the drawing of one.

A flowchart in a file becomes the text of a guide to begin with.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from deskterm.domain.errors import RefusedError
from deskterm.guides.drawing import Drawn
from deskterm.guides.mermaid.chart import ChartError
from deskterm.screens.flows import lists
from deskterm.screens.flows.owner import AnyScreen
from deskterm.screens.work import look_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deskterm.screens.action import Flow


class Tree(Protocol):
    """A guide laid out."""

    @property
    def rows(self) -> "Sequence[Drawn]":
        """Its places, in the order in which they are drawn."""


class GraphOwner(lists.ListOwner, Protocol):
    """The drawing of a guide."""

    @property
    def told(self) -> Tree:
        """The guide laid out."""

    @property
    def in_hand(self) -> Drawn | None:
        """The place under the cursor."""


def walk(owner: AnyScreen) -> None:
    """Walk it without a ticket."""
    if slug := owner.chosen_number():
        owner.desk_app.go("guide", None, slug)


def edit(owner: AnyScreen) -> None:
    """Change it."""
    if slug := owner.chosen_number():
        owner.desk_app.go("editor", slug)


def mermaid(owner: AnyScreen) -> None:
    """Copy it as a Mermaid flowchart."""

    def copied(text: str) -> None:
        owner.app.copy_to_clipboard(text)
        owner.desk_app.say(f"Copied a Mermaid flowchart, {len(text.splitlines())} lines.")

    if slug := owner.chosen_number():
        look_up(owner, lambda desk: desk.guides.flowchart(slug), copied, "flowchart")


def draw(owner: AnyScreen) -> None:
    """Draw it with its figures."""
    if slug := owner.chosen_number():
        owner.desk_app.go("graph", slug)


def new(owner: AnyScreen) -> None:
    """Ask for a flowchart; without one, begin with the pattern."""
    from deskterm.screens.dialogs.ask import LineDialog

    question = "A Mermaid file (.mmd, .md), or empty for a pattern to fill in."

    def begin(text: str) -> None:
        owner.desk_app.go("editor", None, text)

    def named(path: str | None) -> None:
        if path:
            look_up(owner, lambda _: chart_as_guide(path), begin, "chart")
        elif path is not None:
            owner.desk_app.go("editor", None)

    owner.app.push_screen(LineDialog("A new guide", question), named)


def follow(owner: GraphOwner) -> None:
    """Go to where a node that is only named is drawn; from there to where it is named again."""
    one, found = owner.in_hand, owner.told.rows
    if one is None:
        return
    places = [n for n, each in enumerate(found) if each.node == one.node]
    drawn = next((n for n in places if not found[n].again), None)
    lines = owner.part.listing
    if one.again and drawn is not None:
        lines.move(drawn - found.index(one))
    elif len(places) > 1:
        on = next((n for n in places if n > (drawn or 0)), places[0])
        lines.move(on - (drawn or 0))


_BOTH: "Mapping[str, Flow]" = {
    "guides_try": walk,
    "guides_edit": edit,
    "guides_mermaid": mermaid,
}
LIST: "Mapping[str, Flow]" = {
    **lists.FILTERED,
    **_BOTH,
    "guides_open": draw,
    "guides_new": new,
}
"""On the list of guides."""
GRAPH: "Mapping[str, Flow]" = {**lists.FLOWS, **_BOTH, "graph_follow": follow}
"""On the drawing of one."""


LARGEST = 1_000_000
"""Bytes of a flowchart that are read at most."""


def chart_as_guide(path: str) -> str:
    """Give the YAML of a guide made from a Mermaid file; raises RefusedError with the line."""
    from deskterm.guides.mermaid.reader import read_chart
    from deskterm.guides.mermaid.to_guide import guide_text

    file = Path(path).expanduser()
    try:
        with file.open("rb") as stream:
            text = stream.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise RefusedError(f"{file} is larger than {LARGEST // 1_000_000} MB.")
        return guide_text(read_chart(text.decode("utf-8")), file.stem)
    except OSError as error:
        raise RefusedError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise RefusedError(f"{file} is no UTF-8 text: save it as UTF-8.") from None
    except ChartError as error:
        raise RefusedError(f"{file}, line {error.line}: {error.message}") from None
