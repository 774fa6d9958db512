"""GitHub and its kin (Gitea, Forgejo): problems as issues of one repository."""

from collections.abc import Mapping
from urllib.parse import quote

from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern
from deskterm.services.trackers.adapters.issues import Issues
from deskterm.services.trackers.adapters.web import Site, check_base

_PUBLIC = "https://api.github.com"
_REPOSITORY = pattern(r"[\w.-]{1,100}/[\w.-]{1,100}\Z")


class GitHub(Issues):
    """One repository."""

    NUMBER, TEXT, ADDRESS, COMMENTS, CHANGE = "number", "body", "html_url", "comments", "PATCH"
    AUTHOR = ("user", "login")

    def __init__(self, repository: str, token: str, address: str = "", ca_file: str = "") -> None:
        if not _REPOSITORY.match(repository):
            raise UsageError(f"{repository[:80]!r}? Write OWNER/REPOSITORY.")
        site = Site(
            check_base(address or _PUBLIC), token, {"Authorization": f"token {token}"}, ca_file
        )
        super().__init__(site, f"/repos/{quote(repository)}/issues")

    def since(self, moment: str) -> Mapping[str, object]:
        """Give what asks for the issues that were changed since, closed ones too."""
        return {"state": "all", "since": moment, "sort": "created", "direction": "desc"}
