"""What a kind of record is declared by: its name, its fields, what can be done with one."""

from collections.abc import Mapping
from typing import NamedTuple


class Field(NamedTuple):
    """One value of a record that can be set."""

    name: str
    help: str = ""
    """What it is, in a few words: for a form and for `--help`."""
    kind: str = "text"
    """How it is read and written (`services/records/readers.py`)."""
    column: str = ""
    """Where it is kept; empty: in the column of its name."""
    fresh: object = ""
    """What a new record has."""
    of: str = ""
    """The kind of record whose names it takes."""
    words: tuple[str, ...] = ()
    """The words it takes."""
    given: str = ""
    """How it is given on the command line where not by its name: `--stop/--go-on`."""

    @property
    def place(self) -> str:
        """The column it is kept in."""
        return self.column or self.name


ALL = frozenset({"add", "set", "rename", "merge", "remove", "import"})
_GONE = "merge it into another."


class Record(NamedTuple):
    """A noun of the desk's own records."""

    kind: str
    """Its kind in the ledger."""
    title: str
    """Several of it, on a tab: `Services`."""
    about: str
    """What they are, in one sentence."""
    fields: tuple[Field, ...] = ()
    verbs: frozenset[str] = ALL
    """What can be done with one, besides reading."""
    fresh: Mapping[str, object] = {}
    """What a new record has besides the fields."""
    named: str = "name"
    """What its name is, for whoever has to type it."""
    asks: str = ""
    """What is typed to name a new one, where it is not what it is named by."""
    noun: str = ""
    """Its command, where it is not the kind."""
    instead: str = _GONE
    """What to do where one cannot be removed because something names it."""
    does: Mapping[str, str] = {}
    """Verb → the kind of its operation, where it is not `set group`."""

    @property
    def command(self) -> str:
        """The noun of its command."""
        return self.noun or self.kind

    def operation(self, verb: str) -> str:
        """Give the kind of an operation on it."""
        return self.does.get(verb, f"{verb} {self.kind}")


def texts(**helps: str) -> tuple[Field, ...]:
    """Give fields of plain text: name → what it is."""
    return tuple(Field(name, text) for name, text in helps.items())


LANGUAGE = Field("language", "of letters to them: de, en …; empty: the desk's", "language")
CATEGORY = Field("category", "of its tickets", "name", "category_id", None, of="category")
GROUP = Field("group", "its tickets go there first", "name", "group_id", None, of="group")
SOURCES = ("focus group", "conversation", "letter", "survey", "call", "other")
"""Where feedback comes from, besides the poll after closing."""
_PERSON = Field("person", "who: address, name or #number", "person", "person_id", None)
_IMPROVEMENT = Record(
    "improvement",
    "Actions",
    "The register: what is done to improve a figure; each measures itself and says if it worked.",
    (
        Field("figure", "which figure it is to move: first-contact, pickup …", "figure"),
        Field("filter", "of which tickets: category:printing; empty: all", "filter", "query"),
        Field(
            "client",
            "whose tickets alone are measured; empty: all",
            "name",
            "organisation_id",
            None,
            "organisation",
        ),
        Field("target", "what it is to become: 70 %, 4h, at most 30"),
        Field("owner", "the technician who sees to it", "login", fresh=None, of="technician"),
        Field("from", "the first day it works; empty: today", "day", "first_day"),
        Field("until", "the last day it is measured; empty: four weeks", "day", "last_day"),
        Field("words", "what is done, in a few sentences", "long"),
        Field("given_up", "why it was given up; empty: it goes on", column="reason"),
    ),
    asks="what is done: Toner is on every floor",
    noun="register",
    instead="say why it was given up (given_up).",
)
_DECISION = Record(
    "decision",
    "Decisions",
    "What the review board is asked, what it decided, and what follows.",
    (
        Field("words", "why it is asked, what it costs, what happens without it", "long"),
        Field("by", "the technician who asks", "login", "asked_by", None, "technician"),
        Field("asked", "the day it was asked; empty: today", "day", "asked_on"),
        Field("answer", "what was decided; empty: it is still asked", "long"),
        Field("taken_by", "who decided: names, or the review board"),
        Field("taken", "the day it was decided", "day", "taken_on"),
        Field("follows", "the action that follows from it", "name", "improvement_id", None,
              "improvement"),
        Field("service", "the service it is about", "name", "service_id", None, "service"),
    ),
    asks="what is asked: Two more people for second level",
)  # fmt: skip
_FEEDBACK = Record(
    "feedback",
    "Feedback",
    "What people said outside the poll: focus groups, conversations, letters.",
    (
        Field("words", "what was said, in their words", "long"),
        Field("source", "where it comes from", "word", fresh=SOURCES[0], words=SOURCES),
        Field("date", "the day it was said; empty: today", "day", "said_on"),
        Field("consent", "their name may be used: yes or no", "yes", fresh=False),
        _PERSON,
        Field("service", "the service it is about", "name", "service_id", None, "service"),
    ),
    asks="a headline: Printing takes too long",
)
_MEMBER = Record(
    "member",
    "Review board",
    "Who sits on the review board: people and technicians.",
    (
        Field("role", "chair, customers' voice, finance …"),
        Field("technician", "the login, where they work at the desk", "login", "login", None,
              "technician"),
        _PERSON,
    ),
)  # fmt: skip
RETENTION = Record(
    "retention",
    "Retention",
    "How long words of closed tickets and people's data are kept: `deskterm retention run`.",
    (
        Field("category", "only for tickets in it and below; empty: all that no other rule is for",
              "name", "category_id", None, "category"),
        Field("after", "so long after a ticket was closed: 2y, 18mo, 90d", "age", "days", 0),
        Field("what", "words: of tickets, with files, mails and letters; people: whoever has no "
              "younger ticket", "word", fresh="words", words=("words", "people")),
        Field("active", "in use: yes or no", "yes", fresh=True, given="--on/--off"),
    ),
    ALL - {"merge"},
    asks="what it is for: Old tickets",
)  # fmt: skip
REVIEWED = (_IMPROVEMENT, _DECISION, _FEEDBACK, _MEMBER)
"""The kinds of records of the review board, in the order of their tabs."""
