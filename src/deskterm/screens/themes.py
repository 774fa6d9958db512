"""Colours: dark, light, and the terminal's own sixteen. Widgets use theme variables only."""

from collections.abc import Mapping
from pathlib import Path

from textual.theme import Theme

DIALOGS = Path(__file__).with_name("dialogs") / "dialogs.tcss"
"""How dialogs look. None is open at first: the app reads it behind its first drawing."""
DARK = Theme(
    name="desk-dark",
    primary="#7aa2f7",
    secondary="#89b4c9",
    accent="#e0af68",
    warning="#e0af68",
    error="#f7768e",
    success="#9ece6a",
    foreground="#d5d9e6",
    background="#16181f",
    surface="#1c1f29",
    panel="#262a37",
    dark=True,
    variables={
        "block-cursor-text-style": "bold",
        "input-cursor-text-style": "reverse",
        "text-muted": "#8f97ad",
        "text-disabled": "#6b7286",
    },
)
LIGHT = Theme(
    name="desk-light",
    primary="#1f4fbf",
    secondary="#2d6a86",
    accent="#8a4b00",
    warning="#8a4b00",
    error="#b3152f",
    success="#2c6b12",
    foreground="#1d2129",
    background="#fafafa",
    surface="#f0f1f4",
    panel="#e0e3ea",
    dark=False,
    variables={
        "block-cursor-text-style": "bold",
        "input-cursor-text-style": "reverse",
        "text-muted": "#5b6270",
        "text-disabled": "#6c7280",
    },
)
SIXTEEN = ("ansi-dark",)
"""Textual's names of the themes that use the terminal's own colours."""
_TEXTUAL_NAMES = {"dark": "desk-dark", "light": "desk-light", "16 colours": "ansi-dark"}


def theme_name(setting: str, environ: Mapping[str, str]) -> str:
    """Give Textual's name of the theme that a setting and the terminal lead to."""
    if "NO_COLOR" in environ:
        return "ansi-dark"
    if setting in _TEXTUAL_NAMES:
        return _TEXTUAL_NAMES[setting]
    term = environ.get("TERM", "")
    many = (
        environ.get("COLORTERM", "") in ("truecolor", "24bit") or "256" in term or "kitty" in term
    )
    return "desk-dark" if many else "ansi-dark"


def following(textual_name: str) -> str:
    """Give the theme after this one."""
    names = list(_TEXTUAL_NAMES.values())
    at = names.index(textual_name) if textual_name in names else -1
    return names[(at + 1) % len(names)]
