"""Parsing by rule: limits before parsing, charsets, names, text and files."""

import base64

import pytest

from deskterm.mail.parse import parse_mail
from deskterm.mail.structure import MailLimits

TOP = b"From: Ada <ada@x.test>\r\nSubject: hi\r\n"


def _multipart(kind: str, *parts: bytes) -> bytes:
    body = b"".join(b"--cut\r\n" + part + b"\r\n" for part in parts)
    head = f"Content-Type: multipart/{kind}; boundary=cut\r\n\r\n".encode()
    return TOP + head + body + b"--cut--\r\n"


def test_a_mail_over_25_megabytes_keeps_its_headers_and_says_so() -> None:
    mail = parse_mail(TOP + b"\r\n" + b"x" * 200, MailLimits(size=150))
    assert mail.over_limit == "too big: 239 bytes, 150 are allowed"
    assert mail.subject == "hi"
    assert mail.body == ""


def test_two_thousand_nested_parts_stop_at_the_depth_limit() -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (number, number)
        for number in range(2000)
    )
    mail = parse_mail(TOP + nested + b"\r\nhello")
    assert mail.over_limit == "too deep: more than 20 levels of parts"


def test_a_hundred_thousand_parts_stop_at_the_part_limit() -> None:
    raw = TOP + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 100_000
    assert parse_mail(raw).over_limit == "too many parts: more than 200"


def test_twenty_levels_and_two_hundred_parts_are_allowed() -> None:
    flat = parse_mail(_multipart("mixed", *[b"\r\nx"] * 199))
    assert flat.over_limit == ""
    assert flat.body.count("x") == 199


@pytest.mark.parametrize(
    "header",
    [
        b"To: " + b"(" * 20_000,
        b"To: " + b"(" * 25_000 + b"a@b" + b")" * 25_000,
        b"From: " + b'"' * 50_001,
        b"From: " + b'\\"' * 25_000,
        b"From: " + b"<" * 50_000,
        b"Cc: " + b"a" * 50_000 + b"!",
        b"Cc: " + b"a@" * 25_000,
        b"Subject: " + b"=?a?q?" * 9_000,
        b"Subject: " + b"=?utf-8?b?" + b"?" * 50_000,
        b"References: " + b"<" * 50_000,
        b"References: " + b"<a" * 25_000,
        b"Content-Type: text/plain; " + b'"' * 50_000,
        b"Content-Type: text/plain; " + b"a*0*=x;" * 8_000,
        b"Content-Type: multipart/mixed; boundary=" + b"-" * 50_000,
        b"Date: " + b"1 " * 25_000,
    ],
    ids=lambda header: header[:24].decode(),
)
def test_a_header_of_its_own_worst_case_is_read_in_one_pass(header: bytes) -> None:
    mail = parse_mail(header + b"\r\nX-Last: yes\r\n\r\nthe body")
    assert mail.body == "the body"


@pytest.mark.parametrize(
    ("label", "body", "text"),
    [
        ("gb2312", "镕".encode("gb18030"), "镕"),
        ("ks_c_5601-1987", "똠".encode("cp949"), "똠"),
        ("shift_jis", "①".encode("cp932"), "①"),
        ("iso-8859-1", b"\x93quoted\x94 \x80", "“quoted” €"),
        ("us-ascii", "größer".encode(), "größer"),
        ("", "größer".encode("latin-1"), "größer"),
        ("x-nonsense", "größer".encode("latin-1"), "größer"),
        ("utf-8", "größer".encode("latin-1"), "größer"),
        ("unicode-1-1-utf-7", b"gr+APYA3w-er", "größer"),
        ("utf-16", "größer".encode("utf-16-be"), "größer"),
        ("zip", b"plain", "plain"),
        ("punycode", b"plain", "plain"),
        ("", b"\x1b$B$3$s\x1b(B", "こん"),
    ],
)
def test_the_charset_ladder(label: str, body: bytes, text: str) -> None:
    head = f"Content-Type: text/plain; charset={label}\r\n\r\n".encode()
    assert parse_mail(TOP + head + body).body == text


def test_undeclared_cyrillic_is_detected() -> None:
    text = "Здравствуйте, у меня не работает принтер на третьем этаже, помогите пожалуйста"
    mail = parse_mail(TOP + b"\r\n" + text.encode("koi8-r"))
    assert mail.body == text
    assert "read as koi8_" in mail.problems[0]


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?utf-8?q?gr=C3=B6?= =?utf-8?q?=C3=9Fer?=", "größer"),
        (b"=?utf-8?B?Z3LD?= =?utf-8?B?tsOfZXI=?=", "größer"),
        (b"=?utf-8?B?Z3LDtg==?= =?utf-8?B?w59lcg?=", "größer"),
        (b"=?ISO-8859-1*de?Q?gr=F6=DFer?=", "größer"),
        (b"Re:=?utf-8?q?gr=C3=B6?=!", "Re:grö!"),
        (b"=?utf-8?q?two words?=", "two words"),
        ("größer".encode(), "größer"),
        ("größer".encode("latin-1"), "größer"),
        (b"=?iso-8859-1?q?gr\xf6\xdfer?=", "größer"),
        (b"=?utf-8?x?no?=", "=?utf-8?x?no?="),
        (b"=?broken", "=?broken"),
        (b"a\rBcc: evil@e.test", "a Bcc: evil@e.test"),
        (b"a\x00b", "a b"),
        (b"first\r\n second", "first second"),
    ],
)
def test_a_subject_is_decoded_tolerantly_and_stays_one_line(raw: bytes, subject: str) -> None:
    assert parse_mail(b"Subject: " + raw + b"\r\nFrom: a@b.c\r\n\r\nx").subject == subject


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b"attachment; filename=plain.txt", "plain.txt"),
        (b"attachment; filename=two words.txt", "two words.txt"),
        (b'attachment; filename="a;b.txt"', "a;b.txt"),
        (b"attachment; filename*=utf-8''gr%C3%B6.txt", "grö.txt"),
        (b"attachment; filename*0*=iso-8859-1'de'gr%F6; filename*1=\"2.txt\"", "grö2.txt"),
        (b"attachment; filename*1=b.txt; filename*0=a", "ab.txt"),
        (b'attachment; filename="=?utf-8?q?gr=C3=B6.txt?="', "grö.txt"),
        ('attachment; filename="grö.txt"'.encode(), "grö.txt"),
        (b'attachment; filename="../../etc/cron.d/x"', "../../etc/cron.d/x"),
        (b'attachment; filename="x.txt\x00.exe"', "x.txt.exe"),
        (b'attachment; filename="a\r\n b.txt"', "a b.txt"),
        (b'attachment; filename=""', "application.pdf"),
    ],
)
def test_attachment_names_are_read_in_every_form(disposition: bytes, name: str) -> None:
    part = b"Content-Type: application/pdf\r\nContent-Disposition: " + disposition + b"\r\n\r\nx"
    mail = parse_mail(_multipart("mixed", b"\r\ntext", part))
    assert [one.name for one in mail.files] == [name]
    assert mail.body == "text"


def test_plain_text_is_preferred_and_html_kept_beside_it() -> None:
    html = b"Content-Type: text/html\r\n\r\n<p>rich <b>text</b></p>"
    mail = parse_mail(_multipart("alternative", b"\r\nplain", html))
    assert (mail.body, mail.body_alt) == ("plain", "rich text")
    assert parse_mail(_multipart("alternative", html)).body == "rich text"


def test_inline_images_of_related_parts_are_files() -> None:
    image = (
        b"Content-Type: image/png; name=shot.png\r\nContent-ID: <one@x>\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(b"\x89PNG")
    )
    mail = parse_mail(
        _multipart("related", b"Content-Type: text/html\r\n\r\n<img src=cid:o>", image)
    )
    (file,) = mail.files
    assert (file.name, file.body, file.inline, file.content_id) == (
        "shot.png",
        b"\x89PNG",
        True,
        "one@x",
    )


@pytest.mark.parametrize(
    "kind",
    [
        "application/ms-tnef",
        "application/pkcs7-mime; smime-type=enveloped-data",
        "application/pgp-encrypted",
        "text/calendar; method=REQUEST",
        "message/rfc822",
        "message/delivery-status",
        "text/vcard",
    ],
)
def test_parts_of_special_kinds_are_kept_as_files(kind: str) -> None:
    part = f"Content-Type: {kind}\r\n\r\nSubject: inner\r\n\r\nwhatever".encode()
    mail = parse_mail(_multipart("mixed", b"\r\ntext", part))
    assert mail.body == "text"
    assert [one.media_type for one in mail.files] == [kind.partition(";")[0]]
    assert mail.files[0].name


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (b"QUJD\r\nREVG", b"ABCDEF"),
        (b"QUI=", b"AB"),
        (b"QQ==QUI=\r\nQUJD", b"AABABC"),
        (b"QU JD\x00-!\r\n", b"ABC"),
        (b"QUJDR", b"ABC"),
        (b"Q", b""),
        (b"", b""),
    ],
)
def test_base64_is_decoded_as_far_as_it_is(body: bytes, content: bytes) -> None:
    part = b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body
    (file,) = parse_mail(_multipart("mixed", b"\r\ntext", part)).files
    assert file.body == content


def test_a_missing_or_misspelt_boundary_is_guessed() -> None:
    raw = (
        TOP + b"Content-Type: multipart/mixed\r\n\r\n"
        b"--real\r\nContent-Type: text/plain\r\n\r\nhello\r\n--real--\r\n"
    )
    mail = parse_mail(raw)
    assert mail.body == "hello"
    assert mail.problems == ("the boundary was guessed",)


def test_flowed_lines_are_joined_and_signatures_kept_apart() -> None:
    head = b"Content-Type: text/plain; format=flowed\r\n\r\n"
    body = b"one \r\ntwo\r\n> q \r\n> r\r\n-- \r\nAda"
    assert parse_mail(TOP + head + body).body == "one two\n> q r\n-- \nAda"


@pytest.mark.parametrize(
    ("header", "name", "address"),
    [
        (b"evil@e.test (ceo@bank.test)", "ceo@bank.test", "evil@e.test"),
        (b"ceo@bank.test <evil@e.test>", "ceo@bank.test", "evil@e.test"),
        (b'"Doe, Jane" <jane@x.test>', "Doe, Jane", "jane@x.test"),
        (b"=?utf-8?q?J=C3=A4ne?= <jane@x.test>", "Jäne", "jane@x.test"),
        (b"Team: jane@x.test, joe@x.test;", "", "jane@x.test"),
        (b"<@relay.test:jane@x.test>", "", "jane@x.test"),
        (b"jane @ x . test", "", "jane@x.test"),
        (b"a@bank.test@evil.test", "", "a@bank.test@evil.test"),
        (b"Nobody", "Nobody", ""),
    ],
)
def test_the_sender_is_the_address_alone(header: bytes, name: str, address: str) -> None:
    mail = parse_mail(b"From: " + header + b"\r\n\r\nx")
    assert (mail.from_name, mail.from_email) == (name, address)


@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"\x00" * 100, b"From ada Mon\n", b":\n:\n", b"--\n--\n", b"\xff\xfe\x00a"]
)
def test_bytes_that_are_no_mail_are_read_too(raw: bytes) -> None:
    assert parse_mail(raw).from_email == ""


def test_a_mail_with_old_mac_line_ends_has_no_second_header() -> None:
    mail = parse_mail(b"Subject: one\rBcc: evil@e.test\r\n\r\nx")
    assert mail.subject == "one Bcc: evil@e.test"


@pytest.mark.parametrize(
    "date", [b"Fri, 31 Dec 2099 23:59:59 +0000", b"yesterday", b"99 99 99", b""]
)
def test_the_date_is_only_a_claim_and_never_an_error(date: bytes) -> None:
    mail = parse_mail(b"Date: " + date + b"\r\nFrom: a@b.c\r\n\r\nx")
    assert mail.date is None or mail.date.year == 2099


@pytest.mark.parametrize(
    "written", ["<'ada@x.test'>", "[ada@x.test]", "mailto:ada@x.test", "'Ada' <ada@x.test"]
)
def test_an_address_is_found_in_whatever_stands_around_it(written: str) -> None:
    assert parse_mail(f"From: {written}\n\nhi".encode()).from_email == "ada@x.test"


def test_a_mail_whose_lines_end_in_cr_alone_is_read() -> None:
    mail = parse_mail(b"From: ada@x.test\rSubject: old\r\rhello\rworld")
    assert (mail.from_email, mail.subject, mail.body) == ("ada@x.test", "old", "hello\nworld")


@pytest.mark.parametrize(
    ("written", "hour"),
    [("2026-03-02T10:15:00Z", 10), ("2026-03-02 10:15:00+02:00", 8), ("2 Mar 26 10:15 EST", 15)],
)
def test_dates_are_read_in_the_forms_programs_write(written: str, hour: int) -> None:
    mail = parse_mail(f"From: ada@x.test\nDate: {written}\n\nhi".encode())
    assert mail.date is not None
    assert (mail.date.day, mail.date.hour) == (2, hour)


def test_headers_without_a_label_are_read_by_what_all_of_them_say() -> None:
    subject = "Сканер на этаже не работает с утра"
    head = f"From: Анна Белова <anna@x.example>\nSubject: {subject}\n".encode("cp1251")
    mail = parse_mail(head + b"\nx")
    assert (mail.from_name, mail.subject) == ("Анна Белова", subject)


def test_a_japanese_header_that_was_never_encoded_is_read() -> None:
    head = "From: 田中 <tanaka@x.example>\nSubject: 画面が暗い\n".encode("iso-2022-jp")
    mail = parse_mail(head + b"\nx")
    assert (mail.from_name, mail.subject) == ("田中", "画面が暗い")


def test_a_subject_folded_by_a_tab_is_one_line_of_words() -> None:
    assert (
        parse_mail(b"From: a@x.test\nSubject: The lamp\n\tis red\n\nx").subject == "The lamp is red"
    )


def test_blanks_behind_a_soft_line_break_are_none_of_the_text() -> None:
    head = "From: a@x.test\nContent-Transfer-Encoding: quoted-printable\n\n"
    assert (
        parse_mail(f"{head}The la= \nmp is= \t\n red =3D on\n".encode()).body
        == "The lamp is red = on"
    )


def test_words_that_are_called_base64_are_words_and_so_is_a_footer_below_it() -> None:
    kind = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    head = f"From: a@x.test\n{kind}"
    words = "The lamp of the printer is red, and nothing helps."
    assert parse_mail(f"{head}{words}\n".encode()).body == words
    coded = base64.encodebytes(f"{words} Größe".encode() * 3).decode()
    footer = "crew mailing list of the house"
    assert (
        parse_mail(f"{head}{coded}\n{footer}\n".encode()).body
        == f"{words} Größe" * 3 + f"\n{footer}"
    )
    assert parse_mail((head + " ".join(coded)).encode()).body == f"{words} Größe" * 3


def test_a_raw_name_of_a_file_is_read_in_the_charset_of_the_mail() -> None:
    head = "From: a@x.test\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
    text = "Content-Type: text/plain; charset=gb2312\n\nx\n--b\n"
    file = 'Content-Type: application/pdf; name="打印报告.pdf"\n\nx\n--b--\n'.encode("gbk")
    mail = parse_mail((head + text).encode() + file)
    assert [one.name for one in mail.files] == ["打印报告.pdf"]
