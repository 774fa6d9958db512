"""`deskterm text|checklist|recurring|verb|hook`: what is done every day, as records and in use."""

from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, act, asking, changing, reading, report, targeting
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.records import register
from deskterm.cli.session import opened
from deskterm.cli.targets import agree, number
from deskterm.domain import clock
from deskterm.domain.checklists import DONE, GONE, OPEN, PutList, Tick
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.means import MARK

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk
    from deskterm.domain.means import Outcome
    from deskterm.services.hooks import Hook

text = Noun("text", "Canned texts: inserted by a short name while somebody writes.")


@text.verb("fit", "deskterm text fit 12")
@reading
def fit_texts(call: Call, ticket: Annotated[str, Argument(metavar="ID")]) -> None:
    """List the texts that fit a ticket, filled in for it, the most used first."""
    with opened() as desk:
        found = desk.means.texts.for_ticket(number(ticket))
    rows = [one._asdict() | {"short": f"{MARK}{one.short}"} for one in found]
    output.many(rows, ("short", "name", "words", "missing"), call.output)


register(text)


checklist = Noun("checklist", "Items on tickets: put on, ticked, required before solving.")


@checklist.verb("of", "deskterm checklist of 12")
@reading
def items_of(call: Call, ticket: Annotated[str, Argument(metavar="ID")]) -> None:
    """List the items of a ticket: what is open, who did what and when."""
    with opened() as desk:
        found = desk.means.checklists.of(number(ticket))
    columns = ("number", "text", "checklist", "required", "done_by", "done_at")
    output.many([one._asdict() for one in found], columns, call.output)


@checklist.verb("put", "deskterm checklist put 12 --list 'New laptop' --item 'Ask for the colour'")
@targeting
def put_items(
    call: Call,
    list_: Annotated[str, Option("--list", metavar="NAME", help="A checklist.")] = "",
    item: Annotated[list[str] | None, Option(help="An item for these tickets alone.")] = None,
) -> int:
    """Put a checklist, or items, on tickets; what they have already is not put on twice."""
    return act(call, "Put items on", PutList(list_, tuple(item or [])))


@checklist.verb("tick", "deskterm checklist tick 12 2")
@changing
def tick_item(
    call: Call,
    ticket: Annotated[str, Argument(metavar="ID")],
    item: Annotated[str, Argument(metavar="ITEM")],
    open_: Annotated[bool, Option("--open", help="It is open again.")] = False,
    gone: Annotated[bool, Option("--gone", help="It is not wanted on this ticket.")] = False,
) -> int:
    """Say of an item of a ticket that it is done, open again, or not wanted here."""
    if open_ and gone:
        raise UsageError("--open or --gone: an item that is taken off cannot be open.")
    status = OPEN if open_ else GONE if gone else DONE
    return act(call._replace(target=[ticket]), "Tick on", Tick(number(item), status))


register(checklist)


recurring = Noun("recurring", "Tickets that are opened again and again by a rule.")


@recurring.verb("dates", "deskterm recurring dates backup-check --limit 6")
@reading
def dates_of(
    call: Call,
    name: Annotated[str, Argument(metavar="NAME")],
    limit: Annotated[int, Option(min=1, max=366, help="So many.")] = 12,
) -> None:
    """Show the dates of a rule: those done with their ticket, and the next ones."""
    with opened() as desk:
        row = desk.records.show("recurring", name)
        found = desk.means.recurring.dates(row["id"], limit)
    output.many([one._asdict() for one in found], ("day", "due", "ticket"), call.output)


@recurring.verb("run", "deskterm recurring run --dry-run")
@changing
def open_due(call: Call) -> None:
    """Open what is due now, as the jobs do once a minute; what is done is never done twice."""
    with opened() as desk:
        if call.dry_run:
            rows = [
                {"name": name, "due": due, "missed": missed}
                for name, due, missed in desk.means.recurring.waiting(clock.now())
            ]
            output.many(rows, ("name", "due", "missed"), call.output)
            return
        many = desk.means.recurring.open_due(clock.now())
    say(f"{many} ticket(s) opened.")


register(recurring)


verb = Noun("verb", "Verbs of the desk's own: a program, the ticket as JSON.")


@verb.verb("run", "deskterm verb run draft 12")
@changing
def run_verb(
    call: Call,
    name: Annotated[str, Argument(metavar="NAME")],
    ticket: Annotated[str, Argument(metavar="ID")],
) -> int:
    """Run a verb on a ticket: its program gets the ticket as JSON on standard input.

    What it says becomes an internal note, the draft of an answer (nothing is sent), or values.
    The command is shown first. With --dry-run it runs, and its words are only shown.
    """
    with opened() as desk:
        one = number(ticket)
        verb = desk.means.verbs.ready(name)
        agree(f"It runs here, with #{one} as JSON: {verb.shown}", call, needed=True)
        outcome = desk.means.verbs.run(name, one)
        if outcome.request is None and call.dry_run:
            _words(outcome, call)
            return 0
        done = desk.means.verbs.take(outcome, asking(call))
        if done is None:
            say(f"#{one}: kept as the draft of your answer; `r` on the ticket shows it.")
            _words(outcome, call)
            return 0
        return report(desk, done, call, single=True)


def _words(outcome: "Outcome", call: Call) -> None:
    if output.chosen(call.output) not in ("json", "jsonl"):
        output.prose(outcome.said)
        return
    row = outcome.row
    told = {"ticket": outcome.ticket, "verb": row.name, "gives": row.gives, "said": outcome.said}
    output.one(told, call.output)


register(verb)


hook = Noun("hook", "Programs of this machine: asked before a change, told after it.")
_HOOK = ("name", "when", "verb", "trouble", "waiting", "failed", "error")


def _hooks(desk: "Desk") -> "list[Hook]":
    from deskterm.services.hooks import hooks_in

    folder = str(desk.settings["hooks"])
    if not folder:
        raise RefusedError(
            "hooks are off on this machine: name their folder in its settings "
            '(`deskterm settings edit`: hooks = "/etc/deskterm/hooks").'
        )
    return hooks_in(folder)


@hook.verb("list", "deskterm hook list")
@reading
def list_hooks(call: Call) -> None:
    """List the hooks of this machine, what waits to be told and what was given up."""
    from deskterm.storage import hook_runs

    with opened() as desk:
        found = _hooks(desk)
        with desk.store.reading() as database:
            stands = hook_runs.standing(database)
    rows = [
        {
            **one._asdict(),
            **dict(zip(_HOOK[4:], stands.get(one.name, (0, 0, "")), strict=True)),
        }
        for one in found
    ]
    output.many(rows, _HOOK, call.output)
    if not rows:
        say("The folder holds no hooks: files named before, before-close, after, after-solve …")


@hook.verb("check", "deskterm hook check 12 --verb close")
@reading
def check_hooks(
    call: Call,
    ticket: Annotated[str, Argument(metavar="ID")],
    verb: Annotated[str, Option(help="Which change they are asked about.")] = "note",
) -> int:
    """Ask the hooks about a change of a ticket that is not made; exit 5 where one refuses."""
    from deskterm.services.hooks import BEFORE, refusal
    from deskterm.services.hooks import call as ask

    with opened() as desk:
        view = desk.tickets.show(number(ticket))
        given = {"actor": desk.me, "request": {"do": verb}, "ticket": view}
        rows = [
            {"name": one.name, "answer": refusal(one, ask(one, given)) or "goes on"}
            for one in _hooks(desk)
            if one.fits(BEFORE, verb)
        ]
    output.many(rows, ("name", "answer"), call.output)
    return 5 if any(row["answer"] != "goes on" for row in rows) else 0
