"""The terms of the query language: which there are, what each takes, and what it is for."""

from collections.abc import Mapping
from typing import NamedTuple

from deskterm.domain.columns import LISTED
from deskterm.domain.vocabulary import STEPS, Channel, Needs, Outcome, State, WaitingFor


class TermKind(NamedTuple):
    """What one term takes. `kind` is choice, name, date, span, number, count, length or text.

    A number names something (a ticket, a problem); a count and a length of work are compared.
    """

    kind: str
    help: str
    """One line for completion and help."""
    choices: tuple[str, ...] = ()
    """All values of a choice; special words of any other kind."""


_IS = (
    "open",
    *(state for state in State if state != State.OPEN),
    "active",
    "mine",
    "unassigned",
    "urgent",
    "overdue",
    "callback",
    "asked",
    "escalated",
    "recorded",
    "promised",
    "regression",
)

TERMS: Mapping[str, TermKind] = {
    "is": TermKind("choice", "what a ticket is", (*_IS, "any")),
    "urgent": TermKind("choice", "urgent or not", ("yes", "no")),
    "category": TermKind("name", "a category and all below it", ("none",)),
    "service": TermKind("name", "a service", ("none",)),
    "group": TermKind("name", "a group of technicians", ("none",)),
    "assignee": TermKind("name", "who works on it", ("me", "none")),
    "from": TermKind("text", "who reported it: address or name", ("none",)),
    "owner-group": TermKind("name", "a group that whoever works on it belongs to", ("none",)),
    "org": TermKind("name", "the requester's organisation", ("none",)),
    "site": TermKind("name", "the requester's site", ("none",)),
    "department": TermKind("name", "the requester's department", ("none",)),
    "segment": TermKind("name", "the requester's segment", ("none",)),
    "channel": TermKind("choice", "how it came in", tuple(Channel)),
    "device": TermKind("text", "a device", ("none",)),
    "model": TermKind("name", "a model of device, model:T14*", ("none",)),
    "guide": TermKind("text", "a guide that was walked", ("none",)),
    "solution": TermKind("number", "a solution that was used, such as S12", ("none",)),
    "problem": TermKind("number", "a problem it is linked to, such as P7", ("none",)),
    "release": TermKind("name", "a release that fixes a problem it is linked to", ("none",)),
    "figure": TermKind("name", "the tickets behind a number, figure:escalated/2026-11"),
    "impact": TermKind("count", "how many people it touches, impact>5"),
    "people": TermKind("count", "how many people it touches, as asked", ("none",)),
    "level": TermKind("count", "the level it is on; the desk itself is 1"),
    "time": TermKind("length", "time worked on it, time>30m, time>=1h30"),
    "rating": TermKind("count", "how satisfied the requester was, 1 to 5", ("none",)),
    "view": TermKind("name", "what a view shows"),
    "age": TermKind("span", "time since it was opened, such as age>2d"),
    "created": TermKind("date", "when it was opened"),
    "updated": TermKind("date", "when it last changed"),
    "closed": TermKind("date", "when it was closed"),
    "callback": TermKind(
        "span", "a call-back promised within a time, callback<1d", ("due", "today")
    ),
    "step": TermKind("choice", "the next open step", (*STEPS, "none")),
    "waiting": TermKind("choice", "whom it waits for", tuple(WaitingFor)),
    "needs": TermKind("choice", "what the work requires first", tuple(Needs)),
    "outcome": TermKind("choice", "what it was closed as", (*Outcome, "none")),
    "state": TermKind("choice", "the exact state", tuple(State)),
    "id": TermKind("number", "ticket numbers"),
    "foreign": TermKind("text", "the number it had in another system", ("none",)),
}
"""Every term but `field.NAME:` and `sort:`, which have rules of their own."""

SORTS: Mapping[str, str] = {
    "board": "open on top, urgent first, then by how close the promise is to being broken",
    "promise": "when the next promise would be broken",
    "impact": "how many people it touches",
    "age": "how long ago it was opened",
    "created": "when it was opened",
    "updated": "when it last changed",
    "closed": "when it was closed",
    "id": "ticket number",
    "urgent": "urgent or not",
    "subject": "subject",
    "state": "state",
    "channel": "channel",
    "assignee": "who works on it",
    "requester": "who reported it",
    "group": "group",
    "category": "category",
    "service": "service",
    "device": "device",
    "model": "model",
    "org": "the requester's organisation",
    "site": "the requester's site",
    "department": "the requester's department",
    "segment": "the requester's segment",
    "level": "the level it is on",
    "people": "how many people it touches, as asked",
    "rating": "how satisfied the requester was",
    "time": "time worked on it",
}
"""The sort keys; nothing else is ever sorted by."""

SAME: Mapping[str, str] = {
    key: one.shown.term
    for key, one in LISTED.items()
    if one.shown is not None and one.shown.term and key.isalpha() and key != one.shown.term
}
"""A column's own name → its term, where it is called otherwise: `requester:` is `from:`."""

OTHER_WORDS: Mapping[str, str] = {
    "status": "state",
    "priority": "urgent",
    "owner": "assignee",
    "customer": "from",
    "opened": "created",
    "changed": "updated",
    "organization": "org",
    "location": "site",
    "tag": "category",
    "label": "category",
    "order": "sort",
}
"""What people used to other desks type, and the word used here."""

OPERATORS: Mapping[str, tuple[str, ...]] = {
    "date": (":", "<", "<=", ">", ">="),
    "span": (":", "<", "<=", ">", ">="),
    "count": (":", "<", "<=", ">", ">="),
    "length": ("<", "<=", ">", ">="),
}
"""The operators a kind of term takes; every other kind takes ':' only."""


class Vocabulary(NamedTuple):
    """What a query may ask: of tickets here, of people in `people_terms.py`."""

    terms: Mapping[str, TermKind]
    sorts: Mapping[str, str] = {}
    """What it may be sorted by; nothing: there is no `sort:`."""
    same: Mapping[str, str] = {}
    """Another name of a term → the term."""
    other_words: Mapping[str, str] = {}
    """What other desks call a term → the term."""
    fields: bool = False
    """Whether `field.NAME:` asks for fields of the desk's own."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every word that may stand before a colon."""
        more = (("field.NAME", self.fields), ("sort", self.sorts))
        return (*self.terms, *(name for name, there in more if there))


TICKETS = Vocabulary(TERMS, SORTS, SAME, OTHER_WORDS, fields=True)
"""What is asked of tickets."""

_YES = {"true": "yes", "1": "yes", "on": "yes", "false": "no", "0": "no", "off": "no"}


def choice(name: str, value: str) -> str:
    """Give a choice as it is stored: lower case, `urgent:true` as yes."""
    value = value.lower()
    return _YES.get(value, value) if name == "urgent" else value


DEFAULT_VIEWS = (
    ("Open", "is:active"),
    ("Mine", "is:open is:mine"),
    ("Triage", "is:new,open assignee:none"),
    ("Overdue", "is:overdue"),
    ("Waiting", "is:waiting"),
    ("To verify", "is:solved"),
    ("Closed", "is:closed sort:closed-desc"),
)
"""The views that everybody has, name and query; a saved view takes the place of its namesake."""
