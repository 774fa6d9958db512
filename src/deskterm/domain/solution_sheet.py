"""A solution as one text for an editor, and back: short fields a line each, then headings."""

import re
from collections.abc import Mapping

from deskterm.domain.errors import UsageError
from deskterm.domain.solutions import FIELDS, LABELS

_SHORT = ("title", "category", "owner", "review_by", "fixed_in")
_LONG = tuple(name for name in FIELDS if name not in _SHORT)
_HEADING = re.compile(r"\\*== ([^=\n]{1,60}) ==\s*\Z")
_OF_LABEL = {LABELS[name].casefold(): name for name in FIELDS}
HELP = "Change what stands after the colons and below the headings; leave the headings."


def sheet(values: Mapping[str, str]) -> str:
    """Give the text for the editor."""
    lines = [f"# {HELP}", ""]
    lines += [f"{LABELS[name]}: {' '.join(values.get(name, '').split())}" for name in _SHORT]
    for name in _LONG:
        lines += ["", f"== {LABELS[name]} ==", *map(_guarded, values.get(name, "").split("\n"))]
    return "\n".join(lines) + "\n"


def read_sheet(text: str) -> dict[str, str]:
    """Give the fields of an edited text; raises UsageError naming the line."""
    found: dict[str, str] = {}
    parts: dict[str, list[str]] = {}
    inside: list[str] | None = None
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        match = _HEADING.match(line)
        if match and not line.startswith("\\"):
            inside = parts.setdefault(_name(match.group(1), _LONG, number), [])
        elif inside is not None:
            inside.append(line[1:] if match else line)
        elif line.strip() and not line.startswith("#"):
            label, colon, value = line.partition(":")
            if not colon:
                raise UsageError(
                    f"line {number}: {line[:40]!r} has no colon; the fields come first."
                )
            found[_name(label, _SHORT, number)] = value.strip()
    return found | {name: "\n".join(lines).strip("\n") for name, lines in parts.items()}


def _guarded(line: str) -> str:
    """A line of the text that looks like a heading gets a backslash before it."""
    return "\\" + line if _HEADING.match(line) else line


def _name(label: str, among: tuple[str, ...], number: int) -> str:
    name = _OF_LABEL.get(label.strip().casefold())
    if name not in among:
        known = ", ".join(LABELS[one] for one in among)
        raise UsageError(f"line {number}: {label.strip()[:40]!r} is none of {known}.")
    return name
