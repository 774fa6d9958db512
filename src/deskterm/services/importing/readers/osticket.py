"""osTicket: the CSV of its ticket list, or its database's tables, each saved as CSV.

Of the tables `ticket`, `thread`, `thread_entry`, `user`, `user_email`, `staff`, `department`,
`help_topic`, `ticket_status`, `ticket_priority` and `ticket__cdata` are read, under any prefix
(`ost_ticket.csv`); only `ticket` must be there.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from deskterm.domain.errors import DeskError, UsageError
from deskterm.domain.patterns import pattern
from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.readers.any_table import USUAL, WEAK
from deskterm.services.importing.readers.source import Found, Source, Taken, words
from deskterm.services.importing.readers.tables import TableSource
from deskterm.services.importing.readers.zendesk import opening
from deskterm.services.importing.table import Table
from deskterm.services.importing.wide import Json

_TABLE = pattern(
    r"(?:[a-z0-9]{1,12}_)?(?P<name>[a-z_]+)\.(?:csv|tsv|txt)(?:\.gz)?\Z", re.IGNORECASE
)
_DULL = words(
    "ticket_pid user_email_id email_id flags sort ip_address source_extra duedate est_duedate "
    "lastupdate isoverdue isanswered sla_id form_id object_id child_thread_id lock_id dept_id "
    "user_id staff_id team_id topic_id status_id subject priority reopened"
)
Rows = dict[str, dict[str, str]]


class OsTicketTable(TableSource):
    """The CSV of the ticket list."""

    heads = USUAL | {
        "ticket number": "id",
        "date created": "opened",
        "from": "requester",
        "from email": "requester_email",
        "priority": "urgency",
        "department": "group",
        "help topic": "category",
        "source": "channel",
        "current status": "status",
        "last updated": "updated",
        "agent assigned": "owner",
        "team assigned": "team",
        "overdue": "",
        "answered": "",
        "sla due date": "",
        "due date": "",
        "thread count": "",
        "attachment count": "",
        "task count": "",
        "reopen count": "",
        "collaborators": "",
        "merged": "",
        "linked": "",
        "closed date": "closed",
        "überfällig": "",
        "beantwortet": "",
        "zusammengeführt": "",
        "verknüpft": "",
        "sla fälligkeitsdatum": "",
        "fälligkeitsdatum": "",
        "zugewiesenes team": "team",
        "équipe assignée": "team",
        "équipe attribuée": "team",
        "en retard": "",
        "répondu": "",
        "fusionné": "",
        "lié": "",
    }
    weak = WEAK


class OsTicket(Source):
    """A folder of tables."""

    def __init__(self, path: Path, mapping: ColumnMap) -> None:
        super().__init__(path, mapping)
        self._tables = {
            match["name"].lower(): file
            for file in sorted(path.iterdir())
            if (match := _TABLE.match(file.name))
        }
        if "ticket" not in self._tables:
            raise UsageError(f"{path}: the table of tickets (ost_ticket.csv) is not in it.")
        for name in sorted(set(self._tables) - _READ):
            self.left_out[f"table {name}"] = 1
        self._users = self._rows("user", "id")
        self._emails = self._grouped("user_email", "user_id", "address")
        self._staff = self._rows("staff", "staff_id")
        self._entries: dict[str, list[dict[str, str]]] = {}
        threads = {
            row["id"]: row["object_id"]
            for row in self._each("thread")
            if row.get("object_type", "T") == "T"
        }
        for row in self._each("thread_entry"):
            ticket = threads.get(row.get("thread_id", ""), "")
            self._entries.setdefault(ticket, []).append(row)
        if "" in self._entries:
            self.left_out["thread entries of no ticket"] = len(self._entries.pop(""))
        self._threads: dict[str, list[str]] = {}
        for row in self._each("thread_collaborator"):
            ticket = threads.get(row.get("thread_id", ""), "")
            self._threads.setdefault(ticket, []).append(row.get("user_id", ""))
        self._numbers = {
            row.get("ticket_id", ""): row.get("number", "") for row in self._each("ticket")
        }
        self._attached = self._filed()
        self._more = {name: self._rows(name, key) for name, key in _LOOKED_UP.items()}

    def records(self) -> Iterator[Found | DeskError]:
        """Give every ticket with its thread."""
        for place, row in enumerate(self._each("ticket"), 2):
            yield self.made(f"{self._tables['ticket'].name}:{place}", self._record, row)

    def _record(self, row: Mapping[str, str]) -> dict[str, Json]:
        take = Taken({k: v for k, v in row.items() if v not in ("0", "NULL", "\\N", "")})
        inner = str(take("ticket_id", "id") or "")
        data = self._more["ticket__cdata"].get(inner, {})
        thread = sorted(self._entries.get(inner, ()), key=lambda one: one.get("created", ""))
        entries = [self._entry(one) for one in thread]
        body, files = opening(entries, "")
        topic = self._topic(take("topic_id"))
        merged = take("ticket_pid")
        status = self._named("ticket_status", take("status_id"), "name")
        closed = take("closed")
        record = {
            "id": take("number") or inner,
            "title": data.get("subject") or take("subject"),
            "body": body,
            "requester": self._user(take("user_id")),
            "owner": self._agent(take("staff_id")),
            "opened": take("created"),
            "updated": take("lastupdate", "updated"),
            "closed": closed,
            "status": status or take("status") or ("closed" if closed else "open"),
            "urgency": self._named("ticket_priority", data.get("priority"), "priority"),
            "group": self._named("department", take("dept_id"), "name"),
            "team": self._named("team", take("team_id"), "name"),
            "watchers": [self._user(one) for one in self._threads.get(inner, ())],
            "duplicate_of": [self._numbers.get(str(merged), "")] if merged else [],
            "outcome": "duplicate" if merged else "",
            "category": topic,
            "channel": take("source"),
            "entries": entries,
            "files": files,
        }
        own = {k: v for k, v in data.items() if k not in _CDATA and v not in ("", "NULL", "\\N")}
        return record | own | take.rest(_DULL, self.left_out)

    def _entry(self, row: Mapping[str, str]) -> dict[str, Json]:
        author = self._agent(row.get("staff_id")) or self._user(row.get("user_id"))
        return {
            "id": row.get("id"),
            "at": row.get("created"),
            "by": author or row.get("poster", ""),
            "text": self.words(row.get("body"), row.get("format", "html").lower() != "text"),
            "public": row.get("type", "M").upper() != "N",
            "files": [{"name": one} for one in self._attached.get(row.get("id", ""), ())],
        }

    def _user(self, number: Json) -> dict[str, Json] | str:
        found = self._users.get(str(number))
        if found is None:
            return ""
        addresses = self._emails.get(str(number), [])
        work = self._named("organization", found.get("org_id"), "name", "")
        return {"name": found.get("name", ""), "addresses": addresses, "organisation": work}

    def _topic(self, number: Json) -> str:
        """Give the path of a help topic, those above it first."""
        known, path = self._more["help_topic"], []
        while found := known.get(str(number)):
            path.append(found.get("topic", ""))
            number = found.get("topic_pid")
            if len(path) > len(known):
                break
        return "/".join(reversed(path)) or str(number or "")

    def _filed(self) -> dict[str, list[str]]:
        """Give the names of the files of each entry."""
        names = {row.get("id", ""): row.get("name", "") for row in self._each("file")}
        found: dict[str, list[str]] = {}
        for row in self._each("attachment"):
            own = row.get("name", "")
            name = names.get(row.get("file_id", ""), "") if own in _NULL else own
            if row.get("type") == "H" and name:
                found.setdefault(row.get("object_id", ""), []).append(name)
        return found

    def _agent(self, number: Json) -> dict[str, Json] | str:
        found = self._staff.get(str(number))
        if found is None:
            return ""
        name = f"{found.get('firstname', '')} {found.get('lastname', '')}".strip()
        return {"name": name or found.get("username", ""), "email": found.get("email", "")}

    def _named(self, table: str, number: Json, column: str, unknown: str | None = None) -> str:
        found = self._more[table].get(str(number))
        bare = str(number or "") if unknown is None else unknown
        return found.get(column, "") if found else bare

    def _rows(self, table: str, key: str) -> Rows:
        return {row.get(key, ""): row for row in self._each(table)}

    def _grouped(self, table: str, key: str, column: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in self._each(table):
            found.setdefault(row.get(key, ""), []).append(row.get(column, ""))
        return found

    def _each(self, table: str) -> Iterator[dict[str, str]]:
        """Give the rows of a table by their heads; none where it is not there."""
        if table not in self._tables:
            return
        heads: list[str] = []
        for row in Table(self._tables[table], self.mapping.table).rows():
            if isinstance(row, DeskError):
                raise row
            if not heads:
                heads = [cell.strip().lower() for cell in row.cells]
                continue
            yield dict(zip(heads, row.cells, strict=False))


_LOOKED_UP = {
    "ticket__cdata": "ticket_id",
    "help_topic": "topic_id",
    "ticket_status": "id",
    "ticket_priority": "priority_id",
    "department": "id",
    "organization": "id",
    "team": "team_id",
}
_THREADS = ("thread", "thread_entry", "thread_collaborator", "attachment", "file")
_READ = frozenset(("ticket", "user", "user_email", "staff", *_THREADS, *_LOOKED_UP))
_NULL = ("", "NULL", "\\N")
_CDATA = frozenset(("ticket_id", "subject", "priority"))


def opened(path: Path, mapping: ColumnMap) -> Source:
    """Open the CSV of the ticket list, or a folder of tables."""
    return OsTicket(path, mapping) if path.is_dir() else OsTicketTable(path, mapping)
