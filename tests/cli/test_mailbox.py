"""`deskterm mail mailbox`, `mail fetch` and the ports of `deskterm work`, by real calls."""

import os
import re
import smtplib
import subprocess
import sys
import threading
from pathlib import Path

from deskterm.storage.driver import connect
from tests.cli.conftest import Cli

MAIL = b"From: ada@example.org\r\nMessage-ID: <1@x>\r\nSubject: no paper\r\n\r\nhi\r\n"


def test_the_commands_speak_of_mailboxes(cli: Cli, tmp_path: Path) -> None:
    assert "No mailboxes yet" in cli("mail", "mailbox").err
    for part in ("new", "cur", "tmp"):
        (tmp_path / "m" / part).mkdir(parents=True)
    options = ("--path", tmp_path / "m", "--address", "it@example.org", "--group", "desk")
    assert cli("mail", "mailbox", "add", "it", *options).code == 0
    (row,) = cli("mail", "mailbox", "list", "-o", "json").json
    assert (row["kind"], row["group"]) == ("maildir", "desk")
    assert row["status"].startswith("not looked into yet")
    assert "can be read" in cli("mail", "mailbox", "test", "it").out
    (tmp_path / "m" / "new" / "1").write_bytes(MAIL)
    assert cli("mail", "fetch", "-o", "json").json == [
        {"mailbox": "it", "kept": 1, "copies": 0, "trouble": ""}
    ]
    assert "✓ last looked" in cli("mail", "mailbox", "show", "it").out
    assert cli("mail", "mailbox", "set", "it", "--path", tmp_path / "gone").code == 0
    assert cli("mail", "mailbox", "test", "it").code == 75
    ended = cli("mail", "fetch", "it")
    assert ended.code == 1
    assert "gone" in ended.out
    assert cli("mail", "mailbox", "remove", "it", "--yes").code == 0
    assert cli("mail", "mailbox", "show", "it").code == 3


def test_a_password_command_goes_into_the_settings_of_this_machine(cli_sqlite: Cli) -> None:
    words = ("--host", "imap.example.org", "--user", "desk", "--password-command", "pass show x")
    assert cli_sqlite("mail", "mailbox", "add", "it", *words).code == 0
    value = cli_sqlite("settings", "get", "imap_password_commands").out
    assert value == "desk@imap.example.org = pass show x\n"
    assert "pass show" not in cli_sqlite("mail", "mailbox", "show", "it", "-o", "json").out


def test_work_takes_mail_by_lmtp_and_makes_tickets_at_once(sqlite_url: str) -> None:
    command = [sys.executable, "-m", "deskterm", "--db", sqlite_url, "work"]
    with subprocess.Popen(
        [*command, "--lmtp", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as process:
        assert process.stderr is not None
        found = re.match(r"Taking mail by LMTP at 127.0.0.1:(\d+)\.", process.stderr.readline())
        assert found
        with smtplib.LMTP("127.0.0.1", int(found.group(1))) as client:
            assert client.sendmail("ada@example.org", ["help@localhost"], MAIL) == {}
        database = connect(sqlite_url)
        pause = threading.Event()
        while not database.all("SELECT id FROM ticket WHERE subject = 'no paper'"):
            assert process.poll() is None
            pause.wait(0.02)
        assert database.all("SELECT name FROM lease WHERE name = 'jobs'")
        process.terminate()
        assert process.wait(60) == 0
        assert not database.all("SELECT name FROM lease")
        database.close()


def test_ports_are_refused_with_what_to_do(cli_sqlite: Cli) -> None:
    ended = cli_sqlite("work", "--lmtp", "0.0.0.0:2424")
    assert (ended.code, "--allow-remote" in ended.err) == (5, True)
    assert cli_sqlite("work", "--lmtp", "2424").code == 2
    assert cli_sqlite("work", "--lmtp", "127.0.0.1:2424", "--once").code == 2
    unit = cli_sqlite("work", "--lmtp", "127.0.0.1:2424", "--print-unit").out
    assert "-m deskterm work --lmtp 127.0.0.1:2424\n" in unit
