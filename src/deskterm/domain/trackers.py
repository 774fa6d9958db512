"""Outside trackers: what goes to one, what comes back, and what that means here (semantics §9).

A tracker is a program that the machine's settings name. It reads one JSON object a line and writes
one a line back (`docs/trackers.md`).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.problems import LIVE, ProblemState, ProblemView
from deskterm.domain.text import clean, storable
from deskterm.domain.versions import versions

MOST_COMMENTS = 200
"""Comments of one answer that are read."""
LONGEST_COMMENT = 10_000
LONGEST_WORD = 300
"""Characters of a reference, an address, a state."""
SHORTEST_PAUSE, LONGEST_PAUSE = 10, 4 * 3_600
"""Seconds that a tracker may ask to be left alone for."""
CLOSE, REOPEN = "close", "reopen"
"""What an update asks besides, where the problem has ended or goes on again (`turn`)."""
FIXED = "fixed"
OPEN, WONT_FIX = "open", "wont_fix"
"""The states that mean something here; any other says that the work on it has ended."""

_NAME = pattern(r"[a-z][a-z0-9_-]{0,39}\Z")


class Kind(StrEnum):
    """What a tracker is asked for."""

    OPEN = "open"
    UPDATE = "update"
    COMMENT = "comment"
    READ = "read"


class Fate(StrEnum):
    """What became of an errand."""

    DONE = "done"
    LATER = "later"
    """It is tried again."""
    REFUSED = "refused"
    """Trying again would not help."""
    PAUSED = "paused"
    """The tracker wants to be left alone for a while: nothing else is asked of it either."""


class Tracked(NamedTuple):
    """A problem in an outside tracker, as the tracker last said."""

    problem_id: int
    tracker: str
    ref: str
    """What the tracker calls it; empty until it was opened there."""
    url: str
    state: str
    """open, wont_fix, or what the tracker calls an end: closed."""
    fixed_in: str
    """The version in which the tracker says that it is fixed."""
    read_at: datetime | None

    @property
    def name(self) -> str:
        """`github #12`."""
        return f"{self.tracker} {self.ref}".strip()

    @property
    def words(self) -> str:
        """`github #12: closed, fixed in 2.4.1`."""
        if not self.ref:
            return f"{self.tracker}: to be opened there"
        fixed = f", fixed in {self.fixed_in}" if self.fixed_in else ""
        return f"{self.name}: {self.state.replace('_', ' ') or 'open'}{fixed}"


class Comment(NamedTuple):
    """What somebody wrote in the tracker."""

    id: str
    author: str
    text: str
    op: str = ""
    """The operation whose comment it is, where it was the desk's own."""


class Answer(NamedTuple):
    """What a tracker answered, or why it did not."""

    fate: Fate
    ref: str = ""
    url: str = ""
    state: str = ""
    fixed_in: str = ""
    comments: tuple[Comment, ...] = ()
    reason: str = ""
    pause: int = 0
    """Seconds to leave it alone."""


class ErrandRow(NamedTuple):
    """One thing to be asked of a tracker, in the queue."""

    id: int
    problem_id: int
    title: str
    """The problem's."""
    tracker: str
    kind: str
    """open, update, comment or read."""
    state: str
    """queued, claimed, sent, failed or withdrawn."""
    created_at: datetime
    not_before: datetime
    attempts: int
    error: str
    sent_at: datetime | None

    @property
    def name(self) -> str:
        """`open P7`."""
        return f"{self.kind} P{self.problem_id}"


class Errands(NamedTuple):
    """How the queue of the trackers stands."""

    waiting: int = 0
    failed: int = 0
    why: str = ""
    """The newest failure, or what is tried again."""
    paused: tuple[str, ...] = ()
    """A sentence each: which tracker is left alone, until when and why."""


def check_name(name: str) -> str:
    """Give the name of a tracker as it is written; raises UsageError."""
    word = name.strip().lower()
    if not _NAME.match(word):
        raise UsageError(f"tracker {name[:40]!r}? Call it by letters and digits, such as github.")
    return word


def read_answer(line: str) -> Answer:
    """Read what a tracker wrote; what cannot be understood is asked again later."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return Answer(Fate.LATER, reason=f"it answered no JSON: {_word(line, 80)!r}")
    if not isinstance(said, Mapping):
        return Answer(Fate.LATER, reason="it answered no JSON object")
    if said.get("error"):
        return _refusal(said)
    ref = _word(said.get("ref"))
    if not ref:
        return Answer(Fate.LATER, reason="its answer has no ref")
    comments = said.get("comments")
    listed = comments if isinstance(comments, list) else []
    return Answer(
        Fate.DONE,
        ref=ref,
        url=_address(said.get("url")),
        state=_word(said.get("state")).lower().replace(" ", "_"),
        fixed_in=_word(said.get("fixed_in")),
        comments=tuple(one for raw in listed[:MOST_COMMENTS] if (one := _comment(raw)) is not None),
    )


def _refusal(said: Mapping[str, object]) -> Answer:
    reason = _word(said["error"])
    pause = said.get("pause")
    if isinstance(pause, int | float) and not isinstance(pause, bool) and pause == pause:
        wait = int(max(SHORTEST_PAUSE, min(LONGEST_PAUSE, pause)))
        return Answer(Fate.PAUSED, reason=reason, pause=wait)
    return Answer(Fate.REFUSED if said.get("again") is False else Fate.LATER, reason=reason)


def _comment(raw: object) -> Comment | None:
    if not isinstance(raw, Mapping):
        return None
    number, text = _word(raw.get("id")), raw.get("text")
    if not number or not isinstance(text, str) or not text.strip():
        return None
    kept = storable(text).strip()[:LONGEST_COMMENT]
    return Comment(number, _word(raw.get("author")), kept, _word(raw.get("op")))


def _word(value: object, most: int = LONGEST_WORD) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return " ".join(clean(storable(str(value)), one_line=True).split())[:most]


def _address(value: object) -> str:
    """Give an address only where it leads into the web."""
    word = _word(value)
    return word if word.startswith(("https://", "http://")) else ""


class Proposal(NamedTuple):
    """What a tracker's word would change here; a person takes it over, or does not."""

    values: Mapping[str, str]
    why: str


class Followed(NamedTuple):
    """How a problem stands in a tracker, and what that would change here."""

    tracked: Tracked
    proposal: Proposal | None
    heard: tuple[str, ...]
    """The newest comments that came back, the newest first."""


def proposal(view: ProblemView, tracked: Tracked) -> Proposal | None:
    """Give what a problem would be by its tracker's word; None where nothing differs."""
    values: dict[str, str] = {}
    if tracked.state == WONT_FIX and view.state in LIVE:
        values = {"state": str(ProblemState.WONT_FIX), "reason": f"{tracked.name} will not fix it."}
    elif tracked.state == OPEN and view.state == ProblemState.RELEASED:
        values = {"state": str(ProblemState.OPEN)}
    elif _is_version(tracked.fixed_in) and tracked.fixed_in not in versions(view.fixed):
        values = {"fixed": ", ".join(versions(f"{view.fixed},{tracked.fixed_in}"))}
    return Proposal(values, tracked.words) if values else None


def _is_version(words: str) -> bool:
    """Tell a version from the name of a milestone: one word with a digit in it."""
    return len(words.split()) == 1 and any(sign.isdigit() for sign in words)
