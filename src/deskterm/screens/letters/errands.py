"""What is done with errands to outside trackers on the screen of letters."""

import json
from typing import TYPE_CHECKING

from deskterm.screens.order import Order

if TYPE_CHECKING:
    from deskterm.domain.asking import How
    from deskterm.domain.rows import Done
    from deskterm.domain.trackers import ErrandRow
    from deskterm.screens.desk import Desk
    from deskterm.screens.flows.lists import ListOwner


def show(owner: "ListOwner", one: "ErrandRow") -> None:
    """Show what a tracker was or will be asked, line for line."""
    from deskterm.screens.dialogs.ask import OutputDialog

    def read(shown: "tuple[ErrandRow, str]") -> None:
        title = f"{one.kind} P{one.problem_id} in {one.tracker}"
        words = _whole(shown[1]) or "What it says is written when it leaves."
        owner.app.push_screen(OutputDialog(title, words))

    owner.load(lambda desk: desk.trackers.queue.show(one.id), read, "letter")


def retrying(one: "ErrandRow | None") -> Order:
    """Give the order to ask again, at once; without one whatever failed."""

    def run(desk: "Desk", how: "How") -> "Done":
        return desk.trackers.queue.retry([one.id] if one is not None else [], how)

    said = f"{one.tracker} is asked again" if one is not None else "What failed is asked again"
    return Order(said, run)


def stopping(one: "ErrandRow") -> Order:
    """Give the order to ask it no more."""

    def run(desk: "Desk", how: "How") -> "Done":
        return desk.trackers.queue.withdraw([one.id], how)

    return Order(f"{one.tracker} is not asked", run)


def _whole(line: str) -> str:
    """Give a JSON line so that people can read it; other words as they are."""
    try:
        return json.dumps(json.loads(line), indent=2, ensure_ascii=False)
    except ValueError:
        return line
