"""Problems and announcements from the command line, on both databases."""

from tests.cli.conftest import Cli


def new(cli: Cli, subject: str, who: str = "a") -> int:
    more = ("--from", f"{who}@example.org", "--subject", subject)
    return int(cli("ticket", "new", *more).out)


def test_a_problem_from_suspicion_to_end(cli: Cli) -> None:
    one, two = new(cli, "VPN down"), new(cli, "No VPN", "b")
    assert cli("problem", "new", "VPN gateway", "--ticket", one).out.strip() == "P1"
    assert cli("ticket", "link", two, "--to", "P1", "--kind", "problem").code == 0
    listed = cli("problem", "list", "-o", "json").json
    assert [(row["id"], row["tickets"], row["people"]) for row in listed] == [("P1", 2, 2)]
    assert cli("problem", "set", "P1", "--state", "known_error").code == 5
    shown = cli("problem", "set", "P1", "--workaround", "Use the web mail", "-o", "json").json
    assert (shown["workaround"], shown["version"]) == ("Use the web mail", 2)
    assert "Use the web mail" in cli("problem", "show", "P1").out
    found = cli("ticket", "list", "problem:P1", "-o", "json").json
    assert {row["id"] for row in found} == {one, two}
    assert cli("problem", "unlink", one, "--from", "P1").code == 0
    dry = cli("problem", "close", "P1", "--resolution", "Back.", "--dry-run")
    assert "Nothing was changed" in dry.err
    ended = cli("problem", "close", "P1", "--resolution", "Back.", "-o", "json").json
    assert (ended["state"], ended["letters"]) == ("verified", 1)
    assert cli("ticket", "show", two, "-o", "json").json["state"] == "solved"
    assert cli("problem", "show", "P9").code == 3


def test_a_measure_is_set_shown_with_its_cost_and_not_to_be_fixed_has_a_reason(cli: Cli) -> None:
    one = new(cli, "VPN down")
    cli("problem", "new", "VPN gateway", "--ticket", one, "--state", "open", "--found", "2.3")
    kind = ("--kind", "configuration", "--owner", "mia", "--on", "2026-12-24", "--cost", "400")
    assert "nothing was changed" in cli("problem", "measure", "P1", *kind, "--dry-run").err.lower()
    made = cli("problem", "measure", "P1", *kind, "-o", "json").json
    assert (made["state"], made["measure_owner"]) == ("fix_planned", "mia")
    told = cli("problem", "measure", "P1", "-o", "table").out
    assert "configuration, mia, 2026-12-24, costs 400" in told
    assert "In all   1 ticket of 1 person" in told
    bill = cli("problem", "measure", "P1", "-o", "json").json
    assert (bill["whole"]["tickets"], bill["pays_in"], len(bill["months"])) == (1, None, 1)
    shown = cli("problem", "show", "P1", "-o", "table").out
    assert "found in 2.3" in shown
    assert "state open → fix planned" in shown
    assert len(cli("problem", "show", "P1", "-o", "json").json["history"]) == 2
    assert cli("problem", "measure", "P1", "--kind", "prayer").code == 2
    assert cli("problem", "measure", "P1", "--kind", "wont_fix").code == 5
    ended = cli("problem", "measure", "P1", "--kind", "wont_fix", "--because", "Old.", "-o", "json")
    assert (ended.json["state"], ended.json["reason"]) == ("wont_fix", "Old.")


def test_problems_are_merged_parted_and_exported(cli: Cli) -> None:
    one, two = new(cli, "VPN down"), new(cli, "Tunnel down", "b")
    cli("problem", "new", "VPN | gateway", "--ticket", one)
    cli("problem", "new", "Tunnel", "--ticket", two)
    merged = cli("problem", "merge", "P2", "--into", "P1", "-o", "json").json
    assert (merged["id"], merged["tickets"]) == (1, [one, two])
    more = ("--tickets", "tunnel", "--title", "Tunnel again")
    parted = cli("problem", "split", "P1", *more, "-o", "json").json
    assert (parted["title"], parted["tickets"]) == ("Tunnel again", [two])
    assert cli("problem", "split", "P1", "--tickets", "#99", "--title", "x").code == 5
    found = cli("problem", "export", "-o", "json").json
    assert {row["id"] for row in found} == {"P1", "P3"}
    assert found[0]["cost"]["whole"]["tickets"] == 1
    assert "## P1 VPN \\| gateway" in cli("problem", "export", "P1", "--markdown").out
    assert cli("problem", "export", "-o", "csv").out.startswith("id,title,state,severity")


def test_announcements_are_said_listed_and_ended(cli: Cli) -> None:
    assert cli("announce", "new", "VPN is down", "--until", "3h").code == 0
    (row,) = cli("announce", "list", "-o", "json").json
    assert (row["text"], row["actor"]) == ("VPN is down", "cy")
    assert cli("announce", "end", row["id"]).code == 0
    assert cli("announce", "list", "-o", "json").json == []


def test_a_burst_becomes_an_incident_from_a_query(cli_sqlite: Cli) -> None:
    cli = cli_sqlite
    new(cli, "Printer")
    for n in range(5):
        new(cli, "VPN down", f"p{n}")
    (burst,) = cli("problem", "bursts", "-o", "json").json
    assert (burst["count"], burst["people"]) == (5, 5)
    more = ("--title", "VPN is down", "--announce", "VPN is down", "--urgent")
    made = cli("problem", "incident", "--query", "vpn", *more, "-o", "json").json
    assert (made["title"], len(made["tickets"]), made["people"]) == ("VPN is down", 5, 5)
    assert cli("ticket", "show", made["tickets"][0], "-o", "json").json["urgent"]
    assert "5 people, as many as P1 touches" in cli("ticket", "why", made["tickets"][0]).out
    assert cli("problem", "owners", "P1").out == ""
    assert cli("problem", "tell", "P1", "--dry-run").code == 0
