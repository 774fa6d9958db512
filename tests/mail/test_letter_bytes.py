"""The bytes of every letter, in each language, whatever strangers, names and files are called."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32
from email.utils import format_datetime
from itertools import cycle

import pytest

from deskterm.mail.compose import Enclosed, LetterForm, letter_bytes
from deskterm.mail.letter_check import check_letter
from deskterm.mail.news import news_sample, render_news
from deskterm.mail.public import DeskFace, PublicWords
from deskterm.mail.render import Rendered, render, render_staff
from deskterm.mail.samples import SAMPLE_FACE, sample, samples
from deskterm.mail.staff import staff_samples
from deskterm.mail.templates import LETTERS, NEWS, NEWS_FRAME
from deskterm.mail.words import SPEECHES
from tests.hostile_words import every
from tests.mail.test_compose import AT, form

OWN, ADA = "<dt.1.ab.aaaaaaaaaaaaaaaa@desk.test>", "ada@x.test"
_HEADERS = [
    [
        "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted",
        "X-Auto-Response-Suppress", "X-Deskterm-Loop", "MIME-Version", "Content-Type",
    ],
    ["Content-Type"],
    ["Content-Type", "Content-Transfer-Encoding"],
    ["Content-Type", "Content-Transfer-Encoding"],
    ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition"],
]  # fmt: skip
"""Of the letter, of its words, of these as text and HTML, of its file."""
TEXTS = tuple(every())
KINDS = [(name, language) for name in LETTERS for language in SPEECHES]


def _form(words: Rendered, text: str, face: DeskFace) -> LetterForm:
    return form(
        sender_name=face.name,
        recipient_name=text,
        subject=words.subject,
        body=words.text,
        html=words.html,
        enclosed=(Enclosed(text, text, b"x"),),
    )


def _looked_at(raw: bytes) -> None:
    """Read the lines as another program does: ours and no other, at the top and in every part."""
    check_letter(raw, OWN, ADA)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    parts = list(message_from_bytes(raw, policy=compat32).walk())
    assert [part.keys() for part in parts] == _HEADERS
    assert parts[0]["Date"] == format_datetime(AT)
    values = [str(value) for part in parts for value in part.values()]
    assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]|\n[^ ]", "".join(values))
    for value in (parts[0]["Subject"], parts[0]["From"], parts[0]["To"]):
        once = str(make_header(decode_header(value.replace("\r\n", ""))))
        assert "=?" not in once
        assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", once)


@pytest.mark.parametrize(("name", "language"), KINDS)
def test_no_text_writes_a_line_of_a_letter_to_a_customer(name: str, language: str) -> None:
    texts = TEXTS[KINDS.index((name, language)) % 8 :: 8]  # eight letters share all of them
    for text, letter in zip(texts, cycle(samples(name, language)), strict=False):
        face = replace(SAMPLE_FACE, name=text, mission=text, expect=text)
        part = replace(
            letter.parts[0],
            words=(PublicWords(text, text),),
            reason=text,
            resolution=text,
            approver=text,
        )
        hostile = replace(
            letter,
            parts=(part,),
            subject=text,
            said=text,
            requester=text,
            recipient_name=text,
            owner=text,
        )
        _looked_at(letter_bytes(_form(render(hostile, face, {}), text, face)))


@pytest.mark.parametrize("language", SPEECHES)
def test_no_text_writes_a_line_of_a_notice(language: str) -> None:
    for text, letter in zip(TEXTS[::4], cycle(staff_samples().values()), strict=False):
        face = replace(SAMPLE_FACE, name=text, language=language)
        lines = tuple(replace(one, subject=text, who=text, words=text) for one in letter.lines)
        words = render_staff(replace(letter, lines=lines, recipient_name=text), face, {})
        _looked_at(letter_bytes(_form(words, text, face)))


@pytest.mark.parametrize("language", SPEECHES)
@pytest.mark.parametrize("name", [one for one in NEWS if one != NEWS_FRAME])
def test_no_text_writes_a_line_of_news(name: str, language: str) -> None:
    for text in TEXTS[::3]:
        sampled = news_sample(name, language)
        said = dict.fromkeys(sampled.said, text)
        letter = replace(sampled, said=said, tips=(text,), recipient_name=text)
        face = replace(SAMPLE_FACE, name=text)
        words = render_news(letter, face, {})
        assert "\n" not in words.subject
        _looked_at(letter_bytes(_form(words, text, face)))


def test_a_desk_s_own_template_writes_no_line_either() -> None:
    own = {"opened": 'Subject: a {{ "\r\nBcc: evil@e.test" }} {{ "=?utf-8?q?=0d=0aCc:x?=" }}\nx'}
    words = render(sample("opened"), SAMPLE_FACE, own)
    _looked_at(letter_bytes(_form(words, "Ada", SAMPLE_FACE)))
