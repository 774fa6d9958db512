"""The starter solutions, one beside each starter guide; written only when somebody asks."""

import tomllib
from collections.abc import Collection
from importlib.resources import files


def starters(categories: Collection[str]) -> list[dict[str, str]]:
    """Give the fields of each; a category that is not among these is left empty."""
    text = (files("deskterm.services.solutions") / "starter.toml").read_text(encoding="utf-8")
    found: list[dict[str, str]] = tomllib.loads(text)["solution"]
    return [
        {**one, "category": one["category"] if one["category"] in categories else ""}
        for one in found
    ]
