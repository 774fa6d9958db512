"""What every screen with one list can do: filter, page on, step back."""

from typing import TYPE_CHECKING, Protocol

from deskterm.screens.flows import general
from deskterm.screens.flows.owner import AnyScreen
from deskterm.widgets.line_list import LineList
from deskterm.widgets.moving import Moving

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.widget import Widget

    from deskterm.screens.action import Flow
    from deskterm.widgets.list_part import ListPart


class ListOwner(AnyScreen, Protocol):
    """A screen with a list."""

    part: "ListPart"

    @property
    def focused(self) -> "Widget | None":
        """The part that has the keys."""


def filter_list(owner: ListOwner) -> None:
    """Let keys go into the filter."""
    owner.part.action_filter()


def page_on(owner: ListOwner) -> None:
    """A page down, by the key that pagers have for it."""
    mover = owner.focused
    if isinstance(mover, LineList) or (isinstance(mover, Moving) and mover is owner.part.page):
        mover.move_page(1)


def step_back(owner: ListOwner) -> None:
    """Take back one thing: filter keys, reading, filter; then leave."""
    if not owner.part.step_back():
        owner.action_back()


FLOWS: "Mapping[str, Flow]" = {**general.FLOWS, "escape": step_back}
"""Action → what it does on every list."""
FILTERED: "Mapping[str, Flow]" = {**FLOWS, "filter": filter_list}
"""The same where the list has a filter."""
PAGED: "Mapping[str, Flow]" = {**FLOWS, "page_on": page_on}
"""The same where Space has nothing else to do."""
