"""The shelf: guides of the desk, the starter library that comes with the program, suggestions."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from deskterm.domain import clock
from deskterm.domain.errors import ConflictError, NotFoundError
from deskterm.domain.rows import Done, TicketView
from deskterm.domain.vocabulary import Event
from deskterm.guides.format import Outline, load, outline, read
from deskterm.guides.graph import ways
from deskterm.guides.lint import Surroundings, closure, lint, uncovered
from deskterm.guides.model import Finding, Guide, GuideError
from deskterm.guides.suggest import Suggestion, suggest
from deskterm.services.starters import DESK, stock
from deskterm.services.tickets import Tickets
from deskterm.services.tickets.operation import done, ensure_technician
from deskterm.storage import runs
from deskterm.storage.driver import Database
from deskterm.storage.store import Store
from deskterm.storage.work import RepeatedError, Work

LONGEST_NOTE = 500
"""Characters kept of why a guide was changed."""


@dataclass(frozen=True, slots=True)
class GuideLine:
    """One guide in a list."""

    id: str
    title: str
    version: int
    about: str
    categories: tuple[str, ...]
    origin: str
    """`starter library`, or the technician who imported it."""


class Shelf:
    """Import, list, show, export; what fits a ticket."""

    def __init__(self, store: Store, me: str, tickets: Tickets) -> None:
        self.store = store
        self.me = me
        self.tickets = tickets
        self._guides: dict[tuple[str, int], Guide] = {}
        self._outlines: dict[tuple[str, int], Outline] = {}
        self._stocked = False

    def stock(self) -> None:
        """Put the starter library on the shelf where it is not there yet, or has become better.

        A guide that a technician imported under the same id is never touched.
        """
        if not self._stocked:
            stock(self.store)
            self._stocked = True

    def list(self) -> Sequence[GuideLine]:
        """Give every guide, by title."""
        self.stock()
        with self.store.reading() as database:
            rows = runs.newest(database)
            heads = {row.slug: self._outline(database, row.slug, row.version) for row in rows}
        return [
            GuideLine(
                row.slug,
                row.title,
                row.version,
                heads[row.slug].about,
                heads[row.slug].categories,
                "starter library" if row.actor == DESK else row.actor,
            )
            for row in rows
        ]

    def show(self, slug: str) -> Guide:
        """Give the newest version of a guide; raises NotFoundError."""
        self.stock()
        with self.store.reading() as database:
            row = self._row(database, slug)
            return self._guide(database, row.slug, row.version)

    def export(self, slug: str) -> str:
        """Give the YAML text of a guide as its author wrote it; raises NotFoundError."""
        self.stock()
        with self.store.reading() as database:
            row = self._row(database, slug)
            return runs.source(database, row.slug, row.version) or ""

    def flowchart(self, slug: str) -> str:
        """Give the newest version of a guide as a Mermaid flowchart; raises NotFoundError."""
        from deskterm.guides.mermaid.writer import chart_of, write_chart

        return write_chart(chart_of(self.show(slug)))

    def add(
        self,
        text: str,
        file: str = "guide",
        *,
        note: str = "",
        seen: int | None = None,
        op_id: str | None = None,
        dry: bool = False,
    ) -> Done:
        """Import a guide; a text that differs becomes the next version, for the reason in `note`.

        Raises GuideError naming every line that is wrong, ConflictError where the newest version
        is no longer `seen` (0: there was none); nothing is kept then.
        """
        self.stock()
        guide = self._checked(text, file)
        try:
            with self.store.work(self.me, op_id, models=True, dry=dry) as work:
                work.claim("guide import")
                ensure_technician(work.spine, self.me, work)
                last = runs.newest_of(work.spine, guide.id)
                _refuse_stale(guide.id, last, seen)
                if last and runs.source(work.spine, guide.id, last.version) == text:
                    said = f"{guide.id} is unchanged (version {last.version})."
                else:
                    number = self._keep(work, guide, text, note.strip()[:LONGEST_NOTE])
                    said = f"{guide.id} version {number}: {guide.title}"
        except RepeatedError as repeated:
            return Done(repeated.operation_id, "guide import", (), repeated=True)
        return done("guide import", work, [], [], [said])

    def _keep(self, work: Work, guide: Guide, text: str, note: str) -> int:
        from deskterm.models import GuideVersion

        row = GuideVersion(
            slug=guide.id,
            version=runs.highest(work.spine, guide.id) + 1,
            title=guide.title,
            source=text,
            actor=self.me,
            at=work.at,
        )
        work.session.add(row)
        work.session.flush()
        words = f"{guide.id} version {row.version} imported" + (f": {note}" if note else "")
        work.record(
            ("guide", int(row.id or 0)),
            Event.EDITED,
            words,
            changes={"active": (False, True)},
            data={"note": note} if note else None,
        )
        return row.version

    def lint(self, texts: Sequence[tuple[str, str]]) -> tuple[Finding, ...]:
        """Check (file, text) pairs against each other and against this desk."""
        found: list[Finding] = []
        guides: list[Guide] = []
        for file, text in texts:
            guide, remarks = read(text, file)
            found += remarks
            guides += [guide] if guide else []
        around = self._around({guide.id: guide for guide in guides})
        for guide in guides:
            found += lint(guide, around)
        return tuple(found)

    def check(self) -> tuple[Finding, ...]:
        """Check every guide on the shelf against this desk, and which categories have none.

        A group that only a starter guide names is no error: the next level stands in for it.
        """
        around = self._around({})
        with self.store.reading() as database:
            ours = {row.slug for row in runs.newest(database) if row.actor != DESK}
            paths = runs.category_paths(database)
        found: list[Finding] = []
        for slug, guide in around.library.items():
            names = around.groups if slug in ours else None
            found += lint(guide, replace(around, groups=names))
        found = [finding for finding in found if "without a database" not in finding.message]
        starters = [guide for slug, guide in around.library.items() if slug not in ours]
        if missing := sorted(_groups(starters) - (around.groups or frozenset())):
            words = f"starter guides hand over to {', '.join(missing)}: the next level stands in"
            found.append(Finding("groups", 0, "warning", words))
        for path in uncovered(around.library.values(), paths):
            words = f"no guide for category {path!r}: write one, or add it to `applies_to`"
            found.append(Finding("categories", 0, "warning", words))
        return tuple(found)

    def _checked(self, text: str, file: str) -> Guide:
        guide, remarks = read(text, file)
        findings = list(remarks)
        if guide is not None:
            findings += lint(guide, self._around_one(guide))
        if guide is None or any(finding.severity == "error" for finding in findings):
            raise GuideError(tuple(findings))
        return guide

    def _around(self, fresh: dict[str, Guide]) -> Surroundings:
        self.stock()
        with self.store.reading() as database:
            rows = runs.newest(database)
            known = {row.slug: self._guide(database, row.slug, row.version) for row in rows}
            groups = frozenset(name.casefold() for name in runs.group_names(database))
            solutions = frozenset(name.casefold() for name in runs.solution_names(database))
        return Surroundings({**known, **fresh}, groups, solutions, clock.now().date())

    def _around_one(self, guide: Guide) -> Surroundings:
        """Give what one guide is checked against; only guides that it leads through are read."""
        self.stock()
        with self.store.reading() as database:
            library = self._reached(database, guide)
            groups = frozenset(name.casefold() for name in runs.group_names(database))
            solutions = frozenset(name.casefold() for name in runs.solution_names(database))
        return Surroundings(library, groups, solutions, clock.now().date())

    def suggest(self, ticket: int) -> tuple[Suggestion, ...]:
        """Give the guides that fit a ticket, best first, each with its reason."""
        return self.suggest_for(self.tickets.show(ticket))

    def suggest_for(self, ticket: TicketView) -> tuple[Suggestion, ...]:
        """Give the guides that fit a ticket that was already read."""
        said = f"{ticket.subject}\n{ticket.problem}\n{ticket.body[:8000]}"
        return self.suggest_words(said, ticket.category or "")

    def suggest_words(self, text: str, category: str = "") -> tuple[Suggestion, ...]:
        """Give the guides that fit what a caller says."""
        self.stock()
        with self.store.reading() as database:
            heads = [
                self._outline(database, row.slug, row.version) for row in runs.newest(database)
            ]
        return suggest(heads, category, text)

    def _row(self, database: Database, slug: str) -> runs.GuideRow:
        row = runs.newest_of(database, slug.strip().casefold())
        if row is None:
            raise NotFoundError(f"there is no guide {slug[:60]!r}; see `deskterm guide list`.")
        return row

    def _text(self, database: Database, slug: str, version: int) -> str:
        text = runs.source(database, slug, version)
        if text is None:
            raise NotFoundError(f"guide {slug} has no version {version} here.")
        return text

    def _guide(self, database: Database, slug: str, version: int) -> Guide:
        key = (slug, version)
        if key not in self._guides:
            self._guides[key] = load(self._text(database, slug, version), f"{slug}.yaml", version)
        return self._guides[key]

    def _outline(self, database: Database, slug: str, version: int) -> Outline:
        key = (slug, version)
        if key not in self._outlines:
            self._outlines[key] = outline(self._text(database, slug, version))
        return self._outlines[key]

    def _reached(self, database: Database, guide: Guide) -> dict[str, Guide]:
        """Give the guide and all it can lead through, each in its newest version."""
        found = {guide.id: guide}
        while True:
            names = {way for each in found.values() for way in _calls(each)} - set(found)
            rows = [row for name in names if (row := runs.newest_of(database, name))]
            if not rows:
                return closure(guide, found)
            found |= {row.slug: self._guide(database, row.slug, row.version) for row in rows}

    def _pinned(self, database: Database, pins: Any) -> dict[str, Guide]:
        """Give the guides of a run in the versions it is pinned to."""
        return {slug: self._guide(database, slug, version) for slug, version in pins.items()}


def _refuse_stale(slug: str, last: runs.GuideRow | None, seen: int | None) -> None:
    now = last.version if last else 0
    if seen is not None and seen != now and (seen or now):
        by = f" by {last.actor}" if last else ""
        raise ConflictError(
            f"{slug} has version {now}{by} meanwhile: look at it (guide diff), then save again."
        )


def _groups(guides: Sequence[Guide]) -> set[str]:
    return {node.group for guide in guides for node in guide.nodes.values() if node.group}


def _calls(guide: Guide) -> set[str]:
    return {way.guide for node in guide.nodes.values() for way in ways(node) if way.guide}


def parsed_facts(text: str) -> dict[str, str]:
    """Give a device's further facts as texts; a malformed object gives none."""
    try:
        facts = json.loads(text)
    except ValueError:
        return {}
    plain = facts.items() if isinstance(facts, dict) else ()
    return {str(name): str(value) for name, value in plain if isinstance(value, str | int | float)}
