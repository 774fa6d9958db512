"""A file of events: the history of tickets that another file holds."""

from collections.abc import Iterator
from pathlib import Path

from deskterm.domain.errors import DeskError
from deskterm.domain.text import storable
from deskterm.services.importing.foreign import EVENTS, bad, read_moment
from deskterm.services.importing.readers.json_files import read_object
from deskterm.services.importing.table import opened
from deskterm.services.importing.wide import Happening, Json, Record

_OWN = ("ticket", "at", "event", "by", "text", "body", "comment", "public")


def events(file: Path) -> Iterator[tuple[str, str, Happening] | DeskError]:
    """Give (file and line, foreign ticket id, event) of each line, or what is wrong with it."""
    with opened(file) as stream:
        for place, line in enumerate(stream, 1):
            if line.strip():
                where = f"{file.name}:{place}"
                try:
                    yield _event(read_object(line, where), where)
                except DeskError as error:
                    yield error


def _event(given: Record, where: str) -> tuple[str, str, Happening]:
    for key in ("ticket", "at", "event"):
        if given.get(key) in (None, ""):
            raise bad(where, f"{key!r} is missing.")
    text = next((given[key] for key in ("text", "body", "comment") if key in given), "")
    if not isinstance(text, str) or not isinstance(given["event"], str):
        raise bad(where, "event and text are text.")
    kind = given["event"].strip().lower()
    happening = Happening(
        read_moment(given["at"], "at", where),
        EVENTS.get(kind, storable(kind)),
        storable(str(given.get("by") or "")),
        storable(text),
        {storable(k)[:60]: _kept(v) for k, v in given.items() if k not in _OWN},
        public=given.get("public") is not False,
    )
    return where, str(given["ticket"]).strip(), happening


def _kept(value: Json) -> Json:
    return storable(value) if isinstance(value, str) else value
