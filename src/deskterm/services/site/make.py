"""Making the site of what is published."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.vocabulary import Audience
from deskterm.services.site.feed import atom
from deskterm.services.site.folder import Written, write
from deskterm.services.site.page import Site, file_name, index_page, solution_page
from deskterm.storage.store import Store

if TYPE_CHECKING:
    from deskterm.services.solutions.reading import Reading

DEFAULT_NAME = "Solutions"


def make_site(
    solutions: "Reading", folder: Path, audience: str = Audience.PUBLIC, name: str = ""
) -> Written:
    """Write the site of what this circle may read; raises UsageError, RefusedError."""
    rows = sorted(solutions.list(audience=audience), key=lambda row: row.title.casefold())
    known = _settings(solutions.store)
    site = Site(
        name or known.get("desk.name") or DEFAULT_NAME, known.get("desk.mission", ""), audience
    )
    files = {file_name(row): solution_page(site, row) for row in rows}
    files["feed.xml"] = atom(site, rows, clock.now())
    files["index.html"] = index_page(site, rows)
    return write(folder, files)


def _settings(store: Store) -> dict[str, str]:
    with store.reading() as database:
        rows = database.all(
            "SELECT key, value FROM desk_setting WHERE key IN ('desk.name', 'desk.mission')"
        )
    found = {row["key"]: json.loads(row["value"]) for row in rows}
    return {key: value for key, value in found.items() if isinstance(value, str)}
