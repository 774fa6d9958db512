"""`deskterm demo`: a lifelike company to try everything on."""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

from deskterm import paths
from deskterm.cli import output
from deskterm.cli.board import open_board
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Option
from deskterm.cli.progress import Bar
from deskterm.cli.session import flags, opened
from deskterm.domain import clock

noun = Noun("demo", "Open a lifelike company to try everything on.")


@noun.verb("", "deskterm demo --no-board --tickets 100000")
def demo(
    no_board: Annotated[
        bool, Option("--no-board", help="Fill the database, print its URL, and end.")
    ] = False,
    tickets: Annotated[
        int, Option(min=1, max=5_000_000, help="How many tickets the year had.")
    ] = 3000,
    seed: Annotated[int, Option(help="Another seed, another year.")] = 1,
    web: Annotated[
        bool, Option("--web", help="Open its web face at 127.0.0.1:8080 instead of the board.")
    ] = False,
) -> None:
    """Fill a throw-away database, or --db where it is empty, with a company and open the board.

    The throw-away database is deleted when the board or the web face is left; with --no-board it
    stays, and its URL is printed. No letter leaves the machine: they stay in a folder of its own.
    """
    own = flags.db
    folder = None if own else Path(tempfile.mkdtemp(prefix="deskterm-demo-"))
    if folder is not None:
        flags.db = f"sqlite:///{folder / 'demo.sqlite'}"
    try:
        _fill(tickets, seed, letters_of(str(flags.db)))
        if web:
            from deskterm.cli.web import show_demo

            show_demo("127.0.0.1:8080")
        elif not no_board:
            open_board()
        if web or not no_board:
            _remove(folder)
    except BaseException:
        _remove(folder)
        raise
    if no_board and not web:
        output.text(str(flags.db))


def letters_of(url: str) -> Path:
    """Give the Maildir of a demo desk: beside its file, or in the data folder for a server's."""
    if url.startswith("sqlite:///"):
        file = Path(url.removeprefix("sqlite:///")).absolute()
        return file.with_name(f"{file.stem}-letters")
    return paths.data_folder() / "demo-letters"


def _fill(tickets: int, seed: int, letters: Path) -> None:
    from deskterm.demo.lively import enliven
    from deskterm.demo.load import load

    _make_schema(flags.settings().database_url)
    bar = Bar("Telling a year of tickets", tickets)
    with opened() as desk:
        now = clock.now()
        load(desk.store, desk.me, now, tickets=tickets, seed=seed, told=bar.show)
        enliven(desk, now, letters)
    bar.end()
    if sys.stderr.isatty():
        say(f"The demo is ready. Nothing in it is real; its letters stay in {letters}.")


def _make_schema(url: str) -> None:
    """An empty PostgreSQL is as good as a new file: the demo is asked for by name."""
    from deskterm.storage import migrate, schema
    from deskterm.storage.driver import connect

    database = connect(url, new=True)
    try:
        if schema.revision(database) is None:
            migrate.upgrade(database)
    finally:
        database.close()


def _remove(folder: Path | None) -> None:
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
