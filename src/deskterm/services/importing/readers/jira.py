"""Jira: the CSV of all fields (with repeated columns), or JSON of its search."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from deskterm.domain.patterns import pattern
from deskterm.services.importing.foreign import someone
from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.readers.any_table import USUAL
from deskterm.services.importing.readers.attached import attached
from deskterm.services.importing.readers.json_files import files_of
from deskterm.services.importing.readers.people import Names
from deskterm.services.importing.readers.source import ObjectSource, Source, Taken, words
from deskterm.services.importing.readers.tables import TableSource
from deskterm.services.importing.table import Row, is_table
from deskterm.services.importing.wide import Json, Record, Someone

_DULL = words(
    "aggregateprogress aggregatetimeestimate aggregatetimeoriginalestimate aggregatetimespent "
    "lastViewed progress statuscategorychangedate timeestimate timespent votes watches "
    "workratio worklog timetracking project statusCategory security expand self"
)
_GUESS = 'comments are internal where the export does not say (comments = "public" in a map)'
_LINKS = {"duplicates": "duplicate", "is duplicated by": "related"}


_ACCOUNT = pattern(r"(?:\d{3,6}:)?[0-9a-f]{8,24}[0-9a-f-]{0,40}\Z")


class JiraTable(TableSource):
    """The CSV of an issue search, all fields."""

    heads = USUAL | {
        "issue id": "",
        "issue key": "id",
        "issue type": "type",
        "resolution": "outcome",
        "resolved": "closed",
        "component/s": "category",
        "components": "category",
        "component": "category",
        "comment": "comment",
        "comments": "comment",
        "watchers id": "",
        "reporter id": "",
        "assignee id": "",
        "creator": "",
        "creator id": "",
        "project key": "",
        "project name": "",
        "project type": "",
        "project lead": "",
        "project lead id": "",
        "project description": "",
        "status category": "",
        "votes": "",
        "last viewed": "",
        "inward issue link (duplicate)": "related",
        "outward issue link (duplicate)": "duplicate_of",
        "inward issue link (relates)": "related",
        "outward issue link (relates)": "related",
        "parent": "related",
        "zusammenfassung": "title",
        "vorgangsschlüssel": "id",
        "vorgangs-id": "",
        "vorgangstyp": "type",
        "projektschlüssel": "",
        "lösung": "outcome",
        "zugewiesene person": "owner",
        "bearbeiter": "owner",
        "autor": "requester",
        "ersteller": "",
        "erledigt": "closed",
        "stichwörter": "tags",
        "komponente/n": "category",
        "komponenten": "category",
        "komponente": "category",
        "kommentar": "comment",
        "anhang": "Attachment",
        "beobachter": "watchers",
        "stimmen": "",
        "clé de ticket": "id",
        "clé de demande": "id",
        "clé": "id",
        "id de ticket": "",
        "id de demande": "",
        "type de ticket": "type",
        "type de demande": "type",
        "résolution": "outcome",
        "personne assignée": "owner",
        "responsable": "owner",
        "rapporteur": "requester",
        "créateur": "",
        "résolu": "closed",
        "résolue": "closed",
        "étiquettes": "tags",
        "commentaire": "comment",
        "pièce jointe": "Attachment",
        "composants": "category",
        "clave de incidencia": "id",
        "clave": "id",
        "id de la incidencia": "",
        "tipo de incidencia": "type",
        "resolución": "outcome",
        "persona asignada": "owner",
        "informador": "requester",
        "creador": "",
        "resuelta": "closed",
        "resuelto": "closed",
        "etiquetas": "tags",
        "comentario": "comment",
        "adjunto": "Attachment",
        "componentes": "category",
        "attachment": "Attachment",
    }
    weak = frozenset(("responsable", "bearbeiter"))

    @cached_property
    def _accounts(self) -> dict[str, str]:
        """Give account → name: beside a person stands the account that signs their comments."""
        found: dict[str, str] = {}
        for row in self._rows():
            cells = row.cells if isinstance(row, Row) else []
            for name, account in pairwise(cells):
                if _ACCOUNT.match(account) and name and not _ACCOUNT.match(name):
                    found[account] = name
        return found

    def _comments(self, meaning: str, values: Iterable[str]) -> Iterator[dict[str, Json]]:
        """Give the comments, an author's account as their name where the file tells it."""
        for one in super()._comments(meaning, values):
            by = str(one.get("by", ""))
            yield one | {"by": self._accounts.get(by, by)} if _ACCOUNT.match(by) else one

    def record(self, cells: Mapping[str, list[str]], where: str) -> dict[str, Json]:
        """Give the record of a row; files are named as `date;author;name;address`."""
        plain = {**cells}
        files = plain.pop("Attachment", [])
        category = [one for one in plain.pop("category", []) if one]
        found = super().record(plain, where)
        if category:
            found["category"] = category[0]
        found["files"] = [_file(one) for one in files if one]
        return found


def _file(cell: str) -> dict[str, str]:
    parts = cell.split(";", 3)
    if len(parts) < 4:
        return {"name": cell.rpartition("/")[2], "address": cell}
    name, address = parts[2], parts[3]
    return {"name": name, "address": address, "path": f"attachments/{name}"}


class Jira(ObjectSource):
    """JSON of Jira's search: {"issues": […]}, pages of it, or one issue a line."""

    lists = ("issues",)

    def __init__(self, path: Path, mapping: ColumnMap) -> None:
        super().__init__(path, mapping)
        self.take_files(files_of(path, ""), "JSON of issues")
        self._names = Names()
        self._titles: dict[str, Json] = {}
        for page in self.pages:
            self._titles |= page["names"] if isinstance(page.get("names"), dict) else {}

    def record(self, given: Record) -> Record:
        """Give the record of one ticket."""
        known = given.get("names")
        titles = known if isinstance(known, dict) else self._titles
        fields = given.get("fields")
        take = Taken(fields if isinstance(fields, dict) else {})
        comment = take("comment")
        comments = comment.get("comments") or [] if isinstance(comment, dict) else comment or []
        components = [_named(one) for one in take("components") or ()]
        record = {
            "id": given.get("key") or given.get("id"),
            "title": take("summary"),
            "body": adf(take("description")),
            "requester": self._who(take("reporter") or take("creator")),
            "owner": self._who(take("assignee")),
            "opened": take("created"),
            "updated": take("updated"),
            "closed": take("resolutiondate"),
            "status": _named(take("status")),
            "outcome": _named(take("resolution")),
            "urgency": _named(take("priority")),
            "type": _named(take("issuetype")),
            "category": components[0] if components else "",
            "tags": take("labels"),
            "version": ", ".join(_named(one) for one in take("versions") or ()),
            "links": [
                *(one for link in take("issuelinks") or () if (one := _link(link))),
                *_parent(take("parent")),
            ],
            "files": attached(take("attachment"), "filename", "content"),
            "entries": [self._entry(one) for one in comments],
        }
        take("creator")
        rest = take.rest(_DULL, self.left_out)
        return record | {str(titles.get(k, k)): _plain(v) for k, v in rest.items()}

    def _who(self, given: Json) -> Someone:
        return self._names.told(given) if isinstance(given, dict) else someone(given, "people")

    def _is_public(self, given: Record) -> bool:
        """Tell whether a comment is the customer's: as its desk says, else as the map says."""
        if "jsdPublic" in given:
            return given["jsdPublic"] is True
        known = given.get("properties")
        for one in known if isinstance(known, list) else ():
            if isinstance(one, dict) and one.get("key") == "sd.public.comment":
                value = one.get("value")
                return not (isinstance(value, dict) and value.get("internal"))
        if not self.mapping.comments and _GUESS not in self.guessed:
            self.guessed.append(_GUESS)
        return self.mapping.comments == "public" and not given.get("visibility")

    def _entry(self, given: Record) -> dict[str, Json]:
        return {
            "id": given.get("id"),
            "at": given.get("created"),
            "by": self._who(given.get("author")),
            "text": adf(given.get("body")),
            "public": self._is_public(given),
        }


def _parent(given: Json) -> list[dict[str, str]]:
    key = given.get("key") if isinstance(given, dict) else given
    return [{"kind": "related", "to": str(key)}] if key else []


def _named(given: Json) -> str:
    if isinstance(given, dict):
        names = (given.get(one) for one in ("displayName", "name", "value", "key"))
        return str(next((one for one in names if one), ""))
    return str(given or "")


def _plain(value: Json) -> Json:
    """Give the words of a field's value: of an option its value, of several theirs."""
    if isinstance(value, dict):
        return _named(value) or adf(value) or value
    if isinstance(value, list):
        return [_named(one) or one for one in value]
    return value


def _link(given: Json) -> dict[str, str] | None:
    for side, way in (("outwardIssue", "outward"), ("inwardIssue", "inward")):
        other = given.get(side)
        if isinstance(other, dict) and other.get("key"):
            words = str((given.get("type") or {}).get(way) or "")
            return {"kind": _LINKS.get(words, "related"), "to": str(other["key"])}
    return None


_SAYS = ("text", "url", "shortName", "title", "alt")
_BLOCKS = frozenset(
    words(
        "paragraph heading hardBreak codeBlock rule tableRow blockCard embedCard mediaSingle "
        "expand nestedExpand taskItem decisionItem"
    )
)


def adf(given: Json) -> str:
    """Give the words of a text, which newer Jira writes as a tree of nodes."""
    if not isinstance(given, dict):
        return str(given or "")
    out: list[str] = []
    nodes: list[Json] = [given]
    while nodes:
        node = nodes.pop()
        if isinstance(node, str):
            # a row's end stands where its last cell's paragraph has ended already
            out.append(node if node != "\n" or not out or out[-1] != "\n" else "")
        elif isinstance(node, dict):
            kind = str(node.get("type") or "")
            out.append(f"{node.get('text') or ''}{_of_node(kind, node.get('attrs'))}")
            out.append(_linked(node))
            inner = node.get("content")
            listed = list(reversed(inner)) if isinstance(inner, list) else []
            if kind in ("bulletList", "orderedList"):
                first = (node.get("attrs") or {}).get("order") or 1
                marks = (
                    "- " if kind == "bulletList" else f"{first + place}. "
                    for place in range(len(listed))
                )
                listed = [part for one, mark in zip(listed, reversed([*marks]), strict=True)
                          for part in (one, mark)]  # fmt: skip
            nodes += ["\n" if kind in _BLOCKS else "", *listed]
    return "".join(out).strip()


def _of_node(kind: str, given: Json) -> str:
    """Give what a node says by its attributes: a name, a picture's words, an address, a day."""
    attrs = given if isinstance(given, dict) else {}
    if kind == "date" and str(attrs.get("timestamp") or "").lstrip("-").isdigit():
        stamp = int(attrs["timestamp"]) / 1000
        return datetime.fromtimestamp(stamp, UTC).date().isoformat() if abs(stamp) < 1e11 else ""
    if kind in ("taskItem", "taskList"):
        return ("[x] " if attrs.get("state") == "DONE" else "[ ] ") if kind == "taskItem" else ""
    said = next((attrs[one] for one in _SAYS if attrs.get(one)), "")
    return f"{said}\n" if said and kind in ("expand", "nestedExpand") else str(said)


def _linked(node: Record) -> str:
    """Give the address behind a word, where the word itself is not it."""
    for mark in node.get("marks") or ():
        attrs = mark.get("attrs") if isinstance(mark, dict) else None
        address = str(attrs.get("href") or "") if isinstance(attrs, dict) else ""
        if address and address != node.get("text"):
            return f" <{address}>"
    return ""


def opened(path: Path, mapping: ColumnMap) -> Source:
    """Open the CSV, or JSON of issues."""
    if is_table(path):
        return JiraTable(path, mapping)
    return Jira(path, mapping)
