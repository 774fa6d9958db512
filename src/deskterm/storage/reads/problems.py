"""Problems as rows: lists, one whole, what is compared with a new ticket.

Also the owners of devices that fit a problem: by model, system and site (G5).
"""

from collections.abc import Sequence
from hashlib import sha256

from deskterm.domain.errors import NotFoundError
from deskterm.domain.problems import LIVE, OwnerRow, ProblemRow, ProblemView
from deskterm.storage.driver import Database, Row, as_row, moment_or_none
from deskterm.storage.phrases import MAIN_ADDRESS
from deskterm.storage.ticket.impact import LIVE_SQL
from deskterm.triage.problem_fit import covers

_PEOPLE = """
SELECT count(DISTINCT t.requester_id) AS heads, coalesce(max(t.people), 0) AS said,
  count(*) AS tickets, sum(CASE WHEN t.is_open THEN 1 ELSE 0 END) AS open_tickets,
  max(t.opened_at) AS last_seen, x.problem_id
FROM problem_ticket x JOIN ticket t ON t.id = x.ticket_id
"""
_ROWS = "SELECT id, title, state, severity, owner, workaround, version FROM problem"


class Reach:
    """Whom and what a problem touches, out of its tickets."""

    def __init__(self, row: Row | None) -> None:
        self.tickets = int(row["tickets"]) if row else 0
        self.open_tickets = int(row["open_tickets"] or 0) if row else 0
        self.people = max(int(row["heads"]), int(row["said"])) if row else 0
        self.last_seen = moment_or_none(row["last_seen"]) if row else None


def rows(database: Database, *, ended: bool = False, limit: int = 500) -> list[ProblemRow]:
    """Give the problems, those that touch most people first; with `ended` also those past."""
    where = "" if ended else f" WHERE state IN ({LIVE_SQL})"
    found = database.all(f"{_ROWS}{where} ORDER BY id DESC LIMIT :some", some=limit)
    reach = reaches(database, [row["id"] for row in found])
    listed = [_row(row, reach[row["id"]]) for row in found]
    return sorted(listed, key=lambda one: (one.state not in LIVE, -one.open_tickets, -one.id))


def some(database: Database, numbers: Sequence[int]) -> list[ProblemRow]:
    """Give some problems, in no certain order."""
    found = database.all(f"{_ROWS} WHERE id IN :ids", ids=numbers)
    reach = reaches(database, numbers)
    return [_row(row, reach[row["id"]]) for row in found]


def reaches(database: Database, numbers: Sequence[int]) -> dict[int, Reach]:
    """Give whom problems touch, by number."""
    found = database.all(
        f"{_PEOPLE} WHERE x.problem_id IN :ids GROUP BY x.problem_id",
        ids=numbers,
    )
    known = {row["problem_id"]: Reach(row) for row in found}
    return {number: known.get(number) or Reach(None) for number in numbers}


def _row(row: Row, reach: Reach) -> ProblemRow:
    same = {name: row[name] for name in ("id", "title", "state", "severity", "owner", "version")}
    return ProblemRow(
        **same,
        workaround=row["workaround"],
        tickets=reach.tickets,
        open_tickets=reach.open_tickets,
        people=reach.people,
        last_seen=reach.last_seen,
    )


def there_is_none(number: int) -> NotFoundError:
    """Give the refusal of a number that no problem has."""
    return NotFoundError(f"there is no problem P{number}; see `deskterm problem list`.")


def view(database: Database, number: int) -> ProblemView:
    """Give one problem whole; raises NotFoundError."""
    row = database.one(
        "SELECT p.*, s.name AS site, c.path AS category, o.name AS client FROM problem p "
        "LEFT JOIN site s ON s.id = p.site_id LEFT JOIN category c ON c.id = p.category_id "
        "LEFT JOIN organisation o ON o.id = p.organisation_id "
        "WHERE p.id = :id",
        id=number,
    )
    if row is None:
        raise there_is_none(number)
    reach = reaches(database, [number])[number]
    tickets = database.all(
        "SELECT t.id, t.is_open FROM problem_ticket x JOIN ticket t ON t.id = x.ticket_id "
        "WHERE x.problem_id = :id ORDER BY t.id",
        id=number,
    )
    running = database.one(
        "SELECT id FROM announcement WHERE problem_id = :id AND ended_at IS NULL "
        "ORDER BY id DESC LIMIT 1",
        id=number,
    )
    return as_row(
        ProblemView,
        row,
        last_seen=reach.last_seen,
        people=reach.people,
        tickets=tuple(one["id"] for one in tickets),
        open_tickets=tuple(one["id"] for one in tickets if one["is_open"]),
        announcement=running["id"] if running else None,
    )


def mates(database: Database, ticket: int) -> list[int]:
    """Give the open tickets that share a problem with a ticket, whoever's they are."""
    rows = database.all(
        "SELECT DISTINCT t.id FROM problem_ticket x JOIN problem_ticket y "
        "ON y.problem_id = x.problem_id JOIN ticket t ON t.id = y.ticket_id "
        "WHERE x.ticket_id = :id AND t.is_open ORDER BY t.id",
        id=ticket,
    )
    return [row["id"] for row in rows]


def sites(database: Database) -> list[tuple[int, str]]:
    """Give (number, name) of every site, by name."""
    rows = database.all("SELECT id, name FROM site ORDER BY name")
    return [(row["id"], row["name"]) for row in rows]


_DEVICES = f"""
SELECT d.name AS device, d.model, d.os, d.os_version, p.id, p.name,
  coalesce(s.name, '') AS site, coalesce(a.address, '') AS address,
  (SELECT o.wording FROM problem_told o
    WHERE o.problem_id = :problem AND o.person_id = p.id) AS told,
  EXISTS (SELECT 1 FROM problem_ticket x JOIN ticket t ON t.id = x.ticket_id
    WHERE x.problem_id = :problem AND t.requester_id = p.id) AS has_ticket
FROM device d JOIN person p ON p.id = d.person_id
LEFT JOIN site s ON s.id = coalesce(d.site_id, p.site_id)
LEFT JOIN {MAIN_ADDRESS} AND a.broken_since IS NULL
WHERE p.active ORDER BY p.name, p.id, d.id
"""  # noqa: S608 - constants


def wording(view: ProblemView) -> str:
    """Give a mark of the words that owners are told of a problem: the same for the same words."""
    return sha256(f"{view.title}\0{view.workaround}".encode()).hexdigest()[:16]


def _why_not(row: Row, words: str) -> str:
    """Give why an owner is not written to; who was told before any words were marked was told."""
    if row["has_ticket"]:
        return "has a ticket"
    if row["told"] in (words, ""):
        return "told"
    return "" if row["address"] else "no address"


def owners(database: Database, view: ProblemView) -> list[OwnerRow]:
    """Give whoever has a device that fits every fact the problem names; each person once.

    Nobody where it names neither model nor system nor site: everybody would be no news.
    """
    if not (view.model or view.os or view.site):
        return []
    found: dict[int, OwnerRow] = {}
    words = wording(view)
    for row in database.all(_DEVICES, problem=view.id):
        system = f"{row['os']} {row['os_version']}".strip()
        facts = ((view.model, row["model"]), (view.os, system), (view.site or "", row["site"]))
        if row["id"] in found or not all(covers(w, v) for w, v in facts if w):
            continue
        reason = ", ".join(value for wanted, value in facts if wanted)
        found[row["id"]] = OwnerRow(
            row["id"],
            row["name"],
            row["address"],
            row["device"],
            reason,
            _why_not(row, words),
            row["told"] is not None,
        )
    return list(found.values())
