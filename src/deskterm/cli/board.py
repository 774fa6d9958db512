"""`deskterm` without arguments: the board, or, without a terminal, the board as text."""

import gc
import sys
from importlib import import_module

from deskterm.cli import output
from deskterm.cli.session import flags, opened

_LINES = 50


def start() -> int:
    """Open the board for the bare command and give the exit code; errors as every command's."""
    try:
        open_board()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the edge: `guarded` tells it
        from deskterm.cli.errors import guarded

        failure = error

        def again() -> None:
            raise failure

        return guarded(again)
    return 0


def open_board() -> None:
    """Open the app on the board; on a pipe print the open tickets and end."""
    settings = flags.settings()
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print_board()
        return
    if settings["plain"]:
        from deskterm.cli.plain import plain_board

        plain_board()
        return
    gc.disable()  # until the app has drawn for the first time: all that is loaded stays
    _load_asyncio()
    from deskterm.app import DeskApp
    from deskterm.bootstrap import open_desk

    app = DeskApp(lambda: open_desk(settings), settings)
    try:
        app.run()
    finally:
        app.close_desk()
    if app.failure is not None:
        raise app.failure


def _load_asyncio() -> None:
    """Load asyncio as where Python has no TLS: the app connects to nobody by it.

    Loading `ssl` takes a thirtieth of the start; mail, which has its own connections, loads it.
    """
    if not {"asyncio", "ssl"} & sys.modules.keys():
        sys.modules["ssl"] = None  # type: ignore[assignment]  # an import of it is an ImportError
        try:
            import_module("asyncio")
        finally:
            del sys.modules["ssl"]


def print_board() -> None:
    """Print the open tickets, what needs doing first on top."""
    from deskterm.cli.errors import say
    from deskterm.cli.ticket import COLUMNS, listed

    with opened() as desk:
        rows = desk.board.first_page("is:open", _LINES)
        total = desk.board.count("is:open")
        calls = desk.board.call_backs(due=True)
    for one in calls[:10]:
        say(f"Call back: #{one.ticket_id} {one.requester} {one.phone} · {one.owner} · {one.note}")
    if not rows:
        output.text("No open tickets. `deskterm ticket new --from WHO --subject S` opens one,")
        output.text("`deskterm mail import PATH` brings mail, `deskterm demo` shows a full desk.")
        return
    output.many(listed(rows), COLUMNS, None)
    if total > len(rows) and sys.stdout.isatty():
        output.text(f"{len(rows)} of {total}")
