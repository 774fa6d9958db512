"""All that is known of somebody, as files for them: JSON, their mails, our letters, attachments."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from deskterm import disk
from deskterm.domain.clock import to_text
from deskterm.domain.errors import UsageError
from deskterm.storage import whom as reads
from deskterm.storage.names import number_of
from deskterm.storage.people import find_person
from deskterm.storage.reads.people import people, person
from deskterm.storage.reads.ticket import show
from deskterm.storage.whom import Whom, client, whom

if TYPE_CHECKING:
    from deskterm.storage.driver import Database
    from deskterm.storage.store import Store


def hand_out(store: "Store", who: str, folder: Path) -> Mapping[str, int]:
    """Write all that is known of somebody into a new folder; gives how much of what.

    Raises NotFoundError, UsageError where the folder is not empty.
    """
    with store.reading() as database, database.snapshot():
        number = find_person(database, who)
        prepare(folder)
        return write_person(database, number, folder)


def hand_out_client(store: "Store", name: str, folder: Path) -> Mapping[str, int]:
    """Write all that belongs to a client into a new folder; gives how much of what."""
    with store.reading() as database, database.snapshot():
        one = client(database, number_of(database, "organisation", name))
        prepare(folder)
        counts = dict(_write(database, one, folder))
        write_json(folder / "people.json", people(database, one.people))
        counts["people"] = len(one.people)
        for kind, rows in reads.owned(database, one.owned).items():
            write_json(folder / f"{kind}s.json", rows)
            counts[f"{kind}s"] = len(rows)
    return counts


def prepare(folder: Path) -> None:
    """Make a private folder, or see that it is empty; raises UsageError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty; name a new folder.")
        folder.chmod(0o700)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be used ({error.strerror}).") from error


def write_person(database: "Database", number: int, folder: Path) -> Mapping[str, int]:
    """Write one person's files; gives how much of what."""
    write_json(folder / "person.json", person(database, number)._asdict())
    return _write(database, whom(database, [number]), folder)


def _write(database: "Database", one: Whom, folder: Path) -> Mapping[str, int]:
    """Write tickets, words, mails, letters and files; gives how much of what."""
    tickets = [show(database, ticket) for ticket in one.tickets]
    said = reads.said(database, one.people, one.tickets)
    write_json(folder / "tickets.json", [ticket._asdict() for ticket in tickets])
    write_json(folder / "words.json", said)
    counts = {"tickets": len(tickets), "words": len(said)}
    addresses = [word for word in one.veil.signs if "@" in word]
    for kind, files in reads.files(database, one.people, one.tickets, addresses).items():
        target = folder / kind
        if files:
            target.mkdir(mode=0o700)
        for name, content in files:
            disk.save_into(target, name, content)
        counts[kind] = len(files)
    return counts


def write_json(file: Path, value: object) -> None:
    """Write a value as JSON that people can read."""
    text = json.dumps(_plain(value), indent=2, ensure_ascii=True)
    disk.write(file, text.encode("ascii") + b"\n")


def _plain(value: object) -> object:
    """Give a value as JSON knows it: rows as objects, times as text."""
    if isinstance(value, datetime):
        return to_text(value)
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return value
