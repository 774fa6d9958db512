"""A virus alert by command, from call to call-back: found, told, visited, chosen, called."""

from datetime import UTC, datetime, timedelta

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
