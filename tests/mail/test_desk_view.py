"""A mail as this desk sees it: own lists, own mark, absences by their subject (§1.4, §1.7)."""

import pytest

from deskterm.mail.desk_view import OwnDesk, is_absence_subject, is_receipt_subject, seen_by
from deskterm.mail.parse import parse_mail
from deskterm.mail.parsed import ParsedMail
from deskterm.mail.reaction import is_complaint, reaction_of
from deskterm.mail.tokens import loop_mark, message_id

SECRET = "s3cret"
DESK = OwnDesk(frozenset({"help@desk.example", "crew@lists.desk.example"}), (SECRET,))
OURS = message_id(4, "ab", SECRET, "desk.example")


def seen(headers: str, body: str = "hello", sender: str = "Ada <ada@x.example>") -> ParsedMail:
    """Give a mail as the desk sees it."""
    raw = f"From: {sender}\nTo: help@desk.example\n{headers}\n\n{body}"
    return seen_by(parse_mail(raw.encode()), DESK)


@pytest.mark.parametrize(
    ("headers", "machine"),
    [
        ("List-Post: <mailto:crew@lists.desk.example>\nPrecedence: list", False),
        ("List-Id: Crew <crew.lists.desk.example>\nList-Unsubscribe: <mailto:x@y>", False),
        ("List-Id: News <news.shop.example>\nList-Unsubscribe: <mailto:x@y>", True),
        ("List-Id: <crew.lists.desk.example>\nAuto-Submitted: auto-replied", True),
        ("List-Id: <crew.lists.desk.example>\nPrecedence: junk", True),
    ],
)
def test_a_list_of_the_desk_itself_makes_nobody_a_machine(headers: str, machine: bool) -> None:
    assert seen(headers).is_auto is machine


def test_only_our_own_loop_mark_says_that_a_letter_came_back() -> None:
    assert seen(f"X-Deskterm-Loop: {loop_mark(4, SECRET)}").is_auto
    for mark in (
        "4",
        loop_mark(4, "another desk"),
        loop_mark(4, SECRET).replace("4.", "5."),
        "4.ü",
    ):
        assert not seen(f"X-Deskterm-Loop: {mark}").is_auto


@pytest.mark.parametrize(
    ("subject", "absent"),
    [
        ("Automatic reply: [#4] Printer", True),
        ("Abwesenheitsnotiz: [#4] Printer", True),
        ("Odpowiedź automatyczna: Drukarka", True),
        ("Răspuns automat: Imprimanta", True),
        ("Αυτόματη απάντηση: VPN", True),
        ("תשובה אוטומטית: VPN", True),
        ("رد تلقائي: VPN", True),
        ("회신: 부재중 알림: VPN", True),
        ("Trả lời tự động: VPN", True),
        ("Automatic door does not close", False),
        ("Out of Office", True),
        ("Réponse automatique : [#4] Printer", True),
        ("Respuesta automática: [#4]", True),
        ("Automatisch antwoord: [#4] Printer", True),
        ("I'm out of the office (Re: [#4] Printer)", True),
        ("自动回复: [#4] Printer", True),
        ("Re: [#4] Automatic reply: wrong text", False),
        ("Automatic reply does not start for me", False),
        ("Away team needs a printer", False),
        ("Read: [#4] Printer", False),
        ("Absent files", False),
        ("AUTO: Ina Koch is out of the office (returning 12/03/2026)", True),
        ("Ina Koch/Firma ist außer Haus. (Rückkehr am 12.03.) [#4] Printer", True),
        ("Im Urlaub bis 12.3. - Re: [#4] Printer", True),
        ("En congés : [#4] Printer", True),
        ("In ferie: [#4] Printer", True),
        ("Нет на месте: [#4] Printer", True),
        ("不在です: [#4] Printer", True),
        ("[Auto-Reply] Re: [#4] Printer", True),
        ("I am out of office until Monday Re: [#4] Printer", True),
        ("Vacation calendar is broken Re: [#4]", False),
        ("leave", False),
        ("leave [#4] Printer", False),
        ("Urlaub", False),
        ("Semester", False),
        ("Holidays", False),
        ("Ich bin im Urlaub bis 12.3.", True),
        ("Urlaub: Antrag geht nicht [#4]", False),
        ("The PC of Ina is out of the office network [#4]", False),
        ("Re: [#4] Out of office is not sent", False),
        ("AW: Re: [#4] Abwesenheit: falscher Text", False),
    ],
)
def test_an_absence_is_told_by_the_shape_of_its_subject(subject: str, absent: bool) -> None:
    assert is_absence_subject(subject) is absent
    assert seen(f"Subject: {subject}\nIn-Reply-To: {OURS}").is_auto in (absent, "Read:" in subject)
    assert not seen(f"Subject: {subject.replace('[#4]', '')}").is_auto  # it answers nobody


def test_a_receipt_is_told_by_its_subject_where_it_names_our_letter() -> None:
    assert is_receipt_subject("Gelesen: [#4] Printer")
    assert is_receipt_subject("Not read: [#4] Printer")
    assert not is_receipt_subject("Read: only mode of the share")


def test_a_rule_of_the_sender_s_own_mailbox_answers_and_one_of_another_s_redirects() -> None:
    answer = f"Subject: Re: [#4] x\nIn-Reply-To: {OURS}\nX-MS-Exchange-Inbox-Rules-Loop: "
    assert seen(f"{answer}ada@x.example").is_auto
    assert not seen(f"{answer}box@x.example").is_auto
    assert not seen("Subject: away\nX-MS-Exchange-Inbox-Rules-Loop: ada@x.example").is_auto


@pytest.mark.parametrize(
    ("body", "sign"),
    [
        ("👍\n\nAda reacted via Gmail", "👍"),
        ("Ada Moss reacted to your message: ❤️\n\n> Hello Ada", "❤️"),
        ("Ada hat auf Ihre Nachricht reagiert 👏", "👏"),
        ("Liked “We have sent a new one”", "👍"),
        ("Disliked “It is solved”", "👎"),
        ("The page reacted to my click after a minute", ""),
        ("👍 but the left button sticks", ""),
        ("Loved the new screen, but it flickers", ""),
    ],
)
def test_a_reaction_is_known_by_its_words(body: str, sign: str) -> None:
    assert reaction_of(b"", body) == sign


def test_a_kind_reaction_is_no_word_of_a_person_and_a_complaint_is() -> None:
    part = b'{"version": 1, "emoji": "\xf0\x9f\x91\x8e"}'
    assert is_complaint(reaction_of(part, ""))
    assert seen("Subject: Re: x", "👍\n\nAda reacted via Gmail").machine.opens is False
    assert not seen("Subject: Re: x", "👎\n\nAda reacted via Gmail").is_auto
    assert reaction_of(b"[" * 5_000, "") == "👍"


@pytest.mark.parametrize(
    ("sender", "headers", "writer"),
    [
        (
            "Order form <no-reply@shop.example>",
            "Reply-To: Otto <otto@x.example>",
            ("Otto", "otto@x.example"),
        ),
        ("Site <wordpress@y.example>", "Reply-To: otto@x.example", ("", "otto@x.example")),
        ("Site <formmail@y.example>", "Reply-To: otto@x.example", ("", "otto@x.example")),
        (
            "'Ada Moss' via Crew <crew@lists.desk.example>",
            "X-Original-Sender: ada@x.example\nReply-To: crew@lists.desk.example",
            ("Ada Moss", "ada@x.example"),
        ),
        (
            "Ada via Crew <crew@lists.desk.example>",
            "X-Original-From: Ada Moss <ada@x.example>\nX-Original-Sender: ada@x.example",
            ("Ada Moss", "ada@x.example"),
        ),
        (
            "Ada Moss via Crew <crew@lists.desk.example>",
            "Reply-To: crew@lists.desk.example\nCc: Bo <bo@x.example>, Ada Moss <ada@x.example>",
            ("Ada Moss", "ada@x.example"),
        ),
        ("D <help@desk.example>", "Reply-To: help+4.a@desk.example", ("D", "help@desk.example")),
        ("Otto <otto@x.example>", "Reply-To: home@y.example", ("Otto", "otto@x.example")),
        ("S <no-reply@y.example>", "Reply-To: noreply@y.example", ("S", "no-reply@y.example")),
    ],
)  # fmt: skip
def test_who_stands_behind_a_form_a_list_or_a_no_reply_address_wrote_it(
    sender: str, headers: str, writer: tuple[str, str]
) -> None:
    mail = seen(headers, sender=sender)
    assert (mail.from_name, mail.from_email) == writer
