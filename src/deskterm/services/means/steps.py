"""The steps of a macro: requests with placeholders, written a line each, kept as JSON.

`take` · `reply text=::vpn` · `set category=network/vpn urgent=yes field.os=Windows` ·
`escalate group="second level" summary="VPN of {device}"`. A line may be the request's JSON, too.
"""

import json
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from types import NoneType
from typing import TYPE_CHECKING, get_args

from deskterm.domain.asking import Request, request_of
from deskterm.domain.errors import DeskError, NotFoundError, RefusedError, UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.text import storable
from deskterm.guides.facts import placeholders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskterm.domain.asking import How
    from deskterm.domain.rows import Done
    from deskterm.services.tickets.act import Act
    from deskterm.services.tickets.operation import Tickets
    from deskterm.storage.driver import Database
    from deskterm.storage.ticket.hold import Hold

    Asks = Callable[[Database, int], Iterator[Request]]


Step = Mapping[str, object]
_MODULES = ("verbs", "questions", "visits", "times", "checklists")
"""Where requests are declared."""
_MOST = 20
_CALLED = {"change": "set", "mark": "step"}
"""The request's own word → how it is written, as commands have it."""
_NAMED = {written: name for name, written in _CALLED.items()}
_FIELD = "field."
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\"}
_ESCAPED = pattern(r"\\(.)")
_FLAGS = {"yes": True, "no": False, "true": True, "false": False}


def read_steps(text: str) -> list[Step]:
    """Give the steps that a text names; raises UsageError naming the line."""
    text = storable(text).strip()
    if text.startswith("["):
        found = _json(text)
        steps = found if isinstance(found, list) else [found]
    else:
        steps = [_line(number, line) for number, line in enumerate(_lines(text), 1)]
    if len(steps) > _MOST:
        raise UsageError(f"{len(steps)} steps are too many; {_MOST} at most.")
    return [request_json(number, step) for number, step in enumerate(steps, 1)]


def request_json(number: int, step: object) -> Step:
    """Give a step as the request's own JSON; raises UsageError for what it cannot be."""
    if not isinstance(step, dict):
        raise UsageError(f"step {number}: {str(step)[:60]!r} is no request.")
    kind_named(number, str(step.get("do")))
    try:
        asked = request_of(step)
    except UsageError as error:
        raise UsageError(f"step {number}: {error}") from None
    if wrong := asked.check():
        raise UsageError(f"step {number}: {wrong}")
    return asked.to_json()


def kind_named(number: int, name: str) -> type[Request]:
    """Give the kind of request of that word; raises UsageError naming those there are."""
    for module in _MODULES:
        import_module(f"deskterm.domain.{module}")
    if name not in Request.kinds:
        known = ", ".join(sorted(_CALLED.get(one, one) for one in Request.kinds))
        raise UsageError(f"step {number}: there is no verb {name[:40]!r}; there are {known}.")
    return Request.kinds[name]


def _lines(text: str) -> Iterator[str]:
    """Give the lines; one goes on where a quotation mark is still open."""
    begun = ""
    for line in text.split("\n"):
        begun = f"{begun}\n{line}" if begun else line.strip()
        if begun and _words(begun) is not None:
            yield begun.strip()
            begun = ""
    if begun:
        yield begun.strip()


def _words(line: str) -> list[str] | None:
    """Give the words of a line; None where a quotation mark has no end."""
    if line.startswith("{"):
        return [line]
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters, lexer.escape = True, "", ""
    try:
        return list(lexer)
    except ValueError:
        return None


def _json(text: str) -> object:
    try:
        found: object = json.loads(text)
    except ValueError as error:
        raise UsageError(f"steps are lines such as `take`, or JSON: {error}.") from None
    return found


def _line(number: int, line: str) -> object:
    if line.startswith("{"):
        return _json(line)
    words = _words(line)
    if words is None:
        raise UsageError(f"step {number}: a quotation mark has no end in {line[:60]!r}.")
    given: dict[str, list[str]] = {}
    for word in words[1:]:
        name, sign, value = word.partition("=")
        if not sign:
            raise UsageError(f"step {number}: {word[:40]!r}? Write name=value, as text='Hello'.")
        given.setdefault(name.replace("-", "_"), []).append(_unescaped(value))
    return _step(number, _NAMED.get(words[0], words[0]), given)


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda one: _ESCAPES.get(one[1], one[0]), value)


def _step(number: int, name: str, given: Mapping[str, list[str]]) -> Step:
    """Give the JSON of a request from what was written, by the types of its fields."""
    kind = kind_named(number, name)
    step: dict[str, object] = {"do": name}
    fields = {}
    for field, texts in given.items():
        if field.startswith(_FIELD):
            fields[field.removeprefix(_FIELD)] = texts[-1]
        elif field in kind.hints:
            step[field] = _typed(number, field, kind.hints[field], texts)
        else:
            known = ", ".join(kind.hints) or "no values"
            raise UsageError(f"step {number}: {name} has no {field[:40]!r}; it has {known}.")
    return step | ({"fields": fields} if fields else {})


def _typed(number: int, field: str, hint: object, texts: list[str]) -> object:
    parts = get_args(hint)
    if parts and parts[-1] is Ellipsis:
        return list(texts)
    inner = next((one for one in parts if one is not NoneType), hint) if parts else hint
    text = texts[-1]
    if inner is bool:
        if text.casefold() not in _FLAGS:
            raise UsageError(f"step {number}: {field}={text[:40]!r} is neither yes nor no.")
        return _FLAGS[text.casefold()]
    if inner is int:
        if not (text.isascii() and text.isdigit()):
            raise UsageError(f"step {number}: {field}={text[:40]!r} is no number.")
        return int(text[:9])
    return text


# --- back ----------------------------------------------------------------------------------


def written(step: Step) -> str:
    """Give a step as it is written, a line."""
    name = str(step["do"])
    parts = [_CALLED.get(name, name)]
    for field, value in step.items():
        if field == "do":
            continue
        if field == "fields" and isinstance(value, Mapping):
            parts += [f"{_FIELD}{key}={_quoted(one)}" for key, one in value.items()]
        elif isinstance(value, list) and all(isinstance(one, str) for one in value):
            parts += [f"{field}={_quoted(one)}" for one in value]
        elif value is None or isinstance(value, str | bool | int):
            parts.append(f"{field}={_quoted(value)}")
        else:
            return json.dumps(dict(step), ensure_ascii=False, sort_keys=True)
    return " ".join(parts)


def _quoted(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value).replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    plain = text and not any(one.isspace() or one in "'\"" for one in text)
    if plain:
        return text
    if '"' not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "'\"'\"'") + "'"


# --- filling in ------------------------------------------------------------------------------


def texts_of(value: object) -> Iterable[str]:
    """Give every text in a step."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts_of(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_of(one)


def places(step: Step) -> tuple[str, ...]:
    """Give the placeholders that a step mentions."""
    return placeholders(*texts_of(step))


def filled(step: Step, fill: Callable[[str], str]) -> Step:
    """Give a step with every text in it filled in."""
    return {key: _filled(one, fill) if key != "do" else one for key, one in step.items()}


def _filled(value: object, fill: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return fill(value)
    if isinstance(value, Mapping):
        return {key: _filled(one, fill) for key, one in value.items()}
    return [_filled(one, fill) for one in value] if isinstance(value, list | tuple) else value


# --- running --------------------------------------------------------------------------------

_MOST_REFUSED = 20
"""So many tickets are left out one by one; where more are refused, nothing is done."""


class _HalfDoneError(Exception):
    """A ticket was refused after some of it was done: all of the operation goes back."""

    def __init__(self, number: int, error: DeskError) -> None:
        super().__init__(str(error))
        self.number = number
        self.error = error


def run_filled(
    tickets: "Tickets",
    numbers: "Sequence[int]",
    asks: "Asks",
    how: "How",
    named: str = "",
) -> "Done":
    """Do on each ticket what `asks` gives for it, as one operation.

    `asks` gives requests one by one, so that each sees what those before it did. On a ticket all
    of it is done or nothing: those that are refused are named in `failed`, the others are done.
    Raises the refusal where nothing is left. `named` is the macro, else it is an
    answer.
    """
    left, failed = list(dict.fromkeys(numbers)), list[tuple[int, str, int]]()
    if tickets.guard is not None:
        verb = "macro" if named else "reply"
        left, refused = tickets.guard.allowed(tickets, left, verb, {"do": verb, "named": named})
        failed += refused
    while True:
        try:
            change = _change(asks, named)
            if named:
                done = tickets.operate("macro", left, change, how)
            else:
                done = tickets.operate("reply", left, change, how)
        except _HalfDoneError as half:
            left.remove(half.number)
            failed.append((half.number, str(half.error), half.error.exit_code))
            if not left or len(failed) > _MOST_REFUSED:
                raise half.error from None
        else:
            return done._replace(failed=(*failed, *done.failed))


def _change(asks: "Asks", named: str) -> "Callable[[Hold, Act], None]":
    def change(held: "Hold", act: "Act") -> None:
        place = 1
        try:
            for asked in asks(held.work.spine, held.id):
                act.do(held, asked)
                place += 1
        except DeskError as error:
            told = _in_step(named, place, error) if named else error
            raise _HalfDoneError(held.id, told) from error

    return change


def _in_step(named: str, place: int, error: DeskError) -> DeskError:
    """Give an error that says in which step it came."""
    kind = type(error) if type(error) in (UsageError, NotFoundError, RefusedError) else RefusedError
    return kind(f"{named}, step {place}: {error}")
