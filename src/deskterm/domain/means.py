"""What is done every day by one key: canned texts, macros, templates, as others see them (C8)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from deskterm.domain.asking import Request
from deskterm.domain.errors import NotFoundError
from deskterm.domain.rows import Done

KEEP, BEFORE, AFTER = "keep", "before", "after"
ON_DAYS_OFF = (KEEP, BEFORE, AFTER)
"""What becomes of a recurring date on a day off."""
MARK = "::"
"""What stands before the short name of a canned text while somebody types."""


class TextRow(NamedTuple):
    """A canned text as it is kept."""

    id: int
    name: str
    short: str
    words: str
    language: str
    organisation: str
    uses: int

    @property
    def typed(self) -> str:
        """What is typed to insert it, after `::`."""
        return self.short or self.name


class Canned(NamedTuple):
    """A canned text that fits a ticket, with what is known filled in."""

    id: int
    short: str
    name: str
    words: str
    missing: tuple[str, ...]
    """Placeholders that nothing is known for; they stand in the words as they are."""
    uses: int = 0

    @property
    def holes(self) -> str:
        """Say what nothing is known for; empty where nothing is missing."""
        names = ", ".join(f"{{{one}}}" for one in self.missing)
        return f"Nothing is known for {names}: write it yourself." if names else ""


def fitting(rows: Iterable[TextRow], languages: Sequence[str], organisation: str) -> list[TextRow]:
    """Give the texts for these people, the most used first; of one short name the closest.

    A text fits where it is for everybody, or for their organisation; in their language (the first
    of `languages`), else in the desk's, else in none of its own.
    """
    order = {language: place for place, language in enumerate(("", *reversed(languages)))}
    best: dict[str, tuple[tuple[bool, int], TextRow]] = {}
    for row in rows:
        if row.organisation not in ("", organisation) or row.language not in order:
            continue
        rank = (bool(row.organisation), order[row.language])
        short = row.typed.casefold()
        if short not in best or rank > best[short][0]:
            best[short] = (rank, row)
    return sorted((row for _, row in best.values()), key=lambda row: (-row.uses, row.typed))


def named(texts: Sequence[Canned], name: str) -> Canned:
    """Give the text of that short name or name; raises NotFoundError with what fits."""
    wanted = name.strip().removeprefix(MARK).casefold()
    for one in texts:
        if wanted in (one.short.casefold(), one.name.casefold()):
            return one
    known = ", ".join(one.short for one in texts[:8]) or "none"
    raise NotFoundError(f"no text {name[:40]!r} fits here; those that fit: {known}.")


class MacroRow(NamedTuple):
    """Several verbs under one name, as they are kept."""

    id: int
    name: str
    about: str
    steps: tuple[Mapping[str, object], ...]
    """Requests as JSON has them, with placeholders."""
    key: str


class Mean(NamedTuple):
    """What the desk gave a name to, for whoever types it."""

    kind: str
    """macro, verb, checklist, template or text."""
    name: str
    about: str


class MacroPreview(NamedTuple):
    """What a macro would do to tickets."""

    name: str
    steps: tuple[str, ...]
    """Its steps as they are written, a line each."""
    done: Done
    """What a trial of it changed."""


class TemplateRow(NamedTuple):
    """A ticket that is filled in already."""

    id: int
    name: str
    subject: str
    body: str
    problem: str
    urgent: bool
    category: str
    service: str
    group: str
    checklist: str
    fields: Mapping[str, str]


class RecurringRow(NamedTuple):
    """A rule by which tickets are opened again and again."""

    id: int
    name: str
    rule: str
    first_day: str
    since_day: str
    template_id: int | None
    person_id: int | None
    calendar_id: int | None
    off: str
    ahead: int
    trouble: str


class Due(NamedTuple):
    """A date of a rule, and what became of it."""

    day: date
    """As the rule has it."""
    due: date
    """On which day it is due: another one where that is a day off."""
    ticket: int | None
    """The ticket that was opened for it."""


NOTE, REPLY, FIELDS = "note", "reply", "fields"
GIVES = (NOTE, REPLY, FIELDS)
"""What becomes of an own verb's words: an internal note, the draft of an answer, values."""


class VerbRow(NamedTuple):
    """A verb of the desk's own, as it is kept."""

    id: int
    name: str
    about: str
    run: str
    gives: str
    seconds: int
    key: str


class OwnVerb(NamedTuple):
    """A verb that this machine allows."""

    row: VerbRow
    argv: tuple[str, ...]
    shown: str
    """The argument list as it can be read."""


class Outcome(NamedTuple):
    """What a verb's program said of a ticket, before anything is done with it."""

    row: VerbRow
    ticket: int
    version: int
    """The version of the ticket that it was given."""
    said: str
    request: Request | None
    """The change that it asks for, where it gives fields."""
