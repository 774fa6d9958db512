"""What the classifier sees of a ticket: its words, who reported it and how it came in.

Linear in what is read; what is read of one ticket is bounded, however long its text is.
"""

from collections import Counter
from itertools import pairwise
from math import log
from typing import NamedTuple

from deskterm.domain.patterns import pattern

TITLE_WEIGHT = 2.0
"""How much a word counts in the title; it also counts once as a word of the text."""
REQUESTER_WEIGHT, CHANNEL_WEIGHT, ALWAYS_WEIGHT = 0.2, 0.1, 0.5
"""Beside words of length 1."""
ALWAYS = "*"
"""The feature that every ticket has: how common a label is."""

_TITLE, _BODY = 400, 4_000
"""Characters that are read."""
_TITLE_WORDS, _BODY_WORDS, _PIECES, _LETTERS = 40, 260, 200, 100
"""Different words and pieces that are read: this bounds what one ticket loads and changes."""
_LONGEST = 30
_BEGINNING = 4
"""Letters in which longer words meet their kin: `printer` and `printing`."""
_DIGIT = pattern(r"\d")
_WORD = pattern(r"[^\W_]+")
_UNSPACED = pattern("[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class Said(NamedTuple):
    """A ticket as it is classified."""

    title: str
    body: str = ""
    requester: str = ""
    """What stays the same for one person, e.g. their number."""
    channel: str = ""


class Seen(NamedTuple):
    """The features of a ticket, before they are weighed by how rare they are."""

    words: dict[str, float]
    """Feature → how much it counts here; `t…` of the title, `w…` of the whole text."""
    pieces: dict[str, float]
    """The same of `p…`: how longer words begin, and numbers with every digit folded to 0."""
    letters: dict[str, float]
    """The same of `l…`: three letters of a word of the title with its edges."""
    pairs: dict[str, float]
    """The same of `b…`: two words of the title that follow each other."""
    others: dict[str, float]
    """Features that are not weighed by how rare they are: requester, channel."""
    title: tuple[str, ...]
    body: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """Every feature, as weights are kept under."""
        return [*self.words, *self.pieces, *self.letters, *self.pairs, *self.others]


def seen(said: Said) -> Seen:
    """Give the features of a ticket."""
    title = _counts(said.title[:_TITLE], _TITLE_WORDS)
    body = _counts(said.body[:_BODY], _BODY_WORDS)
    words = {f"t{word}": TITLE_WEIGHT for word in title}
    for word, count in body.items():
        words[f"w{word}"] = 1 + log(count)
    for word in title:
        words[f"w{word}"] = words.get(f"w{word}", 0.0) + 1.0
    others = {ALWAYS: ALWAYS_WEIGHT}
    if said.requester:
        others[f"r{said.requester[:80].lower()}"] = REQUESTER_WEIGHT
    if said.channel:
        others[f"c{said.channel[:_LONGEST]}"] = CHANNEL_WEIGHT
    return Seen(
        words,
        _pieces(title, body),
        _letters(title),
        _pairs(title),
        others,
        tuple(title),
        tuple(body),
    )


def _pieces(title: dict[str, int], body: dict[str, int]) -> dict[str, float]:
    """Give the pieces of the words, by which words that nobody said before are known a little."""
    counts: dict[str, int] = {}
    for said, times in ((title, 2), (body, 1)):
        for word, count in said.items():
            piece = _piece(word)
            if piece and (piece in counts or len(counts) < _PIECES):
                counts[piece] = counts.get(piece, 0) + times * count
    return {f"p{piece}": 1 + log(count) for piece, count in counts.items()}


def _piece(word: str) -> str:
    """Give the piece of a word; nothing where the word itself says as much."""
    if word.isalpha():
        return word[:_BEGINNING] if len(word) > _BEGINNING else ""
    return _DIGIT.sub("0", word)


def _letters(title: dict[str, int]) -> dict[str, float]:
    """Give three letters after three of the title: endings, joined words, slips of the keyboard."""
    counts: dict[str, int] = {}
    for word, times in title.items():
        edged = f" {word} "
        for at in range(len(word)):
            three = edged[at : at + 3]
            if three in counts or len(counts) < _LETTERS:
                counts[three] = counts.get(three, 0) + times
    return {f"l{three}": 1 + log(count) for three, count in counts.items()}


def _pairs(title: dict[str, int]) -> dict[str, float]:
    """Give the pairs of the title's words, each word where it stood first."""
    said = list(title)
    return dict.fromkeys((f"b{one} {two}" for one, two in pairwise(said)), 1.0)


def words(text: str) -> list[str]:
    """Give the words of a text in lower case; scripts without spaces in pairs of characters."""
    if text.isascii():
        return [word[:_LONGEST] for word in _WORD.findall(text.lower())]
    found: list[str] = []
    for word in _WORD.findall(text.lower()):
        if not word.isascii() and _UNSPACED.search(word):
            found.extend(word[at : at + 2] for at in range(max(1, len(word) - 1)))
        else:
            found.append(word[:_LONGEST])
    return found


def _counts(text: str, most: int) -> dict[str, int]:
    """Give the first different words with how often each is said."""
    found = words(text)
    counts: dict[str, int] = Counter(found)
    if len(counts) <= most:
        return counts
    counts = {}
    for word in found:
        if word in counts or len(counts) < most:
            counts[word] = counts.get(word, 0) + 1
    return counts
