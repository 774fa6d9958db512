"""Releases from the command line: made, planned, shipped, answered for, withdrawn; on both."""

from tests.cli.conftest import Cli


def test_a_release_from_its_plan_to_its_end(cli: Cli) -> None:
    said = ("--from", "ada@example.org", "--subject", "VPN drops")
    ticket = int(cli("ticket", "new", *said).out)
    facts = ("--cause", "A timer", "--workaround", "Connect again", "--state", "known_error")
    assert cli("problem", "new", "VPN timer", "--ticket", ticket, *facts).out.strip() == "P1"
    assert cli("problem", "set", "P1", "--state", "released").code == 5
    made = cli("release", "new", "Router 2.4", "--problem", "P1", "--how", "Restart it.")
    assert made.code == 0
    assert cli("release", "add", "Router 2.5").code == 0
    assert cli("release", "remove", "Router 2.5", "--yes").code == 0
    assert cli("problem", "show", "P1", "-o", "json").json["state"] == "fix_planned"
    plan = cli("release", "plan", "router 2.4", "-o", "json").json
    assert plan["words"] == "- VPN timer: mended."
    assert [(one["address"], one["tickets"]) for one in plan["recipients"]] == [
        ("ada@example.org", [ticket])
    ]
    assert cli("release", "ship", "Router 2.4").code == 2
    assert cli("release", "set", "Router 2.4", "--words", "The VPN stays up.").code == 0
    assert "1 letters would be written" in cli("release", "ship", "Router 2.4", "--dry-run").err
    shipped = cli("release", "ship", "Router 2.4", "-o", "json").json
    assert (shipped["state"], shipped["told"], shipped["tickets"]) == ("shipped", 1, [ticket])
    assert cli("release", "ship", "Router 2.4").code == 5
    assert cli("release", "set", "Router 2.4", "--words", "More.").code == 5
    (row,) = cli("release", "list", "-o", "json").json
    assert (row["problems"], row["silent"]) == (["P1"], 1)
    assert "silent" in cli("release", "show", "Router 2.4", "-o", "table").out
    back = cli("release", "withdraw", "Router 2.4", "--reason", "It drops calls.", "-o", "json")
    assert (back.json["state"], back.json["letters"]) == ("withdrawn", 1)
    assert cli("problem", "show", "P1", "-o", "json").json["state"] == "open"
    assert cli("release", "show", "Router 9").code == 3


def test_the_queue_is_listed_as_text_json_and_markdown(cli_sqlite: Cli) -> None:
    said = ("--from", "ada@example.org", "--subject", "VPN | drops")
    ticket = int(cli_sqlite("ticket", "new", *said).out)
    cli_sqlite("problem", "new", "VPN | timer", "--ticket", ticket, "--severity", "high")
    (place,) = cli_sqlite("problem", "queue", "-o", "json").json
    assert (place["id"], place["terms"][0]["ticket"], place["above"]) == ("P1", ticket, True)
    assert "VPN \\| timer" in cli_sqlite("problem", "queue", "--markdown").out
    assert "1 of 1 hold 80 %" in cli_sqlite("problem", "queue").err
