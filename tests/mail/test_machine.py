"""Machine mail is told by its headers, with the reason."""

import pytest

from deskterm.mail.parse import parse_mail


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner-email=x",
        "Precedence: bulk",
        "Precedence: list",
        "X-Precedence: junk",
        "List-Id: <announce.x.test>",
        "List-Unsubscribe: <mailto:x@x.test>",
        "X-Autoreply: yes",
        "X-Autorespond: away",
        "From: MAILER-DAEMON <>",
        "From: <>",
        "X-Autoreply-From: ada@x.test",
        "Return-Path: <>",
        "Sender: MAILER-DAEMON@x.test",
        "Return-Path: <postmaster@x.test>",
        "Content-Type: multipart/report; boundary=x",
    ],
)
def test_each_sign_of_a_machine_counts(header: str) -> None:
    sender = "" if header.startswith("From:") else "From: ada@x.test\r\n"
    mail = parse_mail(f"{sender}{header}\r\n\r\nhello".encode())
    assert mail.is_auto
    assert mail.machine.reason


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: no",
        "Auto-Submitted: no (written by hand)",
        "X-Auto-Response-Suppress: None",
        "X-Auto-Response-Suppress: DR, OOF, AutoReply",
        "X-Auto-Response-Suppress: All",
        "Precedence: first-class",
        "X-Deskterm-Ticket: 1",
        "X-Deskterm-Loop: 12",
        "X-Spam-Flag: NO",
        "Return-Path: <ada@x.test>",
        "From: postmaster-general@x.test",
    ],
)
def test_a_person_s_mail_is_not_taken_for_a_machine_s(header: str) -> None:
    mail = parse_mail(f"{header}\r\nTo: help@x.test\r\n\r\nhello".encode())
    assert mail.machine.reason == ""


@pytest.mark.parametrize(
    ("headers", "opens"),
    [
        ("List-Id: <help.x.test>", True),
        ("Auto-Submitted: auto-generated", True),
        ("Auto-Submitted: auto-replied", False),
        ("Auto-Submitted: auto-replied (holiday)", False),
        ("Auto-Submitted: vacation", False),
        ("X-Autoreply: yes", False),
        ("Precedence: bulk\r\nReturn-Path: <>", False),
        ("List-Id: <x>\r\nX-Vacation: yes", False),
        ("Sender: mailer-daemon@x.test", False),
    ],
)
def test_alerts_and_lists_may_report_trouble_replies_of_machines_and_bounces_may_not(
    headers: str, opens: bool
) -> None:
    mail = parse_mail(f"From: ada@x.test\r\n{headers}\r\n\r\nhello".encode())
    assert mail.machine.opens is opens
