"""Who is off, until when, and who stands in (C7): recorded as operations, undoable."""

from typing import TYPE_CHECKING, Any

from deskterm.domain import clock
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.domain.promised_rows import AbsenceRow, LoadRow
from deskterm.domain.text import header_safe, storable
from deskterm.domain.vocabulary import Event
from deskterm.storage.held_row import HeldRow
from deskterm.storage.names import login_of
from deskterm.storage.reads import promised, records
from deskterm.storage.reads.asked import desk_zone
from deskterm.triage.spans import later

if TYPE_CHECKING:
    from deskterm.services.acting import Acting


class Absences:
    """Use cases on absences, and the workload they explain; each write takes `op_id` and `dry`."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def workload(self) -> list[LoadRow]:
        """Give who has what in hand, by login; nobody's tickets first."""
        now = clock.now()
        with self._desk.store.reading() as database, database.snapshot():
            names = [
                (one.login, one.name, one.groups)
                for one in records.technicians(database, now)
                if one.active
            ]
            return promised.workload(database, now, names)

    def add(
        self,
        until: str,
        *,
        login: str | None = None,
        start: str = "",
        deputy: str = "",
        reason: str = "",
        **how: Any,
    ) -> AbsenceRow:
        """Record that somebody is off, oneself by default; `start` empty is now.

        Raises UsageError where it ends before it begins or somebody stands in for themselves.
        """
        now = clock.now()
        with self._desk.store.reading() as database:
            zone = desk_zone(database)
            who = login_of(database, login) if login else self._desk.me
            other = login_of(database, deputy) if deputy else None
        begin = later(start, now, zone) if start and start != "now" else now
        end = later(until, now, zone)
        if end <= begin:
            raise UsageError("it ends before it begins: check --from and --until.")
        if other == who:
            raise UsageError(f"{who} cannot stand in for themselves.")
        values = {
            "login": who,
            "from_at": begin,
            "until_at": end,
            "deputy": other,
            "reason": header_safe(storable(reason))[:200],
        }
        with self._desk.work("absence", **how) as work:
            row = HeldRow(work, "absence", None)
            row.set(**values)
            row.write(Event.EDITED)
        return AbsenceRow(row.number, **values)  # type: ignore[arg-type]  # named as the columns

    def end(self, which: str | None = None, **how: Any) -> AbsenceRow:
        """End an absence now, by its number or login, one's own by default.

        One that has not begun never will. Raises NotFoundError.
        """
        now = clock.now()
        wanted = which or self._desk.me
        with self._desk.work("absence", **how) as work:
            found = [
                one
                for one in promised.absences(work.spine, now)
                if wanted in (str(one.id), one.login)
            ]
            if not found:
                raise NotFoundError(f"{wanted[:60]} is not off; see `deskterm absence list`.")
            one = found[0]
            end = max(now, one.from_at)
            row = HeldRow(work, "absence", one.id)
            row.set(until_at=end)
            row.write(Event.EDITED)
        return one._replace(until_at=end)

    def list(self) -> list[AbsenceRow]:
        """Give absences that last or come, the earliest first."""
        with self._desk.store.reading() as database:
            return promised.absences(database, clock.now())
