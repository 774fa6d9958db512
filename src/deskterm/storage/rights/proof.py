"""Whether the rights at a server are what they should be: each difference is a sentence."""

from collections.abc import Iterator, Mapping, Sequence

from deskterm.domain.team import OWNER, SEES_EVERYTHING, Member, Role
from deskterm.storage.driver import Database
from deskterm.storage.rights.grants import HISTORY, SECRETS, rights
from deskterm.storage.rights.members import clients_of, known_technicians, members
from deskterm.storage.rights.sight import SEEN

_VERBS = {"SELECT": "r", "INSERT": "i", "UPDATE": "u", "DELETE": "d", "TRUNCATE": "t"}
_WORDS = {"r": "read", "i": "insert into", "u": "change", "d": "delete from", "t": "empty"}
_LAID = (
    "SELECT c.relname, k.kind, v.verb, has_table_privilege(g.oid, c.oid, v.verb) AS whole, "
    "v.verb IN ('INSERT', 'UPDATE', 'SELECT') AND "
    "has_any_column_privilege(g.oid, c.oid, v.verb) AS some "
    "FROM pg_class c CROSS JOIN unnest(:kinds::text[]) AS k (kind) "
    "JOIN pg_roles g ON g.rolname = deskterm_role(k.kind) "
    "CROSS JOIN unnest(:verbs::text[]) AS v (verb) "
    "WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' "
    "ORDER BY c.relname, k.kind"
)
_BY_HAND = (
    "SELECT DISTINCT CASE WHEN a.grantee = 0 THEN 'everybody (PUBLIC)' "
    "ELSE pg_get_userbyid(a.grantee) END AS who, a.privilege_type AS verb, c.relname "
    "FROM pg_class c, aclexplode(c.relacl) a WHERE c.relkind = 'r' "
    "AND c.relnamespace = current_schema()::regnamespace AND a.grantee <> c.relowner "
    "AND pg_get_userbyid(a.grantee) NOT IN "
    "(SELECT deskterm_role(kind) FROM unnest(:kinds::text[]) AS k (kind)) ORDER BY 1, 3, 2"
)
_UNSEEN = (
    "SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace "
    "AND c.relname IN :tables AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity OR "
    "(SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid "
    "AND p.polname IN ('deskterm_all', 'deskterm_seen')) <> 2) ORDER BY c.relname"
)
_OFF = (
    "SELECT w.name FROM unnest(:wanted::text[]) AS w (name) WHERE NOT EXISTS "
    "(SELECT FROM pg_trigger t WHERE t.tgname = w.name AND t.tgenabled IN ('O', 'A'))"
)


def troubles(database: Database, triggers: list[str]) -> Iterator[str]:
    """Give what is not as it should be, the gravest first; `triggers` must be there and on."""
    kinds = [*map(str, Role)]
    for row in database.all(_OFF, wanted=triggers):
        yield f"the trigger {row['name']} is missing or switched off: history is not safe"
    groups = database.all(
        "SELECT k.kind FROM unnest(:kinds::text[]) AS k (kind) "
        "WHERE to_regrole(quote_ident(deskterm_role(k.kind))) IS NULL",
        kinds=kinds,
    )
    if groups:
        names = ", ".join(str(row["kind"]) for row in groups)
        yield f"this server has no groups for {names} (was the database restored or renamed?)"
    yield from _grants(database, kinds)
    yield from _by_hand(database, kinds)
    team = members(database)
    yield from _people(team, known_technicians(database))
    yield from _kept(team, clients_of(database))
    yield from _sight(database)


def _wanted() -> Mapping[tuple[str, str], str]:
    """Give (table, role) → what may be done with all of it or with some columns."""
    found: dict[tuple[str, str], str] = {}
    for role in Role:
        for table, right in rights(role):
            found[table, role] = found.get((table, role), "") + right.may
    return found


def _grants(database: Database, kinds: list[str]) -> Iterator[str]:
    """Compare what each group may with the list."""
    wanted = _wanted()
    for row in database.all(_LAID, kinds=kinds, verbs=[*_VERBS]):
        table, role, verb = row["relname"], row["kind"], _VERBS[row["verb"]]
        may = bool(row["whole"] or row["some"])
        should = verb in wanted.get((table, role), "")
        if verb == "r":
            should = table not in SECRETS or role == Role.WORKER
        if may != should:
            word = "may" if may else "cannot"
            yield f"{role}s {word} {_WORDS[verb]} {table}, and {'should not' if may else 'should'}"


def _by_hand(database: Database, kinds: list[str]) -> Iterator[str]:
    """Name whoever was given rights beside the roles."""
    found: dict[str, dict[str, set[str]]] = {}
    for row in database.all(_BY_HAND, kinds=kinds):
        found.setdefault(row["who"], {}).setdefault(row["verb"].lower(), set()).add(row["relname"])
    for who, verbs in found.items():
        told = "; ".join(f"{verb} on {_some(tables)}" for verb, tables in sorted(verbs.items()))
        yield f"{who} has rights given by hand: {told}"


def _some(tables: set[str]) -> str:
    first = sorted(tables)[:3]
    more = f" and {len(tables) - 3} more" if len(tables) > 3 else ""
    return ", ".join(first) + more


def _people(team: Sequence[Member], known: Sequence[str]) -> Iterator[str]:
    """Say what a login means that is more, or less, than its role, and who is missing."""
    for one in team:
        yield from _beyond(one, one.login in known)
    if not any(Role.WORKER in one.role for one in team):
        yield "nobody is a worker: mail and jobs wait for a login with that role (deskterm work)"
    logins = {one.login for one in team}
    for login in known:
        if login not in logins:
            yield (
                f"technician {login} is active here, and no login of that name has a role "
                "(renamed, dropped, restored elsewhere, or from before there were roles): "
                "`team add` gives one, `technician merge` gives a new login what is theirs, "
                "`technician remove --to` a colleague"
            )


def _kept(team: Sequence[Member], kept: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Name who is kept to clients in vain: they see everything, or their login is another's."""
    roles = {one.login: one.role for one in team}
    for login, clients in kept.items():
        role = roles.get(login)
        told = f"{login} is kept to {', '.join(clients)}"
        if role is None:
            yield (
                f"{told}, and no login of that name has a role (renamed or dropped): until "
                "`deskterm team restrict` names the login that is there, strangers see nothing"
            )
        elif any(word in role for word in (OWNER, *SEES_EVERYTHING)):
            yield f"{told}, and sees everything all the same, as {role}"


def _sight(database: Database) -> Iterator[str]:
    """Name the tables whose rows everybody sees because row security is off or its policy gone."""
    rows = database.all(_UNSEEN, tables=sorted(SEEN))
    for row in rows:
        yield f"row security of {row['relname']} is off or without policies: db upgrade lays it"


def _beyond(one: Member, works: bool) -> Iterator[str]:
    if one.superuser and one.role != OWNER:
        yield f"{one.login} is a superuser: nothing refuses them anything, whatever their role"
    elif one.role == OWNER and works:
        yield (
            f"{one.login} owns the desk and works on tickets: they are bound by nothing and may "
            "say that others did what they did; a login of their own is for the day's work"
        )
    if "," in one.role:
        yield f"{one.login} has several roles ({one.role}): deskterm team role gives one"
    if not one.may_login:
        yield f"{one.login} has a role and may not log in"


def laid_triggers() -> list[str]:
    """Give the names of the triggers that guard history."""
    return [
        "deskterm_operation",
        "deskterm_entry",
        *(f"deskterm_kept_{one}" for one in HISTORY[:2]),
    ]
