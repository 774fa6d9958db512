"""Migrations, models, plain SQL and rows are one schema, on both databases (design.md §3)."""

import ast
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import BigInteger, Boolean, Connection, Integer, LargeBinary, String
from sqlmodel import AutoString

from deskterm.domain.columns import COLUMNS, DERIVED, FIXED, FLAG, MOMENT, NUMBER, TEXT
from deskterm.domain.errors import DatabaseError, DeskError
from deskterm.domain.rows import BoardRow, TicketView
from deskterm.domain.team import Role
from deskterm.models import Ticket, metadata
from deskterm.models.spine import ON_SQLITE
from deskterm.models.types import Moment
from deskterm.reports.mistakes import USUAL
from deskterm.storage import driver, migrate, schema, store
from deskterm.storage.driver import Database, connect, psycopg_text
from deskterm.storage.rights.grants import OWNERS, rights
from deskterm.storage.rights.sight import OPEN, SEEN
from deskterm.storage.session import engine_on
from deskterm.storage.store import Store
from deskterm.storage.ticket import columns
from tests.arch.sources import sources

MARKERS = {
    "sqlite": ("sqlite_", "json_each", "json_extract", "MATCH", "rowid", "INTO ticket_search"),
    "postgresql": (
        "pg_",
        "deskterm_",
        "ANY(",
        "@@",
        "to_ts",
        "::",
        "regclass",
        "FOR UPDATE",
        "tsquery",
    ),
}
"""What names a statement as meant for one database only."""

NEXT = "9998"
"""A revision after all that are there."""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A connection to a migrated database, once on each."""
    opened = connect(database_url)
    yield opened
    opened.close()


def _not_of_search(name: str) -> bool:
    others = (
        "alembic_version",
        "xact",
        "known_as",
        "whose",
    )  # these are laid with the rights of a server
    prefixes = ("sqlite_", "deskterm_")
    return "search" not in name and not name.startswith(prefixes) and name not in others


def _other_type(_: Any, __: Any, ___: Any, stored: Any, wanted: Any) -> bool | None:
    """Text without a length is one type here, whatever the database calls it."""
    wanted = wanted.impl_instance if isinstance(wanted, AutoString) else wanted
    if isinstance(wanted, String) and wanted.length is None:
        return not isinstance(stored, String) or stored.length is not None
    return None


_OTHERWISE = {
    index.name: index.info[ON_SQLITE]
    for table in metadata.tables.values()
    for index in table.indexes
    if ON_SQLITE in index.info
}
"""Index → its columns on SQLite, where these are others."""


def _differences(connection: Connection) -> list[Any]:
    compared = {"ticket_board", "ticket_urgent", *_OTHERWISE}

    def ours(_: Any, name: str | None, kind: str, reflected: bool, __: Any) -> bool:
        if kind == "index" and name in compared:
            return False  # Alembic cannot read DESC back from SQLite; its text is compared below
        return not (reflected and name) or _not_of_search(name)

    context = MigrationContext.configure(
        connection,
        opts={"compare_type": _other_type, "compare_server_default": False, "include_object": ours},
    )
    return list(compare_metadata(context, metadata))


def test_the_migrated_schema_is_the_models(database: Database) -> None:
    with engine_on(database).begin() as connection:
        found = _differences(connection)
    assert found == [], found


def test_a_difference_would_be_seen(database: Database) -> None:
    database.run("ALTER TABLE ticket ADD COLUMN stray TEXT")
    database.run("DROP INDEX ticket_assignee")
    with engine_on(database).begin() as connection:
        found = str(_differences(connection))
    assert "remove_column" in found
    assert "ticket_assignee" in found


def test_index_columns_are_those_of_the_models(database: Database) -> None:
    """Alembic does not compare index columns with expressions: the texts are compared here."""
    if database.dialect == "sqlite":
        text = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    else:
        text = "SELECT indexname AS name, indexdef AS sql FROM pg_indexes"
    stored = {row["name"]: row["sql"] for row in database.all(text)}
    for table in metadata.tables.values():
        for index in table.indexes:
            told = "".join(str(stored[index.name]).replace('"', "").split()).lower()
            wanted = ",".join(str(e).rpartition(".")[2] for e in index.expressions).lower()
            if database.dialect == "sqlite" and index.name in _OTHERWISE:
                wanted = ",".join(_OTHERWISE[index.name])
            assert f"({''.join(wanted.split())})" in told


def test_the_known_revisions_are_the_migrations() -> None:
    scripts = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    assert (scripts.get_current_head(),) == (schema.HEAD,)
    assert {script.revision for script in scripts.walk_revisions()} == set(schema.KNOWN)


def test_every_table_has_its_rights() -> None:
    """A new table is in `WORK`, `SETTLED` or `JOBS` of storage/rights/grants.py: who writes it?

    What stands in `OWNERS` no role writes.
    """
    named = {table for role in Role for table, _ in rights(role)}
    assert {name for name in metadata.tables if name not in named} == {*OWNERS}


def test_every_table_says_who_sees_its_rows() -> None:
    """A new table is in `SEEN` or `OPEN` of storage/rights/sight.py: whose rows may who see?"""
    assert not SEEN.keys() & OPEN
    assert {*SEEN, *OPEN} == {*metadata.tables}


def test_the_declared_columns_are_those_of_the_model() -> None:
    table = Ticket.__table__  # type: ignore[attr-defined]
    assert set(columns.EVERY) == set(table.columns.keys())
    assert len(columns.EVERY) == len(table.columns)
    for one in (*COLUMNS, *DERIVED, *FIXED):
        column = table.columns[one.name]
        kinds = {Moment: MOMENT, Boolean: FLAG, Integer: NUMBER, BigInteger: NUMBER}
        stored = next(
            (kind for type_, kind in kinds.items() if isinstance(column.type, type_)), TEXT
        )
        assert stored == one.kind, one.name
        assert column.nullable or one.default is not None or one not in COLUMNS, one.name


def test_the_rows_name_columns_that_are_there() -> None:
    columns = set(Ticket.__table__.columns.keys())  # type: ignore[attr-defined]
    joined = {"requester", "category", "group", "asks", "filed", "more"}
    assert set(BoardRow._fields) - columns <= joined
    assert {name for name in TicketView._fields if name in columns} >= {"id", "version", "state"}


def _statements() -> dict[str, str]:
    """Give every whole SQL text that stands in the source, with where it stands."""
    found: dict[str, str] = {}
    for source in sources():
        if not source.name.startswith(("storage/", "services/", "cli/", "bootstrap")):
            continue
        if "migrations" in source.name or source.name.startswith("storage/reads/where"):
            continue  # a query's conditions are fragments; the query tests run them
        parts = {
            id(inner)
            for node in source.nodes
            if isinstance(node, ast.JoinedStr | ast.BinOp)
            for inner in ast.walk(node)
        }
        for node in source.nodes:
            if isinstance(node, ast.Constant) and id(node) not in parts and _is_sql(node.value):
                found[str(node.value)] = f"{source.name}:{node.lineno}"
    return found


def _is_sql(text: Any) -> bool:
    if not isinstance(text, str) or "{" in text.replace("'{}'", ""):
        return False
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    whole = {"SELECT": " FROM ", "INSERT": " INTO ", "UPDATE": " SET ", "DELETE": " FROM "}
    return first in whole and whole[first] in text and not text.endswith(" ")


def _understood(database: Database, text: str) -> str:
    """Let the database plan the statement; gives what it complains of."""
    names = driver.parameters(text)
    try:
        if database.dialect == "sqlite":
            database.all(f"EXPLAIN {text}", **dict.fromkeys(names))
        else:
            database.connection.execute(
                f"EXPLAIN {psycopg_text(text)}".encode(), dict.fromkeys(names)
            )
    except (sqlite3.Error, DeskError) as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - psycopg's errors, without importing psycopg here
        return str(error).splitlines()[0]
    return ""


def test_both_databases_understand_every_plain_statement(database: Database) -> None:
    texts = _statements()
    assert len(texts) > 80
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[database.dialect]
    found = []
    for text, place in texts.items():
        if any(marker in text for marker in MARKERS[other]):
            continue
        complaint = _understood(database, text)
        if complaint:
            found.append(f"{place}: {complaint}\n    {text}")
    assert not found, "\n".join(found)


# --- other schemas ---------------------------------------------------------------------------


def test_a_newer_schema_is_refused_with_what_to_do(database: Database) -> None:
    database.run("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(
        DatabaseError, match=r"newer deskterm .*9999.*: upgrade deskterm\."
    ) as error:
        store.ensure(database)
    assert error.value.exit_code == 6


def test_an_older_shared_database_waits_for_a_person(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = schema.HEAD
    monkeypatch.setattr(schema, "HEAD", NEXT)
    monkeypatch.setattr(schema, "KNOWN", (*schema.KNOWN, NEXT))
    with (
        closing(connect(postgres_url)) as database,
        pytest.raises(DatabaseError, match=f"older schema {older}: run `deskterm db upgrade` once"),
    ):
        store.ensure(database)


def test_an_empty_shared_database_says_init(postgres_server: str) -> None:
    with (
        closing(connect(postgres_server.format(name="postgres"))) as database,
        pytest.raises(DatabaseError, match="is empty: run `deskterm db init` once"),
    ):
        store.ensure(database)


def _with_one_more_migration(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program know one more migration than it ships with."""
    shutil.copytree(Path(migrate.__file__).parent / "migrations", folder / "migrations")
    (folder / "migrations" / "versions" / "9998_next.py").write_text(
        '"""Next."""\nfrom alembic import op\n\n'
        f'revision = "{NEXT}"\ndown_revision = "{schema.HEAD}"\n\n\n'
        'def upgrade():\n    op.execute("ALTER TABLE person ADD COLUMN pronouns TEXT")\n'
    )
    monkeypatch.setattr(migrate, "__file__", str(folder / "migrate.py"))
    monkeypatch.setattr(schema, "KNOWN", (*schema.KNOWN, NEXT))
    monkeypatch.setattr(schema, "HEAD", NEXT)


def test_an_older_sqlite_file_is_copied_then_upgraded(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = schema.HEAD
    _with_one_more_migration(tmp_path, monkeypatch)
    with closing(connect(sqlite_url)) as database:
        database.run("INSERT INTO technician (login) SELECT 'mia' WHERE 1 = 0")
        store.ensure(database)
        assert schema.revision(database) == NEXT
        database.all("SELECT pronouns FROM person")
    (copy,) = tmp_path.glob(f"desk.sqlite.before-{NEXT}-*")
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT version_num FROM alembic_version").fetchall() == [(older,)]
        assert kept.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def _write_an_old_letter(database: Database) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    numbers: dict[str, Any] = {"id": 7, "version": 1, "level": 1, "is_open": True, "urgent": False}
    texts = "state channel subject body problem reproduction waiting_reason needs approver"
    ticket = dict.fromkeys([*texts.split(), "close_reason", "resolution"], "") | numbers
    letter = dict.fromkeys(["recipient", "recipient_name", "template", "state", "error"], "")
    rows: dict[str, dict[str, Any]] = {
        "operation": {"id": "op", "kind": "new", "actor": "cy", "at": at},
        "operation ": {"id": "u", "kind": "undo", "actor": "cy", "at": at, "undoes": "op"},
        "ticket": ticket | {"opened_at": at, "updated_at": at},
        "field_value": {"ticket_id": 7, "name": "os", "value": "Debian"},
        "outbox": letter
        | {"id": 1, "operation_id": "op", "ticket_id": 7, "message_id": "<1@x>", "entries": "[]"}
        | {"created_at": at, "not_before": at, "attempts": 0},
    }
    for table, row in rows.items():
        values = ", ".join(f":{name}" for name in row)
        database.run(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})", **row)


def test_letters_survive_every_upgrade_since_the_first_schema(
    postgres_server: str, tmp_path: Path
) -> None:
    with closing(connect(postgres_server.format(name="postgres"))) as admin:
        admin.run("CREATE DATABASE first_schema")
        for url in (f"sqlite:///{tmp_path}/desk", postgres_server.format(name="first_schema")):
            with closing(connect(url, new=True)) as database:
                migrate.upgrade(database, "0001")
                _write_an_old_letter(database)
                told: list[str] = []
                assert migrate.upgrade(database, told=told.append) == schema.HEAD
                steps = [one for one in told if one.startswith("schema ")]
                assert [one[7:11] for one in steps] == list(schema.KNOWN[1:])
                assert (len(told) > len(steps)) is (database.dialect == "sqlite")
                rows = database.all(
                    "SELECT id, ticket_id, message_id, data, held_until FROM outbox"
                )
                names = ("id", "ticket_id", "message_id", "data", "held_until")
                assert [[row[name] for name in names] for row in rows] == [
                    [1, 7, "<1@x>", "{}", None]
                ]
                assert database.returned("SELECT value FROM field_value")["value"] == "Debian"
                twice = (
                    "INSERT INTO operation (id, kind, actor, at, undoes) "
                    "SELECT 'v', kind, actor, at, undoes FROM operation WHERE id = 'u' "
                )
                assert database.run(f"{twice}ON CONFLICT DO NOTHING") == 0
                if database.dialect == "sqlite":
                    assert database.returned("PRAGMA integrity_check")["integrity_check"] == "ok"
                database.run("UPDATE outbox SET ticket_id = NULL")
        admin.run("DROP DATABASE first_schema")


def test_a_failed_upgrade_leaves_the_file_as_it_was(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = schema.HEAD
    _with_one_more_migration(tmp_path, monkeypatch)
    script = tmp_path / "migrations" / "versions" / "9998_next.py"
    script.write_text(script.read_text() + '    op.execute("SELECT no_such_thing FROM nowhere")\n')
    with closing(connect(sqlite_url)) as database:
        with pytest.raises(Exception, match="nowhere"):
            store.ensure(database)
        assert schema.revision(database) == older
        names = [row["name"] for row in database.all("PRAGMA table_info(person)")]
        assert "pronouns" not in names


def test_two_programs_that_upgrade_at_once_do_it_once(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_one_more_migration(tmp_path, monkeypatch)
    with closing(connect(sqlite_url)) as one, closing(connect(sqlite_url)) as two:
        store.ensure(one)
        migrate.upgrade(two)
        assert schema.revision(two) == NEXT


def test_an_up_to_date_file_is_not_copied_again(sqlite_url: str, tmp_path: Path) -> None:
    with closing(connect(sqlite_url)) as database:
        assert migrate.upgrade(database) == schema.HEAD
    assert not list(tmp_path.glob("*.before-*"))


def test_a_foreign_sqlite_file_is_refused_untouched(tmp_path: Path) -> None:
    file = tmp_path / "photos.sqlite"
    with closing(sqlite3.connect(file)) as foreign:
        foreign.execute("CREATE TABLE photo (name TEXT)")
    store = Store(f"sqlite:///{file}")
    with pytest.raises(DatabaseError, match="of another program"), store.reading():
        pass
    with closing(sqlite3.connect(file)) as foreign:
        tables = foreign.execute("SELECT name FROM sqlite_master").fetchall()
        assert tables == [("photo",)]
        assert foreign.execute("PRAGMA journal_mode").fetchall() == [("delete",)]


def test_blobs_are_bytes_on_both(database: Database) -> None:
    column = metadata.tables["blob"].columns["bytes"]
    assert isinstance(column.type, LargeBinary)
    database.run("INSERT INTO blob (sha256, size, bytes) VALUES ('x', 3, :b)", b=b"\x00\xff\x1b")
    row = database.one("SELECT bytes FROM blob WHERE sha256 = 'x'")
    assert row is not None
    assert bytes(row["bytes"]) == b"\x00\xff\x1b"


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any schema, once on each."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new.sqlite"
        return
    server = request.getfixturevalue("postgres_server")
    name = f"new_{os.getpid()}"
    with closing(connect(server.format(name="postgres"))) as database:
        database.run(f"CREATE DATABASE {name}")
        yield server.format(name=name)
        database.run(f"DROP DATABASE {name} WITH (FORCE)")


def test_an_upgrade_from_the_first_schema_keeps_what_is_there(new_url: str) -> None:
    with closing(connect(new_url, new=True)) as database:
        migrate.upgrade(database, "0001")
        database.run(
            "INSERT INTO person (id, name, phone, department, location, title, segment, notes) "
            "VALUES (1, 'Ada', '', '', '', '', '', '')"
        )
        database.run("INSERT INTO person_address VALUES ('ada@example.org', 1, 0)")
        migrate.upgrade(database)
        row = database.one("SELECT * FROM person_address")
    assert row is not None
    assert (row["address"], row["failures"], row["broken_since"]) == ("ada@example.org", 0, None)


def test_courses_of_an_older_schema_keep_what_nothing_else_says(new_url: str) -> None:
    handed, unstated, unseen = (f'"{number}": "{USUAL[number]}"' for number in "234")
    late = '"1": "our first word came after 3 days"'
    failed = '"5": "a solution failed 2 times"'
    before = {
        f"{{{unseen}}}": "",
        f"{{{handed}, {unstated}, {unseen}}}": "",
        f"{{{late}, {unseen}}}": f"{{{late}}}",
        f"{{{late}, {unstated}, {unseen}, {failed}}}": f"{{{late}, {failed}}}",
        f"{{{unstated}, {failed}}}": f"{{{failed}}}",
        f"{{{failed}}}": f"{{{failed}}}",
        "": "",
    }
    at = datetime(2026, 3, 2, tzinfo=UTC)
    with closing(connect(new_url, new=True)) as database:
        migrate.upgrade(database, "0001")
        _write_an_old_letter(database)
        migrate.upgrade(database, "0054")
        ticket = dict(database.returned("SELECT * FROM ticket WHERE id = 7"))
        ticket.pop("search", None)  # a server makes it
        names = ", ".join(ticket)
        values = ", ".join(f":{name}" for name in ticket)
        for number, whys in enumerate(before, 8):
            row = {**ticket, "id": number, "first_closed_at": at}
            database.run(f"INSERT INTO ticket ({names}) VALUES ({values})", **row)
            database.run(
                "INSERT INTO course (ticket_id, closed_at, category_id, steps, seconds, reasons, "
                "mistakes, whys) VALUES (:id, :at, 4, 'ddodddddd', '[1]', '', '4', :whys)",
                id=number,
                at=at,
                whys=whys,
            )
        migrate.upgrade(database)
        rows = [dict(row) for row in database.all("SELECT * FROM course ORDER BY ticket_id")]
    plain = {"category_id": 4, "steps": "ddodddddd", "seconds": "[1]", "reasons": ""}
    assert rows == [
        {"ticket_id": number, **plain, "mistakes": "4", "whys": whys}
        for number, whys in enumerate(before.values(), 8)
    ]


def test_open_tickets_of_an_older_schema_get_their_deadlines(new_url: str) -> None:
    with closing(connect(new_url, new=True)) as database:
        migrate.upgrade(database, "0001")
        _write_an_old_letter(database)
        database.run("UPDATE ticket SET state = 'new'")
        migrate.upgrade(database)
        row = database.one("SELECT opened_at, due_at, rank_at, impact FROM ticket WHERE id = 7")
    assert row is not None
    assert driver.moment(row["due_at"]) > driver.moment(row["opened_at"])
    assert (row["rank_at"], row["impact"]) == (row["due_at"], 0)
