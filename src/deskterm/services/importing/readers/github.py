"""GitHub: JSON of issues and of their comments, as its API and `gh` give them."""

from pathlib import Path
from urllib.parse import unquote

from deskterm.domain.patterns import pattern
from deskterm.services.importing.foreign import someone
from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.readers.any_table import AnyTable
from deskterm.services.importing.readers.json_files import Beside, by_id, files_of, objects
from deskterm.services.importing.readers.people import Names
from deskterm.services.importing.readers.source import ObjectSource, Source, Taken, words
from deskterm.services.importing.table import is_table
from deskterm.services.importing.wide import Json, Record, Someone

_DULL = words(
    "url repository_url labels_url comments_url events_url html_url node_id locked reactions "
    "performed_via_github_app timeline_url author_association active_lock_reason draft "
    "closed_by assignees score state_reason sub_issues_summary issue_dependencies_summary "
    "issue_field_values projectCards projectItems reactionGroups isPinned parent_issue_url"
)
_ASIDE = ("user", "repositor", "milestone", "label", "event", "team", "organization", "attachment",
    "release", "protected", "pull_request", "project", "schema", "review")  # fmt: skip
_ISSUE = pattern(r"[^/\s]+/[^/\s]+/issues/\d+")
_REASONS = {"not_planned": "not planned", "completed": "completed", "duplicate": "duplicate"}


class GitHub(ObjectSource):
    """A folder with JSON of issues and of comments, or one file of issues."""

    lists = ("issues", "items")

    def __init__(self, path: Path, mapping: ColumnMap) -> None:
        super().__init__(path, mapping)
        beside = files_of(path, "comment") if path.is_dir() else []
        others = files_of(path, *_ASIDE) if path.is_dir() else []
        files = [file for file in files_of(path, "") if file not in (*beside, *others)]
        self.take_files(files, "JSON of issues")
        people = by_id(files_of(path, "user"), "users") if path.is_dir() else {}
        for file in files_of(path, "users_") if path.is_dir() else ():
            people |= {str(o[1].get("url")): o[1] for o in objects(file) if isinstance(o, tuple)}
        self._names = Names(people)
        self._people = people
        self.beside = self._comments = Beside(beside, _issue_of, "comments")

    def is_ticket(self, given: Record) -> bool:
        """A pull request is none."""
        if given.get("pull_request") or "/pull/" in str(given.get("url") or ""):
            self.left_out["pull requests"] += 1
            return False
        return True

    def record(self, given: Record) -> Record:
        """Give the record of one ticket."""
        take = Taken(given)
        address = str(given.get("url") or given.get("html_url") or "")
        comments = [*_several(take("comments")), *self._comments.of(_place(address))]
        status = str(take("state") or "").lower()
        reason = str(take("state_reason", "stateReason") or "").lower()
        milestone = take("milestone")
        owners = _several(take("assignees"))
        owner = take("assignee") or (owners[0] if owners else None)
        take("id")
        record = {
            "id": take("number") or _place(address).rpartition("/")[2],
            "title": take("title"),
            "body": take("body"),
            "requester": self._who(take("user", "author")),
            "owner": self._who(owner),
            "opened": take("created_at", "createdAt"),
            "updated": take("updated_at", "updatedAt"),
            "closed": take("closed_at", "closedAt"),
            "status": _REASONS.get(reason, status) if status == "closed" else status,
            "tags": [_name(one) for one in _several(take("labels"))],
            "type": _name(take("type")),
            "milestone": _name(milestone),
            "entries": [self._entry(one) for one in comments],
        }
        return record | take.rest(_DULL, self.left_out)

    def _who(self, given: Json) -> Someone:
        if isinstance(given, str) and "://" in given:
            given = self._people.get(given, {"login": given.rpartition("/")[2]})
        return self._names.told(given) if isinstance(given, dict) else someone(given, "people")

    def _entry(self, given: Record) -> dict[str, Json]:
        return {
            "id": given.get("id"),
            "at": given.get("created_at") or given.get("createdAt"),
            "by": self._who(given.get("user") or given.get("author")),
            "text": given.get("body"),
            "public": True,
        }


def _issue_of(comment: Record) -> Json:
    """Give the issue of a comment, as its repository and number."""
    named = (comment.get(name) for name in ("issue_url", "issue", "html_url"))
    return next((_place(str(one)) for one in named if one), None)


def _place(address: str) -> str:
    found = _ISSUE.search(address)
    return found.group() if found else address


def _several(given: Json) -> list[Json]:
    """Give a list, also where it stands as nodes; a mere number of them is none."""
    inner = given.get("nodes") if isinstance(given, dict) else given
    return inner if isinstance(inner, list) else []


def _name(given: Json) -> str:
    if isinstance(given, dict):
        return str(given.get("name") or given.get("title") or "")
    text = str(given or "")
    return unquote(text.rpartition("/")[2]) if "://" in text else text


def opened(path: Path, mapping: ColumnMap) -> Source:
    """Open a folder of JSON, one file, or a CSV that somebody made of it."""
    if is_table(path):
        return AnyTable(path, mapping)
    return GitHub(path, mapping)
