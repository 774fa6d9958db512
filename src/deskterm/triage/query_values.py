"""What each term of a query takes: values checked and brought to the form that is stored."""

from datetime import UTC, datetime

from deskterm.domain.patterns import pattern
from deskterm.triage import spans
from deskterm.triage.near import suggestion
from deskterm.triage.query_tree import QueryError
from deskterm.triage.terms import OPERATORS, TICKETS, TermKind, Vocabulary, choice

Place = tuple[str, int]
"""The query's text and a position in it."""

_NUMBER = pattern(r"(?:#|[sStTpP](?=\d))?(\d{1,15})\Z")
_LENGTH = pattern(r"(?:(\d{1,6})h)?(?:(\d{1,6})m?)?\Z")
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def value(field: str, operator: str, text: str, place: Place, known: Vocabulary = TICKETS) -> str:
    """Give the value of a term as it is compared; raises QueryError with what is possible."""
    kind = known.terms.get(field) or TermKind("text", "")
    allowed = OPERATORS.get(kind.kind, (":",))
    if operator not in allowed:
        takes = " or ".join(f"'{one}'" for one in allowed if one in (":", "<", ">"))
        raise QueryError(f"'{field}' takes {takes}, not '{operator}'", *place, allowed)
    if text.lower() in kind.choices and kind.kind != "choice" and operator == ":":
        return text.lower()
    if kind.kind == "choice":
        return _choice(field, kind, text, place)
    if kind.kind in ("number", "count"):
        return _number(field, text, place)
    if kind.kind == "length":
        return _length(field, text, place)
    if kind.kind in ("date", "span"):
        return _time(field, kind.kind, operator, text, place)
    return text


def _choice(field: str, kind: TermKind, text: str, place: Place) -> str:
    wanted = choice(field, text)
    if wanted in kind.choices:
        return wanted
    hint = suggestion(wanted, kind.choices)
    possible = f"possible: {', '.join(kind.choices)}"
    raise QueryError(
        f"'{field}:' does not know '{text[:40]}'; {hint + ' ' if hint else ''}{possible}",
        *place,
        kind.choices,
    )


def _number(field: str, text: str, place: Place) -> str:
    match = _NUMBER.match(text)
    if not match:
        raise QueryError(f"'{field}:' takes numbers, such as {field}:12", *place)
    return match.group(1).lstrip("0") or "0"


def _time(field: str, kind: str, operator: str, text: str, place: Place) -> str:
    if kind == "span" and not all(map(spans.span, text.split(".."))):
        raise QueryError(f"'{field}' takes {spans.SPAN_HELP}", *place)
    if kind == "span" and operator == ":" and ".." not in text:
        raise QueryError(
            f"'{field}:' needs a direction: {field}>{text} is older, {field}<{text} is newer",
            *place,
            ("<", ">"),
        )
    try:
        spans.bounds(operator, text, _SOME_DAY, UTC)
    except ValueError as error:
        raise QueryError(f"'{field}': {error}", *place, spans.WORDS) from None
    return text.lower()


def _length(field: str, text: str, place: Place) -> str:
    """Give a length of work in seconds."""
    match = _LENGTH.match(text.lower())
    if not match or not any(match.groups()):
        raise QueryError(f"'{field}' takes a length of work, such as 30m, 2h or 1h30", *place)
    hours, minutes = (int(one or 0) for one in match.groups())
    return str(hours * 3600 + minutes * 60)


def missing(name: str, place: Place, known: Vocabulary = TICKETS) -> QueryError:
    """Give the refusal of a term without a value."""
    kind = known.terms.get(name.lower())
    if kind is None:
        return QueryError(f"'{name}' needs a value", *place)
    if kind.kind in ("date", "span"):
        possible = spans.DATE_HELP if kind.kind == "date" else spans.SPAN_HELP
    else:
        possible = ", ".join(kind.choices) or kind.help
    return QueryError(f"'{name}' needs a value: {possible}", *place, kind.choices)


def searchable(text: str, place: Place) -> None:
    """Refuse a search for less than two characters."""
    if len(text.strip().rstrip("*")) < 2:
        raise QueryError("a word to search for needs two characters at least", *place)
