"""Problems as issues of one project, whatever the server calls them: opened once, told, read."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar

from deskterm.domain.clock import from_text, to_text
from deskterm.services.trackers.adapters import shape
from deskterm.services.trackers.adapters.web import Site, TroubleError, call

_PAGES = 20
_BACK = timedelta(days=1)
"""So much earlier than our clock says it is looked for what was opened: theirs may be behind."""
_WONT = frozenset({"not_planned", "wontfix", "wont-fix", "won't fix", "won't do"})


class Issues(ABC):
    """The issues of one project; `answer` does what a line asks for."""

    NUMBER: ClassVar[str]
    """The key of an issue's number in its project."""
    TEXT: ClassVar[str]
    """The key of an issue's words."""
    ADDRESS: ClassVar[str]
    """The key of an issue's address for people."""
    AUTHOR: ClassVar[tuple[str, str]]
    """The keys of who wrote a comment, and of their name."""
    COMMENTS: ClassVar[str]
    """What comments are called in addresses."""
    CHANGE: ClassVar[str]
    """The method that changes an issue."""

    def __init__(self, site: Site, path: str) -> None:
        self._site = site
        self._path = path

    @abstractmethod
    def since(self, moment: str) -> Mapping[str, object]:
        """Give what asks for the issues since then, the newest first."""

    def answer(self, asked: Mapping[str, object]) -> dict[str, object]:
        """Give what one line asks for; raises TroubleError."""
        problem, operation = shape.part(asked, "problem"), str(asked.get("op", ""))
        do, number = asked["do"], str(problem.get("ref") or "")
        if do == "open":
            known = self._known(operation, str(asked["at"]))
            words = self._words(problem, operation)
            return self._said(known or call(self._site, "POST", self._path, words))
        if not number.isascii() or not number.isdigit():
            raise TroubleError(f"{number[:40]!r} is no issue's number", again=False)
        one = f"{self._path}/{number}"
        if do == "update":
            words = self._words(problem, operation)
            return self._said(call(self._site, self.CHANGE, one, words))
        if do == "comment":
            self._comment(one, str(shape.part(asked, "comment")["text"]), operation)
        said = self._said(call(self._site, "GET", one))
        heard = self._pages(f"{one}/{self.COMMENTS}") if do == "read" else ()
        return said | {"comments": [self._heard(each) for each in heard if not each.get("system")]}

    def _words(self, problem: Mapping[str, object], operation: str) -> dict[str, str]:
        return {"title": shape.title(problem), self.TEXT: shape.body(problem, operation)}

    def _known(self, operation: str, at: str) -> Mapping[str, object] | None:
        """Give the issue that was opened under an operation whose answer was lost."""
        since = to_text(from_text(at) - _BACK)
        return shape.ours(self._pages(self._path, **self.since(since)), operation, self.TEXT)

    def _comment(self, one: str, text: str, operation: str) -> None:
        path = f"{one}/{self.COMMENTS}"
        if shape.ours(self._pages(path), operation, "body") is None:
            words = f"{shape.quoted(text)}\n\n{shape.mark(operation)}"
            call(self._site, "POST", path, {"body": words})

    def _said(self, issue: object) -> dict[str, object]:
        if not isinstance(issue, Mapping) or self.NUMBER not in issue:
            raise TroubleError("its answer is no issue")
        state = "open"
        if issue.get("state") == "closed":
            state = "wont_fix" if _wont_fix(issue) else "closed"
        fixed = shape.part(issue, "milestone").get("title", "")
        return {
            "ref": str(issue[self.NUMBER]),
            "url": str(issue.get(self.ADDRESS, "")),
            "state": state,
            "fixed_in": str(fixed) if state == "closed" else "",
        }

    def _heard(self, one: Mapping[str, object]) -> dict[str, object]:
        who, called = self.AUTHOR
        author, text = shape.part(one, who).get(called, ""), str(one.get("body") or "")
        return {"id": one.get("id"), "author": author, "text": text, "op": shape.operation_in(text)}

    def _pages(self, path: str, **query: object) -> Iterator[Mapping[str, object]]:
        """Give every object of a list, however many a page has and whether there are pages."""
        seen: set[object] = set()
        for page in range(1, _PAGES + 1):
            listed = call(self._site, "GET", path, page=page, per_page=100, limit=50, **query)
            if not isinstance(listed, Sequence):
                raise TroubleError("its list is no list")
            rows = [one for one in listed if isinstance(one, Mapping)]
            fresh = [one for one in rows if one.get("id") not in seen]
            if not fresh:
                return
            seen.update(one.get("id") for one in fresh)
            yield from fresh


def _wont_fix(issue: Mapping[str, object]) -> bool:
    """Tell whether an issue was closed without a fix, by its reason or one of its labels."""
    labels = issue.get("labels")
    names = [
        str(one.get("name") if isinstance(one, Mapping) else one).lower()
        for one in (labels if isinstance(labels, list) else [])
    ]
    return not _WONT.isdisjoint((str(issue.get("state_reason")), *names))
