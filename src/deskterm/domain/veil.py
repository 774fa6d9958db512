"""What is put over the words that name somebody who is to be forgotten (I10).

Full names of several words, addresses and phone numbers are covered wherever they stand; in what
concerns that person alone also each name by itself. The same word always becomes the same sign, so
that what the ledger tells still leads to what stands.
"""

import json
import re
from collections.abc import Iterable, Mapping

GONE = "[forgotten]"
"""What stands in place of a name and of words that were somebody's own."""
_LEAST = 3
"""Letters of a single name that is covered."""
_DIGITS = 7
_PLAIN = re.compile(r"[A-Za-z0-9]+")


class Veil:
    """Covers the words of one person."""

    def __init__(
        self, person: int, names: Iterable[str], addresses: Iterable[str], phones: Iterable[str]
    ) -> None:
        called = sorted({" ".join(one.split()) for one in names} - {"", GONE})
        reached = sorted({one.strip().lower() for one in addresses if "@" in one})
        said = sorted({one.strip() for one in phones if _digits(one) >= _DIGITS})
        self.signs: Mapping[str, str] = {
            **dict.fromkeys((one.casefold() for one in (*called, *said)), GONE),
            **{
                one: f"forgotten-{person}-{place}@forgotten.invalid"
                for place, one in enumerate(reached, 1)
            },
        }
        """Word in lower case → what stands in its place."""
        full = [one for one in called if " " in one]
        alone = {part for one in called for part in one.split() if len(part) >= _LEAST}
        self._everywhere = _pattern((*reached, *full, *said))
        self._here = _pattern((*reached, *full, *said, *called, *alone))

    @property
    def telling(self) -> list[str]:
        """Give what a stored text has in lower case where it may hold one of the words.

        Databases know the small letters of ASCII alone: a word's longest part of such is taken.
        """
        found: set[str] = set()
        for one in self.signs:
            if "@" not in one and " " not in one and not _digits(one):
                continue
            plain = max(_PLAIN.findall(one), key=len, default="").lower()
            found |= {plain} if len(plain) >= _LEAST else {one, json.dumps(one)[1:-1]}
        return sorted(found)

    def cover(self, text: str, *, own: bool = False) -> str:
        """Give a text with the words covered; `own`: it concerns that person alone."""
        wanted = self._here if own else self._everywhere
        return text if wanted is None else wanted.sub(self._sign, text)

    def key(self, text: str) -> str:
        """Give the name of a field with the words covered, such as `address.ada@example.org`."""
        kind, dot, name = text.partition(".")
        return f"{kind}{dot}{self.cover(name)}" if dot else self.cover(text)

    def covered(self, value: object, *, own: bool = False) -> object:
        """Give a JSON value with every text in it covered, names of fields as well.

        A single word is a login or a kind as often as a name: it stays.
        """
        if isinstance(value, str):
            return self.cover(value, own=own and " " in value)
        if isinstance(value, list):
            return [self.covered(one, own=own) for one in value]
        if isinstance(value, dict):
            return {self.key(k): self.covered(v, own=own) for k, v in value.items()}
        return value

    def _sign(self, match: "re.Match[str]") -> str:
        found = " ".join(match.group().split())
        sign = self.signs.get(found.casefold())
        if sign is None:  # a name by itself: `will` and `may` are words as well
            return match.group() if found[:1].islower() else GONE
        return sign


def _digits(text: str) -> int:
    return sum(one.isdigit() for one in text)


def _pattern(words: Iterable[str]) -> "re.Pattern[str] | None":
    """Give what finds the words, longest first, however spaces between them are written."""
    longest = sorted({one for one in words if one}, key=lambda one: (-len(one), one))
    if not longest:
        return None
    parts = (r"\s+".join(map(re.escape, one.split())) for one in longest)
    return re.compile(rf"(?<![\w.+-])(?:{'|'.join(parts)})(?![\w-])", re.IGNORECASE)
