"""The verbs as calls: `verbs(desk).take([12])` is `desk.tickets.do([12], Take())`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from deskterm.bootstrap import Desk
from deskterm.domain import questions
from deskterm.domain import verbs as ask
from deskterm.domain.asking import NOW, How
from deskterm.domain.requests import NewFile
from deskterm.domain.rows import Done
from deskterm.services.tickets.operation import Tickets

Targets = Sequence[int]


class Verbs:
    """Makes the request of each verb and has it done."""

    def __init__(self, tickets: Tickets) -> None:
        self.do = tickets.do

    def take(self, targets: Targets, how: How = NOW) -> Done:
        """Make oneself the owner."""
        return self.do(targets, ask.Take(), how)

    def assign(self, targets: Targets, to: str | None, how: How = NOW) -> Done:
        """Give tickets to a technician (`me` is oneself) or, with None, to nobody."""
        return self.do(targets, ask.Assign(to or "none"), how)

    def escalate(
        self,
        targets: Targets,
        group: str,
        summary: str = "",
        actions: Sequence[str] = (),
        how: How = NOW,
    ) -> Done:
        """Hand tickets to a group with a summary and suggested next actions."""
        return self.do(targets, ask.Escalate(group, summary, tuple(actions)), how)

    def hand_back(self, targets: Targets, text: str = "", how: How = NOW) -> Done:
        """Give escalated tickets back to whoever escalated them."""
        return self.do(targets, ask.HandBack(text), how)

    def note(
        self, targets: Targets, body: str, files: Sequence[NewFile] = (), how: How = NOW
    ) -> Done:
        """Add an internal note."""
        return self.do(targets, ask.Note(body, tuple(files)), how)

    def reply(
        self, targets: Targets, body: str, files: Sequence[NewFile] = (), how: How = NOW
    ) -> Done:
        """Answer the requester and the watchers."""
        return self.do(targets, ask.Reply(body, tuple(files)), how)

    def wait(
        self,
        targets: Targets,
        waiting_for: str,
        until: datetime | str | None = None,
        reason: str = "",
        how: How = NOW,
    ) -> Done:
        """Let tickets wait until a time, or words such as `3d`, `tomorrow`, `2026-12-24`."""
        return self.do(targets, ask.Wait(waiting_for, _words(until), reason), how)

    def resume(self, targets: Targets, reason: str = "", how: How = NOW) -> Done:
        """Take tickets out of waiting."""
        return self.do(targets, ask.Resume(reason), how)

    def solve(
        self, targets: Targets, resolution: str, solution: int | None = None, how: How = NOW
    ) -> Done:
        """Say that the work is done and how."""
        return self.do(targets, ask.Solve(resolution, solution), how)

    def verify(
        self, targets: Targets, by: str, result: str, reason: str = "", how: How = NOW
    ) -> Done:
        """Record the verification by `craft` or `customer`."""
        return self.do(targets, ask.Verify(by, result, reason), how)

    def close(self, targets: Targets, outcome: str, reason: str = "", how: How = NOW) -> Done:
        """Close tickets; as solved only through the closing gate."""
        return self.do(targets, ask.Close(outcome, reason), how)

    def finish(
        self, targets: Targets, resolution: str = "", reason: str = "", how: How = NOW
    ) -> Done:
        """Solve, verify and close in one go."""
        return self.do(targets, ask.Finish(resolution, reason), how)

    def reopen(self, targets: Targets, reason: str, how: How = NOW) -> Done:
        """Open solved, closed or cancelled tickets again."""
        return self.do(targets, ask.Reopen(reason), how)

    def cancel(self, targets: Targets, reason: str, how: How = NOW) -> Done:
        """Cancel tickets."""
        return self.do(targets, ask.Cancel(reason), how)

    def change(
        self,
        targets: Targets,
        *,
        named: Mapping[str, Any] | None = None,
        values: Mapping[str, Any] | None = None,
        how: How = NOW,
        **more: Any,
    ) -> Done:
        """Correct facts: those of `Change`, by its own names."""
        return self.do(targets, ask.Change(**(named or {}), **(values or {}), **more), how)

    def decide(
        self, targets: Targets, granted: bool, reason: str = "", by: str = "", how: How = NOW
    ) -> Done:
        """Write down that an approval was granted or refused."""
        return self.do(targets, ask.Decide(granted, reason, by), how)

    def confirm_requester(self, targets: Targets, how: How = NOW) -> Done:
        """Say that whoever a forwarded mail names is the requester."""
        return self.do(targets, ask.Confirm(), how)

    def allow(self, targets: Targets, how: How = NOW) -> Done:
        """Say yes to what mails on tickets ask for without proof."""
        return self.do(targets, questions.Allow(), how)

    def decline(self, targets: Targets, how: How = NOW) -> Done:
        """Say no to it."""
        return self.do(targets, questions.Decline(), how)

    def watch(
        self, targets: Targets, add: Sequence[str] = (), drop: Sequence[str] = (), how: How = NOW
    ) -> Done:
        """Let people hear of tickets from now on, or no more."""
        return self.do(targets, ask.Watch(tuple(add), tuple(drop)), how)

    def step(
        self,
        targets: Targets,
        step: str,
        *,
        status: str = "done",
        reason: str = "",
        how: How = NOW,
    ) -> Done:
        """Mark one of the nine steps done, or skipped with a reason."""
        return self.do(targets, ask.Mark(step, status, reason), how)

    def link(self, targets: Targets, to: int, kind: str = "related", how: How = NOW) -> Done:
        """Link tickets to another one; of kind `problem`, `to` is the number of a problem."""
        asked = ask.Join(to) if kind == "problem" else ask.Link(to, kind)
        return self.do(targets, asked, how)

    def unlink(self, targets: Targets, to: int, how: How = NOW) -> Done:
        """Take every link between tickets and another one away."""
        return self.do(targets, ask.Unlink(to), how)

    def merge(self, targets: Targets, into: int, how: How = NOW) -> Done:
        """Merge tickets into one."""
        return self.do(targets, ask.Merge(into), how)

    def split(self, number: int, entry: int, how: How = NOW) -> Done:
        """Part a ticket from a message on."""
        return self.do([number], ask.Split(entry), how)

    def call_back(
        self,
        targets: Targets,
        at: datetime | str,
        note: str = "",
        owner: str | None = None,
        how: How = NOW,
    ) -> Done:
        """Promise a call-back."""
        return self.do(targets, ask.CallBack(_words(at), note, owner or ""), how)

    def call_back_move(
        self, targets: Targets, at: datetime | str, note: str = "", how: How = NOW
    ) -> Done:
        """Promise the earliest open call-back for another time."""
        return self.do(targets, ask.MoveCall(_words(at), note), how)

    def call_back_done(self, targets: Targets, note: str = "", how: How = NOW) -> Done:
        """The call was made."""
        return self.do(targets, ask.EndCall(True, note), how)

    def call_back_cancel(self, targets: Targets, note: str = "", how: How = NOW) -> Done:
        """Nobody wants the call any more."""
        return self.do(targets, ask.EndCall(False, note), how)


def verbs(desk: Desk) -> Verbs:
    """Give the verbs in the name of whoever opened the desk."""
    return Verbs(desk.tickets)


def _words(at: datetime | str | None) -> str:
    return at.isoformat() if isinstance(at, datetime) else at or ""
