"""Problems as issues of one project, whatever the server calls them: opened once, told, read."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar
from urllib.parse import quote

from deskterm.domain.clock import from_text, to_text
from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.trackers import CLOSE, OPEN, REOPEN, WONT_FIX
from deskterm.services.trackers.adapters.web import Site, TroubleError, call, check_base

_MARK = pattern(r"<!-- deskterm ([0-9a-v-]{18,36}) -->")
_FENCE = pattern(r"`{3,}")
_PARTS = (
    ("Cause", "cause"),
    ("Workaround", "workaround"),
    ("Steps to reproduce", "steps"),
)
_FACTS = (
    ("Severity", "severity"),
    ("State at the help desk", "state"),
    ("Product", "product"),
    ("Found in", "found"),
    ("Fixed in", "fixed"),
    ("Models", "models"),
    ("Systems", "systems"),
)

_ODD = {"error": "this line asks for nothing that is known", "again": False}


def title(problem: Mapping[str, object]) -> str:
    """Give its title as one line."""
    return " ".join(str(problem["title"]).split())[:250] or str(problem["id"])


def body(problem: Mapping[str, object], operation: str) -> str:
    """Give its words as Markdown, ours around those of the desk, which act on nothing."""
    facts = [f"{label}: {_plain(problem.get(name))}" for label, name in _FACTS if problem.get(name)]
    often = f"{problem.get('tickets', 0)} tickets of {problem.get('people', 0)} people"
    lines = [f"From a help desk, {problem['id']}: {often}.", "", quoted("\n".join(facts))]
    for label, name in _PARTS:
        if str(problem.get(name) or "").strip():
            lines += ["", f"**{label}**", "", quoted(str(problem[name]))]
    return "\n".join([*lines, "", mark(operation)])


def quoted(text: str) -> str:
    """Give words in a fence that nothing in them can end: no link, mention or picture acts."""
    longest = max((len(run) for run in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}text\n{text.strip()}\n{fence}"


def mark(operation: str) -> str:
    """Give the line by which what was sent is known again, though the answer was lost."""
    return f"<!-- deskterm {operation} -->"


def operation_in(text: object) -> str:
    """Give the operation that a text of ours was sent under; empty: it is somebody else's."""
    found = _MARK.findall(text) if isinstance(text, str) else []
    return str(found[-1]) if found else ""


def ours(
    found: Iterable[Mapping[str, object]], operation: str, *names: str
) -> Mapping[str, object] | None:
    """Give what was made under an operation, of what a server lists; None: nothing was."""
    for one in found:
        if any(operation_in(one.get(name)) == operation for name in names):
            return one
    return None


def _plain(value: object) -> str:
    words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return " ".join(words.split())


def part(whole: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Give an object within an object; an empty one where there is none."""
    found = whole.get(name)
    return found if isinstance(found, Mapping) else {}


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

    def __init__(self, site: Site, path: str, *, close: bool = False) -> None:
        self._site = site
        self._path = path
        self._close = close

    @abstractmethod
    def since(self, moment: str) -> Mapping[str, object]:
        """Give what asks for the issues since then, the newest first."""

    @abstractmethod
    def turned(self, turn: str, ended: str) -> dict[str, str]:
        """Give what closes an issue (`ended`: how), or opens it again."""

    def answer(self, asked: Mapping[str, object]) -> dict[str, object]:
        """Give what one line asks for; raises TroubleError."""
        problem, operation = part(asked, "problem"), str(asked.get("op", ""))
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
            said = self._said(call(self._site, self.CHANGE, one, words))
            return self._turn(one, str(asked.get("turn", "")), problem) or said
        if do == "comment":
            self._comment(one, str(part(asked, "comment")["text"]), operation)
        said = self._said(call(self._site, "GET", one))
        heard = self._pages(f"{one}/{self.COMMENTS}") if do == "read" else ()
        return said | {"comments": [self._heard(each) for each in heard if not each.get("system")]}

    def _turn(self, one: str, turn: str, problem: Mapping[str, object]) -> dict[str, object] | None:
        """Close an issue or open it again, where that is asked and wanted; None: it is not.

        Raises TroubleError that says so where it stays as it was.
        """
        if not self._close or turn not in (CLOSE, REOPEN):
            return None
        wanted = "closed" if turn == CLOSE else "opened again"
        try:
            change = self.turned(turn, str(problem.get("ended", "")))
            said = self._said(call(self._site, self.CHANGE, one, change))
        except TroubleError as trouble:
            raise TroubleError(
                f"it could not be {wanted} there: {trouble}",
                **{name: value for name, value in trouble.said.items() if name != "error"},
            ) from None
        if (said["state"] == OPEN) == (turn == CLOSE):
            raise TroubleError(f"it could not be {wanted} there: it stays as it was", again=False)
        return said

    def _words(self, problem: Mapping[str, object], operation: str) -> dict[str, str]:
        return {"title": title(problem), self.TEXT: body(problem, operation)}

    def _known(self, operation: str, at: str) -> Mapping[str, object] | None:
        """Give the issue that was opened under an operation whose answer was lost."""
        since = to_text(from_text(at) - _BACK)
        return ours(self._pages(self._path, **self.since(since)), operation, self.TEXT)

    def _comment(self, one: str, text: str, operation: str) -> None:
        path = f"{one}/{self.COMMENTS}"
        if ours(self._pages(path), operation, "body") is None:
            words = f"{quoted(text)}\n\n{mark(operation)}"
            call(self._site, "POST", path, {"body": words})

    def _said(self, issue: object) -> dict[str, object]:
        if not isinstance(issue, Mapping) or self.NUMBER not in issue:
            raise TroubleError("its answer is no issue")
        state = "open"
        if issue.get("state") == "closed":
            state = "wont_fix" if _wont_fix(issue) else "closed"
        fixed = part(issue, "milestone").get("title", "")
        return {
            "ref": str(issue[self.NUMBER]),
            "url": str(issue.get(self.ADDRESS, "")),
            "state": state,
            "fixed_in": str(fixed) if state == "closed" else "",
        }

    def _heard(self, one: Mapping[str, object]) -> dict[str, object]:
        who, called = self.AUTHOR
        author, text = part(one, who).get(called, ""), str(one.get("body") or "")
        return {"id": one.get("id"), "author": author, "text": text, "op": operation_in(text)}

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


_GITHUB = "https://api.github.com"
_REPOSITORY = pattern(r"[\w.-]{1,100}/[\w.-]{1,100}\Z")


class GitHub(Issues):
    """One repository."""

    NUMBER, TEXT, ADDRESS, COMMENTS, CHANGE = "number", "body", "html_url", "comments", "PATCH"
    AUTHOR = ("user", "login")

    def __init__(
        self,
        repository: str,
        token: str,
        address: str = "",
        ca_file: str = "",
        *,
        close: bool = False,
    ) -> None:
        if not _REPOSITORY.match(repository):
            raise UsageError(f"{repository[:80]!r}? Write OWNER/REPOSITORY.")
        site = Site(
            check_base(address or _GITHUB), token, {"Authorization": f"token {token}"}, ca_file
        )
        super().__init__(site, f"/repos/{quote(repository)}/issues", close=close)

    def since(self, moment: str) -> Mapping[str, object]:
        """Give what asks for the issues that were changed since, closed ones too."""
        return {"state": "all", "since": moment, "sort": "created", "direction": "desc"}

    def turned(self, turn: str, ended: str) -> dict[str, str]:
        """Give what closes an issue and why, or opens it again."""
        if turn == REOPEN:
            return {"state": "open"}
        reason = "not_planned" if ended == WONT_FIX else "completed"
        return {"state": "closed", "state_reason": reason}


_GITLAB = "https://gitlab.com/api/v4"
_PROJECT = pattern(r"[\w.-]{1,100}(?:/[\w.-]{1,100}){0,8}\Z")


class GitLab(Issues):
    """One project, by its path or its number."""

    NUMBER, TEXT, ADDRESS, COMMENTS, CHANGE = "iid", "description", "web_url", "notes", "PUT"
    AUTHOR = ("author", "username")

    def __init__(
        self, project: str, token: str, address: str = "", ca_file: str = "", *, close: bool = False
    ) -> None:
        if not _PROJECT.match(project):
            raise UsageError(f"{project[:80]!r}? Write GROUP/PROJECT, or the project's number.")
        site = Site(check_base(address or _GITLAB), token, {"PRIVATE-TOKEN": token}, ca_file)
        super().__init__(site, f"/projects/{quote(project, safe='')}/issues", close=close)

    def since(self, moment: str) -> Mapping[str, object]:
        """Give what asks for the issues that were opened since, closed ones too."""
        return {"created_after": moment, "order_by": "created_at", "sort": "desc"}

    def turned(self, turn: str, ended: str) -> dict[str, str]:
        """Give what closes an issue, or opens it again."""
        del ended
        return {"state_event": "reopen" if turn == REOPEN else "close"}


def answers(tracker: Issues, lines: Iterable[str]) -> Iterator[str]:
    """Let a tracker speak as a program: a JSON line in, a JSON line out, until the lines end."""
    for line in lines:
        if line.strip():
            yield json.dumps(_answer(tracker, line))


def _answer(tracker: Issues, line: str) -> dict[str, object]:
    try:
        asked = json.loads(line)
        known = asked["do"] in ("open", "update", "comment", "read")
        return tracker.answer(asked) if known else _ODD
    except TroubleError as trouble:
        return trouble.said
    except (ValueError, TypeError, KeyError) as error:
        return _ODD | {"error": f"{_ODD['error']} ({type(error).__name__})"}
