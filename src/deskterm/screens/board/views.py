"""The board's views: those everybody has, then the saved ones; and what fits outside of one."""

import json
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from textual.message import Message

from deskterm.domain.clock import to_text
from deskterm.domain.errors import UsageError
from deskterm.domain.rows import BoardRow
from deskterm.screens.work import Working
from deskterm.triage.query import narrow, parse, widened
from deskterm.triage.terms import DEFAULT_VIEWS, SORTS, TERMS
from deskterm.widgets.view_tabs import View, ViewTabs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deskterm.domain.records import ViewRow
    from deskterm.screens.desk import Desk


DEFAULTS = tuple(View(name, query) for name, query in DEFAULT_VIEWS)
COUNT_CAP = 1_000
"""Counts on tabs stop here; more is shown as `999+`."""


def all_views(saved: "Iterable[ViewRow]") -> tuple[View, ...]:
    """Give the default views and the desk's saved ones; a saved one replaces its namesake."""
    own = {one.name.lower(): View(one.name, one.query, own=True) for one in saved}
    defaults = [own.pop(view.name.lower(), view) for view in DEFAULTS]
    return (*defaults, *own.values())


def count_words(count: int) -> str:
    """Give a count as a tab shows it."""
    return f"{COUNT_CAP - 1}+" if count >= COUNT_CAP else str(count)


def words() -> list[str]:
    """Give every word the query language knows, for completion."""
    found = [f"{name}:" for name in TERMS]
    found += [f"{name}:{choice}" for name, kind in TERMS.items() for choice in kind.choices]
    found += [f"sort:{key}{way}" for key in SORTS for way in ("", "-desc")]
    return sorted(found, key=lambda word: (word.count(":") > 1, word))


def sorted_by(query: str, key: str, descending: bool) -> str:
    """Give the query with this order in place of its own."""
    kept = [part for part in query.split() if not part.lower().startswith("sort:")]
    way = "-desc" if descending else ""
    return " ".join([*kept, f"sort:{key}{way}"] if key != "board" else kept)


def sort_of(query: str) -> str:
    """Give the query's order in words; empty for the board's own. Raises QueryError."""
    sort = parse(query).sort
    return ", ".join(f"{one.key} {'↓' if one.descending else '↑'}" for one in sort)


class Outside(NamedTuple):
    """Tickets that fit without what the query says of a state."""

    query: str
    words: str
    """`5 closed ones fit · Enter shows them`."""


def look(desk: "Desk", query: str) -> Outside | None:
    """Give what fits outside; None where nothing does, or the query says nothing of a state."""
    wider = widened(query)
    count = desk.board.count(wider, COUNT_CAP) if wider else 0
    if not count:
        return None
    closed = desk.board.count(narrow(wider, "is:closed"), COUNT_CAP)
    what = "closed " if closed == count else "other "
    if count == 1:
        return Outside(wider, f"1 {what}one fits · Enter shows it")
    return Outside(wider, f"{count_words(count)} {what}ones fit · Enter shows them")


def how_they_come(desk: "Desk") -> str:
    """Say how tickets come to this desk: by mail, where that is set up; a new desk, what to try."""
    mail = "Mail to the help desk appears by itself."
    if not desk.inbox.takes_mail():
        mail = (
            "Mail is not set up: F3, Mailboxes, n adds one; in a shell\n"
            "`deskterm mail mailbox add --help` tells how."
        )
    if desk.board.count("", 1):
        return mail
    return f"{mail}\n`deskterm demo` shows a desk full of life, beside this one."


WINDOW = 500
SHOWN = 20_000
"""Characters of the command's output that are shown."""
TIMEOUT = 60
"""Seconds the command may take."""


def pipe(desk: "Desk", ids: Sequence[int], command: str) -> str:
    """Run the command with the rows on its standard input; gives what it printed."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise UsageError(f"the command cannot be read: {error}.") from error
    if not words:
        raise UsageError("no command was given.")
    lines = [
        line(row)
        for start in range(0, len(ids), WINDOW)
        for row in desk.board.rows(list(ids[start : start + WINDOW]))
    ]
    try:
        ran = subprocess.run(
            words, input="".join(lines).encode(), capture_output=True, timeout=TIMEOUT, check=False
        )
    except OSError as error:
        raise UsageError(f"{words[0]} cannot be run: {error.strerror}.") from error
    except subprocess.TimeoutExpired as error:
        raise UsageError(f"{words[0]} took longer than {TIMEOUT} seconds.") from error
    said = (ran.stdout + ran.stderr).decode(errors="replace")
    return f"{said[:SHOWN]}\n(exit code {ran.returncode})"


def line(row: BoardRow) -> str:
    """Give a row as one JSON line; text is exact, everything beyond ASCII escaped."""
    values = row._asdict()
    values |= values.pop("more")
    plain = {
        name: to_text(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    return json.dumps(plain) + "\n"


def _counted(desk: "Desk") -> tuple[View, ...]:
    views = all_views(desk.admin.views())
    counts = desk.board.counts([view.query for view in views], COUNT_CAP)
    return tuple(
        replace(view, count="?" if count is None else count_words(count))
        for view, count in zip(views, counts, strict=True)
    )


class BoardTabs(ViewTabs, Working):
    """Reads the saved views and how many tickets each view has."""

    class Counted(Message):
        """The counts of the views are new."""

    def on_mount(self) -> None:
        """Show the views everybody has."""
        self.views = DEFAULTS

    def read(self) -> None:
        """Read the saved views, and count the tickets of each."""
        self.load(_counted, self._show, "views")

    def _show(self, views: tuple[View, ...]) -> None:
        if views != self.views:
            self.views = views
            self.post_message(self.Counted())

    def place_of(self, query: str) -> int:
        """Give the place of the view with this query; -1 where there is none."""
        queries = [view.query for view in self.views]
        return queries.index(query) if query in queries else -1

    def beside(self, by: int) -> int:
        """Give the place of the view so many to the right, round the ends."""
        return (max(self.active, 0 if by < 0 else -1) + by) % max(1, len(self.views))

    def facts(self) -> list[str]:
        """Give what the header says: how many are open, how many overdue."""
        views = self.views
        late = next((view.count for view in views if view.query == "is:overdue"), "")
        return [
            f"{views[0].count} open" if views and views[0].count else "",
            f"{late} overdue" if late not in ("", "0") else "",
        ]
