"""`deskterm export`: everything the desk holds, as JSON lines."""

from pathlib import Path
from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.progress import Bar
from deskterm.cli.session import opened

DEAD = "reply addresses and links in letters that left before will not work in the new desk"
noun = Noun("export", "Write everything to a folder.")


@noun.verb("", "deskterm export desk-2026-11")
@reading
def export_(
    call: Call,
    folder: Annotated[Path, Argument(metavar="FOLDER")],
    with_secrets: Annotated[
        bool, Option("--with-secrets", help="Take them along, under a passphrase.")
    ] = False,
    passphrase_file: Annotated[
        Path | None, Option(metavar="FILE", help="Its first line is the passphrase.")
    ] = None,
) -> None:
    """Write every table as JSON lines into a new folder, from one moment.

    `deskterm --db URL import desk FOLDER` brings it into a new desk, on either database. The
    secrets that sign letters stay here unless --with-secrets seals them with a passphrase.
    Without them every reply address and link in letters that left before is dead in the new desk;
    an answer then finds its ticket only by the letter that it answers.
    """
    from deskterm.cli import passphrase
    from deskterm.services import exporting

    words = passphrase.asked(passphrase_file, twice=True) if with_secrets else None
    bar = Bar("Writing", 0)
    with opened() as desk:
        counts = exporting.export(
            desk.store, folder, told=lambda _, rows: bar.show(rows), passphrase=words
        )
    bar.end()
    if words is None:
        say(f"The secrets stayed here (--with-secrets seals them): {DEAD}.")
    rows = [{"table": name, "rows": rows} for name, rows in counts.items()]
    output.many(rows, ("table", "rows"), call.output)
