"""`deskterm mail …` as scripts and mail servers use it."""

import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from deskterm.bootstrap import Desk
from deskterm.cli.work import _turns
from tests.builders import count
from tests.cli.conftest import Cli

MAIL = "From: Ada Moss <ada@example.org>\nSubject: Printer\nMessage-ID: <1@x>\n\nIt is broken.\n"


def _process(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "deskterm", *arguments]
    found = {**os.environ, **environment}
    return subprocess.run(command, input=MAIL.encode(), capture_output=True, env=found, check=False)


def test_a_received_mail_is_processed_listed_and_shown(cli: Cli) -> None:
    assert cli("mail", "receive", "--envelope-to", "help@localhost", stdin=MAIL).code == 0
    assert cli("mail", "process", "-o", "json").json == {
        "tickets": 1,
        "replies": 0,
        "duplicates": 0,
        "machine": 0,
        "quarantined": 0,
    }
    (row,) = cli("mail", "inbox", "list", "-o", "json").json
    assert (row["state"], row["ticket_id"], row["sender"]) == ("ticket", 1, "ada@example.org")
    assert "It is broken." in cli("mail", "inbox", "show", row["id"]).out
    assert cli("ticket", "show", "1", "-o", "json").json["subject"] == "Printer"


def test_a_mail_nobody_can_read_is_received_quarantined_retried_and_discarded(cli: Cli) -> None:
    assert cli("mail", "receive", stdin="\x00\n\nno sender").code == 0
    assert cli("mail", "process", "-o", "json").json["quarantined"] == 1
    assert cli("mail", "inbox", "retry", "1").code == 0
    assert cli("mail", "inbox", "process", "-o", "json").json["quarantined"] == 1
    assert cli("mail", "inbox", "discard", "1").code == 0
    assert cli("mail", "inbox", "-o", "json").json[0]["state"] == "discarded"


def test_an_envelope_names_the_sender_where_the_mail_does_not(cli: Cli) -> None:
    cli("mail", "receive", "--envelope-from", "<ada@example.org>", stdin="Subject: x\n\nhelp")
    assert cli("mail", "process", "-o", "json").json["tickets"] == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["inbox", "lose"], 2),
        (["inbox", "retry"], 2),
        (["inbox", "show", "x"], 2),
        (["inbox", "show", "7"], 3),
        (["inbox", "list", "--state", "lost"], 3),
        (["import", "nothing-there"], 2),
        (["preview", "7"], 3),
        (["retry", "7"], 3),
        (["template", "nothing"], 2),
        (["parse", "nothing-there.eml"], 3),
    ],
)
def test_each_refusal_is_one_sentence_and_its_exit_code(
    cli_sqlite: Cli, arguments: list[str], code: int
) -> None:
    ended = cli_sqlite("mail", *arguments)
    assert ended.code == code
    assert ended.out == ""
    assert ended.err.count("\n") == 1


def test_a_database_that_takes_nothing_means_try_again_later(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/no/folder/desk.sqlite", "postgresql://127.0.0.1:1/none"):
        ended = _process("--db", url, "mail", "receive")
        assert ended.returncode == 75
        assert ended.stderr.count(b"\n") == 1


def test_a_broken_settings_file_loses_no_mail(tmp_path: Path, sqlite_url: str) -> None:
    (tmp_path / "broken.toml").write_text("nonsense = [")
    ended = _process(
        "--db", sqlite_url, "mail", "receive", DESKTERM_CONFIG=f"{tmp_path}/broken.toml"
    )
    assert ended.returncode == 75


def test_receiving_loads_no_parser_and_no_heavy_library(sqlite_url: str) -> None:
    code = (
        "import sys; from deskterm.cli.main import run; code = run(sys.argv[1:]);"
        "heavy = {'sqlalchemy', 'sqlmodel', 'pydantic', 'textual', 'rich', 'psycopg', 'selectolax',"
        " 'jinja2', 'charset_normalizer', 'email.parser', 'deskterm.mail.parse'};"
        "sys.exit(' '.join(sorted(heavy & set(sys.modules))) or code)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, "--db", sqlite_url, "mail", "receive"],
        input=MAIL.encode(),
        capture_output=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_parse_needs_no_database_and_names_each_file(
    cli_sqlite: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKTERM_DB", "postgresql://127.0.0.1:1/none")
    file = tmp_path / "one.eml"
    file.write_text("From x Mon\n" + MAIL)
    ended = cli_sqlite("mail", "parse", "--jsonl", file, file)
    first, second = [json.loads(line) for line in ended.out.splitlines()]
    assert first == second
    assert {key: first[key] for key in ("file", "subject", "from_email", "from_name", "body")} == {
        "file": str(file),
        "subject": "Printer",
        "from_email": "ada@example.org",
        "from_name": "Ada Moss",
        "body": "It is broken.",
    }
    assert (first["message_id"], first["is_auto"], first["attachments"]) == ("1@x", False, [])
    assert "subject: Printer" in cli_sqlite("mail", "parse", file).out


def test_parse_goes_on_after_a_file_it_cannot_read(cli_sqlite: Cli, tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_text(MAIL)
    ended = cli_sqlite("mail", "parse", "--jsonl", tmp_path / "none.eml", tmp_path / "one.eml")
    assert ended.code == 1
    assert len(ended.out.splitlines()) == 1


def test_letters_are_queued_previewed_sent_and_seen(cli: Cli) -> None:
    cli("ticket", "new", "--from", "Ada <ada@example.org>", "--subject", "Printer")
    (row,) = cli("mail", "queue", "-o", "json").json
    assert (row["recipient"], row["template"], row["state"]) == (
        "ada@example.org",
        "opened",
        "queued",
    )
    assert "Subject: [#1] Printer" in cli("mail", "preview", "#1").out
    assert cli("mail", "send", "-o", "json").json["sent"] == 0
    assert cli("mail", "send", "--now", "-o", "json").json["sent"] == 1
    assert cli("mail", "queue", "-o", "json").json == []
    assert cli("mail", "queue", "--all", "-o", "json").json[0]["state"] == "sent"


def test_letters_are_stopped_paused_and_tried_again(cli: Cli) -> None:
    cli("ticket", "new", "--from", "Ada <ada@example.org>", "--subject", "Printer")
    assert cli("mail", "withdraw", "1", "--dry-run").code == 0
    assert cli("mail", "withdraw", "1", "-o", "json").json[0]["state"] == "withdrawn"
    assert cli("mail", "withdraw", "1").code == 5
    assert cli("mail", "withdraw").code == 2
    assert cli("undo").code == 0
    assert cli("mail", "pause", "--reason", "a new server").code == 0
    ended = cli("mail", "send", "--now", "-o", "json")
    assert (ended.code, ended.json["paused"]) == (1, "stopped by cy: a new server")
    assert "mail resume" in ended.err
    assert "stopped by cy" in cli("mail", "queue").err
    assert "stopped by cy" in cli("doctor").out
    assert cli("mail", "resume").code == 0
    assert cli("mail", "retry", "1", "-o", "json").json[0]["stands"] == "leaves now"
    assert cli("mail", "retry", "1", "--all").code == 2
    assert cli("mail", "send", "-o", "json").json["sent"] == 1
    assert cli("mail", "retry", "--all").code == 0
    shown = cli("mail", "preview", "--letter", "1", "-o", "json").json
    assert (shown["state"], shown["frozen"], shown["subject"]) == ("sent", True, "Printer")
    assert cli("mail", "preview").code == 2


def test_a_template_is_shown_set_and_reset(
    cli_sqlite: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli_sqlite("mail", "template", "opened").out.startswith("Subject: [#{{ number }}]")
    (tmp_path / "own.txt").write_text("Subject: Hi\nOwn words.")
    assert (
        "Own words." in cli_sqlite("mail", "template", "opened", "--set", tmp_path / "own.txt").out
    )
    assert "Own words." not in cli_sqlite("mail", "template", "opened", "--reset").out
    assert cli_sqlite("mail", "template", "opened", "--set", "-", stdin="no subject").code == 2


def test_the_words_of_a_letter_are_listed_edited_previewed_and_put_back(
    cli_sqlite: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli_sqlite("ticket", "new", "--from", "Ada <ada@example.org>", "--subject", "Drucker")
    cli_sqlite("person", "set", "ada@example.org", "--organisation", "Harbour Clinic")
    cli_sqlite("org", "set", "harbour clinic", "--language", "de")
    assert "Danke für Ihre Nachricht" in cli_sqlite("mail", "preview", "1").out
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nprintf 'Subject: Neu #{{ number }}\\nUnsere Worte.' > \"$1\"\n")
    editor.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(editor))
    assert cli_sqlite("mail", "template", "edit", "opened", "--language", "de").code == 0
    rows = cli_sqlite("mail", "template", "list", "--language", "de", "-o", "json").json
    assert {row["name"] for row in rows if row["source"] == "desk"} == {"opened"}
    shown = cli_sqlite("mail", "template", "preview", "opened", "--ticket", "1").out
    assert "Subject: Neu #1" in shown
    assert "Ticket #1: Drucker" in shown
    assert (
        "<p>Unsere Worte.</p>"
        in cli_sqlite("mail", "template", "preview", "opened", "--language", "de", "--html").out
    )
    assert cli_sqlite("mail", "template", "reset", "opened", "--language", "de").code == 0
    assert "Danke für" in cli_sqlite("mail", "template", "show", "opened", "--language", "de").out
    cli_sqlite("undo")
    assert "Unsere" in cli_sqlite("mail", "template", "opened", "--language", "de").out
    assert cli_sqlite("mail", "template", "show", "opened", "--language", "deutsch").code == 2


def test_an_approval_is_asked_for_and_written_down(cli_sqlite: Cli) -> None:
    cli_sqlite("ticket", "new", "--from", "Ada <ada@example.org>", "--subject", "Laptop")
    cli_sqlite("ticket", "set", "1", "--needs", "budget", "--approver", "Bo <bo@example.org>")
    assert "budget of Bo, asked" in cli_sqlite("ticket", "show", "1").out
    assert cli_sqlite("ticket", "refuse", "1", "--reason", "Next year.").code == 0
    assert cli_sqlite("ticket", "show", "1", "-o", "json").json["approval"] == "refused"
    assert cli_sqlite("ticket", "new", "--from", "b@x.test", "--subject", "Mouse").code == 0
    assert cli_sqlite("ticket", "approve", "2").code == 5


def test_work_once_does_all_jobs(cli: Cli) -> None:
    cli("mail", "receive", stdin=MAIL)
    done = cli("work", "--once", "-o", "json").json
    assert (done["held"], done["tickets"], done["sent"], done["woken"]) == (True, 1, 0, 0)


def test_the_unit_runs_this_program(cli_sqlite: Cli) -> None:
    ended = cli_sqlite("work", "--print-unit")
    assert f"ExecStart={sys.executable} -m deskterm work" in ended.out
    secret = cli_sqlite("--db", "postgresql://cy:word@desk/desk", "work", "--print-unit")
    assert "word" not in secret.out


def test_work_ends_when_told_and_gives_its_lease_back(sqlite_url: str) -> None:
    command = [sys.executable, "-m", "deskterm", "--db", sqlite_url, "work"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as running:
        assert isinstance(running.stderr, io.BufferedReader)
        assert b"Ctrl+C" in running.stderr.readline()
        running.terminate()
        assert running.wait(timeout=30) == 0
    ended = _process("--db", sqlite_url, "work", "--once", "-o", "json")
    assert json.loads(ended.stdout)["held"]


def _spoil(desk: Desk) -> None:
    """Nothing of ours catches a setting that is no JSON: a surprise for every turn."""
    with desk.store.reading() as database:
        database.run("INSERT INTO desk_setting (key, value) VALUES ('mail.address', 'no json')")


def test_work_tells_what_goes_wrong_in_a_turn_and_goes_on(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    _spoil(desk)
    desk.inbox.receive(b"From: ada@example.org\r\nSubject: hello\r\n\r\nhelp")
    ended, due, told = threading.Event(), threading.Event(), ""
    turning = threading.Thread(target=_turns, args=(desk, ended, due))
    turning.start()
    try:
        while "mistake in deskterm (JSONDecodeError" not in told:
            told += capsys.readouterr().err
        with desk.store.reading() as database:
            database.run("DELETE FROM desk_setting WHERE key = 'mail.address'")
        while turning.is_alive() and not count(desk, "ticket"):
            due.set()
    finally:
        ended.set()
        due.set()
        turning.join()
        desk.mailboxes.rest()
    assert count(desk, "ticket") == 1


def test_work_ends_at_once_when_told_while_it_waits_after_trouble(sqlite_desk: Desk) -> None:
    _spoil(sqlite_desk)
    command = [sys.executable, "-m", "deskterm", "--db", sqlite_desk.settings["db"], "work"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as running:
        assert isinstance(running.stderr, io.BufferedReader)
        while b"JSONDecodeError" not in running.stderr.readline():
            assert running.poll() is None
        running.terminate()
        assert running.wait(timeout=9) == 0


def test_the_standard_library_s_mails_piped_one_by_one_add_up(cli_sqlite: Cli) -> None:
    folder = Path(os.__file__).parent / "test/test_email/data"
    mails = sorted(folder.glob("msg_*.txt"))
    for file in mails:
        text = file.read_bytes().decode("utf-8", "surrogateescape")
        assert (
            cli_sqlite("mail", "receive", stdin=text.encode("utf-8", "replace").decode()).code == 0
        )
    assert sum(cli_sqlite("mail", "process", "-o", "json").json.values()) == len(mails)


def test_mails_are_put_away_and_tried_again_in_bulk(cli: Cli) -> None:
    for subject in ("pills", "rugs", "pills again"):
        cli("mail", "receive", stdin=f"Subject: {subject}\n\nno sender")
    cli("mail", "process")
    assert cli("mail", "inbox", "discard", "--query", "pills", "--dry-run").code == 0
    moved = cli("mail", "inbox", "discard", "--query", "pills", "-o", "json").json
    assert [one["state"] for one in moved] == ["discarded"] * 2
    assert len(cli("mail", "inbox", "list", "pills", "-o", "json").json) == 2
    assert cli("mail", "inbox", "retry", "--state", "quarantined").code == 0
    assert cli("mail", "process", "-o", "json").json["quarantined"] == 1
    assert cli("mail", "inbox", "retry", "--query", "nothing fits").code == 0
    assert cli("mail", "inbox", "retry", "2", "--state", "waiting").code == 2
    assert cli("mail", "inbox", "retry", "-", stdin="2\n").code == 0


def test_the_secret_is_rotated_only_when_somebody_is_sure_and_never_shown(cli: Cli) -> None:
    assert cli("mail", "secret", "rotate", "--no-input").code == 5
    assert cli("mail", "secret", "rotate", "--yes").code == 0
    rows = cli("mail", "secret", "-o", "json").json
    assert [row["signs"] for row in rows] == [True, False]
    assert {key for row in rows for key in row} == {"id", "since", "signs"}
    assert cli("mail", "secret", "show").code == 2


def test_requesters_watchers_and_broken_addresses_by_command(cli: Cli) -> None:
    cli("mail", "receive", stdin=MAIL)
    cli("mail", "process")
    assert cli("ticket", "watch", "1", "--add", "bo@example.org").code == 0
    assert cli("ticket", "show", "1", "-o", "json").json["watchers"] == ["bo <bo@example.org>"]
    assert cli("ticket", "watch", "1", "--drop", "bo@example.org").code == 0
    assert cli("ticket", "watch", "1").code == 2
    assert cli("ticket", "confirm", "1").code == 5
    assert cli("person", "show", "ada@example.org", "-o", "json").json["broken"] == []
    assert cli("person", "set", "ada@example.org", "--address-works").code == 5
