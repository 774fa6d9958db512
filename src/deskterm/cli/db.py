"""`deskterm db …`: make, look at, upgrade, copy, restore and check the database."""

from pathlib import Path
from typing import Annotated

import typer

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.session import flags, opened
from deskterm.domain.errors import UsageError

noun = Noun("db", "The database: init, status, upgrade, backup, restore, check.")


@noun.verb("init", "deskterm --db postgresql://desk@server/desk db init")
def init() -> None:
    """Make the schema in an empty database; harmless where it is there already."""
    upgrade()


@noun.verb("upgrade", "deskterm db upgrade")
def upgrade() -> None:
    """Bring the schema to this program's version; an SQLite file is copied first."""
    from deskterm.storage import migrate, schema
    from deskterm.storage.driver import connect, shown_url

    url = flags.settings().database_url
    database = connect(url)
    try:
        before = schema.revision(database)
        if before is not None and before not in schema.KNOWN:
            schema.ensure(database)
        after = migrate.upgrade(database)
    finally:
        database.close()
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
    if output.chosen(call["output_"]) in ("json", "jsonl"):
        output.one(facts, call["output_"])
        return
    for name, value in facts.items():
        output.prose(f"{name:<12}{value}")


@noun.verb("backup", "deskterm db backup desk-monday.sqlite")
@reading
def backup_(call: Call, file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Copy the desk to a new file while it runs, and check the copy."""
    from deskterm.storage import backup

    with opened() as desk, desk.store.reading() as database:
        manifest = backup.backup(database, file)
    output.one({"file": str(file), **manifest}, call["output_"] or "json")


@noun.verb("restore", "deskterm --db sqlite:///new.sqlite db restore desk-monday.sqlite")
@reading
def restore(call: Call, file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Put a backup in place where no desk is yet, and compare what it holds."""
    from deskterm.storage import backup

    url = flags.settings().database_url
    if not url.startswith("sqlite:///"):
        raise UsageError("restore fills an SQLite file; for PostgreSQL import an export.")
    manifest = backup.restore(file, Path(url.removeprefix("sqlite:///")))
    output.one({"restored": url, **manifest}, call["output_"] or "json")


@noun.verb("check", "deskterm db check")
def check() -> int:
    """Check that the database is whole; exit code 6 where it is not."""
    from deskterm.storage.soundness import trouble

    with opened() as desk, desk.store.reading() as database:
        found = trouble(database)
    for sentence in found:
        say(f"deskterm: {sentence}")
    if not found:
        say("The database is whole.")
    return 6 if found else 0
