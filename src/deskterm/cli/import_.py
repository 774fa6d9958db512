"""`deskterm import …`: tickets from elsewhere, or a whole exported desk."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deskterm.cli import output
from deskterm.cli.change import Call, changing, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.progress import Bar
from deskterm.cli.session import flags, opened

if TYPE_CHECKING:
    from deskterm.services.importing import Imported

noun = Noun("import", "Bring tickets, or a whole desk, from elsewhere.")
_SHOWN = 20


@noun.verb("tickets", "deskterm import tickets old.csv --map columns.toml")
@changing
def tickets(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=".jsonl, or .csv with --map.")],
    map_: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="TOML: which column is what.")
    ] = None,
    events: Annotated[
        Path | None, typer.Option(metavar="FILE", help="JSON lines: {ticket, at, event, by, …}.")
    ] = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Leave bad lines out, name each, exit 1.")
    ] = False,
) -> int:
    """Import tickets as history: no letters, no closing gate; all of the file or nothing.

    JSON lines hold {id, title, body, requester, opened, closed?, category?, urgency?, type?,
    version?, outcome?, resolution?, duplicate_of?}; other keys become fields. A mapping says
    [columns] "Short text" = "title" and, if needed, [values.urgency] "1 - High" = "high",
    delimiter, encoding, time (as in strptime) and zone.
    """
    bar = Bar("Reading tickets", 0)
    with opened() as desk:
        done = desk.importing.tickets(
            file,
            mapping=map_,
            history=events,
            keep_going=keep_going,
            told=bar.show,
            op_id=call["op"],
            dry=call["dry_run"],
        )
    bar.end()
    return _report(done, call)


@noun.verb("desk", "deskterm import desk desk-2026-11")
@reading
def desk_(call: Call, folder: Annotated[Path, typer.Argument(metavar="FOLDER")]) -> None:
    """Fill an empty desk from what `deskterm export` wrote, all of it or nothing.

    `db init --empty` makes one. Counts, checksums and the desk's own promises are checked. It goes
    from SQLite to PostgreSQL and back.
    """
    from deskterm import known
    from deskterm.bootstrap import open_store
    from deskterm.services import exporting

    bar = Bar("Reading", 0)
    settings = flags.settings()
    store = open_store(settings)
    try:
        counts = exporting.restore(store, folder, told=lambda _, rows: bar.show(rows))
    finally:
        store.close()
    known.remember(settings, on_purpose=True)
    bar.end()
    rows = [{"table": name, "rows": rows} for name, rows in counts.items()]
    output.many(rows, ("table", "rows"), call["output_"])


def _report(done: "Imported", call: Call) -> int:
    if done.repeated:
        say("It was done before; nothing was done again.")
        return 0
    counts = done._asdict()
    lists = {name: counts.pop(name) for name in ("flags", "failed")}
    if output.chosen(call["output_"]) in ("json", "jsonl"):
        output.one(counts | {name: list(found) for name, found in lists.items()}, call["output_"])
    else:
        names = ("tickets", "events", "already", "people", "categories", "links")
        output.many([counts], names, call["output_"])
    for sentence in done.failed:
        say(f"deskterm: {sentence}")
    for sentence in done.flags[:_SHOWN]:
        say(sentence)
    if len(done.flags) > _SHOWN:
        say(f"… and {len(done.flags) - _SHOWN} more like these.")
    if done.dry:
        say("Nothing was kept: this was a dry run.")
    return 1 if done.failed else 0
