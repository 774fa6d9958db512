"""Writes the reference pages from the program itself: `uv run python -m docs.reference`.

A test compares them with what stands in `docs/`, so that help and pages never drift apart.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deskterm import settings as machine
from deskterm.cli.man import WIDTH, every_verb, help_of
from deskterm.screens.action import EVERYWHERE
from deskterm.screens.actions import ALL, key_label
from deskterm.services import setting_table
from docs import nouns

_NOUNS, _NOUNS_END = "<!-- nouns: docs/nouns.py -->", "<!-- end of nouns -->"
HERE = Path(__file__).parent


def pages() -> dict[str, str]:
    """Give every generated page: file name → text."""
    return {
        "commands.md": commands(),
        "keys.md": keys(),
        "settings.md": settings(),
        "codebase-guide.md": codebase_guide(),
    }


def codebase_guide() -> str:
    """Give the codebase guide as people wrote it, with the table of nouns of today in it."""
    text = (HERE / "codebase-guide.md").read_text(encoding="utf-8")
    before, _, rest = text.partition(f"{_NOUNS}\n")
    _, _, after = rest.partition(f"{_NOUNS_END}\n")
    return f"{before}{_NOUNS}\n{nouns.table()}\n{_NOUNS_END}\n{after}"


def commands() -> str:
    """Give the command reference: each noun, each verb, its help."""
    parts = [
        "# Commands\n\nWritten by the program itself (`uv run python -m docs.reference`).",
        "Before the noun: `--db URL`, `--as LOGIN`, `--version`. After the verb: what is listed "
        "below. Exit codes: 0 done · 1 some of several targets failed · 2 usage · 3 not found · "
        "4 changed by someone else · 5 not allowed · 6 database · 75 try again (`mail receive`).",
    ]
    for name, text, verbs in every_verb():
        parts.append(f"## {name}\n\n{text}.")
        for verb in verbs:
            path = f"deskterm {name} {verb.name}".strip()
            parts.append(f"### {path}\n\n```text\n{help_of(verb, path)}\n```")
    return "\n\n".join(parts) + "\n"


def keys() -> str:
    """Give the key reference: each screen, each key, what it does."""
    screens: dict[str, list[Any]] = {}
    for action in ALL:
        for screen in action.screens:
            where = "everywhere" if (screen,) == EVERYWHERE else screen
            screens.setdefault(where, []).append(action)
    parts = ["# Keys\n\nWritten by the program itself. Keys are data: `keys` in the settings file."]
    for screen, actions in sorted(screens.items(), key=lambda item: item[0] != "everywhere"):
        parts.append(
            f"## {screen}\n\n| key | name in the palette | what it does | id |\n|---|---|---|---|"
        )
        parts[-1] += "".join(
            f"\n| {_keys(action.keys, key_label)} | {action.label} | {action.help} | {action.id} |"
            for action in actions
        )
    return "\n\n".join(parts) + "\n"


def settings() -> str:
    """Give the settings reference: the machine's, then the desk's."""
    head = "| setting | default | what it is for |\n|---|---|---|"
    own = "".join(f"\n| `{one.name}` | {_default(one)} | {one.help} |" for one in machine.TABLE)
    desk = "".join(
        f"\n| `{one.name}` | {_default(one)} | {one.help} |" for one in setting_table.TABLE
    )
    return (
        "# Settings\n\nWritten by the program itself. `deskterm settings list` shows each value "
        "and where it comes from; `settings set NAME VALUE` changes one.\n\n## The machine's\n\n"
        "In the TOML file of your configuration folder (`~/.config/deskterm/settings.toml`, or "
        "`DESKTERM_CONFIG`). A flag wins over `DESKTERM_NAME`, that over the file.\n\n"
        f"{head}{own}\n\n## The desk's\n\nIn the database, the same for everybody.\n\n"
        f"{head}{desk}\n"
    )


def _default(one: Any) -> str:
    return "" if one.default in ("", {}, [], None) else f"`{one.default}`"


def _keys(text: str, label: Any) -> str:
    shown = [label(key.strip()) for key in text.split(",") if key.strip()]
    return " ".join(f"`{one}`" for one in shown).replace("|", "\\|")


def write() -> Iterator[str]:
    """Write the pages that differ; gives their names."""
    for name, text in pages().items():
        if not (HERE / name).exists() or (HERE / name).read_text(encoding="utf-8") != text:
            (HERE / name).write_text(text, encoding="utf-8")
            yield name


if __name__ == "__main__":
    os.environ.setdefault("COLUMNS", str(WIDTH))
    sys.stderr.write("\n".join(write()) + "\n")
