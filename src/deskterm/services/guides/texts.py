"""The texts of guides as they are kept: each version read once, and what it leads through."""

from collections.abc import Mapping
from functools import lru_cache

from deskterm.domain.errors import NotFoundError
from deskterm.domain.patterns import pattern
from deskterm.guides.format import load, outline
from deskterm.guides.graph import ways
from deskterm.guides.lint import closure
from deskterm.guides.model import ENDED_WORDS, Ending, Guide, GuideError
from deskterm.guides.outline import Outline, from_json
from deskterm.guides.transcript import read_leaf
from deskterm.reports.figures import Part
from deskterm.services.starters import stock
from deskterm.storage import runs
from deskterm.storage.driver import Database
from deskterm.storage.store import Store

_VERSIONS = 3
"""So many versions of a guide are asked for the words of an end."""
_FACT = pattern(r"\{\w+\}")
_EDGES = pattern(r"\A(?:…|\(…\)|of\b|on\b|\s)+|[\s:;,(]*…\)?\Z")
_SENTENCES = pattern(r"(?<=[.!?])\s")


class Texts:
    """Guides by their id and version, the starter library among them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._guides: dict[tuple[str, int], Guide] = {}
        self._stocked = False

    def stock(self) -> None:
        """Put the starter library on the shelf where it is not there yet, or has become better.

        A guide that a technician imported under the same id is never touched.
        """
        if not self._stocked:
            stock(self.store)
            self._stocked = True

    def row(self, database: Database, slug: str) -> runs.GuideRow:
        """Give the newest version as it is kept; raises NotFoundError."""
        row = runs.newest_of(database, slug.strip().casefold())
        if row is None:
            raise NotFoundError(f"there is no guide {slug[:60]!r}; see `deskterm guide list`.")
        return row

    def text(self, database: Database, slug: str, version: int) -> str:
        """Give the text of a version; raises NotFoundError."""
        text = runs.source(database, slug, version)
        if text is None:
            raise NotFoundError(f"guide {slug} has no version {version} here.")
        return text

    def guide(self, database: Database, slug: str, version: int) -> Guide:
        """Give a version, read once."""
        key = (slug, version)
        if key not in self._guides:
            self._guides[key] = load(self.text(database, slug, version), f"{slug}.yaml", version)
        return self._guides[key]

    def outline(self, database: Database, row: runs.GuideRow) -> Outline:
        """Give what a version says of itself: as it was kept, else by its text, read once."""
        if row.outline is not None:
            return from_json(row.outline)
        return outline(self.text(database, row.slug, row.version))

    def reached(self, database: Database, guide: Guide) -> dict[str, Guide]:
        """Give the guide and all it can lead through, each in its newest version."""
        found = {guide.id: guide}
        while True:
            names = {way for each in found.values() for way in _calls(each)} - set(found)
            rows = [row for name in names if (row := runs.newest_of(database, name))]
            if not rows:
                return closure(guide, found)
            found |= {row.slug: self.guide(database, row.slug, row.version) for row in rows}

    def pinned(self, database: Database, pins: Mapping[str, int]) -> dict[str, Guide]:
        """Give the guides of a run in the versions it is pinned to."""
        return {slug: self.guide(database, slug, version) for slug, version in pins.items()}


@lru_cache(maxsize=256)
def _words(text: str, node: str) -> str:
    """Give what a node of a guide's text says, its first sentence; facts in it are left open."""
    try:
        found = load(text, "guide").nodes.get(node)
    except GuideError:
        return ""
    if found is None:
        return ""
    words = found.resolution or found.summary or found.text or found.say or found.solution
    words = _EDGES.sub("", _FACT.sub("…", _SENTENCES.split(words, maxsplit=1)[0]).rstrip("."))
    if found.ending in (None, Ending.SOLVED):
        return words
    to = f" to {found.group}" if found.group else ""
    return f"{ENDED_WORDS[found.ending].split(' on')[0].lower()}{to}{words and f', {words}'}"


def end_name(database: Database, place: str, titles: Mapping[Part, str]) -> str:
    """Give what a person calls an end (`vpn/done`), by its guide's title and its own words.

    They are those of the newest version that has it.
    """
    leaf = read_leaf(place)
    texts = runs.texts_with(database, leaf.within, leaf.node, _VERSIONS)
    words = next(filter(None, (_words(text, leaf.node) for text in texts)), "")
    return leaf.name(titles.get(leaf.guide, ""), words)


def _calls(guide: Guide) -> set[str]:
    return {way.guide for node in guide.nodes.values() for way in ways(node) if way.guide}
