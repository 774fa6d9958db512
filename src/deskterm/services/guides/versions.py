"""The versions of a guide: who wrote each and why, its text, and what differs between two."""

import json
from collections.abc import Sequence
from datetime import datetime
from difflib import unified_diff
from typing import NamedTuple

from deskterm.domain.errors import NotFoundError
from deskterm.guides.format import load, read
from deskterm.guides.lint import lint
from deskterm.guides.model import Finding, Guide
from deskterm.services.guides.rehearsal import Rehearsal
from deskterm.services.guides.shelf import Shelf
from deskterm.storage import runs

NEW = 0
"""The number under which the draft of a new guide is kept."""


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


class Versions(Shelf):
    """Reads and compares versions, and tries texts that are not kept yet."""

    def versions(self, slug: str) -> Sequence[VersionLine]:
        """Give every version, the newest first; raises NotFoundError."""
        self.stock()
        with self.store.reading() as database:
            row = self._row(database, slug)
            found = runs.all_versions(database, row.slug)
        return [
            VersionLine(one.version, one.title, one.actor, one.at, _note(one.data), one.active)
            for one in found
        ]

    def text(self, slug: str) -> GuideText:
        """Give the newest text with what an editor must know of it; raises NotFoundError."""
        self.stock()
        with self.store.reading() as database:
            row = self._row(database, slug)
            number = min(one.id for one in runs.all_versions(database, row.slug))
            source = self._text(database, row.slug, row.version)
        return GuideText(row.slug, number, row.version, source)

    def diff(self, slug: str, old: int | None = None, new: int | None = None) -> str:
        """Give what differs between two versions, as a unified diff; empty where nothing does.

        Without numbers the newest is compared with the one before. Raises NotFoundError.
        """
        numbers = [one.version for one in self.versions(slug)]
        new = new if new is not None else numbers[0]
        earlier = [number for number in numbers if number < new]
        if old is None and not earlier:
            raise NotFoundError(f"guide {slug} has no version before {new}.")
        old = old if old is not None else earlier[0]
        name = slug.strip().casefold()
        with self.store.reading() as database:
            before, after = (self._text(database, name, n).splitlines() for n in (old, new))
        heads = (f"{name} version {old}", f"{name} version {new}")
        lines = unified_diff(before, after, *heads, lineterm="")
        return "\n".join(lines)

    def inspect(self, text: str, file: str) -> tuple[Guide | None, tuple[Finding, ...]]:
        """Give a text as far as it can be read, with all that is to be said against it."""
        guide, found = read(text, file)
        if guide is not None:
            found += lint(guide, self._around_one(guide))
        unlike = [one for one in found if "without a database" not in one.message]
        return guide, tuple(sorted(unlike, key=lambda one: (one.severity, one.line)))

    def rehearse(self, text: str) -> Rehearsal:
        """Give a walk through a text that is kept nowhere; raises GuideError."""
        guide = load(text, "this text")
        with self.store.reading() as database:
            library = self._reached(database, guide)
        return Rehearsal(guide, library, self.me)


def _note(data: str) -> str:
    try:
        found = json.loads(data or "{}")
    except ValueError:
        return ""
    return str(found.get("note", "")) if isinstance(found, dict) else ""
