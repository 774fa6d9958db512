"""What a technician wants to be told of and how, and focus time: the door closed (C5)."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from deskterm.domain import clock
from deskterm.domain.address import normal_address
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.news import Kind
from deskterm.domain.notice_rows import BY_MAIL, Focus, Wishes
from deskterm.domain.rows import Done
from deskterm.domain.text import header_safe, storable
from deskterm.domain.vocabulary import Event
from deskterm.storage.held_row import HeldNames
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
    """Use cases on one's own wishes and focus time; each write takes `op_id` and `dry`."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def show(self) -> Wishes:
        """Give one's own wishes, and focus time where it is on."""
        me = self._desk.me
        with self._desk.store.reading() as database:
            began = focus(database, me)
            during = began if began is not None and began.on(clock.now()) else None
            return wishes(database, me, during)

    def set(self, values: dict[str, str], **how: Any) -> Wishes:
        """Set name, email, notify (kinds with commas between, or `default`) or mail."""
        wanted = {name: _read(name, value) for name, value in values.items()}
        with self._desk.work("me set", **how) as work:
            _write(work, self._desk.me, wanted)
        return self.show()

    def wish(self, values: dict[str, str], op_id: str | None) -> Done:
        """Set wishes as an order of a screen."""
        return self._change("me set", {n: _read(n, v) for n, v in values.items()}, op_id)

    def begin(self, until: str, reason: str = "", **how: Any) -> Done:
        """Begin focus time, or change its end: `1h`, `90m`, `15:30`. Raises UsageError."""
        now = clock.now()
        with self._desk.store.reading() as database:
            end = later(until, now, desk_zone(database))
        if end - now > LONGEST:
            raise UsageError(f"focus time is at most {LONGEST.seconds // 3600} hours, e.g. 1h.")
        values = {"focus_from": now, "focus_until": end, "focus_reason": header_safe(reason)[:200]}
        return self._focus(values, **how)

    def end(self, **how: Any) -> Done:
        """End focus time now; raises RefusedError where it is not on."""
        if self.show().focus is None:
            raise RefusedError("it is not focus time: nothing to end.")
        return self._focus({"focus_until": clock.now()}, **how)

    def focus(self) -> Focus | None:
        """Give one's own focus time where it is on."""
        return self.show().focus

    def _focus(self, values: dict[str, Any], **how: Any) -> Done:
        return self._change("focus", values, **how)

    def _change(
        self, kind: str, values: dict[str, Any], op_id: str | None = None, *, dry: bool = False
    ) -> Done:
        from deskterm.services.tickets.operation import done
        from deskterm.storage.work import RepeatedError

        try:
            with self._desk.work(kind, op_id, dry=dry) as work:
                _write(work, self._desk.me, values)
        except RepeatedError as repeated:
            return Done(repeated.operation_id, kind, (), repeated=True)
        return done(kind, work, (), [])


def _read(name: str, text: str) -> str | None:
    if name not in _WISHES:
        raise UsageError(f"there is no {name!r} to set; use {', '.join(_WISHES)}.")
    if name == "email":
        return normal_address(text) if text else ""
    if name == "mail":
        if text not in BY_MAIL:
            raise UsageError(f"mail {text[:40]!r}? Use {', '.join(BY_MAIL)}.")
        return text
    return _kinds(text) if name == "notify" else header_safe(storable(text))


def _kinds(text: str) -> str | None:
    """Give the kinds as stored; None for the default."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if names == ["default"]:
        return None
    names = [] if names == ["none"] else names
    odd = next((name for name in names if name not in tuple(Kind)), None)
    if odd is not None:
        raise UsageError(
            f"there is no notice {odd[:40]!r}; use {', '.join(Kind)}, or default or none."
        )
    return ",".join(kind for kind in Kind if kind in names)


def _write(work: "Work", login: str, values: dict[str, Any]) -> None:
    """Write columns of a technician with one ledger entry; the keys name whose they are."""
    technicians = HeldNames(work, "technician")
    technicians.row(login).set(**values)
    technicians.write(Event.EDITED, login)
