"""`deskterm ticket approve|refuse`: what an approver has told a technician (A7)."""

from typing import Annotated

from deskterm.cli.change import Call, act, targeting
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Option
from deskterm.domain.verbs import Decide

By = Annotated[str, Option(metavar="WHO", help="Who decided; default: whose it is.")]
Reason = Annotated[str, Option("--reason", help="Why; the requester reads it.")]


@targeting
def approve(call: Call, by: By = "", reason: Reason = "") -> int:
    """Write down that the approval or budget was granted; the requester is told."""
    return act(call, "Approve", Decide(True, reason, by))


@targeting
def refuse(call: Call, by: By = "", reason: Reason = "") -> int:
    """Write down that the approval or budget was refused; the requester is told why."""
    return act(call, "Refuse", Decide(False, reason, by))


def register(noun: Noun) -> None:
    """Add the verbs to `deskterm ticket`."""
    noun.add(
        ("approve", approve, "approve 12 --by 'Bo Lind' --reason 'By phone.'"),
        ("refuse", refuse, "refuse 12 --reason 'No budget this year.'"),
    )
