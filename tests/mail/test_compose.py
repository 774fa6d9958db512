"""Letters as bytes: one recipient, one line per header, honest about being automatic."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest

from deskterm.domain.errors import UsageError
from deskterm.mail.compose import TYPED, Enclosed, LetterForm, kept_references, letter_bytes
from deskterm.mail.parse import parse_mail

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def form(**values: object) -> LetterForm:
    """Give a letter's form, with these values in place of the usual ones."""
    defaults: dict[str, object] = {
        "message_id": "<dt.1.ab.aaaaaaaaaaaaaaaa@desk.test>",
        "sender": "help@desk.test",
        "sender_name": "IT help desk",
        "reply_to": "help+1.aaaaaaaaaaaaaaaa@desk.test",
        "recipient": "ada@x.test",
        "recipient_name": "Ada",
        "subject": "[#1] Printer",
        "body": "Hello",
        "date": AT,
        "loop": "1.aaaaaaaaaaaaaaaa",
    }
    return LetterForm(**{**defaults, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize("subject", ["a\r\nBcc: evil@e.test", "a\rBcc: evil@e.test", "a\nBcc: x@y"])
def test_a_subject_cannot_add_a_header(subject: str) -> None:
    raw = letter_bytes(form(subject=subject))
    assert b"\nBcc:" not in raw.replace(b"\r", b"\n")
    assert parse_mail(raw).subject.startswith("a Bcc:")


@pytest.mark.parametrize(
    "name", ['"x" <victim@e.test>, evil <evil@e.test>', "x\r\nBcc: evil@e.test", "a, b; c: <d>"]
)
def test_a_name_cannot_add_a_recipient(name: str) -> None:
    mail = parse_mail(letter_bytes(form(recipient_name=name)))
    assert [box.address for box in mail.to] == ["ada@x.test"]
    assert mail.cc == ()


@pytest.mark.parametrize("address", ["a@x.test>\r\nRCPT TO:<evil@x.test", "a@b@c", "a b@c.d", ""])
def test_a_recipient_that_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError):
        letter_bytes(form(recipient=address))


@pytest.mark.parametrize("subject", ["x " * 33 + "=?utf-8?q?a=0d=0a?=", "ü =?utf-8?q?a=0d=0a?= ü"])
def test_no_reader_that_decodes_twice_or_joins_lines_finds_an_encoded_word(subject: str) -> None:
    head = letter_bytes(form(subject=subject)).partition(b"\r\n\r\n")[0]
    line = head.replace(b"\r\n ", b"").partition(b"Subject: ")[2].partition(b"\r\n")[0]
    once = str(make_header(decode_header(line.decode())))
    assert "= ?utf-8?q?a=0d=0a?=" in once
    assert "=?" not in once


def test_generated_letters_say_so_and_typed_answers_do_not() -> None:
    generated = parse_mail(letter_bytes(form()))
    assert generated.is_auto
    raw = letter_bytes(form(automatic=TYPED))
    assert b"Auto-Submitted" not in raw
    assert b"X-Auto-Response-Suppress" not in raw
    assert b"X-Deskterm-Loop: 1." in raw


def test_references_keep_the_first_four_and_the_last_six() -> None:
    ids = tuple(f"<{number}@x>" for number in range(30))
    assert kept_references(ids) == ids[:4] + ids[-6:]
    mail = parse_mail(letter_bytes(form(references=ids)))
    assert len(mail.references) == 10
    assert mail.in_reply_to == ("29@x",)


def test_a_long_id_is_written_as_it_is() -> None:
    long = f"<{'a' * 200}@example.org>"
    raw = letter_bytes(
        form(
            message_id=long,
            references=(long, f"<{'b' * 2_000}@x>", "<c d@x>\r\nBcc: e@e.test", long),
        )
    )
    assert f"Message-ID: {long}\r\n".encode() in raw
    assert f"References: {long}\r\n <cd@x>Bcc:e@e.test\r\n".encode() in raw
    assert parse_mail(raw).references == (long[1:-1], "cd@x")


def test_a_letter_has_the_same_words_as_text_and_as_html() -> None:
    files = (Enclosed("how.pdf", "application/pdf", b"%PDF"),)
    raw = letter_bytes(form(html="<p>Hellö</p>", enclosed=files))
    kinds = [part.get_content_type() for part in message_from_bytes(raw).walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    mail = parse_mail(raw)
    assert (mail.body, [one.name for one in mail.files]) == ("Hello", ["how.pdf"])
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("ada@bücher.example", b"To: Ada <ada@xn--bcher-kva.example>"),
        ("ada@straße.example", b"To: Ada <ada@xn--strae-oqa.example>"),
        ("jörg@example.org", "To: Ada <jörg@example.org>".encode()),
    ],
)
def test_addresses_beyond_ascii_name_the_right_place(address: str, written: bytes) -> None:
    assert written in letter_bytes(form(recipient=address))


def test_a_name_beyond_ascii_arrives() -> None:
    (to,) = parse_mail(letter_bytes(form(recipient_name="Jürgen Ångström 渡辺"))).to
    assert (to.name, to.address) == ("Jürgen Ångström 渡辺", "ada@x.test")


def test_a_body_that_looks_like_smtp_stays_a_body() -> None:
    text = "a\n.\nMAIL FROM:<x@y>\nhällo \ud800"
    raw = letter_bytes(form(body=text))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert parse_mail(raw).body == "a\n.\nMAIL FROM:<x@y>\nhällo \ufffd"


def test_files_travel_under_safe_names() -> None:
    files = (
        Enclosed("../../x\u202efdp.exe", "text/html", b"<b>"),
        Enclosed("ä.png", "image/png", b"1"),
    )
    mail = parse_mail(letter_bytes(form(enclosed=files)))
    assert [(one.name, one.media_type, one.body) for one in mail.files] == [
        ("x_fdp.exe", "application/octet-stream", b"<b>"),
        ("ä.png", "image/png", b"1"),
    ]
