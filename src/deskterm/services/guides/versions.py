"""The versions of a guide: who wrote each and why, what differs, what a new one is checked by."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from deskterm.domain import clock
from deskterm.guides.format import read
from deskterm.guides.lint import Surroundings, lint
from deskterm.guides.model import Guide, GuideError
from deskterm.services.guides.texts import Texts
from deskterm.storage import runs


class VersionLine(NamedTuple):
    """One version of a guide."""

    version: int
    title: str
    author: str
    at: datetime
    note: str
    """Why it was changed, in its author's words."""
    active: bool
    """False where it was taken back; runs that began with it keep it."""


class GuideText(NamedTuple):
    """The newest text of a guide, to be edited."""

    id: str
    number: int
    """The number that the guide's draft is kept under; the same for all its versions."""
    version: int
    text: str


def version_line(row: runs.VersionRow) -> VersionLine:
    """Give a version as it is listed."""
    return VersionLine(row.version, row.title, row.actor, row.at, _note(row.data), row.active)


def _note(data: str) -> str:
    try:
        found = json.loads(data or "{}")
    except ValueError:
        return ""
    return str(found.get("note", "")) if isinstance(found, dict) else ""


def checked(texts: Texts, text: str, file: str) -> Guide:
    """Give a guide from its text; raises GuideError naming every line that is wrong."""
    guide, remarks = read(text, file)
    findings = list(remarks)
    if guide is not None:
        findings += lint(guide, around_one(texts, guide))
    if guide is None or any(finding.severity == "error" for finding in findings):
        raise GuideError(tuple(findings))
    return guide


def surroundings(texts: Texts, fresh: Mapping[str, Guide]) -> Surroundings:
    """Give all that guides are checked against: this desk's guides, groups and solutions."""
    texts.stock()
    with texts.store.reading() as database:
        rows = runs.newest(database)
        known = {row.slug: texts.guide(database, row.slug, row.version) for row in rows}
        groups = frozenset(name.casefold() for name in runs.group_names(database))
        solutions = frozenset(name.casefold() for name in runs.solution_names(database))
    return Surroundings({**known, **fresh}, groups, solutions, clock.now().date())


def around_one(texts: Texts, guide: Guide) -> Surroundings:
    """Give what one guide is checked against; only guides that it leads through are read."""
    texts.stock()
    with texts.store.reading() as database:
        library = texts.reached(database, guide)
        groups = frozenset(name.casefold() for name in runs.group_names(database))
        solutions = frozenset(name.casefold() for name in runs.solution_names(database))
    return Surroundings(library, groups, solutions, clock.now().date())
