"""A remote session by key: shown, confirmed, run in this terminal, told on the ticket (A8)."""

import subprocess
from time import monotonic
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from deskterm.domain.remote import began, ended
from deskterm.domain.verbs import Note
from deskterm.screens.order import OnTickets, Order
from deskterm.screens.work import look_up
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from deskterm.domain.remote import Session
    from deskterm.domain.rows import Done
    from deskterm.screens.flows.owner import Owner, TicketOwner


def remote(owner: "TicketOwner") -> None:
    """Ask which session, show its command, and run it when somebody agrees."""
    number = owner.targets().ids[0]
    begin(owner, number)


def begin(owner: "Owner", number: int) -> None:
    """Offer the sessions to the device of a ticket."""

    def offer(found: "list[Session]") -> None:
        from deskterm.screens.dialogs.ask import PickDialog

        by_name = {one.name: one for one in found}
        picks = [Pick(one.name, f"{one.name}   {one.shown}") for one in found]
        if len(found) == 1:
            _ask(owner, number, found[0])
            return
        owner.app.push_screen(
            PickDialog("Remote session", picks),
            lambda name: _ask(owner, number, by_name[name]) if name else None,
        )

    look_up(owner, lambda desk: desk.remote.fitting(number), offer, "remote")


def _ask(owner: "Owner", number: int, session: "Session") -> None:
    from deskterm.screens.dialogs.ask import AskDialog

    def agreed(yes: bool | None) -> None:
        if yes:
            asked = OnTickets((number,), Note(began(session)))
            owner.desk_app.write(
                Order(
                    "Session began on", asked, None, lambda done: _run(owner, number, session, done)
                )
            )

    question = (
        f"Run this here, on your machine? Start and end stand on #{number}.\n\n$ {session.shown}"
    )
    owner.app.push_screen(AskDialog(f"Remote session: {session.name}", question), agreed)


def _run(owner: "Owner", number: int, session: "Session", done: "Done") -> None:
    """Lend the terminal to the session; how it ended stands on the ticket."""
    del done
    start = monotonic()
    try:
        with owner.app.suspend():
            code = subprocess.run(session.argv, check=False).returncode
    except SuspendNotSupported:
        owner.desk_app.say("This terminal cannot be lent to a session.", "error")
        code = 126
    except OSError as error:
        owner.desk_app.say(f"{session.argv[0]} did not start: {error.strerror}.", "error")
        code = 127
    words = ended(session, code, monotonic() - start)
    owner.desk_app.write(Order("Session ended on", OnTickets((number,), Note(words))))
