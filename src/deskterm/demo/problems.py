"""The known problems of the demo company: tied to tickets that tell of them; one outage is new."""

from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.storage import demo
from deskterm.storage.driver import Database


class Known(NamedTuple):
    """A problem of the demo and how its tickets are recognised."""

    title: str
    state: str
    category: str
    days: int
    """So many days ago it was found; older tickets are not of it."""
    cause: str
    workaround: str
    os: str = ""
    like: str = "%"
    """Their subjects, in lower case."""


KNOWN = (
    Known(
        "ERP stands still: database storage full",
        "verified",
        "software/erp",
        130,
        "The storage of the ERP database filled up; no alarm was set.",
        "Wait; orders on paper are entered afterwards.",
        like="%erp%",
    ),
    Known(
        "Laptops lose their Wi-Fi after the driver update",
        "known_error",
        "network/wifi",
        40,
        "The driver of October powers the card down when it idles.",
        "Switch the Wi-Fi off and on; on the cable nothing is lost.",
        os="Windows 11*",
    ),
    Known(
        "Printers show offline after the server moved",
        "open",
        "printing/queue",
        40,
        "",
        "Remove the printer and add it again from the list.",
    ),
)
MOST = 60
"""Tickets tied to one of them."""


def tell_problems(database: Database, now: datetime) -> None:
    """Write the problems of the demo with the tickets that fit."""
    for known in KNOWN:
        since = now - timedelta(days=known.days)
        tickets = demo.fitting(database, known.category, known.like, since, MOST)
        if tickets:
            seed = demo.ProblemSeed(
                title=known.title,
                state=known.state,
                cause=known.cause,
                workaround=known.workaround,
                os=known.os,
                category=known.category,
            )
            demo.add_problem(database, seed, tickets, since + timedelta(days=1))
