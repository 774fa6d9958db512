"""The starter library: guides on the shelf of a desk, and solutions where somebody asks.

Reads YAML only of guides that nobody has read yet, so that a search stays quick.
"""

import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from importlib.resources import files

from deskterm.domain import clock
from deskterm.domain.patterns import pattern
from deskterm.domain.vocabulary import Event
from deskterm.guides.model import GuideError
from deskterm.guides.outline import to_json
from deskterm.storage import runs
from deskterm.storage.driver import Database
from deskterm.storage.rights.standing import owns
from deskterm.storage.store import Store

DESK = "desk"
"""The actor of what the program brings by itself."""

_TITLE = pattern(r"^title: (.+)$", re.MULTILINE)


def starter_texts() -> dict[str, str]:
    """Give the starter library: guide id → YAML text."""
    folder = files("deskterm.guides").joinpath("library")
    return {
        file.name.removesuffix(".yaml"): file.read_text("utf-8")
        for file in folder.iterdir()
        if file.name.endswith(".yaml")
    }


def stock(store: Store) -> None:
    """Put the starter library on the shelf where it is not there yet, or has become better.

    A guide that a technician imported under the same id is never touched, and a database that only
    reads stays as it is. On a server only whoever owns the desk does it, as `db upgrade` does.
    """
    with store.reading() as database:
        if (
            database.read_only
            or not owns(database)
            or not (_missing(database) or runs.unread(database))
        ):
            return
    with store.work(DESK) as work:
        work.claim("guide import")
        for row, text in _missing(work.spine):
            number = runs.add_version(work.spine, row, text)
            if number is not None:
                words = f"{row.slug} version {row.version}, starter library"
                work.record(("guide", number), Event.EDITED, words)
        _keep_outlines(work.spine)


def _keep_outlines(database: Database) -> None:
    """Read once, for every process, what the guides say of themselves."""
    from deskterm.guides.format import outline

    for number, text in runs.unread(database):
        with suppress(GuideError):
            runs.keep_outline(database, number, to_json(outline(text)))


def _missing(database: Database) -> Sequence[tuple[runs.GuideRow, str]]:
    """Give what of the starter library is not on the shelf, as rows with their text."""
    known = {row.slug: row for row in runs.newest(database)}
    rows = []
    for slug, text in sorted(starter_texts().items()):
        have = known.get(slug)
        if have and (have.actor != DESK or runs.source(database, slug, have.version) == text):
            continue
        version = runs.highest(database, slug) + 1
        found = _TITLE.search(text)
        title = found[1] if found else slug
        rows.append((runs.GuideRow(0, slug, version, title, DESK, clock.now()), text))
    return rows


def starter_solutions(categories: Collection[str]) -> list[dict[str, str]]:
    """Give the fields of each, one beside each starter guide; only known categories are named."""
    import tomllib

    text = (files("deskterm.services.solutions") / "starter.toml").read_text(encoding="utf-8")
    found: list[dict[str, str]] = tomllib.loads(text)["solution"]
    return [
        {**one, "category": one["category"] if one["category"] in categories else ""}
        for one in found
    ]
