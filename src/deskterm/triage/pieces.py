"""What of a text tells it from others: pieces of words, names of things, no pasted lines.

`Outlook-Anmeldung` and `outlookanmeldung` share most of their pieces.

A piece is three letters of a word with its edges. Rare pieces count more; endings, joined words,
slips of the keyboard and names that differ in a number cost little, where whole words would be
strangers.
"""

from array import array
from collections.abc import Hashable, Iterable
from math import log, sqrt
from re import DOTALL, IGNORECASE
from typing import Generic, NamedTuple, TypeVar

from deskterm.domain.patterns import pattern

K = TypeVar("K", bound=Hashable)

_LETTERS = 3
_WORD = pattern(r"[^\W_]+")
_HUMP = pattern(r"(?<=[a-z])(?=[A-Z])")
_STALE = 1.05
"""The growth after which what pieces are worth is reckoned anew."""


class Asked(NamedTuple):
    """The pieces of a text that others are compared with, as the index numbers them."""

    whole: frozenset[int]
    title: frozenset[int]
    length: float
    """How long it is: the root of the sum of what its pieces are worth."""
    titled: int
    """Pieces of the title, those that the index does not know too."""


class Pieces(Generic[K]):
    """An index of titles and first words; adding and comparing are linear in their length."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._places: list[int] = []
        """For each piece in how many texts it is."""
        self._whole: dict[K, array[int]] = {}
        self._title: dict[K, array[int]] = {}
        self._worth: list[float] = []
        self._lengths: dict[K, float] = {}
        self._reckoned = 0

    def add(self, key: K, title: str, text: str) -> None:
        """Take a ticket's title and the beginning of its text in."""
        titled = pieces(title)
        self._title[key] = array("I", map(self._number, titled))
        whole = array("I", map(self._number, titled | pieces(text)))
        for number in whole:
            self._places[number] += 1
        self._whole[key] = whole

    def _number(self, piece: str) -> int:
        number = self._numbers.setdefault(piece, len(self._places))
        if number == len(self._places):
            self._places.append(0)
        return number

    def asked(self, title: str, text: str) -> Asked:
        """Give the pieces of a text, for comparing it with many."""
        if len(self._worth) != len(self._places) or len(self._whole) > self._reckoned * _STALE:
            self._reckon()
        titled = pieces(title)
        whole = self._known(titled | pieces(text))
        return Asked(
            frozenset(whole), frozenset(self._known(titled)), self._length(whole), len(titled)
        )

    def _known(self, found: dict[str, None]) -> list[int]:
        numbers = self._numbers
        return [numbers[piece] for piece in found if piece in numbers]

    def _reckon(self) -> None:
        """Reckon what pieces are worth by in how many texts they are."""
        self._reckoned = many = len(self._whole)
        self._worth = [log(1 + (many - at + 0.5) / (at + 0.5)) ** 2 for at in self._places]
        self._lengths.clear()

    def _length(self, numbers: Iterable[int]) -> float:
        return sqrt(sum(map(self._worth.__getitem__, numbers)))

    def whole(self, asked: Asked, key: K) -> float:
        """Give the share (0 to 1) of rare pieces that both have."""
        known = self._whole[key]
        length = self._lengths.get(key)
        if length is None:
            length = self._lengths[key] = self._length(known)
        both = asked.whole.intersection(known)
        return sum(map(self._worth.__getitem__, both)) / (asked.length * length or 1.0)

    def title(self, asked: Asked, key: K) -> float:
        """Give the share (0 to 1) of pieces that both titles have."""
        known = self._title[key]
        both = asked.titled + len(known)
        return 2 * len(asked.title.intersection(known)) / both if both else 0.0


def pieces(text: str) -> dict[str, None]:
    """Give the pieces of a text in its order; words joined by capitals are taken apart."""
    found: list[str] = []
    for word in _WORD.findall(_HUMP.sub(" ", text).lower()):
        edged = f" {word} "
        found += [edged[at : at + _LETTERS] for at in range(len(word))]
    return dict.fromkeys(found)


def joined(text: str) -> str:
    """Give the words that capitals join, taken apart: `beforeShow OneDrive` as `before Show …`."""
    return " ".join(_HUMP.sub(" ", word) for word in _WORD.findall(text) if _HUMP.search(word))


_LINE = 500
"""Characters of a line that are judged."""
_PASTED = pattern(
    r"[{};]\s*\Z|^\s{0,40}[<}{$/]|</?[a-z]{1,20}[ >/]|\w\(\)|=>|&&|\|\|"
    r"|[=;(){}\[\]][^=;(){}\[\]]*[=;(){}\[\]][^=;(){}\[\]]*[;={}\[\]]"
    r"|^\s{0,40}(?:at \S+[(:]|File \"|Traceback |Caused by: |\^|\+ ?CategoryInfo)"
    r"|^\s{0,40}\[?\d{2,4}[-/.:]\d\d[-/.:]\d\d|^\s{0,40}[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d "
    r"|^\s{0,40}[^\s=:]{1,60}(?:\.\w{2,5})?:\d{1,6}[:\s]|^[0-9a-f]{4,16}[: ] ?(?:[0-9a-f]{2} ){4}",
    IGNORECASE,
)
"""Code, a trace of calls, a line of a log, a dump."""
_NAME = pattern(r"(?<![\w@.])[A-Za-z0-9_$](?:[A-Za-z0-9_$]|[-.:/\\#](?=[A-Za-z0-9_$\\])){2,80}")
_MOST = 60
_KINDS = pattern(
    r"(?=[^a-z]*[a-z])(?=\D*\d).{4,}\Z"  # letters and digits: 0x80070005, ORA-00942, srv-db02
    r"|\d+(?:\.\d+){2,4}\Z"  # a version, an address
    r"|(?!(?:19|20)\d\d\Z)\d{4,12}\Z"  # a number, no year
    r"|.*[a-z0-9][_\\][a-z0-9]"  # max_user_sessions, a path
    r"|\$?[a-z][\w-]*(?:\.[\w-]+)*\.(?=[a-z])[a-z0-9]{2,5}\Z",  # a file, a module
    DOTALL,
)


def apart(text: str) -> tuple[str, str]:
    """Give (what a person wrote, what was pasted: code, logs, dumps) of a text, line by line."""
    own: list[str] = []
    pasted: list[str] = []
    for line in text.split("\n"):
        (pasted if _PASTED.search(line[:_LINE]) else own).append(line)
    return "\n".join(own), "\n".join(pasted)


def names(text: str) -> frozenset[str]:
    """Give the names of things in a text, in lower case: codes, versions, paths, files, serials.

    Dates, times and plain words are none.
    """
    found = (one.lower() for one in _NAME.findall(text))
    return frozenset([one for one in found if _KINDS.match(one)][:_MOST])
