"""Bring rights into a database: functions, triggers, groups and grants. Safe to do again.

Whoever owns the desk's tables does it, with every `db init`, `db upgrade` and `team add`. Making
the groups needs CREATEROLE: without it functions and triggers are laid all the same.
"""

from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files

from deskterm.domain.team import SEES_EVERYTHING, Role
from deskterm.storage.driver import Database, json_text
from deskterm.storage.forgetting import OF_TICKET, covered_of_people
from deskterm.storage.redactions import PEOPLE_GONE, UNREAD
from deskterm.storage.retaining import covered_of_tickets
from deskterm.storage.retention_rules import FREE, NEEDLESS
from deskterm.storage.rights.grants import HISTORY, SECRETS, rights
from deskterm.storage.rights.guards import guards
from deskterm.storage.rights.sight import COUNTED, NOT_HIDDEN, SEEN, WORDY, policies
from deskterm.storage.whom import MERGED

LOCK = "SELECT pg_advisory_xact_lock(7364523)"
"""Whoever changes the schema or its rights does it alone."""
_OWNER = (
    "SELECT quote_ident(pg_get_userbyid(relowner)) AS name FROM pg_class "
    "WHERE oid = 'operation'::regclass"
)
_VERBS = {"i": "INSERT", "u": "UPDATE", "d": "DELETE"}


def lay(database: Database) -> bool:
    """Lay everything inside the caller's transaction, so that it is the newest as a whole.

    Where all is as it was laid by the same program nothing is touched, and nobody who works there
    waits; gives whether anything was laid.
    """
    database.all(LOCK)
    wanted = _wanted(_tables(database))
    if database.returned(_KEPT)["said"] == f"laid {wanted} {database.returned(_STATE)['state']}":
        return False
    _lay(database)
    state = database.returned(_STATE)["state"]
    say(database, f"COMMENT ON FUNCTION deskterm_role(text) IS 'laid {wanted} {state}'")
    return True


_KEPT = "SELECT obj_description(to_regprocedure('deskterm_role(text)'), 'pg_proc') AS said"
"""What was said of one of the functions when everything was laid: two hashes."""
_STATE = """
SELECT md5(coalesce(string_agg(x, '|' ORDER BY x), '')) AS state FROM (
  SELECT concat_ws(' ', 'c', relname, relacl, relrowsecurity, relforcerowsecurity) FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace
  UNION ALL SELECT concat_ws(' ', 'a', c.relname, a.attname, a.attacl) FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relnamespace = current_schema()::regnamespace
    WHERE a.attacl IS NOT NULL
  UNION ALL SELECT concat_ws(' ', 's', c.relname, a.attname) FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relnamespace = current_schema()::regnamespace
    WHERE a.attstattarget = 0
  UNION ALL SELECT concat_ws(' ', 't', pg_get_triggerdef(t.oid), t.tgenabled) FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid AND c.relnamespace = current_schema()::regnamespace
    WHERE NOT t.tgisinternal
  UNION ALL SELECT concat_ws(' ', 'f', p.oid::regprocedure, p.prosrc, p.prosecdef, p.proconfig,
    p.proacl) FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
  UNION ALL SELECT concat_ws(' ', 'p', tablename, policyname, permissive, roles, cmd, qual,
    with_check) FROM pg_policies WHERE schemaname = current_schema()
  UNION ALL SELECT concat_ws(' ', 'd', datname, datacl) FROM pg_database
    WHERE datname = current_database()
  UNION ALL SELECT concat_ws(' ', 'n', nspacl) FROM pg_namespace WHERE nspname = current_schema()
) s (x)
"""
"""How grants, triggers, functions and policies stand: what anybody did by hand changes it."""


def _wanted(tables: frozenset[str]) -> str:
    """Give a hash of all that this program lays on these tables."""
    told = [
        _functions("", NOT_HIDDEN),
        *_history(tables),
        *guards(tables),
        *policies("", "", tables),
        *sorted(COUNTED | WORDY),
        *(f"{role} {table} {right}" for role in Role for table, right in rights(role)),
    ]
    return sha256("\n".join(told).encode()).hexdigest()


def _lay(database: Database) -> None:
    schema = str(database.returned("SELECT quote_ident(current_schema()) AS name")["name"])
    tables = _tables(database)
    say(database, _functions(schema, NOT_HIDDEN))
    for statement in (*_history(tables), *guards(tables), *_closing(schema)):
        say(database, statement.replace("{schema}", schema))
    groups = _groups(database)
    for statement in _forgetting(database, schema, groups):
        say(database, statement)
    if groups:
        for statement in _granting(schema, tables, groups):
            say(database, statement)
    everything = ", ".join(groups[role] for role in SEES_EVERYTHING if role in groups)
    owner = database.returned(_OWNER)["name"]
    for statement in (*policies(str(owner), everything, tables), *_entering(database, groups)):
        say(database, statement)
    _forget_words(database)


_WORDS = """
SELECT c.relname AS table_, c.reltuples > 0 AS counted, array_agg(a.attname::text) AS names
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = current_schema()::regnamespace AND c.relname IN :seen
  AND a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'bytea'::regtype)
  AND (a.attname NOT IN :counted OR c.relname || '.' || a.attname IN :wordy)
  AND a.attstattarget IS DISTINCT FROM 0
GROUP BY c.relname, c.reltuples ORDER BY c.relname
"""
"""Tables and their columns of words that the server may still keep statistics of."""


def _forget_words(database: Database) -> None:
    """Let the server keep no statistics of words, and forget those that it has.

    A server that cannot forget them (before 18) looks at so few rows that two words are left.
    """
    forgets = database.returned("SELECT current_setting('server_version_num')::int >= 180000 AS x")
    for row in database.all(_WORDS, seen=[*SEEN], counted=[*COUNTED], wordy=[*WORDY]):
        table, names = row["table_"], [quoted(name) for name in row["names"]]
        if row["counted"] and not forgets["x"]:
            say(database, f"ALTER TABLE {table} {_each(names, 1)}")
            say(database, f"ANALYZE {table} ({', '.join(names)})")
        say(database, f"ALTER TABLE {table} {_each(names, 0)}")
        for name in row["names"] if row["counted"] and forgets["x"] else ():
            database.all(
                "SELECT pg_clear_attribute_stats(current_schema()::text, :table, :name, false)",
                table=table,
                name=name,
            )


def _each(names: list[str], target: int) -> str:
    return ", ".join(f"ALTER COLUMN {name} SET STATISTICS {target}" for name in names)


def _functions(schema: str, not_hidden: str) -> str:
    """Give the statements that make every function, with what is asked elsewhere, too."""
    folder = files("deskterm.storage.rights")
    text = "".join(
        folder.joinpath(name).read_text("utf-8") for name in ("functions.sql", "retaining.sql")
    )
    people = "(SELECT unnest(everyone))"
    given = {
        "schema": schema,
        "not_hidden": not_hidden,
        "free": FREE.format("t"),
        "needless": NEEDLESS,
        "merged": MERGED.replace("{ids}", "(person_)"),
        "unread": UNREAD,
        "words_of_ticket": ", ".join(f"t.{name}" for name in OF_TICKET),
        "people_gone": " ".join(f"{one};" for one in PEOPLE_GONE).replace("{ids}", people),
        "of_tickets": json_text(covered_of_tickets()),
        "of_people": json_text(covered_of_people()),
    }
    for name, said in given.items():
        text = text.replace(f"{{{name}}}", said)
    return text


def say(database: Database, statement: str) -> None:
    """Say a statement of our own as it is: one may hold several, and `:=` and `%`."""
    with database.translating_errors():
        database.connection.execute(statement)


def _tables(database: Database) -> frozenset[str]:
    rows = database.all(
        "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace "
        "AND relkind = 'r'"
    )
    return frozenset(str(row["relname"]) for row in rows)


def _closing(schema: str) -> Iterator[str]:
    """Take from everybody what PostgreSQL gives to everybody."""
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM PUBLIC"
    yield f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {schema} FROM PUBLIC"


def _history(tables: frozenset[str]) -> Iterator[str]:
    """Let the server set and refuse what is history."""
    for table, function in (("operation", "deskterm_operation"), ("ledger", "deskterm_entry")):
        yield _trigger(f"{function}", f"BEFORE INSERT ON {table} FOR EACH ROW", function)
    for table in tables & {*HISTORY}:
        yield _trigger(f"deskterm_kept_{table}", f"BEFORE TRUNCATE ON {table}", "deskterm_kept")


def _trigger(name: str, when: str, function: str) -> str:
    """Give the statement that makes a trigger, or puts it right."""
    return f"CREATE OR REPLACE TRIGGER {name} {when} EXECUTE FUNCTION {function}()"


def _groups(database: Database) -> dict[Role, str]:
    """Give each role's group on this server, made where it is missing; none where we may not."""
    names = {
        role: str(database.returned("SELECT deskterm_role(:kind) AS name", kind=role)["name"])
        for role in Role
    }
    there = database.all(
        "SELECT rolname FROM pg_roles WHERE rolname IN :names", names=[*names.values()]
    )
    missing = {*names.values()} - {row["rolname"] for row in there}
    if missing and not may_make_roles(database):
        return {}
    for name in sorted(missing):
        say(database, f"CREATE ROLE {quoted(name)} NOLOGIN")
    return {role: quoted(name) for role, name in names.items()}


def quoted(name: str) -> str:
    """Give a role's name as a statement names it."""
    return '"' + name.replace('"', '""') + '"'


def owns(database: Database) -> bool:
    """Tell whether this login owns the desk's tables: it may lay rights, and is bound by none."""
    row = database.returned(
        "SELECT pg_has_role(session_user, relowner, 'MEMBER') AS owns FROM pg_class "
        "WHERE oid = to_regclass('operation')"
    )
    return bool(row["owns"])


def _forgetting(database: Database, schema: str, groups: dict[Role, str]) -> Iterator[str]:
    """Take every right from the groups of the desk that this one is a copy of, or was called."""
    rows = database.all(
        "SELECT DISTINCT quote_ident(pg_get_userbyid(a.grantee)) AS name "
        "FROM pg_class c, aclexplode(c.relacl) a "
        "WHERE c.relnamespace = current_schema()::regnamespace AND a.grantee <> 0 "
        "AND starts_with(pg_get_userbyid(a.grantee), 'deskterm_')"
    )
    ours = set(groups.values()) | {name.strip('"') for name in groups.values()}
    foreign = ", ".join(sorted({str(row["name"]) for row in rows} - ours))
    if groups and foreign:
        for what in ("TABLES", "SEQUENCES", "FUNCTIONS"):
            yield f"REVOKE ALL ON ALL {what} IN SCHEMA {schema} FROM {foreign}"
        yield f"REVOKE ALL ON SCHEMA {schema} FROM {foreign}"


def may_make_roles(database: Database) -> bool:
    """Tell whether this login may make roles."""
    row = database.returned(
        "SELECT rolsuper OR rolcreaterole AS may FROM pg_roles WHERE rolname = current_user"
    )
    return bool(row["may"])


def _granting(schema: str, tables: frozenset[str], groups: dict[Role, str]) -> Iterator[str]:
    """Give every group exactly its grants, whatever it had before."""
    all_of_them = ", ".join(groups.values())
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {all_of_them}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {all_of_them}"
    yield f"REVOKE ALL ON SCHEMA {schema} FROM {all_of_them}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {all_of_them}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {all_of_them}"
    yield f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {all_of_them}"
    people = ", ".join(name for role, name in groups.items() if role is not Role.WORKER)
    for table in SECRETS:
        yield f"REVOKE ALL ON {table} FROM {people}"
    yield f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {groups[Role.BACKUP]}"
    writers = ", ".join(groups[role] for role in (Role.TECHNICIAN, Role.MANAGER, Role.WORKER))
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {writers}"
    for role, group in groups.items():
        for table, right in rights(role):
            if table in tables:
                yield f"GRANT {_verbs(right.may, right.columns)} ON {table} TO {group}"


def _entering(database: Database, groups: dict[Role, str]) -> Iterator[str]:
    """Let the groups into the database, where it is ours; temporary tables are nobody's need."""
    row = database.returned(
        "SELECT quote_ident(datname) AS name, pg_has_role(session_user, datdba, 'MEMBER') AS owns "
        "FROM pg_database WHERE datname = current_database()"
    )
    if row["owns"]:
        yield f"REVOKE TEMPORARY ON DATABASE {row['name']} FROM PUBLIC"
        for group in groups.values():
            yield f"GRANT CONNECT ON DATABASE {row['name']} TO {group}"


def _verbs(may: str, columns: tuple[str, ...]) -> str:
    only = f" ({', '.join(columns)})" if columns else ""
    return ", ".join(_VERBS[one] + (only if one == "u" else "") for one in may)
