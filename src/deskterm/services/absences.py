"""Who is off, until when, and who stands in (C7): recorded as operations, undoable."""

from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.in_hand import AbsenceRow, LoadRow
from deskterm.domain.rows import Done
from deskterm.services.records import Records
from deskterm.storage.reads import in_hand, records
from deskterm.storage.reads.asked import desk_zone

if TYPE_CHECKING:
    from deskterm.services.acting import Acting


class Absences:
    """Use cases on absences, and the workload they explain; an absence is a record."""

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
            return in_hand.workload(database, now, names)

    def add(
        self,
        until: str,
        *,
        login: str | None = None,
        start: str = "",
        deputy: str = "",
        reason: str = "",
        how: How = NOW,
    ) -> Done:
        """Record that somebody is off, oneself by default; `start` empty is now.

        Raises UsageError where it ends before it begins or somebody stands in for themselves.
        """
        values = {"from": start, "until": until, "deputy": deputy, "reason": reason}
        return Records(self._desk).add("absence", login or self._desk.me, values, how)

    def visits(self, login: str | None, until: str, start: str = "") -> str:
        """Say which visits of somebody would lie in an absence; empty: none. Raises UsageError."""
        from deskterm.services.visits import covered_words
        from deskterm.triage.spans import later

        now = clock.now()
        with self._desk.store.reading() as database:
            zone = desk_zone(database)
            begin = now if start.strip() in ("", "now") else later(start, now, zone)
            whose = self._desk.me if login in (None, "", "me") else login
            return covered_words(database, str(whose), begin, later(until, now, zone))

    def end(self, which: str | None = None, how: How = NOW) -> Done:
        """End an absence now, by its number or login, one's own by default.

        One that has not begun never will. Raises NotFoundError.
        """
        wanted = which or self._desk.me
        return Records(self._desk).set("absence", wanted, {"until": "now"}, how)

    def list(self) -> list[AbsenceRow]:
        """Give absences that last or come, the earliest first."""
        with self._desk.store.reading() as database:
            return in_hand.absences(database, clock.now())
