"""Frozen rows: what reads give to screens and commands. Text in them is exact, not yet cleaned.

Named tuples: making these classes takes a third of the time that data classes take (decision 0002).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from deskterm.domain.questions import Question


class BoardRow(NamedTuple):
    """One line of the board or of a listing."""

    id: int
    version: int
    state: str
    urgent: bool
    subject: str
    requester: str
    """The requester's name, or address where no name is known."""
    assignee: str | None
    group: str | None
    category: str | None
    """The category's path."""
    channel: str
    opened_at: datetime
    updated_at: datetime
    waiting_for: str | None
    waiting_until: datetime | None
    needs: str
    due_at: datetime | None = None
    """When the next promise to the customer would be broken; None while none runs."""
    picked_at: datetime | None = None
    """The first owner or human action; until then the pick-up is what is promised."""
    impact: int = 0
    """How many people it touches, as far as is known."""
    approval: str | None = None
    """asked, granted or refused."""
    closed_at: datetime | None = None
    response_due: datetime | None = None
    """When an answer is or was promised."""
    asks: bool = False
    """Whether a mail on it asks for something that a technician has to say yes or no to."""
    filed: bool = False
    """Whether mail of a machine came to it, and nobody did anything since."""
    more: Mapping[str, object] = MappingProxyType({})
    """Key of `domain.columns.LISTED` → value, of further columns where a list shows them."""

    def value(self, key: str) -> object:
        """Give the value of a column; None where it was not read."""
        return getattr(self, key) if key in self._fields else self.more.get(key)


class Altered(NamedTuple):
    """What is another than a list shows."""

    first: list[int]
    """The first tickets in their order, as it is now."""
    seen: list[int]
    """The tickets that were looked at."""
    rows: list[BoardRow]
    """Those of them that are not as they were known."""


class Pairing(NamedTuple):
    """A ticket that others shall go into or belong to, for whoever decides about it."""

    goal: BoardRow
    strangers: tuple[str, ...] = ()
    """`#12 Ada Moss`: those of the others that have another requester."""
    opens: bool = False
    """Whether an open one would end on a closed one, which is then opened again."""

    def words(self, named: str, joins: str) -> str:
        """Give `#12 into #9 Printer (Bo Lind) · other person: #12 Ada Moss`."""
        goal = self.goal
        parts = [f"{named} {joins} #{goal.id} {goal.subject} ({goal.requester or 'nobody known'})"]
        if self.strangers:
            other = "other person" if len(self.strangers) == 1 else "other people"
            more = f" and {len(self.strangers) - 3} more" if len(self.strangers) > 3 else ""
            parts.append(f"{other}: {', '.join(self.strangers[:3])}{more}")
        if self.opens:
            parts.append(f"#{goal.id} is {goal.state}: it will be open again")
        return " · ".join(parts)


class Ending(NamedTuple):
    """What is answered already of some tickets that shall be closed."""

    solved: bool
    """All of them are solved."""
    tested: bool
    """All were verified by whoever did the work."""
    said: bool
    """Of all the customer's word is known, or a reason to do without."""
    test: str = ""
    """How the trouble of a single one was reproduced: the test of whether it is gone."""
    problems: tuple[int, ...] = ()
    """The problems, still to be fixed, that all of them belong to."""


class ValueCount(NamedTuple):
    """A value of a column that several tickets have."""

    title: str
    """The column's."""
    value: str
    term: str
    """What asks for it in a query."""
    tickets: int
    """How many have it."""


class Counted(NamedTuple):
    """What tickets have in common, the most frequent first."""

    of: int
    """How many tickets were looked at."""
    values: tuple[ValueCount, ...] = ()


class PersonRow(NamedTuple):
    """A requester and all the desk knows of them."""

    id: int
    name: str
    addresses: tuple[str, ...]
    phone: str
    department: str
    location: str
    title: str
    segment: str
    organisation: str | None
    site: str | None
    notes: str
    open_tickets: int = 0
    past_tickets: int = 0
    devices: tuple["DeviceRow", ...] = ()
    broken: tuple["BrokenAddress", ...] = ()
    """Of the addresses, those that letters only come back from."""
    language: str = ""
    """Of the letters to them; empty: their organisation's."""


class Promised(NamedTuple):
    """Something that was promised to a requester and is still to come."""

    ticket_id: int
    what: str
    """call back, open again, fixed with P7 …"""
    at: datetime | None
    """When; None where no time was said."""


class PersonPage(NamedTuple):
    """A requester with all that they ever had of the desk."""

    person: PersonRow
    tickets: Sequence["BoardRow"]
    """Open ones first, then the newest; `more` has `rating`."""
    promises: Sequence[Promised]
    """The earliest first."""
    ratings: Sequence[int]
    """Every vote of theirs, the newest first."""


class BrokenAddress(NamedTuple):
    """An address that no letter is written to any more, until a mail comes from it."""

    address: str
    since: datetime
    reason: str
    """What the other mail system said."""


class DeviceRow(NamedTuple):
    """A device."""

    id: int
    name: str
    kind: str
    model: str
    os: str
    os_version: str
    person: str | None = None


class StepRow(NamedTuple):
    """One of the nine steps of a ticket; `status` is open, done or skipped."""

    step: str
    status: str
    actor: str | None = None
    at: datetime | None = None
    reason: str = ""


class AttachmentRow(NamedTuple):
    """A file on a ticket; the bytes are fetched by `sha256`."""

    id: int
    entry_id: int
    name: str
    media_type: str
    size: int
    sha256: str
    inline: bool


class EntryRow(NamedTuple):
    """One ledger entry of a timeline. `changes` is field → (before, after)."""

    id: int
    operation_id: str
    at: datetime
    actor: str
    person: str | None
    event: str
    public: bool
    text: str
    changes: dict[str, tuple[object, object]]
    data: dict[str, Any]
    undone: bool
    attachments: tuple[AttachmentRow, ...] = ()

    @property
    def who(self) -> str:
        """Who did it, for eyes: a customer by name, the foreign name beside what was imported."""
        if self.actor == "customer" and self.person:
            return self.person
        foreign = self.data.get("by") if self.actor == "import" else None
        return f"{foreign} (imported)" if foreign else self.actor


class LinkRow(NamedTuple):
    """A linked ticket as seen from this one; `outward` is false where the other names this one."""

    kind: str
    ticket_id: int
    subject: str
    state: str
    outward: bool


class ProblemTie(NamedTuple):
    """A problem that a ticket belongs to."""

    id: int
    title: str
    state: str


class TicketView(NamedTuple):
    """One ticket whole, as `ticket show` and the ticket screen need it."""

    id: int
    version: int
    state: str
    urgent: bool
    channel: str
    subject: str
    body: str
    problem: str
    reproduction: str
    reproduced: bool | None
    requester: PersonRow | None
    requester_unsure: bool
    """Read out of a forwarded mail: a person has to confirm it."""
    category: str | None
    service: str | None
    group: str | None
    from_group: str | None
    level: int
    assignee: str | None
    device: DeviceRow | None
    waiting_for: str | None
    waiting_until: datetime | None
    waiting_reason: str
    needs: str
    approver: str
    """Whose approval it is, where one is needed."""
    approval: str | None
    """asked, granted or refused."""
    approval_at: datetime | None
    """Since when."""
    outcome: str | None
    close_reason: str
    resolution: str
    solution_id: int | None
    craft_proof: str | None
    customer_proof: str | None
    rating: int | None
    """The requester's vote, 1 to 5."""
    rating_comment: str
    merged_into: int | None
    foreign_id: str | None
    opened_at: datetime
    updated_at: datetime
    solved_at: datetime | None
    closed_at: datetime | None
    fields: dict[str, str]
    steps: tuple[StepRow, ...]
    links: tuple[LinkRow, ...]
    watchers: tuple[str, ...]
    timeline: tuple[EntryRow, ...]
    due_at: datetime | None = None
    """When the next promise to the customer would be broken; None while none runs."""
    response_due: datetime | None = None
    """When an answer is or was promised."""
    picked_at: datetime | None = None
    """The first owner or human action."""
    impact: int = 0
    worked: int = 0
    """Seconds that were booked on it (H9)."""
    people: int | None = None
    """How many people it touches, as asked."""
    cannot_work: bool | None = None
    needed_by: datetime | None = None
    questions: tuple[Question, ...] = ()
    """What its mails ask for, and a technician says yes or no to."""
    problems: tuple[ProblemTie, ...] = ()
    solution: str = ""
    """The title of the solution that solved it."""
    items: int = 0
    """How many items its checklists have."""
    items_done: int = 0

    @property
    def files(self) -> tuple[AttachmentRow, ...]:
        """Every file on it, the oldest first."""
        return tuple(one for entry in self.timeline for one in entry.attachments)


Subject = tuple[str, int]
"""What the ledger tells of: (kind, number); what is known by a name has the number 0."""


class Change(NamedTuple):
    """One field of one ticket that an operation changed, or would change in a dry run."""

    ticket_id: int
    event: str
    field: str
    before: object
    after: object


class Done(NamedTuple):
    """What an operation did: its id, what it touched, what failed, letters written."""

    operation_id: str
    kind: str
    subjects: tuple[Subject, ...] = ()
    """What it touched, in its order."""
    changes: tuple[Change, ...] = ()
    failed: tuple[tuple[int, str, int], ...] = ()
    """(ticket, sentence, exit code) of each that was refused."""
    letters: int = 0
    repeated: bool = False
    """True where the operation id had been done before: nothing was done again."""
    dry: bool = False
    notes: tuple[str, ...] = ()
    """What the person should know besides: a letter that had left, a reply that reached nobody."""
    back: str = ""
    """What an undo took back, or a redo did again, in words."""
    next: str = ""
    """What another undo (or redo) would take next, in words."""
    gone: tuple[int, ...] = ()
    """Tickets that whoever did it does not see any more: `notes` say where they went."""

    def of(self, kind: str) -> tuple[int, ...]:
        """Give the numbers of what it touched of one kind."""
        return tuple(number for one, number in self.subjects if one == kind)

    def about(self, kind: str, number: int) -> "Done":
        """Give the same as what was done to one subject above all."""
        rest = (one for one in self.subjects if one != (kind, number))
        return self._replace(subjects=((kind, number), *rest))

    @property
    def tickets(self) -> tuple[int, ...]:
        """The tickets it touched."""
        return self.of("ticket")


class Found(NamedTuple):
    """A hit of the finder: a ticket, person, solution or guide."""

    kind: str
    id: str
    title: str
    detail: str
