"""What the one who sits here is told of while the app is open: a count in every head, toasts."""

from typing import TYPE_CHECKING

from deskterm.domain.news import SIGNS, WORDS
from deskterm.domain.text import clean
from deskterm.screens.work import Working
from deskterm.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from deskterm.domain.errors import DeskError
    from deskterm.domain.notice_rows import Glance, NoticeRow

LOOK_EVERY = 60.0
"""Seconds between two looks; changes that are heard are looked at at once."""
SINGLY = 3
"""So many are said one by one; more are counted."""


class Noticing(Working):
    """The part of the app that tells the technician what concerns them."""

    notices_status = ""
    _newest: int | None = None
    """The highest notice that was shown; None before the first look."""

    def start_noticing(self) -> None:
        """Look now, and each minute: time itself makes notices, too."""
        self.look_at_notices()
        self.set_interval(LOOK_EVERY, self.look_at_notices)

    def look_at_notices(self) -> None:
        """Read how the notices stand."""
        after = self._newest
        self.load(lambda desk: desk.notices.glance(after), self._noticed, "notices", _quiet)

    def _noticed(self, glance: "Glance") -> None:
        self._newest = max(self._newest or 0, glance.newest)
        self.notices_status = head_words(glance)
        for screen in self.desk_app.screen_stack:
            for line in screen.query(StatusLine):
                line.notices = self.notices_status
        for one in glance.fresh[:SINGLY]:
            self.desk_app.say(toast_words(one), "warning" if one.urgent else "information")
        if len(glance.fresh) > SINGLY:
            self.desk_app.say(f"{len(glance.fresh) - SINGLY} more notices.")


def head_words(glance: "Glance") -> str:
    """Give what the head says: nothing where there is nothing new."""
    if not glance.unseen:
        return ""
    urgent = f", {glance.urgent} urgent" if glance.urgent else ""
    return f"✉ {glance.unseen} {'notice' if glance.unseen == 1 else 'notices'}{urgent}"


def toast_words(one: "NoticeRow") -> str:
    """Say one notice in a line."""
    urgent = "! urgent · " if one.urgent else ""
    subject = clean(one.subject, one_line=True)[:60]
    return f"{urgent}{SIGNS[one.kind]} {WORDS[one.kind]} · #{one.ticket_id} {subject} · {one.who}"


def _quiet(error: "DeskError") -> None:
    """A lost database shows in the footer already."""
    del error
