"""A virus alert by command, from call to call-back: found, told, visited, chosen, called."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.conftest import Cli


def test_the_story_of_the_virus_alert(cli: Cli) -> None:
    for login, name in (("ada", "LT-220"), ("bo", "LT-221")):
        cli("person", "set", f"{login}@example.org", "--name", login, "--device", name)
        cli("device", "set", name, "--model", "T14", "--owner", f"{login}@example.org")
    problem = ("Virus alert by mail", "--state", "open", "--workaround", "Do not open it.")
    assert cli("problem", "new", *problem, "--model", "T14").code == 0
    opened = cli(
        *("ticket", "new", "--from", "ada@example.org", "--subject", "Virus alert by mail"),
        *("--urgent", "--device", "LT-220", "-o", "json"),
    )
    number = opened.json["id"]
    assert "problem\t1\tVirus alert" in cli("search", "virus", "alert").out  # the known incident
    assert cli("ticket", "link", number, "--to", "P1", "--kind", "problem").code == 0
    assert cli("problem", "tell", "P1", "--yes").code == 0  # bo, before he calls
    told = [one["recipient"] for one in cli("mail", "queue", "--all", "-o", "json").json]
    assert "bo@example.org" in told
    choices = ("--remedy", "Clean it now|30 min", "--remedy", "A new one|2 h")
    assert cli("ticket", "offer", number, *choices).code == 0
    assert cli("ticket", "choose", number, "--remedy", 1, "--how", "by phone").code == 0
    day = (datetime.now(UTC) + timedelta(days=1)).date()
    at = f"{day}T10:00:00+00:00"
    other = f"{day}T14:00:00+00:00"
    offered = cli("visit", "offer", number, "--slot", at, "--slot", other, "--length", "30m")
    assert offered.code == 0, offered.err
    assert cli("visit", "choose", number, "--slot", 1, "--how", "by phone").code == 0
    (row,) = cli("visit", "list", "-o", "json").json
    assert (row["ticket_id"], row["at"], row["state"]) == (number, f"{day}T10:00:00Z", "fixed")
    assert "BEGIN:VEVENT" in cli("visit", "list", "--ics", "-").out
    assert cli("visit", "done", number, "--text", "Cleaned LT-220.").code == 0
    assert cli("ticket", "callback", number, "--at", "3d", "--note", "Still clean?").code == 0
    steps = {
        one["step"]: one["status"]
        for one in cli("ticket", "show", number, "-o", "json").json["steps"]
    }
    assert (steps["select"], steps["carry-out"]) == ("done", "done")
    (promise,) = [one for one in cli("promises", "-o", "json").json if one["kind"] == "call"]
    assert promise["ticket_id"] == number
    assert cli("visit", "done", number).code == 5
    assert cli("visit", "set", number, "--at", "tomorrow", "--length", "72h").code == 2


class Terminal(io.StringIO):
    """Standard input of somebody who is there."""

    def isatty(self) -> bool:
        """Tell that it is a terminal."""
        return True


def test_a_terminal_is_asked_before_a_visit_is_left_over(
    cli_sqlite: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script is told; whoever is there says y first, for a ticket's end and for an absence."""
    cli = cli_sqlite
    cli("ticket", "new", "--from", "ada@example.org", "--subject", "Screen")
    cli("visit", "set", "1", "--at", "tomorrow 10:00")
    monkeypatch.setattr("tests.cli.conftest._typed", Terminal)
    for command in (("ticket", "close", "1", "--as", "spam"), ("absence", "add", "--until", "3d")):
        refused = cli(*command, stdin="n\n")
        assert refused.code != 0
        assert "Type y to go on" in refused.err
        assert cli(*command, stdin="y\n").code == 0
    assert [one["state"] for one in cli("ticket", "list", "is:any", "-o", "json").json] == [
        "closed"
    ]
    assert cli("undo").code == 0
    told = cli("absence", "add", "--until", "3d", "--no-input")
    assert (told.code, "cy is off then, but has visits: #1" in told.err) == (0, True)
