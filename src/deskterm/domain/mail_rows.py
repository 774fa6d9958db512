"""Rows of mail, and their words: what came in, what goes out, what a run of the jobs did."""

from datetime import datetime
from typing import NamedTuple, Protocol


class InboxRow(NamedTuple):
    """A mail as it was accepted, and what became of it."""

    id: int
    received_at: datetime
    state: str
    """waiting, ticket, reply, duplicate, machine, quarantined or discarded."""
    reason: str
    sender: str
    subject: str
    ticket_id: int | None
    size: int
    copies: int
    """How many exact copies came after it."""


class MailShown(NamedTuple):
    """One mail of the inbox, read again from its kept bytes."""

    row: InboxRow
    headers: tuple[tuple[str, str], ...]
    body: str
    files: tuple[tuple[str, str, int], ...]
    """(name, media type, bytes) of each attachment."""
    problems: tuple[str, ...]


class Accepted(NamedTuple):
    """A mail that is durably kept: its number, and whether it was here before."""

    id: int
    again: bool


class Processed(NamedTuple):
    """How many mails became what; together they are what was received."""

    tickets: int = 0
    replies: int = 0
    duplicates: int = 0
    machine: int = 0
    quarantined: int = 0


class LetterRow(NamedTuple):
    """A letter in the outbox."""

    id: int
    ticket_id: int | None
    """None where it is about no single ticket."""
    subject: str
    """The ticket's, or nothing."""
    recipient: str
    recipient_name: str
    template: str
    state: str
    """queued, claimed, sent, failed or withdrawn."""
    created_at: datetime
    not_before: datetime
    attempts: int
    error: str
    sent_at: datetime | None


class LetterShown(NamedTuple):
    """One letter as it left, or as it would leave now."""

    row: LetterRow
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    """Empty where it has no such part."""
    files: tuple[tuple[str, str, int], ...]
    """(name, media type, bytes) of each file that goes with it."""
    frozen: bool
    """Whether these are the bytes that were or will be handed over."""


class LettersChanged(NamedTuple):
    """What a change of letters did."""

    operation_id: str
    letters: tuple[LetterRow, ...]
    """As they stand after it; after a dry run, as they still are."""
    dry: bool = False
    repeated: bool = False


class Outgoing(NamedTuple):
    """How the outbox stands."""

    waiting: int = 0
    """Letters that have not left yet and will."""
    failed: int = 0
    why_failed: str = ""
    """The newest failure, in the server's words."""
    paused: str = ""
    """Why nothing is sent now."""
    until: datetime | None = None
    """When sending goes on by itself; None where a person must resume it."""


class Sent(NamedTuple):
    """What one run of the outbox did."""

    sent: int = 0
    failed: int = 0
    """Refused for good, or given up after three days: a note is on the ticket."""
    later: int = 0
    """To be tried again."""
    paused: str = ""
    """Why the account pauses, where it does."""


class Asked(NamedTuple):
    """What one run over the errands to outside trackers did."""

    done: int = 0
    """Errands that were answered."""
    news: int = 0
    """Problems of which a tracker had something new to say."""
    failed: int = 0
    later: int = 0

    def then(self, other: "Asked") -> "Asked":
        """Give both as one."""
        return Asked(*map(sum, zip(self, other, strict=True)))


_ADDED_UP = (
    *("told", "woken", "asked", "learned", "filled_in", "verified"),
    *("counted", "forgotten", "sealed"),
)
"""What turns of the jobs did, ticket by ticket; what else they say, the later one knows."""


class JobsDone(NamedTuple):
    """What one turn of the jobs did; all zero where another process holds the lease."""

    held: bool
    processed: Processed = Processed()
    sent: Sent = Sent()
    told: int = 0
    """Letters to technicians about their notices."""
    woken: int = 0
    """Tickets whose waiting time was over."""
    asked: int = 0
    """Letters that ask somebody for an answer: the poll, reminders."""
    learned: int = 0
    """Labels of tickets that triage learned."""
    filled_in: int = 0
    """Tickets whose category the desk filled in by itself."""
    verified: int = 0
    """Problems whose fix held long enough to count as verified."""
    counted: int = 0
    """Closed tickets that figures count from now on."""
    uncounted: int = 0
    """Those that are still to be counted."""
    forgotten: int = 0
    """Tickets and people that a rule of retention let go."""
    sealed: int = 0
    """Entries of the ledger that were sealed."""
    mailboxes: str = ""
    """What is wrong with the mailboxes, in few words."""
    held_back: int = 0
    """Mails in quarantine, of any day: each waits for a person."""
    of_machines: int = 0
    """Mails of machines that came lately and belong to no ticket, until they are put away."""
    takes_mail: bool = True
    """Whether the desk has a mailbox."""
    more: bool = False
    """More mail or letters may be due: the next turn need not wait."""
    outgoing: Outgoing = Outgoing()
    """How the outbox stands after it, whoever sends."""
    errands: Asked = Asked()
    """What trackers were asked."""

    def then(self, later: "JobsDone") -> "JobsDone":
        """Give this turn and a later one as one: what was done is added up."""
        was, sent = self.sent, later.sent
        return later._replace(
            held=self.held,
            processed=Processed(*map(sum, zip(self.processed, later.processed, strict=True))),
            sent=sent._replace(
                sent=was.sent + sent.sent,
                failed=was.failed + sent.failed,
                later=was.later + sent.later,
            ),
            errands=self.errands.then(later.errands),
            **{one: getattr(self, one) + getattr(later, one) for one in _ADDED_UP},
        )


class LetterWordsRow(NamedTuple):
    """The words of one letter, in one language."""

    name: str
    about: str
    """When it is written, in a few words."""
    language: str
    source: str
    """desk where the desk wrote its own words, else ours; `English` where it is not translated.

    `client` where they are the own words of letters to the client's people that was asked for.
    """


class LetterPreview(NamedTuple):
    """A letter as it would look."""

    subject: str
    text: str
    html: str


_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


class Queued(Protocol):
    """Whatever waits in a queue and leaves by itself: a letter, an errand to a tracker."""

    @property
    def state(self) -> str:
        """queued, claimed, sent, failed or withdrawn."""

    @property
    def not_before(self) -> datetime:
        """When it is due."""

    @property
    def attempts(self) -> int:
        """How often it was tried."""


def letter_stands(row: Queued, now: datetime) -> str:
    """Say where a letter is: `leaves in 8 s`, `again in 4 min (2×)`, `failed`, `sent`."""
    if row.state == "claimed":
        return "being sent"
    if row.state != "queued":
        return row.state
    left = (row.not_before - now).total_seconds()
    if row.attempts:
        return f"again {_when(left)} ({row.attempts}×)"
    return f"leaves {_when(left)}"


def mail_words(out: Outgoing) -> str:
    """Say in one line how the outbox stands; trouble first, with its reason."""
    if out.paused:
        waits = f", {out.waiting} waiting" if out.waiting else ""
        return f"mail paused{waits}: {out.paused}"
    if out.failed:
        return f"mail ✗ {out.failed} failed: {out.why_failed}"
    if out.waiting:
        return f"mail {out.waiting} waiting"
    return "mail ✓"


def what_to_do(out: Outgoing, now: datetime) -> str:
    """Say what a person does about the outbox's trouble; nothing where there is none."""
    if out.paused and out.until is None:
        return "`deskterm mail resume` goes on"
    if out.paused and out.until is not None:
        left = max(0.0, (out.until - now).total_seconds())
        return f"tried again {_when(left)}; `deskterm mail resume` tries now"
    if out.failed:
        return "`deskterm mail queue --failed` shows why, `deskterm mail retry` tries again"
    return ""


def _when(seconds: float) -> str:
    if seconds <= 0:
        return "now"
    if seconds < _MINUTE:
        return f"in {max(1, round(seconds))} s"
    if seconds < _HOUR:
        return f"in {round(seconds / _MINUTE)} min"
    if seconds < 2 * _DAY:
        return f"in {round(seconds / _HOUR)} h"
    return f"in {round(seconds / _DAY)} days"
