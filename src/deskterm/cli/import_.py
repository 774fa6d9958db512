"""`deskterm import …`: tickets from elsewhere, or a whole exported desk."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, asking, changing, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.progress import Bar
from deskterm.cli.session import flags, opened
from deskterm.domain.errors import UsageError

if TYPE_CHECKING:
    from deskterm.services.importing import Imported

noun = Noun("import", "Bring tickets, or a whole desk, from elsewhere.")
_SOURCES = "zendesk, freshdesk, jira, osticket, zammad, glpi, rt, github, otrs, jsonl or csv."


@noun.verb("from", "deskterm import from zendesk old-desk --dry-run")
@changing
def from_(
    call: Call,
    source: Annotated[str, Argument(metavar="SOURCE", help=_SOURCES)],
    path: Annotated[Path, Argument(metavar="PATH", help="A file, or a folder of files.")],
    map_: Annotated[
        Path | None, Option("--map", metavar="FILE", help="TOML: what means what.")
    ] = None,
    write_map: Annotated[
        Path | None,
        Option("--write-map", metavar="FILE", help="With --dry-run: a map to edit."),
    ] = None,
    resume: Annotated[
        bool, Option("--resume", help="Go on under the operation of the last run.")
    ] = False,
) -> int:
    """Bring tickets, words, files, people, owners and states from another help desk.

    --dry-run prints what will arrive, what is left out, what is guessed, and a map to edit. Then it
    runs, a thousand tickets at a time: what breaks off goes on when it is started again, a ticket
    that is here comes no second time, and one `deskterm undo` takes it all back. No letters are
    written. docs/import.md says how to get the files out of each desk.
    """
    from deskterm.cli import import_told

    bar = Bar("Reading tickets" if call.dry_run else "Importing tickets", 0)
    with opened() as desk:
        if call.dry_run:
            done = desk.importing.look(source, path, map_, told=bar.show)
        else:
            try:
                done = desk.importing.desk(
                    source, path, mapping=map_, resume=resume, told=bar.show, op_id=call.op
                )
            except KeyboardInterrupt:
                bar.end()
                say("It broke off. What came is kept; the same with --resume brings the rest.")
                raise
    bar.end()
    if call.dry_run:
        import_told.looked(done, call.output)
        if write_map is not None:
            _write_map(write_map, done.mapping)
        return 1 if done.failed else 0
    if done.tickets or done.changed:
        what = "what came now" if done.already and not resume else "it all"
        say(f"`deskterm undo {done.operation_id}` takes {what} back.")
    return _report(done, call)


def _write_map(file: Path, text: str) -> None:
    from deskterm import disk

    try:
        disk.write(file, text.encode())
    except FileExistsError:
        raise UsageError(f"{file} is there already: name a new file.") from None
    except OSError as error:
        raise UsageError(f"{file}: cannot be written ({error.strerror}).") from error
    say(f"A map to edit is in {file}.")


@noun.verb("tickets", "deskterm import tickets old.csv --map columns.toml")
@changing
def tickets(
    call: Call,
    file: Annotated[Path, Argument(metavar="FILE", help=".jsonl, or .csv with --map.")],
    map_: Annotated[
        Path | None, Option("--map", metavar="FILE", help="TOML: which column is what.")
    ] = None,
    events: Annotated[
        Path | None, Option(metavar="FILE", help="JSON lines: {ticket, at, event, by, …}.")
    ] = None,
    source: Annotated[
        str, Option(metavar="NAME", help="Put before every id: two trackers never clash.")
    ] = "",
    keep_going: Annotated[
        bool, Option("--keep-going", help="Leave bad lines out, name each, exit 1.")
    ] = False,
) -> int:
    """Import tickets as history: no letters, no closing gate; all of the file or nothing.

    JSON lines hold {id, title, body, requester, opened, closed?, status?, owner?, group?,
    category?, urgency?, entries?, watchers?, tags?, links?, files?, resolution?, duplicate_of? …};
    other keys become fields. A mapping says [columns] "Short text" = "title" and, if needed,
    [values.urgency] "1 - High" = "high", delimiter, encoding, time (as in strptime), zone, html.
    """
    bar = Bar("Reading tickets", 0)
    with opened() as desk:
        done = desk.importing.tickets(
            file,
            mapping=map_,
            history=events,
            prefix=source,
            keep_going=keep_going,
            told=bar.show,
            how=asking(call),
        )
    bar.end()
    return _report(done, call)


@noun.verb("desk", "deskterm import desk desk-2026-11")
@reading
def desk_(
    call: Call,
    folder: Annotated[Path, Argument(metavar="FOLDER")],
    passphrase_file: Annotated[
        Path | None, Option(metavar="FILE", help="Its first line opens the secrets.")
    ] = None,
    without_secrets: Annotated[
        bool, Option("--without-secrets", help="Leave them, though the export has them.")
    ] = False,
) -> None:
    """Fill a new or empty desk from what `deskterm export` wrote, all of it or nothing.

    Where there is no desk yet one is made. Counts, checksums and the desk's own promises are
    checked. It goes from SQLite to PostgreSQL and back. Where the export carries its secrets their
    passphrase is asked for; without them reply addresses and links in old letters are dead.
    """
    from deskterm import known
    from deskterm.bootstrap import open_store
    from deskterm.cli import passphrase
    from deskterm.cli.db import migrate_desk
    from deskterm.cli.export import DEAD
    from deskterm.services import exporting

    sealed = exporting.carries_secrets(folder) and not without_secrets
    words = passphrase.asked(passphrase_file) if sealed else None
    exporting.check(folder, words)
    bar = Bar("Reading", 0)
    settings = flags.settings()
    if exporting.is_nowhere(settings.database_url):
        migrate_desk(new=True, empty=True)
    store = open_store(settings)
    try:
        counts = exporting.restore(
            store, folder, told=lambda _, rows: bar.show(rows), passphrase=words
        )
    finally:
        store.close()
    known.remember(settings, on_purpose=True)
    bar.end()
    if words is None:
        say(f"The secrets did not come along: {DEAD}.")
    rows = [{"table": name, "rows": rows} for name, rows in counts.items()]
    output.many(rows, ("table", "rows"), call.output)


def _report(done: "Imported", call: Call) -> int:
    from deskterm.cli import import_told

    if done.repeated:
        say("It was done before; nothing was done again.")
        return 0
    if output.chosen(call.output) in ("json", "jsonl"):
        output.one(import_told.as_values(done), call.output)
    else:
        names = ("tickets", "events", "already", "people", "categories", "links")
        output.many([done._asdict()], names, call.output)
    import_told.warned(done)
    if done.dry:
        say("Nothing was kept: this was a dry run.")
    return 1 if done.failed else 0
