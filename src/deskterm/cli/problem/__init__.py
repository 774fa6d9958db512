"""`deskterm problem …`: one cause behind several tickets."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from deskterm.cli import output
from deskterm.cli.change import (
    ACROSS,
    Call,
    asking,
    changing,
    changing_with,
    reading,
    targeting,
    targeting_across,
)
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option, option
from deskterm.cli.session import opened
from deskterm.cli.targets import all_numbers, asked_first, confirm, numbers, problem_named
from deskterm.domain.errors import UsageError
from deskterm.domain.problems import OwnerRow, ProblemView, number_of, state_words
from deskterm.domain.rows import Done

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk

noun = Noun("problem", "One cause behind several tickets: known errors and incidents.")
noun.later("tracking", "reshaping")
COLUMNS = ("id", "title", "state", "tickets", "open_tickets", "people", "last_seen", "owner")
HISTORY = 5
"""So much of what was done is shown; --full and JSON have all of it."""
Id = Annotated[str, Argument(metavar="P7")]
FACTS = changing_with(
    *(
        option(name, str | None, None, help=words)
        for name, words in (
            ("cause", "What causes it; never told to customers."),
            ("workaround", "What helps until it is mended."),
            ("steps", "Steps that lead to it."),
            ("model", "Affected device models: 'ThinkPad T14*, X1'."),
            ("os", "Affected systems: 'Windows 11*'."),
            ("site", "Affected site."),
            ("category", "Category of its tickets."),
            ("severity", "low, normal or high."),
            ("owner", "Who takes care of it."),
            ("product", "What it is a fault of: Router."),
            ("found", "Versions in which it was found: 2.4.0, 3.0."),
            ("fixed", "Versions in which it is fixed; shipping a release says so by itself."),
            ("effort", "Hours that ending it takes."),
            ("measure", "How it ends: release, configuration, replacement, training or words."),
            ("measure_on", "The day of the measure: 2026-12-24."),
            ("measure_cost", "What the measure costs."),
            ("measure_owner", "Who carries the measure out."),
            ("because", "Why it will not be fixed, or counts as verified."),
            ("client", "The client whose tickets it explains; empty: anybody's."),
        )
    ),
    ACROSS,
)
"""For a change of a problem: what may be known of it, each by its own option."""


@noun.verb("list", "deskterm problem list -o json")
@reading
def list_(
    call: Call, all_: Annotated[bool, Option("--all", help="Also those that ended.")] = False
) -> None:
    """List the problems, those with most open tickets first."""
    with opened() as desk:
        rows = desk.problems.list(ended=all_)
    output.many([_record(row) for row in rows], COLUMNS, call.output)


@noun.verb("show", "deskterm problem show P7 -o json")
@reading
def show(
    call: Call,
    id_: Id,
    full: Annotated[bool, Option("--full", help="With its whole history.")] = False,
) -> None:
    """Show a problem: its facts and tickets, measure, releases, what it cost, its history."""
    from deskterm.reports import problem_page

    with opened() as desk:
        page = desk.problems.page(number_of(id_))
    if output.chosen(call.output) in ("json", "jsonl"):
        output.one(problem_page.record(page), call.output)
        return
    output.prose(problem_page.head(page.view))
    for label, words in (*_tickets(page.view), *problem_page.facts(page)):
        output.prose(f"{label:<12}{words}")
    for at, line in enumerate(problem_page.cost_lines(page)):
        output.prose(f"{'Cost' if not at else '':<12}{line}")
    past = page.history if full else page.history[:HISTORY]
    for at, one in enumerate(past):
        label = "History" if not at else ""
        output.prose(f"{label:<12}{output.when(one.at)}  {one.actor}  {one.words}")
    if len(past) < len(page.history):
        output.prose(f"{'':<12}… {len(page.history) - len(past)} more: --full")


@noun.verb("new", "deskterm problem new 'VPN gateway hands out no routes' --ticket 12 --ticket 13")
@FACTS
def new(
    call: Call,
    title: Annotated[str, Argument(metavar="TITLE")],
    ticket: Annotated[list[str] | None, Option(help="A ticket of it; repeatable.")] = None,
    state: Annotated[str, Option(help="suspected, open, known_error …")] = "suspected",
) -> None:
    """Make a problem, with the tickets it explains."""
    values = {"title": title, "state": state, **_values(call)}
    with opened() as desk:
        tickets = [one for text in ticket or () for one in all_numbers(text)]
        tell_of(desk, desk.problems.new(values, tickets, how=asking(call)), call)


@noun.verb("set", "deskterm problem set P7 --state known_error --cause '…' --workaround '…'")
@FACTS
def set_(
    call: Call,
    id_: Id,
    title: Annotated[str | None, Option(help="What it is called.")] = None,
    state: Annotated[
        str | None,
        Option(help="suspected, open, known_error, fix_planned, released, verified, wont_fix"),
    ] = None,
) -> None:
    """Change what is known of a problem."""
    values = _values(call)
    values |= {k: v for k, v in (("title", title), ("state", state)) if v is not None}
    if not values:
        raise UsageError("what is to change? Name a fact, such as --workaround TEXT.")
    with opened() as desk:
        tell_of(desk, desk.problems.set(number_of(id_), values, how=asking(call)), call)


@noun.verb("link", "deskterm problem link 12 13 P7")
@targeting_across
def link(call: Call, to: Annotated[str, Option("--to", metavar="P7")] = "") -> int:
    """Put tickets under a problem, which is named last or by --to."""
    return _tie(call, to, off=False)


@noun.verb("unlink", "deskterm problem unlink 12 P7")
@targeting
def unlink(call: Call, from_: Annotated[str, Option("--from", metavar="P7")] = "") -> int:
    """Take tickets off a problem, which is named last or by --from."""
    return _tie(call, from_, off=True)


def _tie(call: Call, problem: str, *, off: bool) -> int:
    from deskterm.cli.change import report

    call, problem = problem_named(call, problem)
    if not problem:
        raise UsageError(f"which problem? Name it last, or by {'--from' if off else '--to'} P7.")
    with opened() as desk:
        found = numbers(desk, call.target, call.query)
        confirm(desk, found, call, "Unlink" if off else "Link")
        done = desk.problems.link(number_of(problem), found, off=off, how=asking(call, found))
        return report(desk, done, call, single=len(found) == 1)


@noun.verb("close", "deskterm problem close P7 --resolution 'The gateway is back.'")
@changing
def close(
    call: Call,
    id_: Id,
    as_: Annotated[str, Option("--as", help="verified or wont_fix")] = "verified",
    resolution: Annotated[
        str, Option(help="Solve its open tickets with this, told to each requester.")
    ] = "",
    reason: Annotated[
        str, Option(help="Close them too: why the customers' word is not needed.")
    ] = "",
    because: Annotated[
        str, Option(help="Why it will not be fixed, or what was released counts as verified.")
    ] = "",
) -> None:
    """End a problem and its announcement; with a resolution its open tickets are solved."""
    with opened() as desk:
        one = number_of(id_)
        many = desk.problems.show(one).open_tickets if resolution else ()
        told = desk.tickets.people_told(many)
        asked_first(
            desk, len(many), call, f"solving {len(many)} tickets ({told} people are written to)"
        )
        tell_of(
            desk, desk.problems.close(one, as_, resolution, reason, asking(call), because), call
        )


@noun.verb("bursts", "deskterm problem bursts -o json")
@reading
def bursts(call: Call) -> None:
    """List bursts under way: more like tickets than this hour of the week usually brings."""
    with opened() as desk:
        rows = [{**one._asdict(), "count": len(one.tickets)} for one in desk.problems.outbreaks()]
    columns = ("label", "count", "hours", "usual", "people", "title", "began")
    output.many(rows, columns, call.output)
    if not rows:
        say("No burst: nothing comes more often than usual.")


@noun.verb("queue", "deskterm problem queue --product Router -o csv")
@reading
def queue(
    call: Call,
    words: Annotated[list[str] | None, Argument(metavar="[WORDS]")] = None,
    product: Annotated[str, Option(help="Only what is a fault of this product.")] = "",
    group: Annotated[str, Option(help="Count only the tickets of this group.")] = "",
    org: Annotated[
        str, Option("--org", "--client", help="Count only the tickets of this client.")
    ] = "",
    markdown: Annotated[
        bool, Option("--markdown", help="As a Markdown table, for a tracker or a meeting.")
    ] = False,
) -> None:
    """Rank the problems by what they cost, with why; words keep those they fit.

    Each ticket weighs ½^(age / 30 days) × (1 + 2 for a new requester + 2 where a promise was
    missed + hours worked); times severity (1, 2, 4), divided by the hours of effort where
    estimated. What came back after its release stands on top. JSON has every term.
    """
    from deskterm.reports.queue_written import as_markdown, record

    facts = (("product", product), ("group", group), ("org", org))
    asked = [f'{name}:"{value}"' for name, value in facts if value]
    with opened() as desk:
        places = desk.problems.queue(" ".join([*(words or ()), *asked]))
    if markdown:
        output.text(as_markdown(places))
        return
    held = output.chosen(call.output) in ("json", "jsonl")
    rows = [record(number, one, terms=held) for number, one in enumerate(places, 1)]
    columns = ("place", "id", "title", "score", "count", "people", "missed", "share", "why")
    output.many(rows, columns, call.output)
    above = sum(one.above for one in places)
    if places:
        say(f"{above} of {len(places)} hold 80 % of the hurt.")


@noun.verb("incident", "deskterm problem incident --query 'vpn is:open' --title 'VPN is down'")
@targeting_across
def incident(
    call: Call,
    title: Annotated[str, Option(help="What it is.")],
    announce: Annotated[str, Option(help="What is said on every board.")] = "",
    urgent: Annotated[bool, Option("--urgent", help="Make all of them urgent.")] = False,
) -> None:
    """Make tickets one incident: a suspected problem, all linked, announced."""
    with opened() as desk:
        found = numbers(desk, call.target, call.query)
        confirm(desk, found, call, "Make one incident of")
        made = desk.problems.incident(found, title, announce, urgent=urgent, how=asking(call))
        tell_of(desk, made, call)


@noun.verb("owners", "deskterm problem owners P7 -o json")
@reading
def owners(call: Call, id_: Id) -> None:
    """List owners of devices that fit it by model, system and site, and who was told."""
    with opened() as desk:
        rows = [row._asdict() for row in desk.problems.owners(number_of(id_))]
    columns = ("person_id", "name", "address", "device", "reason", "status")
    output.many(rows, columns, call.output)
    if not rows:
        say("Nobody fits; `problem set P7 --model M --os S --site N` says what is affected.")


@noun.verb("tell", "deskterm problem tell P7 --dry-run")
@changing_with(ACROSS)
def tell(call: Call, id_: Id) -> None:
    """Tell these owners by letter, once each; who has a ticket of it or was told is left out."""
    with opened() as desk:
        one = number_of(id_)
        wanted = [row for row in desk.problems.owners(one) if not row.status and row.address]
        if call.dry_run:
            _would_tell(wanted, desk.problems.letter(one), call)
            return
        asked_first(desk, len(wanted), call, f"writing to {len(wanted)} people")
        tell_of(desk, desk.problems.tell(one, how=asking(call)), call)


def _would_tell(wanted: Sequence[OwnerRow], letter: str, call: Call) -> None:
    """Say who would be written to, and what."""
    people = [row._asdict() for row in wanted]
    if output.chosen(call.output) in ("json", "jsonl"):
        output.one({"letter": letter, "people": people}, call.output)
    else:
        output.many(people, ("person_id", "name", "address", "device"), call.output)
        say(letter)
    say(f"Nothing was changed; {len(people)} letters would be written.")


def _tickets(view: ProblemView) -> list[tuple[str, str]]:
    """Give its tickets, the open ones first."""
    seen = output.when(view.last_seen)
    many = f"{len(view.tickets)}, {len(view.open_tickets)} open, {view.people} people"
    ended = [one for one in view.tickets if one not in view.open_tickets]
    lines = [
        ("Tickets", f"{many}; last {seen}" if seen else many),
        ("Open", _numbers(view.open_tickets)),
        ("Ended", _numbers(ended)),
    ]
    return [(label, words) for label, words in lines if words]


def _numbers(tickets: Sequence[int]) -> str:
    more = f" and {len(tickets) - 20} more" if len(tickets) > 20 else ""
    return " ".join(f"#{one}" for one in tickets[:20]) + more


def _values(call: Call) -> dict[str, str]:
    given = {name: str(value) for name, value in call.own.items() if value is not None}
    for word, column in (("steps", "reproduction"), ("because", "reason")):
        if word in given:
            given[column] = given.pop(word)
    return given


def _record(row: Any) -> dict[str, Any]:
    return {**row._asdict(), "id": f"P{row.id}"}


def tell_of(desk: "Desk", done: Done, call: Call) -> None:
    """Tell what became of a problem; a dry run tells the changes."""
    one = done.of("problem")[0]
    kind = output.chosen(call.output)
    if done.dry:
        changes = [{"id": f"P{one}", **change._asdict()} for change in done.changes]
        output.many(changes, ("event", "field", "before", "after"), call.output)
        say(f"Nothing was changed; {done.letters} letters would be written.")
        return
    view = desk.problems.show(one)
    if kind in ("json", "jsonl"):
        record = {**view._asdict(), "operation": done.operation_id, "letters": done.letters}
        output.one(record, call.output)
    elif kind == "table":
        again = " (done before)" if done.repeated else ""
        output.prose(
            f"P{one} {view.title} · {state_words(view.state)} · {len(view.tickets)} tickets{again}"
        )
    else:
        output.text(f"P{one}")
    for note in done.notes:
        say(note)
    if done.letters:
        say(f"{done.letters} letter(s); `deskterm undo` takes it back.")
