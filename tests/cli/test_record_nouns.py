"""Every record noun has the same verbs on the command line."""

from pathlib import Path

from tests.cli.conftest import Cli


def test_a_device_is_set_shown_renamed_imported_and_undone(cli: Cli, tmp_path: Path) -> None:
    assert cli("device", "set", "PC-1", "model=T14", "os=Linux").code == 0
    assert cli("device", "rename", "PC-1", "PC-2").code == 0
    shown = cli("device", "show", "PC-2", "-o", "json").json
    assert (shown["name"], shown["model"], shown["version"]) == ("PC-2", "T14", 2)
    assert cli("device", "set", "PC-2", "os=BSD", "--if-version", "1").code == 4
    file = tmp_path / "pcs.csv"
    file.write_text("Asset,Type\nPC-7,laptop\n", "utf-8")
    columns = tmp_path / "map.json"
    columns.write_text('{"Asset": "name", "Type": "kind"}', "utf-8")
    assert cli("device", "import", str(file), "--map", str(columns)).code == 0
    listed = cli("device", "list", "-o", "json").json
    assert [(one["name"], one["kind"]) for one in listed] == [("PC-2", ""), ("PC-7", "laptop")]
    undone = cli("undo")
    assert "Taken back: import device PC-7." in undone.err
    assert "The next undo takes: rename device PC-2." in undone.err
    assert "Done again: import device PC-7." in cli("redo").err


def test_letters_have_the_names_of_the_program_and_its_help_says_so(cli: Cli) -> None:
    said = " ".join(cli("template", "--help").out.split())
    assert "each says when its letter leaves: none is renamed or merged." in said
    for verb in ("rename", "merge"):
        assert cli("template", verb, "solved", "opened").code == 2


def test_a_service_is_made_and_a_ticket_gets_it(cli: Cli) -> None:
    assert cli("service", "set", "Printing").code == 0
    opened = cli("ticket", "new", "--from", "ada@example.org", "--subject", "x", "-o", "json")
    number = str(opened.json["id"])
    assert cli("service", "merge", "Nothing", "--into", "Printing").code == 3
    assert cli("service", "remove", "Printing", "--dry-run").code == 0
    assert cli("ticket", "show", number).code == 0
    assert "Printing" in cli("service", "list").out


def test_an_import_names_unknown_columns_and_goes_on_without_them_when_told(
    cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,email,role,employee_no\nAda,ada@example.org,boss,7\n", "utf-8")
    refused = cli("person", "import", file)
    assert (refused.code, "'role', 'employee_no'" in refused.err) == (2, True)
    taken = cli("person", "import", file, "--ignore")
    assert (taken.code, "Left out: role, employee_no." in taken.err) == (0, True)
    columns = tmp_path / "map.json"
    columns.write_text('{"role": "title", "employee_no": ""}', "utf-8")
    assert cli("person", "import", file, "--map", columns).code == 0
    assert cli("person", "show", "Ada", "-o", "json").json["title"] == "boss"


def test_what_is_listed_as_csv_can_be_imported_again(cli: Cli, tmp_path: Path) -> None:
    cli("device", "set", "PC-1", "--model", "T14", "--facts", "ip=10.1")
    file = tmp_path / "devices.csv"
    file.write_text(cli("device", "list", "-o", "csv").out, "utf-8")
    cli("device", "remove", "PC-1")
    assert cli("device", "import", file).code == 0
    assert cli("device", "show", "PC-1", "-o", "json").json["facts"] == {"ip": "10.1"}


def test_people_are_merged_and_technicians_set_by_command(cli: Cli) -> None:
    for who in ("ada@example.org", "a.moss@example.org"):
        cli("person", "set", who, "--name", "Ada")
    assert cli("person", "merge", "a.moss@example.org", "--into", "ada@example.org").code == 0
    assert len(cli("person", "show", "a.moss@example.org", "-o", "json").json["addresses"]) == 2
    assert cli("technician", "set", "mia", "--name", "Mia Ortiz", "--level", "2").code == 0
    assert cli("technician", "set", "mia", "--inactive").code == 0
    shown = cli("technician", "show", "mia", "-o", "json").json
    assert (shown["full_name"], shown["level"], shown["active"]) == ("Mia Ortiz", 2, False)
    assert cli("group", "add", "DESK").code == 0
    assert [one["name"] for one in cli("group", "list", "-o", "json").json].count("DESK") == 0


def test_a_technician_who_leaves_hands_over_by_one_command_that_asks_first(cli: Cli) -> None:
    for login in ("mia", "bo"):
        cli("technician", "set", login, "--name", login.title())
    cli("ticket", "new", "--from", "ada@example.org", "--subject", "x")
    cli("ticket", "assign", "1", "--to", "mia")
    assert cli("technician", "holds", "mia", "-o", "json").json["tickets"] == 1
    refused = cli("technician", "remove", "mia", "--no-input")
    assert (refused.code, "mia still has 1 ticket: name who" in refused.err) == (5, True)
    assert "mia leaves, bo takes that over: say --yes to do it." in cli(
        "technician", "remove", "mia", "--to", "bo"
    ).err  # fmt: skip
    dry = cli("technician", "remove", "mia", "--to", "bo", "--dry-run").err
    assert ("mia has 1 ticket." in dry, "nothing was kept" in dry) == (True, True)
    assert cli("technician", "remove", "mia", "--to", "bo", "--yes").code == 0
    assert cli("ticket", "show", "1", "-o", "json").json["assignee"] == "bo"
    assert "Taken back: remove technician #1." in cli("undo").err
    assert cli("ticket", "show", "1", "-o", "json").json["assignee"] == "mia"
