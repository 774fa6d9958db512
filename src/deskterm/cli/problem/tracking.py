"""`deskterm problem track`: a problem in an outside tracker, told, read, taken over."""

from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, asking, changing
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.domain.errors import UsageError
from deskterm.domain.problems import number_of

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk
    from deskterm.domain.asking import How
    from deskterm.domain.rows import Done

_COLUMNS = ("id", "tracker", "ref", "state", "fixed_in", "url", "proposed")


def register(noun: Noun) -> None:
    """Add the verb to the noun."""
    noun.verb("track", "deskterm problem track P7 --now")(track)


@changing
def track(
    call: Call,
    id_: Annotated[str, Argument(metavar="P7")],
    at: Annotated[str, Option("--at", metavar="TRACKER", help="Which; else the only one.")] = "",
    ref: Annotated[str, Option("--ref", help="It is there already, under this number.")] = "",
    comment: Annotated[str, Option("--comment", help="Say something to the developers.")] = "",
    update: Annotated[bool, Option("--update", help="Tell its words as they are now.")] = False,
    take: Annotated[
        bool, Option("--take", help="Change the problem as the tracker says: fixed in, state.")
    ] = False,
    off: Annotated[bool, Option("--off", help="Follow it there no more.")] = False,
    now: Annotated[bool, Option("--now", help="Ask the tracker at once, not by the jobs.")] = False,
) -> int:
    """Open a problem in an outside tracker and follow it there, or show how it stands.

    What leaves is checked for names of people and machines; --yes sends it all the same.
    """
    given = {"--ref": ref, "--comment": comment, "--update": update, "--take": take, "--off": off}
    wanted = [word for word, value in given.items() if value]
    if len(wanted) > 1:
        raise UsageError(f"one thing at a time: {' or '.join(wanted)}.")
    problem = number_of(id_)
    with opened() as desk:
        if wanted or not desk.trackers.of(problem):
            texts = (at, ref, comment)
            done = _asked(desk, problem, (wanted or [""])[0], texts, asking(call), call.yes)
            if done.dry:
                return _dry(done, call)
        ran = desk.trackers.ask_now(problem) if now else None
        found = desk.trackers.of(problem)
        queued = desk.trackers.queue.rows(problem=problem)
    rows = [
        {
            **one.tracked._asdict(),
            "id": f"P{problem}",
            "proposed": dict(one.proposal.values) if one.proposal else {},
            "comments": list(one.heard),
        }
        for one in found
    ]
    output.many(rows, _COLUMNS, call.output)
    for one in found:
        if one.proposal:
            say(f"{one.proposal.why}: `deskterm problem track P{problem} --take` takes it over.")
    for row in queued:
        say(f"{row.kind} {row.tracker}: {row.error or 'waits for the jobs; --now asks at once'}")
    return 1 if ran is not None and (ran.failed or ran.later) else 0


def _asked(
    desk: "Desk", problem: int, what: str, texts: tuple[str, str, str], how: "How", yes: bool
) -> "Done":
    """Do the one thing that is asked for."""
    at, ref, comment = texts
    trackers = desk.trackers
    if what == "--comment":
        return trackers.comment(problem, comment, at, yes=yes, how=how)
    if what == "--update":
        return trackers.update(problem, at, yes=yes, how=how)
    if what == "--take":
        return trackers.take(problem, at, how)
    if what == "--off":
        return trackers.leave(problem, at, how)
    return trackers.track(problem, at, ref, yes=yes, how=how)


def _dry(done: "Done", call: Call) -> int:
    output.many(
        [one._asdict() for one in done.changes], ("event", "field", "before", "after"), call.output
    )
    say("Nothing was changed, and nothing was said.")
    return 0
