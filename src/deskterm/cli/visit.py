"""`deskterm visit …`: times offered, chosen, moved, done; the list of the day (G3)."""

from pathlib import Path
from typing import Annotated

from deskterm import disk
from deskterm.cli import output
from deskterm.cli.change import Call, act, reading, targeting
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.domain.errors import UsageError
from deskterm.domain.visits import ChooseVisit, EndVisit, OfferVisit, SetVisit, VisitState

noun = Noun("visit", "A technician comes to a place: times offered, chosen, the list of the day.")
COLUMNS = (
    *("ticket_id", "at", "until_at", "technician", "site", "place", "travel", "requester"),
    *("phone", "state", "answer", "off", "subject"),
)
_ONE = "a visit goes with one ticket."

Length = Annotated[str, Option("--length", metavar="LENGTH", help="45m, 1h, 1h30; else an hour.")]
Technician = Annotated[str, Option(metavar="LOGIN", help="Who comes; else who has the ticket.")]
Site = Annotated[str, Option(metavar="NAME", help="Where; else where the requester works.")]
Place = Annotated[str, Option(metavar="TEXT", help="Room, desk; else the requester's.")]
Travel = Annotated[str, Option(metavar="MINUTES", help="The way there; else the site's.")]
What = Annotated[str, Option("--what", metavar="TEXT", help="What for; the customer reads it.")]


@noun.verb("offer", "deskterm visit offer 12 --length 1h --technician bo")
@targeting
def offer(
    call: Call,
    slot: Annotated[
        list[str] | None,
        Option("--slot", metavar="WHEN", help="tomorrow 10:00; repeat it. Else free times."),
    ] = None,
    after: Annotated[str, Option("--after", metavar="WHEN", help="Free times not before.")] = "",
    length: Length = "",
    technician: Technician = "",
    site: Site = "",
    place: Place = "",
    travel: Travel = "",
    what: What = "",
) -> int:
    """Offer times to the customer, who chooses by letter: a number, a word, or a link."""
    asked = OfferVisit(
        length=length,
        technician=technician,
        site=site,
        place=place,
        travel=travel,
        what=what,
        slots=tuple(slot or ()),
        after=after,
    )
    return act(call, "Offer a visit on", asked, one=_ONE)


@noun.verb("choose", "deskterm visit choose 12 --slot 2 --how 'by phone'")
@targeting
def choose(
    call: Call,
    slot: Annotated[int, Option("--slot", metavar="N", help="Its number.")],
    means: Annotated[str, Option("--how", help="by phone, in person …")] = "",
) -> int:
    """Record which of the times offered the customer chose; the invitation leaves."""
    return act(call, "Choose", ChooseVisit(slot, means), one=_ONE)


@noun.verb("set", "deskterm visit set 12 --at 'tomorrow 10:00' --length 45m")
@targeting
def set_(
    call: Call,
    at: Annotated[str, Option("--at", metavar="WHEN", help="friday 14:30, 2026-12-01 10:00")] = "",
    length: Length = "",
    technician: Technician = "",
    site: Site = "",
    place: Place = "",
    travel: Travel = "",
    what: What = "",
) -> int:
    """Fix a visit, or change the one there is; the customer is invited again."""
    asked = SetVisit(
        length=length,
        technician=technician,
        site=site,
        place=place,
        travel=travel,
        what=what,
        at=at,
    )
    return act(call, "Visit", asked, one=_ONE)


@noun.verb("done", "deskterm visit done 12 --text 'Replaced the toner.'")
@targeting
def done(
    call: Call,
    text: Annotated[str, Option("--text", metavar="TEXT", help="What was done.")] = "",
    missed: Annotated[bool, Option("--no-show", help="Nobody was there.")] = False,
) -> int:
    """Say that the visit is over: what was done, or that nobody was there."""
    became = VisitState.MISSED if missed else VisitState.DONE
    return act(call, "Visit done", EndVisit(became, text), one=_ONE)


@noun.verb("cancel", "deskterm visit cancel 12 --reason 'It works again.'")
@targeting
def cancel(
    call: Call,
    reason: Annotated[str, Option("--reason", help="The customer reads it.")] = "",
) -> int:
    """Call the visit off; it goes out of the customer's calendar."""
    return act(call, "Call off", EndVisit(VisitState.CANCELLED, reason), one=_ONE)


@noun.verb("list", "deskterm visit list today --for me --ics visits.ics")
@reading
def list_(
    call: Call,
    when: Annotated[
        str, Argument(metavar="[PERIOD]", help="today, tomorrow, this-week, 2026-12.")
    ] = "",
    who: Annotated[str, Option("--for", metavar="LOGIN|me", help="One technician's.")] = "",
    every: Annotated[bool, Option("--all", help="Also what is over.")] = False,
    ics: Annotated[str, Option("--ics", metavar="FILE", help="As a calendar file; - prints.")] = "",
) -> None:
    """List visits by time: those to come, or those of a period; or write a calendar file."""
    with opened() as desk:
        rows = desk.visits.list(when=when, technician=who, over=every)
        made = desk.visits.calendar(rows) if ics else b""
    if not ics:
        output.many((row._asdict() for row in rows), COLUMNS, call.output)
        return
    if call.output:
        raise UsageError("--ics is a format of its own: leave --output away.")
    if ics == "-":
        output.raw(made)
        return
    disk.write(Path(ics), made, replace=True)
    say(f"{sum(row.at is not None for row in rows)} visits are in {ics}.")
