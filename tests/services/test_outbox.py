"""Letters leave once: rendered from the public view, frozen, retried, and given up aloud."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deskterm import paths, settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain import clock
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.questions import Allow
from deskterm.domain.requests import NewFile
from deskterm.mail.parse import parse_mail
from deskterm.mail.parsed import ParsedMail
from deskterm.mail.template_check import check_template
from deskterm.mail.templates import NAMES, shipped
from deskterm.mail.tokens import letter_of_verp, ticket_of_message_id, ticket_of_recipient
from deskterm.services.outbox.sending import GIVE_UP, RETRIES
from tests.builders import count, open_ticket, solved_ticket
from tests.mail.smtp_server import Server, smtp_server
from tests.verbs import verbs


@pytest.fixture
def server() -> Iterator[Server]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def mailing(database_url: str, server: Server) -> Iterator[Desk]:
    """A desk whose letters go to the test's SMTP server."""
    flags = {
        "db": database_url,
        "smtp_host": "127.0.0.1",
        "smtp_port": server.port,
        "smtp_security": "none",
    }
    opened = open_desk(settings.load(flags, as_login="cy"))
    yield opened
    opened.close()


def _delivered() -> list[ParsedMail]:
    folder = paths.outgoing_maildir() / "new"
    files = sorted(folder.iterdir(), key=lambda one: int(one.name.split(".L")[1].split(".")[0]))
    return [parse_mail(one.read_bytes()) for one in files]


def _later(desk: Desk, **ago: float) -> None:
    """Let time pass for the letters: everything happened so much earlier."""
    back = timedelta(**ago)
    with desk.store.reading() as database:
        rows = database.all("SELECT id, not_before, created_at, sent_at, held_until FROM outbox")
        for row in rows:
            moved = {
                name: None if row[name] is None else _moment(row[name]) - back
                for name in ("not_before", "created_at", "sent_at", "held_until")
            }
            database.run(
                "UPDATE outbox SET not_before = :not_before, created_at = :created_at, "
                "sent_at = :sent_at, held_until = :held_until WHERE id = :id",
                id=row["id"],
                **moved,
            )


def _moment(value: Any) -> Any:
    return clock.from_text(value if isinstance(value, str) else value.isoformat())


def _state(desk: Desk, number: int = 1) -> tuple[str, int, str]:
    with desk.store.reading() as database:
        row = database.one("SELECT state, attempts, error FROM outbox WHERE id = :id", id=number)
    assert row is not None
    return row["state"], row["attempts"], row["error"]


def _secret(desk: Desk) -> str:
    with desk.store.reading() as database:
        row = database.one("SELECT value FROM secret WHERE name = 'token'")
    assert row is not None
    return str(row["value"])


def test_a_letter_waits_for_undo_and_then_leaves_once(desk: Desk) -> None:
    open_ticket(desk)
    assert desk.outbox.send() == (0, 0, 0, "")
    _later(desk, seconds=30)
    assert desk.outbox.send().sent == 1
    assert desk.outbox.send().sent == 0
    assert len(_delivered()) == 1


def test_an_undone_operation_s_letter_never_leaves(desk: Desk) -> None:
    open_ticket(desk)
    desk.ledger.undo()
    assert desk.outbox.send(at_once=True).sent == 0


def test_a_letter_is_threaded_signed_and_honest(desk: Desk) -> None:
    number = open_ticket(desk)
    desk.outbox.send(at_once=True)
    verbs(desk).reply([number], "Please switch it on.")
    desk.outbox.send(at_once=True)
    first, second = _delivered()
    secrets = [_secret(desk)]
    assert ticket_of_message_id(first.message_id, secrets) == number
    assert ticket_of_recipient(first.reply_to[0].address, secrets) == number
    assert first.machine.reason.startswith("automatic by its own word (Auto-Submitted: auto-repl")
    assert "Auto-Submitted" not in second.machine.reason
    assert first.message_id in second.references
    assert first.references[0] == second.references[0]
    assert [box.address for box in first.to] == ["ada@example.org"]
    assert second.subject == f"[#{number}] Printer offline"
    assert "Please switch it on." in second.body


def test_an_answer_references_the_customer_s_mail(desk: Desk) -> None:
    desk.inbox.receive(b"From: ada@example.org\r\nMessage-ID: <hers@x>\r\nSubject: s\r\n\r\nhelp")
    desk.inbox.process()
    desk.outbox.send(at_once=True)
    (letter,) = _delivered()
    assert letter.in_reply_to == ("hers@x",)


def test_nothing_internal_reaches_any_letter(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).note([number], "hunter2 is the password")
    verbs(desk).change([number], values={"problem": "hunter2 in the problem"})
    verbs(desk).reply([number], "> [internal] quoted by the customer\nHello")
    verbs(desk).escalate([number], "second level", "hunter2 in the summary", ["hunter2 next"])
    verbs(desk).wait([number], "other", reason="hunter2 waits")
    verbs(desk).solve([number], "Cable replaced.")
    desk.outbox.send(at_once=True)
    with desk.store.reading() as database:
        rows = database.all(
            "SELECT b.bytes FROM outbox o JOIN blob b ON b.sha256 = o.sha256 WHERE o.state = 'sent'"
        )
    texts = [parse_mail(bytes(row["bytes"])).body for row in rows]
    assert len(texts) >= 3
    assert not any("hunter2" in text for text in texts)
    assert any("Cable replaced." in text for text in texts)


def test_letters_due_together_travel_as_one(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).reply([number], "First answer.")
    verbs(desk).reply([number], "Second answer.")
    _later(desk, seconds=30)
    assert desk.outbox.send().sent == 3
    (letter,) = _delivered()
    assert "First answer." in letter.body
    assert "Second answer." in letter.body


def test_what_is_overtaken_while_it_waits_is_not_told(desk: Desk) -> None:
    number = open_ticket(desk)
    _later(desk, seconds=30)
    desk.outbox.send()
    verbs(desk).close([number], "unsolved", "Nothing can be done.")
    verbs(desk).reopen([number], "Something can.")
    verbs(desk).finish([number], "Cable replaced.", "told by phone")
    _later(desk, minutes=3)
    assert desk.outbox.send().sent == 3
    letter = _delivered()[-1]
    assert "Cable replaced." in letter.body
    assert "Nothing can be done." not in letter.body
    assert len(_delivered()) == 2


def test_a_second_letter_within_two_minutes_waits_for_more(desk: Desk) -> None:
    number = open_ticket(desk)
    _later(desk, seconds=30)
    desk.outbox.send()
    verbs(desk).reply([number], "First answer.")
    _later(desk, seconds=30)
    assert desk.outbox.send().sent == 0
    _later(desk, minutes=2)
    assert desk.outbox.send().sent == 1


def test_one_held_back_letter_does_not_hold_back_the_others(desk: Desk) -> None:
    number = open_ticket(desk)
    _later(desk, seconds=30)
    desk.outbox.send()
    for text in range(25):
        verbs(desk).reply([number], f"Answer {text}.")
    open_ticket(desk, requester="bo@example.org")
    _later(desk, seconds=30)
    assert desk.outbox.send().sent == 1


def test_hostile_values_stay_values(desk: Desk) -> None:
    open_ticket(
        desk,
        "{{ 7 * 7 }}{{ticket.subject}}\r\nbcc: e@e.test",
        body="\x1b[2J{% for x in range(9) %}",
        requester='"x" <ada@example.org>',
    )
    desk.outbox.send(at_once=True)
    (letter,) = _delivered()
    assert letter.subject == "[#1] {{ 7 * 7 }}{{ticket.subject}} bcc: e@e.test"
    assert "\x1b" not in letter.body
    assert "{% for x in range(9) %}" in letter.body
    assert [box.address for box in (*letter.to, *letter.cc)] == ["ada@example.org"]


def test_files_of_an_answer_go_with_it(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).note([number], "secret", [NewFile("inner.txt", "text/plain", b"no")])
    verbs(desk).reply([number], "See file.", [NewFile("how.pdf", "application/pdf", b"yes")])
    desk.outbox.send(at_once=True)
    (letter,) = _delivered()
    assert [(one.name, one.body) for one in letter.files] == [("how.pdf", b"yes")]


def test_the_same_letter_delivered_again_stays_one_file(desk: Desk) -> None:
    open_ticket(desk)
    desk.outbox.send(at_once=True)
    with desk.store.reading() as database:
        database.run(
            "UPDATE outbox SET state = 'claimed', held_until = :past",
            past=clock.now() - timedelta(minutes=1),
        )
    assert desk.outbox.send().sent == 1
    assert len(_delivered()) == 1
    (file,) = (paths.outgoing_maildir() / "new").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_two_senders_at_the_same_time_send_each_letter_once(mailing: Desk, server: Server) -> None:
    for who in range(25):
        number = open_ticket(mailing, requester=f"p{who}@example.org")
        verbs(mailing).reply([number], "Switch it on.")
    server.answers["."] = "451 4.3.0 try again"
    mailing.outbox.send(at_once=True)
    server.answers.clear()
    with ThreadPoolExecutor(3) as pool:
        runs = list(pool.map(lambda _: mailing.outbox.send(at_once=True), range(3)))
    assert sum(run.sent for run in runs) == 50
    assert len(server.mails) == 25


def test_a_claimed_letter_is_left_to_its_holder_until_the_lease_ends(desk: Desk) -> None:
    open_ticket(desk)
    with desk.store.reading() as database:
        database.run(
            "UPDATE outbox SET state = 'claimed', held_until = :later",
            later=clock.now() + timedelta(minutes=1),
        )
    assert desk.outbox.send(at_once=True).sent == 0
    _later(desk, minutes=2)
    assert desk.outbox.send(at_once=True).sent == 1


def test_by_smtp_each_letter_has_one_recipient_and_an_acknowledgement_the_null_path(
    mailing: Desk, server: Server
) -> None:
    number = open_ticket(mailing)
    mailing.outbox.send(at_once=True)
    mailing.inbox.receive(
        f"From: ada@example.org\nCc: bo@x.test\nSubject: [#{number}]\n\nx".encode()
    )
    mailing.inbox.process()
    mailing.tickets.do([number], Allow())  # a number in a subject proves nothing: Bo is asked about
    verbs(mailing).reply([number], "a\n.\nMAIL FROM:<x@y>\nhällo")
    mailing.outbox.send(at_once=True)
    first, *others = [sender.split()[0][6:-1] for sender, _, _ in server.mails]
    assert first == ""
    assert [letter_of_verp(one, [_secret(mailing)]) for one in others] == [2, 3]
    assert [recipients for _, recipients, _ in server.mails] == [
        ["TO:<ada@example.org>"],
        ["TO:<ada@example.org>"],
        ["TO:<bo@x.test>"],
    ]
    assert "a\n.\nMAIL FROM:<x@y>\nhällo" in parse_mail(server.mails[1][2]).body
    assert server.connections == 2


def test_an_acknowledgement_with_an_answer_in_it_is_no_acknowledgement(
    mailing: Desk, server: Server
) -> None:
    number = open_ticket(mailing)
    verbs(mailing).reply([number], "Switch it on.")
    mailing.outbox.send(at_once=True)
    ((sender, _, raw),) = server.mails
    assert sender.startswith("FROM:<help+b1.")
    assert b"Auto-Submitted" not in raw


def test_without_verp_bounces_come_to_the_desk(mailing: Desk, server: Server) -> None:
    mailing.desk_settings.set("mail.verp", "no")
    verbs(mailing).reply([open_ticket(mailing)], "Switch it on.")
    mailing.outbox.send(at_once=True)
    ((sender, _, _),) = server.mails
    assert sender.startswith("FROM:<help@localhost>")


def test_whoever_is_kept_informed_is_not_thanked_for_the_report(desk: Desk) -> None:
    number = open_ticket(desk, watchers=("Bo <bo@example.org>",))
    first, second = desk.outbox.preview(number)
    assert "Thank you for telling us" in first.text
    assert "Ada Moss has turned to us" in second.text


@pytest.mark.parametrize(
    ("command", "answer", "state"),
    [
        ("RCPT", "550 5.1.1 no such user", "failed"),
        ("RCPT", "452 4.2.2 mailbox full", "queued"),
        ("RCPT", "552 5.2.2 mailbox full", "queued"),
        ("DATA", "554 5.6.0 content", "failed"),
        (".", "451 4.3.0 try again", "queued"),
        (".", "close", "queued"),
        ("MAIL", "close", "queued"),
        ("MAIL", "550 5.7.1 policy", "queued"),
        ("RCPT", "550 5.7.1 relaying denied", "queued"),
    ],
)
def test_each_answer_of_a_server_has_its_meaning(
    mailing: Desk, server: Server, command: str, answer: str, state: str
) -> None:
    open_ticket(mailing)
    server.answers[command] = answer
    mailing.outbox.send(at_once=True)
    found, attempts, error = _state(mailing)
    assert (found, attempts) == (state, 1)
    assert error
    notes = count(mailing, "ledger", "event = 'noted' AND NOT public AND actor = 'desk'")
    assert notes == (1 if state == "failed" else 0)


def test_a_lost_connection_is_tried_again_with_the_same_bytes(
    mailing: Desk, server: Server
) -> None:
    open_ticket(mailing)
    server.answers["."] = "close"
    mailing.outbox.send(at_once=True)
    server.answers.clear()
    assert mailing.outbox.send().sent == 0
    _later(mailing, minutes=2)
    assert mailing.outbox.send().sent == 1
    first, second = (body for _, _, body in server.mails)
    assert first == second


def test_a_refused_account_pauses_and_says_so(mailing: Desk, server: Server) -> None:
    for who in ("ada", "bo", "di"):
        open_ticket(mailing, requester=f"{who}@example.org")
    server.answers["MAIL"] = "535 5.7.8 bad credentials"
    assert "535" in mailing.outbox.send(at_once=True).paused
    server.answers.clear()
    _later(mailing, minutes=5)
    assert "535 5.7.8" in mailing.outbox.send().paused
    out = mailing.outbox.standing()
    assert (out.waiting, out.failed) == (3, 0)
    assert "535 5.7.8" in out.paused
    assert out.until is not None
    assert server.mails == []
    assert mailing.outbox.send(at_once=True).sent == 3


def test_after_three_days_a_letter_is_given_up_with_a_note(mailing: Desk, server: Server) -> None:
    number = open_ticket(mailing)
    server.answers["RCPT"] = "450 try later"
    for wait in RETRIES:
        assert mailing.outbox.send(at_once=True).later == 1
        _later(mailing, seconds=wait)
    _later(mailing, seconds=GIVE_UP.total_seconds())
    assert mailing.outbox.send().failed == 1
    note = mailing.tickets.show(number).timeline[-1]
    assert (note.event, note.public) == ("noted", False)
    assert "No letter reached ada@example.org: given up after 3 days: 450 try" in note.text


def test_a_failed_letter_can_be_sent_again(mailing: Desk, server: Server) -> None:
    open_ticket(mailing)
    server.answers["RCPT"] = "550 5.1.1 no such user"
    mailing.outbox.send(at_once=True)
    server.answers.clear()
    assert [row.state for row in mailing.outbox.retry().letters] == ["queued"]
    assert mailing.outbox.send(at_once=True).sent == 1
    with pytest.raises(RefusedError, match="letter 1 is sent"):
        mailing.outbox.retry([1])
    with pytest.raises(NotFoundError, match="no letter 9"):
        mailing.outbox.retry([9])


def test_a_server_that_is_not_there_means_later(database_url: str) -> None:
    flags = {"db": database_url, "smtp_host": "127.0.0.1", "smtp_port": 1, "smtp_security": "none"}
    desk = open_desk(settings.load(flags, as_login="cy"))
    open_ticket(desk)
    open_ticket(desk, requester="bo@example.org")
    done = desk.outbox.send(at_once=True)
    assert (done.sent, done.later, done.failed) == (0, 1, 0)
    assert "cannot be reached: Connection refused" in done.paused
    assert [row.state for row in desk.outbox.queue()] == ["queued", "queued"]
    assert "cannot be reached" in desk.outbox.send().paused
    desk.close()


def test_a_maildir_that_cannot_be_written_means_later(desk: Desk) -> None:
    open_ticket(desk)
    folder = paths.outgoing_maildir()
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file is in the way")
    assert desk.outbox.send(at_once=True).later == 1


def test_a_preview_shows_what_would_leave_and_freezes_nothing(desk: Desk) -> None:
    number = open_ticket(desk)
    (letter,) = desk.outbox.preview(number)
    assert ("Subject", "[#1] Printer offline") in letter.headers
    assert not letter.frozen
    assert count(desk, "outbox", "sha256 IS NOT NULL") == 0
    with pytest.raises(NotFoundError):
        desk.outbox.preview(99)


@pytest.mark.parametrize("name", [*NAMES, "frame"])
def test_every_letter_of_a_new_desk_can_be_rendered(name: str) -> None:
    check_template(name, shipped(name))


def test_an_edited_letter_is_used_and_can_be_taken_back(desk: Desk) -> None:
    desk.wording.set("opened", "Subject: Number {{ number }}\nWe got it.")
    number = open_ticket(desk)
    (letter,) = desk.outbox.preview(number)
    assert ("Subject", "Number 1") in letter.headers
    desk.ledger.undo()
    desk.ledger.undo()
    assert desk.wording.text("opened") == shipped("opened")
    desk.wording.set("opened", "Subject: Again\nWe got it.")
    desk.wording.set("opened", None)
    assert desk.wording.text("opened") == shipped("opened")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no subject", "begin with `Subject"),
        ("Subject: x\n{{ nothing }}", "nothing"),
        ("Subject: x\n{% if %}", "line"),
        ("Subject: x\n{{ ''.__class__.__mro__ }}", "unsafe"),
        ("Subject: x\n{{ 1 / 0 }}", "division"),
    ],
)
def test_a_template_that_cannot_be_rendered_is_refused(desk: Desk, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        desk.wording.set("opened", text)


def test_a_stored_template_that_fails_gives_way_to_the_first_one(desk: Desk) -> None:
    with desk.store.reading() as database:
        database.run(
            "INSERT INTO desk_setting (key, value) VALUES ('letter.opened', :value)",
            value='"Subject: x\\n{{ gone }}"',
        )
    number = open_ticket(desk)
    assert "has the number #1" in desk.outbox.preview(number)[0].text


def test_closing_tells_what_was_done(desk: Desk) -> None:
    number = solved_ticket(desk)
    verbs(desk).verify([number], "craft", "ok")
    verbs(desk).close([number], "solved", "the customer is away")
    text = desk.outbox.preview(number)[-1].text
    assert "Replaced the cable." in text
    assert "the customer is away" not in text


def test_a_password_command_that_fails_is_named_without_its_output(
    mailing: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "password"
    script.write_text("#!/bin/sh\necho secret-word; exit 3\n")
    script.chmod(0o700)
    monkeypatch.setenv("DESKTERM_SMTP_PASSWORD_COMMAND", os.fspath(script))
    flags = {"db": mailing.store.url, "smtp_host": "127.0.0.1", "smtp_user": "desk"}
    desk = open_desk(settings.load(flags, as_login="cy"))
    open_ticket(desk)
    reason = desk.outbox.send(at_once=True).paused
    assert "smtp_password_command failed (CalledProcessError)" in reason
    assert "secret-word" not in reason
    assert desk.outbox.standing().paused == reason
    desk.close()
