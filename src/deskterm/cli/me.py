"""`deskterm me …` and `deskterm focus`: what you want to be told of, and when not."""

from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, changing, changing_with, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option, option
from deskterm.cli.record import changed
from deskterm.cli.session import opened
from deskterm.domain.asking import How
from deskterm.domain.errors import UsageError
from deskterm.domain.notice_rows import Focus, Wishes

noun = Noun("me", "Yourself: your address, and what you are told of.")
focus = Noun("focus", "Focus time.")
COLUMNS = ("login", "name", "email", "notify", "mail", "focus_until")


@noun.verb("show", "deskterm me show")
@reading
def show(call: Call) -> None:
    """Show your address, what you are told of and how."""
    with opened() as desk:
        wishes = desk.attention.show()
    output.one(_record(wishes), call.output, columns=COLUMNS)


def _record(wishes: Wishes) -> dict[str, object]:
    until = wishes.focus.until if wishes.focus else None
    return {**wishes._asdict(), "focus_until": until}


@noun.verb("set", "deskterm me set --email cy@example.org --notify assigned,replied --mail digest")
@changing
def set_(
    call: Call,
    name: Annotated[str | None, Option(help="Your full name.")] = None,
    email: Annotated[str | None, Option(help="Where notices go by mail.")] = None,
    notify: Annotated[
        str | None, Option(help="Kinds with commas between, or default, or none.")
    ] = None,
    mail: Annotated[str | None, Option(help="at-once, digest or none")] = None,
) -> None:
    """Set your name and address, what you are told of, and whether by mail."""
    given = {"name": name, "email": email, "notify": notify, "mail": mail}
    values = {key: value for key, value in given.items() if value is not None}
    if not values:
        raise UsageError("nothing to set: say --name, --email, --notify or --mail.")
    changed(call, lambda desk, how: desk.attention.wish(values, how), "Kept")


@focus.verb("", "deskterm focus 1h --reason 'the migration'")
@changing_with(option("reason", str, "", "--reason", help="Colleagues see it."))
def focus_(
    call: Call,
    until: Annotated[str | None, Argument(metavar="[UNTIL]", help="1h, 15:30, or end")] = None,
) -> None:
    """Begin focus time, or end it; without a time: tell whether it is on.

    News that is not urgent waits until it is over; urgent news does not.
    """
    with opened() as desk:
        how = How(call.op, call.dry_run)
        if until == "end":
            desk.attention.end(how)
        elif until is not None:
            desk.attention.begin(until, call.text("reason"), how)
        now = desk.attention.focus()
    if output.chosen(call.output) in ("json", "jsonl"):
        output.one({"focus": now._asdict() if now else None}, call.output)
    else:
        say(_words(now))


def _words(now: Focus | None) -> str:
    if now is None:
        return "No focus time."
    reason = f": {now.reason}" if now.reason else ""
    return f"Focus until {now.until.astimezone():%H:%M}{reason}."
