"""Solutions: found, read, used on a ticket, written and looked after."""

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import BindingType

from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.flows import lists
from deskterm.screens.solutions import tending, verbs, wanted
from deskterm.screens.solutions.listed import SolutionList


class SolutionsScreen(SolutionList):
    """The list with its verbs."""

    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = {
        **lists.FILTERED,
        **lists.PAGED,
        **verbs.FLOWS,
        **tending.FLOWS,
        **wanted.FLOWS,
    }
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("solutions")]
