"""`deskterm competence …`: who knows what, where it is missing, who may learn it from whom."""

from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, changing, reading
from deskterm.cli.errors import say
from deskterm.cli.figures import When
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.record import changed
from deskterm.cli.records import register
from deskterm.cli.session import opened
from deskterm.domain.competences import SOURCES

noun = Noun("competence", "Who knows what, where it is missing, who may learn it from whom.")
GAPS = ("category", "tickets", "gap", "can", "teachers", "learners")
_EXACT = ("json", "jsonl")
Login = Annotated[str, Argument(metavar="LOGIN")]
Category = Annotated[str, Argument(metavar="CATEGORY")]


@noun.verb("set", "deskterm competence set bo network/wifi 2 --source reviewed")
@changing
def set_(
    call: Call,
    login: Login,
    category: Category,
    level: Annotated[str, Argument(metavar="LEVEL", help="0 not yet, 1, 2 alone, 3 teaches.")],
    source: Annotated[str, Option("--source", help=f"{', '.join(SOURCES)}.")] = "",
) -> None:
    """Say how well a technician knows a category, and what lies below it."""
    given = {"level": level} | ({"source": source} if source else {})
    changed(
        call,
        lambda desk, how: desk.records.set("competence", f"{login} {category}", given, how),
        f"{login} knows {category} at level {level}",
    )


@noun.verb("remove", "deskterm competence remove bo network/wifi")
@changing
def remove(call: Call, login: Login, category: Category) -> None:
    """Take back what is said of a technician and a category."""
    changed(
        call,
        lambda desk, how: desk.records.remove("competence", f"{login} {category}", how),
        f"nothing is said of {login} in {category}",
    )


@noun.verb("gaps", "deskterm competence gaps --period last-quarter")
@reading
def gaps(
    call: Call,
    period: When = "90d",
    every: Annotated[bool, Option("--all", help="Also what lacks nobody.")] = False,
) -> None:
    """Show what was asked for and who lacks for it: nobody, one only, or all are off.

    By tickets logged in the period; fewer than 3 are never called a gap. It ranks nobody.
    """
    with opened() as desk:
        desk.figures.catch_up()
        found = desk.staff.competences.look(period)
    exact = output.chosen(call.output) in _EXACT
    rows = [
        {
            "category": one.category,
            "tickets": one.tickets,
            "gap": one.gap,
            "can": [{"login": each.login, "level": each.level} for each in one.known]
            if exact
            else ", ".join(f"{each.login} {each.level}" for each in one.known),
            "teachers": list(one.teachers) if exact else ", ".join(one.teachers),
            "learners": list(one.learners) if exact else ", ".join(one.learners),
        }
        for one in (found.categories if every else found.gaps)
    ]
    output.many(rows, GAPS, call.output)
    lacks = f"{len(found.gaps)} lack somebody" if found.gaps else "nobody is lacking"
    say(
        f"{found.period}: {found.tickets} tickets with a category; {lacks}."
        if found.tickets
        else f"{found.period}: no ticket with a category was logged; nothing can be lacking."
    )


@noun.verb("proposed", "deskterm competence proposed --period 2026")
@reading
def proposed(call: Call, period: When = "90d") -> None:
    """Show what closed tickets propose: five that held say 1, fifteen say 2; never written alone.

    `competence accept LOGIN CATEGORY` writes one down.
    """
    with opened() as desk:
        desk.figures.catch_up()
        found = desk.staff.competences.look(period).proposed
    output.many(
        (one._asdict() for one in found),
        ("login", "category", "level", "now", "tickets"),
        call.output,
    )


@noun.verb("accept", "deskterm competence accept bo network/wifi")
@changing
def accept(call: Call, login: Login, category: Category, period: When = "90d") -> None:
    """Write down what closed tickets propose of somebody."""
    changed(
        call,
        lambda desk, how: desk.staff.competences.accept(login, category, how, period),
        f"what closed tickets say of {login} in {category} is written down",
    )


@noun.verb("standing-in", "deskterm competence standing-in")
@reading
def standing_in(call: Call, period: When = "90d") -> None:
    """Show who is off or will be, who stands in, and what the deputy does not know alone."""
    with opened() as desk:
        desk.figures.catch_up()
        found = desk.staff.competences.look(period).standing_in
    exact = output.chosen(call.output) in _EXACT
    rows = [
        one._asdict() | {"lacks": list(one.lacks) if exact else ", ".join(one.lacks)}
        for one in found
    ]
    output.many(rows, ("login", "from_at", "until_at", "deputy", "lacks"), call.output)


register(noun)
