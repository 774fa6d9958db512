"""What the one who sits here is told of while the app is open: a count in heads, words in feet.

In focus time only urgent news is said; the rest waits for one summary at its end (C5). The bell and
the terminal's desktop notifications ring where the settings ask for them.
"""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.text import clean
from deskterm.screens.work import quiet

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import App
    from textual.timer import Timer

    from deskterm.domain.notice_rows import Focus, Glance, NoticeRow
    from deskterm.screens.work import Working
    from deskterm.settings import Settings


LOOK_EVERY = 60.0
"""Seconds between two looks where nothing is heard."""
REST = 1.0
"""Seconds at least between two looks, however many changes are heard."""
SOON = 0.3
"""Seconds from a change that is heard until it is looked at."""
SINGLY = 3
"""So many are said one by one; more are counted."""


class Noticing:
    """Tells the technician what concerns them; `show` draws how that stands in every head."""

    def __init__(self, app: "Working", show: "Callable[[str], None]") -> None:
        self._app = app
        self._show = show
        self.focus: Focus | None = None
        """Focus time that is on."""
        self._newest: int | None = None
        """The highest notice that was shown; None before the first look."""
        self._ending: Timer | None = None
        self._looked = -REST
        self._later: Timer | None = None

    def start(self) -> None:
        """Look now, and each minute: time itself makes notices, too."""
        self.look()
        self._app.set_interval(LOOK_EVERY, self.look)

    def look(self) -> None:
        """Read how the notices stand."""
        self._looked = monotonic()
        if self._later is not None:
            self._later.stop()
            self._later = None
        after = self._newest
        self._app.load(lambda desk: desk.notices.glance(after), self._noticed, "notices", quiet)

    def hear(self) -> None:
        """Somebody changed something: look soon, once what is on screen has been read."""
        if self._later is None:
            rest = self._looked + REST - monotonic()
            self._later = self._app.set_timer(max(rest, SOON), self.look)

    def _noticed(self, glance: "Glance") -> None:
        now = clock.now()
        self._newest = max(self._newest or 0, glance.newest)
        was, self.focus = self.focus, glance.focus
        if self.focus is not None and not self.focus.on(now):
            self.focus = None
        self._await_end(now)
        self._show(head_words(glance, self.focus))
        self._say_fresh([one for one in glance.fresh if one.urgent or _may_say(one, self.focus)])
        if was is not None and self.focus is None:
            self._app.desk_app.say(over_words(glance.waited))

    def _say_fresh(self, fresh: "list[NoticeRow]") -> None:
        for one in fresh[:SINGLY]:
            self._app.desk_app.say(notice_words(one), "warning" if one.urgent else "information")
        if len(fresh) > SINGLY:
            self._app.desk_app.say(f"{len(fresh) - SINGLY} more notices · N shows them")
        if fresh:
            ring(self._app.app, self._app.desk_app.settings, [notice_words(one) for one in fresh])

    def _await_end(self, now: "datetime") -> None:
        """Look again at the very end of focus time."""
        if self._ending is not None:
            self._ending.stop()
            self._ending = None
        if self.focus is not None:
            left = (self.focus.until - now).total_seconds()
            self._ending = self._app.set_timer(left + 0.1, self.look)


def _may_say(one: "NoticeRow", focus: "Focus | None") -> bool:
    """What is not urgent is said where it is for this person alone, and the door is open."""
    from deskterm.domain.news import DIRECTED

    return focus is None and one.kind in DIRECTED


def head_words(glance: "Glance", focus: "Focus | None") -> str:
    """Give what the head says: nothing where there is nothing new."""
    many = f"✉ {glance.unseen}" if glance.unseen else ""
    urgent = f"{glance.urgent} urgent" if glance.urgent else ""
    if focus is not None:
        until = f"focus until {focus.until.astimezone():%H:%M}"
        return " · ".join(part for part in (many, urgent, until) if part)
    if not many:
        return ""
    many = f"{many} {'notice' if glance.unseen == 1 else 'notices'}"
    return ", ".join(part for part in (many, urgent) if part)


def over_words(waited: int) -> str:
    """Say that focus time is over, and what waited."""
    if not waited:
        return "Focus time is over; nothing waited."
    return f"Focus time is over: {waited} {'notice' if waited == 1 else 'notices'} waited · N"


def notice_words(one: "NoticeRow") -> str:
    """Say one notice in a line."""
    from deskterm.domain.news import SIGNS, WORDS

    urgent = "! urgent · " if one.urgent else ""
    subject = clean(one.subject, one_line=True)
    subject = subject if len(subject) <= _SUBJECT else f"{subject[: _SUBJECT - 1]}…"
    of = " ".join(part for part in (one.name, subject) if part)
    who = f" · {one.who}" if one.ticket_id is not None else ""
    return f"{urgent}{SIGNS[one.kind]} {WORDS[one.kind]} · {of}{who}"


_SUBJECT = 90
"""Signs of a subject, or of what is said of no ticket."""
LONGEST = 120
"""Signs of a desktop notification."""


def ring(app: "App[object]", settings: "Settings", words: Sequence[str]) -> None:
    """Ring once for several notices; silent unless a setting says otherwise."""
    if settings["notice_bell"]:
        app.bell()
    sequence = desktop_sequence(str(settings["notice_desktop"]), words)
    if sequence and app._driver is not None:
        app._driver.write(sequence)


def desktop_sequence(kind: str, words: Sequence[str]) -> str:
    """Give the control sequence for a desktop notification: OSC 9 or 777, or nothing.

    What is told is cleaned: nothing in it can end the sequence early.
    """
    first = clean(words[0], one_line=True)[:LONGEST]
    text = f"{first} (+{len(words) - 1})" if len(words) > 1 else first
    if kind == "osc9":
        return f"\x1b]9;{text}\x07"
    if kind == "osc777":
        return f"\x1b]777;notify;deskterm;{text.replace(';', ',')}\x07"
    return ""
