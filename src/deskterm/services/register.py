"""The improvement register: every action with its figure before and since, and whether it worked.

Nothing is written by reading: what the jobs have kept counts, else what the kept figures say now.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from deskterm import disk
from deskterm.domain import clock
from deskterm.domain.errors import DeskError, NotFoundError, UsageError
from deskterm.reports.figure_sheet import words
from deskterm.reports.figures import BY_NAME, Figure, Value
from deskterm.reports.pack import DRAWN, FIGURES, Decided, Pack
from deskterm.reports.pack_page import html_pack, markdown_pack
from deskterm.reports.page import Face
from deskterm.reports.periods import Period
from deskterm.reports.register import GIVEN_UP, Action, Verdict, judge, lost, value_of
from deskterm.reports.sheet import Row
from deskterm.reports.shown import Wish
from deskterm.services.acting import Acting
from deskterm.services.figures import Figures
from deskterm.services.measuring import Of, measured, which_of
from deskterm.services.offers import pruned
from deskterm.services.records.review import target_of
from deskterm.storage.desk_settings import value
from deskterm.storage.driver import Database
from deskterm.storage.names import number_of, unknown
from deskterm.storage.reads import measures, problem_pages
from deskterm.storage.reads import register as reads
from deskterm.storage.reads.asked import Asked, desk_zone
from deskterm.storage.reads.clients import client_face
from deskterm.storage.reads.rows import names as names_of
from deskterm.storage.store import Store
from deskterm.triage.near import suggestion

WAYS = {".html": html_pack, ".htm": html_pack, ".md": markdown_pack}
"""Ending of a file → how the pack is written."""
_PROBLEMS, _VOICES = 5, 10_000


class Register:
    """Use cases of the register beside its records (`desk.records`)."""

    def __init__(self, store: Store, me: str) -> None:
        self.store = store
        self.me = me

    def list(self, client: str = "") -> Sequence[Action]:
        """Give every action as it stands, the one that is measured longest first.

        `client`: only its own. Raises NotFoundError.
        """
        with self.store.reading() as database, database.patiently(), database.snapshot():
            asked = Asked(me=self.me, now=clock.now())
            rows = reads.actions(database)
            if client:
                whose = number_of(database, "organisation", client)
                rows = [row for row in rows if row.client == whose]
            return [_action(database, row, asked) for row in rows]

    def show(self, name: str) -> Action:
        """Give one action by its name or number; raises NotFoundError with what is near."""
        with self.store.reading() as database, database.patiently(), database.snapshot():
            asked = Asked(me=self.me, now=clock.now())
            return _action(database, _find(database, name), asked)

    def tickets(self, name: str) -> Sequence[int]:
        """Give the tickets behind what an action is measured by since it began, the newest first.

        Raises NotFoundError, QueryError.
        """
        with self.store.reading() as database, database.patiently(), database.snapshot():
            row = _find(database, name)
            figure = BY_NAME.get(row.figure)
            if figure is None:
                return []
            asked = Asked(me=self.me, now=clock.now())
            which = which_of(database, Of(row.query, row.client), row.days, asked)
            return measures.tickets(database, figure, which, cases=True)

    def decisions(self) -> Sequence[Decided]:
        """Give what the review board is asked, then what it decided, the newest first."""
        with self.store.reading() as database:
            return reads.decisions(database)


def _named(database: Database, client: str) -> str:
    """Give the name of an organisation as it is kept; raises NotFoundError."""
    number = number_of(database, "organisation", client)
    return dict(names_of(database, "organisation"))[number]


def _find(database: Database, name: str) -> reads.Registered:
    rows = reads.actions(database)
    wanted = name.strip().casefold()
    for row in rows:
        if wanted in (row.name.casefold(), str(row.id)):
            return row
    near = [row.name for row in rows]
    raise NotFoundError(unknown("action", name[:60], near, "deskterm register list"))


def _action(database: Database, row: reads.Registered, asked: Asked) -> Action:
    figure = BY_NAME.get(row.figure)
    before = after = None
    if figure is None:
        near = suggestion(row.figure, list(BY_NAME))
        verdict = lost(f"There is no figure {row.figure!r} any more: name another one"
                       f"{f' ({near})' if near else ''}.")  # fmt: skip
    else:
        before, after, verdict = _judged(database, figure, row, asked)
    if row.reason:
        verdict = Verdict(GIVEN_UP, row.reason)
    return Action(
        row.id,
        row.name,
        row.words,
        row.owner,
        row.left,
        row.figure,
        figure.title if figure else row.figure,
        row.query,
        row.client_name,
        row.target,
        row.days.first.isoformat(),
        row.days.last.isoformat(),
        row.reason,
        before,
        after,
        _said(figure, before),
        _said(figure, after),
        verdict,
    )


def _said(figure: Figure | None, value: Value | None) -> str:
    return words(figure, value).short if figure is not None and value is not None else ""


def _judged(
    database: Database, figure: Figure, row: reads.Registered, asked: Asked
) -> tuple[Value | None, Value | None, Verdict]:
    """Give the figure before and since, and what is said of it."""
    today = asked.now.astimezone(desk_zone(database)).date()
    before, after = value_of(row.baseline), value_of(row.result)
    try:
        before = before or _so_far(database, figure, row, asked, row.days.before.last < today)
        after = after or measured(database, figure, Of(row.query, row.client), row.days, asked)
    except DeskError as error:
        sentence = f"Its filter {row.query!r} finds nothing any more: {error}"
        return before, after, lost(sentence)
    target = target_of(figure, row.target)
    shown = after if row.days.first <= today else None
    return before, shown, judge(figure, row.days, today, (before, after), target)


def _so_far(
    database: Database, figure: Figure, row: reads.Registered, asked: Asked, over: bool
) -> Value | None:
    """Give the baseline as it is now, once its days are over."""
    days = row.days.before
    return measured(database, figure, Of(row.query, row.client), days, asked) if over else None


class Review(Figures):
    """Figures, and what is done by them."""

    @cached_property
    def register(self) -> Register:
        """What is done to improve, and whether it worked."""
        return Register(self.store, self.me)

    def pack(self, period: str, client: str = "") -> Pack:
        """Give the pack of a period; raises UsageError with what a period is, NotFoundError.

        With a client it holds nothing of another: figures, voices and costs of its own tickets,
        actions that are measured by them, what its people said, and no decision but what led to
        such an action.
        """
        wish = Wish(FIGURES, period, compare="before", client=client)
        shown = self.show(wish)
        when = shown.period
        _, lines = self.performance(wish._replace(names=DRAWN, compare=""))
        first, last = when.first.isoformat(), (when.after - timedelta(days=1)).isoformat()
        actions = self.register.list(client)
        grown = [] if shown.future else self.trends(wish._replace(names=("logged",))).grown
        helped = [] if shown.future else self.helped(wish)
        voices, face = self.voices(wish, _VOICES), self.face()
        services = [] if client or shown.future else self._pruned(period)
        if client:
            lines = [one._replace(marks=[], changes=[]) for one in lines]
            grown = [one for one in grown if one.by == "category"]
        with self.store.reading() as database, database.patiently(), database.snapshot():
            whose = number_of(database, "organisation", client) if client else None
            own = client_face(database, whose) if client else None
            decisions = reads.decisions(database)
            if client:
                names = {one.name for one in actions}
                decisions = [one for one in decisions if one.follows in names]
            return Pack(
                (own.desk_name if own else "") or str(value(database, "desk.name")),
                Face(own.mission) if own and own.mission else face,
                shown,
                _day(when),
                [] if shown.future else lines,
                grown,
                [one for one in actions if one.last_day >= first and one.first_day <= last],
                voices,
                reads.feedback(database, first, last, whose),
                problem_pages.costly(
                    database, (when.start, when.end), clock.now(), _PROBLEMS, whose
                ),
                services,
                [one for one in decisions if not one.answer],
                [one for one in decisions if one.answer and first <= one.taken <= last],
                reads.members(database, whose),
                helped,
                _named(database, client) if client else "",
            )

    def _pruned(self, period: str) -> Sequence[Row]:
        used = pruned(Acting(self.store, self.me), period)
        return [row for row in used.rows if row.told]

    def write_pack(self, period: str, file: Path, client: str = "") -> None:
        """Write the pack into a file: HTML or Markdown, by its ending.

        Raises UsageError, NotFoundError, OSError.
        """
        way = WAYS.get(file.suffix.lower())
        if way is None:
            raise UsageError(f"{file}: end it in .html or .md.")
        disk.write(file, way(self.pack(period, client)).encode(), replace=True)


def _day(when: Period) -> int:
    """Give how many days of a period are over."""
    today = clock.now().astimezone(when.zone).date()
    return max(0, min((today - when.first).days, when.days))
