"""`deskterm ticket callback` and `callbacks`: calls promised to customers (B5)."""

from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, act, reading, targeting
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Option
from deskterm.cli.session import opened
from deskterm.domain.asking import Request
from deskterm.domain.errors import UsageError
from deskterm.domain.verbs import CallBack, EndCall, MoveCall

COLUMNS = ("ticket_id", "at", "owner", "requester", "phone", "note", "subject", "ticket_state")


@targeting
def callback(
    call: Call,
    at: Annotated[str, Option("--at", metavar="WHEN", help="14:00, tomorrow, 3d …")] = "",
    note: Annotated[str, Option(help="What about.")] = "",
    to: Annotated[str | None, Option("--to", metavar="LOGIN", help="Who calls.")] = None,
    move: Annotated[str, Option("--move", metavar="WHEN", help="To another time.")] = "",
    done: Annotated[bool, Option("--done", help="The call was made.")] = False,
    cancel: Annotated[bool, Option("--cancel", help="It is not wanted any more.")] = False,
) -> int:
    """Promise a call-back, also after the ticket is closed; say when it was made."""
    if sum(map(bool, (at, move, done, cancel))) != 1:
        raise UsageError("say one of --at WHEN, --move WHEN, --done or --cancel.")

    asked: Request = EndCall(done, note)
    if at:
        asked = CallBack(at, note, to or "")
    elif move:
        asked = MoveCall(move, note)
    return act(call, "Call back", asked)


@reading
def callbacks(
    call: Call,
    mine: Annotated[bool, Option("--mine", help="Your own only.")] = False,
    due: Annotated[bool, Option("--due", help="Those whose time has come.")] = False,
) -> None:
    """List the call-backs that are promised and not made, the earliest first."""
    with opened() as desk:
        rows = desk.board.call_backs(due=due, everybody=not mine)
    output.many((row._asdict() for row in rows), COLUMNS, call.output)


def register(noun: Noun) -> None:
    """Add the verbs to `deskterm ticket`."""
    noun.verb("callback", "deskterm ticket callback 12 --at 14:00 --note 'Does it hold?'")(callback)
    noun.verb("callbacks", "deskterm ticket callbacks --due")(callbacks)
