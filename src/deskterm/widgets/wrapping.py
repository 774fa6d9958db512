"""Breaking text into lines of cells; linear in the length of the text."""

from rich.cells import cell_len, get_character_cell_size

TAB = 4


def wrapped(text: str, width: int) -> list[str]:
    """Give the lines of a cleaned text, none wider than `width` cells; indentation is kept."""
    width = max(2, width)
    lines: list[str] = []
    for line in text.split("\n"):
        line = line.expandtabs(TAB).rstrip()
        if cell_len(line) <= width:
            lines.append(line)
        else:
            lines.extend(_broken(line, width))
    return lines


def _broken(line: str, width: int) -> list[str]:
    """Break at the last space that fits; a longer word is cut where it must be."""
    found = []
    start = used = 0
    space = -1
    for at, letter in enumerate(line):
        size = get_character_cell_size(letter)
        if used + size > width:
            cut = space + 1 if space > start else at
            found.append(line[start:cut].rstrip())
            start, space = cut, -1
            used = cell_len(line[start:at])
        if letter == " ":
            space = at
        used += size
    found.append(line[start:])
    return found


def folded(lines: list[str], most: int) -> tuple[list[str], int]:
    """Give the first `most` lines and how many were left out; a few more are shown anyway."""
    if len(lines) <= most + 3:
        return lines, 0
    return lines[:most], len(lines) - most
