"""`deskterm offer …`: what is promised, to whom and since when; published for its customers."""

from pathlib import Path
from typing import Annotated

from deskterm import disk
from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Option
from deskterm.cli.records import register
from deskterm.cli.session import opened
from deskterm.domain.record_table import RECORDS

noun = Noun("offer", RECORDS["offer"].about)


@noun.verb("publish", "deskterm offer publish --to offer.md")
@reading
def publish(
    call: Call,
    to: Annotated[
        Path | None, Option("--to", metavar="FILE", help="Write it there; else it is printed.")
    ] = None,
    organisation: Annotated[
        str, Option("--organisation", metavar="NAME", help="With the contracts of that client.")
    ] = "",
) -> None:
    """Give the offer that is in force today as Markdown, in the customers' words.

    Contracts are in it only for the client they are with.
    """
    with opened() as desk:
        text = desk.offers.markdown(organisation)
    if to is None:
        if output.chosen(call.output) in ("json", "jsonl"):
            output.one({"markdown": text}, call.output, columns=("markdown",))
        else:
            output.prose(text)
        return
    disk.write(to, text.encode(), replace=True, mode=0o644)
    say(f"The offer is in {to}.")


register(noun)
