"""Figures of a period as files: CSV, JSON, Markdown, and a page with charts that prints well."""

import json
from pathlib import Path

from deskterm import disk
from deskterm.domain.errors import UsageError
from deskterm.reports.figure_sheet import COLUMNS, definition, figure_sheet
from deskterm.reports.figures import FIGURES, LENGTH, STANDING
from deskterm.reports.page import html_page, markdown_page
from deskterm.reports.sheet import as_csv
from deskterm.reports.shown import Shown, Wish
from deskterm.services.figures import Figures

NAMES = ("figures.csv", "figures.json", "figures.md", "figures.html")
_PARTS = (("logged", "category"), ("first-contact", "service"), ("satisfied", "service"))


def write(figures: Figures, folder: Path, wish: Wish) -> list[Path]:
    """Write the figures of a period into a folder; gives the files.

    Raises UsageError, also where there are such files already.
    """
    there = [name for name in NAMES if (folder / name).exists()]
    if there:
        raise UsageError(f"{folder} has {there[0]} already: name another folder, or move it away.")
    shown = figures.show(wish)
    drawn = [one.name for one in FIGURES if one.kind != LENGTH and one.anchor != STANDING]
    _, lines = figures.performance(wish._replace(names=drawn, by=""))
    parts = [shown] if wish.by else [_part(figures, wish, *one) for one in _PARTS]
    whole = figures.show(wish._replace(by="")) if wish.by else shown
    title = f"Figures {shown.period.name}"
    sheets = [figure_sheet(title, one.rows) for one in (whole, *parts)]
    rows = [row for sheet in sheets for row in sheet.rows]
    record = {
        "period": shown.period.name,
        "zone": str(shown.period.zone),
        "missing": shown.missing,
        "figures": [one for sheet in sheets for one in sheet.records(COLUMNS)],
        "definitions": [definition(one) for one in FIGURES],
    }
    face = figures.face()
    made = (
        as_csv(rows, {name: name for name in COLUMNS}),
        json.dumps(record, indent=2) + "\n",
        markdown_page(title, whole, parts, face),
        html_page(title, whole, lines, parts, face),
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in zip(NAMES, made, strict=True):
        disk.write(folder / name, text.encode())
    return [folder / name for name in NAMES]


def _part(figures: Figures, wish: Wish, name: str, by: str) -> Shown:
    return figures.show(wish._replace(names=(name,), by=by))
