"""GitHub: JSON of issues and of their comments, as its API and `gh` give them."""

from pathlib import Path

from deskterm.services.importing.foreign import someone
from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.readers.json_files import Beside, files_of
from deskterm.services.importing.readers.people import Names
from deskterm.services.importing.readers.source import ObjectSource, Source, Taken, words
from deskterm.services.importing.wide import Json, Record, Someone

_DULL = words(
    "url repository_url labels_url comments_url events_url html_url node_id locked reactions "
    "performed_via_github_app timeline_url author_association active_lock_reason draft "
    "closed_by assignees score state_reason sub_issues_summary issue_dependencies_summary "
    "issue_field_values projectCards projectItems reactionGroups isPinned parent_issue_url"
)
_REASONS = {"not_planned": "not planned", "completed": "completed", "duplicate": "duplicate"}


class GitHub(ObjectSource):
    """A folder with JSON of issues and of comments, or one file of issues."""

    lists = ("issues", "items")

    def __init__(self, path: Path, mapping: ColumnMap) -> None:
        super().__init__(path, mapping)
        beside = files_of(path, "comment") if path.is_dir() else []
        files = [file for file in files_of(path, "") if file not in beside]
        self.take_files(files, "JSON of issues")
        self._names = Names()
        self.beside = self._comments = Beside(beside, "issue_url", "comments")

    def is_ticket(self, given: Record) -> bool:
        """A pull request is none."""
        if given.get("pull_request"):
            self.left_out["pull requests"] += 1
            return False
        return True

    def record(self, given: Record) -> Record:
        """Give the record of one ticket."""
        take = Taken(given)
        address = str(given.get("url") or "")
        inside = take("comments")
        comments = [*(inside if isinstance(inside, list) else ()), *self._comments.of(address)]
        status = str(take("state") or "").lower()
        reason = str(take("state_reason", "stateReason") or "").lower()
        milestone = take("milestone")
        owners = take("assignees") or []
        owner = take("assignee") or (owners[0] if owners else None)
        take("id")
        record = {
            "id": take("number"),
            "title": take("title"),
            "body": take("body"),
            "requester": self._who(take("user", "author")),
            "owner": self._who(owner),
            "opened": take("created_at", "createdAt"),
            "updated": take("updated_at", "updatedAt"),
            "closed": take("closed_at", "closedAt"),
            "status": _REASONS.get(reason, status) if status == "closed" else status,
            "tags": [_name(one) for one in take("labels") or ()],
            "type": _name(take("type")),
            "milestone": _name(milestone),
            "entries": [self._entry(one) for one in comments],
        }
        return record | take.rest(_DULL, self.left_out)

    def _who(self, given: Json) -> Someone:
        return self._names.told(given) if isinstance(given, dict) else someone(given, "people")

    def _entry(self, given: Record) -> dict[str, Json]:
        return {
            "id": given.get("id"),
            "at": given.get("created_at") or given.get("createdAt"),
            "by": self._who(given.get("user") or given.get("author")),
            "text": given.get("body"),
            "public": True,
        }


def _name(given: Json) -> str:
    if isinstance(given, dict):
        return str(given.get("name") or given.get("title") or "")
    return str(given or "")


def opened(path: Path, mapping: ColumnMap) -> Source:
    """Open a folder of JSON, or one file."""
    return GitHub(path, mapping)
