"""GLPI: the CSV of its ticket list, with the columns that its search shows, in three languages."""

from collections.abc import Mapping
from pathlib import Path

from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.markup import plain_text
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
        # de
        "anforderer": "requester",
        "zugewiesen zu - techniker": "owner",
        "zugewiesen an - techniker": "owner",
        "zugewiesen zu - technikergruppe": "group",
        "zugewiesen - technikergruppe": "group",
        "zugewiesen zu - gruppe von technikern": "group",
        "beobachter - beobachter": "watchers",
        "abschlussdatum": "closed",
        "lösungsdatum": "solved",
        "letzte bearbeitung": "updated",
        "letzte änderung": "updated",
        "lösung - lösung": "resolution",
        "entität": "organisation",
        "nachbearbeitungen - beschreibung": "note",
        "folgemaßnahmen - beschreibung": "note",
        "verfolgungen - beschreibung": "note",
        "aufgaben - beschreibung": "note",
        "anfragequelle": "channel",
        "quelle der anfrage": "channel",
        "zeit bis zur lösung": "",
        # fr
        "attribué à - groupe technicien": "group",
        "observateur - observateur": "watchers",
        "tâches - description": "note",
        "source de la demande": "channel",
        "temps de résolution": "",
        # es
        "solicitante - solicitante": "requester",
        "asignado a - técnico": "owner",
        "asignada a - técnico": "owner",
        "asignado a - grupo de técnicos": "group",
        "asignado a - grupo técnico": "group",
        "observador - observador": "watchers",
        "fecha de resolución": "solved",
        "fecha de cierre": "closed",
        "última actualización": "updated",
        "solución - solución": "resolution",
        "seguimientos - descripción": "note",
        "tareas - descripción": "note",
        "entidad": "organisation",
        "fuente de solicitud": "channel",
    }

    def record(self, cells: Mapping[str, list[str]], where: str) -> dict[str, Json]:
        """Give the record of a row; of several people in a cell the first asks or does it."""
        found = super().record(cells, where)
        found["id"] = "".join(str(found.get("id", "")).split())
        for name in ("category", "organisation", "group"):
            found[name] = "/".join(one.strip() for one in str(found.get(name, "")).split(">"))
        found["organisation"] = found["organisation"].rpartition("/")[2]
        asking = _people(found.get("requester", ""))
        found["requester"] = asking[0] if asking else found.get("requester")
        found["watchers"] = [*(found.get("watchers") or ()), *asking[1:]]
        doing = _people(found.get("owner", ""))
        found["owner"] = doing[0] if doing else found.get("owner")
        if len(doing) > 1:
            found["further technicians"] = ", ".join(doing[1:])
        for entry in found.get("entries", ()):
            entry["text"] = plain_text(entry["text"])
        return found


def _people(value: Json) -> list[str]:
    """Give the people that one cell names below each other."""
    if not isinstance(value, str):
        return []
    return [one.strip() for one in value.replace("<br>", "\n").splitlines() if one.strip()]


def opened(path: Path, mapping: ColumnMap) -> Source:
    """Open GLPI's CSV."""
    return Glpi(path, mapping)
