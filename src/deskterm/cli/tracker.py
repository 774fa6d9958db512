"""`deskterm tracker …`: what waits to be asked of outside trackers, and the shipped ones."""

import sys
from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, asking, changing, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.domain import clock
from deskterm.domain.errors import UsageError
from deskterm.domain.mail_rows import letter_stands

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk
    from deskterm.domain.rows import Done
    from deskterm.domain.trackers import ErrandRow
    from deskterm.services.trackers.adapters.issues import Issues

noun = Noun("tracker", "Outside trackers: what waits to be asked, and programs that ask.")
_QUEUE = ("id", "problem", "tracker", "kind", "state", "stands", "error")
Numbers = Annotated[list[str] | None, Argument(metavar="[ID...]", help="Errands.")]
Token = Annotated[
    str, Option("--token", metavar="COMMAND", help="A command that prints the token.")
]
Address = Annotated[str, Option("--url", help="Address of its API; else the public one.")]
CaFile = Annotated[str, Option("--ca-file", help="Certificates to trust instead of the system's.")]

Close = Annotated[
    bool,
    Option("--close", help="Close the issue when its problem ends, open it when it goes on."),
]


@noun.verb("list", "deskterm tracker list")
@reading
def list_(call: Call) -> None:
    """List the trackers that this machine can ask or that have problems of the desk."""
    with opened() as desk:
        known, commands = desk.trackers.names(), desk.trackers.commands
        paused = desk.trackers.queue.standing().paused
    rows = [
        {
            "name": name,
            "problems": many,
            "here": name in commands,
            "trouble": next((one for one in paused if one.startswith(f"{name}:")), ""),
        }
        for name, many in known.items()
    ]
    output.many(rows, ("name", "problems", "here", "trouble"), call.output)
    if not rows:
        say("No tracker is known; see `deskterm tracker github --help`.")


@noun.verb("queue", "deskterm tracker queue --failed")
@reading
def queue(
    call: Call,
    failed: Annotated[bool, Option("--failed", help="Only those that failed.")] = False,
    all_: Annotated[
        bool, Option("--all", help="Also those that are done or were stopped.")
    ] = False,
) -> None:
    """List what waits to be asked of trackers or failed: until when, and why."""
    with opened() as desk:
        rows = desk.trackers.queue.rows(done=all_, failed=failed)
        paused = desk.trackers.queue.standing().paused
    output.many((_record(row) for row in rows), _QUEUE, call.output)
    for sentence in paused:
        say(f"Left alone for a while: {sentence}.")


@noun.verb("run", "deskterm tracker run")
@reading
def run(call: Call) -> int:
    """Ask the trackers what is due now, as the jobs do."""
    with opened() as desk:
        ran = desk.trackers.run()
        why = desk.trackers.queue.standing().why
    output.one(ran._asdict(), call.output)
    if ran.failed or ran.later:
        say(f"deskterm: {why or 'see `deskterm tracker queue`'}")
    return 1 if ran.failed else 0


@noun.verb("retry", "deskterm tracker retry")
@changing
def retry(call: Call, errand: Numbers = None) -> None:
    """Ask again, at once, what failed or waits for another try; all of it where none is named."""
    with opened() as desk:
        _told(desk, desk.trackers.queue.retry(_numbers(errand), asking(call)), call)


@noun.verb("withdraw", "deskterm tracker withdraw 17")
@changing
def withdraw(call: Call, errand: Numbers = None) -> None:
    """Stop what was not asked yet; `deskterm undo` puts it back."""
    numbers = _numbers(errand)
    if not numbers:
        raise UsageError("name at least one errand; `deskterm tracker queue` shows them.")
    with opened() as desk:
        _told(desk, desk.trackers.queue.withdraw(numbers, asking(call)), call)


@noun.verb("github", "deskterm tracker github acme/router --token 'pass show github'")
@reading
def github(
    call: Call,
    repository: Annotated[str, Argument(metavar="OWNER/REPOSITORY")],
    token: Token,
    url: Address = "",
    ca_file: CaFile = "",
    close: Close = False,
) -> None:
    """Speak for GitHub, Gitea or Forgejo: JSON lines in and out, issues of one repository.

    It is a tracker of this machine once `deskterm settings set trackers.NAME` names this command.
    """
    from deskterm.services.trackers.adapters.issues import GitHub

    del call
    _speak(GitHub(repository, _printed(token), url, ca_file, close=close))


@noun.verb("gitlab", "deskterm tracker gitlab acme/router --token 'pass show gitlab'")
@reading
def gitlab(
    call: Call,
    project: Annotated[str, Argument(metavar="GROUP/PROJECT")],
    token: Token,
    url: Address = "",
    ca_file: CaFile = "",
    close: Close = False,
) -> None:
    """Speak for GitLab: JSON lines in and out, issues of one project."""
    from deskterm.services.trackers.adapters.issues import GitLab

    del call
    _speak(GitLab(project, _printed(token), url, ca_file, close=close))


def _speak(tracker: "Issues") -> None:
    from deskterm.services.trackers.adapters.issues import answers

    for line in answers(tracker, sys.stdin):
        output.text(line)
        sys.stdout.flush()


def _printed(command: str) -> str:
    """Give the token; raises UsageError where its command fails, without what it printed."""
    import subprocess

    from deskterm.services.mailboxes.secret import run as printed

    try:
        token = printed(command, seconds=30).strip()
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise UsageError(
            f"the command of --token failed ({type(error).__name__}): run it by hand to see why."
        ) from None
    if not token.isascii() or not token.isprintable() or not token:
        raise UsageError("the command of --token prints no token.")
    return token


def _told(desk: "Desk", done: "Done", call: Call) -> None:
    numbers = done.of("errand")
    rows = {row.id: row for row in desk.trackers.queue.rows(done=True, limit=10_000)}
    records = [_record(rows[one]) for one in numbers if one in rows]
    output.many(records, _QUEUE, call.output)
    if done.dry:
        say(f"Nothing was changed; {len(numbers)} errand(s) would be.")
    elif not numbers:
        say("Nothing has failed.")


def _record(row: "ErrandRow") -> dict[str, object]:
    stands = letter_stands(row, clock.now())
    return {**row._asdict(), "problem": f"P{row.problem_id}", "stands": stands}


def _numbers(texts: list[str] | None) -> list[int]:
    for text in texts or ():
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise UsageError(f"{text[:40]!r} is no errand's number; see `deskterm tracker queue`.")
    return [int(text) for text in texts or ()]
