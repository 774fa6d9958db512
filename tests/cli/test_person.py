"""Requesters from the command line, on both databases."""

from pathlib import Path

from tests.cli.conftest import Cli


def test_a_person_is_corrected_and_found(cli: Cli) -> None:
    cli("ticket", "new", "--from", "ada@example.org", "--subject", "x")
    assert (
        cli("person", "set", "ada@example.org", "--name", "Ada Moss", "--site", "Leeds").code == 0
    )
    cli("person", "set", "ada@example.org", "--email", "a.moss@example.org", "--device", "LT-1")
    shown = cli("person", "show", "Ada Moss", "-o", "json").json
    assert shown["addresses"] == ["ada@example.org", "a.moss@example.org"]
    assert (shown["site"], shown["open_tickets"], shown["devices"][0]["name"]) == (
        "Leeds",
        1,
        "LT-1",
    )
    assert [row["id"] for row in cli("person", "list", "moss", "-o", "json").json] == [shown["id"]]


def test_an_address_belongs_to_one_person(cli: Cli) -> None:
    for who in ("ada@example.org", "bo@example.org"):
        cli("person", "set", who, "--name", who[:2])
    assert cli("person", "set", "bo@example.org", "--email", "ada@example.org").code == 5


def test_a_table_for_excel_is_csv_that_says_that_it_is_utf8(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,email\nJörg Müller,joerg@example.org\n", encoding="utf-8")
    assert cli("person", "import", str(file)).code == 0
    plain, excel = (cli("person", "list", "-o", kind).out for kind in ("csv", "excel"))
    assert "Jörg Müller" in plain
    assert excel == "\ufeff" + plain


def test_people_come_from_csv_all_or_none(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,email,department\nAda,ada@example.org,Sales\n,,HR\n", encoding="utf-8")
    refused = cli("person", "import", file)
    assert (refused.code, f"{file}:3" in refused.err) == (2, True)
    assert cli("person", "list", "-o", "json").json == []
    file.write_text("name,email,department\nAda,ada@example.org,Sales\nBo,bo@example.org,HR\n")
    assert cli("person", "import", file).code == 0
    assert cli("person", "import", file).code == 0
    assert [row["name"] for row in cli("person", "list", "-o", "json").json] == ["Ada", "Bo"]


def test_unknown_people_and_columns_are_named(cli: Cli, tmp_path: Path) -> None:
    assert cli("person", "show", "ghost@example.org").code == 3
    file = tmp_path / "people.csv"
    file.write_text("nmae\nAda\n")
    assert "'nmae'" in cli("person", "import", file).err


def test_organisations_gather_people(cli: Cli) -> None:
    cli("org", "add", "Clinic")
    cli("person", "set", "ada@example.org", "--organisation", "clinic")
    assert cli("org", "list", "-o", "json").json == [
        {"id": 1, "name": "Clinic", "language": "", "client": True, "people": 1}
    ]


def test_a_german_excel_and_an_old_charset_are_read(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text('\ufeffname;email;phone\n"Müller, Jürgen";jm@example.org;+49 30 1\n', "utf-8")
    assert cli("person", "import", file).code == 0
    file.write_bytes("sep=\t\nname\temail\nBjörn Ek\tbjorn@example.org\n".encode("cp1252"))
    refused = cli("person", "import", file)
    assert refused.code == 2
    assert "name the encoding" in refused.err
    assert cli("person", "import", file, "--encoding", "cp1252").code == 0
    names = [one["name"] for one in cli("person", "list", "-o", "json").json]
    assert {"Müller, Jürgen", "Björn Ek"} <= set(names)
