"""What each term of a query asks of a ticket, as SQL conditions."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from deskterm.domain.choices import values
from deskterm.domain.old_desks import foreign_forms
from deskterm.domain.patterns import pattern
from deskterm.domain.vocabulary import OPEN_STATES, STEPS, State
from deskterm.storage.reads.in_hand import stands_in_for
from deskterm.storage.reads.where_names import (
    Condition,
    assignee_is,
    either_of,
    from_whom,
    named,
    numbers_named,
    of_requester,
    on_device,
    owner_group,
    said_of,
    some_or_none,
)
from deskterm.triage import spans
from deskterm.triage.query import Term

if TYPE_CHECKING:
    from deskterm.storage.reads.where_base import Terms


_ENDED = tuple(state for state in State if state not in OPEN_STATES)
_ASKED = "t.id IN (SELECT q.ticket_id FROM question q)"
_IS = {
    "open": "t.is_open = TRUE",
    "unassigned": "t.assignee IS NULL",
    "urgent": "t.urgent = TRUE",
    "any": "TRUE",
    "asked": _ASKED,
    "active": f"t.is_open = TRUE AND (t.state <> 'solved' OR {_ASKED})",
    "escalated": "t.from_group_id IS NOT NULL OR t.level > 1",
    "recorded": "t.outcome = 'recorded'",
}


def _is(compiler: "Terms", term: Term) -> str:
    parts = []
    for value in term.values:
        if value == "mine":
            parts.append(_mine(compiler))
        elif value == "callback":
            parts.append(_promised_call(""))
        elif value == "promised":
            parts.append(_promised())
        elif value == "regression":
            parts.append(compiler.leading("t.id", compiler.any_of(_came_back(compiler))))
        elif value == "overdue":
            parts.append(compiler.leading("t.due_at", f"< {compiler.bind(compiler.asked.now)}"))
        elif value in _IS:
            parts.append(_IS[value])
        else:
            parts.append(_in_state(compiler, value))
    return either_of(parts)


def _mine(compiler: "Terms") -> str:
    """One's own tickets, and those of whoever is off while one stands in."""
    me, now = compiler.asked.me, compiler.asked.now
    others = stands_in_for(compiler.database, me, now)
    if not others:
        return compiler.leading("t.assignee", f"= {compiler.bind(me)}")
    return compiler.leading("t.assignee", compiler.any_of([me, *others]))


def _promised() -> str:
    """Something was promised on it, by any source, and is not done."""
    from deskterm.storage.reads.promises import PROMISED

    return f"t.id IN ({PROMISED})"


def _promised_call(more: str) -> str:
    rows = "SELECT b.ticket_id FROM callback b"
    return f"t.id IN ({rows} WHERE b.state = 'open'{more})"


def _callback(compiler: "Terms", term: Term) -> str:
    parts = []
    later = term.operator in (">", ">=")
    for value in term.values:
        edge = compiler.bind(_call_edge(compiler, value))
        parts.append(_promised_call(f" AND b.at {'>' if later else '<='} {edge}"))
    return either_of(parts)


def _call_edge(compiler: "Terms", value: str) -> datetime:
    """Give until when a call-back counts: now, the end of today, or a span from now."""
    now = compiler.asked.now
    if value == "today":
        return spans.bounds(":", value, now, compiler.zone)[1] or now
    return now if value == "due" else now + (spans.span(value) or timedelta())


def _in_state(compiler: "Terms", state: str) -> str:
    """The state, and what follows from it, so that the board's index can lead."""
    flag = "FALSE" if state in _ENDED else "TRUE"
    same = compiler.leading("t.state", f"= {compiler.bind(state)}")
    return f"(t.is_open = {flag} AND {same})"


def _state(compiler: "Terms", term: Term) -> str:
    return either_of([_in_state(compiler, value) for value in term.values])


def _urgent(_: "Terms", term: Term) -> str:
    return either_of(
        [f"t.urgent = {'TRUE' if value == 'yes' else 'FALSE'}" for value in term.values]
    )


def _column(column: str) -> Condition:
    """A column that holds the value itself; `none` where it holds nothing."""

    def condition(compiler: "Terms", term: Term) -> str:
        return some_or_none(compiler, f"t.{column}", term.values)

    return condition


def _foreign(compiler: "Terms", term: Term) -> str:
    """A number in another system, with the name of that system before it or without."""
    forms = [form for value in term.values for form in foreign_forms(value) if value != "none"]
    none = [value for value in term.values if value == "none"]
    return some_or_none(compiler, "t.foreign_id", [*forms, *none])


_ON = "('running', 'paused', 'abandoned')"
"""Runs that came to no end; `guide:vpn/done` asks for those that came to that one."""


def _guide(compiler: "Terms", term: Term) -> str:
    rows = compiler.database.all("SELECT DISTINCT slug FROM guide ORDER BY slug")
    known = {row["slug"].casefold(): row["slug"] for row in rows}
    runs = "SELECT r.ticket_id FROM guide_run r"
    parts = []
    for value in term.values:
        if value == "none":
            parts.append(f"NOT EXISTS ({runs} WHERE r.ticket_id = t.id)")
            continue
        guide, _, leaf = value.partition("/")
        if guide.casefold() not in known:
            raise compiler.unknown(term, "guide", guide, list(known.values()))
        slug = compiler.bind(known[guide.casefold()])
        walked = (
            f"{runs} JOIN guide g ON g.id = r.guide_id "
            f"WHERE g.slug = {slug} AND r.ticket_id IS NOT NULL"
        )
        if leaf:
            walked += (
                f" AND r.status NOT IN {_ON} AND lower(r.leaf) = {compiler.bind(leaf.lower())}"
            )
        parts.append(compiler.leading("t.id", f"IN ({walked})"))
    return either_of(parts)


def _solution(compiler: "Terms", term: Term) -> str:
    uses = "SELECT u.ticket_id FROM solution_use u"
    parts = []
    for value in term.values:
        if value == "none":
            parts.append(
                f"(t.solution_id IS NULL AND NOT EXISTS ({uses} WHERE u.ticket_id = t.id))"
            )
        else:
            number = compiler.bind(int(value))
            parts.append(
                f"(t.solution_id = {number} OR t.id IN ({uses} WHERE u.solution_id = {number}))"
            )
    return either_of(parts)


def _problem(compiler: "Terms", term: Term) -> str:
    ties = "SELECT p.ticket_id FROM problem_ticket p"
    parts = []
    for value in term.values:
        if value == "none":
            parts.append(f"NOT EXISTS ({ties} WHERE p.ticket_id = t.id)")
        else:
            number = compiler.bind(int(value))
            parts.append(compiler.leading("t.id", f"IN ({ties} WHERE p.problem_id = {number})"))
    return either_of(parts)


def _release(compiler: "Terms", term: Term) -> str:
    """The tickets of the problems that a release fixes."""
    ties = (
        "SELECT p.ticket_id FROM problem_ticket p "
        "JOIN release_problem r ON r.problem_id = p.problem_id WHERE "
    )
    wanted = numbers_named(compiler, term, ("release", "name", "release"))
    some = [number for number in wanted if number != "none"]
    parts = []
    if some:
        there = f"IN ({ties}r.release_id {compiler.any_of(some)})"
        parts.append(compiler.leading("t.id", there))
    if len(some) < len(wanted):
        parts.append(f"NOT EXISTS ({ties}p.ticket_id = t.id)")
    return either_of(parts)


_BACK = pattern(r"#(\d{1,15}) (?:came back|has it in )")


def _came_back(compiler: "Terms") -> list[object]:
    """Give the tickets for which a problem that counted as mended was opened again."""
    rows = compiler.database.all(
        "SELECT r.text FROM problem p JOIN ledger r ON r.kind = 'problem' AND r.subject_id = p.id "
        "AND r.event = 'reopened'"
    )
    found = (_BACK.match(row["text"]) for row in rows)
    return [int(one[1]) for one in found if one] or [0]


def _figure(compiler: "Terms", term: Term) -> str:
    """The tickets behind a number of `figures`, of a period and a part of it."""
    from deskterm.domain.errors import UsageError
    from deskterm.reports.figures import BY_NAME
    from deskterm.reports.shown import figure_name, read_term
    from deskterm.storage.reads.measures import selected

    parts = []
    for value in term.values:
        name = figure_name(value)
        if name not in BY_NAME:
            raise compiler.unknown(term, "figure", name, list(BY_NAME))
        try:
            asked = read_term(value)
            text, given = selected(compiler.database, asked, compiler.asked.now, compiler.zone)
        except UsageError as error:
            raise compiler.refuse(term, str(error).rstrip(".")) from None
        for one, bound in given.items():
            text = text.replace(f":{one}", compiler.bind(bound))
        parts.append(compiler.leading("t.id", f"IN ({text})"))
    return either_of(parts)


def _count(column: str) -> Condition:
    """A column that holds how many; `none` where it holds nothing."""

    def condition(compiler: "Terms", term: Term) -> str:
        sign = "=" if term.operator == ":" else term.operator
        return either_of(
            [
                f"t.{column} IS NULL"
                if value == "none"
                else f"t.{column} {sign} {compiler.bind(int(value))}"
                for value in term.values
            ]
        )

    return condition


def _time(column: str) -> Condition:
    """A column that holds an instant."""

    def condition(compiler: "Terms", term: Term) -> str:
        parts = []
        for value in term.values:
            zone = UTC if spans.span(value) else compiler.zone
            low, high = spans.bounds(term.operator, value, compiler.asked.now, zone)
            limits = []
            if low is not None:
                limits.append(f"t.{column} >= {compiler.bind(low)}")
            if high is not None:
                limits.append(f"t.{column} < {compiler.bind(high)}")
            parts.append("(" + " AND ".join(limits) + ")")
        return either_of(parts)

    return condition


def _step(compiler: "Terms", term: Term) -> str:
    """The next open step is the first of the nine that is neither done nor skipped."""
    rows = "FROM step s WHERE s.ticket_id = t.id"
    parts = []
    for value in term.values:
        before = STEPS[: STEPS.index(value)] if value != "none" else STEPS
        done = "TRUE"
        if before:
            names = compiler.any_of([str(step) for step in before])
            done = f"(SELECT count(*) {rows} AND s.step {names}) = {len(before)}"
        if value != "none":
            done += f" AND NOT EXISTS (SELECT 1 {rows} AND s.step = {compiler.bind(value)})"
        parts.append(f"({done})")
    return either_of(parts)


def _waiting(compiler: "Terms", term: Term) -> str:
    waits = _in_state(compiler, "waiting")
    return f"({waits} AND t.waiting_for {compiler.any_of(term.values)})"


def _id(compiler: "Terms", term: Term) -> str:
    return f"t.id {compiler.any_of([int(value) for value in term.values])}"


def field_value(compiler: "Terms", term: Term) -> str:
    """Give the condition on a field of the desk's own making; a field nobody knows is refused."""
    name, choices = _field(compiler, term)
    rows = "SELECT 1 FROM field_value f WHERE f.ticket_id = t.id AND f.name ="
    parts = []
    for value in term.values:
        column = compiler.bind(name)
        if value.lower() == "none" and "none" not in choices:
            parts.append(f"NOT EXISTS ({rows} {column})")
        else:
            wanted = compiler.bind(choices.get(value.casefold(), value))
            holding = (
                "SELECT ticket_id FROM field_value "  # noqa: S608 - bound
                f"WHERE name = {column} AND value = {wanted}"
            )
            parts.append(compiler.leading("t.id", f"IN ({holding})"))
    return either_of(parts)


def _field(compiler: "Terms", term: Term) -> tuple[str, Mapping[str, str]]:
    """The field's name as stored, and its choices by their case-folded form."""
    name = term.field.removeprefix("field.")
    rows = compiler.database.all("SELECT name, choices FROM field_definition ORDER BY name")
    for row in rows:
        if row["name"].casefold() == name.casefold():
            known = values(json.loads(row["choices"]))
            return row["name"], {choice.casefold(): choice for choice in known}
    used = compiler.database.one(
        "SELECT 1 AS one FROM field_value WHERE name = :name LIMIT 1", name=name
    )
    if used is None:
        raise compiler.unknown(term, "field", name, [row["name"] for row in rows])
    return name, {}


CONDITIONS: Mapping[str, Condition] = {
    "is": _is,
    "urgent": _urgent,
    "category": named("category", "path", "category"),
    "service": named("service", "name", "service"),
    "group": named("desk_group", "name", "group"),
    "assignee": assignee_is,
    "from": from_whom,
    "org": of_requester("organisation", "organisation"),
    "site": of_requester("site", "site"),
    "owner-group": owner_group,
    "department": said_of("person", "department", "requester_id"),
    "segment": said_of("person", "segment", "requester_id"),
    "model": said_of("device", "model", "device_id"),
    "impact": _count("impact"),
    "people": _count("people"),
    "level": _count("level"),
    "rating": _count("rating"),
    "time": _count("worked"),
    "channel": _column("channel"),
    "device": on_device,
    "guide": _guide,
    "solution": _solution,
    "problem": _problem,
    "release": _release,
    "figure": _figure,
    "age": _time("opened_at"),
    "created": _time("opened_at"),
    "updated": _time("updated_at"),
    "closed": _time("closed_at"),
    "callback": _callback,
    "step": _step,
    "waiting": _waiting,
    "needs": _column("needs"),
    "outcome": _column("outcome"),
    "state": _state,
    "id": _id,
    "foreign": _foreign,
}
