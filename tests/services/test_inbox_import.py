"""Mail from files is history: everything is kept, nobody is answered."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.errors import UsageError
from tests.builders import count, open_ticket, value
from tests.verbs import verbs

MBOX = (
    b"From ada@x.test Mon Nov 16 10:00:00 2020\n"
    b"From: ada@x.test\nSubject: one\nDate: Mon, 16 Nov 2020 10:00:00 +0000\n\n"
    b">From here on\nFrom\n\n"
    b"From bo@x.test Mon Nov 16 11:00:00 2020\nFrom: bo@x.test\nSubject: two\n\nbody\n\n"
)


def test_an_mbox_is_split_and_opened_when_it_was_written(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "old.mbox").write_bytes(MBOX)
    assert desk.inbox.import_path(tmp_path / "old.mbox") == (2, 0)
    assert desk.inbox.process().tickets == 2
    view = desk.tickets.show(1)
    assert view.body == "From here on\nFrom"
    assert view.opened_at.year == 2020
    assert count(desk, "outbox") == 0


def test_importing_the_same_file_again_adds_nothing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "old.mbox").write_bytes(MBOX)
    desk.inbox.import_path(tmp_path / "old.mbox")
    assert desk.inbox.import_path(tmp_path / "old.mbox") == (2, 2)
    assert desk.inbox.process() == (2, 0, 2, 0, 0)


@pytest.mark.parametrize("layout", ["new", "cur", "sub"])
def test_a_maildir_and_a_folder_of_eml_files_are_read(
    desk: Desk, tmp_path: Path, layout: str
) -> None:
    folder = tmp_path / "box" / layout
    folder.mkdir(parents=True)
    for number in range(3):
        (folder / f"{number}.eml").write_bytes(b"From: a@x.test\nSubject: %d\n\nx" % number)
    assert desk.inbox.import_path(tmp_path / "box") == (3, 0)


def test_a_single_mail_is_read(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(MBOX.split(b"\n", 1)[1])
    assert desk.inbox.import_path(tmp_path / "one.eml") == (1, 0)


def test_a_path_without_mail_is_named(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        desk.inbox.import_path(tmp_path / "nothing")
    with pytest.raises(UsageError, match="neither a Maildir"):
        desk.inbox.import_path(tmp_path)


def test_every_real_mail_is_accounted_for(desk: Desk, shared_data: Path) -> None:
    lines = (shared_data / "mail/nocrash.jsonl").read_text(encoding="utf-8").splitlines()
    mails = [shared_data / "mail" / line.split('"file": "')[1].split('"')[0] for line in lines]
    mails += sorted((Path(os.__file__).parent / "test/test_email/data").glob("*.txt"))
    for file in mails:
        desk.inbox.receive(file.read_bytes())
    done = desk.inbox.process()
    assert len(mails) >= 291 + 45
    assert sum(done) == len(mails)
    assert done.quarantined < len(mails) / 4
    assert count(desk, "inbox", "state = 'waiting'") == 0


_TALK = (
    ("a", "Ella <ella@x.test>", "help@localhost", "Mouse dead", "My mouse is dead.", ""),
    ("b", "Desk <help@localhost>", "Ella <ella@x.test>", "Re: Mouse dead", "A new one.", "a"),
    ("c", "Ella <ella@x.test>", "help@localhost", "Re: Mouse dead", "It works now.", "b"),
)


def _history(tmp_path: Path, *talk: tuple[str, ...]) -> Path:
    for hour, (own, sender, to, subject, words, answers) in enumerate(talk, start=8):
        reply = f"In-Reply-To: <{answers}@x>\n" if answers else ""
        (tmp_path / f"{own}.eml").write_text(
            f"From: {sender}\nTo: {to}\nSubject: {subject}\nMessage-ID: <{own}@x>\n{reply}"
            f"Date: Mon, 02 Mar 2026 {hour:02d}:00:00 +0000\n\n{words}\n"
        )
    return tmp_path


def test_history_has_both_sides_and_each_entry_its_own_time(desk: Desk, tmp_path: Path) -> None:
    desk.inbox.import_path(_history(tmp_path, *_TALK))
    assert desk.inbox.process().quarantined == 0
    told = [(one.event, one.at.hour, one.text) for one in desk.tickets.show(1).timeline]
    assert told == [
        ("opened", 8, ""),
        ("replied", 9, "A new one."),
        ("received", 10, "It works now."),
    ]
    assert count(desk, "ledger", "event = 'replied' AND public AND actor = 'import'") == 1
    assert count(desk, "outbox") == count(desk, "notice") == 0
    assert value(desk, 1, "state") == "open"


def test_a_folder_is_read_in_the_order_of_its_mails_times(desk: Desk, tmp_path: Path) -> None:
    _history(tmp_path, *_TALK)
    (tmp_path / "a.eml").rename(tmp_path / "z.eml")
    desk.inbox.import_path(tmp_path)
    desk.inbox.process()
    assert count(desk, "ticket") == 1


def test_what_the_desk_wrote_first_is_the_ticket_of_whom_it_wrote_to(
    desk: Desk, tmp_path: Path
) -> None:
    first = ("s", "Desk <help@localhost>", "Finn <finn@x.test>", "Your order", "It is here.", "")
    alone = ("t", "Desk <help@localhost>", "help@localhost", "Note", "To ourselves.", "")
    desk.inbox.import_path(_history(tmp_path, first, alone))
    desk.inbox.process()
    view = desk.tickets.show(1)
    assert view.requester is not None
    assert view.requester.name == "Finn"
    assert view.timeline[-1].text == "It is here."
    assert count(desk, "ticket") == 1


def test_a_number_in_an_old_subject_names_no_ticket_of_today(desk: Desk, tmp_path: Path) -> None:
    open_ticket(desk)
    old = ("s", "Desk <help@localhost>", "Finn <finn@x.test>", "Re: [#1] Tea", "Done.", "")
    desk.inbox.import_path(_history(tmp_path, old))
    desk.inbox.process()
    assert count(desk, "ledger", "subject_id = 1 AND event = 'replied'") == 0


def test_history_of_which_all_is_old_is_closed_at_its_last_word(desk: Desk, tmp_path: Path) -> None:
    desk.inbox.import_path(_history(tmp_path, *_TALK))
    desk.inbox.process()
    verbs(desk).note([open_ticket(desk)], "today")
    (tmp_path / "new").mkdir()
    young = _history(tmp_path / "new", ("n", "bo@x.test", "help@localhost", "New", "x", ""))
    text = (young / "n.eml").read_text().replace("02 Mar 2026", f"{clock.now():%d %b %Y}")
    (young / "n.eml").write_text(text)
    desk.inbox.import_path(young)
    done, closed = desk.inbox.close_history(timedelta(days=30))
    assert (done.tickets, closed) == (1, 1)
    view = desk.tickets.show(1)
    assert (view.state, view.closed_at is not None and view.closed_at.hour) == ("closed", 10)
    assert view.outcome is None
    assert count(desk, "outbox", "ticket_id = 1") == 0
    assert count(desk, "ticket", "state = 'closed'") == 1
