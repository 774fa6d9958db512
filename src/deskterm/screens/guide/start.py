"""Which guide: a run that waits, those that fit the ticket, or any."""

from typing import TYPE_CHECKING, Any

from deskterm.domain.errors import DeskError
from deskterm.screens.work import Working
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from deskterm.guides.view import RunView
    from deskterm.screens.desk import Desk

_RUN = "run:"


class Starting(Working):
    """The part of the guide screen that begins a run or takes one up."""

    number: int | None
    guide: str | None

    def show_view(self, view: "RunView") -> None:
        """Draw where the run stands."""
        raise NotImplementedError

    def leave(self) -> None:
        """Leave the screen."""
        raise NotImplementedError

    def choose_or_begin(self) -> None:
        """Begin the guide that was named, or ask which."""
        number, guide = self.number, self.guide
        if guide is not None:
            self.load(lambda desk: begin(desk, number, guide), self.show_view, "walk", self._not)
        else:
            self.load(lambda desk: picks(desk, number), self._offer, "walk", self._not)

    def _offer(self, offered: list[Pick]) -> None:
        from deskterm.screens.dialogs.pick import PickDialog

        title = f"Guide for #{self.number}" if self.number is not None else "Guide to rehearse"
        self.app.push_screen(PickDialog(title, offered), self._picked)

    def _picked(self, value: str | None) -> None:
        if not value:
            self.leave()
            return
        number = self.number
        self.load(lambda desk: begin(desk, number, value), self.show_view, "walk", self._not)

    def _not(self, error: DeskError) -> None:
        self.desk_app.say_error(error)
        self.leave()


def begin(desk: "Desk", number: int | None, value: str) -> "RunView":
    """Start a guide on a ticket; one's own run of it that waits there is taken up instead."""
    guides: Any = desk.guides
    if value.startswith(_RUN):
        taken: RunView = guides.resume(int(value.removeprefix(_RUN)))
        return taken
    if number is not None:
        for row in guides.open_runs(number, mine=True):
            if row.slug == value:
                resumed: RunView = guides.resume(row.id)
                return resumed
    started: RunView = guides.start(value, number)
    return started


def picks(desk: "Desk", number: int | None) -> list[Pick]:
    """Give what can be walked: runs that wait first, then guides that fit, then all others."""
    found: list[Pick] = []
    known: set[str] = set()
    if number is not None:
        for row in desk.guides.open_runs(number):
            whose = "yours" if row.owner == desk.me else f"{row.owner}'s, take it over"
            found.append(Pick(f"{_RUN}{row.id}", f"Go on: {row.title}", f"{row.status}, {whose}"))
        for one in desk.guides.suggest(number):
            known.add(one.id)
            found.append(Pick(one.id, one.title, one.reason))
    for line in desk.guides.list():
        if line.id not in known:
            found.append(Pick(line.id, line.title, ", ".join(line.categories[:1])))
    return found
