"""The verbs of `deskterm ticket` that change tickets; each makes one request."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from deskterm.cli import ticket as words
from deskterm.cli.change import Call, act, asking, changing, report, say_here, targeting
from deskterm.cli.change import targeting_across as across
from deskterm.cli.given import said
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.cli.targets import agree, can_ask, number, problem_named, unseen_first
from deskterm.domain.errors import UsageError
from deskterm.domain.problems import number_of as problem_number
from deskterm.domain.questions import Allow, Decline
from deskterm.domain.verbs import (
    Assign,
    Cancel,
    Change,
    Close,
    Confirm,
    Escalate,
    Finish,
    HandBack,
    Join,
    Link,
    Mark,
    Merge,
    Note,
    Reopen,
    Resume,
    Solve,
    Split,
    Take,
    Unlink,
    Verify,
    Wait,
    Watch,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from deskterm.bootstrap import Desk

Body = Annotated[str, Option("--body", metavar="TEXT|-", help="The text, or - for stdin.")]
Attach = Annotated[list[Path] | None, Option("--attach", help="A file to keep with it.")]
_HEARS = "Who hears of it from now on."
_NO_MORE = "Who hears of it no more."
Reason = Annotated[str, Option("--reason", help="Why.")]


@targeting
def take(call: Call) -> int:
    """Take tickets: you are their owner. Who else has one open is said on stderr."""
    return act(call, "Take", Take(), first=say_here)


@targeting
def assign(
    call: Call,
    to: Annotated[str, Option("--to", metavar="LOGIN|me|none", help="The new owner.")],
) -> int:
    """Give tickets to a technician, or to nobody."""
    return act(call, "Assign", Assign(to))


@changing
def next_(
    call: Call,
    query: Annotated[list[str] | None, Argument(metavar="[QUERY]")] = None,
    any_group: Annotated[
        bool, Option("--any-group", help="Also from groups that are not yours.")
    ] = False,
) -> int:
    """Take the ticket that is next for you, and say why: the board's order, your groups first."""
    with opened() as desk:
        done = desk.tickets.next(" ".join(query or []), asking(call), anywhere=any_group)
        return report(desk, done, call, single=True)


@targeting
def note(call: Call, body: Body, attach: Attach = None) -> int:
    """Add an internal note; nobody outside can read it."""
    return act(call, "Note", Note(said(body), tuple(words.files(attach or []))))


@across
def set_(
    call: Call,
    subject: Annotated[str | None, Option(help="One line.")] = None,
    problem: Annotated[str | None, Option(help="What the problem is.")] = None,
    reproduction: Annotated[str | None, Option(help="The steps that lead to it.")] = None,
    reproduced: Annotated[
        bool | None, Option("--reproduced/--not-reproduced", help="Whether you saw it too.")
    ] = None,
    urgent: Annotated[bool | None, Option("--urgent/--not-urgent")] = None,
    people: Annotated[int | None, Option(min=1, max=1_000_000, help="How many.")] = None,
    cannot_work: Annotated[bool | None, Option("--cannot-work/--can-work")] = None,
    by: Annotated[
        str | None, Option("--by", metavar="WHEN", help="When it is needed; '' for no time.")
    ] = None,
    category: Annotated[str | None, Option(help="Its path; '' for none.")] = None,
    service: Annotated[str | None, Option(help="'' for none.")] = None,
    group: Annotated[str | None, Option(help="'' for none.")] = None,
    device: Annotated[str | None, Option(help="'' for none.")] = None,
    from_: Annotated[str | None, Option("--from", help="The right requester.")] = None,
    field: Annotated[list[str] | None, Option(metavar="K=V", help="Repeat for more.")] = None,
    needs: Annotated[str | None, Option(help="budget, approval or nothing.")] = None,
    approver: Annotated[
        str | None, Option(metavar="WHO", help="Who must approve; they get a letter.")
    ] = None,
) -> int:
    """Correct facts of tickets; the right requester (--from) is confirmed by naming them."""
    asked = Change(
        subject=subject,
        problem=problem,
        reproduction=reproduction,
        reproduced=reproduced,
        urgent=urgent,
        people=people,
        cannot_work=cannot_work,
        needed_by=by,
        category=category,
        service=service,
        group=group,
        device=device,
        requester=from_,
        needs=needs,
        approver=approver,
        fields=words.pairs(field or []),
    )
    if asked == Change():
        raise UsageError("what shall be set? Give an option such as --category or --urgent.")
    return act(call, "Change", asked)


@across
def watch(
    call: Call,
    add: Annotated[list[str] | None, Option("--add", metavar="WHO", help=_HEARS)] = None,
    drop: Annotated[list[str] | None, Option("--drop", metavar="WHO", help=_NO_MORE)] = None,
) -> int:
    """Let people hear of tickets from now on, or no more."""
    return act(call, "Change who hears of", Watch(tuple(add or ()), tuple(drop or ())))


@targeting
def confirm(call: Call) -> int:
    """Say that the requester read out of a forwarded mail is right; now they are written to."""
    return act(call, "Confirm the requester of", Confirm())


@targeting
def allow(call: Call) -> int:
    """Do what mails on tickets ask for without proof: reopen, let the people named hear of it."""
    return act(call, "Allow what is asked on", Allow())


@targeting
def decline(call: Call) -> int:
    """Leave tickets as they are, whatever the mails on them ask for without proof."""
    return act(call, "Decline what is asked on", Decline())


@changing
def step(
    call: Call,
    target: Annotated[list[str], Argument(metavar="TARGET STEP")],
    done: Annotated[bool, Option("--done", help="It is done (the default).")] = False,
    skip: Annotated[bool, Option("--skip", help="It is skipped; say why.")] = False,
    reason: Reason = "",
    by: Annotated[str | None, Option(help="Who did it; default: you.")] = None,
    query: Annotated[str | None, Option("--query", "-q", metavar="Q")] = None,
    if_version: Annotated[int | None, Option("--if-version", metavar="N")] = None,
) -> int:
    """Mark one of the nine steps done or skipped: greet classify state reproduce propose …"""
    if done and skip:
        raise UsageError("a step is done or skipped, not both.")
    full = call._replace(target=target[:-1], query=query, if_version=if_version)
    status = "skipped" if skip else "done"
    return act(full, "Mark", Mark(target[-1], status, reason, by or ""))


@targeting
def wait(
    call: Call,
    for_: Annotated[str, Option("--for", help="customer, approval or other.")],
    until: Annotated[str | None, Option(help="3d, tomorrow, friday, 2026-12-24 …")] = None,
    reason: Reason = "",
) -> int:
    """Let tickets wait; waiting for the customer or an approval is told to them."""
    return act(call, "Let wait", Wait(for_, until or "", reason))


@targeting
def resume(call: Call, reason: Reason = "") -> int:
    """Go on with tickets that wait."""
    return act(call, "Resume", Resume(reason))


@targeting
def escalate(
    call: Call,
    group: Annotated[str, Option(help="The group that takes over.")],
    summary: Annotated[str, Option(metavar="TEXT|-", help="What they must know.")] = "",
    action: Annotated[list[str] | None, Option(help="A suggested next action.")] = None,
) -> int:
    """Hand tickets to another group with a summary and suggested actions."""
    asked = Escalate(group, said(summary), tuple(action or ()))
    return act(call, "Escalate", asked, first=unseen_first(call, group))


@targeting
def hand_back(
    call: Call,
    body: Annotated[str, Option("--body", metavar="TEXT|-", help="What was found.")] = "",
) -> int:
    """Give escalated tickets back to whoever escalated them."""
    return act(call, "Hand back", HandBack(said(body)))


@across
def solve(
    call: Call,
    resolution: Annotated[str, Option(metavar="TEXT|-", help="How it was solved.")],
    solution: Annotated[str | None, Option(metavar="S", help="The solution used.")] = None,
) -> int:
    """Say that the work is done, and how."""
    used = number(solution.removeprefix("S")) if solution else None
    return act(call, "Solve", Solve(said(resolution), used))


@targeting
def verify(
    call: Call,
    by: Annotated[str, Option(help="craft or customer.")],
    result: Annotated[str, Option(help="ok, failed or waived.")],
    reason: Reason = "",
) -> int:
    """Record a verification: by whoever did the work, or by the customer."""
    return act(call, "Verify", Verify(by, result, reason))


@targeting
def close(
    call: Call,
    as_: Annotated[str, Option("--as", help="solved, unsolved, recorded, duplicate or spam.")],
    reason: Reason = "",
    of: Annotated[str, Option("--of", metavar="ID", help="The ticket it is a duplicate of.")] = "",
    problem: Annotated[
        str, Option(metavar="P7", help="The problem it is recorded in: it will be fixed.")
    ] = "",
    until: Annotated[
        str, Option(metavar="WHEN", help="The day by which they are told it will be fixed.")
    ] = "",
) -> int:
    """Close tickets; as solved only when both have verified it, or with a named reason.

    As recorded (--problem P7) the requester is told that it will be fixed, and hears again.
    """
    recorded = problem_number(problem) if problem else 0
    asked = Close(as_, reason, number(of) if of else 0, recorded, until)
    return act(call, "Close", asked, first=_visits_stay(call))


@targeting
def finish(
    call: Call,
    resolution: Annotated[str, Option(metavar="TEXT|-", help="How it was solved.")] = "",
    reason: Annotated[str, Option(help="Why the customer's word is not needed.")] = "",
    said_yes: Annotated[
        bool, Option("--said-yes", help="The customer told you that it works.")
    ] = False,
    untested: Annotated[
        str, Option(metavar="WHY", help="Why you did not test it; default: you did.")
    ] = "",
) -> int:
    """Solve, verify and close in one go, with the customer's word or a reason to do without."""
    asked = Finish(said(resolution), reason, said_yes=said_yes, untested=untested)
    return act(call, "Finish", asked, first=_visits_stay(call))


@targeting
def reopen(call: Call, reason: Reason) -> int:
    """Open solved, closed or cancelled tickets again."""
    return act(call, "Reopen", Reopen(reason))


@targeting
def cancel(call: Call, reason: Reason) -> int:
    """Cancel tickets whose work is not wanted any more."""
    return act(call, "Cancel", Cancel(reason), first=_visits_stay(call))


def _visits_stay(call: Call) -> "Callable[[Desk, Sequence[int]], None]":
    """Ask where visits would stay agreed on; who is not there to be asked is told afterwards."""

    def ask(desk: "Desk", found: "Sequence[int]") -> None:
        said = desk.visits.left(found) if can_ask(call) else ()
        agree(" ".join(said).removesuffix("."), call, needed=bool(said))

    return ask


@across
def link(
    call: Call,
    to: Annotated[str, Option("--to", metavar="ID", help="The other ticket, or P7.")] = "",
    kind: Annotated[str, Option(help="related, child, duplicate or problem.")] = "related",
    off: Annotated[bool, Option("--off", help="Take the link away.")] = False,
) -> int:
    """Link tickets to another one, or with P7 to a problem."""
    call, to = problem_named(call, to)
    if not to:
        raise UsageError("to which ticket or problem? Give --to 9, or P7 behind the tickets.")
    problem = kind == "problem" or to[:1] in ("p", "P")
    other = problem_number(to) if problem else number(to)

    if problem:
        return act(call, "Link", Join(other, off))
    if off:
        return act(call, "Link", Unlink(other))
    return act(call, "Link", Link(other, kind), first=_agreed(call, other, "to"))


@across
def merge(
    call: Call,
    into: Annotated[str, Option("--into", metavar="ID", help="The survivor.")],
) -> int:
    """Merge tickets into one; the old numbers lead to it.

    It is said who goes into whom; on a terminal it is asked where their requesters differ.
    """
    goal = number(into)
    return act(call, "Merge", Merge(goal), first=_agreed(call, goal, "into"))


def _agreed(call: Call, goal: int, joins: str) -> "Callable[[Desk, Sequence[int]], None]":
    """Give what says who goes to whom before it is done, and asks where there is something."""

    def say_first(desk: "Desk", found: "Sequence[int]") -> None:
        pairing = desk.tickets.pairing(found, goal, merges=joins == "into")
        named = f"#{found[0]}" if len(found) == 1 else f"{len(found)} tickets"
        agree(pairing.words(named, joins), call, needed=bool(pairing.strangers or pairing.opens))

    return say_first


@changing
def unmerge(call: Call, id_: Annotated[str, Argument(metavar="ID")]) -> int:
    """Take a merge back, exactly."""
    with opened() as desk:
        done = desk.ledger.unmerge(number(id_), how=asking(call))
        return report(desk, done, call, single=True)


@changing
def split(
    call: Call,
    id_: Annotated[str, Argument(metavar="ID")],
    from_: Annotated[str, Option("--from", metavar="ENTRY", help="See `ticket show`.")],
) -> int:
    """Part a ticket from a message on; it becomes a new one."""
    with opened() as desk:
        done = desk.tickets.do([number(id_)], Split(number(from_)), asking(call))
        return report(desk, done, call, single=False)


def register(noun: Noun) -> None:
    """Add the verbs to `deskterm ticket`."""
    noun.add(
        ("take", take, "take 12"),
        ("assign", assign, "assign 12 13 --to mia"),
        ("next", next_, "next category:network"),
        ("note", note, "note 12 --body 'Ping fails.'"),
        ("set", set_, "set 12 --category network/wifi --urgent"),
        ("watch", watch, "watch 12 --add bo@example.org --drop cy@example.org"),
        ("confirm", confirm, "confirm 12"),
        ("allow", allow, "allow 12"),
        ("decline", decline, "decline -q is:asked"),
        ("step", step, "step 12 reproduce --done"),
        ("wait", wait, "wait 12 --for customer --until 3d"),
        ("resume", resume, "resume 12"),
        ("escalate", escalate, "escalate 12 --group 'second level' --summary 'Ping fails.'"),
        ("hand-back", hand_back, "hand-back 12 --body 'Switch was off.'"),
        ("solve", solve, "solve 12 --resolution 'New cable.'"),
        ("verify", verify, "verify 12 --by craft --result ok"),
        ("close", close, "close 12 --as solved"),
        ("finish", finish, "finish --query category:network/vpn --resolution 'Gateway is back.'"),
        ("reopen", reopen, "reopen 12 --reason 'It is back.'"),
        ("cancel", cancel, "cancel 12 --reason 'Not wanted any more.'"),
        ("link", link, "link 12 --to 9 --kind duplicate"),
        ("merge", merge, "merge 12 13 --into 9"),
        ("unmerge", unmerge, "unmerge 12"),
        ("split", split, "split 12 --from 345"),
    )
