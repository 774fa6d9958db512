"""A forward, as mail programs write it in many languages: who wrote the mail inside, and what."""

import pytest

from deskterm.mail.forwarded import Forwarded, read_forward
from deskterm.mail.parse import parse_mail
from deskterm.mail.structure import MailLimits

GMAIL = """\
{words} ---------
{frm}: Bo Lind <bo@example.org>
{date}: Mon, 23 Nov 2026 at 09:12
{subj}: No sound
{to}: <cy@desk.test>


The speaker is silent.
"""
OUTLOOK = """\
________________________________
{frm}: Bo Lind <bo@example.org>
{date}: Monday, November 23, 2026 9:12 AM
{to}: Cy <cy@desk.test>
{subj}: No sound

The speaker is silent.
"""
OLD_OUTLOOK = """\
-----{words}-----
{frm}: Bo Lind [mailto:bo@example.org]
{date}: Montag, 23. November 2026 09:12
{to}: Cy
{subj}: No sound

The speaker is silent.
"""
APPLE = """\
> {words}:
>
> {frm}: Bo Lind <bo@example.org>
> {subj}: No sound
> {date}: 23. November 2026 um 09:12:00 MEZ
> {to}: cy@desk.test
>
> The speaker is silent.
"""
LANGUAGES = {
    "en": ("Fwd", "Forwarded message", "From", "Date", "Subject", "To"),
    "de": ("WG", "Weitergeleitete Nachricht", "Von", "Datum", "Betreff", "An"),
    "fr": ("TR", "Message transféré", "De", "Date", "Objet", "À"),
    "es": ("RV", "Mensaje reenviado", "De", "Fecha", "Asunto", "Para"),
    "it": ("I", "Messaggio inoltrato", "Da", "Data", "Oggetto", "A"),
    "pt": ("Enc", "Mensagem encaminhada", "De", "Data", "Assunto", "Para"),
    "nl": ("Doorst", "Doorgestuurd bericht", "Van", "Datum", "Onderwerp", "Aan"),
    "sv": ("VB", "Vidarebefordrat meddelande", "Från", "Datum", "Ämne", "Till"),
    "pl": ("PD", "Przekazana wiadomość", "Od", "Data", "Temat", "Do"),
    "ru": ("Fwd", "Пересылаемое сообщение", "От", "Дата", "Тема", "Кому"),
    "ja": ("Fwd", "転送されたメッセージ", "差出人", "日付", "件名", "宛先"),
}


def _read(subject: str, text: str) -> Forwarded | None:
    raw = (
        f"From: cy@desk.test\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}"
    )
    return read_forward(parse_mail(raw.encode()), MailLimits())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", [GMAIL, OUTLOOK, OLD_OUTLOOK, APPLE])
def test_a_forward_gives_whoever_wrote_the_mail_inside(form: str, language: str) -> None:
    prefix, words, frm, date, subject, to = LANGUAGES[language]
    above = "---------- " if form is GMAIL else ""
    text = above + form.format(words=words, frm=frm, date=date, subj=subject, to=to)
    found = _read(f"{prefix}: No sound", f"Please look at this one.\n\n{text}")
    assert found is not None
    assert (found.sender.name, found.sender.address) == ("Bo Lind", "bo@example.org")
    assert found.words.strip() == "The speaker is silent."
    assert found.comment == "Please look at this one."
    assert found.subject == "No sound"


def test_a_sender_without_address_is_known_by_name() -> None:
    found = _read("FW: x", "From: Lind, Bo\nSent: 2026-11-23\nTo: Cy\nSubject: x\n\nhelp")
    assert found is not None
    assert (found.sender.name, found.sender.address) == ("Lind, Bo", "")


def test_an_attached_mail_gives_its_own_sender_words_and_files() -> None:
    raw = (
        b"From: cy@desk.test\nSubject: Fwd: x\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\n\nplease do\n--b\nContent-Type: message/rfc822\n\n"
        b"From: Bo <bo@example.org>\nSubject: No sound\nMessage-ID: <in@x>\n"
        b"Content-Type: multipart/mixed; boundary=c\n\n"
        b"--c\n\nSilent.\n--c\nContent-Type: image/png; name=a.png\n\nx\n--c--\n--b--\n"
    )
    found = read_forward(parse_mail(raw), MailLimits())
    assert found is not None
    assert (found.sender.address, found.subject, found.words.strip()) == (
        "bo@example.org",
        "No sound",
        "Silent.",
    )
    assert (found.comment, found.message_id) == ("please do", "in@x")
    assert [one.name for one in found.files] == ["a.png"]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Printer", "From: my desk\nI cannot print.\n"),
        ("Fwd: nothing", "I only say forward.\n"),
        ("Re: Printer", "See:\n\nFrom: Bo <bo@x.test>\nDate: 2026-11-23\nSubject: y\n\nold\n"),
    ],
)
def test_what_is_no_forward_stays_the_sender_s_own(subject: str, text: str) -> None:
    assert _read(subject, text) is None


def test_a_huge_text_is_looked_through_once() -> None:
    found = _read("Fwd: x", "From: a\n" * 200_000 + "-" * 50_000)
    assert found is None


def test_headers_that_a_program_wrote_into_one_line_are_read_one_by_one() -> None:
    mail = parse_mail(
        b"From: cy@desk.test\nSubject: Fwd: No sound\n\nYours?\n\n"
        b"   ----- Forwarded Message -----From: Bo Lind <bo@example.org>To: cy@desk.test"
        b"Sent: Monday, 23 November 2026Subject: No sound\nThe speaker is silent.\n"
    )
    inner = read_forward(mail, MailLimits())
    assert inner
    assert (inner.sender.address, inner.words) == ("bo@example.org", "The speaker is silent.")
    assert (inner.subject, inner.comment) == ("No sound", "Yours?")
