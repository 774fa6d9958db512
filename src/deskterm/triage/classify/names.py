"""What a label's own name says: `network/vpn` fits a ticket that says VPN before anyone taught it.

It is a head start only: the more tickets a label has seen, the less its name adds.
"""

from collections.abc import Iterable, Mapping
from math import log

from deskterm.triage.classify.features import Seen, words
from deskterm.triage.likeness import is_telling

_TITLE, _BODY = 0.5, 0.1
_ENOUGH = 30
"""After so many tickets of a label its name counts half."""

Names = Mapping[str, Mapping[str, float]]
"""Label → the words of its name with their share; they add up to 1."""


def telling(names: Mapping[str, str]) -> Names:
    """Give for each label the words that set its name apart from the others'."""
    parts = {
        label: dict.fromkeys(word for word in words(name[:200]) if is_telling(word))
        for label, name in names.items()
    }
    common: dict[str, int] = {}
    for own in parts.values():
        for word in own:
            common[word] = common.get(word, 0) + 1
    found = {}
    for label, own in parts.items():
        worth = {word: log((len(parts) + 1) / common[word]) for word in own}
        whole = sum(worth.values())
        found[label] = {word: one / whole for word, one in worth.items() if one > 0}
    return found


def head_starts(names: Names, given: Seen, counts: Mapping[str, int]) -> dict[str, float]:
    """Give what to add to the score of each label whose name is said."""
    title, body = _near(given.title), _near(given.body)
    found = {}
    for label, parts in names.items():
        said = sum(
            part * (_TITLE if word in title else _BODY)
            for word, part in parts.items()
            if word in title or word in body
        )
        if said:
            found[label] = said * _ENOUGH / (_ENOUGH + counts.get(label, 0))
    return found


def _near(said: Iterable[str]) -> set[str]:
    """Give the words with and without an s at the end."""
    found = set(said)
    return found | {word[:-1] for word in found if word.endswith("s")} | {f"{w}s" for w in found}
