"""What is called out above the tickets: announcements that run, and a burst of like tickets."""

from typing import TYPE_CHECKING, NamedTuple, cast

from textual.content import Content
from textual.css.query import NoMatches
from textual.widgets import Static

from deskterm.domain.asking import How
from deskterm.domain.errors import DeskError
from deskterm.domain.problems import AnnouncementRow, Outbreak
from deskterm.domain.text import clean
from deskterm.screens.dialogs.verb import Targets
from deskterm.screens.flows.asking import limit
from deskterm.screens.order import Order
from deskterm.screens.work import Working

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskterm.domain.rows import Done
    from deskterm.screens.board.screen import BoardScreen
    from deskterm.screens.desk import Desk

ANNOUNCED = 2
"""Announcements that are shown; more are counted."""


class Called(NamedTuple):
    """What is called out."""

    announcements: tuple[AnnouncementRow, ...] = ()
    outbreaks: tuple[Outbreak, ...] = ()


class Callout(Static):
    """Up to three lines above the tickets; none where there is nothing."""

    DEFAULT_CSS = """
    Callout { height: auto; max-height: 3; padding: 0 1; background: $surface; display: none; }
    Callout.-shown { display: block; }
    """


class Calling(Working):
    """The part of the board that calls out, and makes one incident of many tickets."""

    called = Called()

    @property
    def _of_board(self) -> "BoardScreen":
        return cast("BoardScreen", self)

    def read_called(self) -> None:
        """Read what is to be called out."""

        def ask(desk: "Desk") -> Called:
            return Called(
                tuple(desk.problems.announcements()), tuple(desk.problems.outbreaks()[:3])
            )

        self.load(ask, self._show_called, "called", _quiet)

    def _show_called(self, called: Called) -> None:
        self.called = called
        try:
            callout = self._of_board.query_one(Callout)
        except NoMatches:
            return
        lines = called_lines(called)
        callout.update(Content("\n").join(lines))
        callout.set_class(bool(lines), "-shown")

    def outbreak_here(self) -> Outbreak | None:
        """Give the burst that the ticket under the cursor belongs to, else the clearest."""
        number = self._of_board.table.cursor_id
        of_it = (one for one in self.called.outbreaks if number in one.tickets)
        return next(of_it, next(iter(self.called.outbreaks), None))

    def action_incident(self) -> None:
        """Make the marked tickets, or the burst called out, one incident."""
        table = self._of_board.table
        burst = self.outbreak_here()
        if table.marks.ids:
            ids: Sequence[int] = table.chosen_ids()
        elif burst is not None:
            ids = burst.tickets
        else:
            self._of_board.say("Nothing is called out: mark the tickets, then E makes an incident.")
            return
        first = table.row(ids[0])
        title = burst.title if burst and set(ids) & set(burst.tickets) else ""
        self._ask_incident(tuple(ids), title or (first.subject if first else ""))

    def _ask_incident(self, ids: tuple[int, ...], title: str) -> None:
        from deskterm.screens.dialogs.problem import incident_form

        targets = Targets.of(ids, (self._of_board.table.row(number) for number in ids))

        def filled(values: "dict[str, str] | None") -> None:
            if values is None:
                return
            said, told = values["title"], values["announcement"]
            urgent = values["urgent"] == "yes"

            def run(desk: "Desk", how: How) -> "Done":
                return desk.problems.incident(ids, said, told, urgent=urgent, op_id=how.op_id)

            self.desk_app.write(Order("One incident of", run, None, self._of_board.written))

        self.app.push_screen(incident_form(targets, limit(self._of_board), title), filled)


def called_lines(called: Called) -> list[Content]:
    """Give the lines: announcements first, then the clearest burst with what to do."""
    lines = []
    for one in called.announcements[:ANNOUNCED]:
        where = f" ({one.site})" if one.site else ""
        about = f"P{one.problem_id} " if one.problem_id else ""
        words = clean(f"{about}{one.text}{where}", one_line=True)
        lines.append(Content.assemble(("⚠ ", "bold $warning"), words))
    more = len(called.announcements) - ANNOUNCED
    if more > 0:
        lines[-1] = Content.assemble(lines[-1], (f"  and {more} more", "$text-muted"))
    for burst in called.outbreaks[:1]:
        words = clean(burst.words, one_line=True)
        lines.append(
            Content.assemble(
                ("‼ ", "bold $error"),
                (words, "bold"),
                (" — , marks them · E makes an incident", "$text-muted"),
            )
        )
    return [line.truncate(400, ellipsis=True) for line in lines]


def _quiet(error: DeskError) -> None:
    """A desk that does not answer says so elsewhere."""
    del error
