"""Choices in a letter: made once, read as words in plain text and as buttons in HTML.

Between template and mail a choice is a line of its own that no value can forge, since `clean` turns
control characters into signs.
"""

import re
from typing import NamedTuple
from urllib.parse import quote

from deskterm.mail.answers import CHOICES, Answer, answer_address
from deskterm.mail.public import DeskFace, PublicLetter, PublicPart
from deskterm.mail.words import speech

_OPEN, _PARTED, _ENDED = "\x02", "\x03", "\x04"
LINE = re.compile(
    f"{_OPEN}([^{_PARTED}\n]*){_PARTED}([^{_PARTED}\n]*){_PARTED}([^{_ENDED}\n]*){_ENDED}"
)
"""(label, address, link) of a choice as it stands in a rendered text."""


class Choice(NamedTuple):
    """One thing that a reader can answer by one click, or by writing to its address."""

    label: str
    address: str
    link: str
    """A mailto link with subject and text filled in."""

    def __str__(self) -> str:
        """Give the line that stands for it until the letter is composed."""
        return f"{_OPEN}{self.label}{_PARTED}{self.address}{_PARTED}{self.link}{_ENDED}"


def choices_of(
    letter: PublicLetter, part: PublicPart, face: DeskFace, language: str
) -> list[Choice]:
    """Give what the reader of a letter can choose; nothing where it asks them nothing."""
    if part.question is None or not letter.person or not part.asked:
        return []
    words = speech(language)
    subject = quote(f"{words.answer_subject} [#{letter.number}]", safe="")
    found = []
    for value in CHOICES[part.question]:
        answer = Answer(part.question, letter.number, letter.person, part.asked, value)
        address = answer_address(face.address, answer, face.secret)
        label = words.choices[part.question, value]
        body = quote(f"{label}\r\n\r\n", safe="")
        found.append(
            Choice(
                label, address, f"mailto:{quote(address, safe='@+')}?subject={subject}&body={body}"
            )
        )
    return list(reversed(found)) if len(found) > 2 else found


def as_plain(text: str) -> str:
    """Give a rendered text with each choice in words: `[ Yes, it works ]  mailto:…`."""
    return LINE.sub(lambda found: f"[ {found[1]} ]  mailto:{found[2]}", text)
