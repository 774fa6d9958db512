"""A plain part that only stands in for the HTML beside it (semantics §1.11).

It says "use a program that shows HTML", or it is the frame of a template without the words. No
list of such sentences is kept: what it says is simply not what the HTML says.
"""

import re

_MOST_WORDS = 60
_MORE = 3
"""The HTML has so many times the words of a frame."""
_WORD = re.compile(r"[^\W\d_]{3,40}")
_LINK = re.compile(r"<?(?:https?://|mailto:)\S{1,2000}")


def is_stand_in(plain: str, rich: str) -> bool:
    """Whether the plain words are few, and the words to read are in the HTML's text only."""
    said, shown = _words(plain), _words(rich)
    if not said or len(said) > _MOST_WORDS or len(shown) < 4:
        return False
    also_shown = len(said & shown)
    if also_shown * 3 < len(said):
        return len(shown) >= len(said) // 2
    return len(shown - said) >= _MORE * len(said) + 10


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(_LINK.sub(" ", text[:20_000]))}
