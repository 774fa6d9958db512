"""What triage has learned: shared by everybody on the desk."""

from sqlmodel import Field, SQLModel


class LearnedWord(SQLModel, table=True):
    """A feature of tickets (a word, a requester, a channel) and what it says of each label."""

    __tablename__ = "learned_word"

    word: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    """What is guessed: category, service, group or urgent."""
    seen: int
    """Tickets that had it."""
    weights: str
    """A JSON object: label → [weight, its average, tickets learned then]."""
    newest: int
    """Tickets learned when it was last seen; what was seen once, long ago, is forgotten."""


class LearnedHead(SQLModel, table=True):
    """What is known beside the words; the kind `ledger` holds how far the ledger was read."""

    __tablename__ = "learned_head"

    kind: str = Field(primary_key=True)
    tickets: int
    state: str
    """JSON: tickets by label, and how far guesses may be trusted."""


class LearnedTicket(SQLModel, table=True):
    """A label of a ticket was learned: never twice."""

    __tablename__ = "learned_ticket"

    kind: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    label: str = Field(primary_key=True)


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
