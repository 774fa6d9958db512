"""What the desk offers and whether it is worth it (H8, §11): each service with its use in a period.

What stands out by the desk's own limits is a proposal for the review board, never a deed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from deskterm.domain.shares import Share
from deskterm.reports.figures import FEW
from deskterm.reports.sheet import Cell, Row, Sheet

COLUMNS = (
    *("service", "tickets", "share", "people", "hours", "missed", "satisfied", "last_used"),
    *("proposal", "decided"),
)

ACCEPTED = "Accepted: what it is offered for, and to whom, is to change."
DECLINED = "Declined: it stays as it is."


class Limits(NamedTuple):
    """What the desk calls seldom, costly and below target; each is a setting."""

    seldom: int
    """Percent of the tickets."""
    costly: int
    """Minutes worked a ticket."""
    kept: int
    """Percent of promises."""
    satisfied: int
    """Percent of answers."""


class Use(NamedTuple):
    """How a service was used in a period."""

    service: str
    tickets: int
    people: int
    seconds: int
    """What was worked, also on tickets of before."""
    met: Share
    """Promises that were kept, of those that ended."""
    satisfied: Share
    last_used: datetime | None
    """Of all times; None: never."""
    read: Callable[[], Sequence[int]] = tuple
    """Gives its tickets."""
    decided: str = ""
    """What became of the newest proposal; empty: none was decided or asked."""


def proposals(one: Use, whole: int, limits: Limits) -> list[str]:
    """Give what is proposed of a service, each with the limit it is by; nothing for most."""
    found = []
    if not one.tickets:
        found.append("not used: is it offered to anybody?")
    elif whole and 100 * one.tickets < limits.seldom * whole:
        found.append(f"seldom used: less than {limits.seldom} % of the tickets")
    if one.tickets and one.seconds > 60 * limits.costly * one.tickets:
        found.append(f"costly: more than {limits.costly} min worked a ticket")
    for what, share, limit in (
        ("promises kept", one.met, limits.kept),
        ("satisfied", one.satisfied, limits.satisfied),
    ):
        if share.of >= FEW and 100 * share.hits < limit * share.of:
            found.append(f"below target: less than {limit} % {what}")
    return found


def pruning_sheet(
    title: str, uses: Iterable[Use], whole: int, limits: Limits, zone: tzinfo
) -> Sheet:
    """Give a row for each service, those first of which something is proposed and not decided."""
    rows = [(proposals(one, whole, limits), one) for one in uses]
    rows.sort(
        key=lambda row: (
            bool(row[1].decided) or not row[0],
            -len(row[0]),
            row[1].tickets,
            row[1].service.casefold(),
        )
    )
    return Sheet(title, [_row(one, found, whole, zone) for found, one in rows])


def _row(one: Use, found: Sequence[str], whole: int, zone: tzinfo) -> Row:
    missed = Share(one.met.of - one.met.hits, one.met.of)
    last = one.last_used.astimezone(zone).date().isoformat() if one.last_used else "never"
    cells: Mapping[str, Cell] = {
        "service": Cell(one.service),
        "tickets": Cell(str(one.tickets), one.tickets),
        "share": Cell(f"{100 * one.tickets / whole:.0f} %" if whole else "-",
                      one.tickets / whole if whole else None, "n"),
        "people": Cell(str(one.people), one.people),
        "hours": Cell(f"{one.seconds / 3600:.1f} h", one.seconds, "s"),
        "missed": _short(missed) if missed.of else Cell("nothing promised", None, "n"),
        "satisfied": _short(one.satisfied) if one.satisfied.of
        else Cell("no answers yet", None, "n"),
        "last_used": Cell(last),
        "proposal": Cell("; ".join(found)),
        "decided": Cell(one.decided),
    }  # fmt: skip
    return Row(cells, found, one.tickets, "that were opened for it", one.read)


def _short(share: Share) -> Cell:
    """Give a share with of how many: `27 % of 56`."""
    return Cell(f"{100 * share.hits / share.of:.0f} % of {share.of}", share=share)


def facts(row: Row, period: str) -> str:
    """Say why something is proposed of a service, with the numbers behind it."""
    said = {name: cell.text for name, cell in row.cells.items()}
    proposed = f"{'; '.join(row.told)}. " if row.told else ""
    tickets = _many(said["tickets"], "ticket", "tickets")
    people = _many(said["people"], "person", "people")
    return (
        f"{proposed}{period}: {tickets} ({said['share']}) of {people}, {said['hours']} worked, "
        f"promises missed {said['missed']}, satisfied {said['satisfied']}, "
        f"used last {said['last_used']}."
    )


def _many(number: str, one: str, several: str) -> str:
    return f"{number} {one if number == '1' else several}"
