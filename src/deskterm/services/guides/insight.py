"""What use tells of guides: how often they end well, where they are given up; as sheets too."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

from deskterm.domain import clock
from deskterm.domain.errors import RefusedError
from deskterm.guides.lint import uncovered
from deskterm.guides.model import STATUS, Ending, Guide
from deskterm.guides.proposals import Ask, Order, better_orders, better_questions
from deskterm.guides.stand import stand
from deskterm.guides.usage import LeafUse, NodeUse, Usage, Walked, by_version, usage
from deskterm.reports.sheet import Cell, Row, Sheet, shared
from deskterm.services.guides.kept import loaded
from deskterm.services.guides.shelf import Guides
from deskterm.services.guides.texts import Texts
from deskterm.storage import runs
from deskterm.storage.driver import Database

FIGURES = ("runs", "fixed", "given_up", "escalated", "seconds")
"""The columns that every guide and every version has."""


class GuideFigures(NamedTuple):
    """One guide in the overview."""

    id: str
    title: str
    version: int
    usage: Usage


def overview(found: Iterable[GuideFigures]) -> Sheet:
    """Give a row for each guide."""
    return Sheet("Guides", [_guide(one) for one in found])


def _guide(one: GuideFigures) -> Row:
    usage = one.usage
    told = f"{one.id}, version {one.version}: "
    if usage.runs:
        told += (
            f"{usage.over} of {usage.runs} runs are over · fixed {usage.fixed.text} · "
            f"given up {usage.given_up.text} · escalated {usage.handed_on.text}"
        )
    else:
        told += "nobody walked it on a ticket yet."
    cells = {"id": Cell(one.id), "title": Cell(one.title), "version": _count(one.version)}
    return Row(
        cells | figures(usage), [told, *(f"Fixed by {end}." for end in _fixing(usage, one.id))]
    )


def figures(usage: Usage) -> dict[str, Cell]:
    """Give the cells of FIGURES."""
    return {
        "runs": _count(usage.runs),
        "fixed": shared(usage.fixed),
        "given_up": shared(usage.given_up),
        "escalated": shared(usage.handed_on),
        "seconds": _seconds(usage.typical),
    }


def versions(found: Mapping[int, Usage]) -> Sheet:
    """Give a row for each version."""
    return Sheet("Versions", [_version(number, usage) for number, usage in found.items()])


def _version(number: int, usage: Usage) -> Row:
    told = f"version {number}: {usage.runs} runs, fixed {usage.fixed.text}"
    return Row({"version": _count(number)} | figures(usage), [told])


def questions(usage: Usage, guide: str) -> Sheet:
    """Give a row for each question of a guide and of what it calls."""
    return Sheet("Questions", [_question(node, guide) for node in usage.by_node()])


def _question(node: NodeUse, guide: str) -> Row:
    spent = _seconds(node.typical)
    answers = ", ".join(f"{answer} {n}" for answer, n in node.answers.most_common(5))
    parts = [f"{_place(node.place, guide)}: {node.visits} times, {spent.text}"]
    parts += [answers] if answers else []
    parts += [f"skipped {node.skipped}"] if node.skipped else []
    parts += [f"taken back {node.went_back.text}"] if node.taken_back else []
    parts += [f"given up {node.gave_up.text}"] if node.left else []
    cells = {
        "guide": Cell(node.place[0]),
        "node": Cell(node.place[1]),
        "visits": _count(node.visits),
        "answers": Cell(answers, data=dict(node.answers.most_common())),
        "skipped": _count(node.skipped),
        "taken_back": shared(node.went_back),
        "given_up": shared(node.gave_up),
        "seconds": spent,
    }
    return Row(cells, [" · ".join(parts)])


def endings(usage: Usage, guide: str) -> Sheet:
    """Give a row for each ending that was reached."""
    return Sheet("Endings", [_ending(leaf, guide) for leaf in usage.by_leaf()])


def _ending(leaf: LeafUse, guide: str) -> Row:
    early = ", ended early" if leaf.early else ""
    held = f" · lasted {leaf.fixed.text}" if leaf.ending == "solved" else ""
    told = f"{_place(leaf.place, guide)} ({leaf.ending}{early}): {leaf.ended} times{held}"
    cells = {
        "guide": Cell(leaf.place[0]),
        "node": Cell(leaf.place[1]),
        "ending": Cell(str(leaf.ending)),
        "early": Cell("yes" if leaf.early else "no", data=leaf.early),
        "ended": _count(leaf.ended),
        "fixed": shared(leaf.fixed),
    }
    return Row(cells, [told])


def _place(place: tuple[str, str], guide: str) -> str:
    return place[1] if place[0] == guide else "/".join(place)


def _count(number: int) -> Cell:
    return Cell(str(number), number)


def _seconds(value: float | None) -> Cell:
    return Cell("no time yet" if value is None else f"{value:.0f} s", value, "s")


QUIET = timedelta(days=7)
"""A run nobody touched for so long was given up."""
MOST = 5_000
"""The newest runs of a guide that are read."""
_ENDINGS = {status: ending for ending, status in STATUS.items()}


class GuideInsight(NamedTuple):
    """What use tells about one guide."""

    guide: Guide
    usage: Usage
    versions: dict[int, Usage]
    asks: tuple[Ask, ...]
    orders: tuple[Order, ...]
    unreadable: int
    """Runs whose stored state no longer fits their guide."""
    never: tuple[str, ...] = ()
    """Ends of the newest version that no run of it came to."""

    def ends(self) -> list[str]:
        """Say which ends fixed it, the most often first, and which were never reached."""
        said = _fixing(self.usage, self.guide.id)
        walked = self.versions.get(self.guide.version)
        if self.never and walked is not None and walked.over:
            many = "one run" if walked.over == 1 else f"{walked.over} runs"
            named = ", ".join(self.never)
            said.append(f"never reached in {many} of version {self.guide.version}: {named}")
        return said or ["no run ended with a solution yet"]


def _fixing(usage: Usage, guide: str) -> list[str]:
    """Say how often each end fixed it and how often that lasted, what lasted most first."""
    solved = [one for one in usage.by_leaf() if one.ending is Ending.SOLVED]
    return [
        f"{_place(one.place, guide)}{', early' if one.early else ''}: "
        f"{one.ended} {'time' if one.ended == 1 else 'times'}, lasted {one.fixed.text}"
        for one in sorted(solved, key=lambda one: one.reopened - one.ended)
    ]


class Coverage(NamedTuple):
    """Which categories have guides, and how each guide does."""

    guides: tuple[GuideFigures, ...]
    uncovered: tuple[str, ...]
    """Categories without a guide."""

    @property
    def sheet(self) -> Sheet:
        """A row for each guide."""
        return overview(self.guides)


def insight_of(guides: Guides, slug: str) -> GuideInsight:
    """Give the figures and proposals of one guide; raises NotFoundError."""
    guide = guides.show(slug)
    with guides.store.reading() as database:
        walks, unreadable = _walked(guides.texts, database, guide.id)
    newest = [walked for walked in walks if walked.version == guide.version]
    ended = [one for one in newest if one.ending is not None and not one.early]
    reached = {one.place[1] for one in ended if one.place[0] == guide.id}
    return GuideInsight(
        guide,
        usage(walks),
        by_version(walks),
        better_questions(newest, guide),
        better_orders(newest, guide),
        unreadable,
        tuple(name for name, node in guide.nodes.items() if node.ending and name not in reached),
    )


def coverage(guides: Guides) -> Coverage:
    """Give every guide with its figures, the most used first, and what has no guide."""
    texts = guides.texts
    texts.stock()
    found = []
    with guides.store.reading() as database:
        heads = []
        for row in runs.newest(database):
            heads.append(texts.outline(database, row))
            walks, _ = _walked(texts, database, row.slug)
            found.append(GuideFigures(row.slug, row.title, row.version, usage(walks)))
        paths = runs.category_paths(database)
    found.sort(key=lambda one: (-one.usage.runs, one.title))
    return Coverage(tuple(found), uncovered(heads, paths))


def _walked(texts: Texts, database: Database, slug: str) -> tuple[list[Walked], int]:
    found = []
    unreadable = 0
    for row in runs.with_outcome(database, slug, MOST):
        try:
            found.append(_one(texts, database, row))
        except RefusedError:
            unreadable += 1
    return found, unreadable


def _one(texts: Texts, database: Database, row: runs.RanRow) -> Walked:
    run = loaded(row.run)
    position = stand(run, texts.pinned(database, run.pins))
    place = (position.guide.id, position.node.name)
    ending = _ENDINGS.get(row.run.status)
    quiet = clock.now() - row.run.updated_at > QUIET
    left = ending is None and (row.run.status == "abandoned" or quiet)
    early = ending is not None and position.node.ending is None
    return Walked(run, row.run.guide_version, place, ending, early, left, row.reopened)
