"""What can follow in a query: offers for the place where the cursor stands (filter line, shell)."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.triage import spans
from deskterm.triage.query import quote
from deskterm.triage.terms import OPERATORS, SORTS, TERMS

Names = Callable[[str], Sequence[str]]
"""Gives the names the desk knows for a term (`category`, `group`, `field`, `field.os` …)."""

MOST = 80
"""No more offers than this."""

_BEGIN = pattern(r"[-(]*(?:not\s+)?")
_VALUED = pattern(r"((?:[A-Za-z]+)(?:\.[^\s:<>,()\"]+)?)(:[<>]=?|:|[<>]=?)")
_SPANS = ("1h", "4h", "1d", "2d", "1w", "2w", "1mo", "3mo")


class Offer(NamedTuple):
    """One thing that can stand there, and what it means."""

    text: str
    help: str


class Completion(NamedTuple):
    """Offers that may replace the text from `start` to `end`."""

    start: int
    end: int
    offers: tuple[Offer, ...]


def complete(text: str, cursor: int, names: Names) -> Completion:
    """Give what can stand at the cursor; inside a phrase there is nothing to offer."""
    cursor = max(0, min(cursor, len(text)))
    start = _word_start(text, cursor)
    begun = _BEGIN.match(text, start, cursor)
    start = begun.end() if begun else start
    word = text[start:cursor]
    if word.startswith('"'):
        return Completion(start, cursor, ())
    valued = _VALUED.match(word)
    if not valued:
        return Completion(start, cursor, _fitting(word, _term_offers(names)))
    field, operator = valued.group(1), valued.group(2)
    at = start + valued.end()
    comma = text.rfind(",", at, cursor)
    at = max(at, comma + 1)
    typed = text[at:cursor].strip('"')
    return Completion(at, cursor, _fitting(typed, _value_offers(field, operator, names)))


def _word_start(text: str, cursor: int) -> int:
    """Where the word under the cursor begins; quoted spaces belong to it."""
    start, quoted = 0, False
    for place, sign in enumerate(text[:cursor]):
        if sign == '"' and (quoted or place == start or text[place - 1] in ":,<>=(-"):
            quoted = not quoted
        elif sign.isspace() and not quoted:
            start = place + 1
    return start


def _fitting(typed: str, offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """Keep what begins with the typed letters first, then what holds them."""
    wanted = typed.casefold()
    begin, inside = [], []
    for offer in offers:
        plain = offer.text.strip('"').casefold()
        if plain.startswith(wanted):
            begin.append(offer)
        elif wanted in plain:
            inside.append(offer)
    return tuple((begin + inside)[:MOST])


def _term_offers(names: Names) -> list[Offer]:
    offers = [Offer(f"is:{value}", "") for value in TERMS["is"].choices]
    for name, kind in TERMS.items():
        signs = OPERATORS.get(kind.kind, (":",))
        if name != "is":
            compared = name == "age" or kind.kind in ("count", "length")
            offers.append(Offer(name + (">" if compared else signs[0]), kind.help))
    offers += [Offer(f"field.{name}:", "a field of the desk's own") for name in names("field")]
    offers.append(Offer("sort:", "the order, such as sort:age-desc"))
    return [*offers, Offer("or", "either side"), Offer("not", "the opposite")]


def _value_offers(field: str, operator: str, names: Names) -> list[Offer]:
    lower = field.lower()
    if lower == "sort":
        ways = ((f"{key}-{way}", text) for key, text in SORTS.items() for way in ("asc", "desc"))
        return [Offer(*one) for one in ways if not one[0].startswith("board")]
    if lower.startswith("field."):
        return [Offer(quote(name), "") for name in (*names("field." + field[6:]), "none")]
    kind = TERMS.get(lower)
    if kind is None:
        return []
    if kind.kind == "span" or (kind.kind == "date" and operator != ":"):
        return [Offer(span, _ago(operator, span)) for span in _SPANS]
    if kind.kind == "date":
        return [Offer(word, kind.help) for word in (*spans.WORDS, *_SPANS)]
    known = names(lower) if kind.kind in ("name", "text") else ()
    return [
        *(Offer(value, kind.help) for value in kind.choices),
        *(Offer(quote(name), kind.help) for name in known),
    ]


def _ago(operator: str, span: str) -> str:
    older = ">" in operator
    return f"{'more' if older else 'less'} than {span} ago"
