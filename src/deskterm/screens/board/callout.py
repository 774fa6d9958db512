"""What is called out above the tickets: announcements that run, and a burst of like tickets."""

from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.widgets import Static

from deskterm.domain import clock
from deskterm.domain.text import clean
from deskterm.screens.work import Working, quiet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskterm.domain.announcements import AnnouncementRow
    from deskterm.domain.handovers import HandoverRow
    from deskterm.domain.problems import Outbreak
    from deskterm.screens.desk import Desk

ANNOUNCED = 2
"""Announcements that are shown; more are counted."""
_MARGIN = 2
"""Cells beside a line."""
BURSTS = 3
"""Bursts that are read; the clearest is shown."""


class Called(NamedTuple):
    """What is called out."""

    announcements: "tuple[AnnouncementRow, ...]" = ()
    outbreaks: "tuple[Outbreak, ...]" = ()
    handed: "tuple[HandoverRow, ...]" = ()


class Callout(Static, Working):
    """Up to four lines above the tickets, which it reads itself; none where there is nothing."""

    DEFAULT_CSS = """
    Callout { height: auto; max-height: 4; padding: 0 1; background: $surface; display: none; }
    Callout.-shown { display: block; }
    """
    called = Called()

    def read(self) -> None:
        """Read what is to be called out."""

        def ask(desk: "Desk") -> Called:
            announcements = tuple(desk.announcements.on_boards())
            bursts = tuple(desk.problems.outbreaks()[:BURSTS])
            return Called(announcements, bursts, tuple(desk.staff.handovers.unread()))

        self.load(ask, self._show, "called", quiet)

    def _show(self, called: Called) -> None:
        if called_lines(called) != called_lines(self.called):
            self.called = called
            self._draw()
        self.called = called

    def on_resize(self) -> None:
        """What is cut at the edge follows the edge."""
        self._draw()

    def _draw(self) -> None:
        lines = called_lines(self.called, self.size.width or self.container_size.width - _MARGIN)
        self.update(Content("\n").join(lines))
        self.set_class(bool(lines), "-shown")

    def burst_of(self, number: int | None) -> "Outbreak | None":
        """Give the burst that a ticket belongs to, else the clearest."""
        of_it = (one for one in self.called.outbreaks if number in one.tickets)
        return next(of_it, next(iter(self.called.outbreaks), None))


def announced_words(one: "AnnouncementRow") -> str:
    """Give `P7 VPN is down (site:Leeds)`, with when it begins where it has not yet."""
    from deskterm.domain.announcements import AnnouncementState

    about = f"P{one.problem_id} " if one.problem_id else ""
    facts = [one.audience] if one.audience else []
    if one.state(clock.now()) == AnnouncementState.PLANNED:
        facts.append(f"from {one.from_at.astimezone():%a %H:%M}")
    beside = f" ({', '.join(facts)})" if facts else ""
    return f"{about}{one.text}{beside}"


def handed_line(rows: "Sequence[HandoverRow]", room: int) -> Content:
    """Give `⇄ bob handed over at 17:02 · ^e reads it — The supplier calls`, one line."""
    one = rows[0]
    more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    said = f"{clean(one.login, one_line=True)}{more} handed over at {one.at.astimezone():%H:%M}"
    words = f" — {clean(one.words, one_line=True)}" if one.words else ""
    line = Content.assemble(
        ("⇄ ", "bold $accent"), (said, "bold"), (" · ^e reads it", "$text-muted"), words
    )
    return line.truncate(max(room, 1), ellipsis=True)


def called_lines(called: Called, room: int = 400) -> list[Content]:
    """Give the lines: announcements first, then the clearest burst with what to do."""
    lines = [handed_line(called.handed, room)] if called.handed else []
    for one in called.announcements[:ANNOUNCED]:
        words = clean(announced_words(one), one_line=True)
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
