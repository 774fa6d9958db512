"""A terminal for tests: keeps what the app writes, and shows what that amounts to."""

import re
from typing import Any

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from textual.drivers.headless_driver import HeadlessDriver

_SEQUENCE = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|\x1b\][^\x07]*\x07|\x1b.|([^\x1b\n]+)|\n")
_PLAIN = frozenset({("ink", "39"), ("ground", "49")})

Cell = tuple[str, frozenset[tuple[str, str]]]


class Line(HeadlessDriver):
    """A driver that draws, and keeps every text that went over the line."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self._app.console._color_system = ColorSystem.TRUECOLOR
        self.texts: list[str] = []

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.texts.append(data)

    def flush(self) -> None:
        """All is written at once."""

    @property
    def bytes(self) -> int:
        """How many bytes were written so far."""
        return sum(len(text.encode()) for text in self.texts)


class Terminal:
    """Understands moves, colours and text; nothing else is ever needed to draw."""

    def __init__(self, width: int, height: int) -> None:
        blank: Cell = (" ", _PLAIN)
        self.cells = [[blank] * width for _ in range(height)]
        self._x = self._y = 0
        self._look: dict[str, str] = {}

    def feed(self, text: str) -> None:
        """Take in what was written."""
        for found in _SEQUENCE.finditer(text):
            numbers, word, signs = found.groups()
            if signs:
                self._write(signs)
            elif word == "H":
                self._y, self._x = (int(number) - 1 for number in numbers.split(";"))
            elif word == "m":
                self._look = look_of(numbers, self._look)

    def _write(self, signs: str) -> None:
        look = frozenset(({"ink": "39", "ground": "49"} | self._look).items())
        for sign in signs:
            if self._y >= len(self.cells) or self._x >= len(self.cells[0]):
                return
            width = get_character_cell_size(sign)
            if not width:
                before, its = self.cells[self._y][self._x - 1]
                self.cells[self._y][self._x - 1] = (before + sign, its)
                continue
            self.cells[self._y][self._x] = (sign, look)
            if width == 2:
                self.cells[self._y][self._x + 1] = ("", look)
            self._x += width


def look_of(numbers: str, before: dict[str, str]) -> dict[str, str]:
    """Give the look after the codes of one `m` sequence."""
    look, codes = dict(before), numbers.split(";") if numbers else ["0"]
    while codes:
        code = codes.pop(0)
        if code in ("38", "48"):
            many = 2 if codes[0] == "5" else 4
            code, codes = ";".join([code, *codes[:many]]), codes[many:]
        number = int(code.partition(";")[0])
        if number == 0:
            look = {}
        elif 30 <= number <= 39 or 90 <= number <= 97:
            look["ink"] = code
        elif 40 <= number <= 49 or 100 <= number <= 107:
            look["ground"] = code
        else:
            look[f"also {code}"] = code
    return look
