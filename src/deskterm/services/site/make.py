"""Making the site of what is published."""

from pathlib import Path
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.domain.solutions import SolutionRow
from deskterm.domain.vocabulary import Audience
from deskterm.services.site.feed import atom
from deskterm.services.site.folder import Written, write
from deskterm.services.site.page import Site, file_name, index_page, solution_page
from deskterm.storage.desk_settings import read_all
from deskterm.storage.reads.solutions import made_for_others, organisation_named
from deskterm.storage.store import Store

if TYPE_CHECKING:
    from deskterm.services.solutions.reading import Reading

DEFAULT_NAME = "Solutions"


def make_site(
    solutions: "Reading", folder: Path, audience: str = Audience.PUBLIC, name: str = ""
) -> Written:
    """Write the site of what this circle may read; raises UsageError, RefusedError.

    `organisation:NAME` is the edition of one organisation: nothing of another one's is in it.
    """
    circle, _, organisation = audience.partition(":")
    found = solutions.list(audience=circle)
    if organisation.strip() or ":" in audience:
        if circle != Audience.ORGANISATION:
            raise UsageError(f"audience {audience!r}? Only organisation:NAME has a name.")
        found = _of_organisation(solutions.store, found, organisation.strip())
    rows = sorted(found, key=lambda row: row.title.casefold())
    known = _settings(solutions.store)
    title = name or known.get("desk.name") or DEFAULT_NAME
    site = Site(title, known.get("desk.mission", ""), circle)
    files = {file_name(row): solution_page(site, row) for row in rows}
    files["feed.xml"] = atom(site, rows, clock.now())
    files["index.html"] = index_page(site, rows)
    return write(folder, files)


def _of_organisation(store: Store, rows: list[SolutionRow], name: str) -> list[SolutionRow]:
    """Leave out what is for organisations and was made of another one's ticket; NotFoundError."""
    with store.reading() as database:
        own = organisation_named(database, name)
        if own is None:
            raise NotFoundError(f"there is no organisation {name!r}; see `deskterm org list`.")
        foreign = made_for_others(database, own)
    return [row for row in rows if row.audience == Audience.PUBLIC or row.id not in foreign]


def _settings(store: Store) -> dict[str, str]:
    with store.reading() as database:
        found = read_all(database)
    return {key: value for key, value in found.items() if isinstance(value, str)}
