"""Notices by mail: told once, never an internal word, answered to the technician's own address."""

import re
from datetime import timedelta

import pytest

from deskterm import paths
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain import clock
from deskterm.mail.parse import parse_mail
from deskterm.mail.parsed import ParsedMail
from deskterm.mail.tokens import technician_of_recipient, verp_address
from deskterm.services.notices import Notices
from deskterm.services.telling import Telling
from tests.builders import count, open_ticket
from tests.mails import bounce_bytes, mail_bytes, secret, send_all, take
from tests.verbs import verbs

ADA = "ada@example.org"
SECRET = "the-root-password-is-hunter2"
WINDOW = timedelta(minutes=11)


def told(desk: Desk, later: timedelta = WINDOW) -> int:
    """Let the job run as if so much time had passed; gives how many letters it wrote."""
    return Telling(desk.store, timedelta(seconds=10)).run(clock.now() + later)


def mails(desk: Desk) -> list[ParsedMail]:
    """Send what waits and give what reached the technicians."""
    desk.outbox.send(at_once=True)
    folder = paths.outgoing_maildir() / "new"
    found = [parse_mail(one.read_bytes()) for one in sorted(folder.iterdir())]
    return [one for one in found if one.to[0].address.startswith("ben@")]


@pytest.fixture
def ben(desk: Desk) -> Notices:
    """The notices of ben, who can be reached by mail."""
    desk.admin.set_technician("ben", {"email": "ben@example.org", "name": "Ben Lind"})
    return Notices(desk.store, "ben")


@pytest.mark.usefixtures("ben")
def test_an_urgent_notice_leaves_at_once_and_the_rest_together(desk: Desk) -> None:
    calm, other, urgent = open_ticket(desk), open_ticket(desk), open_ticket(desk, urgent=True)
    verbs(desk).assign([calm, other], to="ben")
    verbs(desk).assign([urgent], to="ben")
    assert told(desk, timedelta(0)) == 0
    assert told(desk, timedelta(seconds=20)) == 1
    assert told(desk, timedelta(minutes=5)) == 0
    assert told(desk) == 1
    assert told(desk) == 0
    first, second = mails(desk)
    assert first.subject == f"! [#{urgent}] cy gave it to you: Printer offline"
    assert second.subject == "2 notices from IT help desk"
    assert f"#{calm} Printer offline" in second.body
    assert f"#{other} Printer offline" in second.body


@pytest.mark.usefixtures("ben")
def test_in_focus_time_a_new_ticket_waits_and_an_urgent_one_leaves_at_once(desk: Desk) -> None:
    own = open_desk(desk.settings)
    own.me = "ben"
    own.attention.set({"notify": "alarm,new"})
    own.attention.begin("2h", "the migration")
    open_ticket(desk)
    assert told(desk) == 0
    urgent = open_ticket(desk, urgent=True)
    assert told(desk, timedelta(seconds=20)) == 1
    (mail,) = mails(desk)
    assert mail.subject == f"! [#{urgent}] urgent, and nobody has it: Printer offline"
    own.attention.end()
    assert told(desk) == 1
    own.close()


@pytest.mark.usefixtures("ben")
def test_an_internal_note_is_named_and_never_quoted_but_public_words_are(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).note([number], f"@ben {SECRET}")
    verbs(desk).reply([number], f"We are on it, @ben looks. {SECRET[::-1]}")
    verbs(desk).escalate([number], "second level", f"@ben {SECRET}")
    assert told(desk) == 1
    (mail,) = mails(desk)
    raw = [one.read_bytes() for one in (paths.outgoing_maildir() / "new").iterdir()]
    assert not any(SECRET.encode() in one or b"hunter2" in one for one in raw)
    assert SECRET[::-1] in mail.body
    assert f"deskterm ticket show {number}" in mail.body
    assert "internal note" in mail.body


@pytest.mark.usefixtures("ben")
def test_whatever_is_written_inside_no_letter_carries_it(desk: Desk) -> None:
    """G1: every verb that takes internal words, and every letter that follows."""
    do = verbs(desk)
    for place in range(4):
        number = open_ticket(desk, urgent=place % 2 == 0, problem=f"{SECRET} problem")
        do.assign([number], to="ben")
        do.note([number], f"@ben {SECRET} {place}")
        do.change([number], values={"reproduction": f"@ben {SECRET}"})
        do.escalate([number], "second level", f"{SECRET} @ben", [f"@ben {SECRET}"])
        do.hand_back([number], f"{SECRET} @ben")
        do.wait([number], "other", reason=f"{SECRET} @ben")
        do.resume([number], f"{SECRET} @ben")
    for minutes in (1, 12, 13):
        told(desk, timedelta(minutes=minutes))
    assert mails(desk)
    for one in (paths.outgoing_maildir() / "new").iterdir():
        mail = parse_mail(one.read_bytes())
        assert SECRET not in f"{mail.subject}{mail.body}"
        assert SECRET.encode() not in one.read_bytes().replace(b"=\r\n", b"")


@pytest.mark.usefixtures("ben")
def test_a_letter_about_one_ticket_is_answered_to_an_address_of_the_technicians_own(
    desk: Desk,
) -> None:
    number = open_ticket(desk)
    verbs(desk).assign([number], to="ben")
    told(desk)
    (mail,) = mails(desk)
    with desk.store.reading() as database:
        row = database.one("SELECT value FROM secret WHERE name = 'token'")
    assert row is not None
    assert mail.subject.startswith(f"[#{number}]")
    address = re.search(r"[^<\s]+@[^>\s]+", _reply_to())
    assert address is not None
    found = technician_of_recipient(address.group(), ["zoe", "ben"], [row["value"]])
    assert found == (number, "ben")


def _reply_to() -> str:
    for one in (paths.outgoing_maildir() / "new").iterdir():
        text = one.read_bytes().decode("ascii", "replace").replace("\r\n ", " ")
        if "To: Ben Lind" in text:
            return next(line for line in text.splitlines() if line.startswith("Reply-To"))
    raise AssertionError("no letter to ben")


def test_what_was_seen_undone_or_not_wanted_is_not_sent(desk: Desk, ben: Notices) -> None:
    verbs(desk).assign([open_ticket(desk)], to="ben")
    ben.seen_all()
    assert told(desk) == 0
    verbs(desk).assign([open_ticket(desk)], to="ben")
    desk.ledger.undo()
    assert told(desk) == 0
    with desk.store.reading() as database:
        database.run("UPDATE technician SET mail = 'none' WHERE login = 'ben'")
    verbs(desk).assign([open_ticket(desk)], to="ben")
    assert told(desk) == 0


@pytest.mark.usefixtures("ben")
def test_undo_withdraws_a_letter_that_waits_and_tells_of_nothing_else(desk: Desk) -> None:
    verbs(desk).assign([open_ticket(desk)], to="ben")
    told(desk)
    desk.ledger.undo()
    assert count(desk, "outbox", "template = 'tech_notices' AND state = 'withdrawn'") == 1
    first = verbs(desk).assign([open_ticket(desk)], to="ben").operation_id
    verbs(desk).assign([open_ticket(desk)], to="ben")
    told(desk)
    desk.ledger.undo(first)
    (mail,) = mails(desk)
    assert "#3" in mail.body
    assert "#2" not in mail.body


@pytest.mark.usefixtures("ben")
def test_in_focus_time_only_urgent_news_is_sent(desk: Desk) -> None:
    with desk.store.reading() as database:
        database.run(
            "UPDATE technician SET focus_from = :now, focus_until = :end WHERE login = 'ben'",
            now=clock.now(),
            end=clock.now() + timedelta(hours=1),
        )
    verbs(desk).assign([open_ticket(desk)], to="ben")
    verbs(desk).assign([open_ticket(desk, urgent=True)], to="ben")
    assert told(desk) == 1
    assert told(desk, timedelta(minutes=59)) == 0
    assert told(desk, timedelta(minutes=61)) == 1


@pytest.mark.usefixtures("ben")
def test_a_turn_of_the_jobs_tells_and_a_second_desk_tells_nobody_again(desk: Desk) -> None:
    verbs(desk).assign([open_ticket(desk)], to="ben")
    with desk.store.reading() as database:
        database.run("UPDATE notice SET at = :at", at=clock.now() - WINDOW)
    assert desk.jobs.run_once().told == 1
    assert Telling(desk.store, timedelta(0)).run(clock.now() + WINDOW) == 0
    assert count(desk, "outbox", "template = 'tech_notices'") == 1


def test_after_ninety_days_a_notice_is_forgotten(desk: Desk, ben: Notices) -> None:
    verbs(desk).assign([open_ticket(desk)], to="ben")
    told(desk, timedelta(days=89))
    assert len(ben.list()) == 1
    told(desk, timedelta(days=91))
    assert ben.list() == []


@pytest.mark.usefixtures("ben")
def test_a_letter_that_comes_back_from_a_technician_makes_no_news_and_no_further_letters(
    desk: Desk,
) -> None:
    number = open_ticket(desk, urgent=True)
    verbs(desk).assign([number], to="ben")
    told(desk)
    sent = [one for one in send_all(desk) if one["recipient"] == "ben@example.org"]
    to = verp_address("help@localhost", sent[0]["id"], secret(desk))
    take(desk, bounce_bytes(to, "ben@example.org"))
    assert count(desk, "outbox", "template = 'tech_notices' AND state = 'failed'") == 1
    assert count(desk, "notice") == 1
    verbs(desk).note([number], "@ben again")
    assert told(desk) == 0
    assert told(desk, timedelta(days=1, minutes=12)) == 1


def test_the_owner_hears_that_a_letter_to_the_customer_came_back(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).take([number])
    first = send_all(desk)[0]
    take(desk, bounce_bytes(verp_address("help@localhost", first["id"], secret(desk)), ADA))
    (one,) = desk.notices.list()
    assert (one.kind, one.ticket_id, one.public) == ("undelivered", number, False)


def test_a_technician_answers_a_notice_by_mail_and_names_a_colleague(
    desk: Desk, ben: Notices
) -> None:
    number = open_ticket(desk)
    verbs(desk).assign([number], to="ben")
    told(desk)
    mails(desk)
    address = re.search(r"[^<\s]+@[^>\s]+", _reply_to())
    assert address is not None
    raw = mail_bytes(
        body="!note\n@cy have you seen that?", From="Ben Lind <ben@example.org>", To=address.group()
    )
    take(desk, raw)
    assert [(one.kind, one.who) for one in desk.notices.list()] == [("mentioned", "ben")]
    assert len(ben.list()) == 1
