"""The words of a mail are found wherever they are, and only words (semantics §1.11)."""

import base64

import pytest

from deskterm.mail.parse import is_stand_in, parse_mail
from deskterm.mail.parsed import ParsedMail

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HEAD = "From: Ina <ina@firma.example>\nTo: help@desk.example\nSubject: Words\nMIME-Version: 1.0\n"


def _html(html: str) -> ParsedMail:
    return parse_mail(f"{HEAD}Content-Type: text/html; charset=utf-8\n\n{html}".encode())


def _both(plain: str, html: str) -> ParsedMail:
    return parse_mail(
        f"{HEAD}Content-Type: multipart/alternative; boundary=b\n\n"
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n"
        f"--b\nContent-Type: text/html; charset=utf-8\n\n{html}\n--b--\n".encode()
    )


def test_a_picture_in_a_data_address_is_a_file_with_a_mark_where_it_stood() -> None:
    data = base64.b64encode(PIXEL).decode()
    mail = _html(f'<p>Before</p><img src="data:image/png;base64,{data}" alt="error"><p>After</p>')
    assert [(file.name, file.media_type, file.body) for file in mail.files] == [
        ("picture-1.png", "image/png", PIXEL)
    ]
    assert mail.body == "Before\n\n[picture-1.png] error\n\nAfter"


def test_pictures_in_both_forms_of_data_addresses_are_numbered() -> None:
    data = base64.b64encode(PIXEL).decode()
    folded = data[:40] + "\n  " + data[40:]
    mail = _html(
        f"<img src='data:image/png;base64,{folded}'>"
        '<img src="data:image/svg+xml,%3Csvg%3E%3C/svg%3E"><img src="data:image/gif;base64,@@@">'
    )
    assert [file.name for file in mail.files] == ["picture-1.png", "picture-2.svg"]
    assert mail.files[0].body == PIXEL
    assert mail.files[1].body == b"<svg></svg>"


@pytest.mark.parametrize("kind", ["", "application/octet-stream", "image/png"])
def test_a_picture_is_told_by_its_bytes_where_no_type_or_no_quotes_stand(kind: str) -> None:
    data = base64.b64encode(PIXEL).decode()
    mail = _html(f"<p>See:</p><img src=data:{kind};base64,{data}><p>End</p>")
    assert [(file.media_type, file.body) for file in mail.files] == [("image/png", PIXEL)]
    assert "[picture-1.png]" in mail.body
    assert _html(f'<img src="data:{kind};base64,QUJD">').body == "" or kind == "image/png"


def test_a_style_or_a_link_with_a_data_address_is_no_picture_to_keep() -> None:
    mail = _html('<p style="background:url(data:image/png;base64,AAAA)">Words</p>')
    assert mail.files == ()
    assert mail.body == "Words"


@pytest.mark.parametrize(
    "plain",
    [
        "This message needs a viewer for rich text.",
        "Diese Nachricht wurde als HTML gesendet.",
        "Hello,\n\nKind regards",
        "Please read the HTML version of this message, it shows all.",
        "[https://firma.example/logo.png]",
        "\u200b--",
    ],
)
def test_a_plain_part_without_the_words_gives_way_to_the_html(plain: str) -> None:
    words = (
        "<p>Hello,</p><p>the printer in the copy room shows error E-45 and a red lamp since this "
        "morning. Toner was changed yesterday, paper is loaded, switching off did not help.</p>"
        "<p>Kind regards</p>"
    )
    mail = _both(plain, words)
    assert "error E-45" in mail.body
    assert not mail.body_is_plain


def test_a_plain_part_with_the_words_stays() -> None:
    plain = "The printer shows error E-45.\n\nInes"
    assert _both(plain, "<p>The printer shows <b>error E-45</b>.</p><p>Ines</p>").body == plain
    assert _both("Yes.", "<p>Yes.</p>").body == "Yes."
    assert not is_stand_in("", "words and more words here")
    assert not is_stand_in("Please call me back, it is urgent", "[image]")


@pytest.mark.parametrize("filler", ["\u034f\u200c\u00a0", "\u200b", "\u00ad\u200d ", "\ufeff\n"])
def test_filler_of_mailings_is_dropped(filler: str) -> None:
    mail = _html(f"<div>{filler * 40}</div><p>Lena asks for access.</p>")
    assert mail.body == "Lena asks for access."


def test_joiners_of_scripts_and_emoji_are_no_filler() -> None:
    text = "نمی\u200cتوانم 👨\u200d👩\u200d👧"
    raw = f"{HEAD}Content-Type: text/plain; charset=utf-8\n\n{text}".encode()
    assert parse_mail(raw).body == text


INVITATION = """BEGIN:VCALENDAR
METHOD:REQUEST
VERSION:2.0
BEGIN:VEVENT
ORGANIZER;CN=Ina Berg:mailto:ina@firma.example
SUMMARY:Move to the new office
DESCRIPTION:Bring two screens\\, please.
DTSTART;TZID=W. Europe Standard Time:20261202T100000
DTEND;TZID=W. Europe Standard Time:20261202T113000
UID:77@firma.example
LOCATION:House B\\, room 4
END:VEVENT
END:VCALENDAR
"""


def test_an_invitation_without_words_is_read_as_subject_time_and_place() -> None:
    raw = f"{HEAD}Content-Type: text/calendar; method=REQUEST; charset=utf-8\n\n{INVITATION}"
    mail = parse_mail(raw.encode())
    assert mail.body == (
        "Move to the new office\n"
        "Time: 2026-12-02 10:00–11:30 (W. Europe Standard Time)\n"
        "Place: House B, room 4\n"
        "From: Ina Berg <ina@firma.example>\n\n"
        "Bring two screens, please."
    )
    assert [file.media_type for file in mail.files] == ["text/calendar"]
    assert not mail.is_auto


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "cp1252"])
def test_a_calendar_is_read_in_any_charset_and_without_its_end(codec: str) -> None:
    for text in (INVITATION, INVITATION.partition("END:VEVENT")[0]):
        body = text.replace("new office", "Büro").encode(codec)
        raw = f"{HEAD}Content-Type: text/calendar\nContent-Transfer-Encoding: base64\n\n"
        assert parse_mail(raw.encode() + base64.encodebytes(body)).body.startswith(
            "Move to the Büro"
        )


@pytest.mark.parametrize(("kind", "when"), [("VTODO", "DUE"), ("VJOURNAL", "DTSTART")])
def test_a_task_and_a_diary_are_read_like_an_invitation(kind: str, when: str) -> None:
    task = (
        f"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:{kind}\nUID:2\nSUMMARY:Change the toner\n"
        f"{when};TZID=Europe/Berlin:20261203T100000\nEND:{kind}\nEND:VCALENDAR\n"
    )
    mail = parse_mail(f"{HEAD}Content-Type: text/calendar\n\n{task}".encode())
    assert mail.body == "Change the toner\nTime: 2026-12-03 10:00 (Europe/Berlin)"


@pytest.mark.parametrize("method", ["REPLY", "COUNTER"])
def test_the_answer_of_a_calendar_is_machine_mail(method: str) -> None:
    raw = f"{HEAD}Content-Type: text/calendar; method={method}\n\n{INVITATION}"
    assert "calendar" in parse_mail(raw.encode()).machine.reason


@pytest.mark.parametrize(
    "calendar",
    ["", "BEGIN:VCALENDAR", INVITATION.replace("20261202T", "x"), "BEGIN:VEVENT\n" * 900],
)
def test_a_broken_calendar_is_a_file_and_no_failure(calendar: str) -> None:
    raw = f"{HEAD}Content-Type: text/calendar; method=REQUEST\n\n{calendar}"
    assert parse_mail(raw.encode()).problems is not None


def test_a_mail_that_only_holds_another_mail_says_what_that_says() -> None:
    raw = (
        f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\n"
        "Content-Type: message/rfc822\n\nFrom: bo@firma.example\nSubject: Scanner\n\n"
        "It eats paper.\n--b--\n"
    )
    assert parse_mail(raw.encode()).body == "Scanner\n\nIt eats paper."


def test_a_mail_in_a_mail_in_a_mail_is_looked_into_and_an_endless_one_is_not() -> None:
    def passed_on(inner: str, mark: str) -> str:
        return (
            f"From: bo@x.test\nSubject: Fwd {mark}\nContent-Type: multipart/mixed; boundary={mark}"
            f"\n\n--{mark}\nContent-Type: message/rfc822\n\n{inner}\n--{mark}--\n"
        )

    inner = "From: ina@x.test\nSubject: Scanner\n\nIt eats paper."
    assert "It eats paper." in parse_mail(passed_on(passed_on(inner, "a"), "b").encode()).body
    for mark in "abcdefghijklmnop":
        inner = passed_on(inner, mark)
    assert parse_mail(inner.encode()).body.startswith("Fwd")


def test_a_report_without_words_says_what_its_status_part_says() -> None:
    raw = (
        f"{HEAD}Content-Type: multipart/report; boundary=b; report-type=delivery-status\n\n--b\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.firma.example\n\n"
        "Final-Recipient: rfc822; bo@firma.example\nAction: failed\nStatus: 5.1.1\n--b--\n"
    )
    assert "bo@firma.example" in parse_mail(raw.encode()).body
