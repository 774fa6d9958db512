"""Conditions on what a ticket names by number: categories, groups, people, devices.

Names are few and looked up first, so that an unknown one is refused with what is near.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from deskterm.domain.text import alike
from deskterm.storage.search import fold, like_pattern
from deskterm.triage.query import Term

if TYPE_CHECKING:
    from deskterm.storage.reads.where_base import Terms

Condition = Callable[["Terms", Term], str]

_INDEXED = ("t.category_id", "t.group_id", "t.assignee", "t.foreign_id")


def either_of(parts: Sequence[str]) -> str:
    """Give the condition that one of the parts holds."""
    return parts[0] if len(parts) == 1 else "(" + " OR ".join(parts) + ")"


def some_or_none(compiler: "Terms", expression: str, values: Sequence[object]) -> str:
    """Give the condition that a column holds one of the values, or nothing for `none`."""
    some = [value for value in values if value != "none"]
    parts = []
    if some and expression in _INDEXED:
        parts.append(compiler.leading(expression, compiler.any_of(some)))
    elif some:
        parts.append(f"{expression} {compiler.any_of(some)}")
    if len(some) < len(values):
        parts.append(f"{expression} IS NULL")
    return either_of(parts)


def named(table: str, column: str, what: str) -> Condition:
    """A column that holds the number of something with a name."""

    def condition(compiler: "Terms", term: Term) -> str:
        wanted = numbers_named(compiler, term, (table, column, what))
        return some_or_none(compiler, f"t.{table.removeprefix('desk_')}_id", wanted)

    return condition


def numbers_named(compiler: "Terms", term: Term, source: tuple[str, str, str]) -> list[object]:
    """Give the numbers behind the term's names, which are few: table, column and word for it."""
    table, column, what = source
    rows = compiler.database.all(f"SELECT id, {column} AS name FROM {table} ORDER BY 2")  # noqa: S608 - constants
    known = {row["name"]: int(row["id"]) for row in rows}
    wanted: list[object] = []
    for value in term.values:
        if value == "none":
            wanted.append(value)
            continue
        found = [number for name, number in known.items() if _fits(what, value, name)]
        if not found:
            raise compiler.unknown(term, what, value, list(known))
        wanted += found
    return wanted


def _fits(what: str, value: str, name: str) -> bool:
    wanted, name = alike(value).strip("/ "), alike(name)
    if what != "category":
        return wanted == name
    return f"/{wanted}/" in f"/{name}/"


def of_requester(table: str, what: str) -> Condition:
    """What the requester belongs to; `none` also where there is no requester."""
    belonging = f"SELECT id FROM person WHERE {table}_id"  # noqa: S608 - constants

    def condition(compiler: "Terms", term: Term) -> str:
        wanted = numbers_named(compiler, term, (table, "name", what))
        some = [number for number in wanted if number != "none"]
        parts = []
        if some:
            parts.append(_requester(compiler, f"{belonging} {compiler.any_of(some)}"))
        if len(some) < len(wanted):
            nobody = _requester(compiler, f"{belonging} IS NULL")
            parts.append(f"(t.requester_id IS NULL OR {nobody})")
        return either_of(parts)

    return condition


def _requester(compiler: "Terms", people: str) -> str:
    return compiler.leading("t.requester_id", f"IN ({people})")


def assignee_is(compiler: "Terms", term: Term) -> str:
    """Give the condition on who works on the ticket."""
    rows = compiler.database.all("SELECT login FROM technician ORDER BY login")
    known = {row["login"].casefold(): row["login"] for row in rows}
    wanted = []
    for value in term.values:
        if value == "none":
            wanted.append(value)
        elif value == "me":
            wanted.append(compiler.asked.me)
        elif value.casefold() in known:
            wanted.append(known[value.casefold()])
        else:
            raise compiler.unknown(term, "technician", value, list(known.values()))
    return some_or_none(compiler, "t.assignee", wanted)


def owner_group(compiler: "Terms", term: Term) -> str:
    """Give the condition on a group that the owner belongs to."""
    wanted = numbers_named(compiler, term, ("desk_group", "name", "group"))
    some = [number for number in wanted if number != "none"]
    members = "SELECT login FROM membership"
    parts = []
    if some:
        there = f"IN ({members} WHERE group_id {compiler.any_of(some)})"
        parts.append(compiler.leading("t.assignee", there))
    if len(some) < len(wanted):
        parts.append(f"(t.assignee IS NULL OR t.assignee NOT IN ({members}))")
    return either_of(parts)


def said_of(table: str, column: str, ticket: str) -> Condition:
    """What is written of the requester or the device: department, segment, model.

    A `*` at its end stands for anything; capitals and accents are aside.
    """

    def condition(compiler: "Terms", term: Term) -> str:
        parts = []
        for value, found in written_names(compiler, term, table, (column, column)):
            if value == "none":
                named = f"SELECT id FROM {table} WHERE {column} <> ''"  # noqa: S608 - constants
                parts.append(f"(t.{ticket} IS NULL OR t.{ticket} NOT IN ({named}))")
                continue
            having = f"SELECT id FROM {table} WHERE {column} {compiler.any_of(found)}"  # noqa: S608 - bound
            parts.append(compiler.leading(f"t.{ticket}", f"IN ({having})"))
        return either_of(parts)

    return condition


def written_names(
    compiler: "Terms", term: Term, table: str, column: tuple[str, str]
) -> list[tuple[str, list[str]]]:
    """Give (value, the names as they are written that it means) for each value of a term.

    `column` is its expression and what it is called; `none` means no name.
    """
    expression, called = column
    rows = compiler.database.all(
        f"SELECT DISTINCT {expression} AS name FROM {table} "  # noqa: S608 - constants
        f"WHERE {expression} <> '' ORDER BY 1"
    )
    known = [row["name"] for row in rows]
    given = []
    for value in term.values:
        found = [name for name in known if _like(value, name)] if value != "none" else []
        if not found and value != "none":
            raise compiler.unknown(term, called, value, known)
        given.append((value, found))
    return given


def _like(value: str, name: str) -> bool:
    wanted, name = fold(value), fold(name)
    return name.startswith(wanted[:-1]) if wanted.endswith("*") else name == wanted


_ADDRESS = "SELECT person_id FROM person_address WHERE address"


def from_whom(compiler: "Terms", term: Term) -> str:
    """Give the condition on who reported it: an address, a domain, part of a name, a number."""
    from deskterm.storage.reads.people import called_otherwise  # nothing else of a query asks it

    parts = []
    for value in term.values:
        wanted = value.strip().lower()
        if wanted == "none":
            parts.append("t.requester_id IS NULL")
        elif wanted.startswith("#") and wanted[1:16].isdecimal():
            parts.append(f"t.requester_id = {compiler.bind(int(wanted[1:16]))}")
        elif wanted.find("@") > 0:
            parts.append(_requester(compiler, f"{_ADDRESS} = {compiler.bind(wanted)}"))
        elif wanted.startswith("@"):
            pattern = compiler.bind(like_pattern(wanted)[:-1])
            parts.append(_requester(compiler, f"{_ADDRESS} LIKE {pattern} ESCAPE '!'"))
        else:
            lower = compiler.bind(like_pattern(wanted))
            exact = compiler.bind(like_pattern(value.strip()))
            people = (
                f"SELECT id FROM person WHERE lower(name) LIKE {lower} ESCAPE '!' "  # noqa: S608 - bound
                f"OR name LIKE {exact} ESCAPE '!' UNION {_ADDRESS} LIKE {lower} ESCAPE '!'"
            )
            if folded := called_otherwise(compiler.database, value):
                people += f" UNION SELECT id FROM person WHERE id {compiler.any_of(folded)}"  # noqa: S608 - bound
            parts.append(_requester(compiler, people))
    return either_of(parts)


def on_device(compiler: "Terms", term: Term) -> str:
    """Give the condition on the device's name; a `*` at its end stands for anything."""
    parts = []
    for value in term.values:
        if value == "none":
            parts.append("t.device_id IS NULL")
            continue
        pattern = like_pattern(value.lower())[1:-1]
        if pattern.endswith("*"):
            pattern = pattern[:-1] + "%"
        place = compiler.bind(pattern)
        devices = f"SELECT id FROM device WHERE lower(name) LIKE {place} ESCAPE '!'"  # noqa: S608 - bound
        parts.append(compiler.leading("t.device_id", f"IN ({devices})"))
    return either_of(parts)
