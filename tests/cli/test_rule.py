"""`deskterm rule`: added, listed, tried, moved, changed, taken away; dry runs keep nothing."""

from tests.cli.conftest import Cli


def test_a_rule_lives_on_the_command_line(cli: Cli) -> None:
    assert cli("category", "add", "network/wifi").code == 0
    added = ("rule", "add", "wifi", "--when", "wifi", "--category", "network/wifi")
    assert cli(*added, "--dry-run").code == 0
    assert cli("rule", "list", "-o", "json").json == []
    assert cli(*added).code == 0
    assert cli("rule", "add", "floor", "--when", "floor", "--urgent", "--field", "os=any").code == 0
    cli("ticket", "new", "--from", "ada@example.org", "--subject", "wifi on this floor")
    shown = cli("ticket", "show", 1, "-o", "json").json
    assert (shown["category"], shown["urgent"]) == ("network/wifi", True)
    assert cli("rule", "move", "floor", "--to", 1).code == 0
    assert [one["name"] for one in cli("rule", "list", "-o", "json").json] == ["floor", "wifi"]
    tried = cli("rule", "test", "wifi")
    assert tried.out.split("\t")[0] == "1"
    assert "the same 1 of 1 times (100 %)" in tried.err
    tried = cli("rule", "test", "--when", "floor", "--category", "network", "-o", "json").json
    assert tried["tickets"] == 1
    assert cli("rule", "set", "wifi", "--off", "--name", "radio").code == 0
    assert cli("rule", "remove", "radio").code == 5
    assert cli("rule", "remove", "radio", "--yes").code == 0
    assert cli("undo").code == 0
    names = {one["name"]: one["active"] for one in cli("rule", "list", "-o", "json").json}
    assert names == {"floor": True, "radio": False}


def test_what_is_wrong_is_told_with_its_exit_code(cli_sqlite: Cli) -> None:
    assert cli_sqlite("rule", "add", "x", "--when", "is:x", "--urgent").code == 2
    assert cli_sqlite("rule", "add", "x", "--urgent").code == 2
    assert cli_sqlite("rule", "add", "x", "--when", "wifi", "--field", "os").code == 2
    assert cli_sqlite("rule", "add", "x", "--when", "wifi", "--category", "ghost").code == 3
    assert cli_sqlite("rule", "set", "ghost", "--on").code == 3
    assert cli_sqlite("rule", "set", "ghost").code == 2
