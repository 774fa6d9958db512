"""The finder: tickets, people, solutions and guides for a few typed words (palette, search).

Also the names a desk knows for a term of the query language: what a completion offers.
"""

from collections.abc import Sequence
from functools import lru_cache

from deskterm.domain.old_desks import foreign_forms
from deskterm.domain.patterns import pattern
from deskterm.domain.rows import Found
from deskterm.storage.driver import Database, Row
from deskterm.storage.reads.people import people_like
from deskterm.storage.reads.ranking import ranked_tickets
from deskterm.storage.search import TYPED, fold, tokens

_NUMBER = pattern(r"\s*#?(\d{1,15})\s*\Z")
_PROBLEM = pattern(r"\s*[pP](\d{1,9})\s*\Z")
_SOLUTION = pattern(r"\s*[sS](\d{1,15})\s*\Z")


def find(database: Database, text: str, limit: int = 10) -> list[Found]:
    """Give what the words may mean, at most `limit` of each kind: an exact number first, then
    people whose name it is.

    The last word may be unfinished. Below two characters nothing is found.
    """
    text = text[:TYPED]
    if len(text.strip().lstrip("#")) < 2 and not _NUMBER.match(text):
        return []
    people = _people(database, text, limit)
    named = [one for one in people if _is_named(one, text)]
    return [
        *_exact(database, text),
        *named,
        *tickets(database, text, limit),
        *(one for one in people if one not in named),
        *solutions(database, text, limit),
        *_problems(database, text, limit),
        *_guides(database, text, limit),
    ]


def _is_named(person: Found, text: str) -> bool:
    """Tell whether every typed word begins a word of a person's name: they come before tickets."""
    names = tokens(person.title)
    typed = tokens(text)
    return bool(typed) and all(any(name.startswith(word) for name in names) for word in typed)


def _exact(database: Database, text: str) -> list[Found]:
    """The ticket of that number, or of that number in another system; the solution S12."""
    match = _NUMBER.match(text)
    if match:
        number = int(match.group(1))
        rows = database.all(
            "SELECT id FROM ticket WHERE id = :id OR foreign_id IN :foreign "
            "ORDER BY id = :id DESC, id LIMIT 3",
            id=number,
            foreign=foreign_forms(match.group(1)),
        )
        return _tickets(database, [row["id"] for row in rows])
    match = _SOLUTION.match(text)
    if match:
        rows = database.all(f"{_SOLUTIONS} WHERE s.id = :id", id=int(match.group(1)))
        return [_solution(row) for row in rows]
    match = _PROBLEM.match(text)
    if match:
        rows = database.all(f"{_PROBLEMS} WHERE p.id = :id", id=int(match.group(1)))
        return [_problem(row) for row in rows]
    return []


def tickets(database: Database, text: str, limit: int = 10) -> list[Found]:
    """Give the tickets that hold all words, best first; the last word may be unfinished."""
    return _tickets(database, ranked_tickets(database, text, limit))


def _tickets(database: Database, numbers: Sequence[int]) -> list[Found]:
    rows = database.all(
        "SELECT t.id, t.subject, t.state, t.urgent, p.name FROM ticket t "
        "LEFT JOIN person p ON p.id = t.requester_id WHERE t.id IN :ids",
        ids=numbers,
    )
    known = {row["id"]: row for row in rows}
    return [
        Found("ticket", str(number), known[number]["subject"], _detail(known[number]))
        for number in numbers
        if number in known
    ]


def _detail(row: Row) -> str:
    parts = [row["state"], "urgent" if row["urgent"] else "", row["name"] or ""]
    return " · ".join(part for part in parts if part)


def _people(database: Database, text: str, limit: int) -> list[Found]:
    return [
        Found(
            "person",
            str(one.id),
            one.name or (one.addresses[0] if one.addresses else ""),
            " · ".join(part for part in (one.department, *one.addresses[:1], one.phone) if part),
        )
        for one in people_like(database, text, limit)
    ]


_SOLUTIONS = "SELECT s.id, s.title, s.confidence, s.audience, s.worked, s.failed FROM solution s"


def solutions(database: Database, text: str, limit: int = 10) -> list[Found]:
    """Give the solutions that hold all words, those with the words in the title first.

    Solutions are few: every one is looked at. Archived ones come last.
    """
    held = "title symptoms environment cause resolution tip"
    ordered = "s.confidence = 'archived', s.worked - s.failed DESC, s.id DESC"
    rows = _holding(database, _with(_SOLUTIONS, "s", held, ordered), text)
    rows.sort(key=lambda row: row["confidence"] == "archived")
    return [_solution(row) for row in rows[:limit]]


def _with(select: str, alias: str, fields: str, ordered: str) -> str:
    """Give the statement of all rows with the text of their fields, in an order."""
    text = " || ' ' || ".join(f"{alias}.{name}" for name in fields.split())
    return f"{select.replace(' FROM ', f', {text} AS held FROM ', 1)} ORDER BY {ordered}"


def _holding(database: Database, statement: str, text: str) -> list[Row]:
    """Give the rows that hold all words of a text however they are written, titles first."""
    words = fold(text).split()[:8]
    if not words:
        return []
    rows = [
        row
        for row in database.all(statement)
        if all(word in folded for folded in (_folded(row["held"]),) for word in words)
    ]
    return sorted(rows, key=lambda row: words[0] not in fold(row["title"]))


_folded = lru_cache(maxsize=2_000)(fold)
"""Of texts that are searched with each key that is typed."""


def _solution(row: Row) -> Found:
    tried = row["worked"] + row["failed"]
    share = f"worked {row['worked']} of {tried}" if tried else ""
    detail = " · ".join(part for part in (row["confidence"], row["audience"], share) if part)
    return Found("solution", str(row["id"]), row["title"], detail)


_PROBLEMS = "SELECT p.id, p.title, p.state FROM problem p"


def _problems(database: Database, text: str, limit: int) -> list[Found]:
    """The problems that hold all words, those with the words in the title first."""
    held = "title cause workaround reproduction model os"
    rows = _holding(database, _with(_PROBLEMS, "p", held, "p.id DESC"), text)
    return [_problem(row) for row in rows[:limit]]


def _problem(row: Row) -> Found:
    return Found("problem", str(row["id"]), row["title"], row["state"])


_GUIDES = (
    "SELECT g.slug, g.title, g.version, g.slug || ' ' || g.title AS named, g.source AS held "
    "FROM guide g WHERE g.active ORDER BY g.title, g.version DESC"
)
_SHORT = 4
"""A shorter word is looked for as a whole word in a guide's text: it is a part of many others."""


def _guides(database: Database, text: str, limit: int) -> list[Found]:
    """The guides in use that hold all words, those that hold them in the title first."""
    words = fold(text).split()[:8]
    if not words:
        return []
    found = []
    for row in database.all(_GUIDES):
        named = fold(row["named"])
        if all(word in named or _is_in(word, row["held"]) for word in words):
            found.append((not all(word in named for word in words), row))
    found.sort(key=lambda one: one[0])
    return [
        Found("guide", row["slug"], row["title"], f"version {row['version']}")
        for _, row in found[:limit]
    ]


def _is_in(word: str, text: str) -> bool:
    folded = _folded(text)
    if len(word) >= _SHORT or word not in folded:
        return word in folded
    return word in tokens(folded)
