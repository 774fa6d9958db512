"""Tables for people: what a row is named by can be typed again, whatever else has to give way."""

from datetime import timedelta

import pytest

from deskterm.domain import clock
from tests.cli.conftest import Cli


def test_names_and_times_are_never_cut_where_words_give_way(
    cli_sqlite: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    subject = "A printer that prints everything twice " * 3
    number = cli_sqlite("ticket", "new", "--from", "ada@example.org", "--subject", subject).out
    at = (clock.now() + timedelta(days=3)).astimezone().replace(second=0, microsecond=0)
    assert cli_sqlite("ticket", "callback", number.strip(), "--at", at.isoformat()).code == 0
    told = cli_sqlite("promises", "-o", "table").out
    assert f"call.{number.strip()}.1 " in told
    assert f"{at:%Y-%m-%d %H:%M}" in told
    assert "A print…" in told
