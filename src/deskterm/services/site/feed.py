"""The feed of the site: Atom, with links relative to it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape

from deskterm.domain.solutions import SolutionRow
from deskterm.domain.text import clean
from deskterm.services.site.page import Site, file_name

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
