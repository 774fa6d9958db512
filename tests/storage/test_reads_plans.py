"""What keeps reads quick at a million tickets: the plan, the statements and the rows of a page."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deskterm.storage.driver import Row
from deskterm.storage.reads import board, figures, first, ranking
from deskterm.storage.reads.asked import Asked
from deskterm.storage.reads.where import compile_query
from deskterm.storage.sqlite import SqliteDatabase
from deskterm.storage.store import Store
from deskterm.triage.query import parse

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ASKED = Asked("cy", NOW, UTC)


class Counting(SqliteDatabase):
    """A connection that keeps what it was asked and how many rows it gave."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.asked: list[tuple[str, int]] = []

    def all(self, sql: str, /, **params: Any) -> Sequence[Row]:
        rows = super().all(sql, **params)
        self.asked.append((sql, len(rows)))
        return rows

    def fetched(self) -> int:
        return sum(rows for _, rows in self.asked)


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Counting]:
    store = Store(sqlite_url)
    with store.work("cy") as work:
        work.claim("import")
        rows = [
            {
                "id": number,
                "open": number % 2 == 0,
                "state": "open" if number % 2 == 0 else "closed",
                "category": 1 if number % 10 else 2,
                "at": NOW - timedelta(minutes=number),
            }
            for number in range(1, 6_001)
        ]
        work.spine.many(
            "INSERT INTO ticket (id, version, state, is_open, urgent, channel, subject, body, "
            "problem, reproduction, level, waiting_reason, needs, approver, close_reason, "
            "resolution, category_id, opened_at, updated_at) VALUES (:id, 1, :state, :open, FALSE, "
            "'phone', 'printer', 'offline', '', '', 1, '', 'nothing', '', '', '', :category, :at, "
            ":at)",
            rows,
        )
    store.close()
    counting = Counting(sqlite_url)
    yield counting
    counting.close()


def plan(database: Counting, text: str) -> str:
    where = compile_query(database, parse(text), ASKED)
    rows = database.connection.execute(
        f"EXPLAIN QUERY PLAN SELECT t.id FROM ticket t WHERE {where.condition} "
        f"ORDER BY {where.order} LIMIT 50",
        database._bind(where.params),
    )
    return "\n".join(row[3] for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "is:open",
        "is:closed",
        "is:open urgent:yes",
        "is:open category:email",
        "category:none or is:open",
        "is:any printer",
        "sort:updated",
        "sort:age",
        "-urgent:yes",
    ],
)
def test_a_page_walks_an_index_in_its_order_and_sorts_nothing(
    database: Counting, text: str
) -> None:
    steps = plan(database, text)
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps, steps


@pytest.mark.parametrize(
    "text",
    [
        "id:7",
        "from:x@example.org",
        "assignee:none id:3",
        "rareword",
        "id:7 or id:9",
        "is:mine",
        "is:overdue",
        "callback:due",
    ],
)
def test_what_few_tickets_fit_is_looked_up_and_not_walked_to(database: Counting, text: str) -> None:
    assert not re.search(r"SCAN t\b", plan(database, text))


def test_what_is_as_it_was_known_costs_versions_and_no_rows(database: Counting) -> None:
    page = {row.id: row.version for row in board.page(database, parse("is:open"), ASKED, 50)}
    database.asked.clear()
    first, versions = board.heads(database, parse("is:open"), ASKED, 50, [*page, 5_999])
    assert first == list(page)
    assert versions == {**page, 5_999: 1}
    assert [rows for _, rows in database.asked] == [50, 1]


def test_a_page_of_fifty_fetches_fifty_ids_and_fifty_rows(database: Counting) -> None:
    board.page(database, parse("is:open"), ASKED, 50)
    assert [rows for _, rows in database.asked] == [50, 50]


def test_rows_are_asked_for_in_windows_however_many_are_wanted(database: Counting) -> None:
    assert len(board.rows(database, range(1, 1_201))) == 1_200
    assert len(database.asked) == 3


def test_a_count_fetches_one_row(database: Counting) -> None:
    assert board.count(database, parse("is:open"), ASKED, 100) == 100
    assert [rows for _, rows in database.asked] == [1]


def test_the_entries_of_a_reported_ticket_are_walked_once(database: Counting) -> None:
    list(figures.reports_since(database, parse("is:any"), ASKED, NOW))
    sql = next(sql for sql, _ in database.asked if "FROM ledger" in sql)
    given = dict.fromkeys(re.findall(r":(\w+)", sql))
    steps = database.connection.execute(f"EXPLAIN QUERY PLAN {sql}", given).fetchall()
    assert len([step for step in steps if "SEARCH l USING" in step[3]]) == 1


def test_courses_are_walked_by_the_first_closing_that_their_measures_tell(
    database: Counting,
) -> None:
    assert list(figures.steps(database, figures.Wanted("", {}, NOW))) == []
    (sql,) = (sql for sql, _ in database.asked if "FROM measure m" in sql)
    given = dict.fromkeys(re.findall(r":(\w+)", sql))
    found = database.connection.execute(f"EXPLAIN QUERY PLAN {sql}", given)
    assert [re.sub(r" \(.*", "", step[3]) for step in found] == [
        "SEARCH m USING COVERING INDEX measure_closed",
        "SEARCH k USING INTEGER PRIMARY KEY",
    ]


def test_a_search_for_a_common_word_fetches_no_more_than_it_ranks(database: Counting) -> None:
    found = ranking.ranked_tickets(database, "printer offline", 10)
    assert found == list(range(6_000, 5_990, -1))
    assert database.fetched() <= 5 * 2_000


def test_the_id_snapshot_keeps_eight_bytes_a_ticket(database: Counting) -> None:
    numbers = board.numbers(database, parse(""), ASKED)
    assert len(numbers) == 6_000
    assert numbers.itemsize == 8
    assert database.asked == []


def test_postgresql_plans_each_search_for_its_own_words(postgres_url: str) -> None:
    store = Store(postgres_url)
    with store.reading() as lent:
        assert lent.connection.prepare_threshold is None
    store.close()


@pytest.mark.parametrize("text", ["printer", "prin* offline", "is:open printer", "sort:id printer"])
def test_a_common_word_is_asked_of_the_first_tickets_and_the_rest_is_not_gathered(
    database: Counting, text: str
) -> None:
    database.connection.execute("UPDATE ticket SET subject = 'mouse' WHERE id % 3 = 1 OR id > 5990")
    query = parse(text)
    whole = list(board.numbers(database, query, ASKED, 20))
    database.asked.clear()
    assert [row["id"] for row in first.first(database, query, ASKED, 20)] == whole
    looks = [
        (sql, rows) for sql, rows in database.asked if sql.startswith("SELECT id FROM ticket ")
    ]
    assert 1 <= len(looks) <= 41
    assert sum(rows for _, rows in looks) <= first.PROBED
    assert not [sql for sql, _ in database.asked if "t.id IN (SELECT rowid" in sql]


@pytest.mark.parametrize(
    "text", ["printer", "is:open printer", "is:open -printer", "rare or printer"]
)
def test_where_too_few_of_the_first_hold_a_common_word_all_are_asked(
    database: Counting, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first, "PROBED", 40)
    query = parse(text)
    database.connection.execute("UPDATE ticket SET subject = 'mouse' WHERE id <= 200")
    whole = list(board.numbers(database, query, ASKED, 20))
    assert [row["id"] for row in first.first(database, query, ASKED, 20)] == whole
