"""`deskterm rule …`: the desk's own rules, asked before anything is guessed."""

from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, changing, changing_with, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option, option
from deskterm.cli.record import changed, listed, sure
from deskterm.cli.records import register
from deskterm.cli.session import opened
from deskterm.domain.errors import UsageError
from deskterm.domain.rules import RuleTest

noun = Noun("rule", "Rules of the desk's own: what new tickets get that fit a query.")
Name = Annotated[str, Argument(metavar="NAME")]

_SETS = (
    option("category", str | None, None, help="Its category."),
    option("service", str | None, None, help="Its service."),
    option("group", str | None, None, help="The group that it goes to."),
    option("urgent", bool, False, "--urgent", help="It is urgent."),
    option("field", list[str] | None, None, metavar="K=V", help="A field of the desk's own."),
    option("watcher", list[str] | None, None, metavar="ADDRESS", help="Who hears of it too."),
)
_WHEN = option("when", str | None, None, "--when", "-q", metavar="Q", help="The tickets it fits.")
_TESTED = ("id", "subject", "field", "now", "says", "verdict")


@noun.verb("list", "deskterm rule list")
@reading
def list_(call: Call) -> None:
    """List the rules in the order in which they are asked; a broken one says why."""
    columns = ("position", "name", "query", "says", "stops", "active", "trouble")
    listed(call, lambda desk: desk.rules.all(), columns)


@noun.verb("add", "deskterm rule add wifi --when 'wifi or wlan' --category network/wifi")
@changing_with(_WHEN, *_SETS)
def add(
    call: Call,
    name: Name,
    stop: Annotated[bool, Option("--stop", help="Ask no rule after it.")] = False,
) -> None:
    """Add a rule: new tickets that fit get what nobody said; a person's word is never changed."""
    query, sets = call.text("when"), _sets(call)
    changed(
        call,
        lambda desk, how: desk.rules.add(name, query, sets, stops=stop, how=how),
        f"Rule {name} is asked about new tickets",
    )


@noun.verb("set", "deskterm rule set wifi --when 'wifi,wlan,hotspot' --category network/wifi")
@changing_with(_WHEN, *_SETS)
def set_(
    call: Call,
    name: Name,
    new_name: Annotated[str | None, Option("--name", help="Call it otherwise.")] = None,
    stop: Annotated[bool | None, Option("--stop/--go-on", help="Ask none after it.")] = None,
    on: Annotated[bool | None, Option("--on/--off", help="Ask it, or rest it.")] = None,
) -> None:
    """Change a rule; what it sets is given anew, all of it."""
    given = {"name": new_name, "query": call.given("when"), "stops": stop, "active": on}
    values: dict[str, object] = {key: value for key, value in given.items() if value is not None}
    if sets := _sets(call):
        values["sets"] = sets
    if not values:
        raise UsageError("what shall be changed? See --help.")
    changed(call, lambda desk, how: desk.rules.change(name, values, how=how), f"Rule {name}")


@noun.verb("move", "deskterm rule move wifi --to 1")
@changing
def move(
    call: Call,
    name: Name,
    to: Annotated[int, Option(min=1, metavar="PLACE", help="1 is asked first.")],
) -> None:
    """Ask a rule earlier or later."""
    changed(
        call, lambda desk, how: desk.rules.move(name, to, how=how), f"Rule {name} is number {to}"
    )


@noun.verb("remove", "deskterm rule remove wifi --yes")
@changing
def remove(call: Call, name: Name) -> None:
    """Take a rule away; what it filled in stays."""
    sure(call, f"Taking rule {name} away")
    changed(call, lambda desk, how: desk.rules.remove(name, how=how), f"Rule {name} is gone")


@noun.verb("test", "deskterm rule test wifi --on created:2026-11")
@changing_with(_WHEN, *_SETS)
def try_out(
    call: Call,
    name: Annotated[str | None, Argument(metavar="[NAME]")] = None,
    on: Annotated[str, Option("--on", metavar="Q", help="The tickets to try.")] = "is:any",
) -> None:
    """Show which tickets a rule fits and what it would say there; nothing is changed.

    With --when and what to set it tries a rule that is not added yet. Counted is how often people
    had decided the same.
    """
    with opened() as desk:
        if name is not None:
            found = desk.rules.test(name, on)
        else:
            found = desk.rules.try_out(call.text("when"), _sets(call), on)
    if output.chosen(call.output) == "json":
        output.one({**found._asdict(), "hits": [h._asdict() for h in found.hits]}, "json")
    else:
        output.many([hit._asdict() for hit in found.hits], _TESTED, call.output)
    say(_summary(found))


def _summary(found: RuleTest) -> str:
    decided = found.same + found.other
    if not decided:
        return f"It fits {found.tickets} tickets; people had decided none of these."
    percent = round(100 * found.same / decided)
    return (
        f"It fits {found.tickets} tickets; people had decided the same "
        f"{found.same} of {decided} times ({percent} %)."
    )


def _sets(call: Call) -> dict[str, object]:
    """Give what is to be set, by name."""
    kinds = ("category", "service", "group")
    sets: dict[str, object] = {kind: call.text(kind) for kind in kinds if call.text(kind)}
    if call.flag("urgent"):
        sets["urgent"] = True
    for pair in call.texts("field"):
        name, sign, value = pair.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise UsageError(f"{pair[:60]!r}: write a field like os=Windows.")
        sets[f"field.{name.strip()}"] = value.strip()
    if call.texts("watcher"):
        sets["watcher"] = call.texts("watcher")
    return sets


register(noun)
