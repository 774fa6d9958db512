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


def test_a_service_is_made_and_a_ticket_gets_it(cli: Cli) -> None:
    assert cli("service", "set", "Printing").code == 0
    opened = cli("ticket", "new", "--from", "ada@example.org", "--subject", "x", "-o", "json")
    number = str(opened.json["id"])
    assert cli("service", "merge", "Nothing", "--into", "Printing").code == 3
    assert cli("service", "remove", "Printing", "--dry-run").code == 0
    assert cli("ticket", "show", number).code == 0
    assert "Printing" in cli("service", "list").out
