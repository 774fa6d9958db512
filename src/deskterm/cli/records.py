"""The verbs that every record noun has: list, show, set, rename, merge, remove, import."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from deskterm import disk
from deskterm.cli import output
from deskterm.cli.change import Call, changing, changing_with, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun, option
from deskterm.cli.record import changed
from deskterm.cli.session import opened
from deskterm.domain.asking import How
from deskterm.domain.errors import UsageError

_SEEN = option("if_version", int | None, None, "--if-version", metavar="N", help="If unchanged.")
seen = changing_with(_SEEN)
"""For a change that may name the version it saw."""

service = Noun("service", "What the desk offers.")
site = Noun("site", "Places where people work.")
device = Noun("device", "Machines and things that people use.")


def register(noun: Noun, kind: str = "") -> None:
    """Add the verbs that a noun has not of its own; `kind` is the record's where it differs."""
    known = set(noun.verbs)
    for add in (_list, _show, _set, _rename, _merge, _remove, _import):
        if add.__name__[1:] not in known:
            add(noun, kind or noun.name)


def _list(noun: Noun, kind: str) -> None:
    @noun.verb("list", f"deskterm {noun.name} list")
    @reading
    def list_(call: Call) -> None:
        """List them with their values and how many rows name each."""
        from deskterm.services.records import fields_of

        with opened() as desk:
            found = desk.records.list(kind)
        columns = [name for name in fields_of(kind) if name != "facts"]
        output.many(found, ("name", *columns, "used"), call["output_"])


def _show(noun: Noun, kind: str) -> None:
    @noun.verb("show", f"deskterm {noun.name} show NAME")
    @reading
    def show(call: Call, name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
        """Show one with its version."""
        with opened() as desk:
            row = desk.records.show(kind, name)
        if output.chosen(call["output_"]) in ("json", "jsonl", "csv"):
            output.one(row, call["output_"], columns=tuple(row))
            return
        for field, value in row.items():
            if value not in (None, "", {}):
                output.prose(f"{field.replace('_', ' '):<18}{value}")


def _set(noun: Noun, kind: str) -> None:
    @noun.verb("set", f"deskterm {noun.name} set NAME")
    @seen
    def set_(
        call: Call,
        name: Annotated[str, typer.Argument(metavar="NAME")],
        values: Annotated[
            list[str] | None, typer.Argument(metavar="[FIELD=VALUE]...", help="See `list`.")
        ] = None,
    ) -> None:
        """Make one, or change its values: `FIELD=VALUE` for each, an empty value clears it."""
        given = _pairs(values or [])
        version = call["if_version"]
        changed(
            call,
            lambda desk, how: desk.records.set(kind, name, given, asked(how), version),
            f"{noun.name} {name} is set",
        )


def _rename(noun: Noun, kind: str) -> None:
    @noun.verb("rename", f"deskterm {noun.name} rename OLD NEW")
    @seen
    def rename(
        call: Call,
        name: Annotated[str, typer.Argument(metavar="NAME")],
        new: Annotated[str, typer.Argument(metavar="NEW")],
    ) -> None:
        """Give it another name; whatever names it follows."""
        version = call["if_version"]
        changed(
            call,
            lambda desk, how: desk.records.rename(kind, name, new, asked(how), version),
            f"{noun.name} {name} is {new} now",
        )


def _merge(noun: Noun, kind: str) -> None:
    @noun.verb("merge", f"deskterm {noun.name} merge OLD --into KEPT")
    @changing
    def merge(
        call: Call,
        name: Annotated[str, typer.Argument(metavar="NAME")],
        into: Annotated[str, typer.Option("--into", metavar="NAME", help="The one that stays.")],
    ) -> None:
        """Let whatever names one name another, and take the first away."""
        changed(
            call,
            lambda desk, how: desk.records.merge(kind, name, into, asked(how)),
            f"{noun.name} {name} went into {into}",
        )


def _remove(noun: Noun, kind: str) -> None:
    @noun.verb("remove", f"deskterm {noun.name} remove NAME")
    @seen
    def remove(call: Call, name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
        """Take one away that nothing names any more."""
        version = call["if_version"]
        changed(
            call,
            lambda desk, how: desk.records.remove(kind, name, asked(how), version),
            f"{noun.name} {name} is gone",
        )


def _import(noun: Noun, kind: str) -> None:
    @noun.verb("import", f"deskterm {noun.name} import list.csv --map columns.json")
    @changing
    def import_(
        call: Call,
        file: Annotated[Path, typer.Argument(metavar="FILE")],
        map_: Annotated[
            Path | None,
            typer.Option("--map", metavar="FILE", help="JSON: their column → our field."),
        ] = None,
    ) -> None:
        """Take them from a CSV file, all or none; its first line names `name` and the fields."""
        from deskterm.services.records import fields_of
        from deskterm.services.records_file import read_rows

        mapping = _mapping(map_) if map_ else {}
        rows = list(read_rows(file, ("name", *fields_of(kind)), mapping))

        changed(
            call,
            lambda desk, how: desk.records.load(kind, rows, str(file), asked(how)),
            f"{len(rows)} taken from {file.name}",
        )


def asked(how: Mapping[str, Any]) -> How:
    """Give how a change was asked for on the command line."""
    return How(op_id=how["op_id"], dry=how["dry"])


def _pairs(values: list[str]) -> dict[str, str]:
    found = {}
    for value in values:
        field, sign, text = value.partition("=")
        if not sign:
            raise UsageError(f"{value[:60]!r}? Write FIELD=VALUE.")
        found[field.strip()] = text
    return found


def _mapping(file: Path) -> dict[str, str]:
    try:
        found = json.loads(disk.read_text(file))
    except ValueError as error:
        raise UsageError(f"{file}: {error}") from error
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise UsageError(f"{file}: a map is a JSON object, their column → our field.")
    say(f"Columns by {file.name}.")
    return {str(name).strip().lower(): str(field) for name, field in found.items()}


for _noun in (service, site, device):
    register(_noun)
