"""The plain mode: the desk by numbered prompts."""

import sys

import pytest

from deskterm.cli.plain import _prose, plain_board
from tests.cli.conftest import Cli


def test_a_call_is_logged_taken_solved_and_closed_by_numbers(
    cli_sqlite: Cli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    said = ["n", "Ada Moss <ada@example.org>", "No sound", "It hums", "y", "1", "1"]
    said += ["6", "New cable", "4", "5", "6", "", "q"]
    cli_sqlite("ticket", "list")
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(said) + "\n"))
    plain_board()
    told = capsys.readouterr()
    assert "Ticket 1: urgent, new, No sound, from Ada Moss, owner nobody, promise " in told.out
    assert ", cy opened" in told.out
    assert ", cy solved it" in told.out
    assert "→" not in told.out
    view = cli_sqlite("ticket", "show", 1, "-o", "json").json
    assert (view["state"], view["outcome"]) == ("closed", "solved")


def test_figures_are_said_as_words(
    cli_sqlite: Cli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    cli_sqlite("ticket", "new", "--from", "ada@example.org", "--subject", "No sound")
    monkeypatch.setattr("sys.stdin", io.StringIO("i\nq\n"))
    plain_board()
    told = capsys.readouterr().out
    assert "\nOpen: 1.\n" in told
    assert "\nLogged: 1.\n" in told
    assert "\nSatisfied: no answers yet.\n" in told
    assert "\nAgain and again: nothing.\n" in told
    assert not set("▁█▲▼→") & set(told)


def test_promises_and_notices_are_said_and_kept_by_words(
    cli_sqlite: Cli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    cli_sqlite("ticket", "new", "--from", "ada@example.org", "--subject", "No sound")
    cli_sqlite("ticket", "new", "--from", "bo@example.org", "--subject", "No VPN", "--urgent")
    cli_sqlite("ticket", "callback", 1, "--at", "2030-11-01 09:00", "--note", "louder?")
    cli_sqlite("ticket", "callback", 2, "--at", "2031-01-02")
    cli_sqlite("me", "set", "--notify", "default")
    monkeypatch.setenv("DESKTERM_AS", "ben")
    cli_sqlite("ticket", "note", 1, "--body", "@cy please")
    monkeypatch.setenv("DESKTERM_AS", "cy")
    words = ["p", "1", "k", "It hums no more.", "p", "1", "tomorrow 9:00", "p", "", "m", "m"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join([*words, "p", "9", "q"]) + "\n"))
    plain_board()
    told = capsys.readouterr()
    assert "2 promises.\n1. call-back, ticket 1, ada, 2030-11-01 09:00, by cy. louder?" in told.out
    assert told.out.count("\n1 promise.\n") == 3
    assert "names you, ticket 1, No sound," in told.out
    assert "\nNothing new.\n" in told.out
    assert "'9' is none of the numbers" in told.err
    timeline = cli_sqlite("ticket", "show", 1, "--full", "-o", "json").json["timeline"]
    assert any("It hums no more." in entry["text"] for entry in timeline)


def test_the_end_of_input_leaves(
    cli_sqlite: Cli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("99\nfrog\n"))
    plain_board()
    assert "no ticket #99" in capsys.readouterr().err


def test_lines_break_between_words_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "The printer on floor 3 shows offline since lunch and nobody can print. " * 3
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    _prose(said)
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) < 40
    assert out.split() == said.split()
