"""`deskterm demo`: a lifelike company to try everything on."""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

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
) -> None:
    """Fill a throw-away database, or --db where it is empty, with a company and open the board.

    The throw-away database is deleted when the board is left; with --no-board it stays, and its
    URL is printed. No letter is written to anybody.
    """
    own = flags.db
    folder = None if own else Path(tempfile.mkdtemp(prefix="deskterm-demo-"))
    if folder is not None:
        flags.db = f"sqlite:///{folder / 'demo.sqlite'}"
    _keep_letters_here(folder)
    try:
        _fill(tickets, seed)
        if not no_board:
            open_board()
            _remove(folder)
    except BaseException:
        _remove(folder)
        raise
    if no_board:
        output.text(str(flags.db))


def _keep_letters_here(folder: Path | None) -> None:
    """What is answered while playing goes to no mail server, and into no real Maildir."""
    os.environ["DESKTERM_SMTP_HOST"] = ""
    if folder is not None:
        os.environ["DESKTERM_OUTGOING"] = str(folder / "letters")


def _fill(tickets: int, seed: int) -> None:
    from deskterm.demo.load import load

    _make_schema(flags.settings().database_url)
    bar = Bar("Telling a year of tickets", tickets)
    with opened() as desk:
        load(desk.store, desk.me, clock.now(), tickets=tickets, seed=seed, told=bar.show)
    bar.end()
    if sys.stderr.isatty():
        say("The demo is ready. Nothing in it is real, and no letter is sent.")


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
