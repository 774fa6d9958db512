"""OTRS and Znuny: the CSV of a ticket search."""

from collections.abc import Mapping
from pathlib import Path

from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.readers.any_table import USUAL
from deskterm.services.importing.readers.source import Source
from deskterm.services.importing.readers.tables import TableSource
from deskterm.services.importing.wide import Json


class Otrs(TableSource):
    """OTRS's CSV: ticket numbers, queues as `A::B`, states such as `closed successful`."""

    heads = USUAL | {
        "ticket#": "id",
        "ticketnumber": "id",
        "ticket number": "id",
        "age": "",
        "created": "opened",
        "erstellt": "opened",
        "closed": "closed",
        "geschlossen": "closed",
        "changed": "updated",
        "firstlock": "",
        "firstresponse": "",
        "lock": "",
        "sperren": "",
        "unlocktimeout": "",
        "owner": "owner",
        "agent/owner": "owner",
        "responsible": "responsible",
        "customerid": "organisation",
        "customer id": "organisation",
        "customername": "requester",
        "customer name": "requester",
        "customeruserid": "requester",
        "customer user": "requester",
        "customer user id": "requester",
        "kundenbenutzer": "requester",
        "kundennummer": "organisation",
        "besitzer": "owner",
        "alter": "",
        "from": "requester",
        "subject": "subject",
        "betreff": "subject",
        "sujet": "subject",
        "asunto": "subject",
        "von": "requester",
        "kundenname": "requester",
        "kunden-id": "organisation",
        "kundennr.": "organisation",
        "alter in sekunden": "",
        "sperre": "",
        "erste sperre": "",
        "verantwortlicher": "responsible",
        "artikelbaum": "body",
        "n° de ticket": "id",
        "propriétaire": "owner",
        "utilisateur client": "requester",
        "nom du client": "requester",
        "verrou": "",
        "âge": "",
        "propietario": "owner",
        "usuario del cliente": "requester",
        "nombre del cliente": "requester",
        "bloqueo": "",
        "antigüedad": "",
        "title": "title",
        "article tree": "body",
        "articletree": "body",
        "accounted time": "",
        "service": "category",
        "solutiontime": "",
        "solution time": "",
        "solutiondiffinmin": "",
        "solutioninmin": "",
        "firstresponseinmin": "",
        "firstresponsediffinmin": "",
        "first response time": "",
        "first response in min": "",
        "first response diff in min": "",
        "solution in min": "",
        "solution diff in min": "",
    }

    def record(self, cells: Mapping[str, list[str]], where: str) -> dict[str, Json]:
        """Give the record of a row; sender, customer name and login are one requester.

        Beside `Ticket#` a list's `Number` only counts its rows.
        """
        plain = {**cells}
        if len(plain.get("id", ())) > 1:
            plain["id"] = [max(plain["id"], key=len)]
        named = [one for one in plain.pop("requester", []) if one]
        best = max(named, key=lambda one: ("@" in one, "<" in one), default="")
        found = super().record(plain, where)
        found["requester"] = best
        subject = found.pop("subject", "")
        found["title"] = found.get("title") or subject
        if subject and subject != found["title"]:
            found["subject"] = subject
        for name in ("group", "category"):
            found[name] = str(found.get(name, "")).replace("::", "/")
        if str(found.get("owner", "")) in ("root@localhost", "Admin OTRS", "Admin Znuny"):
            found["owner"] = ""
        return found


def opened(path: Path, mapping: ColumnMap) -> Source:
    """Open the CSV of a search."""
    return Otrs(path, mapping)
