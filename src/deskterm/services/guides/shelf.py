"""The shelf: guides of the desk, their versions, the starter library, what fits a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import ConflictError, NotFoundError
from deskterm.domain.rows import Done, TicketView
from deskterm.domain.vocabulary import Event
from deskterm.guides.format import load, outline, read
from deskterm.guides.lint import lint, uncovered
from deskterm.guides.model import Finding, Guide
from deskterm.guides.outline import to_json
from deskterm.guides.suggest import Suggestion, suggest
from deskterm.services import crossing
from deskterm.services.guides.rehearsal import Rehearsal
from deskterm.services.guides.texts import Texts
from deskterm.services.guides.versions import (
    GuideText,
    VersionLine,
    around_one,
    checked,
    surroundings,
    version_line,
)
from deskterm.services.starters import DESK
from deskterm.services.tickets.operation import Tickets, done, ensure_technician
from deskterm.storage import runs
from deskterm.storage.names import number_of
from deskterm.storage.reads import clients
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


class Guides:
    """The guides of the desk: listed, shown, imported, checked, compared, suggested."""

    def __init__(self, store: Store, me: str, tickets: Tickets) -> None:
        self.store = store
        self.me = me
        self.tickets = tickets
        self.texts = Texts(store)

    def list(self) -> Sequence[GuideLine]:
        """Give every guide, by title."""
        self.texts.stock()
        with self.store.reading() as database:
            rows = runs.newest(database)
            heads = {row.slug: self.texts.outline(database, row) for row in rows}
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
        self.texts.stock()
        with self.store.reading() as database:
            row = self.texts.row(database, slug)
            return self.texts.guide(database, row.slug, row.version)

    def export(self, slug: str) -> str:
        """Give the YAML text of a guide as its author wrote it; raises NotFoundError."""
        self.texts.stock()
        with self.store.reading() as database:
            row = self.texts.row(database, slug)
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
        client: str | None = None,
        seen: int | None = None,
        how: How = NOW,
    ) -> Done:
        """Import a guide; a text that differs becomes the next version, for the reason in `note`.

        `client` is whose it is: a name, empty for anybody's; None: as the version before it.

        Raises GuideError naming every line that is wrong, ConflictError where the newest version
        is no longer `seen` (0: there was none); nothing is kept then.
        """
        self.texts.stock()
        guide = checked(self.texts, text, file)
        try:
            with self.store.work(self.me, how.op_id, models=True, dry=how.dry) as work:
                work.claim("guide import")
                ensure_technician(work.spine, self.me, work)
                last = runs.newest_of(work.spine, guide.id)
                _refuse_stale(guide.id, last, seen)
                before = last.organisation_id if last else None
                whose = before if client is None else _client(work, client)
                same = last and runs.source(work.spine, guide.id, last.version) == text
                if last and same and whose == before:
                    said = f"{guide.id} is unchanged (version {last.version})."
                else:
                    crossed = crossing.of_work(work).check(
                        guide.id, before, whose, across=how.across
                    )
                    reason = " ".join(filter(None, (note.strip()[:LONGEST_NOTE], crossed)))
                    number = self._keep(work, guide, text, reason, whose)
                    said = f"{guide.id} version {number}: {guide.title}"
        except RepeatedError as repeated:
            return Done(repeated.operation_id, "guide import", (), repeated=True)
        return done("guide import", work, [], [], [said])

    def _keep(self, work: Work, guide: Guide, text: str, note: str, whose: int | None) -> int:
        from deskterm.models import GuideVersion

        row = GuideVersion(
            slug=guide.id,
            version=runs.highest(work.spine, guide.id) + 1,
            title=guide.title,
            source=text,
            actor=self.me,
            at=work.at,
            organisation_id=whose,
            outline=to_json(outline(text)),
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
        around = surroundings(self.texts, {guide.id: guide for guide in guides})
        for guide in guides:
            found += lint(guide, around)
        return tuple(found)

    def check(self) -> tuple[Finding, ...]:
        """Check every guide on the shelf against this desk, and which categories have none.

        A group that only a starter guide names is no error: the next level stands in for it.
        """
        around = surroundings(self.texts, {})
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

    def versions(self, slug: str) -> Sequence[VersionLine]:
        """Give every version, the newest first; raises NotFoundError."""
        self.texts.stock()
        with self.store.reading() as database:
            row = self.texts.row(database, slug)
            found = runs.all_versions(database, row.slug)
        return [version_line(one) for one in found]

    def text(self, slug: str) -> GuideText:
        """Give the newest text with what an editor must know of it; raises NotFoundError."""
        self.texts.stock()
        with self.store.reading() as database:
            row = self.texts.row(database, slug)
            number = min(one.id for one in runs.all_versions(database, row.slug))
            source = self.texts.text(database, row.slug, row.version)
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
            before, after = (self.texts.text(database, name, n).splitlines() for n in (old, new))
        heads = (f"{name} version {old}", f"{name} version {new}")
        lines = unified_diff(before, after, *heads, lineterm="")
        return "\n".join(lines)

    def inspect(self, text: str, file: str) -> tuple[Guide | None, tuple[Finding, ...]]:
        """Give a text as far as it can be read, with all that is to be said against it."""
        guide, found = read(text, file)
        if guide is not None:
            found += lint(guide, around_one(self.texts, guide))
        unlike = [one for one in found if "without a database" not in one.message]
        return guide, tuple(sorted(unlike, key=lambda one: (one.severity, one.line)))

    def rehearse(self, text: str) -> Rehearsal:
        """Give a walk through a text that is kept nowhere; raises GuideError."""
        guide = load(text, "this text")
        with self.store.reading() as database:
            library = self.texts.reached(database, guide)
        return Rehearsal(guide, library, self.me)

    def suggest(self, ticket: int) -> tuple[Suggestion, ...]:
        """Give the guides that fit a ticket, best first, each with its reason."""
        return self.suggest_for(self.tickets.show(ticket))

    def suggest_for(self, ticket: TicketView) -> tuple[Suggestion, ...]:
        """Give the guides that fit a ticket that was already read."""
        said = f"{ticket.subject}\n{ticket.problem}\n{ticket.body[:8000]}"
        with self.store.reading() as database:
            whose = clients.of_ticket(database, ticket.id)
        return self.suggest_words(said, ticket.category or "", whose)

    def suggest_words(
        self, text: str, category: str = "", whose: int | None = None
    ) -> tuple[Suggestion, ...]:
        """Give the guides that fit what a caller says; `whose` is the caller's organisation."""
        self.texts.stock()
        with self.store.reading() as database:
            known = clients.clients(database)
            heads = [
                self.texts.outline(database, row)
                for row in runs.newest(database)
                if known.reaches(row.organisation_id, whose)
            ]
        return suggest(heads, category, text)


def _client(work: Work, name: str) -> int | None:
    return number_of(work.spine, "organisation", name) if name.strip() else None


def _refuse_stale(slug: str, last: runs.GuideRow | None, seen: int | None) -> None:
    now = last.version if last else 0
    if seen is not None and seen != now and (seen or now):
        by = f" by {last.actor}" if last else ""
        raise ConflictError(
            f"{slug} has version {now}{by} meanwhile: look at it (guide diff), then save again."
        )


def _groups(guides: Sequence[Guide]) -> set[str]:
    return {node.group for guide in guides for node in guide.nodes.values() if node.group}
