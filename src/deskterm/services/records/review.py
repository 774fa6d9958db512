"""Actions of the register, decisions and feedback as records: their days, what fits together."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.errors import DeskError, UsageError
from deskterm.reports.figures import BY_NAME, COUNT, LENGTH, SUM, Figure
from deskterm.reports.register import Span, Target, kept, side, target
from deskterm.services.counting import missing
from deskterm.services.measuring import Of, measured
from deskterm.services.records.keeper import Keeper
from deskterm.services.records.listed import Given
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads.asked import Asked, desk_zone
from deskterm.triage.spans import span

if TYPE_CHECKING:
    from deskterm.storage.driver import Database

_WEEKS = timedelta(days=27)
_LONGEST = timedelta(days=1100)
_MEASURED = ("figure", "query", "organisation_id", "first_day", "last_day")
"""Whoever changes one of these lets the action be measured anew."""
_TARGETS = {COUNT: "a number of tickets: at most 30", LENGTH: "a length: 30min, 4h, 2d"}


def _today(database: "Database") -> date:
    return clock.now().astimezone(desk_zone(database)).date()


class Improvements(Keeper):
    """Keeps actions of the register; each measures its baseline when it begins."""

    def begin(self, row: HeldRow, name: str) -> None:
        """Begin without any measure."""
        super().begin(row, name)
        row.set(baseline="", result="")

    def change(self, row: HeldRow, given: Given) -> None:
        """Set what was typed; what was measured of something else counts no more."""
        fresh = not row["figure"]
        before = {name: row[name] for name in _MEASURED}
        super().change(row, given)
        self._fill_days(row)
        if fresh or any(row[name] != before[name] for name in _MEASURED):
            row.set(baseline="", result="")
            self._fits(row)
            self._baseline(row)

    def _fill_days(self, row: HeldRow) -> None:
        """Let it begin today and be measured for four weeks where nothing else is said."""
        if not row["first_day"]:
            row.set(first_day=_today(row.work.spine).isoformat())
        if not row["last_day"]:
            row.set(last_day=(date.fromisoformat(row["first_day"]) + _WEEKS).isoformat())

    def _fits(self, row: HeldRow) -> None:
        days = span_of(row)
        if not timedelta(0) <= days.last - days.first <= _LONGEST:
            raise _wrong("until", f"it is measured from {days.first} to {days.last}: say a last "
                         "day up to three years after the first.")  # fmt: skip

    def _baseline(self, row: HeldRow) -> None:
        """Measure the figure as it was before, unless it begins later."""
        database, days = row.work.spine, span_of(row)
        figure = BY_NAME.get(row["figure"])
        if figure is None:
            raise _wrong("figure", "which figure is it to move? `deskterm figures define`.")
        asked = Asked(me=self.me, now=clock.now())
        of = Of(row["query"], row["organisation_id"])
        try:
            value = measured(database, figure, of, days.before, asked)
        except DeskError as error:
            error.field = error.field or "filter"
            raise
        if days.first <= _today(database) and not missing(database):
            row.set(baseline=kept(value))

    def check(self, row: HeldRow) -> None:
        """Refuse a target that is none, and a figure of which nobody knows which way is better."""
        figure = BY_NAME.get(row["figure"])
        if figure is None:
            return
        if figure.kind == SUM:
            raise _wrong("figure", f"{figure.name!r} is a sum without an interval: it never says "
                         "whether something worked.")  # fmt: skip
        wanted = target_of(figure, row["target"])
        if wanted is None and row["target"]:
            says = _TARGETS.get(figure.kind, "a share: 70 %")
            raise _wrong("target", f"{row['target'][:40]!r} is no target; it is {says}.")
        if not (wanted.way if wanted else figure.good):
            raise _wrong("target", f"neither more nor less of {figure.name!r} is better by "
                         "itself: say at most 10, or at least 10.")  # fmt: skip


def span_of(row: HeldRow) -> Span:
    """Give the days in which an action is measured."""
    return Span(date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"]))


def target_of(figure: Figure, text: str) -> Target | None:
    """Give what a figure is to become; None where the text says nothing."""
    length = span(side(text)[1]) if text.strip() else None
    return target(figure, text, length.total_seconds() if length else None)


def _wrong(field: str, sentence: str) -> UsageError:
    error = UsageError(sentence)
    error.field = field
    return error


class Decisions(Keeper):
    """Keeps decisions: asked on a day, and taken on one."""

    def begin(self, row: HeldRow, name: str) -> None:
        """Whoever writes it down asks it, today."""
        super().begin(row, name)
        row.set(asked_by=self.me, asked_on=_today(row.work.spine).isoformat())

    def check(self, row: HeldRow) -> None:
        """A decision without an answer was not taken; one with it was taken on a day."""
        if row["answer"] and not row["taken_on"]:
            row.set(taken_on=_today(row.work.spine).isoformat())
        if not row["answer"] and (row["taken_by"] or row["taken_on"]):
            raise _wrong("answer", "what was decided? Say the answer, too.")
        if not row["asked_on"]:
            row.set(asked_on=_today(row.work.spine).isoformat())


class Feedbacks(Keeper):
    """Keeps feedback: said on a day, a name only with consent."""

    def check(self, row: HeldRow) -> None:
        """What has no day was said today."""
        if not row["said_on"]:
            row.set(said_on=_today(row.work.spine).isoformat())
