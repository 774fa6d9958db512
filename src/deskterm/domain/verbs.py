"""The verbs of a ticket as values: what a person, a script, a mail or a guide asks to be done.

Every door makes one of these and nothing else; what it does stands in `services/tickets/verbs`.
`check` says in a sentence what is missing; whether the ticket takes it says the lifecycle.
"""

from collections.abc import Mapping

from deskterm.domain.asking import Request
from deskterm.domain.errors import UsageError
from deskterm.domain.remedies import MOST, Remedy
from deskterm.domain.requests import NewFile
from deskterm.domain.text import is_blank
from deskterm.domain.vocabulary import LinkKind, Needs, Outcome, Proof, WaitingFor, step_named

NOBODY = ("", "none", "nobody")
"""What stands for no owner."""


class Take(Request):
    """Make oneself the owner."""

    free: bool = False
    """Only while nobody has it: somebody may be quicker."""


class Assign(Request):
    """Give it to a technician: a login, `me`, or `none`."""

    to: str

    @property
    def stays(self) -> bool:
        """A new ticket that nobody has stays new."""
        return self.to in NOBODY


class Escalate(Request):
    """Hand it to a group with a written summary and suggested next actions (F2)."""

    group: str
    summary: str = ""
    actions: tuple[str, ...] = ()

    def check(self) -> str:
        """Say that a group is missing."""
        return "" if self.group.strip() else "escalate to which group? Name it (--group)."


class HandBack(Request):
    """Give it back to whoever escalated it."""

    text: str = ""


class _Said(Request):
    """Words, with files."""

    text: str
    files: tuple[NewFile, ...] = ()

    def check(self) -> str:
        """Say that there are no words."""
        return "there is nothing to say: the text is empty." if is_blank(self.text) else ""


class Note(_Said):
    """Add an internal note; nobody outside can read it."""


class Reply(_Said):
    """Answer the requester and the watchers; public."""


class Offer(Request, verb="step"):
    """Offer remedies, numbered; the requester gets them as an answer (B6)."""

    remedies: tuple[Remedy, ...]
    told: bool = False
    """They were told otherwise: only the record is kept."""

    def check(self) -> str:
        """Say how many may be offered."""
        return "" if 1 <= len(self.remedies) <= MOST else f"offer 1 to {MOST} remedies."


class Choose(Request, verb="step"):
    """Record which of the remedies offered last was chosen, by whom, and how they agreed."""

    number: int
    by: str = "customer"
    means: str = ""


class SendSolution(Request, verb="reply"):
    """Answer with a solution's words as they stand when it is done; the solution is used."""

    solution: int


class Wait(Request):
    """Let it wait for the customer, an approval or something else."""

    whom: str
    until: str = ""
    """`3d`, `tomorrow`, `2026-12-24`, or a full ISO time; empty: until they answer."""
    reason: str = ""

    def check(self) -> str:
        """Say for whom something can wait."""
        known = tuple(WaitingFor)
        return "" if self.whom in known else f"waiting for {self.whom!r}? Use {', '.join(known)}."


class Resume(Request):
    """Take it out of waiting."""

    reason: str = ""


class Solve(Request):
    """Say that the work is done and how; it is not closed before it is verified."""

    resolution: str
    solution: int | None = None
    """The solution that was used."""

    def check(self) -> str:
        """Say that the resolution is missing."""
        return "how was it solved? Say it (--resolution)." if is_blank(self.resolution) else ""


class Verify(Request):
    """Record the verification by `craft` or `customer`: ok, failed or waived (B3)."""

    by: str
    result: str
    reason: str = ""

    @property
    def stays(self) -> bool:
        """Only a failed verification opens it again."""
        return self.result != Proof.FAILED

    def check(self) -> str:
        """Say what a verification can be."""
        if self.by not in ("craft", "customer"):
            return f"verified by {self.by!r}? Use craft or customer."
        if self.result not in tuple(Proof):
            return f"result {self.result!r}? Use {', '.join(Proof)}."
        if self.result == Proof.WAIVED and is_blank(self.reason):
            return "doing without a verification needs a reason (--reason)."
        return ""


class Close(Request):
    """Close it; as solved only through the closing gate (B3)."""

    outcome: str = str(Outcome.SOLVED)
    reason: str = ""
    of: int = 0
    """The ticket it is a duplicate of, unless it is linked to it as that already."""
    problem: int = 0
    """The problem it is recorded in (F5), unless it is linked to one already."""
    until: str = ""
    """The day by which they are told it will be fixed; empty: none."""

    def check(self) -> str:
        """Say as what something can be closed."""
        known = self.outcome in tuple(Outcome)
        return "" if known else f"closing as {self.outcome!r}? Use {', '.join(Outcome)}."


class Finish(Request, verb="close"):
    """Solve where needed, verify by both (`said_yes`) or for reasons not (`untested`), close."""

    resolution: str = ""
    reason: str = ""
    said_yes: bool = False
    untested: str = ""

    @property
    def stays(self) -> bool:
        """Its parts move the ticket."""
        return True


class _Reasoned(Request):
    """What needs a reason."""

    reason: str

    def check(self) -> str:
        """Say that the reason is missing."""
        return f"to {self.verb} it needs a reason (--reason)." if is_blank(self.reason) else ""


class Reopen(_Reasoned):
    """Open it again: solved, closed or cancelled."""


class Cancel(_Reasoned):
    """The work is not wanted any more."""


class Change(Request, verb="set"):
    """Correct facts, things by their names; None leaves one as it is, empty takes a name away."""

    subject: str | None = None
    problem: str | None = None
    reproduction: str | None = None
    reproduced: bool | None = None
    urgent: bool | None = None
    people: int | None = None
    cannot_work: bool | None = None
    needed_by: str | None = None
    """`14:00`, `friday`, `2026-12-24`, or a full ISO time; empty: no such time."""
    category: str | None = None
    service: str | None = None
    group: str | None = None
    device: str | None = None
    requester: str | None = None
    needs: str | None = None
    """budget, approval or nothing."""
    approver: str | None = None
    """Who must approve: they are asked. Empty: nobody any more."""
    fields: Mapping[str, str] = {}
    """The desk's own."""

    def check(self) -> str:
        """Say what work can need, and that a subject of nothing visible is none."""
        if self.subject is not None and is_blank(self.subject):
            return "a subject of which nothing is visible is none: say what it is about."
        known = self.needs is None or self.needs in tuple(Needs)
        return "" if known else f"needs {self.needs!r}? Use {', '.join(Needs)}."


class Accept(Request, verb="set"):
    """Set what triage proposes for what the ticket lacks (C2)."""

    shown: Mapping[int, Mapping[str, str]] = {}
    """Ticket → kind → the value that was seen; nothing else is set. Empty: whatever is proposed."""


class Confirm(Request, verb="set"):
    """Say that whoever a forwarded mail names is the requester: now they are written to."""


class Watch(Request, verb="set"):
    """Let people hear of it from now on, or no more; unknown addresses are made known."""

    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()

    def check(self) -> str:
        """Say that nobody is named."""
        if self.add or self.drop:
            return ""
        return "who shall hear of it, or no more? Give an address or a name."


class Mark(Request, verb="step"):
    """Mark one of the nine steps done, or skipped with a reason."""

    step: str
    """Its name, or its number from 1."""
    status: str = "done"
    reason: str = ""
    by: str = ""
    """Who did it; empty: whoever says so."""

    def check(self) -> str:
        """Say what is no step, and that a skipped one needs a reason."""
        try:
            step = step_named(self.step)
        except UsageError as error:
            return str(error)
        if self.status == "skipped" and is_blank(self.reason):
            return f"skipping {step} needs a reason (--reason)."
        return "" if self.status in ("done", "skipped") else "a step is done or skipped."


class Decide(Request):
    """Write down that an approval was granted or refused, as its approver told somebody (A7)."""

    granted: bool
    reason: str = ""
    by: str = ""
    """Who decided, where it is not whom the ticket names."""


class Use(Request):
    """Use a solution: it is proposed and selected; nothing is sent."""

    solution: int


class Rate(Request):
    """Say that a solution worked, or that it did not, which flags the solution."""

    solution: int
    worked: bool
    note: str = ""


class Link(Request):
    """Link it to another ticket: related, child of it, or duplicate of it."""

    to: int
    kind: str = str(LinkKind.RELATED)

    def check(self) -> str:
        """Say how tickets can belong together."""
        known = self.kind in tuple(LinkKind) and self.kind != LinkKind.PROBLEM
        return (
            "" if known else f"link kind {self.kind!r}? Use related, child, duplicate or problem."
        )


class Unlink(Request, verb="link"):
    """Take every link between it and another ticket away."""

    to: int

    @property
    def changes(self) -> tuple[int, ...]:
        """The other ticket."""
        return (self.to,)


class Join(Request, verb="link"):
    """Put it under a problem, or take it off (F1)."""

    problem: int
    off: bool = False


class Merge(Request):
    """Merge it into another ticket: its number lives on and leads to the survivor."""

    into: int
    told: bool = False
    """Its requester was told before: only the record is kept."""

    @property
    def changes(self) -> tuple[int, ...]:
        """The other ticket."""
        return (self.into,)


class Split(Request):
    """Part it from a message on: the message and what was said after it become a new ticket."""

    entry: int
    """The ledger entry of the message."""


class CallBack(Request):
    """Promise a call-back (B5)."""

    at: str
    """`14:00`, `tomorrow`, `3d`, or a full ISO time."""
    note: str = ""
    owner: str = ""
    """Who calls; empty or `me`: oneself."""


class MoveCall(Request, verb="call-back"):
    """Promise a call-back for another time: the earliest open one, or that of a number."""

    at: str
    note: str = ""
    number: int = 0


class EndCall(Request, verb="call-back"):
    """A call-back was made, or nobody wants it any more: the earliest open one, or a number's."""

    made: bool = True
    note: str = ""
    number: int = 0


class MoveFix(Request, verb="promise"):
    """Promise a fix by another day; whoever was told the old one is told the new one (F5)."""

    problem: int
    until: str


class KeepFix(Request, verb="promise"):
    """Say that they were told by word of mouth what became of a promised fix."""

    problem: int
