"""The head of a guide, which is kept beside its text: lists and suggestions read no YAML."""

import json
from typing import NamedTuple


class Outline(NamedTuple):
    """The head of a guide: enough for a list or a suggestion."""

    id: str
    title: str
    about: str
    categories: tuple[str, ...]
    words: tuple[str, ...]


def to_json(outline: Outline) -> str:
    """Give an outline as it is kept."""
    return json.dumps(outline, ensure_ascii=False)


def from_json(text: str) -> Outline:
    """Give a kept outline."""
    name, title, about, categories, words = json.loads(text)
    return Outline(name, title, about, tuple(categories), tuple(words))
