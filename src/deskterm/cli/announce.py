"""`deskterm announce …`: what is said to everyone, on top of every board, until it ends."""

from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, asking, changing, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.records import register
from deskterm.cli.session import opened
from deskterm.domain.problems import number_of

noun = Noun("announce", "Announcements: on top of every board until they end.")
COLUMNS = ("id", "text", "site", "problem_id", "actor", "from_at", "until_at", "ended_at")


@noun.verb("say", "deskterm announce say 'VPN is down, mended by noon' --until 3h")
@changing
def say_(
    call: Call,
    text: Annotated[str, Argument(metavar="TEXT")],
    site: Annotated[str, Option(help="Only for the people of a site.")] = "",
    until: Annotated[str, Option(help="When it ends by itself: 3h, tomorrow, a date.")] = "",
    problem: Annotated[str, Option(metavar="P7", help="The problem it is about.")] = "",
) -> None:
    """Announce something: it stands on every board until it ends."""
    about = number_of(problem) if problem else None
    with opened() as desk:
        done = desk.problems.announce(text, site=site, until=until, problem=about, how=asking(call))
        newest = desk.problems.announcements()
    if not done.dry and newest:
        output.one(newest[0]._asdict(), call.output, columns=COLUMNS[:4])
    say("Announced." if not done.dry else "Nothing was announced (dry run).")


@noun.verb("list", "deskterm announce list -o json")
@reading
def list_(
    call: Call, all_: Annotated[bool, Option("--all", help="Also those that ended.")] = False
) -> None:
    """List the announcements that run."""
    with opened() as desk:
        rows = [row._asdict() for row in desk.problems.announcements(all_=all_)]
    output.many(rows, COLUMNS, call.output)


@noun.verb("end", "deskterm announce end 3")
@changing
def end(call: Call, id_: Annotated[int, Argument(metavar="ID")]) -> None:
    """End an announcement."""
    with opened() as desk:
        done = desk.problems.end_announcement(id_, how=asking(call))
    say("Ended." if not done.dry else "Nothing was ended (dry run).")


register(noun, "announcement")
