"""Remote sessions: which commands are offered for a device, and what is said of one (A8)."""

from typing import NamedTuple

from deskterm.domain.errors import UsageError


class RemoteRow(NamedTuple):
    """A command of the desk's own, as it is kept."""

    id: int
    name: str
    run: str
    kind: str
    os: str


class Session(NamedTuple):
    """A command that can be run for a ticket's device now."""

    name: str
    argv: tuple[str, ...]
    shown: str
    """As it can be read, and typed into a shell without harm."""
    device: str


def began(session: Session) -> str:
    """Say on the ticket that a session begins."""
    device = session.device or "no device"
    return f"Remote session to {device} began: {session.name}.\n$ {session.shown}"


def ended(session: Session, code: int, seconds: float) -> str:
    """Say on the ticket how a session ended, and how long it took."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    how = "ended" if code == 0 else f"ended with exit code {code}"
    return f"Remote session {session.name} {how} after {minutes}:{rest:02}."


def named(sessions: "list[Session]", name: str) -> Session:
    """Give the session of that name, or the only one; raises UsageError."""
    wanted = name.strip().casefold()
    fitting = [one for one in sessions if not wanted or one.name.casefold() == wanted]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(one.name for one in sessions)
    raise UsageError(f"which session? Name one of: {known} (--with).")
