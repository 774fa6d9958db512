"""A visit from a ticket: offer times, record the choice, move it, say what became of it (G3)."""

from typing import TYPE_CHECKING

from deskterm.domain.visits import ChooseVisit, EndVisit, OfferVisit, SetVisit, VisitState
from deskterm.screens.order import OnTickets, Order
from deskterm.screens.work import look_up
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from deskterm.domain.asking import Request
    from deskterm.domain.visits import Proposed, VisitRow
    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk
    from deskterm.screens.dialogs.verb import Targets
    from deskterm.screens.flows.owner import Owner, TicketOwner

_OFFER, _FIX = "offer times to choose from", "fix this time"
_HOW = "How did they say so? By phone, in person."
_MORE, _MOVE = "offer", "move"


def visit(owner: "TicketOwner") -> None:
    """Offer a visit, or say what became of the one that is agreed on."""
    handle(owner, owner.targets())


def handle(owner: "Owner", targets: "Targets") -> None:
    """The same for a ticket that is named."""
    number = targets.ids[0]

    def read(desk: "Desk") -> "tuple[VisitRow | None, Proposed]":
        found = desk.visits.of(number)
        now = found[0] if found and found[0].state in ("offered", "fixed", "declined") else None
        return now, desk.visits.proposed(number)

    def go_on(found: "tuple[VisitRow | None, Proposed]") -> None:
        row, proposed = found
        if row is None:
            _offer(owner, targets, proposed)
        elif row.state == VisitState.OFFERED:
            _choose(owner, targets, row, proposed)
        else:
            _end(owner, targets, row, proposed)

    look_up(owner, read, go_on, "visit")


def _offer(
    owner: "Owner", targets: "Targets", proposed: "Proposed", *, moves: bool = False
) -> None:
    from deskterm.screens.dialogs.form import Field, FormDialog

    slots = "" if moves else "; ".join(proposed.slots)
    fields = (
        Field("how", "What", "choice", (_FIX,) if moves else (_OFFER, _FIX)),
        Field(
            "slots", "When; several with ; between", value=slots, hint="tomorrow 10:00; fri 14:00"
        ),
        Field("length", "How long", value=proposed.length),
        Field("technician", "Who comes", value=proposed.technician),
        Field("place", "Where: room, desk", value=proposed.place, hint=proposed.site),
        Field("what", "What for; the customer reads it", value=proposed.what),
    )

    def asked(values: "Mapping[str, str]") -> "Request":
        slots = tuple(one.strip() for one in values["slots"].split(";") if one.strip())
        about = {name: values[name] for name in ("length", "technician", "place", "what")}
        if values["how"] == _FIX:
            return SetVisit(at=slots[0] if slots else "", **about)
        return OfferVisit(slots=slots, **about)

    def offered(request: "Request | None") -> None:
        if request is not None:
            _order(owner, "Visit for", targets, request)

    title = "Move the visit" if moves else "Visit"
    owner.app.push_screen(FormDialog(title, targets, 1, fields, asked, tells=True), offered)


def _choose(owner: "Owner", targets: "Targets", row: "VisitRow", proposed: "Proposed") -> None:
    from deskterm.screens.dialogs.ask import LineDialog

    picks = [
        *(Pick(str(at), f"{at}. {_when(slot)}") for at, slot in enumerate(row.slots, 1)),
        Pick(_MORE, "offer other times"),
        Pick(VisitState.CANCELLED, "call it off"),
    ]

    def chosen(what: str) -> None:
        if what == _MORE:
            _offer(owner, targets, proposed)
        elif what == VisitState.CANCELLED:
            _ended(owner, targets, what)
        else:
            owner.app.push_screen(
                LineDialog("The customer chose", _HOW),
                lambda means: _fixed(owner, targets, int(what), means),
            )

    _pick(owner, f"Visit offered by {row.technician}: which time?", picks, chosen)


def _fixed(owner: "Owner", targets: "Targets", number: int, means: str | None) -> None:
    if means is not None:
        _order(owner, "Visit fixed on", targets, ChooseVisit(number, means))


def _end(owner: "Owner", targets: "Targets", row: "VisitRow", proposed: "Proposed") -> None:
    picks = [
        Pick(VisitState.DONE, "done", "say what was done"),
        Pick(_MOVE, "move", "to another time or technician"),
        Pick(VisitState.MISSED, "nobody was there"),
        Pick(VisitState.CANCELLED, "call it off", "the customer is told"),
    ]

    def chosen(what: str) -> None:
        if what == _MOVE:
            _offer(owner, targets, proposed, moves=True)
        else:
            _ended(owner, targets, what)

    when = _when(row.at) if row.at else ""
    declined = ", declined" if row.state == VisitState.DECLINED else ""
    _pick(owner, f"Visit {when}, {row.technician}{declined}", picks, chosen)


def _ended(owner: "Owner", targets: "Targets", became: str) -> None:
    from deskterm.screens.dialogs.ask import LineDialog

    questions = {
        VisitState.DONE: ("The visit is done", "What was done; it stands on the ticket."),
        VisitState.MISSED: ("Nobody was there", "What else is to be known; may be empty."),
        VisitState.CANCELLED: ("Call the visit off", "Why; the customer reads it."),
    }

    def said(text: str | None) -> None:
        if text is not None:
            _order(owner, "Visit of", targets, EndVisit(became, text))

    owner.app.push_screen(LineDialog(*questions[VisitState(became)]), said)


def _pick(
    owner: "Owner", title: str, picks: "Sequence[Pick]", chosen: "Callable[[str], None]"
) -> None:
    from deskterm.screens.dialogs.ask import PickDialog

    def taken(what: str | None) -> None:
        if what is not None:
            chosen(what)

    owner.app.push_screen(PickDialog(title, picks), taken)


def _when(at: "datetime") -> str:
    from deskterm.domain import clock
    from deskterm.screens.visits.lines import when_words

    return when_words(at, clock.now())


def _order(owner: "Owner", said: str, targets: "Targets", asked: "Request") -> None:
    order = OnTickets(targets.ids[:1], asked)
    owner.desk_app.write(Order(said, order, targets.seen or None))


FLOWS: "Mapping[str, Flow]" = {"visit": visit}
"""Action → what it does."""
