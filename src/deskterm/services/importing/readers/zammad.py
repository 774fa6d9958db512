"""Zammad: JSON of its API, with names (`expand=true`) or with numbers and the lists beside."""

from collections.abc import Mapping
from pathlib import Path

from deskterm.services.importing.foreign import someone
from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.readers.any_table import AnyTable
from deskterm.services.importing.readers.attached import attached
from deskterm.services.importing.readers.json_files import (
    Beside,
    by_id,
    files_of,
)
from deskterm.services.importing.readers.people import Names
from deskterm.services.importing.readers.source import ObjectSource, Source, Taken, words
from deskterm.services.importing.readers.zendesk import opening
from deskterm.services.importing.table import is_table
from deskterm.services.importing.wide import Json, Record, Someone

_DULL = words(
    "article_count article_ids create_article_sender create_article_sender_id "
    "create_article_type_id created_by_id updated_by_id escalation_at close_diff_in_min "
    "close_escalation_at close_in_min first_response_at first_response_diff_in_min "
    "first_response_escalation_at first_response_in_min last_contact_agent_at last_contact_at "
    "last_contact_customer_at last_owner_update_at preferences time_unit type update_diff_in_min "
    "update_escalation_at update_in_min created_by updated_by ticket_time_accounting "
    "ticket_time_accounting_ids last_close_at checklist_id referencing_checklist_ids"
)
_GUESS = "states and priorities are named as a new Zammad numbers them (expand=true names them)"
_NOBODY = ("-", "1")
"""Zammad's owner of a ticket that nobody owns."""
_STATES = dict(
    enumerate(
        ["new", "open", "pending reminder", "closed", "merged", "removed", "pending close"],
        1,
    )
)
_URGENCIES = {1: "1 low", 2: "2 normal", 3: "3 high"}
"""What Zammad's own numbers of states and of priorities mean, where no list says it."""


class Zammad(ObjectSource):
    """A folder of Zammad's JSON."""

    follows = "articles"

    lists = ("tickets", "Ticket")

    def __init__(self, path: Path, mapping: ColumnMap) -> None:
        super().__init__(path, mapping)
        beside = files_of(path, "article") if path.is_dir() else []
        others = files_of(
            path, "_state", "_priorit", "tag", "states", "priorities", "object", "link"
        )
        others = others if path.is_dir() else []
        files = [f for f in files_of(path, "ticket") if f not in beside and f not in others]
        self.take_files(files, "file of tickets (tickets.json)")
        find = (lambda *words: files_of(path, *words)) if path.is_dir() else (lambda *_: [])
        self._users = by_id(find("user"), "users", "User", pages=self.pages)
        self._by_login = {
            str(one[key]).lower(): one
            for one in self._users.values()
            for key in ("login", "email")
            if one.get(key)
        }
        self._names = Names(
            self._users,
            by_id(find("organi"), "organizations", "Organization", pages=self.pages),
            by_id(find("group"), "groups", "Group", pages=self.pages),
        )
        self._states = by_id(find("state"), "ticket_states", "TicketState", pages=self.pages)
        self._urgencies = by_id(
            find("priorit"), "ticket_priorities", "TicketPriority", pages=self.pages
        )
        self.beside = self._articles = Beside(
            beside, "ticket_id", "articles", "TicketArticle", pages=self.pages
        )

    def record(self, given: Record) -> Record:
        """Give the record of one ticket."""
        take = Taken(given)
        inner = str(take("id"))
        articles = [*(take("articles") or ()), *self._articles.of(inner)]
        entries = [self._entry(one) for one in articles]
        entries.sort(key=lambda one: str(one["at"] or ""))
        body, files = opening(entries, "")
        owner, owner_id = take("owner"), take("owner_id")
        record = {
            "id": take("number") or inner,
            "title": take("title"),
            "body": body,
            "requester": self._who(take("customer"), take("customer_id")),
            "owner": None if str(owner or owner_id) in _NOBODY else self._who(owner, owner_id),
            "opened": take("created_at"),
            "updated": take("updated_at"),
            "closed": take("close_at"),
            "status": take("state") or self._called(self._states, _STATES, take("state_id")),
            "urgency": take("priority")
            or self._called(self._urgencies, _URGENCIES, take("priority_id")),
            "group": self._names.group(take("group_id"), take("group")),
            "organisation": self._names.organisation(take("organization_id"), take("organization")),
            "channel": take("create_article_type"),
            "tags": take("tags"),
            "entries": entries,
            "files": files,
        }
        for name in ("state_id", "priority_id", "owner_id", "customer_id"):
            take(name)
        return record | take.rest(_DULL, self.left_out)

    def _who(self, named: Json, number: Json = None) -> Someone:
        """Give a person by the login that `expand` shows, or by number."""
        if isinstance(named, dict):
            return self._names.told(named)
        known = self._by_login.get(str(named or "").lower())
        if known is not None:
            return self._names.told(known)
        return someone(str(named), "people") if named else self._names.person(number)

    def _entry(self, given: Record) -> dict[str, Json]:
        sender = given.get("from") or given.get("created_by")
        author = given.get("origin_by") or given.get("created_by")
        html = not str(given.get("content_type") or "").startswith("text/plain")
        return {
            "id": given.get("id"),
            "at": given.get("created_at"),
            "by": self._author(author, given.get("created_by_id"), sender),
            "text": self.words(given.get("body"), html),
            "public": not given.get("internal"),
            "files": attached(given.get("attachments"), "filename", "url"),
        }

    def _called(self, known: Mapping[str, Record], usual: Mapping[int, str], number: Json) -> str:
        """Give the name of a number: its list's, else the one that every new Zammad gives it."""
        found = known.get(str(number))
        if found is not None:
            return str(found.get("name") or "")
        name = usual.get(number, "") if isinstance(number, int) else ""
        if name and _GUESS not in self.guessed:
            self.guessed.append(_GUESS)
        return name

    def _author(self, login: Json, number: Json, sender: Json) -> Someone:
        known = self._who(login, number)
        return known if known.shown else someone(str(sender or ""), "people")


def opened(path: Path, mapping: ColumnMap) -> Source:
    """Open a folder of JSON, one file of tickets, or the CSV of a report."""
    if is_table(path):
        return AnyTable(path, mapping)
    return Zammad(path, mapping)
