"""The walk through a guide: which one, what to say, what to ask, why; one key an answer."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from deskterm.domain.errors import DeskError
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.flows import general
from deskterm.screens.guide import endings, steps, words
from deskterm.screens.guide.walk_part import WalkPart
from deskterm.screens.guide.walking import Walking
from deskterm.screens.work import look_up
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from deskterm.guides.view import RunView
    from deskterm.screens.desk import Desk


class GuideScreen(Walking):
    """One run with its keys; Esc pauses."""

    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = {**general.FLOWS, **steps.FLOWS, **endings.FLOWS}
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("guide")]

    def desk_opened(self) -> None:
        """Begin, go on, or ask which guide."""
        choose_or_begin(self)

    @on(WalkPart.Answered)
    def _answered(self, message: WalkPart.Answered) -> None:
        steps.answer_named(self, message.name)

    @on(WalkPart.Typed)
    def _typed(self, message: WalkPart.Typed) -> None:
        if self.view is not None:
            steps.answer_words(self, message.text or words.unknown_answer(self.view))

    def action_back(self) -> None:
        """Pause and leave once the last answer is stored; the run waits on the ticket."""
        if self.turns.busy:
            self.turns.leaving = True
            return
        view = self.view
        if view is not None and not view.over and view.owner == self.desk_app.desk.me:
            endings.pause_behind(self, view)
        super().action_back()


_RUN = "run:"


def choose_or_begin(owner: "Walking") -> None:
    """Begin the guide that was named, or ask which; nothing chosen: leave."""
    from deskterm.screens.dialogs.ask import PickDialog

    number = owner.number

    def refused(error: DeskError) -> None:
        owner.desk_app.say_error(error)
        owner.leave()

    def picked(value: str | None) -> None:
        if value:
            owner.keep(lambda desk: _begin(owner, desk, value), owner.show_view, refused)
        else:
            owner.leave()

    def offer(offered: list[Pick]) -> None:
        title = f"Guide for #{number}" if number is not None else "Guide to rehearse"
        owner.app.push_screen(PickDialog(title, offered), picked)

    def go_on(found: str | list[Pick]) -> None:
        if isinstance(found, str):
            picked(found)
        else:
            offer(found)

    if owner.guide is not None:
        picked(owner.guide)
    else:
        look_up(
            owner,
            lambda desk: one_waiting(desk, number) or picks(desk, number),
            go_on,
            "walk",
            refused,
        )


def _begin(owner: "Walking", desk: "Desk", value: str) -> "RunView":
    """Start a guide on a ticket; one's own run of it that waits there is taken up instead."""
    walks, number = owner.keeper(desk), owner.number
    if value.startswith(_RUN):
        return walks.resume(int(value.removeprefix(_RUN)))
    if number is not None:
        for row in desk.runs.open_runs(number, mine=True):
            if row.slug == value:
                return walks.resume(row.id)
    return walks.start(value, number)


def one_waiting(desk: "Desk", number: int | None) -> str:
    """Give the one run of one's own that waits on a ticket; there is nothing to ask then."""
    rows = desk.runs.open_runs(number) if number is not None else []
    return f"{_RUN}{rows[0].id}" if len(rows) == 1 and rows[0].owner == desk.me else ""


def picks(desk: "Desk", number: int | None) -> list[Pick]:
    """Give what can be walked: runs that wait first, then guides that fit, then all others."""
    found: list[Pick] = []
    known: set[str] = set()
    if number is not None:
        for row in desk.runs.open_runs(number):
            whose = "yours" if row.owner == desk.me else f"{row.owner}'s, take it over"
            found.append(Pick(f"{_RUN}{row.id}", f"Go on: {row.title}", f"{row.status}, {whose}"))
        for one in desk.guides.suggest(number):
            known.add(one.id)
            found.append(Pick(one.id, one.title, one.reason))
    for line in desk.guides.list():
        if line.id not in known:
            found.append(Pick(line.id, line.title, ", ".join(line.categories[:1])))
    return found
