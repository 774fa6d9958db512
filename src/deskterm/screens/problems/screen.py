"""Problems: whom they touch and what is known; told, announced and ended from here."""

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import BindingType

from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.flows import lists
from deskterm.screens.problems import verbs
from deskterm.screens.problems.listed import ProblemList


class ProblemsScreen(ProblemList):
    """The list with its verbs."""

    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = {**lists.FLOWS, **verbs.FLOWS}
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("problems")]
