"""What a new ticket is compared with: open problems with their newest tickets, and open tickets."""

from collections.abc import Sequence

from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.ticket.impact import LIVE_SQL
from deskterm.triage.problem_fit import Affected, Told

_FACTS = """
  coalesce(d.model, '') AS model, coalesce(d.os, '') AS os,
  coalesce(d.os_version, '') AS os_version, coalesce(s.name, '') AS site,
  coalesce(c.path, '') AS category
"""
_WORDS = f"""
SELECT t.id, t.subject, substr(t.body, 1, 3000) AS body, t.opened_at, {_FACTS}
FROM ticket t LEFT JOIN person p ON p.id = t.requester_id
LEFT JOIN device d ON d.id = t.device_id LEFT JOIN site s ON s.id = p.site_id
LEFT JOIN category c ON c.id = t.category_id
"""  # noqa: S608 - constants
_TIES = """
SELECT x.problem_id, t.id, t.subject, substr(t.body, 1, 600) AS body, t.opened_at
FROM problem_ticket x JOIN problem p ON p.id = x.problem_id JOIN ticket t ON t.id = x.ticket_id
"""


def stamp(database: Database) -> tuple[object, ...]:
    """Give what alters whenever a problem or a link to one does."""
    row = database.one(
        "SELECT (SELECT count(*) FROM problem) AS many, (SELECT sum(version) FROM problem) AS put, "
        "(SELECT count(*) FROM problem_ticket) AS ties, "
        "(SELECT max(ticket_id) FROM problem_ticket) AS last"
    )
    return (row["many"], row["put"], row["ties"], row["last"]) if row else ()


def live(database: Database) -> dict[int, tuple[Told, Affected]]:
    """Give the open problems: their words, and what they affect."""
    rows = database.all(
        "SELECT p.id, p.title, p.workaround, p.reproduction, p.model, p.os, p.created_at, "  # noqa: S608 - constants
        "coalesce(s.name, '') AS site, coalesce(c.path, '') AS category FROM problem p "
        "LEFT JOIN site s ON s.id = p.site_id LEFT JOIN category c ON c.id = p.category_id "
        f"WHERE p.state IN ({LIVE_SQL}) ORDER BY p.id DESC LIMIT 500"
    )
    return {row["id"]: _problem(row) for row in rows}


def _problem(row: Row) -> tuple[Told, Affected]:
    affected = Affected(row["model"], row["os"], row["site"], row["category"])
    body = f"{row['reproduction'][:1500]} {row['workaround'][:500]}"
    return Told(row["title"], body, opened=moment(row["created_at"])), affected


def ties(database: Database, limit: int) -> list[tuple[int, Told]]:
    """Give (problem, ticket) of the open problems, the newest tickets first."""
    rows = database.all(
        f"{_TIES} WHERE p.state IN ({LIVE_SQL}) ORDER BY t.id DESC LIMIT :some",
        some=limit,
    )
    return [(row["problem_id"], _told(row)) for row in rows]


def newest(database: Database, limit: int) -> Sequence[Told]:
    """Give the newest open tickets: they tell which words are common now."""
    rows = database.all(
        "SELECT t.id, t.subject, substr(t.body, 1, 600) AS body, t.opened_at FROM ticket t "
        "WHERE t.is_open ORDER BY t.opened_at DESC, t.id DESC LIMIT :some",
        some=limit,
    )
    return [_told(row) for row in rows]


def _told(row: Row) -> Told:
    return Told(row["subject"], row["body"], opened=moment(row["opened_at"]), number=row["id"])


def ticket(database: Database, number: int) -> Told | None:
    """Give a ticket's words and facts; None where there is none."""
    row = database.one(f"{_WORDS} WHERE t.id = :id", id=number)
    return _told(row)._replace(facts=_facts(row)) if row else None


def caller(database: Database, person: int | None, category: str, device: str = "") -> Affected:
    """Give what is known of a caller: the device they name, else their first; their site."""
    row = database.one(
        "SELECT coalesce(d.model, '') AS model, coalesce(d.os, '') AS os, "
        "coalesce(d.os_version, '') AS os_version, coalesce(s.name, '') AS site "
        "FROM person p LEFT JOIN site s ON s.id = p.site_id "
        "LEFT JOIN device d ON d.person_id = p.id WHERE p.id = :person "
        "ORDER BY lower(d.name) = :device DESC, d.id LIMIT 1",
        person=person,
        device=device.lower(),
    )
    return _facts(row)._replace(category=category) if row else Affected(category=category)


def _facts(row: Row) -> Affected:
    category = row["category"] if "category" in row.keys() else ""  # noqa: SIM118 - a Row is no dict
    system = f"{row['os']} {row['os_version']}".strip()
    return Affected(row["model"], system, row["site"], category)


def linked(database: Database, number: int) -> list[int]:
    """Give the problems of a ticket."""
    rows = database.all(
        "SELECT problem_id FROM problem_ticket WHERE ticket_id = :id ORDER BY problem_id", id=number
    )
    return [row["problem_id"] for row in rows]
