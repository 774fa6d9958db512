"""The terminal's bell and its desktop notifications, where the settings ask for them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from deskterm.domain.text import clean

if TYPE_CHECKING:
    from textual.app import App

    from deskterm.settings import Settings

LONGEST = 120
"""Signs of a desktop notification."""


def ring(app: "App[object]", settings: "Settings", words: Sequence[str]) -> None:
    """Ring once for several notices; silent unless a setting says otherwise."""
    if settings["notice_bell"]:
        app.bell()
    sequence = desktop_sequence(str(settings["notice_desktop"]), words)
    if sequence and app._driver is not None:
        app._driver.write(sequence)


def desktop_sequence(kind: str, words: Sequence[str]) -> str:
    """Give the control sequence for a desktop notification: OSC 9 or 777, or nothing.

    What is told is cleaned: nothing in it can end the sequence early.
    """
    first = clean(words[0], one_line=True)[:LONGEST]
    text = f"{first} (+{len(words) - 1})" if len(words) > 1 else first
    if kind == "osc9":
        return f"\x1b]9;{text}\x07"
    if kind == "osc777":
        return f"\x1b]777;notify;deskterm;{text.replace(';', ',')}\x07"
    return ""
