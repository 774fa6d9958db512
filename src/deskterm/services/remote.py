"""Remote sessions to a ticket's device: offered by its kind and system, told on the ticket (A8).

What comes from the desk's data is one argument each, a plain name, number or address, and can never
become an option; no shell reads any of it.
"""

import shlex

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.remote import RemoteRow, Session, began, ended
from deskterm.domain.rows import Done, TicketView
from deskterm.domain.verbs import Note
from deskterm.guides.command import filled, remarks, shown
from deskterm.guides.facts import placeholders
from deskterm.services.guides.sources import sources_of
from deskterm.services.tickets.operation import Tickets
from deskterm.storage.reads.means import commands
from deskterm.triage.problem_fit import covers

PLACES = ("device", "address", "person")
"""What may stand in a command, in braces."""
_MAY = frozenset({"ssh"})
_RUNS_HERE = pattern(r"(?i)(?:proxy|local|knownhosts)command|proxyuse|permitlocal")
"""Options of ssh that run a program on this machine."""
_ADDRESSES = ("address", "ip", "host", "hostname")
"""Facts of a device that say where it is; else its name does."""


def arguments_of(run: str) -> tuple[str, ...]:
    """Give a command as an argument list; raises UsageError saying what is wrong with it."""
    try:
        argv = tuple(shlex.split(run))
    except ValueError as error:
        raise UsageError(f"{run[:80]!r} cannot be read: {error}.") from None
    found = remarks(argv, _MAY)
    odd = [one for part in argv for one in placeholders(part) if one not in PLACES]
    if odd:
        found.append(f"{{{odd[0]}}} is none of {', '.join(f'{{{one}}}' for one in PLACES)}")
    if any(_RUNS_HERE.search(part.replace(" ", "")) for part in argv):
        found.append("an option in it would run a program on this machine")
    if found:
        raise UsageError(f"{run[:80]!r}: {found[0]}.")
    return argv


class Remote:
    """The sessions that fit a ticket, and what the ticket is told of one."""

    def __init__(self, tickets: Tickets) -> None:
        self._tickets = tickets

    def fitting(self, ticket: int) -> list[Session]:
        """Give the sessions to the device of a ticket, by name.

        Raises RefusedError where none fits, or where what is known may not stand in a command.
        """
        view = self._tickets.show(ticket)
        with self._tickets.store.reading() as database:
            known = sources_of(database, view)
            rows = [row for row in commands(database) if _fits(row, known)]
        if not rows:
            device = known.get("device.name", "") or "no device"
            raise RefusedError(
                f"no session fits {device}: `deskterm remote add NAME --run 'ssh {{address}}'`."
            )
        return [_session(row, known, view) for row in rows]

    def began(self, ticket: int, session: Session, how: How = NOW) -> Done:
        """Say on the ticket that a session begins."""
        return self._tickets.do([ticket], Note(began(session)), how)

    def ended(
        self, ticket: int, session: Session, code: int, seconds: float, how: How = NOW
    ) -> Done:
        """Say on the ticket how it ended."""
        return self._tickets.do([ticket], Note(ended(session, code, seconds)), how)


def _fits(row: RemoteRow, known: dict[str, str]) -> bool:
    kind = known.get("device.kind", "")
    system = f"{known.get('device.os', '')} {known.get('device.os_version', '')}".strip()
    return all(
        not wanted or covers(wanted, value)
        for wanted, value in ((row.kind, kind), (row.os, system))
    )


def _session(row: RemoteRow, known: dict[str, str], view: TicketView) -> Session:
    device = known.get("device.name", "")
    where = (known.get(f"device.{name}", "") for name in _ADDRESSES)
    values = {
        "device": device,
        "address": next(filter(None, where), device),
        "person": view.requester.name if view.requester else "",
    }
    argv = filled(arguments_of(row.run), values)
    return Session(row.name, tuple(argv), shown(argv), device)
