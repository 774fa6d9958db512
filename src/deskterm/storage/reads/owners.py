"""Owners of devices that fit a problem: by model, system and site (G5)."""

from deskterm.domain.problems import OwnerRow, ProblemView
from deskterm.storage.driver import Database
from deskterm.storage.phrases import MAIN_ADDRESS
from deskterm.triage.problem_fit import covers

_DEVICES = f"""
SELECT d.name AS device, d.model, d.os, d.os_version, p.id, p.name,
  coalesce(s.name, '') AS site, coalesce(a.address, '') AS address,
  EXISTS (SELECT 1 FROM problem_told o
    WHERE o.problem_id = :problem AND o.person_id = p.id) AS told,
  EXISTS (SELECT 1 FROM problem_ticket x JOIN ticket t ON t.id = x.ticket_id
    WHERE x.problem_id = :problem AND t.requester_id = p.id) AS has_ticket
FROM device d JOIN person p ON p.id = d.person_id
LEFT JOIN site s ON s.id = coalesce(d.site_id, p.site_id)
LEFT JOIN {MAIN_ADDRESS} AND a.broken_since IS NULL
WHERE p.active ORDER BY p.name, p.id, d.id
"""  # noqa: S608 - constants


def owners(database: Database, view: ProblemView) -> list[OwnerRow]:
    """Give whoever has a device that fits every fact the problem names; each person once.

    Nobody where it names neither model nor system nor site: everybody would be no news.
    """
    if not (view.model or view.os or view.site):
        return []
    found: dict[int, OwnerRow] = {}
    for row in database.all(_DEVICES, problem=view.id):
        system = f"{row['os']} {row['os_version']}".strip()
        facts = ((view.model, row["model"]), (view.os, system), (view.site or "", row["site"]))
        if row["id"] in found or not all(covers(w, v) for w, v in facts if w):
            continue
        status = "has a ticket" if row["has_ticket"] else "told" if row["told"] else ""
        reason = ", ".join(value for wanted, value in facts if wanted)
        found[row["id"]] = OwnerRow(
            row["id"], row["name"], row["address"], row["device"], reason, status
        )
    return list(found.values())
