"""Which guide: a run that waits, those that fit the ticket, or any."""

from typing import TYPE_CHECKING

from deskterm.domain.errors import DeskError
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from deskterm.guides.view import RunView
    from deskterm.screens.desk import Desk
    from deskterm.screens.guide.walking import Walking

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

    if owner.guide is not None:
        picked(owner.guide)
    else:
        owner.load(lambda desk: picks(desk, number), offer, "walk", refused)


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
