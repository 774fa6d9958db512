"""The terms of a query over people: an audience, and what `person list` asks for."""

from collections.abc import Mapping

from deskterm.triage.query import Query, parse, terms
from deskterm.triage.terms import TermKind, Vocabulary

_NONE = ("none",)
_TERMS: Mapping[str, TermKind] = {
    "is": TermKind("choice", "what they are", ("any", "reachable", "opted-out", "new")),
    "name": TermKind("text", "an address, a domain such as @example.org, or part of a name"),
    "site": TermKind("name", "where they work", _NONE),
    "org": TermKind("name", "their organisation", _NONE),
    "segment": TermKind("name", "their segment", _NONE),
    "department": TermKind("name", "their department", _NONE),
    "device": TermKind("text", "the name of a device of theirs, device:LT-*", _NONE),
    "model": TermKind("name", "the model of a device of theirs, model:T14*", _NONE),
    "os": TermKind("name", 'system and version of a device of theirs, os:"Windows 11*"', _NONE),
    "service": TermKind("name", "a service they use: a ticket of theirs, a fact of their device"),
    "problem": TermKind("number", "a problem they have a ticket of, such as P7"),
    "id": TermKind("number", "the numbers of people"),
}

PEOPLE = Vocabulary(
    _TERMS,
    same={"from": "name", "person": "name", "system": "os"},
    other_words={
        "location": "site",
        "organisation": "org",
        "organization": "org",
        "customer": "name",
        "email": "name",
    },
)
"""What is asked of people: `site:Leeds,Hull -segment:contractors`."""

_USES = ("site", "device", "model", "os", "service", "problem")
"""Terms that say what somebody uses, and so what an outage takes from them."""


def audience(text: str) -> Query:
    """Give the query over people that a text means; `everyone` is everybody. Raises QueryError."""
    return parse("is:any" if text.strip().casefold() == "everyone" else text, PEOPLE)


def says_what_they_use(query: Query) -> bool:
    """Tell whether an audience is named by what its people use, and not by who they are."""
    return any(term.field in _USES for term in terms(query.where))


def is_plain(query: Query) -> bool:
    """Tell whether a query is nothing but words, as somebody types a name."""
    return all(term.field in ("text", "id") for term in terms(query.where))
