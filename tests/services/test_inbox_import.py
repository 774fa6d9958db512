"""Mail from files is history: everything is kept, nobody is answered."""

import os
from pathlib import Path

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import UsageError
from tests.builders import count

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
