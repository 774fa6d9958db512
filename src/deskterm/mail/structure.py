"""The parts of a mail, found in one pass over the raw bytes: no recursion, bounded, linear.

The limits hold here, before any part is decoded: the walk stops at the first one that is crossed.
A boundary that is missing or misspelt is guessed from the first line that looks like one.
"""

import re
from dataclasses import dataclass, field

from deskterm.domain.patterns import pattern
from deskterm.mail.headers import Headers, first, read_headers, read_params

_WINDOW = 256 * 1024
_GUESS_WINDOW = 16 * 1024
_TYPE = pattern(r"[!#-'*+.0-9A-Z^-~-]+/[!#-'*+.0-9A-Z^-~-]+", re.ASCII)
_GUESS = pattern(rb"(?:\A|\n)--([^\s-][^\r\n]{0,199})\r?\n[ \t]*content-", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MailLimits:
    """The bounds that are checked before parsing; each is a setting of the desk."""

    size: int = 25_000_000
    """Bytes of the whole mail."""
    parts: int = 200
    """MIME parts, multiparts counted too."""
    depth: int = 20
    """Multiparts inside multiparts."""


def too_big(size: int, limits: MailLimits) -> str:
    """Give the sentence that says why a mail of this size is not parsed, or nothing."""
    if size <= limits.size:
        return ""
    return f"too big: {size:,} bytes, {limits.size:,} are allowed"


@dataclass(slots=True)
class Part:
    """One MIME part: its headers, its type, and where its body lies in the raw mail."""

    headers: Headers
    kind: str
    params: dict[str, str]
    start: int
    end: int
    depth: int
    children: list["Part"] = field(default_factory=list)

    @property
    def is_multipart(self) -> bool:
        """Whether parts were found inside it."""
        return bool(self.children)


@dataclass(slots=True)
class Structure:
    """The tree of a mail, what was odd about it, and the limit it crossed (or nothing)."""

    root: Part
    problems: list[str]
    over: str = ""


def split(raw: bytes, limits: MailLimits) -> Structure:
    """Give the tree of parts of a raw mail; never raises."""
    start = len(raw) - len(raw.lstrip(b"\r\n")) if raw[:1] in (b"\r", b"\n") else 0
    if raw.startswith(b"\xef\xbb\xbf"):
        start = 3
    headers, body, problems = read_headers(raw, start, len(raw))
    root = _part(headers, body, len(raw), 0, "text/plain")
    walk = _Walk(raw, limits, Structure(root, problems))
    if len(raw) <= limits.size:
        walk.run()
    return walk.found


def _part(headers: Headers, start: int, end: int, depth: int, default: str) -> Part:
    kind, params = read_params(first(headers, "content-type"))
    if not _TYPE.fullmatch(kind):
        kind = {"text": "text/plain", "html": "text/html"}.get(kind, default)
    return Part(headers, kind, params, start, end, depth)


class _Walk:
    """One pass over the lines that begin with two dashes, with the open multiparts on a stack."""

    def __init__(self, raw: bytes, limits: MailLimits, found: Structure) -> None:
        self.raw = raw
        self.limits = limits
        self.found = found
        self.open: list[Part] = []
        self.levels: dict[bytes, int] = {}
        self.leaf: Part | None = None
        self.count = 1
        self.at = 0
        self.pattern: re.Pattern[bytes] | None = None

    def run(self) -> None:
        """Fill the tree from the first boundary to the last, or to the limit."""
        self._enter(self.found.root)
        at = self.found.root.start - 1
        while self.open and not self.found.over:
            line, after = self._next(at)
            if after < 0:
                break
            at = self._boundary(line, after)

    def _next(self, at: int) -> tuple[bytes, int]:
        """Give the next boundary line, `at` set to its start, and the offset of its end or -1."""
        found = self._lines().search(self.raw, max(at, 0))
        if found is None:
            return b"", -1
        self.at = found.start(1)
        return found.group(1)[2:].rstrip(), found.end()

    def _lines(self) -> re.Pattern[bytes]:
        """Give the pattern of the boundary lines of the open multiparts, the longest first."""
        if self.pattern is None:
            marks = sorted(self.levels, key=len, reverse=True)
            one = b"|".join(re.escape(mark) for mark in marks)
            self.pattern = re.compile(
                rb"(?:\A|\n)(--(?:" + one + rb")(?:--)?[ \t\r\v\f]{0,900})(?=\n|\Z)"
            )
        return self.pattern

    def _boundary(self, line: bytes, after: int) -> int:
        opens = line in self.levels
        level = self.levels[line if opens else line[:-2]]
        before = max(self.at - 1, 0)
        before -= self.raw[before - 1 : before] == b"\r"
        self._close(level + opens, before)
        if not opens:
            return after
        return self._begin(self.open[level], after)

    def _close(self, keep: int, end: int) -> None:
        """End the running leaf and every multipart above the first `keep` ones."""
        if self.leaf:
            self.leaf.end = max(self.leaf.start, end)
            self.leaf = None
        for part in self.open[keep:]:
            part.end = max(part.start, end)
        del self.open[keep:]
        if len(self.levels) > keep:
            self.levels = {mark: at for mark, at in self.levels.items() if at < keep}
            self.pattern = None

    def _begin(self, parent: Part, after: int) -> int:
        """Open the part that starts after a boundary line; give where to look on."""
        self.count += 1
        if self.count > self.limits.parts:
            self.found.over = f"too many parts: more than {self.limits.parts}"
            return after
        start = min(after + 1, len(self.raw))
        stop = self._header_end(after)
        headers, body, problems = read_headers(self.raw, start, stop)
        self.found.problems += problems
        default = "message/rfc822" if parent.kind == "multipart/digest" else "text/plain"
        part = _part(headers, body, len(self.raw), parent.depth + 1, default)
        parent.children.append(part)
        self._enter(part)
        return max(after, min(body, stop) - 1)

    def _header_end(self, after: int) -> int:
        """Give where the headers of a part end at the latest: the next boundary line."""
        blank = self.raw.find(b"\n\n", after, after + 4000)
        dos = self.raw.find(b"\n\r\n", after, after + 4000)
        near = min((at for at in (blank, dos) if at >= 0), default=-1)
        dashes = self.raw.find(b"\n--", after, near + 1 if near >= 0 else after + 4000)
        if near >= 0 and dashes < 0:
            return len(self.raw)
        _, stop = self._next(after)
        return self.at if stop >= 0 else len(self.raw)

    def _enter(self, part: Part) -> None:
        if not part.kind.startswith("multipart/"):
            self.leaf = part
            return
        if part.depth >= self.limits.depth:
            self.found.over = f"too deep: more than {self.limits.depth} levels of parts"
            return
        mark = self._mark(part)
        if not mark or mark in self.levels:
            self.found.problems.append("a multipart without a boundary of its own")
            self.leaf = part
            return
        self.levels[mark] = len(self.open)
        self.pattern = None
        self.open.append(part)

    def _mark(self, part: Part) -> bytes:
        told = part.params.get("boundary", "").rstrip()
        mark = told.encode("latin-1", "replace")
        window = part.start + _WINDOW
        if mark and self.raw.find(b"--" + mark, part.start, window) >= 0:
            return mark
        guess = _GUESS.search(self.raw, max(part.start - 1, 0), part.start + _GUESS_WINDOW)
        if guess and guess.group(1).rstrip() not in self.levels:
            self.found.problems.append("the boundary was guessed")
            return guess.group(1).rstrip()
        return mark
