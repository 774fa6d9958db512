"""Words that one program wrapped up: winmail.dat and signed mails, read as far as they go."""

import base64
import struct

import pytest
from asn1crypto import cms

from deskterm.mail.parse import parse_mail
from deskterm.mail.parsed import ParsedMail
from deskterm.mail.wrapped import read_tnef, rtf_text, unpacked


def _attribute(kind: int, body: bytes) -> bytes:
    return struct.pack("<BII", 1, kind, len(body)) + body + b"\0\0"


def _property(kind: int, name: int, value: bytes) -> bytes:
    filled = value + b"\0" * (-len(value) % 4)
    return struct.pack("<HHII", kind, name, 1, len(value)) + filled


def _properties(*made: bytes) -> bytes:
    return struct.pack("<I", len(made)) + b"".join(made)


def _tnef(*attributes: bytes) -> bytes:
    return struct.pack("<IH", 0x223E9F78, 7) + b"".join(attributes)


def _mail(kind: str, body: bytes) -> ParsedMail:
    head = f"From: ina@x.test\nContent-Type: {kind}\nContent-Transfer-Encoding: base64\n\n"
    return parse_mail(head.encode() + base64.encodebytes(body))


FILE = (
    _attribute(0x69002, b"\0" * 14)
    + _attribute(0x18010, b"SCANRE~1.PDF\0")
    + _attribute(0x6800F, b"%PDF-")
    + _attribute(
        0x69005,
        _properties(
            _property(0x1E, 0x3707, b"scan of today.pdf\0"),
            _property(0x1E, 0x370E, b"application/pdf\0"),
        ),
    )
)


def test_a_winmail_dat_has_its_words_and_its_files_and_stays_a_file_too() -> None:
    words = "Die Tür ist zu.\0".encode("utf-16-le")
    raw = _tnef(_attribute(0x69003, _properties(_property(0x1F, 0x1000, words))), FILE)
    mail = _mail("application/ms-tnef; name=winmail.dat", raw)
    assert mail.body == "Die Tür ist zu."
    assert [(one.name, one.media_type, one.body) for one in mail.files[1:]] == [
        ("scan of today.pdf", "application/pdf", b"%PDF-")
    ]
    assert mail.files[0].name == "winmail.dat"


def _packed(pieces: list[bytes | tuple[int, int]]) -> bytes:
    """Pack signs and (place, length) references as rich text is."""
    out = b""
    for start in range(0, len(pieces), 8):
        group = pieces[start : start + 8]
        out += bytes([sum(1 << n for n, one in enumerate(group) if isinstance(one, tuple))])
        for one in group:
            out += one if isinstance(one, bytes) else (one[0] << 4 | one[1] - 2).to_bytes(2, "big")
    return struct.pack("<II4sI", len(out) + 12, 0, b"LZFu", 0) + out


def test_packed_rich_text_is_unpacked_and_its_words_are_read() -> None:
    signs = [bytes([sign]) for sign in rb" G\'fc\'df\par ab}"]
    place = 207 + 10 + len(signs) - 3
    packed = _packed([(0, 10), *signs, (place, 3), b"}"])
    assert unpacked(packed).startswith(rb"{\rtf1\ans G")
    raw = _tnef(_attribute(0x69003, _properties(_property(0x102, 0x1009, packed))))
    assert read_tnef(raw).words.startswith("Güß\nab")


@pytest.mark.parametrize(
    ("rich", "words"),
    [
        (rb"{\rtf1{\fonttbl{\f0 Arial;}}{\*\x y}One\par \u8364? two\tab 3}", "One\n€ two\t3"),
        (
            rb"{\rtf1\fromhtml1{\*\generator q}{\*\htmltag64 <p>}\htmlrtf a\htmlrtf0 M\'fcll"
            rb"{\*\htmltag84 <br>}er{\*\htmltag72 </p>}}",
            "Müll\ner",
        ),
        (rb"{\rtf1\ansi\ansicpg1251 \'ca\'e0\'ed\'e0\'eb\par}", "Канал"),
        (rb"{\rtf1\ansi\ansicpg932 \'83\'76\'83\'8a\par b}", "プリ\nb"),
        (rb"{\rtf1\ansi\ansicpg99 \u252\'fcber\par}", "über"),
    ],
)
def test_rich_text_is_read_as_words_also_where_html_was_put_into_it(
    rich: bytes, words: str
) -> None:
    assert rtf_text(rich) == words


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no",
        _tnef(b"\1\3\x90\6\0\xff\xff\xff\xff"),
        _tnef(_attribute(0x69003, struct.pack("<IHHI", 9, 0x101F, 0x8000, 7))),
        _tnef(_attribute(0x69003, struct.pack("<IHH", 9, 0x77, 0x1000))),
        _tnef(FILE)[:-30],
        _tnef(*[FILE] * 300),
    ],
)
def test_a_broken_winmail_dat_is_a_file_and_nothing_worse(raw: bytes) -> None:
    mail = _mail("application/ms-tnef; name=winmail.dat", raw)
    assert mail.files[0].name == "winmail.dat"
    assert len(mail.files) <= 201


def _signed(inside: bytes) -> bytes:
    content = {"content_type": "data", "content": inside}
    data = {
        "version": "v1", "digest_algorithms": [], "encap_content_info": content, "signer_infos": [],
    }  # fmt: skip
    info = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})
    return bytes(info.dump())


def test_a_signed_mail_is_read_without_a_key() -> None:
    inside = (
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; "
        "charset=utf-8\n\nGrün blinkt sie.\n--b\nContent-Type: image/png; name=a.png\n\nx\n--b--\n"
    )
    raw = _signed(inside.encode())
    mail = _mail("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", raw)
    assert mail.body == "Grün blinkt sie."
    assert [one.name for one in mail.files] == ["a.png", "smime.p7m"]


@pytest.mark.parametrize(
    "raw", [b"", b"0", b"0\x80" * 5_000, b"0\x84\xff\xff\xff\xff", b"\x30\x03abc"]
)
def test_what_is_no_signed_mail_stays_a_file(raw: bytes) -> None:
    mail = _mail("application/pkcs7-mime; name=smime.p7m", raw)
    assert (mail.body, [one.name for one in mail.files]) == ("", ["smime.p7m"])


def test_a_signed_mail_below_a_banner_or_signed_twice_is_read() -> None:
    part = b"Content-Type: text/plain\r\n\r\nThe lamp is red."
    coded = base64.encodebytes(_signed(part)).decode()
    wrapped = (
        "Content-Type: application/pkcs7-mime; name=smime.p7m\n"
        f"Content-Transfer-Encoding: base64\n\n{coded}"
    )
    twice = _mail("application/pkcs7-mime; name=smime.p7m", _signed(wrapped.encode()))
    assert twice.body == "The lamp is red."
    raw = f"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n[External]\n--b\n{wrapped}\n--b--\n"
    assert parse_mail(raw.encode()).body == "[External]\n\nThe lamp is red."
