"""The loop (F1 to F4): twelve tickets, a problem, a tracker, a release, everyone told, the end.

By command; `tests/screens/test_loop.py` goes the same way by keys.
"""

from datetime import timedelta

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.services.looking import Verifying
from tests.cli.conftest import Cli
from tests.forges import TOKEN, forge
from tests.services.test_releases import answers


def test_from_twelve_tickets_to_a_fix_that_holds(cli: Cli, desk: Desk) -> None:
    who = [f"p{n % 11}@example.org" for n in range(12)]
    said = (("--from", one, "--subject", "VPN drops") for one in who)
    tickets = [int(cli("ticket", "new", *one).out) for one in said]
    other = int(cli("ticket", "new", "--from", "x@example.org", "--subject", "Mouse").out)
    cli("problem", "new", "Mouse", "--ticket", other)
    facts = ("--product", "Router", "--found", "2.3", "--severity", "high", "--state", "open")
    cli("problem", "new", "The VPN drops", *(f"--ticket={one}" for one in tickets), *facts)
    top = cli("problem", "queue", "-o", "json").json[0]
    assert (top["id"], top["count"], top["people"]) == ("P2", 12, 11)
    assert top["why"].startswith("12 tickets of 11 people weigh")
    with forge("github") as server:
        where = f"acme/router --url {server.address} --token 'echo {TOKEN}'"
        cli("settings", "set", "trackers.github", f"deskterm tracker github {where}")
        cli("settings", "set", "undo_seconds", "0")
        (tracked,) = cli("problem", "track", "P2", "--now", "-o", "json").json
        assert (tracked["ref"], server.issue(1)["title"]) == ("1", "The VPN drops")
    values = ("--problem", "P2", "--words", "It stays up.", "--how", "Restart it.")
    assert cli("release", "new", "Router 2.4", *values).code == 0
    shipped = cli("release", "ship", "Router 2.4", "--yes", "-o", "json").json
    assert (shipped["told"], shipped["letters"], set(shipped["tickets"])) == (11, 11, set(tickets))
    people = cli("release", "show", "Router 2.4", "-o", "json").json["people"]
    numbers = [one["tickets"] for one in people]
    assert sorted(one for some in numbers for one in some) == tickets
    assert [tickets[0], tickets[11]] in numbers
    answers(desk, "p1@example.org", "Yes, it works.")
    answers(desk, "p0@example.org", "No, still broken")
    row = cli("release", "show", "Router 2.4", "-o", "json").json
    assert (row["works"], row["broken"], row["silent"]) == (1, 1, 9)
    assert cli("problem", "show", "P2", "-o", "json").json["state"] == "open"
    assert cli("ticket", "show", tickets[0], "-o", "json").json["state"] == "open"
    assert cli("problem", "queue", "-o", "json").json[0]["regressions"] == 1
    cli("release", "new", "Router 2.5", "--problem", "P2", "--words", "Now it stays up.")
    assert cli("release", "ship", "Router 2.5", "--yes", "-o", "json").json["letters"] == 11
    answers(desk, "p0@example.org", "Yes, it works.")
    assert Verifying(desk.store).run(clock.now() + timedelta(days=15)) == 1
    ended = cli("problem", "show", "P2", "-o", "json").json
    assert (ended["state"], ended["fixed"]) == ("verified", "2.4, 2.5")
    assert "Router 2.5 held for 14 days: 1 of 11" in ended["reason"]
