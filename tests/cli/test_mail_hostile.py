"""Hostile mails, ours and those beside us, each through inbox, ticket, command line and letter.

Deferred, with the reason: H082 (no IMAP yet; smtplib drops what came before STARTTLS), H095 (rights
differ by person only on a shared desk), H183 (no mailbox password is stored), H114's opening (the
ticket screen's part; here the file is kept and nothing runs).
"""

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskterm import paths
from deskterm.bootstrap import Desk
from deskterm.domain.text import safe_filename
from deskterm.mail.parse import parse_mail
from tests import beside
from tests.builders import count, open_ticket, value
from tests.cli.conftest import Cli
from tests.hostile.own import own
from tests.verbs import verbs

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]")
_DEFERRED = {"H082", "H095", "H183"}
_WHERE = ("mail header", "attachment name", "attachment content")
_CLASSES = ("mail:", "thread:", "attachment", "html")


def cases() -> list[dict[str, Any]]:
    """Give the cases that mail can meet today."""
    return [one for one in beside.hostile() if _by_mail(one)]


def _by_mail(case: dict[str, Any]) -> bool:
    named = case["class"].startswith(_CLASSES) or case["where"] in _WHERE
    return named and case["id"] not in _DEFERRED


def _mail(*headers: str, body: str = "help") -> bytes:
    known = {line.partition(":")[0].lower() for line in headers}
    start = [] if "from" in known else ["From: Eve <eve@e.test>"]
    return ("\r\n".join([*start, *headers]) + "\r\n\r\n" + body).encode("utf-8", "surrogatepass")


def _attached(head: bytes, content: bytes) -> bytes:
    return (
        b"From: eve@e.test\r\nSubject: file\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n"
        b"--cut\r\n\r\ntext\r\n--cut\r\nContent-Type: application/octet-stream\r\n"
        b"Content-Transfer-Encoding: base64\r\n"
        + head
        + b"\r\n\r\n"
        + base64.b64encode(content)
        + b"\r\n--cut--\r\n"
    )


def _with_file(where: str, payload: str) -> bytes:
    if where == "attachment name":
        return _named(payload)
    return _attached(b"Content-Description: a file", payload.encode("latin-1"))


def _named(payload: str) -> bytes:
    name = payload.encode("utf-8", "surrogatepass")
    return _attached(b'Content-Disposition: attachment; filename="' + name + b'"', b"x")


def _deep() -> bytes:
    lines = [f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(2000)]
    return ("From: eve@e.test\r\n" + "".join(lines)).encode()


_CONTENT: dict[str, Callable[[], bytes]] = {
    "H110": lambda: _attached(b"Content-Description: 42.zip", b"PK\x03\x04" * 100),
    "H111": lambda: _attached(b"Content-Description: bomb.tiff", b"II*\x00" + b"\xff" * 196),
    "H112": lambda: _attached(b"Content-Encoding: gzip", b"\x1f\x8b" + b"\x00" * 500),
    "H114": lambda: _attached(
        b"Content-Disposition: attachment; filename=x.desktop", b"[Desktop Entry]\nExec=sh -c x"
    ),
    "H117": _deep,
}
_HEADERS: dict[str, tuple[str, ...]] = {
    "H069": ("From: evil@e.test (ceo@bank.test)",),
    "H070": ("From: a@bank.test@evil.test",),
    "H071": ("From: ceo@bank.test <evil@e.test>",),
    "H090": ("In-Reply-To: <note-7@localhost>",),
    "H092": ("Date: Fri, 31 Dec 2099 23:59:59 +0000",),
    "H093": ("Message-ID: <same@x>",),
    "H089": ("Subject: Out of office",),
}


def raw_mail(case: dict[str, Any]) -> bytes:
    """Give the mail that a case describes."""
    payload = str(case["payload"])
    if case["id"] in _CONTENT:
        return _CONTENT[case["id"]]()
    if case["id"] in _HEADERS:
        return _mail(*_HEADERS[case["id"]])
    if case["where"].startswith("attachment"):
        return _with_file(case["where"], payload)
    if case["where"] in ("subject", "import field"):
        return _mail(f"Subject: {payload}")
    if case["class"] == "html":
        return _mail("Content-Type: text/html; charset=utf-8", body=payload)
    if case["where"] == "body":
        return _mail("Subject: body", body=payload)
    if re.match(r"(?:To|Cc|From|Date|Message|X-)[A-Za-z-]*: ", payload):
        return _mail(*payload.split("\r\n"))
    return _mail(f"From: {payload} <eve@e.test>", f"Subject: {payload}", f"X-Test: {payload}")


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['id']} {case['class']}")
def test_a_hostile_mail_acts_nowhere(case: dict[str, Any], cli_sqlite: Cli, tmp_path: Path) -> None:
    file = tmp_path / "hostile.eml"
    file.write_bytes(raw_mail(case))
    text = file.read_bytes().decode("utf-8", "surrogateescape")
    assert cli_sqlite("mail", "receive", stdin=text).code == 0
    done = cli_sqlite("mail", "process", "-o", "json").json
    assert sum(done.values()) == 1
    shown = [
        cli_sqlite("mail", "parse", file),
        cli_sqlite("mail", "parse", "-o", "json", file),
        cli_sqlite("mail", "inbox", "list"),
        cli_sqlite("mail", "inbox", "list", "-o", "csv"),
        cli_sqlite("mail", "inbox", "show", "1"),
    ]
    if done["tickets"]:
        cli_sqlite("ticket", "reply", "1", "--body", "We look at it.")
        shown += [
            cli_sqlite("ticket", "list", "is:any"),
            cli_sqlite("ticket", "show", "1", "--full"),
            cli_sqlite("mail", "preview", "1"),
        ]
    for ended in shown:
        assert ended.code == 0, ended.err
        assert not _CONTROL.search(ended.out), ended.out
    assert cli_sqlite("mail", "send", "--now", "-o", "json").json["failed"] == 0
    for letter in _letters():
        assert [box.address for box in (*letter.to, *letter.cc)] == ["eve@e.test"] or done[
            "tickets"
        ]
        assert len(letter.to) == 1
        assert not _CONTROL.search(letter.subject + letter.body)


def _letters() -> list[Any]:
    folder = paths.outgoing_maildir() / "new"
    return [parse_mail(one.read_bytes()) for one in folder.iterdir()] if folder.exists() else []


def test_every_hostile_mail_was_met(shared_data: Path) -> None:
    assert shared_data.exists()
    assert len([one for one in beside.beside() if _by_mail(one)]) == 44


def _take(desk: Desk, case: dict[str, Any]) -> int:
    desk.inbox.receive(raw_mail(case))
    return desk.inbox.process().tickets


def test_an_address_that_mixes_scripts_is_nobody_else(desk: Desk) -> None:
    number = open_ticket(desk, requester="helpdesk@example.test")
    payload = own("unicode:homoglyph-domain")["payload"]
    desk.inbox.receive(f"From: {payload}\nSubject: [#{number}]\n\nx".encode())
    assert desk.inbox.process().tickets == 1
    assert value(desk, number, "state") == "new"
    assert count(desk, "person") == 2


def test_a_line_end_in_a_subject_is_no_header(desk: Desk) -> None:
    assert _take(desk, own("mail:cr-only")) == 1
    assert value(desk, 1, "subject") == "two X-Forged: yes"
    assert count(desk, "watcher") == 0


def test_a_sender_with_two_ats_is_quarantined(desk: Desk) -> None:
    assert _take(desk, own("mail:two-at-signs")) == 0
    assert desk.inbox.list()[0].state == "quarantined"


def test_headers_of_other_desks_move_nothing(desk: Desk) -> None:
    number = open_ticket(desk)
    assert _take(desk, own("mail:machine-headers")) == 1
    assert value(desk, number, "state") == "new"


def test_one_sender_is_acknowledged_three_times_an_hour_at_most(desk: Desk) -> None:
    for number in range(30):
        desk.inbox.receive(f"From: eve@e.test\nSubject: Out of office {number}\n\nx".encode())
    assert desk.inbox.process().tickets == 30
    assert count(desk, "outbox") == 3


def test_a_note_quoted_by_nobody_never_leaves(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).note([number], str(own("thread:quoted-note")["payload"]))
    verbs(desk).reply([number], "Done.")
    letters = desk.outbox.preview(number)
    assert not any("4711" in one.text + one.html for one in letters)


@pytest.mark.parametrize(
    "case",
    [one for one in cases() if one["where"] == "attachment content" and "deep" not in one["class"]],
    ids=lambda one: one["id"],
)
def test_contents_of_files_are_kept_as_they_came_and_never_opened(
    desk: Desk, case: dict[str, Any]
) -> None:
    assert _take(desk, case) == 1
    mail = parse_mail(raw_mail(case))
    with desk.store.reading() as database:
        (row,) = database.all("SELECT b.bytes FROM attachment a JOIN blob b ON b.sha256 = a.sha256")
    assert bytes(row["bytes"]) == mail.files[0].body


@pytest.mark.parametrize(
    "case", [one for one in cases() if one["where"] == "attachment name"], ids=lambda one: one["id"]
)
def test_a_hostile_file_name_is_safe_once_it_is_written(case: dict[str, Any]) -> None:
    (file,) = parse_mail(raw_mail(case)).files
    name = safe_filename(file.name)
    assert name == Path(name).name
    assert not name.startswith((".", "~"))
    assert 0 < len(name) <= 120
    assert not _CONTROL.search(name)
