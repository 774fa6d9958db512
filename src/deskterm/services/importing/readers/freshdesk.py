"""Freshdesk: JSON of its API or account export, or the CSV of its tickets."""

from collections.abc import Mapping
from pathlib import Path

from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.markup import looks_like_html
from deskterm.services.importing.readers.any_table import USUAL
from deskterm.services.importing.readers.attached import attached
from deskterm.services.importing.readers.json_files import (
    Beside,
    by_id,
    files_of,
)
from deskterm.services.importing.readers.people import Names
from deskterm.services.importing.readers.source import ObjectSource, Source, Taken, words
from deskterm.services.importing.readers.tables import TableSource
from deskterm.services.importing.table import is_table
from deskterm.services.importing.wide import Json, Record, Someone

STATES = {
    "2": "Open",
    "3": "Pending",
    "4": "Resolved",
    "5": "Closed",
    "6": "Waiting on Customer",
    "7": "Waiting on Third Party",
}
_URGENCIES = {"1": "Low", "2": "Medium", "3": "High", "4": "Urgent"}
_DULL = words(
    "email_config_id product_id fr_escalated is_escalated spam_checked due_by fr_due_by url "
    "nr_due_by nr_escalated to_emails fwd_emails reply_cc_emails ticket_cc_emails form_id "
    "association_type support_email structured_description description_html internal_agent_id "
    "internal_group_id sentiment_score initial_sentiment_score display_id account_id "
    "delta trained status_name priority_name source_name requester_status_name"
)


class Freshdesk(ObjectSource):
    """A folder of Freshdesk's JSON, or its one file of tickets."""

    lists = ("tickets", "helpdesk_ticket")
    follows = "conversations"

    def __init__(self, path: Path, mapping: ColumnMap) -> None:
        super().__init__(path, mapping)
        beside = files_of(path, "conversation", "note") if path.is_dir() else []
        files = [
            file
            for file in files_of(path, "ticket")
            if file not in beside and "field" not in file.name.lower()
        ]
        self.take_files(files, "file of tickets (tickets.json)")
        folder = path if path.is_dir() else None
        find = (lambda *words: files_of(folder, *words)) if folder else (lambda *_: [])
        people = by_id(find("contact", "user"), "contacts", "users", "user", pages=self.pages)
        people |= by_id(find("agent"), "agents", pages=self.pages)
        self._names = Names(
            people,
            by_id(find("compan"), "companies", pages=self.pages),
            by_id(find("group"), "groups", pages=self.pages),
        )
        self.beside = self._notes = Beside(
            beside, "ticket_id", "conversations", "notes", pages=self.pages
        )

    def record(self, given: Record) -> Record:
        """Give the record of one ticket."""
        take = Taken(given)
        names = self._names
        # the account export numbers a ticket for people in display_id, the API in id
        shown = take("display_id")
        number = str(shown or take("id"))
        inner = str(take("id") or number)
        status = str(take("status") or "")
        stats = take("stats")
        ended = stats if isinstance(stats, dict) else {}
        notes = [*(take("conversations", "notes") or ()), *self._notes.of(inner)]
        spam, deleted = take("spam"), take("deleted")
        record = {
            "id": number,
            "title": take("subject"),
            "body": self._words(take("description_text"), take("description_html", "description")),
            "requester": _known(names, take("requester_id", "requester"), take("requester_name")),
            "opened": take("created_at"),
            "updated": take("updated_at"),
            "closed": take("closed_at", "resolved_at")
            or ended.get("closed_at")
            or ended.get("resolved_at"),
            "status": "spam" if spam else "deleted" if deleted else STATES.get(status, status),
            "urgency": _word(_URGENCIES, take("priority")),
            "type": take("type", "ticket_type"),
            "group": names.group(take("group_id"), take("group")),
            "owner": _known(names, take("responder_id", "responder"), take("responder_name")),
            "organisation": names.organisation(take("company_id"), take("company")),
            "channel": take("source"),
            "tags": [one["name"] if isinstance(one, dict) else one for one in take("tags") or ()],
            "watchers": _copied(take("cc_emails", "cc_email")),
            "entries": [self._entry(_note(one)) for one in notes],
            "files": attached(take("attachments"), "name", "attachment_url"),
        }
        if record["status"] not in ("Resolved", "Closed"):
            record["closed"] = None
        return (
            record
            | _custom(take("custom_fields", "custom_field"))
            | take.rest(_DULL, self.left_out)
        )

    def _entry(self, given: Record) -> dict[str, Json]:
        known = self._names.person(given.get("user_id"), given.get("user"))
        return {
            "id": given.get("id"),
            "at": given.get("created_at"),
            "by": known if known.shown else given.get("from_email"),
            "text": self._words(
                given.get("body_text"), given.get("body_html") or given.get("body")
            ),
            "public": not given.get("private"),
            "files": attached(given.get("attachments"), "name", "attachment_url"),
        }

    def _words(self, plain: Json, marked: Json) -> str:
        """Give the words of a text that stands there plain, as HTML, or both."""
        return str(plain) if plain else self.words(marked, looks_like_html([str(marked or "")]))


def _known(names: Names, who: Json, name: Json) -> Someone:
    """Give a person by number or as an object; whom nobody lists, by the name beside."""
    found = names.person(None, who) if isinstance(who, dict) else names.person(who)
    return Someone(str(name)) if name and found.shown in ("", f"#{who}") else found


def _copied(given: Json) -> Json:
    return given.get("cc_emails") if isinstance(given, dict) else given


def _note(given: Json) -> Record:
    inner = given.get("helpdesk_note", given) if isinstance(given, dict) else {}
    return inner if isinstance(inner, dict) else {}


def _custom(given: Json) -> dict[str, Json]:
    """Give the desk's own fields without the sign of Freshdesk's before their names."""
    found = given if isinstance(given, dict) else {}
    return {
        name.removeprefix("cf_"): value for name, value in found.items() if value not in (None, "")
    }


def _word(table: Mapping[str, str], value: Json) -> str:
    return table.get(str(value), str(value or ""))


class FreshdeskTable(TableSource):
    """Freshdesk's CSV of tickets."""

    heads = USUAL | {
        "title": "Job title",
        "contact id": "",
        "full name": "requester",
        "requester name": "requester",
        "initial response time": "",
        "due by time": "",
    }

    def record(self, cells: Mapping[str, list[str]], where: str) -> dict[str, Json]:
        """Give the record of a row; what says "No Agent" says nothing."""
        nothing = ("No Agent", "No Group", "No Product", "--", "No Company")
        plain = {name: ["" if v in nothing else v for v in vs] for name, vs in cells.items()}
        return super().record(plain, where)


def opened(path: Path, mapping: ColumnMap) -> Source:
    """Open a folder of JSON, one JSON file, or the CSV of tickets."""
    if is_table(path):
        return FreshdeskTable(path, mapping)
    return Freshdesk(path, mapping)
