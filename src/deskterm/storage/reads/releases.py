"""Releases as rows, and whom their problems hurt: requesters, watchers, owners of devices (F4)."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.domain.errors import RefusedError
from deskterm.domain.releases import (
    BEFORE,
    Recipient,
    ReleaseRow,
    ReleaseState,
    ToldRow,
    state_of,
)
from deskterm.domain.vocabulary import Event
from deskterm.storage.driver import Database, Row, as_row, json_text, moment_or_none
from deskterm.storage.phrases import MAIN_ADDRESS, NOT_UNDONE
from deskterm.storage.reads.problems import view

_ROWS = """
SELECT r.id, r.name, r.product, r.product_version, r.planned_at, r.shipped_at, r.withdrawn_at,
  r.owner, r.words, r.how,
  (SELECT count(*) FROM ledger l WHERE l.kind = 'release' AND l.subject_id = r.id) AS version,
  (SELECT count(*) FROM release_told x WHERE x.release_id = r.id) AS told,
  (SELECT count(*) FROM release_told x WHERE x.release_id = r.id AND x.answer = 'works') AS works,
  (SELECT count(*) FROM release_told x WHERE x.release_id = r.id
    AND x.answer = 'still broken') AS broken
FROM release r
"""
_HURT = f"""
SELECT w.ticket_id, w.watches, p.id AS person_id, p.name, p.news, a.address, a.broken_since,
  (SELECT x.at FROM release_told x WHERE x.release_id = :release AND x.person_id = p.id) AS told
FROM (
  SELECT t.id AS ticket_id, t.requester_id AS person_id, 0 AS watches
  FROM problem_ticket x JOIN ticket t ON t.id = x.ticket_id WHERE x.problem_id IN :problems
  UNION
  SELECT t.id, v.person_id, 1
  FROM problem_ticket x JOIN ticket t ON t.id = x.ticket_id
  JOIN watcher v ON v.ticket_id = t.id WHERE x.problem_id IN :problems
) w JOIN person p ON p.id = w.person_id LEFT JOIN {MAIN_ADDRESS}
ORDER BY p.id, w.watches, w.ticket_id
"""  # noqa: S608 - constants
_DEVICES = f"""
SELECT p.id, p.name, p.news, d.name AS device, d.facts, d.os, d.os_version, a.address,
  a.broken_since, (SELECT x.at FROM release_told x
    WHERE x.release_id = :release AND x.person_id = p.id) AS told
FROM device d JOIN person p ON p.id = d.person_id LEFT JOIN {MAIN_ADDRESS}
WHERE p.active ORDER BY p.name, p.id, d.id
"""  # noqa: S608 - constants


def rows(database: Database, numbers: Sequence[int] | None = None) -> list[ReleaseRow]:
    """Give the releases (None: all of them), the newest first."""
    found = (
        database.all(f"{_ROWS} ORDER BY r.id DESC")
        if numbers is None
        else database.all(f"{_ROWS} WHERE r.id IN :ids ORDER BY r.id DESC", ids=numbers)
    )
    fixes: dict[int, list[int]] = {}
    for tie in database.all("SELECT release_id, problem_id FROM release_problem ORDER BY 1, 2"):
        fixes.setdefault(tie["release_id"], []).append(tie["problem_id"])
    return [_row(one, fixes.get(one["id"], ())) for one in found]


def _row(row: Row, problems: Sequence[int]) -> ReleaseRow:
    moments = {
        name: moment_or_none(row[name]) for name in ("planned_at", "shipped_at", "withdrawn_at")
    }
    made = as_row(ReleaseRow, row, state="", problems=tuple(problems), **moments)
    return made._replace(state=str(state_of(made)))


def of_problem(database: Database, problem: int, *, shipped: bool) -> bool:
    """Tell whether a problem is in a release that is planned (or shipped) and not withdrawn."""
    state = "NOT NULL" if shipped else "NULL"
    row = database.one(
        "SELECT 1 AS there FROM release_problem x JOIN release r ON r.id = x.release_id "  # noqa: S608 - two constants
        f"WHERE x.problem_id = :id AND r.withdrawn_at IS NULL AND r.shipped_at IS {state}",
        id=problem,
    )
    return row is not None


class Fix(NamedTuple):
    """The newest release of a problem that left, with what is said of it."""

    id: int
    name: str
    owner: str
    shipped_at: datetime
    came_back_at: datetime | None
    """When the problem last came back after it."""
    told: int
    works: int
    broken: int

    @property
    def began(self) -> datetime:
        """Since when it has held: since it left, or since the problem last came back."""
        return max(self.shipped_at, self.came_back_at or self.shipped_at)

    @property
    def holds(self) -> bool:
        """Tell whether somebody who was told says that it works, and nobody that it does not."""
        return self.works > 0 and not self.broken


_FIX = f"""
SELECT r.id, r.name, coalesce(r.owner, '') AS owner, r.shipped_at,
  (SELECT max(l.at) FROM ledger l WHERE l.kind = 'problem' AND l.subject_id = f.problem_id
    AND l.event = :event AND l.at >= r.shipped_at AND {NOT_UNDONE}) AS came_back_at,
  (SELECT count(*) FROM release_told x WHERE x.release_id = r.id) AS told,
  (SELECT count(*) FROM release_told x WHERE x.release_id = r.id AND x.answer = 'works') AS works,
  (SELECT count(*) FROM release_told x WHERE x.release_id = r.id
    AND x.answer = 'still broken') AS broken
FROM release_problem f JOIN release r ON r.id = f.release_id
WHERE f.problem_id = :id AND r.withdrawn_at IS NULL AND r.shipped_at IS NOT NULL
ORDER BY r.shipped_at DESC, r.id DESC LIMIT 1
"""  # noqa: S608 - constants


def fix(database: Database, problem: int) -> Fix | None:
    """Give the newest release of a problem that left and was not withdrawn, None: there is none."""
    row = database.one(_FIX, id=problem, event=str(Event.REOPENED))
    return as_row(Fix, row) if row else None


def check_proven(database: Database, problem: int) -> None:
    """Refuse to call a released problem verified that nobody has confirmed."""
    found = fix(database, problem)
    if found is not None and (not found.holds or found.came_back_at is not None):
        raise RefusedError(
            f"P{problem} was released, and nobody who was told has said that it works, or somebody "
            "says that it does not, or it came back. Say why it counts as verified (--because)."
        )


def newest_ticket(database: Database, problem: int) -> list[int]:
    """Give the newest ticket of a problem, nothing where it has none."""
    row = database.one(
        "SELECT max(ticket_id) AS id FROM problem_ticket WHERE problem_id = :id", id=problem
    )
    return [row["id"]] if row and row["id"] is not None else []


def technicians(database: Database, names: Sequence[str]) -> list[str]:
    """Give those of these names that are technicians' logins."""
    rows = database.all(
        "SELECT login FROM technician WHERE active AND login IN :names", names=names
    )
    return [row["login"] for row in rows]


def planned_with(database: Database, problem: int) -> list[int]:
    """Give the releases that are to fix a problem and were not shipped yet."""
    rows = database.all(
        "SELECT r.id FROM release_problem x JOIN release r ON r.id = x.release_id "
        "WHERE x.problem_id = :id AND r.shipped_at IS NULL AND r.withdrawn_at IS NULL ORDER BY 1",
        id=problem,
    )
    return [row["id"] for row in rows]


def released(database: Database) -> list[int]:
    """Give the problems whose fix has left and is not verified yet."""
    rows = database.all("SELECT id FROM problem WHERE state = 'released' ORDER BY id")
    return [row["id"] for row in rows]


def told(database: Database, release: int) -> list[ToldRow]:
    """Give who was told of a release and what they answered, those still broken first."""
    found = database.all(
        "SELECT x.person_id, p.name, x.at, x.answer, x.answered_at FROM release_told x "
        "JOIN person p ON p.id = x.person_id WHERE x.release_id = :id "
        "ORDER BY CASE x.answer WHEN 'still broken' THEN 0 WHEN '' THEN 2 ELSE 1 END, "
        "x.answered_at DESC, p.name, p.id",
        id=release,
    )
    return [as_row(ToldRow, row) for row in found]


def release_of_entry(database: Database, entry: int) -> int | None:
    """Give the release whose shipping a ledger entry tells of."""
    row = database.one(
        "SELECT subject_id FROM ledger WHERE id = :id AND kind = 'release'", id=entry
    )
    return row["subject_id"] if row else None


def tickets_of(database: Database, release: int, person: int) -> list[int]:
    """Give the tickets that a person reported of the problems a release fixes, by number."""
    found = database.all(
        "SELECT DISTINCT t.id FROM release_problem f JOIN problem_ticket x "
        "ON x.problem_id = f.problem_id JOIN ticket t ON t.id = x.ticket_id "
        "WHERE f.release_id = :id AND t.requester_id = :person AND t.merged_into IS NULL "
        "ORDER BY t.id",
        id=release,
        person=person,
    )
    return [row["id"] for row in found]


def open_tickets(database: Database, problems: Sequence[int]) -> list[int]:
    """Give the tickets of problems that somebody still works on, by number."""
    found = database.all(
        "SELECT DISTINCT t.id FROM problem_ticket x JOIN ticket t ON t.id = x.ticket_id "
        "WHERE x.problem_id IN :ids AND t.is_open ORDER BY t.id",
        ids=problems,
    )
    return [row["id"] for row in found]


class _Hurt(NamedTuple):
    """What makes a person a recipient, while it is gathered."""

    row: Row
    reported: list[int]
    watched: list[int]


def recipients(database: Database, release: ReleaseRow) -> list[Recipient]:
    """Give whom a release concerns, each person once: those with tickets, then owners of devices.

    Closed tickets count; a merged one counts as the one it went into.
    """
    merged = _merged(database, release.problems)
    people: dict[int, _Hurt] = {}
    for row in database.all(_HURT, release=release.id, problems=release.problems):
        one = people.setdefault(row["person_id"], _Hurt(row, [], []))
        (one.watched if row["watches"] else one.reported).append(
            merged.get(row["ticket_id"], row["ticket_id"])
        )
    found = [_recipient(one) for one in people.values()]
    found += _device_owners(database, release, people.keys())
    before = _told_before(database, release)
    found = [
        one._replace(status=BEFORE) if not one.status and one.person_id in before else one
        for one in found
    ]
    return [*found, *_of_nobody(database, release)]


def _told_before(database: Database, release: ReleaseRow) -> set[int]:
    """Give to whom a letter of it had left before its shipping was taken back."""
    if release.state != ReleaseState.PLANNED:
        return set()
    entries = database.all(
        "SELECT id FROM ledger WHERE kind = 'release' AND subject_id = :id AND event = :event",
        id=release.id,
        event=str(Event.SHIPPED),
    )
    rows = database.all(
        "SELECT DISTINCT person_id FROM outbox WHERE template = 'released' AND state = 'sent' "
        "AND entries IN :entries AND person_id IS NOT NULL",
        entries=[json_text([row["id"]]) for row in entries],
    )
    return {row["person_id"] for row in rows}


def _of_nobody(database: Database, release: ReleaseRow) -> list[Recipient]:
    """Give the tickets whose requester nobody knows, as one recipient who cannot be told."""
    rows = database.all(
        "SELECT DISTINCT t.id FROM problem_ticket x JOIN ticket t ON t.id = x.ticket_id "
        "WHERE x.problem_id IN :problems AND t.requester_id IS NULL AND t.merged_into IS NULL "
        "ORDER BY t.id",
        problems=release.problems,
    )
    tickets = tuple(row["id"] for row in rows)
    words = f"reported {', '.join(f'#{one}' for one in tickets[:20])}"
    return [Recipient(0, "Nobody known", "", tickets, words, "no requester")] if tickets else []


def _merged(database: Database, problems: Sequence[int]) -> dict[int, int]:
    """Give merged ticket → the number it goes on as."""
    found = database.all(
        "SELECT t.id, t.merged_into FROM problem_ticket x JOIN ticket t ON t.id = x.ticket_id "
        "WHERE x.problem_id IN :problems AND t.merged_into IS NOT NULL",
        problems=problems,
    )
    into = {row["id"]: row["merged_into"] for row in found}
    ends = {}
    for number in into:
        end, seen = number, {number}
        while end in into and into[end] not in seen:
            end = into[end]
            seen.add(end)
        ends[number] = end
    return ends


def _recipient(hurt: _Hurt) -> Recipient:
    row, reported = hurt.row, tuple(dict.fromkeys(hurt.reported))
    watched = tuple(one for one in dict.fromkeys(hurt.watched) if one not in reported)
    reasons = [
        f"{word} {', '.join(f'#{one}' for one in some)}"
        for word, some in (("reported", reported), ("watches", watched))
        if some
    ]
    return Recipient(
        row["person_id"],
        row["name"],
        row["address"] or "",
        reported or watched,
        "; ".join(reasons),
        _status(bool(row["told"]), bool(row["news"]), row["address"], row["broken_since"]),
    )


def _status(told: bool, news: bool, address: str | None, broken: object) -> str:
    if told:
        return "told"
    if not news:
        return "opted out"
    if not address:
        return "no address"
    return "letters come back" if broken else ""


def _device_owners(
    database: Database, release: ReleaseRow, known: Iterable[int]
) -> list[Recipient]:
    """Give owners of devices at an affected version who have no ticket of it."""
    from deskterm.domain.versions import Stand, stand  # orders versions with a library

    seen = set(known)
    found = []
    marked = [one for one in (view(database, n) for n in release.problems) if one.found]
    for row in database.all(_DEVICES, release=release.id) if marked else ():
        has = version_on(row["facts"], row["os"], row["os_version"], release.product)
        hurt = any(
            stand(has, one.found, f"{one.fixed},{release.product_version}") == Stand.AFFECTED
            for one in marked
        )
        if hurt and row["id"] not in seen:
            seen.add(row["id"])
            found.append(
                Recipient(
                    row["id"],
                    row["name"],
                    row["address"] or "",
                    (),
                    f"their {row['device']} has {has}",
                    _status(
                        bool(row["told"]), bool(row["news"]), row["address"], row["broken_since"]
                    ),
                )
            )
    return found


def version_on(facts: str, os: str, os_version: str, product: str) -> str:
    """Give which version of a product a device has: by its facts, or as its system; else empty."""
    wanted = product.strip().casefold()
    known = {str(name).casefold(): str(value) for name, value in json.loads(facts or "{}").items()}
    if wanted in known:
        return known[wanted]
    return os_version if wanted and os.strip().casefold() == wanted else ""


def ticket_version(database: Database, ticket: int, product: str) -> str:
    """Give at which version of a product a ticket stands: its field, else its device's facts."""
    row = database.one(
        "SELECT d.facts, d.os, d.os_version, (SELECT f.value FROM field_value f "
        "WHERE f.ticket_id = t.id AND lower(f.name) IN ('version', lower(:product)) "
        "ORDER BY CASE WHEN lower(f.name) = 'version' THEN 1 ELSE 0 END LIMIT 1) AS said "
        "FROM ticket t LEFT JOIN device d ON d.id = t.device_id WHERE t.id = :id",
        id=ticket,
        product=product,
    )
    if row is None or row["said"]:
        return str(row["said"]) if row else ""
    return version_on(row["facts"] or "", row["os"] or "", row["os_version"] or "", product)
