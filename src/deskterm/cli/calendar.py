"""`deskterm calendar …`: business hours and holidays, a month of them, their feeds."""

from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument
from deskterm.cli.records import register
from deskterm.cli.session import opened
from deskterm.domain.errors import UsageError
from deskterm.domain.record_table import RECORDS

if TYPE_CHECKING:
    from deskterm.services.calendars import Month

noun = Noun("calendar", RECORDS["calendar"].about)
_LISTS = ("json", "jsonl", "csv")


@noun.verb("show", "deskterm calendar show Berlin 2026-12")
@reading
def show(
    call: Call,
    name: Annotated[str, Argument(metavar="NAME", help="desk: what counts by itself.")],
    of: Annotated[str, Argument(metavar="[MONTH]", help="2026-12; else this month.")] = "",
) -> None:
    """Show one with its values and its version, and a month of it."""
    with opened() as desk:
        found = desk.calendars.month(name, of)
        record = {} if found.name == "desk" else desk.records.show("calendar", name)
    days = [one._asdict() | {"day": one.day.isoformat()} for one in found.days]
    if output.chosen(call.output) in _LISTS:
        output.one({**record, "month": days}, call.output, columns=(*record, "month"))
        return
    for field, value in record.items():
        if value not in (None, "", {}, []):
            text = ", ".join(map(str, value)) if isinstance(value, list) else value
            output.prose(f"{field.replace('_', ' '):<18}{text}")
    output.prose(_page(found))


@noun.verb("fetch", "deskterm calendar fetch Berlin")
@reading
def fetch(
    call: Call, name: Annotated[str, Argument(metavar="[NAME]", help="Else every one.")] = ""
) -> None:
    """Ask feeds now, which the jobs do once a day; what they held before stays if they fail."""
    with opened() as desk:
        found = desk.calendars.fetch(name)
    output.many([one._asdict() for one in found], ("calendar", "days", "changed"), call.output)
    for one in found:
        if one.trouble:
            say(f"{one.calendar}: {one.trouble}")
    if found and all(one.trouble for one in found):
        raise UsageError("no feed could be read; what was known before still counts.")


def _page(one: "Month") -> str:
    """Give a month as lines of a page."""
    lines = [f"{one.name} · {one.days[0].day:%B %Y} · {one.zone}"]
    for row in one.days:
        hours = _length(row.seconds) if row.seconds else "-"
        lines.append(f"  {row.day:%a %d}  {hours:>5}  {row.hours}  {row.note}".rstrip())
    lines.append(f"  in all {_length(sum(row.seconds for row in one.days))}")
    return "\n".join(lines)


def _length(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}"


register(noun)
