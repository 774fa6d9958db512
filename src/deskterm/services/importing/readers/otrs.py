"""OTRS and Znuny: the CSV of a ticket search."""

import re
from collections.abc import Mapping
from pathlib import Path

from deskterm.domain.patterns import pattern
from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.readers.any_table import USUAL
from deskterm.services.importing.readers.source import Source
from deskterm.services.importing.readers.tables import TableSource
from deskterm.services.importing.wide import Json

_TREE = "articles"
_ARTICLE = pattern(
    r"^-->\|\|(?P<side>[a-z]{1,20})\|\|(?P<by>.{0,400}?)\|\|"
    r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\|\|<-{3,40}[ \t\r]*$",
    re.MULTILINE,
)
"""The line above each article of a tree: who writes (customer, agent, system), from, when."""
_GUESS = 'articles of agents are internal (comments = "public" in a map)'


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
        "artikelbaum": _TREE,
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
        "article tree": _TREE,
        "articletree": _TREE,
        "accounted time": "",
        "accountedtime": "",
        "first lock": "",
        "first response": "",
        "userfirstname": "",
        "userlastname": "",
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
        trees = [one for one in plain.pop(_TREE, ()) if one.strip()]
        found = super().record(plain, where)
        found["requester"] = best
        for tree in trees:
            self._articles(tree, found)
        subject = found.pop("subject", "")
        found["title"] = found.get("title") or subject
        if subject and subject != found["title"]:
            found["subject"] = subject
        for name in ("group", "category"):
            found[name] = str(found.get(name, "")).replace("::", "/")
        if str(found.get("owner", "")) in ("root@localhost", "Admin OTRS", "Admin Znuny"):
            found["owner"] = ""
        return found

    def _articles(self, tree: str, found: dict[str, Json]) -> None:
        """Put the words of a tree into a record: the first are its body, the others entries."""
        heads = list(_ARTICLE.finditer(tree))
        before = tree[: heads[0].start()] if heads else tree
        texts = [before.strip()] if before.strip() else []
        ends = [*(one.start() for one in heads[1:]), len(tree)][: len(heads)]
        told: list[dict[str, Json]] = []
        for head, end in zip(heads, ends, strict=True):
            words = tree[head.end() : end].strip()
            agent = head["side"] == "agent"
            if agent and not self.mapping.comments and _GUESS not in self.guessed:
                self.guessed.append(_GUESS)
            public = not agent or self.mapping.comments == "public"
            told.append({"at": head["at"], "by": head["by"], "text": words, "public": public})
        if told and not texts:
            texts.append(str(told.pop(0)["text"]))
        found["body"] = "\n\n".join(filter(None, [str(found.get("body") or ""), *texts]))
        if told:
            found["entries"] = [*(found.get("entries") or ()), *told]


def opened(path: Path, mapping: ColumnMap) -> Source:
    """Open the CSV of a search."""
    return Otrs(path, mapping)
