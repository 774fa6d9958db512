"""The versions of a guide: who wrote each and why, its text, and what differs between two."""

import json
from datetime import datetime
from typing import NamedTuple

from deskterm.storage import runs


class VersionLine(NamedTuple):
    """One version of a guide."""

    version: int
    title: str
    author: str
    at: datetime
    note: str
    """Why it was changed, in its author's words."""
    active: bool
    """False where it was taken back; runs that began with it keep it."""


class GuideText(NamedTuple):
    """The newest text of a guide, to be edited."""

    id: str
    number: int
    """The number that the guide's draft is kept under; the same for all its versions."""
    version: int
    text: str


def version_line(row: runs.VersionRow) -> VersionLine:
    """Give a version as it is listed."""
    return VersionLine(row.version, row.title, row.actor, row.at, _note(row.data), row.active)


def _note(data: str) -> str:
    try:
        found = json.loads(data or "{}")
    except ValueError:
        return ""
    return str(found.get("note", "")) if isinstance(found, dict) else ""
