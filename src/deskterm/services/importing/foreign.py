"""A record of any reader becomes the wide form: checked, its words given their meaning here."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from deskterm.domain.address import normal_address
from deskterm.domain.clock import from_text
from deskterm.domain.errors import DeskError, UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.text import first_words, header_safe, is_blank, storable
from deskterm.domain.vocabulary import Outcome, State
from deskterm.services.importing.mapping import NOTHING, ColumnMap
from deskterm.services.importing.markup import plain_text
from deskterm.services.importing.wide import (
    Foreign,
    ForeignFile,
    Happening,
    Json,
    ReadTime,
    Record,
    Someone,
    Standing,
    file_of,
)
from deskterm.services.importing.words import (
    CHANNELS,
    OURS,
    OUTCOMES,
    YES,
    is_urgent,
    standing_of,
)
from deskterm.storage.driver import json_text
from deskterm.storage.people import split_who

_TEXTS = (
    "id",
    "title",
    "body",
    "category",
    "urgency",
    "type",
    "version",
    "outcome",
    "resolution",
    "status",
    "group",
    "channel",
)
_LISTS = ("watchers", "tags", "links", "entries", "files", "duplicate_of")
KNOWN = frozenset(
    (*_TEXTS, *_LISTS, "requester", "owner", "organisation", "opened", "closed", "updated")
)
"""The keys of a record; every other one is a field of the desk's own."""
NO_OPENING = "without a time of opening"
LINKS = {"related": "related", "child": "child", "duplicate": "duplicate"}
_FIRST, _LAST = 1900, 9000
_FIELD_NAME = 60
_DAY = timedelta(days=1)
EVENTS = {"opened": "open", "closed": "close", "reopened": "reopen"}


class Reading(NamedTuple):
    """How records are understood: what a mapping says, and what was found out of a whole file."""

    mapping: ColumnMap = NOTHING
    times: Mapping[str, ReadTime] = {}
    """What it is (opened, closed, …) → how its times are read; "" for all others."""
    html: frozenset[str] = frozenset()
    """What is HTML: body, resolution, entries."""
    prefix: str = ""
    """Before every foreign number, so that two old desks never clash."""
    folder: Path | None = None
    """Where files lie."""

    def time(self, text: str, key: str, where: str) -> datetime:
        """Give a moment of a record; raises UsageError naming file and line."""
        read = self.times.get(key) or self.times.get("") or from_text
        try:
            moment = read(text.strip())
        except (ValueError, OverflowError):
            raise bad(
                where, f"{key} {text[:40]!r} is no time: write it like 2026-11-22T09:30:00Z."
            ) from None
        if not _FIRST <= moment.year <= _LAST:
            raise bad(where, f"{key} {text[:40]!r} is no believable time.")
        return moment

    def number(self, text: str) -> str:
        """Give a foreign number as it is kept here."""
        return f"{self.prefix}:{text}" if self.prefix else text

    def text(self, value: Json, key: str, where: str) -> str:
        """Give a text of a record, out of its HTML where it is that."""
        found = _text(value, key, where)
        return plain_text(found) if found and key in self.html else found


PLAIN = Reading()


def bad(where: str, sentence: str) -> UsageError:
    """Give the error for a line."""
    return UsageError(f"{where}: {sentence}")


def foreign(given: Record, where: str, reading: Reading = PLAIN) -> Foreign:
    """Give the ticket of a record; raises UsageError naming file and line, key and value."""
    text = {name: _text(given.get(name), name, where) for name in _TEXTS}
    body = reading.text(text["body"], "body", where)
    if not (text["title"].strip() or body.strip()):
        raise bad(where, "a ticket needs a title or a body.")
    moments = _moments(given, where, reading)
    digest = hashlib.sha256(json_text(given).encode()).hexdigest()
    text = _meant(text, reading.mapping)
    requester, *others = several(given.get("requester"), where)
    organisation = _text(given.get("organisation"), "organisation", where)
    last = moments["updated"] or moments["closed"] or moments["opened"]
    standing = _standing(text["status"], reading.mapping)
    links = _links(given, where, reading)
    return Foreign(
        where=where,
        id=reading.number(text["id"].strip() or f"sha256:{digest[:24]}"),
        subject=_subject(text["title"], body),
        body=body,
        requester=requester._replace(organisation=requester.organisation or organisation),
        opened=moments["opened"],
        closed=moments["closed"],
        updated=moments["updated"],
        category=text["category"],
        urgent=is_urgent(text["urgency"]),
        outcome=_outcome(text["outcome"], standing),
        resolution=reading.text(text["resolution"], "resolution", where),
        duplicates=tuple(goal for kind, goal in links if kind == "duplicate"),
        fields=_fields(given, text, where, reading.mapping),
        digest=digest,
        status=text["status"].strip(),
        standing=standing,
        group=reading.mapping.groups.get(text["group"], text["group"]).strip(),
        owner=someone(given.get("owner"), where),
        channel=CHANNELS.get(text["channel"].strip().casefold(), ""),
        watchers=(*others, *(one for one in _people(given.get("watchers"), where) if one.shown)),
        links=tuple(one for one in links if one[0] != "duplicate"),
        happened=tuple(happening(one, where, reading, last) for one in _many(given.get("entries"))),
        files=_files(given.get("files"), where, reading),
        flags=() if _text(given.get("opened"), "opened", where).strip() else (NO_OPENING,),
    )


def _moments(given: Record, where: str, reading: Reading) -> dict[str, Json]:
    """Give opened, closed and updated; a closing day without a clock ends not before it began."""
    found: dict[str, datetime | None] = {}
    for name in ("opened", "closed", "updated"):
        text = _text(given.get(name), name, where).strip()
        found[name] = reading.time(text, name, where) if text else None
    opened, closed = found["opened"] or _first_known(given, found, where, reading), found["closed"]
    found["opened"] = opened
    day_only = ":" not in _text(given.get("closed"), "closed", where)
    if closed is not None and day_only and opened - _DAY < closed < opened:
        found["closed"] = opened
    return found


def _first_known(
    given: Record, found: Mapping[str, datetime | None], where: str, reading: Reading
) -> datetime:
    """Give the earliest moment that a ticket without its opening tells of."""
    told = [one for one in _many(given.get("entries")) if isinstance(one, dict)]
    texts = [_text(one.get("at"), "at", where).strip() for one in told]
    moments = [reading.time(text, "at", where) for text in texts if text]
    moments += [one for one in found.values() if one is not None]
    if not moments:
        raise bad(where, "'opened' is missing: when was it reported?")
    return min(moments)


def _meant(text: dict[str, str], mapping: ColumnMap) -> dict[str, str]:
    """Replace the values that the mapping gives a meaning; the table of states is asked later."""
    for name, table in mapping.values.items():
        if name in text and name != "status":
            text[name] = table.get(text[name], text[name])
    return text


def _standing(word: str, mapping: ColumnMap) -> Standing | None:
    word = word.strip()
    if not word:
        return None
    meant = mapping.values.get("status", {}).get(word)
    return OURS[meant.casefold()] if meant else standing_of(word)


def _outcome(word: str, standing: Standing | None) -> Outcome | None:
    known = word.strip().casefold()
    if known:
        told = standing_of(known)
        meant = told.outcome if told is not None else None
        return OUTCOMES.get(known, meant or Outcome.UNSOLVED)
    return standing.outcome if standing is not None and standing.state == State.CLOSED else None


def happening(given: Json, where: str, reading: Reading, last: datetime) -> Happening:
    """Give one entry of a record; without a time it stands at the ticket's last known moment."""
    if not isinstance(given, dict):
        raise bad(where, f"an entry is a JSON object, not {type(given).__name__}.")
    at = _text(given.get("at"), "at", where)
    kind = "comment"
    if given.get("event"):
        kind = _text(given["event"], "event", where).strip().lower()
    by = someone(given.get("by"), where)
    text = reading.text(given.get("text"), "text", where) if given.get("text") else ""
    public = given.get("public")
    if public is None:
        public = reading.mapping.comments != "internal"
    return Happening(
        at=reading.time(at, "at", where) if at else last,
        kind=EVENTS.get(kind, kind),
        by=by.shown,
        text=text,
        rest=_rest(given),
        public=bool(public),
        key=_text(given.get("id"), "id", where),
        files=_files(given.get("files"), where, reading),
    )


def _rest(given: Record) -> Record:
    names = given.keys() - _ENTRY
    return {k: _kept(given[k]) for k in names if given[k] not in _NONE} if names else {}


_ENTRY = frozenset(("id", "at", "event", "by", "text", "public", "files"))
_NONE: tuple[Json, ...] = (None, "", [], {})


def read_moment(value: Json, key: str, where: str) -> datetime:
    """Give a time of a record; raises UsageError naming file and line."""
    text = _text(value, key, where)
    if not text:
        raise bad(where, f"{key!r} is missing: when was it?")
    return PLAIN.time(text, key, where)


def someone(value: Json, where: str) -> Someone:
    """Give a person of a record: text such as `Ada <ada@example.org>`, or an object."""
    if isinstance(value, Someone):
        return value
    if not value:
        return Someone()
    if not isinstance(value, dict):
        text = _text(value, "requester", where)
        try:
            return of_text(text)
        except DeskError as error:
            raise bad(where, f"requester: {error}") from None
    told = {k: _text(v, k, where) for k, v in value.items() if k != "addresses"}
    addresses: list[str] = []
    for one in (told.get("email", ""), *_many(value.get("addresses"))):
        address = _address(str(one))
        addresses += [address] if address and address not in addresses else []
    named = {
        name: header_safe(told.get(name, ""))
        for name in ("name", "organisation", "phone", "title", "department")
    }
    return Someone(addresses=tuple(addresses), notes=told.get("notes", ""), **named)


def several(value: Json, where: str) -> list[Someone]:
    """Give the people of a value, the first one first: `ada@a.example; bo@b.example` are two."""
    if isinstance(value, str) and value.count("@") > 1 and "<" not in value:
        parts = [one for one in value.replace(";", " ").replace(",", " ").split() if one]
        if all(map(_address, parts)):
            value = parts
    return _people(value, where) or [Someone()]


def _people(value: Json, where: str) -> list[Someone]:
    return [someone(one, where) for one in _many(value)]


@lru_cache(4096)
def of_text(text: str) -> Someone:
    """Give who a text names; what merely looks odd is a name, what tries to be two is refused."""
    text = text.strip()
    bare = _EMPTY_ADDRESS.sub("", text)
    turned = _IN_BRACKETS.match(bare) or _NAME_BEHIND.match(bare)
    if turned and (address := _address(turned["address"])):
        return Someone(header_safe(turned["name"]).strip(" \"'"), (address,))
    if not bare:
        return Someone()
    try:
        name, found = split_who(bare)
    except DeskError:
        if "@" in bare and {"<", ">", "\r", "\n"} & set(bare):
            raise
        inside = bare.removeprefix("<").removesuffix(">")
        return Someone(header_safe(bare if {"<", ">"} & set(inside) else inside))
    return Someone(name, (found,) if found else ())


_EMPTY_ADDRESS = pattern(r"\s{0,9}<\s{0,9}>\Z")
_IN_BRACKETS = pattern(
    r"(?P<name>[^()<>@]{1,200}?)\s{0,9}[(\[](?P<address>[^()<>\s]{3,200})[)\]]\Z"
)
_NAME_BEHIND = pattern(
    r"(?P<address>[^()<>\s,;]{3,200}@[^()<>\s,;]{1,200})\s{1,9}\((?P<name>[^()<>@]{1,200})\)\Z"
)


@lru_cache(4096)
def _address(text: str) -> str:
    try:
        return normal_address(text) if text.strip() else ""
    except DeskError:
        return ""


def _text(value: Json, key: str, where: str) -> str:
    if isinstance(value, str):
        return storable(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float) and math.isfinite(value):
        return str(value)
    raise bad(where, f"{key!r} is text, not {type(value).__name__}.")


def _subject(title: str, body: str) -> str:
    line = header_safe(title)
    return first_words(body) if is_blank(line) else line


def _many(value: Json) -> Sequence[Json]:
    if value is None or value == "":
        return ()
    if isinstance(value, Someone) or not isinstance(value, list | tuple):
        return (value,)
    return value


def _files(value: Json, where: str, reading: Reading) -> tuple[ForeignFile, ...]:
    if not value:
        return ()
    return tuple(map(partial(file_of, where=where, folder=reading.folder), _many(value)))


def _links(given: Record, where: str, reading: Reading) -> tuple[tuple[str, str], ...]:
    found = [
        ("duplicate", _text(one, "duplicate_of", where).strip())
        for one in _many(given.get("duplicate_of"))
    ]
    for one in _many(given.get("links")):
        if not isinstance(one, dict) or "to" not in one:
            raise bad(where, 'a link is an object like {"kind": "related", "to": "4711"}.')
        kind = LINKS.get(_text(one.get("kind"), "kind", where), "related")
        found.append((kind, _text(one["to"], "to", where).strip()))
    return tuple(dict.fromkeys((kind, reading.number(goal)) for kind, goal in found if goal))


def _fields(
    given: Record, text: Mapping[str, str], where: str, mapping: ColumnMap
) -> dict[str, str]:
    """Keep what has no column of its own: foreign words for what has, tags, unknown keys."""
    found = {}
    for name in ("type", "version", "outcome", "urgency", "status"):
        value = text[name].strip()
        if value and not (name == "urgency" and value.casefold() in YES):
            found[name] = value
    tags = [_text(one, "tags", where) for one in _many(given.get("tags"))]
    if tags:
        found["tags"] = ", ".join(tags)
    for key, value in given.items():
        if key not in KNOWN and value not in _NONE:
            name = header_safe(storable(str(key)))[:_FIELD_NAME]
            if not name:
                raise bad(where, "a key without a name cannot be kept as a field.")
            name = mapping.fields.get(name, name)
            if name:
                found[name] = _field(value, key, where)
    return found


def _field(value: Json, key: str, where: str) -> str:
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        return storable(", ".join(str(one) for one in value))
    if isinstance(value, dict | list):
        return storable(json_text(value))
    return _text(value, key, where)


def _kept(value: Json) -> Json:
    return storable(value) if isinstance(value, str) else value
