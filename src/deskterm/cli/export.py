"""`deskterm export`: everything the desk holds, as JSON lines."""

from pathlib import Path
from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument
from deskterm.cli.progress import Bar
from deskterm.cli.session import opened

noun = Noun("export", "Write everything to a folder.")


@noun.verb("", "deskterm export desk-2026-11")
@reading
def export_(call: Call, folder: Annotated[Path, Argument(metavar="FOLDER")]) -> None:
    """Write every table as JSON lines into a new folder, from one moment; secrets stay here.

    `deskterm --db URL import desk FOLDER` brings it into an empty desk, on either database; `db
    init --empty` makes one.
    """
    from deskterm.services import exporting

    bar = Bar("Writing", 0)
    with opened() as desk:
        counts = exporting.export(desk.store, folder, told=lambda _, rows: bar.show(rows))
    bar.end()
    rows = [{"table": name, "rows": rows} for name, rows in counts.items()]
    output.many(rows, ("table", "rows"), call.output)
