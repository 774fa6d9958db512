"""Zendesk: its JSON export, or pages of its API, in a folder.

Files are told by name: tickets, users, organizations, groups, comments, ticket_fields. Comments may
stand inside the tickets (`comments`), or in files beside them, with `ticket_id` or the ticket's
number in the file's name.
"""

from collections.abc import Mapping
from pathlib import Path

from deskterm.domain.patterns import pattern
from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.markup import plain_text
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
from deskterm.services.importing.wide import Json, Record

_DULL = words(
    "url raw_subject submitter_id collaborator_ids follower_ids forum_topic_id "
    "sharing_agreement_ids fields from_messaging_channel allow_channelback allow_attachments "
    "has_incidents is_public ticket_form_id brand_id followup_ids generated_timestamp "
    "custom_status_id metric_set dates encoded_id submitter result_type email_cc_ids recipient"
)


_FILES = ("ticket", "export", "result", "search", "page", "incremental")
_ASIDE = pattern(r"field|metric|form|user|organi|group(?!_)|comment|audit")
_MERGED = pattern(r"merged into request #(?P<into>\d+)")


class ZendeskTable(TableSource):
    """The CSV of a view or of a report: `-` stands for nothing."""

    heads = USUAL | {
        "summation column": "",
        "requester id": "",
        "requester domain": "",
        "requester external id": "",
        "submitter": "",
        "due date": "",
        "assigned at": "",
        "initially assigned at": "",
        "first reply time in minutes": "",
        "group stations": "",
        "assignee stations": "",
        "reopens": "",
        "replies": "",
        "resolution time": "",
    }

    def record(self, cells: Mapping[str, list[str]], where: str) -> dict[str, Json]:
        """Give the record of a row; tags stand apart by spaces."""
        plain = {name: ["" if v == "-" else v for v in vs] for name, vs in cells.items()}
        found = super().record(plain, where)
        found["tags"] = [one for tag in found.get("tags") or () for one in tag.split()]
        return found


class Zendesk(ObjectSource):
    """A folder of Zendesk's exports, or its one file of tickets."""

    follows = "comments"

    def __init__(self, path: Path, mapping: ColumnMap) -> None:
        super().__init__(path, mapping)
        beside = files_of(path, "comment", "audit") if path.is_dir() else []
        files = [f for f in files_of(path, *_FILES) if not _ASIDE.search(f.name.lower())]
        files = [file for file in files if file not in beside]
        self.take_files(files, "file of tickets (tickets.json, .jsonl)")
        folder = path if path.is_dir() else None
        find = (lambda *words: files_of(folder, *words)) if folder else (lambda *_: [])
        self._names = Names(
            by_id(find("user"), "users", pages=self.pages),
            by_id(find("organi"), "organizations", pages=self.pages),
            by_id(find("group"), "groups", pages=self.pages),
        )
        wanted = find("ticket_field", "ticket-field", "ticketfield")
        fields = by_id(wanted, "ticket_fields", pages=self.pages)
        self._fields = {number: str(one.get("title") or number) for number, one in fields.items()}
        self.beside = self._comments = Beside(
            beside, "ticket_id", "comments", "audits", pages=self.pages
        )

    def record(self, given: Record) -> Record:
        """Give the record of one ticket."""
        take = Taken(given)
        number = str(take("id"))
        names = self._names
        requester = names.person(take("requester_id"), take("requester"))
        written = None if requester.addresses else _written_by(given.get("via"))
        requester = names.person(None, written) if written else requester
        title = take("subject") or given.get("raw_subject")
        body = str(take("description") or "")
        opened, updated, status = take("created_at"), take("updated_at"), take("status")
        comments = take("comments") or []
        told = [one for c in [*comments, *self._comments.of(number)] for one in _said(c)]
        entries = [self._entry(one) for one in told]
        entries.sort(key=lambda one: str(one["at"] or ""))
        first, files = opening(entries, body)
        via = take("via")
        owner = names.person(take("assignee_id"), take("assignee"))
        closed = take("solved_at", "closed_at") or _solved(take("metric_set"))
        ccs = [*(take("email_cc_ids") or ()), *(take("follower_ids") or ())]
        record = {
            "id": number,
            "title": title,
            "body": first,
            "requester": requester,
            "opened": opened,
            "updated": updated,
            "closed": closed if str(status) in ("solved", "closed") else None,
            "status": status,
            "urgency": take("priority"),
            "type": take("type"),
            "group": names.group(take("group_id"), take("group")),
            "owner": owner,
            "organisation": names.organisation(take("organization_id"), take("organization")),
            "channel": via.get("channel") if isinstance(via, dict) else via,
            "tags": take("tags"),
            "watchers": [names.person(one) for one in dict.fromkeys(ccs)],
            "entries": entries,
            "files": files,
        }
        problem = take("problem_id")
        if problem:
            record["links"] = [{"kind": "related", "to": problem}]
        survivor = _survivor(record["tags"], entries)
        if survivor:
            record |= {"duplicate_of": [survivor], "outcome": "duplicate"}
        record |= self._custom(take("custom_fields"))
        return record | take.rest(_DULL, self.left_out)

    def _custom(self, given: Json) -> dict[str, Json]:
        """Give the desk's own fields under their titles."""
        found = {}
        for one in given if isinstance(given, list) else ():
            value = one.get("value") if isinstance(one, dict) else None
            if value is not False and value not in (None, "", []):
                number = str(one.get("id"))
                found[self._fields.get(number, f"field {number}")] = value
        return found

    def _entry(self, given: Record) -> dict[str, Json]:
        text = given.get("plain_body") or given.get("body")
        text = text or plain_text(str(given.get("html_body") or ""))
        return {
            "id": given.get("id"),
            "at": given.get("created_at"),
            "by": self._names.person(given.get("author_id"), given.get("author")),
            "text": text,
            "public": given.get("public", True) is not False,
            "files": attached(given.get("attachments"), "file_name", "content_url"),
        }


def _said(given: Record) -> list[Record]:
    """Give the comments of an entry: itself, or those among the events of an audit."""
    events = given.get("events")
    if not isinstance(events, list):
        return [given]
    about = {name: given.get(name) for name in ("created_at", "author_id")}
    return [about | one for one in events if str(one.get("type")) in ("Comment", "VoiceComment")]


def _survivor(tags: Json, entries: list[dict[str, Json]]) -> str:
    """Give the ticket that one was merged into: only Zendesk's own comment names it."""
    if "closed_by_merge" not in (tags or ()):
        return ""
    found = [_MERGED.search(str(one["text"])[:400]) for one in entries]
    return next((match["into"] for match in reversed(found) if match), "")


def opening(entries: list[dict[str, Json]], body: str) -> tuple[str, list[Json]]:
    """Take out the first entry where it is the description said again; give words and files."""
    if entries:
        first = str(entries[0].get("text") or "")
        if not body or " ".join(first.split()) == " ".join(body.split()):
            files = entries.pop(0)["files"]
            return body or first, files
    return body, []


def _written_by(via: Json) -> Json:
    """Give whom the way in names: an export without its users still tells who wrote."""
    source = via.get("source") if isinstance(via, dict) else None
    told = source.get("from") if isinstance(source, dict) else None
    if not isinstance(told, dict) or not told.get("address"):
        return None
    return {"name": told.get("name"), "email": told["address"]}


def _solved(metrics: Json) -> Json:
    return metrics.get("solved_at") if isinstance(metrics, dict) else None


def opened(path: Path, mapping: ColumnMap) -> Source:
    """Open a folder of exports, the one file of tickets, or the CSV of a view."""
    if is_table(path):
        return ZendeskTable(path, mapping)
    return Zendesk(path, mapping)
