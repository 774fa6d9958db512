"""`mail reply-text`, `mail parse` and `ticket show --full`: new words, bounces, the whole mail."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

_REPLY = "Yes.\n\nOn 2 Mar 2026 at 10:15, Desk <help@x.test> wrote:\n> Is it\n> plugged in?\n"
_BOUNCE = (
    "From: MAILER-DAEMON@x.test\nSubject: failure notice\n\nHi. This is the qmail-send program.\n\n"
    "<ada@y.test>:\n550 5.1.1 no such person\n"
)


def test_reply_text_gives_a_line_for_a_line(cli_sqlite: Cli) -> None:
    asked = [
        {"id": 1, "kind": "text", "input": _REPLY},
        {"id": "b", "kind": "html", "input": "No.<blockquote type=cite>Is it?</blockquote>"},
    ]
    lines = "\n".join(json.dumps(one) for one in asked)
    ended = cli_sqlite("mail", "reply-text", "--jsonl", "-", stdin=lines)
    assert [json.loads(line) for line in ended.out.splitlines()] == [
        {"id": 1, "reply": "Yes."},
        {"id": "b", "reply": "No."},
    ]


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"id":1,"input":"x","kind":"rtf"}'])
def test_a_line_that_asks_nothing_is_named(cli_sqlite: Cli, line: str) -> None:
    ended = cli_sqlite("mail", "reply-text", "--jsonl", "-", stdin=line)
    assert ended.code == 2
    assert "line 1" in ended.err


def test_parse_tells_new_words_and_bounces(cli_sqlite: Cli, tmp_path: Path) -> None:
    reply, bounce = tmp_path / "reply.eml", tmp_path / "bounce.eml"
    reply.write_text(f"From: ada@y.test\nSubject: Re: x\n\n{_REPLY}")
    bounce.write_text(_BOUNCE)
    ended = cli_sqlite("mail", "parse", "--jsonl", reply, bounce)
    first, second = (json.loads(line) for line in ended.out.splitlines())
    assert (first["reply"], first["is_bounce"], first["bounce"]) == ("Yes.", False, None)
    assert (second["is_bounce"], second["bounce"]["hard"]) == (True, True)
    assert second["bounce"]["recipients"][0]["address"] == "ada@y.test"


def test_the_whole_mail_is_shown_where_everything_is_asked_for(cli_sqlite: Cli) -> None:
    head = "From: ada@y.test\nTo: help@localhost\n"
    cli_sqlite("mail", "receive", stdin=f"{head}Message-ID: <1@y>\nSubject: x\n\nBroken.")
    cli_sqlite("mail", "receive", stdin=f"{head}In-Reply-To: <1@y>\nSubject: Re: x\n\n{_REPLY}")
    cli_sqlite("mail", "process")
    shown = cli_sqlite("ticket", "show", "1").out
    assert "3 quoted lines (--full)" in shown
    assert "plugged in" not in shown
    assert "> plugged in?" in cli_sqlite("ticket", "show", "1", "--full").out
