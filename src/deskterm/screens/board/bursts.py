"""What belongs together on the board: a burst is marked, or made one incident."""

from typing import TYPE_CHECKING

from deskterm.screens.board.alike import alike
from deskterm.screens.dialogs.verb import Targets
from deskterm.screens.flows.asking import limit
from deskterm.screens.order import Order
from deskterm.screens.work import look_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deskterm.domain.asking import How
    from deskterm.domain.rows import Done
    from deskterm.screens.action import Flow
    from deskterm.screens.board.looks import BoardOwner
    from deskterm.screens.desk import Desk


def mark_alike(owner: "BoardOwner") -> None:
    """Mark the open tickets that belong with the one under the cursor."""
    number = owner.tickets.table.cursor_id
    burst = owner.callout.burst_of(number)
    if number is None:
        return
    if burst is not None and number in burst.tickets:
        _mark(owner, burst.tickets)
        return
    calls = list(burst.tickets) if burst else []

    def ask(desk: "Desk") -> list[int]:
        found = alike(desk, desk.tickets.show(number))
        return found if len(found) > 1 or not calls else calls

    look_up(owner, ask, lambda numbers: _mark(owner, numbers), "alike")


def _mark(owner: "BoardOwner", numbers: "Sequence[int]") -> None:
    table = owner.tickets.table
    shown = set(table.ids)
    found = [number for number in numbers if number in shown]
    table.marks.add(found)
    if len(found) <= 1:
        owner.desk_app.say("No other ticket here is linked to it or reads like it.")


def incident(owner: "BoardOwner") -> None:
    """Make the marked tickets, or the burst called out, one incident."""
    table = owner.tickets.table
    burst = owner.callout.burst_of(table.cursor_id)
    if table.marks.ids:
        ids: Sequence[int] = table.chosen_ids()
    elif burst is not None:
        ids = burst.tickets
    else:
        words = "Nothing is called out: mark the tickets, then E makes an incident."
        owner.desk_app.say(words)
        return
    first = table.rows.get(ids[0])
    title = burst.title if burst and set(ids) & set(burst.tickets) else ""
    _ask_incident(owner, tuple(ids), title or (first.subject if first else ""))


def _ask_incident(owner: "BoardOwner", ids: tuple[int, ...], title: str) -> None:
    from deskterm.screens.dialogs.problem import incident_form

    targets = Targets.of(ids, (owner.tickets.table.rows.get(number) for number in ids))

    def made(done: "Done") -> None:
        """Keep the tickets marked: what is done next is done to all of them."""
        owner.tickets.table.marks.add(done.tickets)
        owner.desk_app.say(f"{len(done.tickets)} marked: r tells all of them, x closes all.")

    def filled(values: "dict[str, str] | None") -> None:
        if values is None:
            return
        said, told = values["title"], values["announcement"]
        urgent = values["urgent"] == "yes"

        def run(desk: "Desk", how: "How") -> "Done":
            return desk.problems.incident(ids, said, told, urgent=urgent, how=how)

        owner.desk_app.write(Order("One incident of", run, None, made))

    owner.app.push_screen(incident_form(targets, limit(owner), title), filled)


FLOWS: "Mapping[str, Flow]" = {"mark_alike": mark_alike, "incident": incident}
