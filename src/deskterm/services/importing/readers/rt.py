"""RT: the TSV or CSV of a search, or JSON of its REST2 interface, tickets and history."""

from collections.abc import Mapping
from pathlib import Path

from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.markup import looks_like_html
from deskterm.services.importing.readers.any_table import USUAL
from deskterm.services.importing.readers.json_files import Beside, files_of
from deskterm.services.importing.readers.people import Names
from deskterm.services.importing.readers.source import ObjectSource, Source, Taken, words
from deskterm.services.importing.readers.tables import TableSource
from deskterm.services.importing.table import is_table
from deskterm.services.importing.wide import Json, Record

_DULL = words(
    "_hyperlinks _url type EffectiveId InitialPriority FinalPriority TimeWorked TimeLeft "
    "TimeEstimated Started Starts Due LastUpdatedBy Creator IsMerged Told SLA"
)
_FILES = ("ticket", "search", "result", "export", "page")
_NEVER = ("1970-01-01T00:00:00Z", "1970-01-01 00:00:00", "Thu Jan 01 00:00:00 1970", "Not set", "")
_URGENT_FROM = 75
"""RT counts priorities to 100."""
_TOLD = {"Correspond": True, "Comment": False}
_STATES = {"resolved": "close", "rejected": "close", "deleted": "close"}


class RtTable(TableSource):
    """The spreadsheet of a search: tabs, or commas where somebody saved it so."""

    heads = USUAL | {
        "id": "id",
        "queuename": "group",
        "queue name": "group",
        "requestors": "requester",
        "requestor": "requester",
        "ownername": "owner",
        "lastupdated": "updated",
        "last updated": "updated",
        "lastcontact": "",
        "told": "",
        "started": "",
        "starts": "",
        "due": "",
        "timeleft": "",
        "timeworked": "",
        "timeestimated": "",
        "creator": "",
        "adminccs": "",
        "cc": "watchers",
        "resolved": "closed",
    }

    def record(self, cells: Mapping[str, list[str]], where: str) -> dict[str, Json]:
        """Give the record of a row."""
        found = super().record({name: [_set(v) for v in vs] for name, vs in cells.items()}, where)
        found["urgency"] = urgency(found.get("urgency"))
        people = str(found.get("requester") or "").replace(";", ",").split(",")
        found["requester"] = people[0].strip()
        found["watchers"] = [*(found.get("watchers") or ()), *map(str.strip, people[1:])]
        if found.get("owner") in ("Nobody", "Nobody in particular"):
            found["owner"] = ""
        return found


class Rt(ObjectSource):
    """A folder of REST2's JSON: tickets, and their history (transactions)."""

    lists = ("items", "tickets")
    follows = "transactions"

    def __init__(self, path: Path, mapping: ColumnMap) -> None:
        super().__init__(path, mapping)
        beside = files_of(path, "history", "transaction") if path.is_dir() else []
        files = [file for file in files_of(path, *_FILES) if file not in beside]
        self.take_files(files, "file of tickets (tickets.json)")
        self._names = Names()
        self.beside = self._history = Beside(beside, _ticket_of, "items", "transactions")

    def record(self, given: Record) -> Record:
        """Give the record of one ticket."""
        take = Taken(given)
        number = str(take("id"))
        history = [*(take("history", "transactions") or ()), *self._history.of(number)]
        created: Record = next((o for o in history if o.get("Type") == "Create"), {})
        people = _many(take("Requestor", "Requestors"))
        owner = _who(take("Owner"))
        record = {
            "id": number,
            "title": take("Subject"),
            "body": self._words(_content(created) or take("Description")),
            "requester": people[0] if people else "",
            "watchers": [*people[1:], *_many(take("Cc"))],
            "owner": "" if owner in ("Nobody", "") else owner,
            "group": _name(take("Queue")),
            "opened": take("Created"),
            "updated": _set(take("LastUpdated")),
            "closed": _set(take("Resolved")),
            "status": take("Status"),
            "urgency": urgency(take("Priority")),
            "entries": [entry for one in history if (entry := self._entry(one))],
        }
        return record | _custom(take("CustomFields")) | take.rest(_DULL, self.left_out)

    def _words(self, text: Json) -> str:
        """Give words; RT does not say which are HTML, what begins with a tag is."""
        return self.words(text, looks_like_html([str(text or "")]))

    def _entry(self, given: Record) -> dict[str, Json] | None:
        kind = str(given.get("Type") or "")
        after = _STATES.get(str(given.get("NewValue")))
        stated = kind == "Status" or given.get("Field") == "Status"
        if kind not in _TOLD and not (stated and after):
            if kind not in ("Create", "Status", "Set", "AddWatcher", "AddLink", ""):
                self.left_out[f"transactions: {kind}"] += 1
            return None
        return {
            "id": given.get("id"),
            "at": given.get("Created"),
            "by": _who(given.get("Creator")),
            "event": after if stated else "comment",
            "text": self._words(_content(given)),
            "public": _TOLD.get(kind, True),
        }


def _ticket_of(given: Record) -> Json:
    inside = given.get("Object")
    named = inside.get("id") if isinstance(inside, dict) else inside
    return named or given.get("TicketId")


def urgency(value: Json) -> str:
    """Give a priority as a word: RT counts to 100, newer ones say it."""
    text = str(value or "")
    if text.isdigit():
        return "high" if int(text) >= _URGENT_FROM else ""
    return text


def _set(value: Json) -> str:
    text = str(value or "").strip()
    return "" if text in _NEVER else text


def _who(given: Json) -> str:
    """Give a user by address or name: an id such as `ada@example.org`, or an object with it."""
    if isinstance(given, dict):
        return str(given.get("EmailAddress") or given.get("id") or given.get("Name") or "")
    return str(given or "")


def _many(given: Json) -> list[str]:
    return [_who(one) for one in (given if isinstance(given, list) else [given]) if one]


def _name(given: Json) -> str:
    return (
        str(given.get("Name") or given.get("id") or "")
        if isinstance(given, dict)
        else str(given or "")
    )


def _content(given: Record) -> str:
    return str(given.get("Content") or given.get("Data") or "")


def _custom(given: Json) -> dict[str, Json]:
    """Give the fields of RT's own: a list of {name, values}, or an object."""
    if isinstance(given, dict):
        return given
    listed = given if isinstance(given, list) else ()
    return {str(one.get("name")): one.get("values") for one in listed if one.get("values")}


def opened(path: Path, mapping: ColumnMap) -> Source:
    """Open the table of a search, or a folder of JSON."""
    if is_table(path):
        return RtTable(path, mapping)
    return Rt(path, mapping)
