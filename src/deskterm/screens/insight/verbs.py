"""What is done with figures on their screen."""

from typing import TYPE_CHECKING, Protocol

from deskterm.domain.record_table import RECORDS
from deskterm.reports.figures import SPLITS
from deskterm.reports.sheet import Cell, Row, as_csv
from deskterm.screens.flows import general, lists
from deskterm.screens.insight.reading import TABS
from deskterm.screens.order import Order
from deskterm.screens.records.verbs import open_form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deskterm.screens.action import Flow

PERIODS = (("7d", "7 days"), ("30d", "30 days"), ("90d", "90 days"), ("365d", "a year"))
"""How far back the figures go: as the service reads it, as it is said."""
SHOWN = 1_000
"""Tickets a query may name by number."""


class Told(Protocol):
    """A part as it was read."""

    @property
    def rows(self) -> "Sequence[Row]":
        """Its figures."""

    @property
    def part(self) -> int:
        """Its place among the tabs."""

    @property
    def splits(self) -> "Sequence[str]":
        """What its figures can be shown in parts by."""


class InsightOwner(lists.ListOwner, Protocol):
    """The screen of figures."""

    period: int
    back: int
    figure: str
    by: str
    loaded: bool

    @property
    def told(self) -> Told:
        """The part as it was read."""

    @property
    def in_hand(self) -> Row | None:
        """The figure under the cursor."""

    def read_again(self) -> None:
        """Read the part for its period."""


def show_tickets(owner: InsightOwner) -> None:
    """Show the tickets behind the line on the board."""
    one = owner.in_hand
    if one is None or not one.many:
        owner.desk_app.say("No ticket is behind this line.")
        return
    query = one.cells["query"].text if "query" in one.cells else ""
    if query:
        owner.desk_app.show_tickets(query)
        return
    numbers = sorted(one.tickets, reverse=True)[:SHOWN]
    if one.many > SHOWN:
        owner.desk_app.say(f"The newest {SHOWN} of {one.many} tickets are shown.")
    owner.desk_app.show_tickets(f"id:{','.join(map(str, numbers))}")


def copy(owner: InsightOwner) -> None:
    """Copy the part as CSV."""
    if owner.loaded:
        general.copy(owner, as_csv(owner.told.rows, TABS[owner.told.part].part.csv))


def shorter(owner: InsightOwner) -> None:
    """A shorter period."""
    _over(owner, max(0, owner.period - 1))


def longer(owner: InsightOwner) -> None:
    """A longer period."""
    _over(owner, min(len(PERIODS) - 1, owner.period + 1))


def _over(owner: InsightOwner, period: int) -> None:
    if period != owner.period:
        owner.period = period
        owner.read_again()


def earlier(owner: InsightOwner) -> None:
    """The period before this one."""
    owner.back += 1
    owner.read_again()


def later(owner: InsightOwner) -> None:
    """The period after this one, not beyond now."""
    if owner.back:
        owner.back -= 1
        owner.read_again()


def in_parts(owner: InsightOwner) -> None:
    """Show the figure in hand in the next kind of parts; after the last all figures, whole."""
    one = owner.in_hand
    if TABS[owner.told.part].label != "Performance" or one is None:
        owner.desk_app.say("A figure of Performance is shown in parts.")
        return
    owner.figure = one.cells["name"].text
    kinds = ("", *owner.told.splits)
    owner.by = kinds[(kinds.index(owner.by) + 1) % len(kinds)] if owner.by in kinds else ""
    owner.read_again()


def improve(owner: InsightOwner) -> None:
    """Put the figure in hand into the register: measured as long as the period on screen."""
    one = owner.in_hand
    if one is None or "name" not in one.cells:
        owner.desk_app.say("A figure is put into the register, for example one of Performance.")
        return
    part = (one.cells["id"] if owner.by in ("guide", "end") else one.cells["part"]).text
    if part and not owner.by:
        owner.desk_app.say("Go to Performance: b shows a figure in parts, a takes one of them.")
        return
    days = int(PERIODS[owner.period][0].removesuffix("d"))
    given = {
        "figure": one.cells["name"].text,
        "filter": _term(owner.by, part) if owner.by else "",
        "from": "today",
        "until": f"{days - 1}d",
    }
    open_form(owner, RECORDS["improvement"], "", given)


def accept(owner: InsightOwner) -> None:
    """Keep that what is proposed of the service in hand is taken up."""
    _decide(owner, accept=True)


def decline(owner: InsightOwner) -> None:
    """Keep that the service in hand stays as it is."""
    _decide(owner, accept=False)


def _decide(owner: InsightOwner, *, accept: bool) -> None:
    one = owner.in_hand
    if one is None or not one.cells.get("proposal", Cell("")).text:
        owner.desk_app.say("Tab Services has proposals: y takes one up, n turns it down.")
        return
    service, span = one.cells["service"].text, PERIODS[owner.period][0]
    word = "accepted" if accept else "declined"
    said = f"{service}: {word}; it stands with the decisions of the register"
    owner.desk_app.write(
        Order(
            said,
            lambda desk, how: desk.offers.decide(service, accept=accept, when=span, how=how),
            None,
            lambda _: owner.read_again(),
        )
    )


def _term(by: str, part: str) -> str:
    """Give the term of a query that asks for one part of a split."""
    if by == "urgency":
        return f"urgent:{'yes' if part == 'urgent' else 'no'}"
    name = part.partition(" ")[0] if by == "problem" else part.replace('"', "")
    term = SPLITS.get(by, by)
    return f'{term}:"{name}"' if " " in name else f"{term}:{name}"


def whole(owner: InsightOwner) -> None:
    """Back from parts to all figures, else leave."""
    if not owner.by:
        lists.step_back(owner)
        return
    owner.by = ""
    owner.read_again()


FLOWS: "Mapping[str, Flow]" = {
    **lists.FLOWS,
    "filter_board": general.filter_board,
    "insight_open": show_tickets,
    "insight_copy": copy,
    "insight_shorter": shorter,
    "insight_longer": longer,
    "insight_earlier": earlier,
    "insight_later": later,
    "insight_by": in_parts,
    "insight_improve": improve,
    "insight_accept": accept,
    "insight_decline": decline,
    "escape": whole,
}
