"""Other help desks: by name, how their exports are opened.

A reader gives records in our names (see `docs/import.md`), one a ticket; what it cannot place it
keeps as a field or counts as left out. It never writes.
"""

from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.readers.source import Source
from deskterm.services.importing.table import is_table, unpacked


class Desk(NamedTuple):
    """A help desk whose exports are understood."""

    module: str
    wants: str
    """What is given: files of which kinds."""


DESKS: dict[str, Desk] = {
    "zendesk": Desk(
        "zendesk", "JSON lines or JSON of tickets, users, organizations, comments, or a view's CSV"
    ),
    "freshdesk": Desk("freshdesk", "JSON of tickets, contacts, companies, agents, or a ticket CSV"),
    "jira": Desk("jira", "CSV (all fields) or JSON of issues"),
    "osticket": Desk("osticket", "the ticket CSV, or CSV files of the tables of its database"),
    "zammad": Desk("zammad", "JSON of tickets, articles, users, organizations"),
    "glpi": Desk("glpi", "CSV of tickets"),
    "rt": Desk("rt", "TSV or CSV of a search, or JSON of REST2 tickets and history"),
    "github": Desk("github", "JSON of issues and comments"),
    "otrs": Desk("otrs", "CSV of a ticket search (OTRS or Znuny)"),
    "jsonl": Desk("lines", "JSON lines in our own form"),
    "csv": Desk("any_table", "any CSV; its dry run prints a map to edit"),
}


_OF_ONE = ("glpi", "otrs", "any_table", "lines")
"""Readers of one file."""


def _the_file(path: Path, known: Desk) -> Path:
    """Give the table that a folder holds where that is all it holds; else what was given."""
    if not path.is_dir():
        return path
    files = [one for one in sorted(path.iterdir()) if one.is_file() and one.name[0] not in ".~"]
    if len(files) == 1 and (is_table(files[0]) or known.module in _OF_ONE):
        return files[0]
    if known.module in _OF_ONE:
        raise UsageError(f"{path} is a folder; give the one file of tickets: {known.wants}.")
    return path


def open_desk(name: str, path: Path, mapping: ColumnMap) -> Source:
    """Open an export; raises UsageError that says what is wanted where it is none."""
    known = DESKS.get(name.lower())
    if known is None:
        raise UsageError(f"{name[:40]!r} is no known help desk; known: {', '.join(DESKS)}.")
    if not path.exists():
        raise UsageError(f"{path}: there is no such file or folder; wanted: {known.wants}.")
    module = import_module(f"deskterm.services.importing.readers.{known.module}")
    with ExitStack() as kept:
        source: Source = module.opened(_the_file(unpacked(path, kept), known), mapping)
        source.name = name.lower()
        source.kept = kept.pop_all()
    return source
