"""`deskterm` without arguments: the board, or, without a terminal, the board as text."""

import gc
import sys
import typing
from collections.abc import Callable
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
    _load_textual()
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


def _load_textual() -> None:
    """Load Textual without what it names and the board does not use, a tenth of its loading.

    Whoever uses it later runs its file then: trees and selects that `textual.types` names, the
    palette, where downloads go, how files are guessed at.
    """
    if "textual" in sys.modules:
        return
    from deskterm.storage.putting_off import put_off

    typed = {name: getattr(typing, name) for name in _TYPING}
    functions = {module: {name: _Later(module, name)} for module, name in _FUNCTIONS.items()}
    with put_off(_UNUSED, {**functions, "typing_extensions": typed}):
        kinds = import_module("textual._types")
        palette = "textual.command"
        inner: dict[str, dict[str, object]] = {
            palette: {name: _Later(palette, name) for name in _PALETTE},
            "textual.types": {"IgnoreReturnCallbackType": kinds.IgnoreReturnCallbackType},
        }
        inner[palette]["Provider"] = type("Provider", (), {})  # base of one that nobody opens
        with put_off(inner, inner):
            import_module("textual.app")
            for named in ("textual.drivers.linux_driver", "textual.widgets._input"):
                import_module(named)  # for they name `typing_extensions` as well


_FUNCTIONS = {
    "difflib": "get_close_matches",
    "platformdirs": "user_downloads_path",
    "rich.table": "Table",
    "uuid": "uuid4",
}
"""What is only called, and seldom."""
_PALETTE = ("CommandListItem", "CommandPalette", "DiscoveryHit", "Hit", "Hits", "SimpleProvider")
_TYPING = (
    *("Final", "Literal", "ParamSpec", "Protocol", "Self", "TypeAlias", "TypedDict"),
    *("TypeGuard", "get_args", "runtime_checkable"),
)
"""What `typing` has as well."""
_UNUSED = (*_FUNCTIONS, "mimetypes", "typing_extensions")


class _Later:
    """Stands for a function or class of a module that is loaded at its first use."""

    def __init__(self, module: str, name: str) -> None:
        self._named = module, name

    def __call__(self, *args: object, **given: object) -> object:
        """Call it."""
        return self._found()(*args, **given)

    def __getattr__(self, name: str) -> object:
        """Give what is asked of it."""
        return getattr(self._found(), name)

    def _found(self) -> Callable[..., object]:
        module, name = self._named
        found: Callable[..., object] = getattr(import_module(module), name)
        return found


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
