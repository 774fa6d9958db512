"""A command line to call: in this process, on a desk of its own, once on each database."""

import io
import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from deskterm.cli.main import run


class Ended(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Give standard output read as JSON."""
        return json.loads(self.out)


Cli = Callable[..., Ended]


def _typed(text: str) -> io.TextIOBase:
    """Standard input as bytes; half a character, which no bytes hold, comes as it is."""
    try:
        return io.TextIOWrapper(io.BytesIO(text.encode()))
    except UnicodeEncodeError:
        return io.StringIO(text)


def _caller(url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    monkeypatch.setenv("DESKTERM_DB", url)
    monkeypatch.setenv("DESKTERM_AS", "cy")

    def call(*arguments: object, stdin: str = "") -> Ended:
        monkeypatch.setattr("sys.stdin", _typed(stdin))
        capsys.readouterr()
        code = run([str(one) for one in arguments])
        caught = capsys.readouterr()
        return Ended(code, caught.out, caught.err)

    return call


@pytest.fixture
def cli(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Cli:
    """Call `cli("ticket", "list", …)` and get code, out and err; on both databases."""
    return _caller(database_url, monkeypatch, capsys)


@pytest.fixture
def cli_sqlite(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Cli:
    """The same on SQLite only, for what does not depend on the database."""
    return _caller(sqlite_url, monkeypatch, capsys)
