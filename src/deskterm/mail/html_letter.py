"""The HTML of a letter, made from its plain text: everything escaped, nothing remote, no scripts.

Only `http`, `https` and `mailto` become links, choices become buttons that write a mail. Between
template and mail a choice is a line of its own that no value can forge, since `clean` turns
control characters into signs.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from deskterm.domain.patterns import pattern
from deskterm.mail.answers import CHOICES, NO, Answer, Question, answer_address
from deskterm.mail.public import DeskFace, PublicLetter, PublicPart
from deskterm.mail.words import speech, time_words

_LINK = pattern(r"(?:https?://|mailto:)[^\s<>\"'\x02-\x04]{1,2000}")
_ENDS = ".,;:!?)]}"
_BUTTON = (
    "display:inline-block;padding:8px 16px;margin:4px 8px 4px 0;border:1px solid #1d5fa8;"
    "border-radius:4px;color:#1d5fa8;text-decoration:none"
)
_QUOTE = "margin:0 0 1em;padding-left:12px;border-left:3px solid #bbbbbb;color:#555555"
_CUT = "color:#888888;font-size:small"


def content(text: str, cut_lines: tuple[str, ...] = ()) -> str:
    """Give a rendered letter's text as HTML paragraphs, quotations and buttons."""
    return "\n".join(_block(lines, cut_lines) for lines in _blocks(text))


def _blocks(text: str) -> Iterator[list[str]]:
    """Give lines that belong together: parted by blank lines, quotations and choices apart."""
    block: list[str] = []
    kind = ""
    for line in text.split("\n"):
        now = "quote" if line.startswith(">") else "choice" if LINE.fullmatch(line) else "text"
        if block and (not line.strip() or now != kind):
            yield block
            block = []
        if line.strip():
            block.append(line)
            kind = now
    if block:
        yield block


def _block(lines: list[str], cut_lines: tuple[str, ...]) -> str:
    if lines[0].startswith(">"):
        inner = "<br>\n".join(_inline(line[1:].removeprefix(" ")) for line in lines)
        return f'<blockquote style="{_QUOTE}">{inner}</blockquote>'
    style = f' style="{_CUT}"' if len(lines) == 1 and lines[0] in cut_lines else ""
    return f"<p{style}>" + "<br>\n".join(_inline(line) for line in lines) + "</p>"


def _inline(line: str) -> str:
    found = LINE.fullmatch(line)
    if found:
        label, _, link = found.groups()
        return f'<a style="{_BUTTON}" href="{escape(link)}">{escape(label)}</a>'
    out: list[str] = []
    last = 0
    for match in _LINK.finditer(line):
        url = match.group().rstrip(_ENDS)
        if len(url) <= len("mailto:"):
            continue
        out += (_text(line[last : match.start()]), f'<a href="{escape(url)}">{escape(url)}</a>')
        last = match.start() + len(url)
    return "".join((*out, _text(line[last:])))


def _text(text: str) -> str:
    """Give escaped text that keeps its spaces where there are several."""
    return re.sub("  +", lambda run: "&nbsp;" * (len(run.group()) - 1) + " ", escape(text))


_OPEN, _PARTED, _ENDED = "\x02", "\x03", "\x04"
LINE = pattern(
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
    labels = _times(part, language) or {
        value: words.choices[part.question, value]
        for value in CHOICES[part.question]
        if (part.question, value) in words.choices
    }
    for value, label in labels.items():
        answer = Answer(part.question, letter.number, letter.person, part.asked, value)
        address = answer_address(face.address, answer, face.secret)
        body = quote(f"{label}\r\n\r\n", safe="")
        found.append(
            Choice(
                label, address, f"mailto:{quote(address, safe='@+')}?subject={subject}&body={body}"
            )
        )
    scores = part.question == Question.SCORE
    return list(reversed(found)) if scores else found


def _times(part: PublicPart, language: str) -> dict[str, str]:
    """Give number → time of a visit that is offered, and that none fits."""
    visit = part.visit
    if part.question != Question.VISIT or visit is None or not visit.slots:
        return {}
    times = {
        str(at): f"{at} - {time_words(one, visit.minutes, language)}"
        for at, one in enumerate(visit.slots, 1)
    }
    return times | {NO: speech(language).none_fits}


def as_plain(text: str) -> str:
    """Give a rendered text with each choice in words: `[ Yes, it works ]  mailto:…`."""
    return LINE.sub(lambda found: f"[ {found[1]} ]  mailto:{found[2]}", text)
