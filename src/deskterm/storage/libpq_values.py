"""Values as libpq takes and gives them: of the few types that commands ask for, as psycopg does.

A parameter says its type where psycopg says it. What is not in the tables is a ValueError, or no
reader: then psycopg writes or reads it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from json import loads
from typing import NamedTuple

from deskterm.domain.patterns import pattern

Statement = tuple[bytes, Mapping[str, object]]
"""A statement and its parameters, both as psycopg takes them."""
Reader = Callable[[bytes], object]


class Written(NamedTuple):
    """A statement as libpq takes it."""

    sql: bytes
    values: Sequence[bytes | None]
    types: Sequence[int]
    formats: Sequence[int]


_NAME = pattern(rb"%%|%\(([a-z_][a-z0-9_]*)\)s")


@lru_cache(1_000)
def _numbered(sql: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Give a statement with `$1` for psycopg's `%(name)s`, and the name of each number."""
    names: dict[bytes, bytes] = {}

    def number(match: re.Match[bytes]) -> bytes:
        if match[1] is None:
            return b"%"
        return names.setdefault(match[1], b"$%d" % (len(names) + 1))

    return _NAME.sub(number, sql), tuple(name.decode() for name in names)


def written(asked: Statement) -> Written:
    """Give a statement with its values; raises ValueError where psycopg has to write one."""
    sql, names = _numbered(asked[0])
    found = [_value(asked[1][name]) for name in names]
    return Written(
        sql,
        [value for value, _, _ in found],
        [kind for _, kind, _ in found],
        [how for _, _, how in found],
    )


_Value = tuple[bytes | None, int, int]
"""What is sent, PostgreSQL's number of its type, and whether it is text or bytes."""
_TEXT, _BYTES = 0, 1


def _value(value: object) -> _Value:
    """Give a parameter as psycopg writes it, with the type that it says."""
    write = _WRITE.get(type(value))
    if write is not None:
        return write(value)
    if isinstance(value, str):
        return _text(value)
    raise ValueError(type(value).__name__)


def _text(value: str) -> _Value:
    written = str.encode(value)
    if b"\x00" in written:
        raise ValueError("NUL")
    return written, 0, _TEXT


def _whole_number(value: int) -> _Value:
    return b"%d" % value, _number_type(value)[0], _TEXT


def _number_type(value: int) -> tuple[int, int]:
    """Give the smallest type that holds a number, and that of its arrays."""
    for bits, of, array in ((15, 21, 1005), (31, 23, 1007), (63, 20, 1016)):
        if -(1 << bits) <= value < 1 << bits:
            return of, array
    raise ValueError(value)


def _time(value: datetime) -> _Value:
    if value.tzinfo is None:
        raise ValueError(value)
    return str(value).encode(), 1184, _TEXT


def _list(values: list[object]) -> _Value:
    """Give an array of texts, or of whole numbers."""
    numbers = [one for one in values if type(one) is int]
    texts = [_text(one)[0] or b"" for one in values if type(one) is str]
    if numbers and len(numbers) == len(values):
        array = max(_number_type(min(numbers)), _number_type(max(numbers)))[1]
        return b"{%s}" % b",".join(b"%d" % one for one in numbers), array, _TEXT
    if len(texts) == len(values):
        escaped = [re.sub(rb'(["\\])', rb"\\\1", one) for one in texts]
        return b"{%s}" % b",".join(b'"%s"' % one for one in escaped), 0, _TEXT
    raise ValueError("mixed")


_WRITE: Mapping[type, Callable[..., _Value]] = {
    type(None): lambda _: (None, 0, _TEXT),
    str: _text,
    bool: lambda value: (b"t" if value else b"f", 16, _TEXT),
    int: _whole_number,
    float: lambda value: (repr(value).encode(), 701, _TEXT),
    bytes: lambda value: (value, 17, _BYTES),
    datetime: _time,
    date: lambda value: (str(value).encode(), 1082, _TEXT),
    list: _list,
}


def _moment(value: bytes) -> datetime:
    return datetime.fromisoformat(value.decode())


def _some_bytes(value: bytes) -> bytes:
    if value[:2] != b"\\x":
        raise ValueError(value[:2])
    return bytes.fromhex(value[2:].decode())


def _numbers(value: bytes) -> list[int]:
    return [int(one) for one in value[1:-1].split(b",")] if value != b"{}" else []


_ELEMENT = pattern(rb'(?:"((?:[^"\\]|\\.)*)"|([^,{}"]+))(?:,|\Z)', re.DOTALL)


def _texts(value: bytes) -> list[str | None]:
    """Give an array of texts; ValueError where it is another's: nested, or numbered otherwise."""
    found: list[str | None] = []
    inner, place = value[1:-1], 0
    while place < len(inner):
        match = _ELEMENT.match(inner, place)
        if match is None or value[:1] != b"{":
            raise ValueError(value[:20])
        quoted, bare = match.groups()
        text = bare if quoted is None else re.sub(rb"\\(.)", rb"\1", quoted, flags=re.DOTALL)
        found.append(None if bare == b"NULL" else text.decode())
        place = match.end()
    return found


READ: Mapping[int, Reader] = {
    16: lambda value: value == b"t",
    17: _some_bytes,
    **dict.fromkeys((20, 21, 23, 26), int),
    **dict.fromkeys((19, 25, 705, 1042, 1043), bytes.decode),
    114: loads,
    **dict.fromkeys((700, 701), float),
    **dict.fromkeys((1005, 1007, 1016), _numbers),
    **dict.fromkeys((1009, 1015), _texts),
    1082: lambda value: date.fromisoformat(value.decode()),
    1184: _moment,
    3802: loads,
}
"""PostgreSQL's number of a type → how its text is read; of any other, psycopg is asked."""
