"""A reply held against what we sent: a quote is folded as far as it is ours, and no further.

What somebody typed inside our letter, in colour or without any sign, is new; a run of our own lines
that nothing marks as a quote is not (semantics.md §1.12).
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from deskterm.domain.patterns import pattern
from deskterm.mail.reply import shapes
from deskterm.mail.words import PREFILLED, marker_lines

_LINK = pattern(r"<?(?:mailto:|https?://|tel:)\S{1,900}|\[(?:cid:|image)[^\]]{0,200}\]")
_SIGNS = pattern(r"[\s>|]{0,40}")
_LONG, _PREFIX = 12, 8
"""Letters of a line that is ours anywhere; of one that an answer may follow."""
_SOME, _ENOUGH = 24, 40
"""Letters of ours in a marked quote where answers are looked for; in one that nothing marks."""
_MOST_LINES = 4_000
_LINE = 2_000
_LONGEST = 300
"""Letters in which the end of one of our lines is looked for."""
_MOST_ANSWERS = 300
_BELOW = 15
"""Lines below our letter that are looked at."""


class Sent:
    """What the desk sent, as lines that can be found again however they were wrapped."""

    def __init__(self, texts: Iterable[str]) -> None:
        lines = [line for text in texts for line in text.splitlines()[:_MOST_LINES]]
        kept = [letters for line in (*lines, *PREFILLED) if (letters := _letters(line))]
        self.lines = frozenset(kept)
        self.whole = "".join(kept)
        self._at = 0

    def has(self, line: str) -> bool:
        """Tell whether a line is ours; a short one only as a whole line, or where it goes on."""
        said = _letters(line)
        if not said:
            return False
        if self.whole.startswith(said, self._at):
            self._at += len(said)
            return len(said) >= _PREFIX or said in self.lines or self._at > len(said)
        if said in self.lines or len(said) >= _LONG:
            at = self.whole.find(said)
            self._at = at + len(said) if at >= 0 else self._at
            return at >= 0
        return False

    def rest_of(self, line: str) -> str:
        """Give what stands behind one of our lines on the same line: somebody answered there."""
        said = _letters(line)[:_LONGEST]
        for end in range(len(said) - 1, _PREFIX - 1, -1):
            if said[:end] in self.lines:
                return _behind(line, end)
        return ""


def fold_by_sent(body: str, words: str, sent: Sequence[str]) -> str:
    """Give the words of a reply with what was typed inside our letter, and without our own lines.

    `words` is what the shape of the mail tells as new; it stands where no letter is recognised.
    """
    lines = [line[:_LINE] for line in body.splitlines()]
    if not sent or len(lines) > _MOST_LINES:
        return words
    known = Sent(sent)
    ours = [known.has(line) for line in lines]
    if sum(len(_letters(line)) for line, own in zip(lines, ours, strict=True) if own) < _SOME:
        return words
    kept = _kept(lines, words)
    kept -= _ours_below(lines, ours, kept)
    above = _without_ours(lines, ours, kept)
    answers = list(islice(_answers(lines, ours, kept, known), _MOST_ANSWERS))
    return "\n".join((*above, *(["", *answers] if answers else ()))).strip() or words


def _kept(lines: Sequence[str], words: str) -> set[int]:
    """Give the lines of a mail that its shape tells as new."""
    wanted = [line.strip() for line in words.splitlines() if line.strip()]
    kept: set[int] = set()
    at = 0
    for number, line in enumerate(lines):
        if at < len(wanted) and line.strip() == wanted[at]:
            kept.add(number)
            at += 1
    return kept


def _ours_below(lines: Sequence[str], ours: Sequence[bool], kept: set[int]) -> set[int]:
    """Give the lines of our letter below the last answer typed in it, with what announces them."""
    below: list[int] = []
    for at in sorted(kept, reverse=True):
        text = _SIGNS.sub("", lines[at], count=1)
        if text.strip() and not (ours[at] or _is_frame(text) or marker_lines([text]) is not None):
            break
        below.append(at)
    own = [at for at in below if ours[at]]
    if len(own) < 2 or sum(len(_letters(lines[at])) for at in own) < _SOME:
        return set()
    return set(below) | set(_announcing(lines, own[-1]))


def with_own_quotes(body: str, words: str, sent: Sequence[str]) -> str:
    """Give the words with what the writer quoted on their own: a log, a rule, a line of a page.

    Such lines have the sign of a quote, none is ours, and nothing says who wrote them.
    """
    lines = [line[:_LINE] for line in body.splitlines()]
    if not sent or len(lines) > _MOST_LINES:
        return words
    kept = _kept(lines, words)
    known = Sent(sent)
    found = {at for run in _folded_runs(lines, kept) if _is_own(lines, run, known) for at in run}
    if not found:
        return words
    last = max(kept | found)
    shown = (at for at in range(last + 1) if at in kept or at in found or not lines[at].strip())
    return "\n".join(_trimmed([lines[at] for at in shown]))


def _folded_runs(lines: Sequence[str], kept: set[int]) -> Iterator[range]:
    """Give the runs of folded lines with the sign of a quote."""
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and end not in kept and lines[end].lstrip().startswith(">"):
            end += 1
        if end > at:
            yield range(at, end)
        at = max(end, at + 1)


def _is_own(lines: Sequence[str], run: range, known: Sent) -> bool:
    above = (at for at in range(run.start - 1, -1, -1) if lines[at].strip())
    announcing = shapes.plain(lines[next(above, 0)])
    shown = [shapes.plain(_SIGNS.sub("", lines[at], count=1)) for at in run]
    return any(map(_letters, shown)) and not (
        any(known.has(text) or _is_frame(text) for text in shown)
        or any(shapes.attribution([text], 0, True) >= 0 for text in (announcing, *shown))
    )


def _without_ours(lines: Sequence[str], ours: Sequence[bool], kept: set[int]) -> list[str]:
    """Give the new lines without a run of our own among them that no sign sets off."""
    last = max(kept, default=-1)
    run = [at for at in sorted(kept) if ours[at] and not lines[at].lstrip().startswith((">", "|"))]
    if sum(len(_letters(lines[at])) for at in run) < _ENOUGH or len(run) < 2:
        shown = [lines[at] for at in range(last + 1) if at in kept or not lines[at].strip()]
        return _trimmed(shown)
    dropped = set(run) | set(_announcing(lines, run[0]))
    return _trimmed([lines[at] for at in range(last + 1) if at not in dropped])


def _announcing(lines: Sequence[str], first: int) -> Iterator[int]:
    """Give the lines above our letter that only say that it follows."""
    for at in range(first - 1, max(-1, first - 8), -1):
        text = shapes.plain(lines[at])
        announces = _is_frame(text) or shapes.attribution([text], 0, quote_follows=True) >= 0
        if text and not announces:
            return
        yield at


def _answers(
    lines: Sequence[str], ours: Sequence[bool], kept: set[int], known: Sent
) -> Iterator[str]:
    """Give what was typed inside and below our letter, each below the line of ours it follows."""
    places = [at for at, own in enumerate(ours) if own and at not in kept]
    if not places:
        return
    question = ""
    for at in range(places[0], min(len(lines), places[-1] + 1 + _BELOW)):
        text = _SIGNS.sub("", lines[at], count=1).strip()
        if at > places[-1] and _begins_older(lines, at):
            return
        if at in kept or not _letters(text):
            continue
        if ours[at]:
            question = text
            continue
        if _is_frame(text) or marker_lines([text]) is not None:
            continue
        rest = known.rest_of(text)
        asked = text[: len(text) - len(rest)].strip() if rest else question
        if asked:
            yield f"> {asked}"
        question = ""
        yield rest or text


def _is_frame(text: str) -> bool:
    """Whether a line is a header, a drawn line or the name of a quote, and nobody's words."""
    shown = shapes.plain(text)
    return bool(shapes.is_rule(shown) or shapes.original_line(shown) or shapes.label_of(shown))


def _begins_older(lines: Sequence[str], at: int) -> bool:
    """Whether an older mail is quoted from here on."""
    text = shapes.plain(lines[at])
    if shapes.original_line(text) or shapes.label_of(text) == "from":
        return True
    return lines[at].lstrip().startswith(">") or shapes.attribution([text], 0, False) >= 0


def _trimmed(lines: Sequence[str]) -> list[str]:
    return "\n".join(line.rstrip() for line in lines).strip("\n").splitlines()


def _letters(line: str) -> str:
    """Give the letters and digits of a line, as all programs leave them."""
    line = _SIGNS.sub("", _LINK.sub(" ", line[:_LINE]), count=1)
    if not line.isascii():
        line = unicodedata.normalize("NFKC", line)
    return "".join(sign for sign in line.casefold() if sign.isalnum())


def _behind(line: str, letters: int) -> str:
    """Give a line from behind its first so many letters."""
    for at, sign in enumerate(line):
        letters -= sign.isalnum()
        if letters < 0:
            return line[at:].strip()
    return ""
