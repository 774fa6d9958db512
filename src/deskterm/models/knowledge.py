"""Guides, solutions, problems, views, the desk's own settings, what triage keeps."""

from datetime import datetime

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from deskterm.models.types import Moment


class GuideVersion(SQLModel, table=True):
    """One version of a troubleshooting guide, as its author wrote it."""

    __tablename__ = "guide"
    __table_args__ = (UniqueConstraint("slug", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    slug: str
    version: int
    title: str
    source: str
    """The YAML text."""
    actor: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    active: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    """The client it was written for; None: anybody's."""
    outline: str | None = None
    """What the text says of itself, as JSON (`guides/outline.py`); None: nobody has read it yet."""


class GuideRun(SQLModel, table=True):
    """One walk through a guide, pinned to its version."""

    __tablename__ = "guide_run"

    id: int | None = Field(default=None, primary_key=True)
    guide_id: int = Field(foreign_key="guide.id", index=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    owner: str
    status: str = "running"
    """running, paused, solved, escalated or abandoned."""
    state: str = "{}"
    """The walk as JSON: facts, answers, notes, where it stands."""
    started_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    updated_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    version: int = 1
    leaf: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """The end it came to: `done`, of a guide that it led through `other/done`, `link, early`."""


class Solution(SQLModel, table=True):
    """An answer that worked (KCS): how far it is trusted and who may read it are two fields."""

    __tablename__ = "solution"

    id: int | None = Field(default=None, primary_key=True)
    title: str
    symptoms: str = ""
    environment: str = ""
    cause: str = ""
    resolution: str = ""
    tip: str = ""
    confidence: str = "draft"
    audience: str | None = None
    category_id: int | None = Field(default=None, foreign_key="category.id")
    source_ticket_id: int | None = Field(default=None, index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    """The client whose words it is made of; None: nobody's."""
    fixed_in: str = ""
    owner: str = ""
    review_by: str | None = None
    """An ISO date."""
    version: int = 1
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    updated_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    published_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    worked: int = 0
    failed: int = 0
    faded: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """JSON: what the votes count as worked and as failed at the last one, and when that was."""


class SolutionUse(SQLModel, table=True):
    """A solution was used on a ticket, and worked or did not."""

    __tablename__ = "solution_use"

    id: int | None = Field(default=None, primary_key=True)
    solution_id: int = Field(foreign_key="solution.id", index=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    actor: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    worked: bool | None = None


class SavedView(SQLModel, table=True):
    """A named query: everyone's where the owner is empty."""

    __tablename__ = "saved_view"

    id: int | None = Field(default=None, primary_key=True)
    owner: str = ""
    name: str
    query: str
    position: int = 0


class DeskSetting(SQLModel, table=True):
    """A setting of the desk (templates, mission, limits, mailboxes), a JSON value."""

    __tablename__ = "desk_setting"

    key: str = Field(primary_key=True)
    value: str


class Secret(SQLModel, table=True):
    """A secret that signs tokens; old ones are kept so that old mails still find their ticket."""

    __tablename__ = "secret"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    value: str
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class LearnedWord(SQLModel, table=True):
    """A feature of tickets (a word, a requester, a channel) and what it says of each label."""

    __tablename__ = "learned_word"

    word: str = Field(primary_key=True)
    seen: int
    """Tickets that had it."""
    weights: bytes
    """A weight for each label, in the lanes of one number (triage/classify/lanes.py)."""
    newest: int
    """Tickets learned when it was last seen; what was seen once, long ago, is forgotten."""


class LearnedHead(SQLModel, table=True):
    """What is known beside the words (`words`), and how far the ledger was read (`ledger`)."""

    __tablename__ = "learned_head"

    kind: str = Field(primary_key=True)
    tickets: int
    """How often something was learned: whoever finds it changed begins anew."""
    state: str
    """JSON: the lane and the tickets of each label, and how far guesses may be trusted."""


class LearnedTicket(SQLModel, table=True):
    """A label of a ticket was learned: never twice."""

    __tablename__ = "learned_ticket"

    kind: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    label: str = Field(primary_key=True)


class LearnedLesson(SQLModel, table=True):
    """A ticket that is looked at again: a bounded sample of what was learned."""

    __tablename__ = "learned_lesson"
    __table_args__ = (Index("learned_lesson_looked", "looked", "ticket_id"),)

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    pulls: bytes
    """How hard it pulls at each label: two bytes each, compressed."""
    often: bool
    """Many have its labels: the oldest of these go first."""
    looked: int
    """Tickets learned when it was last looked at."""


class Rule(SQLModel, table=True):
    """A rule of the desk's own: what new tickets get that fit a query."""

    __tablename__ = "rule"

    id: int | None = Field(default=None, primary_key=True)
    position: int
    name: str = Field(unique=True)
    query: str
    sets: str
    """A JSON object: what it sets."""
    stops: bool
    active: bool
    trouble: str


class Problem(SQLModel, table=True):
    """One cause of tickets, suspected or known (semantics.md §9). Its cause is internal."""

    __tablename__ = "problem"

    id: int | None = Field(default=None, primary_key=True)
    title: str
    state: str = Field(default="suspected", index=True)
    cause: str = ""
    workaround: str = ""
    """What helps until it is mended; may be told to customers."""
    reproduction: str = ""
    """The steps that lead to it."""
    model: str = ""
    """Affected device models, with commas between; `*` at an end stands for anything."""
    os: str = ""
    """Affected systems and versions, such as `Windows 11*`, with commas between."""
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    """The client whose tickets it explains; None: anybody's."""
    site_id: int | None = Field(default=None, foreign_key="site.id")
    category_id: int | None = Field(default=None, foreign_key="category.id")
    severity: str = "normal"
    """low, normal or high."""
    owner: str = ""
    product: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """What it is a fault of, as releases and devices call it."""
    found: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """The product's versions in which it was found, with commas between."""
    fixed: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """The product's versions in which it is fixed, with commas between."""
    effort: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Hours that ending it takes, as estimated."""
    measure: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """How it ends where not by a release: configuration, replacement, training, words."""
    measure_on: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """The day the measure is meant for, `2026-12-01`."""
    measure_cost: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    measure_owner: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Who carries the measure out."""
    reason: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Why it will not be fixed, or why it counts as verified."""
    version: int = 1
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    updated_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class ProblemTicket(SQLModel, table=True):
    """A ticket of a problem."""

    __tablename__ = "problem_ticket"

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    problem_id: int = Field(foreign_key="problem.id", primary_key=True, index=True)


class ProblemTold(SQLModel, table=True):
    """A person who was told of a problem before they called (G5): once a person and problem."""

    __tablename__ = "problem_told"

    problem_id: int = Field(foreign_key="problem.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    wording: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """A mark of the words they were told."""


class ProblemPromise(SQLModel, table=True):
    """A fix that was promised to a ticket's requester: closed as recorded (F5)."""

    __tablename__ = "problem_promise"

    problem_id: int = Field(foreign_key="problem.id", primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True, index=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    due_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    """The day that they were told."""
    told: str = ""
    """What they were told last of it: mended, wont_fix, withdrawn, said; empty: nothing yet."""
    broken: bool = False
    """Its day was over before it was kept or moved."""


class Release(SQLModel, table=True):
    """A version of a product that fixes problems; shipping it tells whom they hurt (F4)."""

    __tablename__ = "release"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    product: str = ""
    product_version: str = ""
    words: str = ""
    """What changed, in customers' words."""
    how: str = ""
    """How to get it."""
    owner: str | None = Field(default=None)
    planned_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    shipped_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    reason: str = ""
    """Why it was withdrawn."""
    version: int = 1
    updated_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class ReleaseProblem(SQLModel, table=True):
    """A problem that a release fixes."""

    __tablename__ = "release_problem"

    release_id: int = Field(foreign_key="release.id", primary_key=True)
    problem_id: int = Field(foreign_key="problem.id", primary_key=True, index=True)


class ReleaseTold(SQLModel, table=True):
    """A person who was told of a release, once, and whether it works for them."""

    __tablename__ = "release_told"

    release_id: int = Field(foreign_key="release.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    answer: str = ""
    """`works`, `still broken`, or nothing yet."""
    answered_at: datetime | None = Field(default=None, sa_column=Column(Moment))
