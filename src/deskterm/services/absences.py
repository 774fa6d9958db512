"""Who is off, until when, and who stands in (C7): recorded as operations, undoable."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from deskterm.domain import clock
from deskterm.domain.clock import to_text
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError, UsageError
from deskterm.domain.promised_rows import AbsenceRow, LoadRow
from deskterm.domain.text import header_safe, storable
from deskterm.domain.vocabulary import Event
from deskterm.storage.driver import moment
from deskterm.storage.names import login_of
from deskterm.storage.reads import promised, records
from deskterm.storage.reads.asked import desk_zone
from deskterm.triage.moments import later

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk
    from deskterm.storage.work import Work

_FIELDS = ("login", "from_at", "until_at", "deputy", "reason")


class Absences:
    """Use cases on absences, and the workload they explain; each write takes `op_id` and `dry`."""

    def __init__(self, desk: "Desk") -> None:
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
            row = work.spine.one(
                "INSERT INTO absence (login, from_at, until_at, deputy, reason) VALUES "
                "(:login, :from_at, :until_at, :deputy, :reason) RETURNING id",
                **values,
            )
            number = int(row["id"])  # type: ignore[index]  # RETURNING always gives the row
            changes = {name: (None, _plain(value)) for name, value in values.items() if value}
            work.record(("absence", number), Event.EDITED, changes=changes)
        return AbsenceRow(number, **values)  # type: ignore[arg-type]  # named as the columns

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
            work.spine.run("UPDATE absence SET until_at = :at WHERE id = :id", at=end, id=one.id)
            changes = {"until_at": (to_text(one.until_at), to_text(end))}
            work.record(("absence", one.id), Event.EDITED, changes=changes)
        return one._replace(until_at=end)

    def list(self) -> list[AbsenceRow]:
        """Give absences that last or come, the earliest first."""
        with self._desk.store.reading() as database:
            return promised.absences(database, clock.now())


def undo(work: "Work", number: int, changes: dict[str, tuple[Any, Any]]) -> None:
    """Put an absence back; raises ConflictError where it was changed since."""
    row = work.spine.one(
        "SELECT login, from_at, until_at, deputy, reason FROM absence WHERE id = :id", id=number
    )
    if row is None:
        raise ConflictError("that absence is gone.")
    now = {name: row[name] for name in ("login", "deputy", "reason")}
    now |= {name: to_text(moment(row[name])) for name in ("from_at", "until_at")}
    for name, (_, after) in changes.items():
        if name not in _FIELDS:
            raise RefusedError("that change to an absence cannot be undone here.")
        if now[name] != after:
            raise ConflictError(f"{name} of that absence was changed since; change it by hand.")
    if "login" in changes:
        work.spine.run("DELETE FROM absence WHERE id = :id", id=number)
        return
    before = changes["until_at"][0]
    work.spine.run("UPDATE absence SET until_at = :at WHERE id = :id", at=moment(before), id=number)


def _plain(value: Any) -> Any:
    return to_text(value) if isinstance(value, datetime) else value
