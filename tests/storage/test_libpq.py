"""What a command asks of libpq by itself is the same as by psycopg, which does the rest."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Timer
from typing import Any

import psycopg
import pytest

from deskterm.domain.errors import DatabaseError
from deskterm.storage import libpq
from deskterm.storage.driver import Database, Question, connect


@pytest.fixture
def straight(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A connection as a command has it: psycopg is not loaded yet."""
    monkeypatch.setattr(libpq, "is_loaded", lambda: False)
    with closing(connect(postgres_url)) as opened:
        yield opened


@pytest.fixture
def by_psycopg(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    with monkeypatch.context() as patch:
        patch.setattr(libpq, "is_loaded", lambda: True)
        opened = connect(postgres_url)
    _ = opened.connection
    with closing(opened):
        yield opened


def _is_straight(database: Database) -> bool:
    link: libpq.Link = vars(database)["_connection"]
    return vars(link)["_whole"] is None


WRITTEN: dict[str, list[object]] = {
    "text": ["", "x", "it's", 'a "b" \\ c', "line\nline", "ä€🙂", "%", "%(name)s", "$1", ":x"],
    "numbers": [0, 1, -1, 32_767, 32_768, -32_769, 2**31, -(2**31), 2**63 - 1, 1.5, -0.1, 1e300],
    "the rest": [None, True, False, b"", b"\x00\xff", date(2026, 2, 28)],
    "times": [datetime(2026, 1, 2, 3, 4, 5, 678, UTC), datetime(1, 1, 1, tzinfo=UTC)],
    "lists": [[], [1, 2], [-40_000, 7], [2**40], ["a", 'b"\\,{}', "", "NULL"]],
}
"""What is asked with, by kind."""


@pytest.mark.parametrize("kind", WRITTEN)
def test_a_value_is_written_as_psycopg_writes_it(
    kind: str, straight: Database, by_psycopg: Database
) -> None:
    for value in WRITTEN[kind]:
        said = [one.returned(_asking(value), value=value) for one in (straight, by_psycopg)]
        assert said[0] == said[1], value
    assert _is_straight(straight)


def _asking(value: object) -> str:
    """Give what shows a value, and its type where the server is not left to find it out."""
    if value is None or isinstance(value, str):
        return "SELECT CAST(:value AS text) AS text"
    if value == [] or (isinstance(value, list) and isinstance(value[0], str)):
        return "SELECT CAST(CAST(:value AS text[]) AS text) AS text"
    return "SELECT pg_typeof(:value)::text AS type, (:value)::text AS text"


READ = [
    "1::int2 AS a, 2::int4 AS b, 3::int8 AS c, NULL AS d, ''::text AS e, 'x'::varchar AS f",
    "true AS a, false AS b, 1.5::float4 AS c, 'NaN'::float8 < 1 AS d, 'infinity'::float8 AS e",
    "'2026-01-02 03:04:05.6+02'::timestamptz AS a, '2026-02-28'::date AS b, 'n'::name AS c",
    "'\\x00ff'::bytea AS a, ''::bytea AS b, '{\"a\": [1, null]}'::jsonb AS c, '[]'::json AS d",
    "ARRAY['a', NULL, '', 'b c', 'NULL', '{d}', E'e\"\\\\', E'f\n,'] AS a, ARRAY[]::text[] AS b",
    "ARRAY[1, 2] AS a, ARRAY[]::int8[] AS b, 5::oid AS c, 'x' AS a",
]
LEFT = [
    "1.50 AS a",
    "'1 day'::interval AS a, '12:00'::time AS b",
    "'2026-01-02'::timestamp AS a, 'x'::\"char\" AS b, '10.0.0.1'::inet AS c",
    "ARRAY[1, NULL] AS b, (1, 'x') AS c",
    "ARRAY[['a', 'b'], ['c', NULL]] AS a, '[2:3]={x,y}'::text[] AS b",
    "'b8ad0ffc-1a46-4a39-8df6-2c4ec7a0f3a1'::uuid AS a, 'pg_class'::regclass AS b",
]
"""What no command reads; it is read all the same."""


@pytest.mark.parametrize("columns", [*READ, *LEFT])
def test_a_value_is_read_as_psycopg_reads_it(
    columns: str, straight: Database, by_psycopg: Database
) -> None:
    one, other = (each.all(f"SELECT {columns}") for each in (straight, by_psycopg))
    assert one == other
    assert _kinds(one[0]) == _kinds(other[0])
    assert _is_straight(straight) == (columns in READ)


def _kinds(row: Any) -> list[object]:
    return [(type(one), getattr(one, "tzinfo", None)) for one in row.values()]


def test_many_rows_are_read_by_psycopg_and_are_the_same(
    straight: Database, by_psycopg: Database
) -> None:
    asked = "SELECT n, n::text AS text FROM generate_series(1, 25000) n"
    assert straight.all(asked) == by_psycopg.all(asked)
    assert not _is_straight(straight)


@pytest.mark.parametrize("value", [Decimal("1.5"), 2**70, ["a", None], [True], "a\x00b"])
def test_what_only_psycopg_can_write_it_writes_or_refuses(
    value: object, straight: Database, by_psycopg: Database
) -> None:
    said = [_said(one, value) for one in (straight, by_psycopg)]
    assert said[0] == said[1]
    assert not _is_straight(straight)


def _said(database: Database, value: object) -> str:
    try:
        return str(database.returned("SELECT CAST(:value AS text) AS x", value=value))
    except psycopg.Error as error:
        return f"{type(error)} {error}"


BROKEN = {
    "a word too much": "SELEC 1",
    "no such table": "SELECT * FROM nothing_of_that_name",
    "twice the same": "INSERT INTO counter (name, value) SELECT name, 1 FROM counter",
    "a number that is none": "SELECT CAST(:x AS int)",
    "divided by nothing": "SELECT 1 / 0",
    "raised": "DO $$ BEGIN RAISE EXCEPTION 'deskterm: no' USING ERRCODE = '42501'; END $$",
}


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("in_a_trip", [False, True])
def test_what_is_wrong_is_told_as_psycopg_tells_it(
    what: str, in_a_trip: bool, straight: Database, by_psycopg: Database
) -> None:
    said = []
    for database in (straight, by_psycopg):
        if in_a_trip:
            database.begin()
        with pytest.raises(Exception) as caught:  # noqa: PT011 - whichever it is
            database.run(BROKEN[what], **({"x": "x"} if ":x" in BROKEN[what] else {}))
        assert database.broken == in_a_trip
        database.rollback()
        said.append((type(caught.value), str(caught.value)))
        assert database.returned("SELECT 1 AS one")["one"] == 1
    assert said[0] == said[1]
    assert _is_straight(straight)


def test_how_many_rows_were_touched_and_what_is_only_said(straight: Database) -> None:
    assert straight.run("CREATE TEMPORARY TABLE said (n int)") == -1
    assert straight.run("INSERT INTO said SELECT generate_series(1, 3)") == 3
    straight.many("INSERT INTO said (n) VALUES (:n)", [{"n": 0}, {"n": -1}])
    assert straight.run("DELETE FROM said WHERE n < 1") == 2
    assert straight.run("UPDATE said SET n = 0 WHERE n > 1") == 2
    assert straight.run("DO $$ BEGIN RAISE NOTICE 'only said'; END $$") == -1
    assert straight.run("SELECT n FROM said") == 3
    with pytest.raises(psycopg.ProgrammingError):
        straight.all("DELETE FROM said")
    assert straight.all("SELECT 1 AS a; SELECT 2 AS a") == [{"a": 1}]
    assert _is_straight(straight)


@pytest.mark.parametrize("psycopg_has_it", [False, True])
def test_large_statements_and_answers_travel_together(
    psycopg_has_it: bool, straight: Database, by_psycopg: Database
) -> None:
    database, large = by_psycopg if psycopg_has_it else straight, "x" * 3_000_000
    database.run("CREATE TEMPORARY TABLE said (text text)")
    database.begin()
    for _ in range(5):
        database.later("INSERT INTO said (text) VALUES (:large)", large=large)
    asked: Question = ("SELECT text FROM said LIMIT 1", {})
    assert [rows[0]["text"] == large for rows in database.together(asked, asked, asked)] == [
        True
    ] * 3
    for _ in range(5):
        database.later("SELECT CAST(:large AS text)", large=large)
    database.commit()
    assert _is_straight(database) != psycopg_has_it


def test_psycopg_goes_on_in_the_transaction_that_was_begun_without_it(
    straight: Database, by_psycopg: Database
) -> None:
    count = "SELECT value FROM counter WHERE name = 'ticket'"
    straight.begin()
    straight.run("UPDATE counter SET value = value + 1 WHERE name = 'ticket'")
    straight.later("UPDATE counter SET value = value + 1 WHERE name = 'ticket'")
    connection = straight.connection
    assert connection.autocommit
    assert connection.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS
    connection.execute("UPDATE counter SET value = value + 1 WHERE name = 'ticket'")
    assert by_psycopg.returned(count)["value"] == 0
    straight.commit()
    assert by_psycopg.returned(count)["value"] == 3
    by_psycopg.run("UPDATE counter SET value = 0 WHERE name = 'ticket'")


def test_a_statement_is_broken_off_and_a_lost_connection_is_said(straight: Database) -> None:
    Timer(0.2, straight.interrupt).start()
    with pytest.raises(DatabaseError, match="canceling statement"):
        straight.all("SELECT pg_sleep(60)")
    assert not straight.outdated
    with pytest.raises(DatabaseError, match=r"connection to .* failed"):
        straight.run("SELECT pg_terminate_backend(pg_backend_pid())")
    assert straight.outdated
    assert not straight.in_transaction
    assert _is_straight(straight)


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("host=", "host=/nowhere-at-all,"),
        lambda url: url + "&hostaddr=127.0.0.1",
        lambda url: url + "&service=none",
        lambda url: url + "&nothing=1",
        lambda url: url.replace("host=", "host=/nowhere-at-all&x="),
    ],
)
def test_who_cannot_be_reached_is_told_as_by_psycopg(
    change: Callable[[str], str], postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = []
    for loaded in (False, True):
        monkeypatch.setattr(libpq, "is_loaded", lambda loaded=loaded: loaded)
        try:
            connect(change(postgres_url)).close()
            said.append("reached")
        except DatabaseError as error:
            said.append(str(error))
    assert said[0] == said[1]


@pytest.mark.parametrize("name", ["PGHOSTADDR", "PGSERVICE"])
def test_a_server_that_is_looked_up_elsewhere_is_psycopgs(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libpq, "is_loaded", lambda: False)
    monkeypatch.setenv(name, "x")
    assert libpq.connected("postgresql://localhost/x", {"connect_timeout": 5}) is None


def test_a_server_that_keeps_another_time_is_read_by_psycopg(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libpq, "is_loaded", lambda: False)
    with closing(connect(postgres_url)) as there:
        assert _is_straight(there)
    with closing(connect(postgres_url + "&options=-cTimeZone%3DAsia/Tokyo")) as elsewhere:
        there_at = elsewhere.returned("SELECT '2026-01-01 00:00+00'::timestamptz AS at")["at"]
        assert there_at == datetime(2026, 1, 1, tzinfo=UTC)


OTHERWISE = """
import sys
from importlib.abc import MetaPathFinder

class Elsewhere(MetaPathFinder):
    "The package's own file must have been run before its parts, as in another layout."
    def find_spec(self, name, path, target=None):
        if name == "psycopg.pq" and "adapters" not in vars(sys.modules["psycopg"]):
            first = sys._getframe()
            while first is not None:
                if first.f_globals.get("__name__") == "psycopg":
                    return None
                first = first.f_back
            raise ImportError(name)
        return None

sys.meta_path.insert(0, Elsewhere())
from deskterm.storage import libpq
assert libpq.is_loaded() and libpq.pq.PGconn and libpq.errors.Error
"""


def test_where_psycopg_is_laid_out_otherwise_it_is_loaded_as_a_whole() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", OTHERWISE], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
