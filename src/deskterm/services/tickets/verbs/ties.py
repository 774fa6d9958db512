"""Link, merge and split (semantics 3), each exactly undoable."""

from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.verbs import Join, Link, Merge, Reopen, Split, Unlink
from deskterm.domain.vocabulary import Event, LinkKind, State
from deskterm.services import crossing
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.questions import hand_over
from deskterm.storage.driver import Database
from deskterm.storage.reads import held as reads
from deskterm.storage.reads.clients import of_problems
from deskterm.storage.ticket.hold import Hold, hold, survivor
from deskterm.storage.work import Work

_TALK = (Event.RECEIVED, Event.REPLIED, Event.NOTED, Event.ATTACHED)


def link(held: Hold, asked: Link, act: Act) -> int:
    """Link it to another ticket, once."""
    other = survivor(held.work.spine, asked.to)
    if held.id == other:
        raise RefusedError(f"#{held.id} cannot be linked to itself.")
    kept = act.crossed(crossing.tickets(held, other, "with", across=act.across))
    if asked.kind != LinkKind.RELATED or not _is_linked(held.work, other, asked.kind, held.id):
        held.put(f"link.{asked.kind}.{other}", True)
    return act.write(held, Event.LINKED, data={"kind": str(asked.kind), "to": other, **kept})


def unlink(held: Hold, asked: Unlink, act: Act) -> int:
    """Take every link between the two away, whichever way it goes."""
    for kind in LinkKind:
        held.put(f"link.{kind}.{asked.to}", None)
    other = act.others.get(asked.to)
    if other is not None:
        for kind in LinkKind:
            other.put(f"link.{kind}.{held.id}", None)
        act.write(other, Event.LINKED, data={"to": held.id, "off": True})
    return act.write(held, Event.LINKED, data={"to": asked.to, "off": True})


def join(held: Hold, asked: Join, act: Act) -> int:
    """Put it under a problem, or take it off."""
    require_problem(held.work.spine, asked.problem)
    kept: crossing.Kept = {}
    if asked.off:
        from deskterm.services.promised import unlinked

        unlinked(held, asked.problem)
    elif crossing.of_work(held.work).walls:
        whose = of_problems(held.work.spine, [asked.problem])[asked.problem]
        what = f"P{asked.problem}"
        kept = act.crossed(crossing.to_ticket(held, what, whose, across=act.across))
    held.put(f"problem.{asked.problem}", None if asked.off else True)
    data = {"kind": str(LinkKind.PROBLEM), "to": asked.problem, **kept}
    return act.write(held, Event.LINKED, data=data | ({"off": True} if asked.off else {}))


def require_problem(database: Database, problem: int) -> None:
    """Raise NotFoundError where there is no such problem."""
    if not reads.is_problem(database, problem):
        raise NotFoundError(f"there is no problem P{problem}; see `deskterm problem list`.")


def merge(held: Hold, asked: Merge, act: Act) -> int:
    """Merge it into the survivor: watchers, links and problems move along."""
    (goal,) = act.others.values()
    if goal.id == held.id:
        raise RefusedError(f"#{goal.id} cannot be merged into itself.")
    kept = act.crossed(crossing.tickets(held, goal.id, "into", across=act.across))
    _open_for(held, goal, act)
    if act.before not in (State.CLOSED, State.CANCELLED):
        _strengthen(held, goal)
        from deskterm.services.tickets.verbs.checklists import items_to  # links need none

        items_to(held, goal)
    _unite_watchers(held, goal)
    hand_over(held, goal)
    _move_links(held, goal)
    _add_time(held, goal)
    _flatten(held, goal)
    held.set(merged_into=goal.id, closed_at=held.work.at)
    entry = act.write(held, Event.MERGED, public=True, data={"into": goal.id, **kept})
    if not asked.told:
        act.tell(held, "merged", entry)
    act.write(goal, Event.MERGED, data={"from": held.id, **kept})
    act.also.append(goal.id)
    return entry


def split(held: Hold, asked: Split, act: Act) -> int:
    """Part it from a message on: it and what was said after it become a new ticket."""
    from deskterm.domain.requests import NewTicket
    from deskterm.services.tickets.intake import open_ticket  # links and merges open none

    work = held.work
    rows = reads.messages_from(work.spine, held.id, asked.entry)
    moving = [row for row in rows if row.event in _TALK]
    if not moving or moving[0].id != asked.entry:
        raise NotFoundError(
            f"#{held.id} has no message {asked.entry} to split from; see `ticket show {held.id}`."
        )
    first = moving[0]
    request = NewTicket(
        person_id=first.person_id or held["requester_id"],
        subject=held["subject"],
        body=first.text,
        urgent=held["urgent"],
        channel=held["channel"],
        actor="customer" if first.person_id else None,
        acknowledge=False,
        data={"split_from": held.id},
    )
    new = open_ticket(work, act.letters, request)
    for row in moving:
        held.put(f"entry.{row.id}", new.id)
    held.put(f"link.related.{new.id}", True)
    entry = act.write(held, Event.SPLIT, f"Messages from {asked.entry} on moved to #{new.id}.")
    act.write(new, Event.SPLIT, f"Split from #{held.id}.", data={"from": held.id})
    act.made.append(new.id)
    return entry


def _is_linked(work: Work, ticket: int, kind: str, other: int) -> bool:
    return reads.is_linked(work.spine, reads.Tie(ticket, kind, other))


def _open_for(held: Hold, goal: Hold, act: Act) -> None:
    """An open wish never ends on a closed ticket: the survivor is opened again."""
    if act.before not in (State.NEW, State.OPEN, State.WAITING):
        return
    if goal["state"] in (State.CLOSED, State.CANCELLED):
        act.do(goal, Reopen(f"#{held.id} is open and was merged into it."))
        act.notes[f"#{goal.id} was closed; it is open again, for #{held.id} is not settled."] = None
    elif goal["state"] == State.SOLVED:
        act.notes[f"#{goal.id} is solved; reopen it if that does not settle #{held.id}."] = None


def _strengthen(held: Hold, goal: Hold) -> None:
    """The survivor keeps the stronger of both: what is promised follows from these."""
    needed = [one["needed_by"] for one in (held, goal) if one["needed_by"] is not None]
    people = [one["people"] for one in (held, goal) if one["people"] is not None]
    goal.set(
        urgent=held["urgent"] or goal["urgent"],
        opened_at=min(held["opened_at"], goal["opened_at"]),
        people=max(people, default=None),
        cannot_work=held["cannot_work"] or goal["cannot_work"],
        needed_by=min(needed, default=None),
    )


def _unite_watchers(held: Hold, goal: Hold) -> None:
    people = reads.watchers(held.work.spine, held.id) | {held["requester_id"]}
    for person in sorted(people - {None, goal["requester_id"]}):
        goal.put(f"watcher.{person}", True)


def _move_links(held: Hold, goal: Hold) -> None:
    """Links move to the survivor, without doubles and without a link to itself."""
    work = held.work
    for problem in reads.problems(work.spine, held.id):
        held.put(f"problem.{problem}", None)
        goal.put(f"problem.{problem}", True)
    for tie in reads.ties(work.spine, held.id):
        outward = tie.ticket == held.id
        other = tie.other if outward else tie.ticket
        if outward:
            held.put(f"link.{tie.kind}.{other}", None)
            if other != goal.id:
                goal.put(f"link.{tie.kind}.{other}", True)
            continue
        holder = goal if other == goal.id else hold(work, [other])[other]
        holder.put(f"link.{tie.kind}.{held.id}", None)
        if other != goal.id:
            holder.put(f"link.{tie.kind}.{goal.id}", True)
            holder.write(Event.LINKED, data={"to": goal.id})


def _add_time(held: Hold, goal: Hold) -> None:
    """What was worked on it, and clocks that run, belong to the survivor from now on."""
    for number in reads.times(held.work.spine, held.id):
        worked = held.get(f"time.{number}")
        held.put(f"time.{number}", None)
        goal.put(f"time.{number}", worked)


def _flatten(held: Hold, goal: Hold) -> None:
    """What was merged into the loser now leads straight to the survivor."""
    for one in hold(held.work, reads.merged_into(held.work.spine, held.id)).values():
        one.set(merged_into=goal.id)
        one.write(Event.MERGED, data={"into": goal.id})
