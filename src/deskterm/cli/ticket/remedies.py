"""`deskterm ticket offer`, `choose` and `remedies`: choices for customers (B6)."""

from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, act, reading, targeting
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.cli.targets import number as ticket_number
from deskterm.domain.errors import UsageError
from deskterm.domain.remedies import FORM, read_remedy, remedy_words
from deskterm.domain.verbs import Choose, Offer

_ONE = "remedies go with one ticket."


@targeting
def offer(
    call: Call,
    remedy: Annotated[
        list[str] | None,
        Option("--remedy", metavar="TEXT|TIME|COST|EFFECTS|visit", help="One way; repeat it."),
    ] = None,
    told: Annotated[bool, Option("--told", help="They know already: no letter.")] = False,
) -> int:
    """Offer remedies as numbered choices, each with duration, cost and side effects."""
    if not remedy:
        raise UsageError(f"what is offered? --remedy: {FORM}.")
    remedies = tuple(read_remedy(one) for one in remedy)
    return act(call, "Offer", Offer(remedies, told), one=_ONE)


@targeting
def choose(
    call: Call,
    choice: Annotated[int, Option("--remedy", metavar="N", help="Its number.")],
    by: Annotated[str, Option("--by", help="Who chose.")] = "customer",
    means: Annotated[str, Option("--how", help="by phone, by mail, in person …")] = "",
) -> int:
    """Record which remedy was chosen, by whom and how the consent was given."""
    return act(call, "Choose", Choose(choice, by, means), one=_ONE)


@reading
def remedies(
    call: Call, ticket: Annotated[str, Argument(metavar="TICKET", help="Its number.")]
) -> None:
    """Show what was last offered on a ticket, and what was chosen."""
    with opened() as desk:
        found = desk.solutions.offered(ticket_number(ticket))
    records = []
    for at, one in enumerate(found.remedies if found else (), 1):
        chosen = found is not None and found.chosen == at
        more = {"chosen_by": found.chosen_by, "how": found.how} if found and chosen else {}
        words = remedy_words(one)
        records.append({"number": at, "chosen": chosen, **one._asdict(), "words": words, **more})
    output.many(records, ("number", "chosen", "words"), call.output)


def register(noun: Noun) -> None:
    """Add the verbs to `deskterm ticket`."""
    example = "ticket offer 12 --remedy 'Repair it|30 min|free|a restart' --remedy 'New set|2 h'"
    noun.verb("offer", f"deskterm {example}")(offer)
    noun.verb("choose", "deskterm ticket choose 12 --remedy 2 --how 'by phone'")(choose)
    noun.verb("remedies", "deskterm ticket remedies 12")(remedies)
