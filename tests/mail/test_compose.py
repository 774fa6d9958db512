"""Letters as bytes: one recipient, one line per header, honest about being automatic."""

from datetime import UTC, datetime

import pytest

from deskterm.domain.errors import UsageError
from deskterm.mail.compose import TYPED, Enclosed, LetterForm, kept_references, letter_bytes
from deskterm.mail.parse import parse_mail

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def _form(**values: object) -> LetterForm:
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
        "ticket": 1,
    }
    return LetterForm(**{**defaults, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize("subject", ["a\r\nBcc: evil@e.test", "a\rBcc: evil@e.test", "a\nBcc: x@y"])
def test_a_subject_cannot_add_a_header(subject: str) -> None:
    raw = letter_bytes(_form(subject=subject))
    assert b"\nBcc:" not in raw.replace(b"\r", b"\n")
    assert parse_mail(raw).subject.startswith("a Bcc:")


@pytest.mark.parametrize(
    "name", ['"x" <victim@e.test>, evil <evil@e.test>', "x\r\nBcc: evil@e.test", "a, b; c: <d>"]
)
def test_a_name_cannot_add_a_recipient(name: str) -> None:
    mail = parse_mail(letter_bytes(_form(recipient_name=name)))
    assert [box.address for box in mail.to] == ["ada@x.test"]
    assert mail.cc == ()


@pytest.mark.parametrize("address", ["a@x.test>\r\nRCPT TO:<evil@x.test", "a@b@c", "a b@c.d", ""])
def test_a_recipient_that_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError):
        letter_bytes(_form(recipient=address))


def test_generated_letters_say_so_and_typed_answers_do_not() -> None:
    generated = parse_mail(letter_bytes(_form()))
    assert generated.is_auto
    raw = letter_bytes(_form(automatic=TYPED))
    assert b"Auto-Submitted" not in raw
    assert b"X-Auto-Response-Suppress" not in raw
    assert b"X-Deskterm-Loop: 1" in raw


def test_references_keep_the_first_four_and_the_last_six() -> None:
    ids = tuple(f"<{number}@x>" for number in range(30))
    assert kept_references(ids) == ids[:4] + ids[-6:]
    mail = parse_mail(letter_bytes(_form(references=ids)))
    assert len(mail.references) == 10
    assert mail.in_reply_to == ("29@x",)


def test_a_body_that_looks_like_smtp_stays_a_body() -> None:
    text = "a\n.\nMAIL FROM:<x@y>\nhällo \ud800"
    raw = letter_bytes(_form(body=text))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert parse_mail(raw).body == "a\n.\nMAIL FROM:<x@y>\nhällo \ufffd"


def test_files_travel_under_safe_names() -> None:
    files = (
        Enclosed("../../x\u202efdp.exe", "text/html", b"<b>"),
        Enclosed("ä.png", "image/png", b"1"),
    )
    mail = parse_mail(letter_bytes(_form(enclosed=files)))
    assert [(one.name, one.media_type, one.body) for one in mail.files] == [
        ("x_fdp.exe", "application/octet-stream", b"<b>"),
        ("ä.png", "image/png", b"1"),
    ]
