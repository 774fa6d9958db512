"""Guides from use: the runs of each guide read with what became of their tickets (D5)."""

from datetime import timedelta
from typing import NamedTuple

from deskterm.domain import clock
from deskterm.domain.errors import RefusedError
from deskterm.guides.lint import uncovered
from deskterm.guides.model import Ending, Guide
from deskterm.guides.proposals import Ask, Order, better_orders, better_questions
from deskterm.guides.stand import stand
from deskterm.guides.usage import Usage, Walked, by_version, usage
from deskterm.reports.sheet import Sheet
from deskterm.services.guides import sheets
from deskterm.services.guides.sheets import GuideFigures
from deskterm.services.guides.walks import Walks, loaded
from deskterm.storage import runs
from deskterm.storage.driver import Database

QUIET = timedelta(days=7)
"""A run nobody touched for so long was given up."""
MOST = 5_000
"""The newest runs of a guide that are read."""
_ENDINGS = {"solved": Ending.SOLVED, "escalated": Ending.ESCALATE}


class GuideInsight(NamedTuple):
    """What use tells about one guide."""

    guide: Guide
    usage: Usage
    versions: dict[int, Usage]
    asks: tuple[Ask, ...]
    orders: tuple[Order, ...]
    unreadable: int
    """Runs whose stored state no longer fits their guide."""


class Coverage(NamedTuple):
    """Which categories have guides, and how each guide does."""

    guides: tuple[GuideFigures, ...]
    uncovered: tuple[str, ...]
    """Categories without a guide."""

    @property
    def sheet(self) -> Sheet:
        """A row for each guide."""
        return sheets.overview(self.guides)


class Insight(Walks):
    """Reads how guides are used."""

    def insight(self, slug: str) -> GuideInsight:
        """Give the figures and proposals of one guide; raises NotFoundError."""
        guide = self.show(slug)
        with self.store.reading() as database:
            walks, unreadable = self._walked(database, guide.id)
        newest = [walked for walked in walks if walked.version == guide.version]
        return GuideInsight(
            guide,
            usage(walks),
            by_version(walks),
            better_questions(newest, guide),
            better_orders(newest, guide),
            unreadable,
        )

    def coverage(self) -> Coverage:
        """Give every guide with its figures, the most used first, and what has no guide."""
        self.stock()
        found = []
        with self.store.reading() as database:
            heads = []
            for row in runs.newest(database):
                heads.append(self._outline(database, row.slug, row.version))
                walks, _ = self._walked(database, row.slug)
                found.append(GuideFigures(row.slug, row.title, row.version, usage(walks)))
            paths = runs.category_paths(database)
        found.sort(key=lambda one: (-one.usage.runs, one.title))
        return Coverage(tuple(found), uncovered(heads, paths))

    def _walked(self, database: Database, slug: str) -> tuple[list[Walked], int]:
        rows = runs.with_outcome(database, slug, MOST)
        found = []
        unreadable = 0
        for row in rows:
            try:
                found.append(self._one(database, row))
            except RefusedError:
                unreadable += 1
        return found, unreadable

    def _one(self, database: Database, row: runs.RanRow) -> Walked:
        run = loaded(row.run)
        position = stand(run, self._pinned(database, run.pins))
        place = (position.guide.id, position.node.name)
        ending = _ENDINGS.get(row.run.status)
        quiet = clock.now() - row.run.updated_at > QUIET
        left = ending is None and (row.run.status == "abandoned" or quiet)
        early = ending is not None and position.node.ending is None
        return Walked(run, row.run.guide_version, place, ending, early, left, row.reopened)
