"""Each command that the README shows does what its block says; each one named in a line exists."""

import re
import shlex
from pathlib import Path

import pytest

from deskterm import settings
from deskterm.bootstrap import open_desk
from deskterm.demo.lively import enliven
from deskterm.demo.load import load
from deskterm.domain import clock
from tests.cli.conftest import Cli

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
_BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
_NAMED = sorted({" ".join(one.split()) for one in re.findall(r"`deskterm ([a-z][^`]*)`", README)})


def _commands(block: str) -> list[list[str]]:
    """Give the calls of a block as words, the command's own name left out."""
    calls = [shlex.split(line, comments=True) for line in block.splitlines()]
    return [words[1:] for words in calls if words[:1] == ["deskterm"]]


def test_what_is_done_every_day_works_on_the_demo(
    cli: Cli, database_url: str, tmp_path: Path
) -> None:
    block = next(one for one in _BLOCKS if "deskterm ticket new" in one)
    desk = open_desk(settings.load({"db": database_url}, as_login="cy"))
    now = clock.now()
    load(desk.store, desk.me, now, tickets=400, seed=1)
    enliven(desk, now, tmp_path / "letters")
    number = next(iter(desk.board.ids("is:open assignee:none")))
    vpn = len(list(desk.board.ids("is:open category:network/vpn")))
    desk.close()
    calls = _commands(block)
    assert len(calls) == 10
    for words in calls:
        done = cli(*(str(number) if word == "1041" else word for word in words))
        assert done.code == 0, (words, done.err)
        if words[:2] == ["ticket", "take"]:
            assert cli("ticket", "list", f"#{number}", "--columns", "assignee").out.strip() == "cy"
        if words[:2] == ["ticket", "finish"]:
            assert cli("ticket", "list", "is:open category:network/vpn").out == ""
        if words == ["undo"]:
            left = cli("ticket", "list", "is:open category:network/vpn", "--columns", "id")
            assert len(left.out.split()) == vpn
        if words[:1] == ["search"]:
            assert "printer" in done.out.lower()


def test_a_team_begins_with_three_lines(
    cli: Cli, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = next(one for one in _BLOCKS if "export DESKTERM_DB" in one)
    first, *rest = _commands(block)
    assert first == ["--db", "postgresql://desk@server/desk", "db", "init"]
    assert cli("--db", postgres_url, "db", "init").code == 0
    monkeypatch.setenv("DESKTERM_DB", postgres_url)
    assert rest == [[]]
    board = cli()
    assert board.code == 0


@pytest.mark.parametrize("line", _NAMED)
def test_what_a_line_names_is_a_command_with_these_options(cli_sqlite: Cli, line: str) -> None:
    words = shlex.split(line)
    while words and words[0].startswith("--"):
        words = words[2:]
    verbs = [word for word in words[:3] if re.fullmatch(r"[a-z-]+", word)]
    while verbs and cli_sqlite(*verbs, "--help").code:
        verbs.pop()
    assert verbs, line
    told = cli_sqlite(*verbs, "--help").out
    for option in re.findall(r"--[a-z-]+", line):
        assert option in told or option == "--db", (line, option)
