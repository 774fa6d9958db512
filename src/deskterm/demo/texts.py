"""The demo's own words: story templates with slots, read from the TOML files beside the code."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from random import Random
from typing import Any, NamedTuple

from deskterm.domain.patterns import pattern

_FILES = ("stories_network", "stories_people", "stories_machines", "stories_software")
_HELLO = (
    "Hello,",
    "Hi,",
    "Good morning,",
    "Hi team,",
    "Dear service desk,",
    "Hello everybody,",
    "",
)
_MORE = (
    "",
    "",
    "",
    "I have restarted twice already.",
    "Yesterday it still worked.",
    "I have not changed anything that I know of.",
    "My colleague {colleague} has the same.",
    "Best by phone, I am at my desk until four.",
    "No hurry, but it is annoying.",
    "It would help me a lot if it worked before the weekend.",
    "Please call before you come, I am often on the floor.",
    "Device is {device}, if that helps.",
    "I am at {site} today.",
)
_SLOT = pattern(r"\{([a-z]+)\}")
_BYE = ("Thanks,", "Best regards,", "Thank you!", "Cheers,", "Kind regards,", "Many thanks")


class Plot(NamedTuple):
    """One kind of trouble: how it is told, what it turns out to be, how it ends."""

    category: str
    service: str
    weight: int
    urgent: float
    level: float
    """How likely it leaves the first level."""
    group: str
    device: str
    place: str
    subject: Sequence[str]
    said: Sequence[str]
    about: Sequence[int]
    """Which of `problem` (and of `fix`) is behind each of `said`."""
    problem: Sequence[str]
    reproduce: str
    ask: Sequence[str]
    answer: Sequence[str]
    note: Sequence[str]
    fix: Sequence[str]
    summary: str
    expert: Sequence[str]
    app: str = ""
    needs: str = "nothing"
    solution: str = ""
    guide: str = ""


def read(name: str) -> dict[str, Any]:
    """Give one of the demo's files."""
    return tomllib.loads((files(__package__) / "data" / f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def plots() -> tuple[Plot, ...]:
    """Give every kind of trouble."""
    return tuple(Plot(**one) for name in _FILES for one in read(name)["story"])


def pick(chance: Random, choices: Sequence[str]) -> str:
    """Give one of several texts."""
    return choices[int(chance.random() * len(choices))]


def fill(text: str, slots: Mapping[str, str]) -> str:
    """Give a text with its slots filled in: plain substitution from a fixed list of names."""
    return _SLOT.sub(lambda slot: slots[slot.group(1)], text) if "{" in text else text


def letter(chance: Random, said: str, slots: Mapping[str, str]) -> str:
    """Give what somebody wrote as they would write it in a mail."""
    more = fill(pick(chance, _MORE), slots)
    parts = [pick(chance, _HELLO), f"{said} {more}".strip(), pick(chance, _BYE)]
    return "\n\n".join(part for part in parts if part) + f"\n{slots['signature']}"


def spoken(chance: Random, said: str, slots: Mapping[str, str]) -> str:
    """Give what somebody said on the phone or at the counter."""
    more = fill(pick(chance, _MORE), slots)
    return f"{said} {more}".strip()
