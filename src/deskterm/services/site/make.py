"""Making the site of what is published, and its feed: Atom, with links relative to it."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape

from deskterm.domain import clock
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.domain.solutions import SolutionRow
from deskterm.domain.text import clean
from deskterm.domain.vocabulary import Audience
from deskterm.services.offers import published
from deskterm.services.site.folder import Written, write
from deskterm.services.site.page import (
    OFFER,
    Site,
    file_name,
    index_page,
    offer_page,
    solution_page,
)
from deskterm.storage.desk_settings import read_all
from deskterm.storage.reads.announcements import on_boards
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.reads.clients import ClientFace, client_face, clients, owned_solutions
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
    if ":" in audience and circle != Audience.ORGANISATION:
        raise UsageError(f"audience {audience!r}? Only organisation:NAME has a name.")
    if circle == Audience.ORGANISATION:
        found = edition(solutions.store, found, organisation.strip() if ":" in audience else None)
    rows = sorted(found, key=lambda row: row.title.casefold())
    own = _face(solutions.store, organisation.strip())
    title = name or own.desk_name or DEFAULT_NAME
    announced = _announced(solutions.store, circle, organisation.strip())
    site = Site(title, own.mission, circle, announced)
    files = {file_name(row): solution_page(site, row) for row in rows}
    files["feed.xml"] = atom(site, rows, clock.now())
    with solutions.store.reading() as database:
        offers = published(database, organisation.strip())
    if offers:
        files[OFFER] = offer_page(site, offers)
    files["index.html"] = index_page(site, rows, offer=bool(offers))
    return write(folder, files)


def edition(store: Store, rows: list[SolutionRow], name: str | None) -> list[SolutionRow]:
    """Give what people of one organisation may read, or (None) of none; raises NotFoundError."""
    return _of_no_client(store, rows) if name is None else _of_organisation(store, rows, name)


def _of_organisation(store: Store, rows: list[SolutionRow], name: str) -> list[SolutionRow]:
    """Leave out what is for organisations and was made of another one's ticket; NotFoundError."""
    with store.reading() as database:
        own = organisation_named(database, name)
        if own is None:
            raise NotFoundError(f"there is no organisation {name!r}; see `deskterm org list`.")
        foreign = made_for_others(database, own)
    return [row for row in rows if row.audience == Audience.PUBLIC or row.id not in foreign]


def _of_no_client(store: Store, rows: list[SolutionRow]) -> list[SolutionRow]:
    """Leave out what is one client's: an edition without a name may be read by all of them."""
    with store.reading() as database:
        known, owned = clients(database), owned_solutions(database)
    return [row for row in rows if known.whose(owned.get(row.id)) is None]


def _announced(store: Store, circle: str, organisation: str) -> list[tuple[str, str]]:
    """Give what is announced: what has an audience of its own is for technicians to read.

    What is one client's stands in that client's edition alone.
    """
    with store.reading() as database:
        known, own = clients(database), organisation_named(database, organisation)
        zone = desk_zone(database)
        found = on_boards(database, clock.now())
    return [
        (one.text, _when(one.from_at, one.until_at, zone))
        for one in found
        if circle == Audience.TECHNICIANS
        or (not one.audience and known.reaches(one.organisation_id, own))
    ]


def _when(begin: datetime, end: datetime | None, zone: tzinfo) -> str:
    until = f" – {end.astimezone(zone):%Y-%m-%d %H:%M}" if end else ""
    return f"{begin.astimezone(zone):%Y-%m-%d %H:%M}{until}"


def _face(store: Store, organisation: str) -> ClientFace:
    """Give name and mission: a client's own in its edition, the desk's where it has none."""
    with store.reading() as database:
        found = read_all(database)
        number = organisation_named(database, organisation) if organisation else None
        own = client_face(database, number) or ClientFace("", "", "", "")
    return own._replace(
        desk_name=own.desk_name or str(found.get("desk.name", "")),
        mission=own.mission or str(found.get("desk.mission", "")),
    )


NEWEST = 100
"""Entries at most."""


def atom(site: Site, rows: Sequence[SolutionRow], now: datetime) -> str:
    """Give the feed: the newest first."""
    newest = sorted(rows, key=lambda row: row.updated_at, reverse=True)[:NEWEST]
    changed = newest[0].updated_at if newest else now
    entries = "".join(_entry(row) for row in newest)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>{_xml(site.name)}</title>
<id>urn:uuid:{uuid5(NAMESPACE_URL, "deskterm " + site.audience + " " + site.name)}</id>
<updated>{_time(changed)}</updated>
<author><name>{_xml(site.name)}</name></author>
<link rel="alternate" type="text/html" href="index.html"/>
{entries}</feed>
"""


def _entry(row: SolutionRow) -> str:
    name = f"deskterm solution {row.id} {_time(row.created_at)}"
    told = "\n\n".join(part for part in (row.symptoms, row.resolution, row.tip) if part)
    category = f'<category term="{_xml(row.category)}"/>\n' if row.category else ""
    return f"""<entry>
<title>{_xml(row.title)}</title>
<id>urn:uuid:{uuid5(NAMESPACE_URL, name)}</id>
<published>{_time(row.published_at or row.created_at)}</published>
<updated>{_time(row.updated_at)}</updated>
<link rel="alternate" type="text/html" href="{file_name(row)}"/>
{category}<summary type="text">{_xml(told)}</summary>
</entry>
"""


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _xml(text: str) -> str:
    safe = clean(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    return escape(safe, {'"': "&quot;"})
