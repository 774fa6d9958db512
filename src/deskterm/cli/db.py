"""`deskterm db …`: make, look at, upgrade, copy, restore and check the database."""

from pathlib import Path
from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.progress import Bar
from deskterm.cli.session import flags, opened
from deskterm.domain.errors import UsageError

noun = Noun("db", "The database: init, status, upgrade, backup, restore, check.")


@noun.verb("init", "deskterm --db postgresql://desk@server/desk db init")
def init(
    empty: Annotated[
        bool, Option("--empty", help="Without the starter guides: for `import desk`.")
    ] = False,
) -> None:
    """Make a new desk: the SQLite file, or the schema in an empty PostgreSQL database.

    Harmless where it is there already. Nothing else makes a database that --db names.
    """
    migrate_desk(new=True, empty=empty)


@noun.verb("upgrade", "deskterm db upgrade")
def upgrade() -> None:
    """Bring the schema to this program's version; an SQLite file is copied first."""
    migrate_desk(new=False)


def migrate_desk(new: bool, empty: bool = False) -> None:
    """Bring the desk's schema to this program's version, and say so; `new`: make it first."""
    from deskterm import known
    from deskterm.storage import migrate, schema
    from deskterm.storage.driver import connect, shown_url
    from deskterm.storage.store import Store, ensure

    settings = flags.settings()
    url = settings.database_url
    database = connect(url, new=new)
    try:
        before = schema.revision(database)
        if before not in schema.KNOWN and not (new and before is None):
            ensure(database)
        after = migrate.upgrade(database, told=say if before else str)
    finally:
        database.close()
    if not empty and (before is None or database.dialect == "postgresql"):
        from deskterm.services.starters import stock

        store = Store(url)
        stock(store)
        store.close()
    known.remember(settings, on_purpose=True)
    say(f"{shown_url(url)}: schema {after}{' (as before)' if before == after else ''}.")


@noun.verb("status", "deskterm db status -o json")
@reading
def status(call: Call) -> None:
    """Tell which database this is, its schema, and how much it holds."""
    from deskterm.storage import backup, schema
    from deskterm.storage.driver import shown_url
    from deskterm.storage.mailboxes import troubles

    with opened() as desk, desk.store.reading() as database:
        facts = {
            "url": shown_url(desk.store.url),
            "database": database.dialect,
            "schema": schema.revision(database),
            "technician": desk.me,
            **backup.counts(database),
            "mailboxes": troubles(database) or "no trouble",
        }
    if output.chosen(call.output) in ("json", "jsonl"):
        output.one(facts, call.output)
        return
    for name, value in facts.items():
        output.prose(f"{name:<12}{value}")


@noun.verb("backup", "deskterm db backup desk-monday.sqlite")
@reading
def backup_(call: Call, file: Annotated[Path, Argument(metavar="FILE")]) -> None:
    """Copy the desk to a new file while it runs, and check the copy."""
    from deskterm.storage import backup

    with opened() as desk, desk.store.reading() as database:
        manifest = backup.backup(database, file)
    output.one({"file": str(file), **manifest}, call.output or "json")


@noun.verb("restore", "deskterm --db sqlite:///new.sqlite db restore desk-monday.sqlite")
@reading
def restore(call: Call, file: Annotated[Path, Argument(metavar="FILE")]) -> int:
    """Put a backup in place where no desk is yet, and check it there.

    What it holds is compared with its manifest, its ledger with its tickets. A desk that is there
    is never replaced: move its file and its -wal away together first.
    """
    from deskterm import known
    from deskterm.storage import backup
    from deskterm.storage.driver import path_of

    settings = flags.settings()
    url = settings.database_url
    if not url.startswith("sqlite:///"):
        raise UsageError("restore fills an SQLite file; for PostgreSQL import an export.")
    done = backup.restore(file, path_of(url))
    known.remember(settings, on_purpose=True)
    output.one({"restored": url, **done}, call.output or "json")
    for sentence in done["contradictions"]:
        say(f"deskterm: as in the backup: {sentence}.")
    return 6 if done["contradictions"] else 0


@noun.verb("check", "deskterm db check")
def check() -> int:
    """Check that the database is whole; exit code 6 where it is not.

    Every ticket is made again from its ledger and compared with its row; the first differences
    are named.
    """
    from deskterm.storage.soundness import trouble

    bar = Bar("Comparing tickets with the ledger", 0)
    with opened() as desk, desk.store.reading() as database:
        found = trouble(database, bar.show)
    bar.end()
    for sentence in found:
        say(f"deskterm: {sentence}.")
    if not found:
        say("The database is whole, and every ticket is as its ledger tells it.")
    return 6 if found else 0
