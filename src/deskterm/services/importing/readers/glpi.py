"""GLPI: the CSV of its ticket list, with the columns that its search shows, in three languages."""

from collections.abc import Mapping
from pathlib import Path

from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.readers.any_table import USUAL
from deskterm.services.importing.readers.source import Source
from deskterm.services.importing.readers.tables import TableSource
from deskterm.services.importing.wide import Json


class Glpi(TableSource):
    """GLPI's CSV: semicolons, numbers with spaces, categories as `A > B`."""

    heads = USUAL | {
        "requester - requester": "requester",
        "demandeur - demandeur": "requester",
        "anforderer - anforderer": "requester",
        "assigned to - technician": "owner",
        "assigned to - technician group": "group",
        "attribué à - technicien": "owner",
        "attribué à - groupe de techniciens": "group",
        "zugewiesen - techniker": "owner",
        "observer - observer": "watchers",
        "opening date": "opened",
        "date d'ouverture": "opened",
        "eröffnungsdatum": "opened",
        "closing date": "closed",
        "date de clôture": "closed",
        "resolution date": "solved",
        "date de résolution": "solved",
        "last update": "updated",
        "dernière modification": "updated",
        "solution - solution": "resolution",
        "followups - description": "note",
        "tasks - description": "note",
        "suivis - description": "note",
        "entity": "organisation",
        "entité": "organisation",
        "request source": "channel",
        "time to resolve": "",
        "time to own": "",
        "time to resolve + progress": "",
    }

    def record(self, cells: Mapping[str, list[str]], where: str) -> dict[str, Json]:
        """Give the record of a row; what is solved and not yet closed ended when it was solved."""
        found = super().record(cells, where)
        found["id"] = "".join(str(found.get("id", "")).split())
        for name in ("category", "organisation", "group"):
            found[name] = "/".join(one.strip() for one in str(found.get(name, "")).split(">"))
        found["organisation"] = found["organisation"].rpartition("/")[2]
        found["requester"] = _first(found.get("requester", ""))
        found["owner"] = _first(found.get("owner", ""))
        solved = found.pop("solved", "")
        found["closed"] = found.get("closed") or solved
        return found


def _first(value: Json) -> Json:
    """Give the first of several people that one cell names below each other."""
    return (
        next((one.strip() for one in value.splitlines() if one.strip()), "")
        if isinstance(value, str)
        else value
    )


def opened(path: Path, mapping: ColumnMap) -> Source:
    """Open GLPI's CSV."""
    return Glpi(path, mapping)
