"""The driver: one statement text for both databases, times and values stored one way."""

import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest
from sqlalchemy.exc import SQLAlchemyError

from deskterm.cli.errors import explained
from deskterm.domain.clock import from_text, to_text
from deskterm.domain.errors import DatabaseError
from deskterm.storage import sqlite
from deskterm.storage.driver import (
    Database,
    connect,
    json_text,
    moment,
    psycopg_text,
    shown_url,
    sqlite_text,
)
from deskterm.storage.migrate import upgrade
from deskterm.storage.postgres import without_secrets
from deskterm.storage.store import Store


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = connect(database_url)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("ours", "psycopgs"),
    [
        ("SELECT :a", "SELECT %(a)s"),
        ("SELECT :a, :a_2", "SELECT %(a)s, %(a_2)s"),
        ("x LIKE 'a%' AND y = :y", "x LIKE 'a%%' AND y = %(y)s"),
        ("SELECT 5 % 2", "SELECT 5 %% 2"),
        ("SELECT '12:30' || :a", "SELECT '12:30' || %(a)s"),
        ("SELECT 'it''s :no' || :a", "SELECT 'it''s :no' || %(a)s"),
        ("SELECT now()::text, :a", "SELECT now()::text, %(a)s"),
        ("SELECT a[1:2]", "SELECT a[1:2]"),
        ("id IN :ids AND b = :b", "id = ANY(%(ids)s) AND b = %(b)s"),
        ("(id NOT IN :ids)", "(id <> ALL(%(ids)s))"),
        ("'x IN :ids' || :a", "'x IN :ids' || %(a)s"),
        ("id IN (SELECT :a)", "id IN (SELECT %(a)s)"),
    ],
)
def test_parameters_are_bridged_and_percent_and_casts_left_alone(ours: str, psycopgs: str) -> None:
    assert psycopg_text(ours) == psycopgs


def test_a_percent_in_a_text_and_a_value_arrive_as_they_are(database: Database) -> None:
    row = database.one("SELECT '50 %' || :a AS text", a=" of %s %(x)s :b ::c '")
    assert row is not None
    assert row["text"] == "50 % of %s %(x)s :b ::c '"


@pytest.fixture
def letters(database: Database) -> Database:
    """Operations named a, b, c, a second apart."""
    for second, name in enumerate("abc"):
        database.run(
            "INSERT INTO operation (id, kind, actor, at) VALUES (:id, 'test', 'cy', :at)",
            id=name,
            at=datetime(2026, 11, 22, 9, 0, second, tzinfo=UTC),
        )
    return database


def _found(database: Database, condition: str, **params: object) -> str:
    text = f"SELECT id FROM operation WHERE {condition} ORDER BY id"
    return "".join(row["id"] for row in database.all(text, **params))


@pytest.mark.parametrize("kind", [list, tuple, set, frozenset, dict.fromkeys])
def test_a_sequence_stands_for_its_values(
    letters: Database, kind: Callable[[str], Collection[str]]
) -> None:
    assert _found(letters, "id IN :ids", ids=kind("ac")) == "ac"
    assert _found(letters, "id NOT IN :ids", ids=kind("ac")) == "b"
    assert _found(letters, "id IN :ids AND id <> :not", ids=kind("ab"), **{"not": "a"}) == "b"


def test_an_empty_sequence_is_no_row_and_the_opposite_every_row(letters: Database) -> None:
    assert _found(letters, "id IN :ids", ids=[]) == ""
    assert _found(letters, "id NOT IN :ids", ids=()) == "abc"
    assert _found(letters, "at IN :times", times=[]) == ""


def test_times_and_numbers_of_any_size_stand_in_a_sequence(letters: Database) -> None:
    times = [datetime(2026, 11, 22, 10, 0, 2, tzinfo=timezone(timedelta(hours=1)))]
    assert _found(letters, "at IN :times", times=times) == "c"
    for numbers in ([1], [1, 70_000], [1, 2**40], range(1, 5_000)):
        row = letters.one("SELECT count(*) AS n FROM ticket WHERE id IN :ids", ids=[*numbers])
        assert row is not None
        assert row["n"] == 0


def test_a_hostile_text_in_a_sequence_is_a_value(letters: Database) -> None:
    assert _found(letters, "id IN :ids", ids=["a'); DROP TABLE operation; --", '"]', "b"]) == "b"


def test_rows_of_a_change_of_many_take_sequences(database: Database) -> None:
    counters = [{"name": name} for name in "abc"]
    database.many("INSERT INTO counter (name, value) VALUES (:name, 0)", counters)
    database.many(
        "UPDATE counter SET value = :to WHERE name IN :names",
        [{"to": 1, "names": ("a", "b")}, {"to": 2, "names": ["c"]}],
    )
    rows = database.all(
        "SELECT value FROM counter WHERE name IN :names ORDER BY name", names=[*"abc"]
    )
    assert [row["value"] for row in rows] == [1, 1, 2]


def test_translated_statements_are_not_kept_for_ever() -> None:
    for translate in (psycopg_text, sqlite_text):
        for place in range(2 * (translate.cache_parameters()["maxsize"] or 0)):
            translate(f"SELECT {place} AS n")
        assert translate.cache_info().currsize <= 1_000


def test_a_missing_value_is_compared_by_its_cast(database: Database) -> None:
    text = "SELECT CASE WHEN CAST(:x AS TEXT) IS NULL THEN 'none' ELSE 'some' END AS v"
    for given, wanted in ((None, "none"), ("x", "some")):
        row = database.one(text, x=given)
        assert row is not None
        assert row["v"] == wanted


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 11, 22, 9, 0)  # noqa: DTZ001 - what is refused
    with pytest.raises(ValueError, match="without a zone"):
        database.one("SELECT :t AS t", t=naive)


@pytest.mark.parametrize("hours", [0, 2, -11])
def test_a_time_comes_back_in_utc_to_the_microsecond(database: Database, hours: int) -> None:
    given = datetime(2026, 3, 29, 1, 59, 59, 7, timezone(timedelta(hours=hours)))
    database.begin()
    database.run("INSERT INTO operation (id, kind, actor, at) VALUES ('t', 'x', 'cy', :t)", t=given)
    database.commit()
    row = database.one("SELECT at FROM operation WHERE id = 't'")
    assert row is not None
    assert moment(row["at"]) == given
    assert moment(row["at"]).tzinfo is UTC


def test_stored_times_sort_as_text() -> None:
    times = [
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC),
        datetime(2026, 10, 1, tzinfo=UTC),
    ]
    texts = [to_text(one) for one in times]
    assert texts == sorted(texts)
    assert len({len(text) for text in texts}) == 1
    assert [from_text(text) for text in texts] == times


def test_json_has_one_form() -> None:
    assert json_text({"b": 1, "a": datetime(2026, 1, 1, tzinfo=UTC)}) == (
        '{"a": "2026-01-01T00:00:00.000000Z", "b": 1}'
    )
    with pytest.raises(TypeError):
        json_text({"x": object()})


def test_a_commit_without_a_transaction_says_that_nothing_was_stored(database: Database) -> None:
    with pytest.raises(DatabaseError, match="transaction was lost"):
        database.commit()


def test_a_swallowed_error_cannot_be_committed(postgres_url: str) -> None:
    """PostgreSQL answers COMMIT of a failed transaction with success, and stores nothing."""
    with closing(connect(postgres_url)) as database:
        database.begin()
        database.run("UPDATE counter SET value = value + 1")
        with pytest.raises(Exception, match="nowhere"):
            database.run("UPDATE nowhere SET x = 1")
        assert database.broken
        with pytest.raises(DatabaseError, match="transaction was lost"):
            database.commit()
        database.rollback()


def test_statements_outside_the_lost_transaction_are_refused(database_url: str) -> None:
    """After a failed flush the driver is in autocommit: a write would be stored alone."""
    store = Store(database_url)

    def write_on() -> None:
        with store.work("cy") as work:
            work.claim("note")
            work.spine.rollback()
            work.spine.run("UPDATE counter SET value = 99")

    with pytest.raises(DatabaseError, match="transaction was lost"):
        write_on()
    with store.reading() as database:
        row = database.one("SELECT value FROM counter WHERE name = 'ticket'")
        assert row is not None
        assert row["value"] == 0
    store.close()


def test_rows_are_read_before_the_commit(sqlite_url: str) -> None:
    """A RETURNING that nobody reads would hold COMMIT up: every row is fetched at once."""
    with closing(connect(sqlite_url)) as database:
        database.begin()
        rows = database.all("UPDATE counter SET value = value RETURNING name, value")
        database.commit()
        assert [row["name"] for row in rows]
    assert isinstance(rows, list)


def test_a_write_takes_the_lock_at_once_and_a_read_takes_none(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deferred transaction that turns to writing fails at once, whatever the time-out."""
    monkeypatch.setattr(sqlite, "_LATEST", 0)  # the lock is given up at once
    with closing(connect(sqlite_url)) as one, closing(connect(sqlite_url)) as two:
        one.begin(write=False)
        one.all("SELECT 1 FROM ticket")
        two.begin()
        two.rollback()
        one.rollback()
        one.begin()
        with pytest.raises(DatabaseError, match="busy"):
            two.begin()
        two.begin(write=False)
        assert two.all("SELECT count(*) AS n FROM ticket")
        two.rollback()
        one.rollback()


def test_replacing_a_row_does_not_slip_past_the_append_only_ledger(sqlite_url: str) -> None:
    """INSERT OR REPLACE deletes without a delete trigger unless triggers are recursive."""
    with closing(connect(sqlite_url)) as database:
        database.run("INSERT INTO operation (id, kind, actor, at) VALUES ('a', 'x', 'cy', 'now')")
        with pytest.raises(sqlite3.Error, match="append-only"):
            database.run(
                "INSERT OR REPLACE INTO operation (id, kind, actor, at) "
                "VALUES ('a', 'forged', 'cy', 'now')"
            )
        row = database.one("SELECT kind FROM operation WHERE id = 'a'")
        assert row is not None
        assert row["kind"] == "x"


def test_a_reader_sees_one_state_throughout(database_url: str) -> None:
    with closing(connect(database_url)) as reader, closing(connect(database_url)) as writer:
        count = "SELECT value AS n FROM counter WHERE name = 'ticket'"
        with reader.snapshot():
            first = reader.one(count)
            writer.run("UPDATE counter SET value = value + 1 WHERE name = 'ticket'")
            second = reader.one(count)
            assert first is not None
            assert second is not None
            assert first["n"] == second["n"]
        third = reader.one(count)
        assert third is not None
        assert third["n"] == first["n"] + 1


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://desk:Half@OtherHalf@db:5432/desk", "postgresql://desk:***@db:5432/desk"),
        ("postgresql://desk:a/b?c#d@db/desk?sslmode=require", "//desk:***@db/desk?sslmode=require"),
        ("postgresql://desk@db/desk?user=x@y", "postgresql://desk@db/desk?user=x@y"),
        ("postgresql:///desk?password=hunter2&host=/tmp", "desk?password=***&host=/tmp"),
        ("sqlite:////home/ada/desk.sqlite", "sqlite:////home/ada/desk.sqlite"),
    ],
)
def test_no_message_shows_any_piece_of_a_password(url: str, shown: str) -> None:
    assert shown in shown_url(url)
    words = without_secrets("no host Half, OtherHalf, a/b, hunter2", url)
    secret = url.partition("//")[2].rpartition("@")[0]
    assert not any(piece in words for piece in ("Half", "hunter2") if piece in secret)


def test_a_password_that_is_written_wrongly_is_told_how_to_write_it() -> None:
    with pytest.raises(DatabaseError, match="%40") as told:
        connect("postgresql://desk:Half@OtherHalf@127.0.0.1:1/desk")
    assert "OtherHalf" not in str(told.value)


def test_whatever_the_server_is_set_to_times_are_read_and_levels_are_ours(
    postgres_server: str,
) -> None:
    with closing(connect(postgres_server.format(name="postgres"))) as admin:
        admin.run("CREATE DATABASE german TEMPLATE template_desk STRATEGY FILE_COPY")
        for setting in ("datestyle = 'German, DMY'", "timezone = 'Asia/Kolkata'"):
            admin.run(f"ALTER DATABASE german SET {setting}")
        admin.run("ALTER DATABASE german SET default_transaction_isolation = 'serializable'")
    with closing(connect(postgres_server.format(name="german"))) as database:
        at = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
        row = database.one("SELECT CAST(:at AS timestamptz) AS at", at=at)
        assert row is not None
        assert moment(row["at"]) == at
        database.begin()
        level = database.one("SELECT current_setting('transaction_isolation') AS level")
        assert level is not None
        assert level["level"] == "read committed"
        database.rollback()
        assert database.all("SELECT name FROM pg_prepared_statements") == []


def test_a_database_of_another_encoding_is_refused_before_anything_is_made(
    postgres_server: str,
) -> None:
    with closing(connect(postgres_server.format(name="postgres"))) as admin:
        admin.run(
            "CREATE DATABASE plain ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' "
            "TEMPLATE template0"
        )
    with pytest.raises(DatabaseError, match="SQL_ASCII, and deskterm needs UTF8"):
        connect(postgres_server.format(name="plain"))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("standard_conforming_strings", "off"),
        ("search_path", "nowhere"),
        ("default_transaction_read_only", "on"),
        ("statement_timeout", "'3ms'"),
    ],
)
def test_a_server_that_is_set_wrongly_is_told_by_the_name_of_the_setting(
    postgres_server: str, setting: str, value: str
) -> None:
    name = f"set_{setting}"
    with closing(connect(postgres_server.format(name="postgres"))) as admin:
        admin.run(f"CREATE DATABASE {name}")
        admin.run(f"ALTER DATABASE {name} SET {setting} = {value}")
    with pytest.raises((DatabaseError, SQLAlchemyError, psycopg.Error)) as raised:
        _upgraded(postgres_server.format(name=name))
    said, code = explained(raised.value)
    assert code == 6
    assert setting in said


def _upgraded(url: str) -> None:
    with closing(connect(url)) as database:
        upgrade(database)
