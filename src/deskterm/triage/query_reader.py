"""Reading a query: one pass from left to right, bounded in depth, terms and values."""

import re
from collections.abc import Iterable

from deskterm.domain.patterns import pattern
from deskterm.triage import query_values as check
from deskterm.triage.near import suggestion
from deskterm.triage.query_tree import Either, Every, Node, Not, QueryError, Sort, Term
from deskterm.triage.terms import TICKETS, Vocabulary

MAX_DEPTH = 30
MAX_TERMS = 100
MAX_VALUES = 1_000

_OPERATOR = pattern(
    r"([A-Za-z][A-Za-z-]{0,30}|[Ff][Ii][Ee][Ll][Dd]\.[^\s:<>,()\"]{1,60})(:[<>]=?|:|[<>]=?)"
)
_WORD = pattern(r"(or|and|not)(?![^\s()])", re.IGNORECASE)
_NUMBER = pattern(r"#(\d{1,15}(?:,#?\d{1,15}|,\s{1,9}#\d{1,15})*)(?![^\s()])")
_BARE = pattern(r"\d{1,15}(?:,\s{0,9}\d{1,15})*(?![^\s()])")
"""A number without any sign: a ticket, or a word of its text."""
_SPACE = pattern(r"\s*")
_EQUALS = pattern(r"([A-Za-z][A-Za-z-]{0,30})=(?=[^\s=])")
_QUOTES = str.maketrans("\u201c\u201d\u201e\u201f", '""""')
"""Quotes as word processors write them."""


class Reader:
    """One pass over the text, from left to right."""

    def __init__(self, text: str, vocabulary: Vocabulary = TICKETS) -> None:
        self.text = text.translate(_QUOTES)
        self.known = vocabulary
        self.at = 0
        self.terms = 0
        self.values = 0
        self.sort: list[Sort] = []

    def error(self, sentence: str, at: int | None = None) -> QueryError:
        """Give the refusal at a position, or where the reader stands."""
        return QueryError(sentence, self.text, self.at if at is None else at)

    def more(self) -> bool:
        """Skip spaces; tell whether anything is left."""
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at < len(self.text)

    def word(self) -> str:
        """Give the joining word that stands here, lower case, or the empty string."""
        match = _WORD.match(self.text, self.at) if self.more() else None
        return match.group(1).lower() if match else ""

    def either(self, depth: int) -> Node | None:
        """Read parts joined by `or`."""
        parts = [self.every(depth)]
        while self.word() == "or":
            self.at += 2
            if not self.more() or self.text[self.at] == ")":
                raise self.error("after 'or' another term is needed")
            parts.append(self.every(depth))
        if len(parts) > 1 and None in parts:
            raise self.error("'sort:' cannot be one side of 'or'", 0)
        known = tuple(part for part in parts if part is not None)
        return Either(known) if len(known) > 1 else (known[0] if known else None)

    def every(self, depth: int) -> Node | None:
        """Read parts that stand side by side, up to `or`, `)` or the end."""
        parts: list[Node] = []
        first = True
        while self.more() and self.text[self.at] != ")":
            word = self.word()
            if word == "or":
                if first:
                    raise self.error("before 'or' a term is needed; write \"or\" for the word")
                break
            if word == "and":
                self._and(first)
            part = self.one(depth)
            first = False
            if part is not None:
                parts.append(part)
        parts = _listed(parts, self.text)
        return Every(tuple(parts)) if len(parts) > 1 else (parts[0] if parts else None)

    def _and(self, first: bool) -> None:
        start = self.at
        self.at += 3
        if first or not self.more() or self.text[self.at] == ")" or self.word() in ("or", "and"):
            raise self.error("'and' needs a term on both sides; write \"and\" for the word", start)

    def one(self, depth: int) -> Node | None:
        """Read one part: a term, a group in parentheses, or the opposite of one."""
        if depth >= MAX_DEPTH:
            raise self.error(f"more than {MAX_DEPTH} levels of parentheses and 'not'")
        self.terms += 1
        if self.terms > MAX_TERMS or self.values > MAX_VALUES:
            raise self.error(
                f"more than {MAX_TERMS} terms or {MAX_VALUES} values; "
                "name ids on standard input instead"
            )
        if self.word() == "not" or self.text[self.at] == "-":
            return self._opposite(depth)
        if self.text[self.at] == "(":
            return self._group(depth)
        return self._term()

    def _opposite(self, depth: int) -> Node:
        start = self.at
        sign = "-" if self.text[self.at] == "-" else "not"
        self.at += len(sign)
        behind = self.text[self.at : self.at + 1]
        if (sign == "-" and (not behind or behind.isspace())) or not self.more() or behind == ")":
            raise self.error(f"after '{sign}' a term is needed; quote it to search the sign", start)
        if self.word() in ("or", "and"):
            raise self.error(f"after '{sign}' a term is needed", start)
        part = self.one(depth + 1)
        if part is None:
            raise self.error(
                f"'sort:' has no opposite; use sort:{next(iter(self.known.sorts))}-asc", start
            )
        return Not(part)

    def _group(self, depth: int) -> Node:
        start = self.at
        self.at += 1
        sorts = len(self.sort)
        part = self.either(depth + 1) if self.more() else None
        if not self.more():
            raise self.error("this '(' is never closed", start)
        self.at += 1
        if len(self.sort) > sorts:
            raise self.error("'sort:' stands outside of parentheses", start)
        if part is None:
            raise self.error('empty parentheses; write "()" to search the signs', start)
        return part

    def _term(self) -> Node | None:
        start = self.at
        number = _NUMBER.match(self.text, self.at)
        if number:
            self.at = number.end()
            return self._tickets(number.group(1), start)
        bare = _BARE.match(self.text, self.at)
        if bare:
            return self._bare(bare, start)
        named = _OPERATOR.match(self.text, self.at)
        if named and not self.text.startswith("//", named.end()):
            name = self.known.same.get(named.group(1).lower(), named.group(1))
            operator = named.group(2).removeprefix(":") or ":"
            if self._known(name, named.end()):
                self.at = named.end()
                return self._field(name, operator, start)
        equals = _EQUALS.match(self.text, self.at)
        if equals and (term := equals[1].lower()) in self.known.terms:
            raise self.error(f"write '{term}:' for '{equals[0]}', or quote it to search the text")
        return self._text(start)

    def _tickets(self, text: str, start: int) -> Term:
        numbers = [one.strip() for one in text.replace("#", "").split(",")]
        self.values += len(numbers)
        return Term("id", ":", tuple(one.lstrip("0") or "0" for one in numbers), start)

    def _bare(self, number: re.Match[str], start: int) -> Node:
        """Read what may be a ticket or a word; one digit is no word."""
        self.at = number.end()
        tickets = self._tickets(number.group(), start)
        words = tuple(one.strip() for one in number.group().split(","))
        if any(len(word) < 2 for word in words):
            return tickets
        return Either((tickets, Term("text", ":", words, start)))

    def _known(self, name: str, behind: int) -> bool:
        """Tell a term from a word that ends in a colon; refuse what looks like a term."""
        lower = name.lower()
        known = self.known
        special = (lower == "sort" and known.sorts) or (lower.startswith("field.") and known.fields)
        if lower in known.terms or special:
            return True
        if behind >= len(self.text) or self.text[behind].isspace():
            return False
        if lower in known.other_words:
            hint = f"here it is called '{known.other_words[lower]}:'"
        else:
            names = known.names
            listed = ", ".join(f"{one}:" for one in names)
            hint = suggestion(lower, names) or f"there are {listed}"
        raise self.error(f"there is no term '{name}:'; {hint} (quote it to search for the text)")

    def _field(self, name: str, operator: str, start: int) -> Node | None:
        where = self.at
        values = self._values(name)
        if name.lower() == "sort":
            if operator != ":":
                raise self.error("'sort' takes ':'", start)
            self.sort.extend(
                read_sort(value, self.text, at, self.known.sorts) for value, at in values
            )
            return None
        field = name if name.lower().startswith("field.") else name.lower()
        if field is name:
            field = "field." + name[6:]
        known = tuple(
            check.value(field, operator, value, (self.text, at if value else where), self.known)
            for value, at in values
        )
        return Term(field, operator, known, start)

    def _values(self, name: str) -> list[tuple[str, int]]:
        values = []
        while True:
            start = self.at
            quoted = self.text[self.at : self.at + 1] == '"'
            value = self._quoted() if quoted else self._run(",")
            if not value.strip():
                raise check.missing(name, (self.text, start), self.known)
            values.append((value, start))
            self.values += 1
            if self.text[self.at : self.at + 1] != ",":
                break
            self.at += 1
        if self.at < len(self.text) and not self.text[self.at].isspace() and self._char() != ")":
            raise self.error("a space is needed between two terms")
        return values

    def _text(self, start: int) -> Term:
        words = []
        while True:
            at = self.at
            quoted = self._char() == '"'
            word = self._quoted() if quoted else self._run(",")
            if word or quoted:
                check.searchable(word, (self.text, at))
                words.append(word)
            if self._char() != ",":
                break
            self.at += 1
        if not words:
            check.searchable("", (self.text, start))
        self.values += len(words)
        return Term("text", ":", tuple(words), start)

    def _char(self) -> str:
        return self.text[self.at : self.at + 1]

    def _run(self, stops: str) -> str:
        """Read up to a space, a stop or a ')' that was not opened inside."""
        start, inside = self.at, 0
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign.isspace() or sign in stops or (sign == ")" and not inside):
                break
            inside += (sign == "(") - (sign == ")")
            self.at += 1
        return self.text[start : self.at]

    def _quoted(self) -> str:
        start = self.at
        letters = []
        self.at += 1
        while self._char() not in ("", '"'):
            if self._char() == "\\" and self.text[self.at + 1 : self.at + 2] in ('"', "\\"):
                self.at += 1
            letters.append(self._char())
            self.at += 1
        if not self._char():
            raise self.error("this '\"' is never closed", start)
        self.at += 1
        return "".join(letters)


_DOWNWARD = ("age", "created", "updated", "closed", "urgent")


def read_sort(value: str, text: str, at: int, sorts: Iterable[str] = TICKETS.sorts) -> Sort:
    """Give the sort that a value means; `text` and `at` are for the refusal."""
    key, dash, direction = value.lower().rpartition("-")
    if not dash:
        key, direction = value.lower(), "desc" if value.lower() in _DOWNWARD else "asc"
    if direction not in ("asc", "desc"):
        raise QueryError(
            f"the direction '{direction}' is neither asc nor desc", text, at, ("asc", "desc")
        )
    known = tuple(sorts)
    if key not in known:
        hint = suggestion(key, known) or f"possible: {', '.join(known)}"
        raise QueryError(f"nothing is sorted by '{key[:40]}'; {hint}", text, at, known)
    return Sort(key, direction == "desc")


def _listed(parts: list[Node], text: str) -> list[Node]:
    """Read numbers that stand side by side as one list of tickets: no ticket has two."""
    lists = [one for one in parts if _is_list(one, text)]
    if len(lists) < 2:
        return parts
    words: list[Node] = []
    named: list[str] = []
    for one in lists:
        tickets = one.parts[0] if isinstance(one, Either) else one
        named += tickets.values if isinstance(tickets, Term) else ()
        words += one.parts[1:] if isinstance(one, Either) else ()
    first = parts.index(lists[0])
    found: Node = Term("id", ":", tuple(dict.fromkeys(named)), _start(lists[0]))
    if len(words) == len(lists):
        found = Either((found, Every(tuple(words))))
    return [*parts[:first], found, *(one for one in parts[first:] if one not in lists)]


def _is_list(node: Node, text: str) -> bool:
    """Tell whether numbers were written without a term's name: `#12,#13`, `12`."""
    at = _start(node)
    return at >= 0 and (text[at : at + 1] == "#" or text[at : at + 1].isdigit())


def _start(node: Node) -> int:
    """Give where a list of tickets begins, -1 for any other node."""
    if isinstance(node, Either):
        node = node.parts[0]
    return node.at if isinstance(node, Term) and node.field == "id" else -1
