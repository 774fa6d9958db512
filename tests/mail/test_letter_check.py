"""The last look at a letter: what the desk writes passes, every foreign line is found."""

import re

import pytest

from deskterm.domain.errors import RefusedError
from deskterm.mail.compose import TYPED, Enclosed, letter_bytes
from deskterm.mail.letter_check import check_letter
from tests.hostile_words import every, word
from tests.mail.test_compose import form

OWN, ADA = "<dt.1.ab.aaaaaaaaaaaaaaaa@desk.test>", "ada@x.test"
WHOLE = letter_bytes(
    form(html="<p>x</p>", enclosed=(Enclosed("how to.pdf", "application/pdf", b"%PDF"),))
)


def test_every_text_in_every_place_gives_a_letter_of_our_own_lines() -> None:
    for text in every():
        file = Enclosed(text, text, text.encode("utf-8", "replace"))
        raw = letter_bytes(
            form(
                subject=text,
                sender_name=text,
                recipient_name=text,
                body=text,
                html=text,
                references=(text, f"<{text}@x>"),
                enclosed=(file, file),
            )
        )
        check_letter(raw, OWN, ADA)


def test_typed_and_bare_letters_pass() -> None:
    check_letter(letter_bytes(form(automatic=TYPED)), OWN, ADA)
    check_letter(letter_bytes(form(recipient="jörg@bücher.test")), OWN, "jörg@bücher.test")


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        (b"\r\nDate:", b"\r\nBcc: evil@e.test\r\nDate:", "not the desk's own: From, To"),
        (b"\r\nDate:", b"\r\nContent-Type: text/html\r\nDate:", "Content-Type twice"),
        (b"\r\nDate:", b"\r\n\r\n<h1>Pay now</h1>\r\nDate:", "it has no header Date"),
        (b"\r\nDate:", b"\r\nTo: evil@e.test\r\nDate:", "the header To twice"),
        (b"\r\nDate:", b"\nBcc: evil@e.test\r\nDate:", "a bare CR or LF"),
        (b"\r\nDate:", b"\rDate:", "a bare CR or LF"),
        (b"\r\nDate:", b"\r\nhello\r\nDate:", "header line 5 is none: 'hello'"),
        (b"\r\nDate:", b"\r\n \r\nDate:", "header line 5 is none"),
        (b"Subject: ", b"Subject: \x1b[31m", "header line 4 holds a control sign"),
        (b"Subject: ", b"Subject: \x00", "header line 4 holds a control sign"),
        (b"Subject: ", "Subject: \u202e".encode(), "header line 4 holds a control sign"),
        (b"Subject: ", b"Subject: \xff", "not written in UTF-8"),
        (b"Subject: ", b"Subject: " + b"a" * 1_000, "too long"),
        (b"Subject: ", f"Subject: {word('a' + chr(13))}".encode(), "an encoded word within"),
        (b"Subject: ", f"Subject: {word(word('x'))}".encode(), "an encoded word within"),
        (b"Subject: ", b"Subject: =?", "an encoded word within"),
        (b"Ada <ada@x.test>", b"Ada <evil@e.test>", "not addressed to ada@x.test alone"),
        (b"<dt.1.ab", b"<dt.2.ab", "not the one it was given"),
        (b"Content-Disposition", b"Refresh", "headers that are not the desk's: ['Refresh']"),
        (b"MIME-Version: 1.0\r\n", b"", "it has no header MIME-Version"),
        (b'boundary="', b'boundary="x', "do not begin and end"),
    ],
)  # fmt: skip
def test_a_foreign_line_is_found_wherever_it_stands(old: bytes, new: bytes, wrong: str) -> None:
    assert old in WHOLE
    with pytest.raises(RefusedError, match=re.escape(wrong)):
        check_letter(WHOLE.replace(old, new, 1), OWN, ADA)
