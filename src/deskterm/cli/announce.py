"""`deskterm announce …`: said on boards, told by letter to an audience, updated until it ends."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from deskterm import disk
from deskterm.cli import output
from deskterm.cli.audience import shown_first
from deskterm.cli.change import Call, asking, changing, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.records import register
from deskterm.cli.session import opened
from deskterm.domain import clock

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk
    from deskterm.domain.announcements import AnnouncementRow
    from deskterm.domain.rows import Done

noun = Noun("announce", "Announcements: on boards and by letter, until they end.")
COLUMNS = (
    *("id", "state", "kind", "text", "to", "letters", "told", "due", "from_at", "until_at"),
    *("problem_id", "actor", "ended_at", "closing", "trouble"),
)
Number = Annotated[int, Argument(metavar="ID")]
To = Annotated[
    str, Option("--to", metavar="QUERY", help="Letters to an audience: site:Leeds, everyone.")
]
Until = Annotated[
    str, Option(metavar="WHEN", help="When it ends by itself: 3h, tomorrow, a date and time.")
]


@noun.verb("new", "deskterm announce new 'VPN is down' --to service:VPN --kind outage --until 3h")
@changing
def new(
    call: Call,
    text: Annotated[str, Argument(metavar="TEXT")],
    to: To = "",
    from_: Annotated[
        str, Option("--from", metavar="WHEN", help="When it begins: planned until then.")
    ] = "",
    until: Until = "",
    kind: Annotated[str, Option(metavar="outage|maintenance|news", help="What it is.")] = "",
    problem: Annotated[str, Option(metavar="P7", help="The problem it is about.")] = "",
    letters: Annotated[
        bool, Option("--letters/--no-letters", help="Write to the audience, or say it on boards.")
    ] = True,
) -> None:
    """Announce something: on boards, with --to also by letter to whom it concerns."""
    given = {"to": to, "from": from_, "until": until, "kind": kind, "problem": problem}
    values = {name: value for name, value in given.items() if value}
    if to and not letters:
        values["letters"] = "no"
    with opened() as desk:
        if to and letters:
            shown_first(desk, desk.announcements.audience(to, kind or _likely(values)), call)
        done = desk.announcements.new(text, values, asking(call))
        _told(desk, done, call, "Announced.")


def _likely(values: dict[str, str]) -> str:
    """Give what it will be: something with a problem is an outage."""
    return "outage" if "problem" in values else ""


@noun.verb("update", "deskterm announce update 3 'VPN is back for half of you' --until 2h")
@changing
def update(
    call: Call,
    id_: Number,
    text: Annotated[str, Argument(metavar="[TEXT]")] = "",
    to: To = "",
    from_: Annotated[str, Option("--from", metavar="WHEN", help="Begin at another time.")] = "",
    until: Until = "",
) -> None:
    """Say what is new of it: told once to each person, and on boards in the place of the old."""
    values = {k: v for k, v in {"to": to, "from": from_, "until": until}.items() if v}
    with opened() as desk:
        row = desk.announcements.show(id_)
        if row.letters:
            shown_first(desk, desk.announcements.audience(to or row.audience, row.kind), call)
        done = desk.announcements.update(id_, text, values, asking(call))
        _told(desk, done, call, "Updated.")


@noun.verb("end", "deskterm announce end 3 --words 'Everything works again.'")
@changing
def end(
    call: Call,
    id_: Number,
    words: Annotated[str, Option(help="A closing word to those who were told.")] = "",
) -> None:
    """End it; whoever was told by letter hears that it is over."""
    with opened() as desk:
        done = desk.announcements.end(id_, words, asking(call))
        _told(desk, done, call, "Ended.")


@noun.verb("withdraw", "deskterm announce withdraw 3 --reason 'The move was put off.'")
@changing
def withdraw(
    call: Call,
    id_: Number,
    reason: Annotated[str, Option(help="Why; whoever was told by letter is told it.")] = "",
) -> None:
    """Take back what is planned, or was said in error; whoever was told is told so."""
    with opened() as desk:
        done = desk.announcements.withdraw(id_, reason, asking(call))
        _told(desk, done, call, "Withdrawn.")


@noun.verb("list", "deskterm announce list --ics maintenance.ics")
@reading
def list_(
    call: Call,
    all_: Annotated[bool, Option("--all", help="Also those that are over.")] = False,
    who: Annotated[
        str, Option("--for", metavar="WHO", help="Only what concerns somebody: an address, a name.")
    ] = "",
    ics: Annotated[
        Path | None,
        Option(metavar="FILE", help="Write an iCalendar file: the maintenance to come."),
    ] = None,
) -> None:
    """List what is planned and what runs, with how many were told."""
    with opened() as desk:
        person = desk.people.show(who).id if who else None
        rows = desk.announcements.list(all_=all_)
        if person is not None:
            theirs = {one.id for one in desk.announcements.for_person(person)}
            rows = [one for one in rows if one.id in theirs]
        if ics is not None:
            disk.write(ics, desk.announcements.calendar(rows), replace=True)
            say(f"{len(rows)} written to {ics}.")
            return
    output.many([record(row) for row in rows], COLUMNS, call.output)


def record(row: "AnnouncementRow") -> dict[str, object]:
    """Give an announcement as output has it."""
    return {**row._asdict(), "to": row.whom, "state": str(row.state(clock.now()))}


def _told(desk: "Desk", done: "Done", call: Call, said: str) -> None:
    """Tell what became of it, and what can be taken back."""
    if done.dry:
        say("Nothing was changed (dry run).")
        return
    row = desk.announcements.show(done.of("announcement")[0])
    if output.chosen(call.output) in ("json", "jsonl"):
        output.one({**record(row), "operation": done.operation_id}, call.output)
    elif output.chosen(call.output) == "table":
        output.prose(f"{row.id} {row.text} · {row.state(clock.now())} · {row.whom}")
    else:
        output.text(str(row.id))
    if row.due:
        seconds = desk.settings["undo_seconds"]
        say(f"{said} The jobs write its letters in {seconds} s; until then `undo` takes it back.")
    else:
        say(said)


register(noun, "announcement")

announcement = Noun("announcement", "Announcements as records: what is planned or runs.")
register(announcement)
