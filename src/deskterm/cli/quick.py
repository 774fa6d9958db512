"""The quick reading of a command line: what is plain is read without loading typer.

`read` answers only where every word is exactly what the verb declares; whatever else there is -
help, completion, a slip, a missing value, a word that begins with a dash - is left to typer, which
says what is wrong. A test reads command lines of every verb in both ways and compares.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import UnionType
from typing import get_args, get_origin

from deskterm.cli.nouns import noun_of
from deskterm.cli.options import REQUIRED, Argument, Option, Part, parts
from deskterm.cli.session import flags

_ROOT = {"--db": "db", "--as": "as_login"}
_KINDS: dict[object, Callable[[str], object]] = {str: str, int: int, Path: Path}


class _NotPlainError(Exception):
    """There is a word that typer has to read."""


def read(arguments: list[str]) -> Callable[[], object] | None:
    """Give what the command line asks for, ready to run; None where typer must read it."""
    if "_DESKTERM_COMPLETE" in os.environ:
        return None
    try:
        return _read(list(arguments))
    except _NotPlainError:
        return None


def _read(words: list[str]) -> Callable[[], object]:
    root: dict[str, str | None] = dict.fromkeys(_ROOT.values())
    while words and words[0].startswith("-"):
        name, equals, value = words.pop(0).partition("=")
        if name not in _ROOT:
            raise _NotPlainError
        root[_ROOT[name]] = value if equals else _next(words)
    noun = noun_of(_next(words))
    verb = noun and (noun.alone or noun.find(_next(words)))
    if not verb:
        raise _NotPlainError
    given = _Reading(parts(verb.function)).read(words)

    def run() -> object:
        flags.db, flags.as_login = root["db"], root["as_login"]
        return verb.function(**given)

    return run


def _next(words: list[str]) -> str:
    """Give the next word; one that begins with a dash may be an option that lost its value."""
    if not words or (words[0].startswith("-") and words[0] != "-"):
        raise _NotPlainError
    return words.pop(0)


class _Reading:
    """The words after the verb, read by what it declares."""

    def __init__(self, takes: tuple[Part, ...]) -> None:
        self._options: dict[str, tuple[Part, bool]] = {}
        self._arguments: list[Part] = []
        self._given: dict[str, str | bool] = {}
        self._several: dict[str, list[str]] = {}
        for part in takes:
            if isinstance(part.how, Argument):
                self._arguments.append(part)
            else:
                self._options.update(_names(part, part.how))
        self._takes = takes

    def read(self, words: list[str]) -> dict[str, object]:
        """Give the value of each parameter; raises _NotPlainError."""
        plain: list[str] = []
        while words:
            word = words.pop(0)
            if word == "--":
                plain += words
                break
            if word.startswith("-") and word != "-":
                self._option(word, words)
            else:
                plain.append(word)
        self._place(plain)
        return {part.name: self._value(part) for part in self._takes}

    def _option(self, word: str, words: list[str]) -> None:
        name, equals, value = word.partition("=")
        found = self._options.get(name)
        if found is None or (equals and not name.startswith("--")):
            raise _NotPlainError
        part, positive = found
        if _one(part) is bool:
            if equals:
                raise _NotPlainError
            self._given[part.name] = positive
        elif _many(part):
            self._several.setdefault(part.name, []).append(value if equals else _next(words))
        else:
            self._given[part.name] = value if equals else _next(words)

    def _place(self, plain: list[str]) -> None:
        for part in self._arguments:
            if _many(part):
                if part is not self._arguments[-1]:
                    raise _NotPlainError
                self._several[part.name] = plain
                return
            if plain:
                self._given[part.name] = plain.pop(0)
        if plain:
            raise _NotPlainError

    def _value(self, part: Part) -> object:
        if several := self._several.get(part.name):
            return [_converted(part, one) for one in several]
        given = self._given.get(part.name)
        if given is None:
            if part.default is REQUIRED:
                raise _NotPlainError
            return part.default
        return given if isinstance(given, bool) else _converted(part, given)


def _names(part: Part, how: Option) -> Iterator[tuple[str, tuple[Part, bool]]]:
    """Give each spelling of an option, and whether it says yes where it is a switch."""
    if "callback" in how.given:
        raise _NotPlainError
    own = f"--{part.name.replace('_', '-')}"
    both = f"{own}/--no-{own[2:]}" if _one(part) is bool else own
    for spelling in how.flags or (both,):
        yes, _, no = spelling.partition("/")
        yield yes, (part, True)
        if no:
            yield no, (part, False)


def _one(part: Part) -> object:
    """Give the type of one value: what is left of a union with None, of a list."""
    kind = part.kind
    if isinstance(kind, UnionType):
        kind = next(one for one in get_args(kind) if one is not type(None))
    return get_args(kind)[0] if get_origin(kind) is list else kind


def _many(part: Part) -> bool:
    kinds = get_args(part.kind) if isinstance(part.kind, UnionType) else (part.kind,)
    return any(get_origin(one) is list for one in kinds)


def _converted(part: Part, text: str) -> object:
    reading = _KINDS.get(_one(part))
    if reading is None:
        raise _NotPlainError
    try:
        value = reading(text)
    except ValueError as error:
        raise _NotPlainError from error
    bounds = part.how.given
    if not bounds.get("min", value) <= value <= bounds.get("max", value):
        raise _NotPlainError
    return value
