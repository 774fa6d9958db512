"""Bounces are recognised with whom they name; machines that only answer are none."""

import pytest

from deskterm.mail.bounce import Bounce
from deskterm.mail.parse import parse_mail

_REPORT = """From: MAILER-DAEMON@mx.test
To: desk@x.test
Subject: {subject}
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test

{status}
--b
Content-Type: {original}

Message-ID: <dt.7.abc@x.test>
To: ada@y.test
Subject: Printer
--b--
"""


def _bounce(text: str) -> Bounce | None:
    return parse_mail(text.replace("\n", "\r\n").encode()).bounce


def _report(status: str, original: str = "message/rfc822") -> Bounce | None:
    return _bounce(_REPORT.format(subject="Returned mail", status=status, original=original))


def test_the_status_part_names_whom_why_and_the_mail_that_came_back() -> None:
    bounce = _report(
        "Original-Recipient: rfc822;ada@y.test\nFinal-Recipient: rfc822; <ada@y.test>\n"
        "Action: failed\nStatus: 5.1.1 (bad destination)\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such\n  person\n\n"
        "Final-Recipient: rfc822; bob@y.test\nAction: delayed\nStatus: 4.2.2\n",
    )
    assert bounce
    ada, bob = bounce.recipients
    assert (ada.address, ada.action, ada.status) == ("ada@y.test", "failed", "5.1.1")
    assert ada.diagnostic.startswith("550 5.1.1 no such")
    assert (bob.action, bob.status) == ("delayed", "4.2.2")
    assert bounce.original_ids == ("dt.7.abc@x.test",)
    assert bounce.hard
    assert bounce.failed


@pytest.mark.parametrize("original", ["text/rfc822-headers", "message/rfc822"])
@pytest.mark.parametrize(
    ("status", "failed", "hard"),
    [
        ("Action: failed\nStatus: 4.4.7", True, False),
        ("Action: Failed\nStatus: 5.7.1", True, True),
        ("Action: failed\nDiagnostic-Code: smtp; 552-5.2.2 full", True, True),
        ("Action: delayed\nStatus: 4.4.1", False, False),
    ],
)
def test_only_a_failure_with_a_five_is_hard(
    original: str, status: str, failed: bool, hard: bool
) -> None:
    bounce = _report(f"Final-Recipient: rfc822; ada@y.test\n{status}\n", original)
    assert bounce
    assert (bounce.failed, bounce.hard) == (failed, hard)
    assert bounce.original_ids == ("dt.7.abc@x.test",)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_no_bounce(action: str) -> None:
    assert (
        _report(f"Final-Recipient: rfc822; ada@y.test\nAction: {action}\nStatus: 2.0.0\n") is None
    )


@pytest.mark.parametrize(
    ("head", "body", "address", "status"),
    [
        (
            "From: MAILER-DAEMON@mx.test\nSubject: failure notice",
            "Hi. This is the qmail-send program at mx.test.\nI'm afraid I wasn't able to deliver "
            "your message to the following addresses.\n\n<ada@y.test>:\nuser is over quota "
            "(#5.2.2)\n\n--- Below this line is a copy of the message.\n\n"
            "Message-ID: <1@x.test>\nTo: other@y.test\n",
            "ada@y.test",
            "5.2.2",
        ),
        (
            "From: Mail Delivery System <Mailer-Daemon@mx.test>\nX-Failed-Recipients: ada@y.test\n"
            "Auto-Submitted: auto-replied\nSubject: Mail delivery failed: returning message",
            "This message was created automatically by mail delivery software.\n\n  ada@y.test\n"
            "    host mx.y.test: 550 unknown user\n\n------ This is a copy of the message ------\n"
            "Message-ID: <1@x.test>\n",
            "ada@y.test",
            "5.0.0",
        ),
        (
            "From: Mail Delivery Subsystem <MAILER-DAEMON>\nSubject: Returned mail: User unknown",
            "   ----- The following addresses had permanent fatal errors -----\n<ada@y.test>\n\n"
            "   ----- Transcript of session follows -----\n"
            "550 5.1.1 <ada@y.test>... User unknown\n\n   ----- Original message follows -----\n"
            "Message-ID: <1@x.test>\n",
            "ada@y.test",
            "5.1.1",
        ),
        (
            "From: Postmaster <postmaster@y.test>\nSubject: Unzustellbar: Drucker",
            "Die Nachricht konnte nicht zugestellt werden:\n\nada@y.test\n"
            "Die Adresse wurde nicht gefunden. 5.1.10\n\nMessage-ID: <1@x.test>\n",
            "ada@y.test",
            "5.1.10",
        ),
        (
            "Return-Path: <>\nFrom: System Administrator <a@y.test>\nSubject: Undeliverable: Hi",
            "Your message did not reach some or all of the intended recipients.\n\n"
            "      'ada@y.test' on 1/2/2026 3:04 PM\n            550 5.7.1 refused\n\n"
            "Message-ID: <1@x.test>\n",
            "ada@y.test",
            "5.7.1",
        ),
    ],
    ids=["qmail", "exim", "sendmail", "german", "exchange"],
)
def test_the_words_of_mail_systems_without_a_status_part_are_understood(
    head: str, body: str, address: str, status: str
) -> None:
    bounce = _bounce(f"{head}\nTo: desk@x.test\n\n{body}")
    assert bounce
    assert [(one.address, one.status) for one in bounce.recipients] == [(address, status)]
    assert bounce.original_ids == ("1@x.test",)


@pytest.mark.parametrize(
    "mail",
    [
        "Return-Path: <>\nFrom: ada@y.test\nSubject: Away until Monday\n\nI am not here.",
        "Return-Path: <>\nFrom: ada@y.test\nAuto-Submitted: auto-replied\nSubject: Out of office"
        "\n\nYour mail could not be delivered to me, I am away.",
        "From: ada@y.test\nSubject: Undeliverable: my mails\n\n550 5.1.1 user unknown, help!",
        "From: ada@y.test\nSubject: Delivery failed\n\nThe parcel with the printer did not come.",
        "From: postmaster@y.test\nSubject: Quarterly report of mail traffic\n\nAll is well.",
        "From: postmaster@y.test\nSubject: Your mailbox is full\n\nQuota exceeded, please delete.",
        "Return-Path: <bounces+7@news.test>\nSender: bounces@news.test\nFrom: ada@news.test\n"
        "Subject: News\n\nVisit us at the following address: info@news.test",
        "From: ada@y.test\nSubject: read\nContent-Type: multipart/report; boundary=b;"
        " report-type=disposition-notification\n\n--b\n\nYour message was read.\n--b--",
        "From: ada@y.test\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nWhat is this?\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
        "Final-Recipient: rfc822; a@b.test\nAction: failed\nStatus: 5.1.1\n--b--",
    ],
    ids=[
        "null path",
        "absent",
        "asks",
        "parcel",
        "traffic",
        "quota",
        "newsletter",
        "receipt",
        "passed on",
    ],
)
def test_what_only_looks_like_a_bounce_is_none(mail: str) -> None:
    assert _bounce(mail) is None


_WORDS = """
no-reply@app.test | Delivery | Could not be delivered to: <{}> / It is full. | failed
postmaster@y.test | Undeliverable Mail | User mailbox exceeds allowed size: {} | failed
postmaster@y.test | Undeliverable Mail | Unknown user: {} / | failed
Mail Gateway <gw@y.test> | Mail could not be delivered | RCPT TO:<{}> / 550 5.1.1 no | failed
MAILER-DAEMON@y.test | Failure | Your message wasn't delivered to {} for it is unknown. | failed
MAILER-DAEMON@y.test | Returned mail: Host unknown | 550 {}... Host unknown / | failed
Mailer Daemon <m@y.test> | Warning | A message is delayed for 4 hours: / / {}: 450 later | delayed
MAILER-DAEMON@y.test | Notice (Delay) | A temporary problem delivering your message to {}. | delayed
Postmaster@notes.y.test | NDN: Printer | Your document: / was not delivered to: {} / Full. | failed
MTA <postmaster@y.test> | Non-Delivery | Unable to transfer for /S=a/ ({}) / 5.1.1 | failed
Outlook <postmaster@y.test> | Unzustellbar: X | Fehler bei der Nachricht an: / {} / Weg. | failed
Microsoft Outlook <postmaster@y.test> | Verzögerte Zustellung: X | An: / {} / Es dauert. | delayed
Microsoft Outlook <postmaster@y.test> | Remise différée : X | En retard : / {} | delayed
Microsoft Outlook <postmaster@y.test> | Não é possível entregar: X | Falha na entrega / {} | failed
Microsoft Outlook <postmaster@y.test> | Kan inte leverera: X | Leveransen misslyckades / {} | failed
Microsoft Outlook <postmaster@y.test> | Не удается доставить: X | Не доставлено: / {} | failed
mailer-daemon@y.test | Status (Failure) | Die Mail wurde nicht an {} zugestellt, es fehlt. | failed
mailer-daemon@y.test | Status (Failure) | Votre message n'est pas parvenu à {}, inconnu. | failed
postmaster@y.test | Mailbox full | It cannot be delivered, the mailbox of {} is full. | failed
postmaster@y.test | Mail delivery failed | The account {} has been closed. | failed
mailer-daemon@y.test | Unzustellbar | Ihre Nachricht an {} wurde endgültig nicht zugestellt, \
verzögert bis heute. | failed
Outlook <postmaster@y.test> | Undeliverable: X | Delivery has failed to: / \
{0}<mailto:{0}> / Not found. | failed
Outlook <postmaster@y.test> | Entrega retrasada: X | La entrega se ha retrasado: / {} | delayed
postmaster@y.test | [Gateway] Warning | To / -- {} / late. We will continue to try. | delayed
MDaemon <a@y.test> | Delivery failed | Undeliverable. / Failed address: {} / 550 no | failed
"""


@pytest.mark.parametrize("line", _WORDS.replace("\\\n", "").strip().split("\n"))
def test_reports_in_words_name_their_address_wherever_it_stands(line: str) -> None:
    sender, subject, words, action = line.split(" | ")
    text = words.format("ada@y.test").replace(" / ", "\n")
    bounce = _bounce(f"From: {sender}\nSubject: {subject}\nTo: desk@x.test\n\n{text}")
    assert bounce
    assert [(one.address, one.action) for one in bounce.recipients] == [("ada@y.test", action)]


@pytest.mark.parametrize("sender", ["MAILER-DAEMON <>", "<>"])
def test_a_report_from_nobody_is_one(sender: str) -> None:
    text = f"From: {sender}\nSubject: Undeliverable\n\nUnknown user: ada@y.test\n"
    assert _bounce(text)


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Delivery Report (success) for ada@y.test", "It was delivered to ada@y.test."),
        ("Relayed: Printer", "Delivery to these groups is complete, says no one:\n\nada@y.test"),
        ("Weitergeleitet: X", "Die Zustellung an diese Empfänger ist abgeschlossen:\n\nada@y.test"),
        ("Maintenance", "On Sunday mail will not be delivered for an hour. Ask admin@y.test"),
    ],
)
def test_a_mail_system_that_says_that_a_mail_arrived_reports_no_failure(
    subject: str, words: str
) -> None:
    assert _bounce(f"From: postmaster@y.test\nSubject: {subject}\n\n{words}") is None


def test_a_header_that_is_quoted_is_proof_where_a_mail_system_names_no_address() -> None:
    text = "From: MTA <postmaster@y.test>\nSubject: Notice\n\nNon-delivery of your mail.\n"
    assert _bounce(text) is None
    bounce = _bounce(f"{text}\nTo: ada@y.test\nMessage-ID: <dt.7.abc@x.test>\n")
    assert bounce
    assert bounce.original_ids == ("dt.7.abc@x.test",)


def test_a_subject_is_enough_where_the_daemon_itself_writes_it() -> None:
    text = "Subject: Delivery Status Notification (Failure)\n\nThe group may not exist.\n"
    bounce = _bounce(f"From: Mail <mailer-daemon@y.test>\n{text}")
    assert bounce
    assert bounce.failed
    assert _bounce(f"From: Postmaster Bo <postmaster@y.test>\n{text}") is None


def test_the_mail_that_came_back_counts_as_a_file_of_any_type() -> None:
    inner = "From: help@x.test\nTo: ada@y.test\nSubject: x\nMessage-ID: <dt.9@x.test>\n\nHello"
    for kind in ("application/octet-stream", "text/plain"):
        bounce = _bounce(
            "From: MAILER-DAEMON@y.test\nSubject: Undeliverable\n"
            "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nAddress failed: ada@y.test\n"
            f"--b\nContent-Type: {kind}; name=letter.txt\n\n{inner}\n--b--\n"
        )
        assert bounce
        assert bounce.original_ids == ("dt.9@x.test",)


def test_a_list_manager_s_refusal_is_a_report_and_its_approval_a_delay() -> None:
    refused = "From: crew-admin@y.test\nSubject: You are not member\n\nYour mail is not posted.\n"
    held = "From: crew-bounces@y.test\nSubject: Your message awaits moderator approval\n\nHeld."
    assert (bounce := _bounce(refused))
    assert (bounce.failed, bounce.sure) == (True, False)
    assert not (bounce := _bounce(held)) or not bounce.failed


def test_an_action_of_no_standard_is_a_failure_unless_the_status_says_other() -> None:
    for action, status, failed in (("expired", "4.4.7", True), ("warning", "4.4.1", False)):
        bounce = _report(f"Final-Recipient: rfc822; ada@y.test\nAction: {action}\nStatus: {status}")
        assert bounce
        assert bounce.failed is failed
    assert _report("Final-Recipient: rfc822; a@y.test\nAction: done\nStatus: 2.1.5") is None


def test_headers_of_the_mail_that_came_back_are_no_reason() -> None:
    text = "From: MAILER-DAEMON@y.test\nSubject: Undeliverable\n\nThe following address failed:\n"
    bounce = _bounce(f"{text}<ada@y.test>: no such user\nReceived: by mx\nX-Spam: no\n")
    assert bounce
    assert bounce.recipients[0].diagnostic == "<ada@y.test>: no such user"


def test_a_report_speaks_of_the_address_that_we_wrote_to() -> None:
    bounce = _report(
        "Original-Recipient: rfc822; ada@y.test\nFinal-Recipient: rfc822; a.moss@in.y.test\n"
        "Action: relayed\nStatus: 2.0.0\n\n"
        "Final-Recipient: rfc822; old@z.test\nAction: failed\nStatus: 5.1.1\n"
    )
    assert bounce
    assert bounce.reached == ("ada@y.test",)


def test_an_id_on_a_line_of_its_own_is_found_and_proves_a_list_manager_s_refusal() -> None:
    copy = "From: help@x.test\nMessage-ID:\n <dt.11.abc@x.test>\nSubject: Lamp\n"
    text = "You are not allowed to post to this mailing list."
    bounce = _bounce(f"From: crew-owner@y.test\nSubject: Your message to Crew\n\n{text}\n\n{copy}")
    assert bounce
    assert (bounce.original_ids, bounce.sure) == (("dt.11.abc@x.test",), False)


def test_a_report_names_those_that_the_mail_reached() -> None:
    bounce = _report(
        "Final-Recipient: rfc822; Ada@y.test\nAction: delivered\nStatus: 2.0.0\n\n"
        "Final-Recipient: rfc822; old@y.test\nAction: failed\nStatus: 5.1.1\n"
    )
    assert bounce
    assert bounce.reached == ("ada@y.test",)
    assert [one.address for one in bounce.recipients] == ["old@y.test"]


def test_a_person_who_pastes_json_or_asks_about_a_bounce_reports_nothing() -> None:
    for body in (
        '{"name": "x", "email": "a@y.test"}',
        '{"event": "delivery", "to": "a@y.test"}',
        "[" * 9_000,
    ):
        assert _bounce(f"From: ada@y.test\nSubject: Bounce?\n\n{body}") is None


@pytest.mark.parametrize(
    "told",
    [
        '[{"email": "ada@y.test", "event": "bounce", "reason": "550 5.1.1 no", "status": "5.1.1"}]',
        '{"event-data": {"event": "failed", "severity": "permanent", "recipient": "ada@y.test"}}',
        '{"RecordType": "Bounce", "Type": "HardBounce", "Email": "ada@y.test"}',
        '[{"msys": {"message_event": {"type": "bounce", "rcpt_to": "ada@y.test"}}}]',
    ],
)
def test_a_service_s_report_counts_where_json_is_all_that_the_mail_holds(told: str) -> None:
    bounce = _bounce(f"From: events@relay.test\nContent-Type: application/json\n\n{told}\n")
    assert bounce
    assert [(one.address, one.action) for one in bounce.recipients] == [("ada@y.test", "failed")]
