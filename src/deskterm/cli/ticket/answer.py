"""`deskterm ticket reply`: `do`: an answer, also by a canned text; a macro."""

from pathlib import Path
from typing import Annotated

from deskterm.cli.change import Call, act, run, say_here, targeting
from deskterm.cli.given import said
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Option
from deskterm.cli.ticket import files
from deskterm.domain.errors import UsageError
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
        lambda desk, found, how: desk.means.texts.reply(found, text, more, kept, how),
        first=say_here,
    )


@targeting
def do(call: Call) -> int:
    """Run a macro on tickets as one operation: the last word is its name.

    On each ticket all of its steps are done, or none.
    """
    if not call.target:
        raise UsageError("which macro? `deskterm ticket do 12 NAME`, or -q QUERY NAME.")
    name = call.target[-1]
    return run(
        call._replace(target=call.target[:-1]),
        f"Do {name} to",
        lambda desk, found, how: desk.means.macros.do(found, name, how),
    )


def register(noun: Noun) -> None:
    """Add the verbs to `deskterm ticket`."""
    noun.verb("reply", "deskterm ticket reply 12 --body 'We are on it.'")(reply)
    noun.verb("do", "deskterm ticket do 12 13 reset-password --dry-run")(do)
