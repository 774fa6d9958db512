"""From the names people type to the numbers tickets hold; unknown names get a suggestion."""

from collections.abc import Sequence

from deskterm.domain.errors import NotFoundError
from deskterm.domain.text import alike, storable
from deskterm.storage.driver import Database

_TABLES = {
    "category": ("SELECT id, path AS name FROM category", "deskterm category list"),
    "service": ("SELECT id, name FROM service", "deskterm service list"),
    "group": ("SELECT id, name FROM desk_group", "deskterm group list"),
    "organisation": ("SELECT id, name FROM organisation", "deskterm org list"),
    "site": ("SELECT id, name FROM site", "deskterm site list"),
    "device": ("SELECT id, name FROM device", "deskterm device list"),
    "calendar": ("SELECT id, name FROM calendar", "deskterm calendar list"),
    "offer": ("SELECT id, name FROM offer", "deskterm offer list"),
    "ticket_template": (
        "SELECT id, name FROM ticket_template",
        "deskterm ticket-template list",
    ),
    "checklist": ("SELECT id, name FROM checklist", "deskterm checklist list"),
    "rule": ("SELECT id, name FROM rule", "deskterm rule list"),
    "improvement": ("SELECT id, name FROM improvement", "deskterm register list"),
    "mailbox": ("SELECT id, name FROM mailbox", "deskterm mail mailbox list"),
}


def number_of(database: Database, kind: str, name: str) -> int:
    """Give the id of a record by its name (a category by its path); raises NotFoundError."""
    text, where = _TABLES[kind]
    wanted = alike(name).strip("/ ")
    rows = database.all(text)
    known = [(int(row["id"]), alike(row["name"])) for row in rows]
    found = next((number for number, one in known if one == wanted), None)
    if found is not None:
        return found
    ends = [number for number, one in known if one.endswith("/" + wanted)]
    if kind == "category" and len(ends) == 1:
        return ends[0]
    raise NotFoundError(unknown(kind, name, [row["name"] for row in rows], where))


def id_of(database: Database, kind: str, name: str) -> int | None:
    """Give the id of that name, as names are compared, or None."""
    rows = database.all(_TABLES[kind][0])
    return next((int(row["id"]) for row in rows if alike(row["name"]) == alike(name)), None)


def place_named(database: Database, kind: str, name: str) -> int | None:
    """Give the organisation or site of that name, as names are compared, or None."""
    row = database.one(
        f"SELECT id FROM {kind} WHERE lower(name) = lower(:name)",  # noqa: S608 - two kinds only
        name=storable(name),
    )
    return int(row["id"]) if row else id_of(database, kind, name)


def place_meant(database: Database, kind: str, name: str) -> str:
    """Give the organisation or site that a name nobody has is probably a slip of, or nothing."""
    from difflib import get_close_matches  # 2 ms, and only for a name that is new

    known = {alike(row["name"]): row["name"] for row in database.all(_TABLES[kind][0])}
    near = get_close_matches(alike(name), known, 1, 0.8)
    return str(known[near[0]]) if near else ""


def paths_below(database: Database, path: str) -> list[tuple[int, str]]:
    """Give (id, path) of a category and all that lies below it."""
    rows = database.all("SELECT id, path FROM category ORDER BY path")
    return [
        (int(row["id"]), row["path"])
        for row in rows
        if row["path"] == path or row["path"].startswith(path + "/")
    ]


def view_of(database: Database, name: str, owners: Sequence[str]) -> int | None:
    """Give the id of a saved view of the first of the owners that has one of that name."""
    for owner in owners:
        rows = database.all(
            "SELECT id, name FROM saved_view WHERE owner = :owner ORDER BY id", owner=owner
        )
        same = [row for row in rows if alike(row["name"]) == alike(name)]
        if same:
            return int(next((row for row in same if row["name"] == name), same[0])["id"])
    return None


def login_of(database: Database, login: str) -> str:
    """Give the login as stored; raises NotFoundError with what is near."""
    rows = database.all("SELECT login FROM technician WHERE active")
    for row in rows:
        if row["login"].casefold() == alike(login):
            return str(row["login"])
    where = "deskterm technician list"
    raise NotFoundError(unknown("technician", login, [row["login"] for row in rows], where))


def server_role(database: Database) -> tuple[str, bool]:
    """Give whom a PostgreSQL server knows this connection as, and whether as a superuser."""
    row = database.one(
        "SELECT session_user AS login, rolsuper FROM pg_roles WHERE rolname = session_user"
    )
    return (str(row["login"]), bool(row["rolsuper"])) if row else ("", False)


def unknown(kind: str, name: str, known: Sequence[str], where: str) -> str:
    """Give the sentence for an unknown name."""
    from difflib import get_close_matches  # 2 ms, and only for a name that is wrong

    near = get_close_matches(alike(name), [alike(one) for one in known], 1, 0.6)
    hint = f"did you mean {near[0]!r}?" if near else f"see `{where}`."
    return f"there is no {kind} {name!r}: {hint}"
