""" "Will be fixed" as a promise: made by closing as recorded, ended with its problem (F5, §9).

It is kept on the problem, under the ticket's number (`promise.12`). Each person is told once how it
ended: by the release's own letter, else by one that names the measure, or why it will not be.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from deskterm.domain.clock import to_text
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.problems import PENDING
from deskterm.domain.promises import MENDED, SAID, WITHDRAWN, PromiseKind, late, stage_of
from deskterm.domain.verbs import Close
from deskterm.domain.vocabulary import Event, State
from deskterm.services.letters import Letters
from deskterm.services.news_letters import of_tickets, write_news
from deskterm.services.tickets.act import Act
from deskterm.storage import problems
from deskterm.storage.driver import Row, moment_or_none
from deskterm.storage.held_row import HeldRow
from deskterm.storage.operations import letters_told
from deskterm.storage.reads import promises as reads
from deskterm.storage.reads.promises import Fix
from deskterm.storage.row_parts import Stored
from deskterm.storage.ticket.hold import Hold
from deskterm.storage.work import State as Kept
from deskterm.storage.work import Work

if TYPE_CHECKING:
    from deskterm.storage.subjects import Held

_ENDED = (State.CLOSED, State.CANCELLED, State.MERGED)
_LETTERS = {MENDED: "mended", "wont_fix": "wont-fix"}


class Promising(Kept):
    """Promised fixes that a unit of work makes, moves or ends: written once a problem."""

    def __init__(self) -> None:
        self._values: dict[int, dict[int, Stored]] = {}

    def put(self, problem: int, ticket: int, value: Stored) -> None:
        """Make or change the promise of a problem's fix to a ticket's requester; None takes it."""
        self._values.setdefault(problem, {})[ticket] = value

    def finish(self, work: Work) -> None:
        """Write them, with a ledger entry a problem."""
        for problem in sorted(self._values):
            row = HeldRow(work, "problem", problem)
            for ticket, value in self._values[problem].items():
                row.put(f"promise.{ticket}", value)
            if row.changed:
                row.write(Event.PROMISED)


def record(held: Hold, asked: Close, act: Act) -> dict[str, object]:
    """Promise the requester that the ticket's problem will be fixed; gives what is told of it."""
    work = held.work
    number = _problem(held, asked.problem)
    row = problems.locked(work, number)
    if row["state"] not in PENDING:
        raise RefusedError(
            f"P{number} is {row['state'].replace('_', ' ')}: nothing is left to be fixed; "
            "open it again first (problem set --state open), or name another (--problem)."
        )
    due = act.moment(held, asked.until) if asked.until.strip() else None
    held.put(f"problem.{number}", True)
    until = to_text(due) if due else None
    value: Stored = [to_text(work.at), until, "", False]
    work.state(Promising).put(number, held.id, value)
    return {"problem": number, "until": until, "workaround": row["workaround"]}


def _problem(held: Hold, wanted: int) -> int:
    if wanted:
        return wanted
    pending = reads.pending_of(held.work.spine, held.id)
    if len(pending) == 1:
        return pending[0]
    if pending:
        names = ", ".join(f"P{one}" for one in pending)
        raise UsageError(f"#{held.id} belongs to {names}: recorded in which? Name it (--problem).")
    raise UsageError(f"#{held.id}: recorded in which problem? Name it (--problem P7).")


def value_of(held: Hold, problem: int) -> list[Stored]:
    """Give the promise that a problem will be fixed to a ticket's requester; RefusedError: none."""
    value = problems.locked(held.work, problem).get(f"promise.{held.id}")
    if value is None:
        raise RefusedError(f"#{held.id}: nobody was promised that P{problem} will be fixed.")
    return list(value)


def broken(value: Sequence[Stored], work: Work) -> bool:
    """Tell whether the day that was named is over, or was once."""
    due = moment_or_none(value[1])
    return bool(value[3]) or (due is not None and late(due, work.at, PromiseKind.FIX))


def unlinked(held: Hold, problem: int) -> None:
    """A ticket leaves its problem: refused where its requester still waits for it to be fixed.

    On a ticket that is worked on again the promise goes: its requester hears of the ticket itself.
    """
    row = HeldRow(held.work, "problem", problem)
    if not row.exists or row.get(f"promise.{held.id}") is None:
        return
    if held["state"] in _ENDED and row["state"] in PENDING:
        raise RefusedError(
            f"#{held.id}: its requester was told that P{problem} will be fixed. Reopen it first, "
            "then they hear from you how it goes on."
        )
    held.work.state(Promising).put(problem, held.id, None)


def by_state(
    work: Work, letters: Letters, problem: int, before: str, solved: Collection[int] = ()
) -> None:
    """A problem's state was changed: tell whom that ends a promise, each once, with the reason.

    `before` is the state it had; `solved` are tickets whose own letters tell of it.
    """
    row = problems.locked(work, problem)
    stage = stage_of(before, row["state"])
    if stage:
        said = {"reason": row["reason"], "measure": row["measure"]}
        known = {one.requester_id for one in _to_tell(work, problem, stage) if one[0] in solved}
        _end(work, letters, (problem, stage), said, known)


def by_release(
    work: Work, letters: Letters, problem: int, release: str, told: Collection[int]
) -> None:
    """A release fixes a problem and its letter tells these people; the others are told here."""
    _end(work, letters, (problem, MENDED), {"name": release, "measure": "release"}, told)


def taken_back(work: Work, problem: int, told: Collection[int]) -> None:
    """A release was withdrawn, and these people were told so: they wait again."""
    known = set(told)
    mine = [one for one in reads.fixes(work.spine, problem) if one.requester_id in known]
    waiting = [one for one in mine if one.told == MENDED]
    if waiting:
        _mark(work, problem, waiting, WITHDRAWN)


def _to_tell(work: Work, problem: int, stage: str) -> list[Fix]:
    """Give the promises whose people have not heard of a stage last."""
    return [one for one in reads.fixes(work.spine, problem) if one.told != stage]


def _end(
    work: Work,
    letters: Letters,
    what: tuple[int, str],
    said: Mapping[str, object],
    known: "Collection[int | None]",
) -> None:
    """Write to everybody who was promised a fix and is not among `known`; mark who was told.

    Whom no letter reaches stays on the list: somebody has to tell them.
    """
    problem, stage = what
    owed = _to_tell(work, problem, stage)
    if not owed:
        return
    unaware = [one.ticket_id for one in owed if one.requester_id not in known]
    people = [one for one in reads.hurt(work.spine, unaware) if one.person_id not in known]
    reached = {one.person_id for one in people} | set(known)
    told = [one for one in owed if one.requester_id in reached]
    entry = _mark(work, problem, told, stage)
    if people:
        write_news(work, letters, _LETTERS[stage], of_tickets(people, said, entry))


def _mark(work: Work, problem: int, told: Sequence[Fix], stage: str) -> int:
    """Keep what these people were told last; gives the ledger entry."""
    row = problems.locked(work, problem)
    before: dict[str, Stored] = {str(one.ticket_id): _stored(one) for one in told}
    after: dict[str, Stored] = {}
    for one in told:
        value = _stored(one)
        after[str(one.ticket_id)] = [*value[:2], stage, broken(value, work)]
    row.put_new("promise", after, before)
    return row.write(Event.PROMISED)


def _stored(one: Fix) -> list[Stored]:
    due = to_text(one.due_at) if one.due_at else None
    return [to_text(one.at), due, one.told, one.broken]


def kept_by_undo(
    work: Work, operation: str, held: "Mapping[tuple[str, int], Held]", rows: Sequence[Row]
) -> list[str]:
    """Put promises back that an undo took although their letters had left; says which stay."""
    told = letters_told(work.spine, operation)
    notes = []
    for row in rows:
        one = held.get((row["kind"], row["subject_id"]))
        keys = _promises(row) if one is not None and row["kind"] == "problem" else {}
        for ticket, (_, after) in keys.items():
            if ticket in told and one is not None and after is not None:
                one.restore(f"promise.{ticket}", after)
                notes.append(f"#{ticket}: what was promised of P{row['subject_id']} was told.")
    return notes


def _promises(row: Row) -> dict[int, list[Stored]]:
    """Give ticket → [before, after] of the promises that a ledger entry of a problem changed."""
    found = json.loads(row["changes"]).items()
    word = "promise."
    return {int(key.removeprefix(word)): pair for key, pair in found if key.startswith(word)}


def keeps(work: Work, held: Hold, problem: int) -> None:
    """They were told otherwise how it ended; refused while the problem is still to be fixed."""
    value, state = value_of(held, problem), problems.locked(work, problem)["state"]
    if state in PENDING:
        raise RefusedError(
            f"P{problem} is {state.replace('_', ' ')}: that it will be fixed ends with its release "
            "(release ship), another measure (problem set --state released --measure) or a no "
            "with its reason (problem close --as wont_fix --because)."
        )
    said = [*value[:2], SAID, broken(value, work)]
    work.state(Promising).put(problem, held.id, said)
