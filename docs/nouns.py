"""One name for each thing: every noun with its screen, actions, command, service, table.

A noun is called alike everywhere, in the singular or the plural. Where a name differs, OTHER says
so, and with it why; whatever a registry has that no noun leads to must stand in ALONE.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from importlib import import_module
from typing import NamedTuple

from deskterm.bootstrap import Desk
from deskterm.cli.nouns import NOUNS
from deskterm.models import metadata
from deskterm.screens.actions import ALL
from deskterm.screens.doors import DOORS

PLACES = ("screen", "actions", "command", "service", "table")
WORDS = (
    *("ticket", "board", "call", "guide", "solution", "problem", "release", "announcement"),
    *("tracker", "promise", "letter"),
    *("inbox", "mailbox", "wording", "notice", "visit", "time", "absence", "workload", "person"),
    *("technician", "competence", "review", "presence", "handover"),
    *("group", "category", "field", "service", "site", "device", "remote"),
    *("text", "macro", "checklist", "template", "recurring", "verb", "hook"),
    *("organisation", "rule", "view"),
    *("offer", "calendar", "web"),
    *("improvement", "decision", "feedback", "member", "retention"),
    *(
        "setting",
        "record",
        "draft",
        "secret",
        "team",
        "insight",
        "figure",
        "triage",
        "search",
        "job",
        "ledger",
    ),
)
"""Every noun, in the order people meet them."""
_INBOX, _BOX = "mail in and out are verbs of one command", "letters wait in the outbox"
_RECORD, _SQL = "one service has all records", "the short word is one of SQL's own"
OTHER: Mapping[tuple[str, str], tuple[str, str]] = {
    ("tracker", "table"): ("tracked, tracked_comment, errand", "what is there, what is to be said"),
    ("letter", "command"): ("mail queue", _INBOX),
    ("letter", "service"): ("outbox", _BOX),
    ("letter", "table"): ("outbox", _BOX),
    ("inbox", "command"): ("mail inbox", _INBOX),
    ("wording", "command"): ("template, mail template", "what administrators of mail call it"),
    ("wording", "table"): ("desk_setting", "a desk's own words are settings of the desk"),
    ("call", "command"): ("ticket new", "a call is how a ticket begins"),
    ("call", "table"): ("callback", "a call is a ticket; only what was promised is kept besides"),
    ("promise", "command"): ("promises, promise", "what there is, and what is done with one"),
    ("promise", "table"): ("problem_promise, callback", "each kind is kept where it belongs"),
    ("notice", "service"): ("notices, attention", "what one is told, and how one wants to be told"),
    ("competence", "service"): ("staff, records", "one door to what is known of technicians"),
    ("presence", "service"): ("staff", "one door to what is known of technicians"),
    ("handover", "service"): ("staff", "one door to what is known of technicians"),
    ("handover", "table"): ("handover, handover_read", "what was left, and who has read it"),
    ("review", "service"): ("staff", "one door to what is known of technicians"),
    ("workload", "service"): ("absences", "who is off decides who has time"),
    ("organisation", "command"): ("org", "typed often"),
    ("announcement", "command"): ("announce, announcement", "the verb, and the records"),
    ("setting", "service"): ("desk_settings", "the machine's settings need no service"),
    ("setting", "table"): ("desk_setting", "the machine's settings are a file"),
    ("time", "table"): ("time_entry", "time is a word of SQL's own"),
    ("group", "table"): ("desk_group", _SQL),
    ("field", "table"): ("field_definition", _SQL),
    ("view", "table"): ("saved_view", _SQL),
    ("figure", "screen"): ("insight", "its first tabs"),
    ("figure", "table"): ("measure", "a row for every ticket, of which figures are made"),
    ("ledger", "command"): ("log, undo, redo", "what is done with it"),
    ("job", "command"): ("work", "a verb: it does the jobs"),
    ("job", "table"): ("lease", "which process does them"),
    ("ticket", "service"): ("tickets, handing_over", "to whom one is escalated asks guides too"),
    ("guide", "service"): ("guides, runs", "the shelf of guides, and what is walked of them"),
    ("template", "command"): ("ticket-template", "`template` has long been letters' words"),
    ("template", "table"): ("ticket_template", "what a new ticket is filled in with"),
    **{
        (word, "service"): ("means", "one service has what is done every day")
        for word in ("text", "macro", "checklist", "template", "recurring", "verb")
    },
    ("hook", "table"): ("hook_run", "what is to be told; the hooks are files"),
    ("verb", "table"): ("own_verb", "verbs of a ticket are no table"),
    ("text", "table"): ("canned_text", "the short word is a type of SQL's"),
    ("problem", "screen"): ("problems, queue", "all of them, and what developers end first"),
    ("release", "screen"): ("releases, release", "all of them, and one with its people"),
    ("guide", "screen"): ("guide, guides, graph, editor", "walked, listed, drawn, written"),
    **{
        (word, "service"): ("admin, records", _RECORD)
        for word in ("technician", "group", "category", "field", "view")
    },
    **{
        (word, "service"): ("records", _RECORD)
        for word in ("service", "site", "device", "offer", "calendar")
    },
    ("offer", "service"): ("offers, records", "the whole offer is more than its records"),
    ("calendar", "service"): ("calendars, records", "months and feeds are more than a record"),
    ("organisation", "service"): ("records", _RECORD),
    ("improvement", "service"): ("figures, records", "the register measures its actions"),
    ("retention", "table"): ("retention, retained", "the rules, and the tickets that went by them"),
    ("improvement", "screen"): ("register", "its first tab; the others are the board's"),
    ("improvement", "actions"): ("register", "its first tab; the others are the board's"),
    ("improvement", "command"): ("register", "people speak of the register and its actions"),
    **{
        (word, "service"): ("records", _RECORD)
        for word in ("decision", "feedback", "member", "retention")
    },
}
"""(noun, place) → its name there, and why it is another."""
ALONE: Mapping[str, frozenset[str]] = {
    "screen": frozenset(),
    "command": frozenset(
        {
            "audit",
            "demo",
            "import",
            "export",
            "db",
            "doctor",
            "man",
            "me",
            "focus",
            "mail",
            "attachment",
            "board-pack",
        }
    ),
    "service": frozenset({"letters", "importing", "changes", "may"}),
    "table": frozenset(
        (
            *(
                "allowed_client",
                "attachment",
                "blob",
                "counter",
                "checklist_item",
                "recurring_made",
                "course",
                "course_due",
                "day_mark",
                "day_total",
                "entry_place",
                "field_value",
            ),
            *(
                "guide_run",
                "learned_head",
                "learned_lesson",
                "learned_ticket",
                "learned_word",
                "link",
            ),
            *(
                "mail_receipt",
                "mail_reference",
                "membership",
                "offer_organisation",
                "offer_segment",
                "offer_site",
                "offer_version",
                "operation",
                "person_address",
                "problem_ticket",
            ),
            *(
                "news_told",
                "problem_told",
                "question",
                "redaction",
                "release_problem",
                "release_told",
                "result",
                "result_due",
                "solution_use",
                "step",
                "taken_back",
                "watcher",
            ),
        )
    ),
}
"""What has no noun: doors to the desk as a whole and to oneself, what writes within operations,
tables of what hangs on a row of another."""


class Row(NamedTuple):
    """A noun and what it is called in each place; empty where it is not there."""

    word: str
    screen: str
    actions: str
    command: str
    service: str
    table: str


def registries() -> Mapping[str, frozenset[str]]:
    """Give every name that each place has."""
    services = (name for name, one in vars(Desk).items() if isinstance(one, cached_property))
    return {
        "screen": frozenset(DOORS),
        "actions": frozenset(_prefixes()),
        "command": frozenset(_commands()),
        "service": frozenset(services),
        "table": frozenset(metadata.tables),
    }


def _prefixes() -> Iterable[str]:
    return (one.id.partition("_")[0] for one in ALL if "_" in one.id)


def _commands() -> Iterable[str]:
    for name, (place, _) in NOUNS.items():
        module, _, attribute = place.partition(":")
        noun = getattr(import_module(f"deskterm.cli.{module}"), attribute or "noun")
        yield name
        yield from (f"{name} {verb}" for verb in noun.verbs)


def forms(word: str) -> tuple[str, str]:
    """Give a noun in the singular and in the plural."""
    if word.endswith(("x", "s")):
        return word, f"{word}es"
    return word, f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def rows() -> list[Row]:
    """Give the table: each noun under the name that each place has for it."""
    known = registries()

    def name(word: str, place: str) -> str:
        if (word, place) in OTHER:
            return OTHER[word, place][0]
        found = {"person": "people"}.get(word, forms(word)[1])
        return next((one for one in (word, found) if one in known[place]), "")

    return [Row(word, *(name(word, place) for place in PLACES)) for word in WORDS]


def unnamed() -> Mapping[str, frozenset[str]]:
    """Give what each registry has that no noun leads to and that is not known to stand alone."""
    known, found = registries(), rows()
    loose = {}
    for place, alone in ALONE.items():
        said = {name for row in found for name in getattr(row, place).split(", ")}
        names = (one for one in known[place] if " " not in one)
        loose[place] = frozenset(names) - said - alone
    return loose


def unknown() -> list[str]:
    """Give the names that the table says and no registry has."""
    known = registries()
    return [
        f"{row.word}: {name}"
        for row in rows()
        for place in PLACES
        for name in filter(None, getattr(row, place).split(", "))
        if name not in known[place]
    ]


def table() -> str:
    """Give the table as it stands in the codebase guide."""
    lines = [f"| noun | {' | '.join(PLACES)} | why another name |", "|---" * 7 + "|"]
    for row in rows():
        actions = f"{row.actions}_…" if row.actions else ""
        names = (row.screen, actions, row.command, row.service, row.table)
        why = dict.fromkeys(OTHER[row.word, one][1] for one in PLACES if (row.word, one) in OTHER)
        lines.append(f"| {row.word} | {' | '.join(map(_code, names))} | {'; '.join(why)} |")
    return "\n".join(lines)


def _code(names: str) -> str:
    return ", ".join(f"`{one}`" for one in names.split(", ")) if names else ""
