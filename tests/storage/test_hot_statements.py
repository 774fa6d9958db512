"""What is asked again and again walks no ticket, no entry and no operation it does not need.

The statements are those that the desk really asks in a scene: board, ticket, search, a change, the
jobs. Each one's plan is asked for without statistics and with them, on both databases: a desk
gets statistics as soon as anybody says ANALYZE.
"""

import json
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.errors import NotFoundError
from deskterm.storage.driver import Database
from tests.builders import open_ticket
from tests.verbs import verbs

LARGE = ("ticket", "ledger", "operation")
"""The tables that grow with every year of a desk."""
MANY, OPEN, PROBLEMS = 4_000, 60, 50
_NAMED = re.compile(rf"\b(?:FROM|JOIN)\s+({'|'.join(LARGE)})\b(?:\s+(?!WHERE|ON|ORDER|JOIN)(\w+))?")
Statement = tuple[str, tuple[tuple[str, Any], ...]]


def fill(desk: Desk) -> None:
    """Thousands of closed tickets, a few open ones, with operations and entries; some problems."""
    now = clock.now()
    numbers = range(1, MANY + 1)
    tickets = [
        {
            "id": number,
            "open": number > MANY - OPEN,
            "state": "open" if number > MANY - OPEN else "closed",
            "at": now - timedelta(minutes=10 * (MANY - number)),
        }
        for number in numbers
    ]
    told = [
        {"id": f"{event}-{one['id']}", "ticket": one["id"], "event": event, "at": one["at"]}
        for one in tickets
        for event in ("opened", "closed")
    ]
    with desk.store.work("cy") as work:
        work.claim("import")
        work.spine.many(
            "INSERT INTO operation (id, kind, actor, at) VALUES (:id, :event, 'cy', :at)", told
        )
        work.spine.many(
            "INSERT INTO ticket (id, version, state, is_open, urgent, channel, subject, body, "
            "problem, reproduction, level, waiting_reason, needs, approver, close_reason, "
            "resolution, opened_at, updated_at) VALUES (:id, 1, :state, :open, FALSE, 'phone', "
            "'printer', 'offline', '', '', 1, '', 'nothing', '', '', '', :at, :at)",
            tickets,
        )
        work.spine.many(
            "INSERT INTO ledger (operation_id, at, actor, kind, subject_id, version, event, public,"
            " text, changes, data) VALUES (:id, :at, 'cy', 'ticket', :ticket, 1, :event, FALSE, "
            "'', '{}', '{}')",
            told,
        )
        work.spine.many(
            "INSERT INTO problem (id, title, state, cause, workaround, reproduction, model, os, "
            "severity, owner, version, created_at, updated_at) VALUES (:id, 'VPN', :state, '', '', "
            "'', '', '', 'normal', '', 1, :at, :at)",
            [
                {"id": id_, "state": "open" if id_ > PROBLEMS - 5 else "verified", "at": now}
                for id_ in range(1, PROBLEMS + 1)
            ],
        )
        work.spine.many(
            "INSERT INTO problem_ticket (ticket_id, problem_id) VALUES (:ticket, :problem)",
            [{"ticket": 20 * id_, "problem": 1 + id_ % PROBLEMS} for id_ in range(1, 201)],
        )
        work.spine.run("UPDATE counter SET value = :n WHERE name = 'ticket'", n=MANY)


def scene(desk: Desk) -> None:
    """A morning at the board: what screens, commands and the jobs ask again and again."""
    number = open_ticket(desk, "VPN drops", body="no route since monday")
    verbs(desk).take([number])
    verbs(desk).reply([number], "We look at it.")
    for query in ("", "is:open", "is:mine", "is:any", "urgent:yes", "is:waiting", "sort:updated"):
        desk.board.rows([row.id for row in desk.board.first_page(query)])
        desk.board.count(query, 100)
    for shown in (number, MANY // 2):
        desk.tickets.show(shown)
        desk.tickets.why(shown)
        desk.solutions.suggest(shown, 3)
        desk.problems.fitting(shown)
        desk.triage.lacking(shown)
    desk.problems.outbreaks()
    desk.announcements.on_boards()
    desk.board.call_backs(due=True)
    desk.notices.glance()
    desk.notices.list()
    desk.outbox.standing()
    desk.inbox.counts()
    desk.search.find("vpn route")
    for person in desk.calls.people("ada"):
        desk.calls.tickets_of(person.id)
    desk.calls.alike("vpn route")
    with suppress(NotFoundError):
        desk.tickets.next()
    for _ in range(3):
        desk.jobs.run_once()
    desk.ledger.undo()


@pytest.fixture
def asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[Statement]:
    """The statements of a scene on a desk with years behind it, each once."""
    fill(desk)
    found: dict[str, Statement] = {}

    def noting(method: Callable[..., Any]) -> Callable[..., Any]:
        def note(database: Database, sql: str, /, **params: Any) -> Any:
            if any(name in sql for name in LARGE) and not sql.startswith(("INSERT", "EXPLAIN")):
                found.setdefault(sql, (sql, tuple(params.items())))
            return method(database, sql, **params)

        return note

    with monkeypatch.context() as patched:
        for name in ("all", "run"):
            patched.setattr(Database, name, noting(getattr(Database, name)))
        scene(desk)
    assert len(found) > 60
    return list(found.values())


def walks(database: Database, statement: Statement) -> list[str]:
    """Give the steps of a statement's plan that walk a large table."""
    sql, params = statement
    if database.dialect == "sqlite":
        rows = database.all(f"EXPLAIN QUERY PLAN {sql}", **dict(params))
        return list(_sqlite_walks(sql, [str(row["detail"]) for row in rows]))
    (row,) = database.all(f"EXPLAIN (FORMAT JSON) {sql}", **dict(params))
    plan = row["QUERY PLAN"]
    return list(_postgres_walks((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))


def _sqlite_walks(sql: str, steps: list[str]) -> Iterable[str]:
    """A page may walk an index in its own order: it ends at its limit."""
    names = {alias or table for table, alias in _NAMED.findall(sql)} | set(LARGE)
    sorted_after = any("TEMP B-TREE FOR ORDER BY" in step for step in steps)
    for step in steps:
        kind, _, rest = step.partition(" ")
        name = rest.split(" ")[0]
        page = "USING" in step and "LIMIT" in sql and not sorted_after
        whole = kind == "SCAN" and not page
        if name in names and (whole or step.endswith("(kind=?)")):
            yield step


def _postgres_walks(plan: dict[str, Any]) -> Iterable[str]:
    """The first rows of a table that are not chosen from end at their limit."""
    kind, table = plan["Node Type"], plan.get("Relation Name")
    if table in LARGE and (
        kind == "Seq Scan"
        or (kind.startswith("Index") and "Index Cond" not in plan and "Filter" in plan)
    ):
        yield f"{kind} {plan.get('Index Name', '')} on {table}: {plan.get('Filter', '')}"
    for part in plan.get("Plans", ()):
        if not (kind == "Limit" and part["Node Type"] == "Seq Scan" and "Filter" not in part):
            yield from _postgres_walks(part)


def _found(database: Database, asked: list[Statement]) -> list[str]:
    return [
        f"{step}\n    {' '.join(one[0].split())}" for one in asked for step in walks(database, one)
    ]


def test_no_hot_statement_walks_a_table_that_grows_for_ever(
    desk: Desk, asked: list[Statement]
) -> None:
    with desk.store.reading() as database:
        if database.dialect == "postgresql":
            database.run("SET enable_seqscan = off")  # so few rows would be walked by choice
        without = _found(database, asked)
        database.run("ANALYZE")
        if database.dialect == "postgresql":
            database.run("RESET enable_seqscan")
        with_them = _found(database, asked)
    assert (without, with_them) == ([], []), "\n".join([*without, "--- with", *with_them])


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT id FROM ticket WHERE subject = 'x' ORDER BY id DESC LIMIT 9", True),
        ("SELECT subject FROM ticket t WHERE t.body LIKE '%x%'", True),
        ("SELECT subject FROM ticket WHERE id = 7", False),
        ("SELECT id FROM operation WHERE kind = 'x'", True),
    ],
)
def test_a_walk_is_found(desk: Desk, sql: str, found: bool) -> None:
    fill(desk)
    with desk.store.reading() as database:
        database.run("ANALYZE")
        assert bool(walks(database, (sql, ()))) is found
