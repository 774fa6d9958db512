"""A foreign ticket as it was read: its own words, checked, not yet one of ours."""

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from deskterm.domain.clock import from_text
from deskterm.domain.errors import DeskError, UsageError
from deskterm.domain.text import header_safe, storable
from deskterm.domain.vocabulary import Outcome
from deskterm.storage.bulk import json_object
from deskterm.storage.people import split_who

URGENT = frozenset(
    ("urgent", "blocker", "critical", "high", "highest", "emergency", "immediate", "p0", "p1")
)
_YES = frozenset(("yes", "true", "1", "urgent"))
_OUTCOMES = {
    **dict.fromkeys(("fixed", "solved", "resolved", "done", "completed"), Outcome.SOLVED),
    **dict.fromkeys(("duplicate", "dup"), Outcome.DUPLICATE),
    "spam": Outcome.SPAM,
    "": None,
}
KNOWN = [
    "id",
    "title",
    "body",
    "requester",
    "opened",
    "closed",
    "category",
    "urgency",
    "type",
    "version",
    "outcome",
    "resolution",
    "duplicate_of",
]
_FIRST, _LAST = 1900, 9000
_FIELD_NAME = 60
ReadTime = Callable[[str], datetime]


class Foreign(NamedTuple):
    """A ticket of another help desk."""

    where: str
    """File and line, for messages."""
    id: str
    subject: str
    body: str
    requester: str
    opened: datetime
    closed: datetime | None
    category: str
    urgent: bool
    outcome: Outcome | None
    resolution: str
    duplicates: tuple[str, ...]
    fields: Mapping[str, str]
    digest: str
    """Of the whole line: the same line again is no new ticket."""


def bad(where: str, sentence: str) -> UsageError:
    """Give the error for a line."""
    return UsageError(f"{where}: {sentence}")


def read_object(line: bytes, where: str) -> dict[str, Any]:
    """Read one JSON object of a line; raises UsageError naming file and line."""
    try:
        given = _decode(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        reason = "too deeply nested" if isinstance(error, RecursionError) else str(error)
        raise bad(where, f"this is no JSON ({reason[:120]}).") from None
    if not isinstance(given, dict):
        raise bad(where, f"a JSON object is wanted, not {type(given).__name__}.")
    return given


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


_decode = json.JSONDecoder(parse_constant=_no_constant).decode


def foreign(given: Mapping[str, Any], where: str, read_time: ReadTime = from_text) -> Foreign:
    """Give the ticket of a record; raises UsageError naming file and line, key and value."""
    text = {name: _text(given.get(name), name, where) for name in KNOWN if name != "duplicate_of"}
    if not (text["title"].strip() or text["body"].strip()):
        raise bad(where, "a ticket needs a title or a body.")
    if not text["opened"]:
        raise bad(where, "'opened' is missing: when was it reported?")
    digest = hashlib.sha256(json_object(given).encode()).hexdigest()
    urgency = text["urgency"].strip()
    return Foreign(
        where=where,
        id=text["id"].strip() or f"sha256:{digest[:24]}",
        subject=_subject(text["title"], text["body"]),
        body=text["body"],
        requester=_requester(text["requester"], where),
        opened=_time(text["opened"], "opened", where, read_time),
        closed=_time(text["closed"], "closed", where, read_time) if text["closed"] else None,
        category=text["category"],
        urgent=urgency.casefold() in URGENT or urgency.casefold() in _YES,
        outcome=_OUTCOMES.get(text["outcome"].strip().casefold(), Outcome.UNSOLVED),
        resolution=text["resolution"],
        duplicates=_duplicates(given.get("duplicate_of"), where),
        fields=_fields(given, text, where),
        digest=digest,
    )


def read_moment(value: Any, key: str, where: str, read_time: ReadTime = from_text) -> datetime:
    """Give a time of a record; raises UsageError naming file and line."""
    text = _text(value, key, where)
    if not text:
        raise bad(where, f"{key!r} is missing: when was it?")
    return _time(text, key, where, read_time)


def _text(value: Any, key: str, where: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float) and math.isfinite(value):
        return str(value)
    raise bad(where, f"{key!r} is text, not {type(value).__name__}.")


def _time(text: str, key: str, where: str, read_time: ReadTime) -> datetime:
    try:
        moment = read_time(text.strip())
    except (ValueError, OverflowError):
        raise bad(
            where, f"{key} {text[:40]!r} is no time: write it like 2026-11-22T09:30:00Z."
        ) from None
    if not _FIRST <= moment.year <= _LAST:
        raise bad(where, f"{key} {text[:40]!r} is no believable time.")
    return moment


def _subject(title: str, body: str) -> str:
    line = header_safe(title)
    if line:
        return line
    first = next((one.strip() for one in body.splitlines() if one.strip()), "")
    return first if len(first) <= 90 else first[:89] + "…"


def _requester(text: str, where: str) -> str:
    """Refuse what tries to be more than one address; a handle that merely looks odd is a name."""
    if not ({"<", ">", "\r", "\n"} & set(text)):
        return text.strip()
    try:
        split_who(text)
    except DeskError as error:
        raise bad(where, f"requester: {error}") from None
    return text.strip()


def who(requester: str) -> tuple[str, str | None]:
    """Give (name, address or None) of a requester that was read."""
    try:
        return split_who(requester)
    except DeskError:
        return header_safe(requester), None


def _duplicates(value: Any, where: str) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    many = value if isinstance(value, list) else [value]
    found = [_text(one, "duplicate_of", where).strip() for one in many]
    return tuple(dict.fromkeys(one for one in found if one))


def _fields(given: Mapping[str, Any], text: Mapping[str, str], where: str) -> dict[str, str]:
    """Keep what has no column of its own: foreign words for urgency and outcome, unknown keys."""
    found = {}
    for name in ("type", "version", "outcome", "urgency"):
        value = text[name].strip()
        if value and not (name == "urgency" and value.casefold() in _YES):
            found[name] = value
    for key, value in given.items():
        if key not in KNOWN and value not in (None, "", [], {}):
            name = header_safe(storable(str(key)))[:_FIELD_NAME]
            if not name:
                raise bad(where, "a key without a name cannot be kept as a field.")
            nested = isinstance(value, dict | list)
            found[name] = storable(json_object(value)) if nested else _text(value, key, where)
    return found
