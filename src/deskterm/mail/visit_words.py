"""Which of the times offered for a visit somebody means in their own words (G3).

A number, a day or a time that fits one of them alone is a choice; whatever is mixed, hedged or
asks something names none.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from deskterm.domain.patterns import pattern
from deskterm.mail.answers import NO, UNSURE, Words, joined, own_lines
from deskterm.mail.words import SPEECHES

_NUMBER = pattern(
    r"(?:(?:option|number|no\.|nr\.?|nummer|termin|choice|time|slot|wahl|"
    r"numéro|n°|nº|número|créneau|choix|horario|opción|cita|rendez-vous)\s{0,3}|#)?([1-9])[.)!]?"
    r"(?:,?\s{0,3}(?:please|bitte|thanks|thank you|danke|is fine|passt|works|gerne|ok|merci|"
    r"s'il vous pla[iî]t|svp|convient|por favor|gracias|me viene bien))?[.!]?\Z"
)
_CLOCK = pattern(
    r"(?<![\d.:/-])([01]?\d|2[0-3])"
    r"(?:[:.h]([0-5]\d)(?![.\d])|\s?(?:uhr|o'?clock|am|pm|h|heures?|horas?)\b)"
)
_DATE = pattern(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.")
_MONTH_DAY = pattern(r"(?<!\d)(\d{1,2})\.?\s{1,2}(?:de\s)?([^\W\d_]{3,12})")
_WORD = pattern(r"[^\W\d_]+")
_NONE_TEXT = "none nothing no keiner keine keins nein non aucun aucune ninguno ninguna"
_NONE = frozenset(_NONE_TEXT.split())
_NONE_OF = (
    *("none of", "keiner der", "passt nicht", "another time", "anderer termin"),
    *("aucun ", "un autre moment", "otro momento", "ninguno de", "no me viene bien"),
)
_HEDGE_TEXT = """
not but unless except before after until or either if maybe perhaps possibly instead rather later
earlier other another nicht aber außer vor nach bis oder entweder wenn falls vielleicht eventuell
statt sondern lieber früher später anderer anderen ne pas mais sauf avant après jusqu ou si peut
éventuellement plutôt autre no pero excepto salvo antes después hasta quizá quizás tal mejor otro
otra
"""
_HEDGE = frozenset(_HEDGE_TEXT.split())
_LONG = 25
"""Words of an answer that is still a choice by its day or time."""
_LABEL = pattern(r"[1-9] - .{5,60}\d{1,2}:\d{2}–\d{1,2}:\d{2} \(.{1,20}\)\Z")
"""The line that a mail program fills in when a time is clicked."""


def time_said(body: str, slots: Sequence[datetime]) -> Words | None:
    """Give the number of the time that is meant, NO, or UNSURE; None where nothing is said.

    `slots` are the times offered, in the zone in which the letter named them.
    """
    lines = own_lines(body)
    if not lines:
        return None
    number = number_said(lines[0])
    if number:
        return Words(str(number) if number <= len(slots) else UNSURE, joined(lines[1:]))
    first = _plain(lines[0])
    text = joined(lines)
    words = [one.lower() for one in _WORD.findall(text)]
    if first.rstrip(".!,") in _NONE or first.startswith(_NONE_OF):
        return Words(NO, joined(lines[1:]))
    meant = _meant(text.lower(), words, slots)
    clear = len(words) <= _LONG and "?" not in text and _HEDGE.isdisjoint(words)
    return Words(str(meant[0]) if clear and len(meant) == 1 else UNSURE, text)


def number_said(line: str) -> int:
    """Give the number that a line is nothing but, in whatever words; 0: it is another."""
    match = _NUMBER.match(_plain(line))
    return int(match[1]) if match is not None else 0


def remedy_said(body: str, many: int) -> Words | None:
    """Give which of so many remedies is meant: the first line is its number; None for all else."""
    lines = own_lines(body)
    number = number_said(lines[0]) if lines else 0
    return Words(str(number), joined(lines[1:])) if 1 <= number <= many else None


def _plain(line: str) -> str:
    return " ".join(line.lower().split()).strip("*_\"'() ")


def without_label(comment: str) -> str:
    """Give a comment without the line that a click on a time filled in."""
    kept = [line for line in comment.split("\n") if not _LABEL.match(line.strip())]
    return "\n".join(kept).strip()


def _meant(text: str, words: Sequence[str], slots: Sequence[datetime]) -> list[int]:
    """Give the numbers of the times that fit all that is named; none where nothing is."""
    days = set(_days(words))
    clocks = set(_clocks(text))
    dates = set(_dates(text))
    if not (days or clocks or dates):
        return []
    return [
        at
        for at, one in enumerate(slots, 1)
        if (not days or days == {one.weekday()})
        and (not clocks or clocks == {(one.hour, one.minute)})
        and (not dates or dates == {(one.day, one.month)})
    ]


def _days(words: Sequence[str]) -> Iterator[int]:
    for speech in SPEECHES.values():
        names = [day.lower() for day in speech.days]
        for word in words:
            for place, day in enumerate(names):
                if word in (day, day[:3], f"{day}s"):
                    yield place


def _clocks(text: str) -> Iterator[tuple[int, int]]:
    for found in _CLOCK.finditer(text):
        late = re.search(r"pm\Z", found[0]) is not None and int(found[1]) < 12
        yield int(found[1]) + 12 * late, int(found[2] or 0)


def _dates(text: str) -> Iterator[tuple[int, int]]:
    for found in _DATE.finditer(text):
        yield int(found[1]), int(found[2])
    for found in _MONTH_DAY.finditer(text):
        for speech in SPEECHES.values():
            months = [one.lower() for one in speech.months]
            fits = [at for at, one in enumerate(months, 1) if one.startswith(found[2])]
            if fits:
                yield int(found[1]), fits[0]
                break
