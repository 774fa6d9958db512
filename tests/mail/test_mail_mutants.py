"""Mails that something changed on their way: each is read, none raises (many more in bench/)."""

import pytest

from bench.mail_mutants import mutated, read, standard_mails
from deskterm.mail.parse import parse_mail


@pytest.mark.parametrize("part", range(4))
def test_no_mutated_mail_raises(part: int) -> None:
    mails = standard_mails()
    assert len(mails) > 40
    for seed in range(part * 100, part * 100 + 100):
        read(mutated(mails, seed))


@pytest.mark.parametrize(
    ("above", "subject"),
    [
        ("X-Scan: H4sIA\nQmFzZTY0\nYmFzZQ==\nFrom: a@x.test\nSubject: Lamp", "Lamp"),
        ("some junk\nFrom: a@x.test\nSubject: Lamp", "Lamp"),
        ("From: a@x.test\nSubject: A subject that\ngoes on\nDate: x", "A subject that goes on"),
    ],
)
def test_headers_wrapped_without_the_blank_lose_nothing(above: str, subject: str) -> None:
    mail = parse_mail(f"{above}\n\nx".encode())
    assert (mail.subject, mail.from_email, mail.body) == (subject, "a@x.test", "x")


def test_a_boundary_wrapped_without_the_blank_is_one() -> None:
    raw = (
        "From: a@x.test\nContent-Type: multipart/mixed; boundary=o\n\n--o\n"
        'Content-Type: multipart/alternative;\nboundary="in"\n\n--in\n\nwords\n--in--\n--o--\n'
    )
    assert parse_mail(raw.encode()).body == "words"


def test_words_without_a_blank_line_above_are_the_body() -> None:
    mail = parse_mail(
        b"From: a@x.test\nSubject: Lamp\nThe lamp is red.\nFrom: the left it is not.\n"
    )
    assert mail.body.startswith("The lamp is red.")
