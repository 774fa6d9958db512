"""A mail within a mail is one whatever its type says; numbers in it are its writer's (§1.9)."""

import pytest

from deskterm.mail.forward import is_mail
from deskterm.mail.forwarded import read_forward
from deskterm.mail.parse import parse_mail
from deskterm.mail.parsed import MailFile
from deskterm.mail.structure import MailLimits

INNER = b"From: Bea <bea@x.example>\nSubject: No tone\nMessage-ID: <i@x>\n\nNo dial tone.\n"


@pytest.mark.parametrize(
    ("name", "kind", "body", "mail"),
    [
        ("No tone.eml", "application/octet-stream", INNER, True),
        ("No tone.EML", "text/plain", b"", True),
        ("attachment", "application/octet-stream", INNER, True),
        ("part.txt", "text/plain", INNER, True),
        ("x", "message/rfc822", b"", True),
        ("names.txt", "text/plain", b"From: Monday\nTo: Friday\nRoom: 7\n", False),
        ("log.txt", "text/plain", b"From: a@x.example\nx\nSubject: y\n", False),
        ("scan.pdf", "application/pdf", INNER, False),
        ("x.bin", "application/octet-stream", b"a:" + b"b" * 50_000, False),
    ],
)
def test_an_attachment_is_a_mail_by_type_name_or_content(
    name: str, kind: str, body: bytes, mail: bool
) -> None:
    assert is_mail(MailFile(name, kind, body, inline=False)) is mail


def test_one_attached_mail_is_what_is_passed_on_without_any_prefix() -> None:
    raw = (
        b"From: tess@desk.example\nSubject: please take it\nContent-Type: multipart/mixed; "
        b"boundary=b\n\n--b\n\nmine\n--b\nContent-Type: application/octet-stream; "
        b"name=a.eml\n\n" + INNER + b"--b--\n"
    )
    inner = read_forward(parse_mail(raw), MailLimits())
    assert inner is not None
    assert (inner.sender.address, inner.words.strip()) == ("bea@x.example", "No dial tone.")
    assert inner.comment == "mine"
