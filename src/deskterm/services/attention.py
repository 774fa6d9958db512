"""What a technician wants to be told of and how, and focus time: the door closed (C5)."""

from datetime import timedelta
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.notice_rows import Focus, Wishes
from deskterm.domain.rows import Done
from deskterm.domain.text import header_safe
from deskterm.domain.vocabulary import Event
from deskterm.storage.held_row import HeldRow
from deskterm.storage.notices import focus, wishes
from deskterm.storage.reads.asked import desk_zone
from deskterm.triage.spans import later

if TYPE_CHECKING:
    from deskterm.services.acting import Acting
    from deskterm.storage.work import Work

LONGEST = timedelta(hours=12)
"""No focus time is longer; whoever is away for days is away, not focused."""
_WISHES = ("name", "email", "notify", "mail")


class Attention:
    """Use cases on one's own wishes and focus time."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def show(self) -> Wishes:
        """Give one's own wishes, and focus time where it is on."""
        me = self._desk.me
        with self._desk.store.reading() as database:
            began = focus(database, me)
            during = began if began is not None and began.on(clock.now()) else None
            return wishes(database, me, during)

    def set(self, values: dict[str, str], how: How = NOW) -> Wishes:
        """Set name, email, notify (kinds with commas between, or `default`) or mail."""
        self.wish(values, how)
        return self.show()

    def wish(self, values: dict[str, str], how: How = NOW) -> Done:
        """Set wishes: of one's own record, what is one's own to say."""
        from deskterm.services.records import keeper

        odd = next((name for name in values if name not in _WISHES), None)
        if odd is not None:
            raise UsageError(f"there is no {odd!r} to set; use {', '.join(_WISHES)}.")
        me = self._desk.me
        own = {{"name": "full_name"}.get(name, name): text for name, text in values.items()}
        keeps = keeper("technician", me)
        return self._desk.do("me set", how, lambda work: keeps.put(work, me, own))

    def begin(self, until: str, reason: str = "", how: How = NOW) -> Done:
        """Begin focus time, or change its end: `1h`, `90m`, `15:30`. Raises UsageError."""
        now = clock.now()
        with self._desk.store.reading() as database:
            end = later(until, now, desk_zone(database))
        if end - now > LONGEST:
            raise UsageError(f"focus time is at most {LONGEST.seconds // 3600} hours, e.g. 1h.")
        values = {"focus_from": now, "focus_until": end, "focus_reason": header_safe(reason)[:200]}
        return self._focus(values, how)

    def end(self, how: How = NOW) -> Done:
        """End focus time now; raises RefusedError where it is not on."""
        if self.show().focus is None:
            raise RefusedError("it is not focus time: nothing to end.")
        return self._focus({"focus_until": clock.now()}, how)

    def focus(self) -> Focus | None:
        """Give one's own focus time where it is on."""
        return self.show().focus

    def _focus(self, values: dict[str, object], how: How) -> Done:
        def change(work: "Work") -> None:
            row = HeldRow(work, "technician", self._desk.me)
            row.set(**values)
            row.write(Event.EDITED, self._desk.me)

        return self._desk.do("focus", how, change)
