"""Folding does a bounded amount of work, and loses nothing of any text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskterm.mail.bounce_text import body_tells, subject_tells, text_recipients
from deskterm.mail.reply import reply_of
from deskterm.mail.reply.fold import MOST_LINES

_UNITS = (
    "> ", ">\n", "-", "- ", "_", "On ", "On 1 ", "a@", "<a@", "((", "1/1/", "1:", "wrote: ",
    "wrote:\n", "a:\n", "From:\n", "Date: 2012\n", "Le 1 ", "\u200f", "作成 ", "님이 작성:\n",
    "> (\n)\n", "---- a wrote ----\n", " \n", "\t", "<a@b.c>\n", "A: <a@b.c>\n", ">>> ", "550 ",
    "5.1.", "http://a",
)  # fmt: skip


@pytest.mark.parametrize("unit", _UNITS)
def test_fifty_thousand_signs_of_anything_are_folded_and_searched_at_once(unit: str) -> None:
    block = unit * (50_000 // len(unit))
    rows = f"{unit * (380 // len(unit))}:\n" * 130
    for text in (f"x {block}:", rows):
        assert len(reply_of(text)) <= len(text)
        assert subject_tells(text) <= body_tells(text) or len(text) > 300
        assert len(list(text_recipients(text))) <= 400
    reply_of(block.replace("<", "&lt;").replace("\n", "<br>"), "html")


def test_a_mail_of_more_lines_than_anybody_reads_is_kept_whole() -> None:
    text = "yes\n\n-----Original Message-----\n" + "line\n" * MOST_LINES
    assert reply_of(text) == text.strip()


_PIECES = st.sampled_from(
    [
        "yes\n",
        "\n",
        "> quoted\n",
        ">> more\n",
        "On 2 Mar 2026 at 10:15, Ada <ada@x.test> wrote:\n",
        "-----Original Message-----\n",
        "From: ada@x.test\n",
        "Sent: 2 Mar 2026\n",
        "-- please answer above this line --\n",
        "---------- Forwarded message ----------\n",
        "________________\n",
        "(http://x.test)\n",
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(_PIECES, max_size=12).map("".join))
def test_what_is_kept_are_lines_of_the_mail_in_their_order(text: str) -> None:
    rest = iter(text.split("\n"))
    kept = reply_of(text)
    assert all(line in rest for line in kept.split("\n") if line)
    assert kept or not text.strip()


@settings(max_examples=80, deadline=None)
@given(st.lists(_PIECES, max_size=6).map("".join), st.lists(_PIECES, max_size=6).map("".join))
def test_an_answer_below_a_quoted_line_and_above_another_keeps_everything(a: str, b: str) -> None:
    text = f"> one\n> two\nmy own answer\n> three\n> four\n{a}{b}"
    assert "my own answer" in reply_of(text)
