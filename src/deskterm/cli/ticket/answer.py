"""`deskterm ticket reply`: an answer, in one's own words or by a canned text."""

from pathlib import Path
from typing import Annotated

from deskterm.cli.change import Call, act, run, say_here, targeting
from deskterm.cli.given import said
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Option
from deskterm.cli.ticket import files
from deskterm.domain.verbs import Reply

Attach = Annotated[list[Path] | None, Option("--attach", help="A file to keep with it.")]


@targeting
def reply(
    call: Call,
    body: Annotated[str, Option("--body", metavar="TEXT|-", help="The text; - for stdin.")] = "",
    text: Annotated[str, Option("--text", metavar="NAME", help="A canned text first.")] = "",
    attach: Attach = None,
) -> int:
    """Answer the requester; everybody who watches reads it too.

    `--text` fills a canned text in for each ticket, in the language of its requester.
    """
    kept = tuple(files(attach or []))
    if not text:
        return act(call, "Reply to", Reply(said(body), kept), first=say_here)
    more = said(body)
    return run(
        call,
        "Reply to",
        lambda desk, found, how: desk.texts.reply(found, text, more, kept, how),
        first=say_here,
    )


def register(noun: Noun) -> None:
    """Add the verb to `deskterm ticket`."""
    noun.verb("reply", "deskterm ticket reply 12 --body 'We are on it.'")(reply)
