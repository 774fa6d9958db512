"""What a colleague with psql and a login of the desk would try, by kind (findings of the attacks).

Each is one statement; `but` names the roles that may do it. Every one must be refused by the server
itself, at once or before it commits.
"""

from collections.abc import Iterator
from typing import NamedTuple

from deskterm.domain.columns import COLUMNS, FLAG, MOMENT, NUMBER
from deskterm.domain.team import Role
from tests.rights.conftest import LOGINS

OPERATION = "INSERT INTO operation (id, kind, actor, at) VALUES ({})"
LEDGER = (
    "INSERT INTO ledger (operation_id, at, actor, kind, subject_id, version, event, public, text, "
    "changes, data) VALUES ({operation}, {at}, {actor}, 'ticket', 1, 9, {event}, TRUE, 'x', '{{}}', "
    "'{{}}')"
)
MINE, NOW = "'mine'", "(SELECT at FROM operation WHERE id = 'mine')"


class Attack(NamedTuple):
    """A statement, its kind, and who may do it."""

    kind: str
    sql: str
    but: frozenset[Role] = frozenset()


def attacks() -> Iterator[Attack]:
    """Give every attack."""
    for kind, statements in KINDS.items():
        for one in statements():
            yield Attack(kind, *one) if isinstance(one, tuple) else Attack(kind, one)


def _forged() -> Iterator[str | tuple[str, frozenset[Role]]]:
    worker = frozenset({Role.WORKER})
    for n, name in enumerate(LOGINS.values()):
        others = frozenset(role for role, login in LOGINS.items() if login == name)
        behalf = worker if name in ("ann", "mona") else frozenset()
        yield OPERATION.format(f"'f{n}', 'note', '{name}', now()"), others | behalf
    for name in ("bob", "postgres", "", "root", "Ann", " ann", "deskterm"):
        yield OPERATION.format(f"'g{name}', 'note', '{name}', now()")
    for name in ("mail", "desk", "customer", "import"):
        yield OPERATION.format(f"'h{name}', 'note', '{name}', now()"), worker
        yield LEDGER.format(operation=MINE, at=NOW, actor=f"'{name}'", event="'noted'"), worker
        yield LEDGER.format(operation=MINE, at=NOW, actor=f"'{name}'", event="'verified'"), worker
    for name in ("bob", "postgres", "nobody"):
        yield LEDGER.format(operation=MINE, at=NOW, actor=f"'{name}'", event="'noted'"), worker
    for at in (
        "now() - interval '1 day'",
        "now() + interval '1 day'",
        "'epoch'",
        "'infinity'",
        "now() - interval '1 minute'",
    ):
        yield LEDGER.format(operation=MINE, at=at, actor="session_user", event="'noted'")
    for operation in ("'before'", "(SELECT min(id) FROM operation)", "'never'"):
        yield LEDGER.format(operation=operation, at="now()", actor="session_user", event="'noted'")
    yield LEDGER.format(operation=MINE, at=NOW, actor="'desk'", event="'changed'"), worker
    yield LEDGER.format(operation=MINE, at=NOW, actor="'customer'", event="'opened'"), worker


def _history() -> Iterator[str]:
    for table in ("operation", "ledger"):
        for column, value in (("kind", "'x'"), ("actor", "'bob'"), ("at", "now()")):
            yield f"UPDATE {table} SET {column} = {value}"
        yield f"DELETE FROM {table}"
        yield f"TRUNCATE {table}"
        yield f"TRUNCATE {table} CASCADE"
        yield f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"
        yield f"MERGE INTO {table} USING (SELECT 1) AS s ON TRUE WHEN MATCHED THEN DELETE"
    for column, value in (
        ("text", "''"),
        ("changes", "'{}'"),
        ("data", "'{}'"),
        ("public", "TRUE"),
    ):
        yield f"UPDATE ledger SET {column} = {value} WHERE id = 1"
    yield "UPDATE operation SET known_as = 'bob'"
    yield "UPDATE operation SET xact = pg_current_xact_id()::text::bigint"
    yield "INSERT INTO operation (id, kind, actor, at, xact) VALUES ('x', 'x', session_user, now(), 1) ON CONFLICT (id) DO UPDATE SET actor = 'bob'"
    yield "INSERT INTO taken_back SELECT id FROM operation WHERE id = 'before'"
    yield "DELETE FROM taken_back; DELETE FROM operation"


def _off() -> Iterator[str]:
    for table in ("operation", "ledger", "ticket", "technician", "outbox"):
        yield f"ALTER TABLE {table} DISABLE TRIGGER ALL"
        yield f"ALTER TABLE {table} DISABLE TRIGGER USER"
        yield f"DROP TABLE {table} CASCADE"
        yield f"ALTER TABLE {table} RENAME TO {table}_old"
        yield f"CREATE RULE r AS ON INSERT TO {table} DO INSTEAD NOTHING"
    for name, table in (
        ("deskterm_entry", "ledger"),
        ("deskterm_operation", "operation"),
        ("deskterm_claimed", "ticket"),
    ):
        yield f"DROP TRIGGER {name} ON {table}"
        yield f"ALTER TABLE {table} DISABLE TRIGGER {name}"
    yield "SET session_replication_role = replica"
    yield "CREATE OR REPLACE FUNCTION deskterm_bound() RETURNS boolean LANGUAGE sql AS 'SELECT false'"
    yield "DROP FUNCTION deskterm_bound() CASCADE"
    yield "ALTER FUNCTION deskterm_is(text) OWNER TO CURRENT_USER"
    yield "CREATE TABLE public.mine (n int)"
    yield "CREATE TEMPORARY TABLE operation (id text)"
    yield "CREATE SCHEMA mine"
    yield "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'"
    yield "DROP SCHEMA public CASCADE"
    yield "ALTER TABLE ticket DROP COLUMN subject"
    yield "CREATE INDEX ON ledger (text)"
    yield "ALTER TABLE ledger OWNER TO CURRENT_USER"
    yield "UPDATE alembic_version SET version_num = '9999'"
    for table in ("ticket", "ledger", "person"):
        yield f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"
        yield f"DROP POLICY deskterm_seen ON {table}"
        yield f"ALTER POLICY deskterm_seen ON {table} USING (TRUE)"
        yield f"CREATE POLICY mine ON {table} USING (TRUE)"
        yield f"SET LOCAL row_security = off; TABLE {table}"
    yield "CREATE OR REPLACE FUNCTION deskterm_sees_all() RETURNS boolean LANGUAGE sql AS 'SELECT TRUE'"
    yield "DROP FUNCTION deskterm_clients() CASCADE"
    yield "INSERT INTO allowed_client SELECT session_user, 1"
    yield "DELETE FROM allowed_client"
    yield "UPDATE allowed_client SET login = 'nobody'"
    yield "UPDATE pg_catalog.pg_trigger SET tgenabled = 'D'"
    yield "DELETE FROM pg_catalog.pg_policy WHERE TRUE"


def _become() -> Iterator[str | tuple[str, frozenset[Role]]]:
    for name in ("postgres", "bob", "dora"):
        yield f"SET SESSION AUTHORIZATION {name}"
        yield f"SET ROLE {name}"
        yield f"GRANT {name} TO CURRENT_USER"
    yield "ALTER ROLE CURRENT_USER SUPERUSER"
    yield "ALTER ROLE CURRENT_USER CREATEROLE"
    yield "ALTER ROLE CURRENT_USER BYPASSRLS"
    yield "CREATE ROLE evil LOGIN"
    yield "ALTER ROLE bob PASSWORD 'x'"
    yield "DROP ROLE bob"
    yield "GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC; SELECT 1 / (SELECT count(*) FROM pg_class c, aclexplode(c.relacl) a WHERE a.grantee = 0 AND c.relname = 'ledger')"
    yield "UPDATE technician SET login = 'bob' WHERE login = session_user"
    yield "UPDATE technician SET email = 'mal@evil.test' WHERE login = 'dora'"
    yield "UPDATE technician SET level = 3 WHERE login = session_user"
    yield "UPDATE technician SET active = FALSE WHERE login = 'dora'"
    yield (
        "INSERT INTO technician (login, name, email, level, active, since, mail) VALUES ('evil', '', '', 3, TRUE, now(), 'none')",
        frozenset({Role.MANAGER}),
    )
    yield "DELETE FROM technician WHERE login = 'extra'"
    yield "INSERT INTO membership SELECT id, 'dora' FROM desk_group"
    yield "UPDATE saved_view SET owner = 'dora'"
    yield "UPDATE draft SET owner = 'dora'"
    yield "UPDATE notice SET seen_at = now() WHERE login = 'dora'", frozenset({Role.WORKER})


def _secrets() -> Iterator[str | tuple[str, frozenset[Role]]]:
    worker = frozenset({Role.WORKER})
    for columns in ("*", "value", "id", "count(*)", "md5(value)"):
        yield f"SELECT {columns} FROM secret", worker
    yield "SELECT * FROM ticket, secret", worker
    yield "COPY secret TO STDOUT", worker
    yield "TABLE secret", worker
    yield "SELECT rolpassword FROM pg_authid"
    yield "SELECT passwd FROM pg_shadow"
    yield "SELECT setting FROM pg_settings WHERE name = 'data_directory' AND 1 / (setting IS NOT NULL)::int > 0 UNION SELECT pg_read_file('PG_VERSION')"
    yield "SELECT * FROM pg_hba_file_rules()"
    yield "UPDATE secret SET value = 'x'", worker
    yield "DELETE FROM secret", worker
    yield "INSERT INTO secret (name, value, created_at) VALUES ('token', 'x', now())", worker
    yield "INSERT INTO desk_setting (key, value) VALUES ('mail.address', '\"evil@evil.test\"')"
    yield "DELETE FROM desk_setting"
    yield 'UPDATE mailbox SET source = \'{"host": "evil.test"}\''
    yield "UPDATE mailbox SET address = 'evil@evil.test'"


def _untold() -> Iterator[str | tuple[str, frozenset[Role]]]:
    values = {FLAG: "NOT coalesce({0}, FALSE)", NUMBER: "coalesce({0}, 0) + 1", MOMENT: "now()"}
    skipped = ("assignee", "requester_id", "category_id", "service_id", "group_id", "from_group_id")
    for column in COLUMNS:
        if not column.name.endswith("_id") and column.name not in (
            *skipped,
            "merged_into",
            "from_assignee",
        ):
            value = values.get(column.kind, "coalesce({0}, '') || 'x'").format(column.name)
            yield f"UPDATE ticket SET {column.name} = {value} WHERE id = 1"
    yield from (
        "UPDATE ticket SET assignee = 'dora' WHERE id = 1",
        "UPDATE ticket SET requester_id = requester_id % 2 + 1 WHERE id = 1",
        "DELETE FROM ticket WHERE id = 2",
        "INSERT INTO step (ticket_id, step, status, actor, at, reason) VALUES (1, 'verify', 'done', 'dora', now(), '')",
        "INSERT INTO field_value (ticket_id, name, value) VALUES (1, 'os', 'x')",
        "INSERT INTO watcher (ticket_id, person_id) VALUES (1, 2)",
        "INSERT INTO link (ticket_id, kind, other_id) VALUES (1, 'related', 2)",
        "INSERT INTO problem_ticket (problem_id, ticket_id) VALUES (1, 1)",
        "INSERT INTO entry_place (entry_id, ticket_id) VALUES (1, 2)",
        "UPDATE person SET name = 'Mal' WHERE id = 1",
        "UPDATE person SET notes = 'x' WHERE id = 1",
        "UPDATE person_address SET person_id = 2 WHERE person_id = 1",
        "DELETE FROM person_address",
        "INSERT INTO person_address (address, person_id, position) VALUES ('mal@evil.test', 1, 0)",
        "UPDATE problem SET title = 'x'",
        "UPDATE solution SET resolution = 'x'",
        "UPDATE solution SET confidence = 'validated'",
        "UPDATE announcement SET text = 'x'",
        "DELETE FROM absence",
        "UPDATE absence SET deputy = 'dora'",
        "UPDATE saved_view SET query = 'is:closed'",
        "UPDATE guide SET active = NOT active",
        "UPDATE counter SET value = 0 WHERE name = 'ticket'",
        "UPDATE counter SET value = value + 1000000 WHERE name = 'ticket'",
        "INSERT INTO blob (sha256, size, bytes) VALUES ('abc', 1, 'x')",
        "UPDATE blob SET bytes = 'x'",
        "UPDATE rule SET query = 'is:any'",
        "UPDATE desk_group SET name = name || 'x'",
        "UPDATE category SET path = path || 'x'",
    )


def _mail() -> Iterator[str | tuple[str, frozenset[Role]]]:
    worker = frozenset({Role.WORKER})
    letter = "INSERT INTO outbox (operation_id, ticket_id, recipient, recipient_name, person_id, template, message_id, entries, data, state, created_at, not_before, attempts, error) VALUES ({}, 1, {}, '', {}, 'replied', '<{}@x>', {}, '{{}}', '{}', now(), now(), 0, '')"
    for column in ("recipient", "recipient_name", "message_id", "data", "error"):
        yield f"UPDATE outbox SET {column} = {column} || 'x'", worker
    for column, value in (
        ("holder", "'me'"),
        ("sent_at", "now()"),
        ("held_until", "now()"),
        ("person_id", "2"),
    ):
        yield f"UPDATE outbox SET {column} = {value}", worker
    for state in ("sent", "claimed"):
        yield f"UPDATE outbox SET state = '{state}'", worker
    yield "DELETE FROM outbox"
    yield letter.format(MINE, "'mal@evil.test'", "1", 1, "'[]'", "queued"), worker
    yield (
        letter.format(
            "'before'",
            "(SELECT address FROM person_address WHERE person_id = 1)",
            "1",
            2,
            "'[]'",
            "queued",
        ),
        worker,
    )
    yield (
        letter.format(
            MINE, "(SELECT address FROM person_address WHERE person_id = 1)", "1", 3, "'[]'", "sent"
        ),
        worker,
    )
    yield (
        letter.format(
            MINE,
            "(SELECT address FROM person_address WHERE person_id = 1)",
            "1",
            4,
            "(SELECT '[' || max(id) || ']' FROM ledger WHERE event = 'noted')",
            "queued",
        ),
        worker,
    )
    yield (
        "UPDATE outbox SET entries = (SELECT '[' || max(id) || ']' FROM ledger WHERE event = 'noted')",
        worker,
    )
    yield "UPDATE inbox SET state = 'discarded'", worker
    yield "UPDATE inbox SET sender = 'x'", worker
    yield "DELETE FROM inbox"
    yield (
        "INSERT INTO inbox (mailbox, key, sha256, size, received_at) VALUES ('x', 'x', 'x', 1, now())",
        worker,
    )
    yield (
        "INSERT INTO lease (name, holder, until) VALUES ('jobs', 'me', now() + interval '9 minutes')",
        worker,
    )
    yield "UPDATE lease SET holder = 'me'", worker
    yield "DELETE FROM lease", worker
    yield "UPDATE mailbox SET last_uid = 99999", worker
    yield "DELETE FROM mail_receipt", worker | {Role.MANAGER}


def _server() -> Iterator[str]:
    yield "COPY ticket TO PROGRAM 'cat'"
    yield "COPY ticket TO '/deskterm-attack'"
    yield "COPY ledger (text) FROM '/etc/hostname'"
    yield "SELECT pg_read_file('postgresql.conf')"
    yield "SELECT pg_read_binary_file('PG_VERSION')"
    yield "SELECT pg_ls_dir('.')"
    yield "SELECT lo_import('/etc/hostname')"
    yield "SELECT lo_export(1, '/deskterm-attack')"
    yield "SELECT pg_reload_conf()"
    yield "ALTER DATABASE postgres SET search_path = evil"
    yield "CREATE PUBLICATION p FOR ALL TABLES"
    yield "SELECT pg_switch_wal()"
    yield "SELECT pg_rotate_logfile()"
    yield "SELECT pg_promote()"
    yield "SELECT pg_create_restore_point('x')"
    yield "SELECT pg_stat_reset()"
    yield "SELECT pg_ls_logdir()"
    yield "SELECT pg_stat_file('PG_VERSION')"
    yield "SET log_statement = 'none'"


KINDS = {
    "forge actor or time": _forged,
    "edit history": _history,
    "switch protection off": _off,
    "become another": _become,
    "secrets": _secrets,
    "change without a ledger row": _untold,
    "others' mail": _mail,
    "server and files": _server,
}
