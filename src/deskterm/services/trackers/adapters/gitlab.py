"""GitLab: problems as issues of one project."""

from collections.abc import Mapping
from urllib.parse import quote

from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern
from deskterm.services.trackers.adapters.issues import Issues
from deskterm.services.trackers.adapters.web import Site, check_base

_PUBLIC = "https://gitlab.com/api/v4"
_PROJECT = pattern(r"[\w.-]{1,100}(?:/[\w.-]{1,100}){0,8}\Z")


class GitLab(Issues):
    """One project, by its path or its number."""

    NUMBER, TEXT, ADDRESS, COMMENTS, CHANGE = "iid", "description", "web_url", "notes", "PUT"
    AUTHOR = ("author", "username")

    def __init__(self, project: str, token: str, address: str = "", ca_file: str = "") -> None:
        if not _PROJECT.match(project):
            raise UsageError(f"{project[:80]!r}? Write GROUP/PROJECT, or the project's number.")
        site = Site(check_base(address or _PUBLIC), token, {"PRIVATE-TOKEN": token}, ca_file)
        super().__init__(site, f"/projects/{quote(project, safe='')}/issues")

    def since(self, moment: str) -> Mapping[str, object]:
        """Give what asks for the issues that were opened since, closed ones too."""
        return {"created_after": moment, "order_by": "created_at", "sort": "desc"}
