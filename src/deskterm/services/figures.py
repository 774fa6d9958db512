"""The figures of the desk for a period: whole or in parts, beside another, as files."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from deskterm import disk
from deskterm.domain import clock
from deskterm.domain.errors import UsageError
from deskterm.reports.figure_sheet import COLUMNS, definition, figure_sheet
from deskterm.reports.figures import (
    BY_NAME,
    FIGURES,
    LENGTH,
    STANDING,
    Figure,
    Part,
    Value,
    part_name,
)
from deskterm.reports.page import Face, html_page, markdown_page
from deskterm.reports.periods import Period, period
from deskterm.reports.sheet import as_csv
from deskterm.reports.shown import (
    Helped,
    Line,
    Mark,
    Shown,
    Standing,
    Today,
    Told,
    Trends,
    Voice,
    Wish,
)
from deskterm.services.counting import Counting, Rebuilt, missing, rebuild
from deskterm.services.figured import (
    JUDGED,
    TRENDS,
    View,
    changes_of,
    end_of,
    in_pieces,
    moved,
    names_of,
    nothing,
    other_of,
    parts_of,
    term_of,
    trend_of,
    value_of,
    values,
    wanted,
)
from deskterm.storage.desk_settings import value
from deskterm.storage.names import number_of
from deskterm.storage.reads import figures as reads
from deskterm.storage.reads import measures
from deskterm.storage.reads.asked import Asked, desk_zone
from deskterm.storage.reads.marks import marks as marks_of
from deskterm.storage.reads.measures import Which
from deskterm.storage.runs import ends_that_solve
from deskterm.storage.store import Store
from deskterm.triage.query import parse

_CATCH_UP = 2.0
"""Seconds that whoever asks for figures spends on tickets that are not counted yet."""
_STANDING = (("Open", "is:open"), ("Overdue", "is:overdue"), ("Waiting", "is:waiting"))
_LINES = ("logged", "closed")
_LATELY = (
    *("logged", "closed", "pickup", "pickup-business", "solution", "solution-business"),
    *("first-contact", "escalated", "reopened", "satisfied"),
)
_MOST = 5
"""Of what grew, and of what helped."""
FILES = ("figures.csv", "figures.json", "figures.md", "figures.html")
_PARTS = (("logged", "category"), ("first-contact", "service"), ("satisfied", "service"))


class Figures:
    """Reads the figures that are kept of every ticket."""

    def __init__(self, store: Store, me: str) -> None:
        self.store = store
        self.me = me

    def catch_up(self, seconds: float = _CATCH_UP) -> int:
        """Count what is not counted yet, for so long; gives how many tickets are left."""
        counting = Counting(self.store)
        counting.run(seconds)
        return counting.missing

    def rebuild(self, told: Callable[[int], None] | None = None) -> Rebuilt:
        """Work out anew from the ledger what is kept of every ticket; names what differed."""
        return rebuild(self.store, told)

    def show(self, wish: Wish) -> Shown:
        """Give figures as they are wished; raises UsageError, QueryError."""
        with self._reading(wish) as view:
            return self._show(view, wish)

    def line(self, name: str, wish: Wish) -> Line:
        """Give one figure piece by piece: days, weeks or months; raises UsageError, QueryError."""
        (figure,) = wanted([name])
        with self._reading(wish) as view:
            return _lines(view, [figure])[0]._replace(changes=changes_of(view, [figure]))

    def today(self, span: str, back: int = 0) -> Today:
        """Give how the desk stands and how it went in the last days; raises UsageError."""
        wish = Wish(_LATELY, span, compare="before", back=back)
        with self._reading(wish) as view:
            return Today(
                self._show(view, wish),
                [self._standing(view, *one) for one in _STANDING],
                _lines(view, [BY_NAME[name] for name in _LINES]),
                trend_of(view, ("category",), self._behind).grown[:_MOST],
                self._helped(view),
            )

    def performance(self, wish: Wish) -> tuple[Shown, list[Line]]:
        """Give figures of a period with their lines; a length has none. Raises UsageError."""
        with self._reading(wish) as view:
            drawn = [one for one in wanted(wish.names) if one.kind != LENGTH]
            drawn = [one for one in drawn if one.anchor != STANDING]
            return self._show(view, wish), [] if wish.by else _lines(view, drawn)

    def helped(self, wish: Wish) -> list[Helped]:
        """Give the guides and solutions that solved most in a period; raises UsageError."""
        with self._reading(wish) as view:
            return self._helped(view)

    def voices(self, wish: Wish, most: int = 200) -> list[Voice]:
        """Give what customers said in a period, the poorest first; raises UsageError."""
        with self._reading(wish) as view:
            return measures.voices(view.database, view.which, most)

    def splits(self) -> Sequence[str]:
        """Give what figures are split by, fields of the desk's own last."""
        with self.store.reading() as database:
            return measures.splits(database)

    def stars(self, wish: Wish) -> tuple[float | None, int]:
        """Give the average rating of a period, of how many; None where nobody answered."""
        with self._reading(wish) as view:
            whole, n = measures.stars(view.database, view.which)
            return (whole / n if n else None), n

    def trends(self, wish: Wish) -> Trends:
        """Give what there is more or less of than its own past says, the surest first, what comes
        again and again, and what changed, with the figures of the wish before and after it.

        Raises UsageError, QueryError.
        """
        judged = wanted(wish.names or JUDGED)
        with self._reading(wish) as view:
            found = trend_of(view, TRENDS, self._behind)
            return found._replace(changes=changes_of(view, judged))

    def tickets(self, figure: Figure, which: Which, part: Part, cases: bool = False) -> list[int]:
        """Give the tickets behind a figure, the newest first."""
        with self.store.reading() as database, database.patiently():
            return measures.tickets(database, figure, which, part, cases=cases)

    def face(self) -> Face:
        """Give the desk's mission and values, for whatever is read by others."""
        with self.store.reading() as database:
            mission, said = (str(value(database, one)) for one in ("desk.mission", "desk.values"))
        return Face(mission, [one.strip() for one in said.splitlines() if one.strip()])

    def _show(self, view: View, wish: Wish) -> Shown:
        figures = wanted(wish.names)
        wish = wish._replace(by=view.which.split)
        other = other_of(view.when, wish.compare)
        now = values(view.database, figures, view.which)
        then = values(view.database, figures, moved(view.which, other, view.asked)) if other else {}
        names = names_of(view.database, wish.by, now.keys() | then.keys())
        rows = [
            Told(
                figure,
                part_name(wish.by, part, names) if wish.by else "",
                now.get(part, {}).get(figure.name, nothing(figure)),
                then.get(part, {}).get(figure.name, nothing(figure)) if other else None,
                self._behind(figure, view.which, part),
                term_of(figure.name, view.when.name, wish.by, part, wish.query),
                part if isinstance(part, str) else "",
            )
            for part in parts_of(now, then, names, wish.by)
            for figure in figures
        ]
        future = view.when.start > view.asked.now
        return Shown(view.when, other, rows, missing(view.database), future)

    def _behind(
        self, figure: Figure, which: Which, part: Part, cases: bool = False
    ) -> Callable[[], list[int]]:
        return partial(self.tickets, figure, which, part, cases)

    def _standing(self, view: View, title: str, query: str) -> Standing:
        many, which = reads.standing(view.database, parse(query), view.asked)

        def tickets() -> list[int]:
            with self.store.reading() as database:
                return reads.found(database, which)

        return Standing(title, query, many, tickets)

    def _helped(self, view: View) -> list[Helped]:
        """Give with which ends of guides, and which solutions, most tickets were solved."""
        figure = BY_NAME["reopened"]
        found = [*self._helping(view, figure, "end"), *self._helping(view, figure, "solution")]
        return sorted(found, key=lambda one: (-one.solved, one.kind, one.name))[:_MOST]

    def _helping(self, view: View, figure: Figure, kind: str) -> Iterator[Helped]:
        """Give the most helpful of one kind."""
        which = view.which._replace(split=kind)
        edges = (which.low, max(which.low, which.high))
        (parts,) = in_pieces(view.database, figure.anchor, [figure.column], which, edges)
        solving = ends_that_solve(view.database) if kind == "end" else parts
        solved = {
            part: each[figure.column]
            for part, each in parts.items()
            if part is not None and part in solving and each[figure.column][1]
        }
        most = sorted(solved, key=lambda part: (-solved[part][1], str(part)))[:_MOST]
        names = names_of(view.database, kind, most)
        for part in most:
            hits, cases = solved[part]
            tickets = self._behind(figure, which, part, cases=True)
            yield Helped(kind, part_name(kind, part, names), cases, hits, tickets)

    @contextmanager
    def _reading(self, wish: Wish) -> Iterator[View]:
        with self.store.reading() as database, database.patiently(), database.snapshot():
            asked = Asked(me=self.me, now=clock.now())
            zone = desk_zone(database)
            when = period(wish.period, asked.now.astimezone(zone).date(), zone).moved(-wish.back)
            by = measures.split_named(database, wish.by) if wish.by else ""
            which = Which(when.start, end_of(when, asked), split=by)
            which = reads.narrowed(database, parse(wish.query), asked, which)
            if wish.client:
                which = reads.of_client(which, number_of(database, "organisation", wish.client))
            yield View(database, asked, when, which)


def _lines(view: View, figures: Sequence[Figure]) -> list[Line]:
    """Give figures piece by piece; what is counted alike is read together."""
    pieces = list(view.when.pieces())
    which = view.which._replace(split="")
    edges = [one.start for one in pieces] + [pieces[-1].end]
    seen = marks_of(view.database, which.low, which.high)
    marks = [Mark(one.at.astimezone(view.when.zone), one.what) for one in seen]
    apart = [one for one in figures if one.kind == LENGTH or one.anchor == STANDING]
    drawn = {one.name: _apart(view, one, pieces) for one in apart}
    for anchor in dict.fromkeys(one.anchor for one in figures):
        here = [one for one in figures if one.anchor == anchor and one not in apart]
        columns = list(dict.fromkeys(one.column for one in here))
        if columns:
            found = in_pieces(view.database, anchor, columns, which, edges)
            drawn |= {
                one.name: [value_of(one, *piece[None][one.column]) for piece in found]
                for one in here
            }
    return [Line(one, list(zip(pieces, drawn[one.name], strict=True)), marks) for one in figures]


def _apart(view: View, figure: Figure, pieces: Sequence[Period]) -> list[Value]:
    """Give a figure of each piece, read for each by itself."""
    which = view.which._replace(split="")
    each = [values(view.database, [figure], moved(which, one, view.asked)) for one in pieces]
    return [one.get(None, {}).get(figure.name, nothing(figure)) for one in each]


def write(figures: Figures, folder: Path, wish: Wish) -> list[Path]:
    """Write the figures of a period into a folder; gives the files.

    Raises UsageError, also where there are such files already.
    """
    there = [name for name in FILES if (folder / name).exists()]
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
    for name, text in zip(FILES, made, strict=True):
        disk.write(folder / name, text.encode())
    return [folder / name for name in FILES]


def _part(figures: Figures, wish: Wish, name: str, by: str) -> Shown:
    return figures.show(wish._replace(names=(name,), by=by))
