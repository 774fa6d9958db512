"""Merge, split and link (semantics 3), each exactly undoable."""

from collections.abc import Mapping, Sequence
from typing import Any

from deskterm.domain import lifecycle
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.requests import NewTicket
from deskterm.domain.rows import Done
from deskterm.domain.vocabulary import Event, LinkKind, State
from deskterm.services.tickets.intake import Intake
from deskterm.services.tickets.operation import Guard, done
from deskterm.storage.driver import Database
from deskterm.storage.ticket.hold import Hold, hold, survivor
from deskterm.storage.work import RepeatedError, Work

_TALK = (Event.RECEIVED, Event.REPLIED, Event.NOTED, Event.ATTACHED)


class Ties(Intake):
    """Use cases that tie tickets together or part them."""

    def link(self, targets: Sequence[int], to: int, kind: str = "related", **how: Any) -> Done:
        """Link tickets to another one: related, child of it, or duplicate of it.

        Of kind `problem`, `to` is the number of a problem.
        """
        _check_kind(kind)
        if kind == LinkKind.PROBLEM:
            return self.link_problem(targets, to, **how)
        with self.store.reading() as database:
            other = survivor(database, to)

        def change(held: Hold) -> None:
            if held.id == other:
                raise RefusedError(f"#{held.id} cannot be linked to itself.")
            if kind != LinkKind.RELATED or not _is_linked(held.work, other, kind, held.id):
                held.put(f"link.{kind}.{other}", True)
            held.write(Event.LINKED, data={"kind": kind, "to": other})

        return self.operate("link", targets, change, **how)

    def link_problem(
        self, targets: Sequence[int], problem: int, *, off: bool = False, **how: Any
    ) -> Done:
        """Link tickets to a problem, or take them off it (F1)."""
        with self.store.reading() as database:
            require_problem(database, problem)

        def change(held: Hold) -> None:
            join_problem(held, problem, off=off)

        return self.operate("link", targets, change, **how)

    def unlink(self, targets: Sequence[int], to: int, **how: Any) -> Done:
        """Take every link between tickets and another one away."""

        def change(held: Hold) -> None:
            for kind in LinkKind:
                held.put(f"link.{kind}.{to}", None)
            other = hold(held.work, [to]).get(to)
            if other is not None:
                for kind in LinkKind:
                    other.put(f"link.{kind}.{held.id}", None)
                other.write(Event.LINKED, data={"to": held.id, "off": True})
            held.write(Event.LINKED, data={"to": to, "off": True})

        return self.operate("link", targets, change, **how)

    def merge(
        self,
        targets: Sequence[int],
        into: int,
        *,
        op_id: str | None = None,
        dry: bool = False,
        guard: Guard | Mapping[int, int] | None = None,
    ) -> Done:
        """Merge tickets into one: old numbers live on and lead to the survivor."""
        merged: list[int] = []
        try:
            with self.working("merge", op_id, dry=dry) as work:
                goal = survivor(work.spine, into)
                wanted = sorted({survivor(work.spine, number) for number in targets})
                if wanted == [goal]:
                    raise RefusedError(f"#{goal} cannot be merged into itself.")
                holds = hold(work, sorted({*wanted, goal}))
                for number in wanted:
                    if number != goal:
                        Guard.of(guard).check(holds[number])
                        self._merge_one(holds[number], holds[goal])
                        merged.append(number)
        except RepeatedError as repeated:
            return self.repeated("merge", repeated.operation_id)
        return done("merge", work, [*merged, goal], [])

    def unmerge(self, number: int, *, op_id: str | None = None, dry: bool = False) -> Done:
        """Take a merge back, exactly."""
        with self.store.reading() as database:
            row = database.one(
                "SELECT operation_id FROM ledger l WHERE kind = 'ticket' AND subject_id = :id "
                "AND event = 'merged' AND NOT EXISTS "
                "(SELECT 1 FROM operation u WHERE u.undoes = l.operation_id) "
                "AND (SELECT state FROM ticket WHERE id = :id) = 'merged' "
                "ORDER BY id DESC LIMIT 1",
                id=number,
            )
        if row is None:
            raise RefusedError(f"#{number} is not merged into another ticket.")
        return self.undo(row["operation_id"], op_id=op_id, dry=dry)

    def undo(
        self, operation: str | None = None, *, op_id: str | None = None, dry: bool = False
    ) -> Done:
        """Take an operation back; see `Undo`."""
        raise NotImplementedError

    def split(
        self, number: int, entry: int, *, op_id: str | None = None, dry: bool = False
    ) -> Done:
        """Part a ticket from a message on: it and what was said after it become a new ticket."""
        try:
            with self.working("split", op_id, dry=dry) as work:
                held = hold(work, [survivor(work.spine, number)]).popitem()[1]
                lifecycle.check("split", held["state"], held.id)
                new = self._split(held, entry)
        except RepeatedError as repeated:
            return self.repeated("split", repeated.operation_id)
        return done("split", work, [new, held.id], [])

    def _split(self, held: Hold, entry: int) -> int:
        work = held.work
        rows = work.spine.all(
            "SELECT l.id, l.event, l.text, l.person_id FROM ledger l "
            "LEFT JOIN entry_place p ON p.entry_id = l.id "
            "WHERE l.kind = 'ticket' AND coalesce(p.ticket_id, l.subject_id) = :id "
            "AND l.id >= :entry ORDER BY l.id",
            id=held.id,
            entry=entry,
        )
        moving = [row for row in rows if row["event"] in _TALK]
        if not moving or moving[0]["id"] != entry:
            raise NotFoundError(
                f"#{held.id} has no message {entry} to split from; see `ticket show {held.id}`."
            )
        first = moving[0]
        request = NewTicket(
            person_id=first["person_id"] or held["requester_id"],
            subject=held["subject"],
            body=first["text"],
            urgent=held["urgent"],
            channel=held["channel"],
            actor="customer" if first["person_id"] else None,
            acknowledge=False,
            data={"split_from": held.id},
        )
        new = self.open_in(work, request)
        for row in moving:
            held.put(f"entry.{row['id']}", new.id)
        held.put(f"link.related.{new.id}", True)
        held.write(Event.SPLIT, f"Messages from {entry} on moved to #{new.id}.")
        new.write(Event.SPLIT, f"Split from #{held.id}.", data={"from": held.id})
        return new.id

    def _merge_one(self, held: Hold, goal: Hold) -> None:
        lifecycle.check("merge", held["state"], held.id)
        entry = held.write(Event.MERGED, public=True, data={"into": goal.id})
        self.letters.write(held, "merged", entry)
        _unite_watchers(held, goal)
        _move_links(held, goal)
        _flatten(held, goal)
        held.set(state=State.MERGED, merged_into=goal.id, closed_at=held.work.at)
        held.write(Event.MERGED, data={"into": goal.id})
        goal.write(Event.MERGED, data={"from": held.id})


def _check_kind(kind: str) -> None:
    if kind not in tuple(LinkKind):
        raise UsageError(f"link kind {kind!r}? Use related, child, duplicate or problem.")


def require_problem(database: Database, problem: int) -> None:
    """Raise NotFoundError where there is no such problem."""
    if database.one("SELECT id FROM problem WHERE id = :id", id=problem) is None:
        raise NotFoundError(f"there is no problem P{problem}; see `deskterm problem list`.")


def join_problem(held: Hold, problem: int, *, off: bool = False) -> None:
    """Put a held ticket under a problem, or take it off, with its entry."""
    held.put(f"problem.{problem}", None if off else True)
    data = {"kind": str(LinkKind.PROBLEM), "to": problem}
    held.write(Event.LINKED, data={**data, "off": True} if off else data)


def _is_linked(work: Work, ticket: int, kind: str, other: int) -> bool:
    row = work.spine.one(
        "SELECT other_id FROM link "
        "WHERE ticket_id = :ticket AND kind = :kind AND other_id = :other",
        ticket=ticket,
        kind=kind,
        other=other,
    )
    return row is not None


def _unite_watchers(held: Hold, goal: Hold) -> None:
    rows = held.work.spine.all("SELECT person_id FROM watcher WHERE ticket_id = :id", id=held.id)
    people = {row["person_id"] for row in rows} | {held["requester_id"]}
    for person in sorted(people - {None, goal["requester_id"]}):
        goal.put(f"watcher.{person}", True)


def _move_links(held: Hold, goal: Hold) -> None:
    """Links move to the survivor, without doubles and without a link to itself."""
    work = held.work
    for row in work.spine.all(
        "SELECT problem_id FROM problem_ticket WHERE ticket_id = :id", id=held.id
    ):
        held.put(f"problem.{row['problem_id']}", None)
        goal.put(f"problem.{row['problem_id']}", True)
    rows = work.spine.all(
        "SELECT ticket_id, kind, other_id FROM link WHERE ticket_id = :id OR other_id = :id",
        id=held.id,
    )
    for row in rows:
        outward = row["ticket_id"] == held.id
        other = row["other_id"] if outward else row["ticket_id"]
        if outward:
            held.put(f"link.{row['kind']}.{other}", None)
            if other != goal.id:
                goal.put(f"link.{row['kind']}.{other}", True)
            continue
        holder = goal if other == goal.id else hold(work, [other])[other]
        holder.put(f"link.{row['kind']}.{held.id}", None)
        if other != goal.id:
            holder.put(f"link.{row['kind']}.{goal.id}", True)
            holder.write(Event.LINKED, data={"to": goal.id})


def _flatten(held: Hold, goal: Hold) -> None:
    """What was merged into the loser now leads straight to the survivor."""
    rows = held.work.spine.all("SELECT id FROM ticket WHERE merged_into = :id", id=held.id)
    for one in hold(held.work, [row["id"] for row in rows]).values():
        one.set(merged_into=goal.id)
        one.write(Event.MERGED, data={"into": goal.id})
