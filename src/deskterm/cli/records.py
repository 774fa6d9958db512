"""The verbs that every record noun has: list, show, set, add, rename, merge, remove, import.

They follow from `domain/record_table.py`: each field is an option of `set` and `add`.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from deskterm import disk
from deskterm.cli import output
from deskterm.cli.change import ACROSS, Call, asking, changing_with, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option, Part, option
from deskterm.cli.record import changed
from deskterm.cli.session import opened
from deskterm.domain.errors import UsageError
from deskterm.domain.record_table import RECORDS, Field, Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskterm.bootstrap import Desk
    from deskterm.domain.asking import How
    from deskterm.domain.rows import Done

    Row = tuple[int, Mapping[str, str]]

_SEEN = option("if_version", int | None, None, "--if-version", metavar="N", help="If unchanged.")
_WELCOME = option(
    "welcome", bool, False, "--welcome", help="Write the welcome letter to those who are new."
)
seen = changing_with(_SEEN)
"""For a change that may name the version it saw."""
_UPSERT = ("organisation", "group", "category", "field")
"""Kinds whose `add` also changes one that is there, as scripts have long relied on."""
_APART = ("person", "organisation")
"""Kinds of which two may belong to different clients."""
_NEW = ("release", "improvement", "decision", "feedback")
"""Kinds that are made by `new` too, the word that cases (tickets, problems) have for it."""
_SHOWN = 6
"""So many fields stand in a table; JSON and CSV have all."""
_DERIVED = (
    *("id", "used", "version", "addresses", "devices", "source", "about", "help", "versions"),
    *("public_holidays", "feed_days", "feed_read", "trouble"),
)
"""Columns that `list -o csv` gives and an import leaves out."""
Name = Annotated[str, Argument(metavar="NAME")]
Values = Annotated[
    list[str] | None, Argument(metavar="[FIELD=VALUE]...", help="Another way to say them.")
]


def register(noun: Noun, kind: str = "") -> None:
    """Add the verbs that a noun has not of its own; `kind` is the record's where it differs."""
    record = RECORDS[kind or noun.name]
    known = set(noun.verbs)
    for name, add in _VERBS.items():
        if name not in known and (name in ("list", "show") or name in record.verbs):
            add(noun, record)


def _list(noun: Noun, record: Record) -> None:
    @noun.verb("list", f"deskterm {noun.name} list")
    @reading
    def list_(
        call: Call, words: Annotated[list[str] | None, Argument(metavar="[WORDS]")] = None
    ) -> None:
        """List them with their values and how many rows name each; with words, those that fit."""
        with opened() as desk:
            found = desk.records.list(record.kind, " ".join(words or ()))
        columns = [one.name for one in record.fields if one.kind not in ("long", "style", "facts")]
        if output.chosen(call.output) == "csv":
            columns = [one.name for one in record.fields if not found or one.name in found[0]]
            found = [{key: _cell(value) for key, value in row.items()} for row in found]
        else:
            columns = columns[:_SHOWN]
        output.many(found, tuple(dict.fromkeys(("name", *columns, "used"))), call.output)


def _show(noun: Noun, record: Record) -> None:
    @noun.verb("show", f"deskterm {noun.name} show NAME")
    @reading
    def show(call: Call, name: Name) -> None:
        """Show one with its version."""
        with opened() as desk:
            row = desk.records.show(record.kind, name)
        if output.chosen(call.output) in ("json", "jsonl", "csv"):
            output.one(row, call.output, columns=tuple(row))
            return
        for field, value in row.items():
            if value not in (None, "", {}, []):
                text = ", ".join(map(str, value)) if isinstance(value, list) else value
                output.prose(f"{field.replace('_', ' '):<18}{text}")


def _set(noun: Noun, record: Record) -> None:
    _change(noun, record, "set", "Change its values; an empty one clears it.")


def _add(noun: Noun, record: Record) -> None:
    verb = "set" if record.kind in _UPSERT else "add"
    for called in ("add", "new") if record.kind in _NEW else ("add",):
        _change(noun, record, verb, "Make one of these values.", called)


def _change(noun: Noun, record: Record, verb: str, about: str, called: str = "") -> None:
    """Give a verb that takes every field as an option, or as `FIELD=VALUE`."""
    options = {f"v_{one.name}": one for one in record.fields}

    def change(call: Call, name: Name, values: Values = None) -> None:
        given = _pairs(values or []) | {
            one.name: _typed(call.own[key])
            for key, one in options.items()
            if call.own[key] not in (None, [])
        }
        version = call.if_version
        if verb == "add":
            changed(
                call,
                lambda desk, how: desk.records.add(record.kind, name, given, how),
                f"{noun.name} {name} is made",
            )
        else:
            changed(
                call,
                lambda desk, how: desk.records.set(record.kind, name, given, how, version),
                f"{noun.name} {name} is set",
            )

    change.__doc__ = about
    field = record.fields[0] if record.fields else None
    example = f" {_flag(field)} …" if field else ""
    wrap = changing_with(_SEEN, *(_option(key, one) for key, one in options.items()))
    called = called or verb
    noun.verb(called, f"deskterm {noun.name} {called} NAME{example}")(wrap(change))


def _option(key: str, field: Field) -> Part:
    """Give the option of a field."""
    flag = _flag(field)
    about = f"{field.help[:1].upper()}{field.help[1:]}." if field.help else ""
    if field.kind in ("yes", "works"):
        flag = field.given or (f"{flag}/--no-{flag[2:]}" if field.kind == "yes" else flag)
        return option(key, bool | None, None, flag, help=about)
    if field.kind in ("lines", "members", "names", "steps", "words", "facts"):
        return option(key, list[str] | None, None, flag, help=f"{about} Repeat for more.")
    word = "|".join(field.words) if field.words and len(field.words) < 6 else "TEXT"
    return option(key, str | None, None, flag, metavar=word, help=about)


def _flag(field: Field) -> str:
    """Give the option's own name."""
    return f"--{(field.given or field.name).partition('/')[0].replace('_', '-').lstrip('-')}"


def _typed(value: object) -> str:
    """Give an option's value as it is typed into a form."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "".join(f"{one}\n" for one in value) if isinstance(value, list) else str(value)


def _cell(value: object) -> object:
    """Give a value as an import reads it."""
    if isinstance(value, list):
        return "".join(f"{one}\n" for one in value)
    return json.dumps(value) if isinstance(value, dict) else value


def _rename(noun: Noun, record: Record) -> None:
    @noun.verb("rename", f"deskterm {noun.name} rename OLD NEW")
    @seen
    def rename(
        call: Call,
        name: Name,
        new: Annotated[str, Argument(metavar="NEW")],
    ) -> None:
        """Give it another name; whatever names it follows."""
        version = call.if_version
        changed(
            call,
            lambda desk, how: desk.records.rename(record.kind, name, new, how, version),
            f"{noun.name} {name} is {new} now",
        )


def _merge(noun: Noun, record: Record) -> None:
    @noun.verb("merge", f"deskterm {noun.name} merge OLD --into KEPT")
    @changing_with(*((ACROSS,) if record.kind in _APART else ()))
    def merge(
        call: Call,
        name: Name,
        into: Annotated[str, Option("--into", metavar="NAME", help="The one that stays.")],
    ) -> None:
        """Let whatever names one name another, and take the first away."""
        changed(
            call,
            lambda desk, how: desk.records.merge(record.kind, name, into, how),
            f"{noun.name} {name} went into {into}",
        )


def _remove(noun: Noun, record: Record) -> None:
    @noun.verb("remove", f"deskterm {noun.name} remove NAME")
    @seen
    def remove(call: Call, name: Name) -> None:
        """Take one away that nothing names any more."""
        version = call.if_version
        changed(
            call,
            lambda desk, how: desk.records.remove(record.kind, name, how, version),
            f"{noun.name} {name} is gone",
        )


def _import(noun: Noun, record: Record) -> None:
    greets = (_WELCOME,) if record.kind == "person" else ()

    @noun.verb("import", f"deskterm {noun.name} import list.csv --map columns.json")
    @changing_with(*greets)
    def import_(
        call: Call,
        file: Annotated[Path, Argument(metavar="FILE")],
        map_: Annotated[
            Path | None,
            Option("--map", metavar="FILE", help="JSON: their column → our field."),
        ] = None,
        keep_going: Annotated[
            bool, Option("--keep-going", help="Name bad lines, take the rest, exit 1.")
        ] = False,
        ignore: Annotated[
            bool, Option("--ignore", help="Leave out columns that are not known here.")
        ] = False,
        encoding: Annotated[
            str, Option(metavar="NAME", help="Of a file that is no UTF-8: cp1252, …")
        ] = "",
    ) -> int:
        """Take them from a CSV file, all or none; its first line names `name` and the fields."""
        from deskterm.services.records.file import read_rows

        known = tuple(dict.fromkeys(("name", *(one.name for one in record.fields))))
        mapping = dict.fromkeys(set(_DERIVED) - set(known), "") | (_mapping(map_) if map_ else {})
        found = read_rows(file, known, mapping, ignore=ignore, encoding=encoding)
        if found.ignored:
            say(f"Left out: {', '.join(found.ignored)}.")
        greet = bool(call.own.get("welcome"))

        def load(desk: "Desk", rows: "Sequence[Row]", how: "How") -> "Done":
            if greet:
                return desk.announcements.welcoming(rows, str(file), how)
            return desk.records.load(record.kind, rows, str(file), how)

        if keep_going:
            return _each(call, load, found.rows, file)
        welcomed = "; the new ones are welcomed by letter" if greet else ""
        changed(
            call,
            lambda desk, how: load(desk, found.rows, how),
            f"{len(found.rows)} taken from {file.name}{welcomed}",
        )
        return 0


def _each(
    call: Call,
    load: "Callable[[Desk, Sequence[Row], How], Done]",
    rows: "Sequence[Row]",
    file: Path,
) -> int:
    from deskterm.services.going_on import Line, each

    with opened() as desk:
        done = each(
            (Line(f"{file}:{row[0]}", row) for row in rows),
            lambda some, how: load(desk, some, how),
            asking(call),
            "import",
        )
    for _, sentence, _ in done.failed:
        say(f"deskterm: {sentence}")
    bad = len(done.failed)
    say(f"{len(rows) - bad} {'would be ' if done.dry else ''}taken from {file.name}, {bad} not.")
    return 1 if bad else 0


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


_VERBS: Mapping[str, Callable[[Noun, Record], None]] = {
    "list": _list,
    "show": _show,
    "set": _set,
    "add": _add,
    "rename": _rename,
    "merge": _merge,
    "remove": _remove,
    "import": _import,
}


def __getattr__(kind: str) -> Noun:
    """Give the noun of a kind of record that has no verbs of its own: `records:site`."""
    if kind not in RECORDS:
        raise AttributeError(kind)
    noun = Noun(RECORDS[kind].command, RECORDS[kind].about)
    register(noun, kind)
    return noun
