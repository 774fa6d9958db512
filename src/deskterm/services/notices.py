"""A technician's notices: listed, marked as seen (no operation); what is told them, and when.

Writing them is part of every unit of work (`storage/ticket/news.py`).
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.notice_rows import Focus, Glance, NoticeRow, Wishes
from deskterm.domain.rows import Done
from deskterm.domain.text import header_safe
from deskterm.domain.vocabulary import Event
from deskterm.storage import notices
from deskterm.storage import notices as reads
from deskterm.storage.held_row import HeldRow
from deskterm.storage.notices import focus, wishes
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.store import Store
from deskterm.triage.spans import later

if TYPE_CHECKING:
    from deskterm.services.acting import Acting
    from deskterm.storage.work import Work


class Notices:
    """The notices of one technician."""

    def __init__(self, store: Store, me: str) -> None:
        self._store = store
        self._me = me

    def list(self, *, unseen: bool = False, limit: int = 200) -> list[NoticeRow]:
        """Give one's notices, newest first; with `unseen` those not yet seen."""
        with self._store.reading() as database:
            return reads.listed(database, self._me, unseen=unseen, limit=limit)

    def glance(self, after: int | None = None) -> Glance:
        """Give how one's notices stand, with the unseen ones that came after a number."""
        with self._store.reading() as database:
            return reads.glance(database, self._me, after)

    def seen(self, numbers: Sequence[int]) -> int:
        """Mark notices of one's own as seen; gives how many were not before."""
        with self._store.reading() as database:
            return notices.see(database, self._me, clock.now(), numbers)

    def seen_all(self) -> int:
        """Mark every notice of one's own as seen; gives how many were not before."""
        with self._store.reading() as database:
            return notices.see(database, self._me, clock.now())

    def seen_ticket(self, ticket: int) -> int:
        """Mark one's notices about a ticket as seen; gives how many. Writes only where some are."""
        with self._store.reading() as database:
            unseen = notices.unseen_of(database, self._me, ticket)
            return notices.see(database, self._me, clock.now(), unseen) if unseen else 0


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
