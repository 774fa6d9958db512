"""Time worked from a ticket: the clock by one key, time by hand, what is proposed (H9)."""

from typing import TYPE_CHECKING

from deskterm.domain.clock import hours_words
from deskterm.domain.times import AddTime, JudgeTime, StartClock, StopClock, TimeState
from deskterm.screens.flows.asking import ask, limit
from deskterm.screens.order import OnTickets, Order
from deskterm.screens.work import look_up
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deskterm.domain.asking import Request
    from deskterm.domain.times import TimeRow
    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk
    from deskterm.screens.dialogs.verb import Targets
    from deskterm.screens.flows.owner import TicketOwner

_OTHER, _DROP, _LESS = "book", "drop", "less"


def clock(owner: "TicketOwner") -> None:
    """Start one's clock on the ticket in hand; where it runs on it, stop it."""
    targets = owner.targets()
    number = targets.ids[0]

    def go_on(runs: int | None) -> None:
        if runs == number:
            _order(owner, "Clock stopped on", targets, StopClock())
        else:
            _order(owner, "Clock started on", targets, StartClock())

    look_up(owner, lambda desk: desk.times.running(), go_on, "clock")


def time(owner: "TicketOwner") -> None:
    """Book time by hand, or confirm or drop what is proposed."""
    targets = owner.targets()
    number = targets.ids[0]

    def read(desk: "Desk") -> "Sequence[TimeRow]":
        if len(targets.ids) > 1:
            return ()
        mine = set(desk.times.proposed(number))
        return [one for one in desk.times.of(number) if one.id in mine]

    def go_on(found: "Sequence[TimeRow]") -> None:
        if found:
            _judge(owner, targets, found[0])
        else:
            _book(owner, targets)

    look_up(owner, read, go_on, "time")


def _book(owner: "TicketOwner", targets: "Targets") -> None:
    from deskterm.screens.dialogs.form import Field, FormDialog

    fields = (
        Field("length", "How long", required="how long? Say 20m or 1h30.", hint="20m; -10m takes"),
        Field("note", "What was done"),
        Field("on", "When; empty: until now", hint="yesterday, 2026-11-28"),
    )

    def asked(values: "Mapping[str, str]") -> "Request":
        return AddTime(values["length"], values["note"], values["on"])

    ask(owner, FormDialog("Time", targets, limit(owner), fields, asked), "Time on")


def _judge(owner: "TicketOwner", targets: "Targets", row: "TimeRow") -> None:
    from deskterm.screens.dialogs.ask import LineDialog, PickDialog

    length = hours_words(row.seconds)
    picks = [
        Pick(str(TimeState.BOOKED), f"book {length}"),
        Pick(_LESS, "book less", "say how long it really took"),
        Pick(_DROP, "drop it"),
        Pick(_OTHER, "book other time"),
    ]

    def said(text: str | None) -> None:
        if text:
            _order(owner, "Time on", targets, JudgeTime(row.id, length=text))

    def chosen(what: str | None) -> None:
        if what == _OTHER:
            _book(owner, targets)
        elif what == _LESS:
            owner.app.push_screen(LineDialog("It really took", "20m, 1h30."), said)
        elif what is not None:
            _order(owner, "Time on", targets, JudgeTime(row.id, keep=what != _DROP))

    why = f": {row.note}" if row.note else ""
    owner.app.push_screen(PickDialog(f"Proposed by a {row.kind}{why}", picks), chosen)


def _order(owner: "TicketOwner", said: str, targets: "Targets", asked: "Request") -> None:
    order = OnTickets(targets.ids[:1], asked)
    owner.desk_app.write(Order(said, order, None, owner.written))


FLOWS: "Mapping[str, Flow]" = {"clock": clock, "time": time}
"""Action → what it does."""
