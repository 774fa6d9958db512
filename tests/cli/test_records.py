"""Groups, categories, fields and views from the command line, on both databases."""

from uuid import uuid4

from tests.cli.conftest import Cli


def new(cli: Cli, *more: str) -> int:
    return int(cli("ticket", "new", "--from", "a@example.org", "--subject", "x", *more).out)


def test_a_group_is_made_joined_and_escalated_to(cli: Cli) -> None:
    assert cli("group", "add", "network", "--level", 2).code == 0
    assert cli("group", "join", "network", "mia").code == 0
    listed = {row["name"]: row for row in cli("group", "list", "-o", "json").json}
    assert (listed["network"]["level"], listed["network"]["members"]) == (2, ["mia"])
    number = new(cli)
    assert cli("ticket", "escalate", number, "--group", "network", "--summary", "no link").code == 0
    assert cli("ticket", "assign", number, "--to", "mia").code == 0
    cli("group", "leave", "network", "mia")
    assert not {r["name"]: r for r in cli("group", "list", "-o", "json").json}["network"]["members"]


def test_a_category_brings_its_group_and_is_renamed_with_its_tickets(cli: Cli) -> None:
    cli("category", "add", "network/switch", "--group", "second level")
    number = new(cli, "--category", "network/switch")
    assert cli("ticket", "show", number, "-o", "json").json["group"] == "second level"
    cli("category", "rename", "network", "lan")
    assert cli("ticket", "show", number, "-o", "json").json["category"] == "lan/switch"
    refused = cli("category", "remove", "lan/switch", "--yes")
    assert (refused.code, "open tickets" in refused.err) == (5, True)


def test_removing_asks_first(cli: Cli) -> None:
    assert cli("category", "remove", "phone").code == 5
    assert cli("category", "remove", "phone", "--yes").code == 0
    assert "phone" not in [row["path"] for row in cli("category", "list", "-o", "json").json]


def test_a_field_allows_its_choices_only(cli: Cli) -> None:
    cli("field", "add", "os", "--choice", "Windows", "--choice", "macOS")
    number = new(cli)
    assert cli("ticket", "set", number, "--field", "os=BeOS").code == 5
    assert cli("ticket", "set", number, "--field", "os=macOS").code == 0
    assert [row["id"] for row in cli("ticket", "list", "field.os:macOS", "-o", "json").json] == [1]


def test_views_are_checked_saved_and_deleted(cli: Cli) -> None:
    assert cli("view", "save", "Bad", "colour:red").code == 2
    assert cli("view", "save", "Mine", "assignee:me").code == 0
    assert cli("view", "list", "-o", "json").json == [
        {"name": "Mine", "query": "assignee:me", "owner": "cy"}
    ]
    assert cli("view", "delete", "Mine").code == 0
    assert cli("view", "delete", "Mine").code == 3


def test_records_repeat_safely_and_run_dry(cli: Cli) -> None:
    name = str(uuid4())
    cli("group", "add", "network", "--op", name)
    assert "done before" in cli("group", "add", "other", "--op", name).err
    cli("group", "add", "ghosts", "--dry-run")
    names = [row["name"] for row in cli("group", "list", "-o", "json").json]
    assert "network" in names
    assert not {"ghosts", "other"} & set(names)


def test_retention_is_set_tried_and_run(cli: Cli) -> None:
    assert cli("retention", "set", "Old", "--after", "1d", "--category", "phone").code == 0
    (listed,) = cli("retention", "list", "-o", "json").json
    assert (listed["name"], listed["after"], listed["what"]) == ("Old", 1, "words")
    assert cli("retention", "set", "Older", "--after", "soon").code == 2
    (tried,) = cli("retention", "run", "--dry-run", "-o", "json").json
    assert (tried["rule"], tried["category"], tried["due"]) == ("Old", "phone", 0)
    assert cli("retention", "run", "-o", "json").json[0]["tickets"] == []
    history = next(row for row in cli("doctor", "-o", "json").json if row["what"] == "history")
    assert (history["works"], "never sealed" in history["detail"]) == (True, True)
