"""Telling people from the command line: audiences, announcements, outreach, tips, the welcome."""

from pathlib import Path

from icalendar import Calendar

from tests.cli.conftest import Cli

PEOPLE = """name,email,site,news
Ada Moss,ada@acme.test,Leeds,yes
Bo Lind,bo@acme.test,Leeds,no
Cy Field,cy@acme.test,Hull,yes
"""
DEVICES = """name,owner,model,os,os_version
LT-1,ada@acme.test,ThinkPad T14 Gen 3,Windows,11 23H2
LT-2,bo@acme.test,ThinkPad T14 Gen 2,Windows,10 22H2
LT-3,cy@acme.test,EliteBook,Windows,11 23H2
"""


def desk(cli: Cli, folder: Path) -> None:
    """Three people and their devices, out of two CSV files."""
    for kind, text in (("person", PEOPLE), ("device", DEVICES)):
        file = folder / f"{kind}.csv"
        file.write_text(text)
        assert cli(kind, "import", file).code == 0


def test_who_is_told_is_said_first_and_nothing_leaves_without_it(cli: Cli, tmp_path: Path) -> None:
    desk(cli, tmp_path)
    found = cli("person", "list", "site:Leeds model:ThinkPad*", "-o", "json").json
    assert [one["name"] for one in found] == ["Ada Moss", "Bo Lind"]
    wrong = cli("announce", "new", "VPN is down", "--to", "site:Leds")
    assert wrong.code == 2
    assert "did you mean 'Leeds'" in wrong.err
    assert "site:Leds\n  ^" in wrong.err
    nobody = cli("announce", "new", "VPN is down", "--to", "name:dee")
    assert nobody.code == 5
    assert "nobody of 'name:dee' can be told" in nobody.err
    dry = cli("announce", "new", "VPN is down", "--to", "site:Leeds", "--dry-run")
    assert "2 people (Ada Moss, Bo Lind); 1 not written to: 1 opted out" in dry.err
    assert cli("announce", "list", "-o", "json").json == []
    more = ("--to", "site:Leeds", "--kind", "outage", "--until", "3h", "-o", "json")
    made = cli("announce", "new", "VPN is down", *more)
    assert "Writing to 2 people (Ada Moss, Bo Lind)" in made.err
    assert "until then `undo` takes it back" in made.err
    assert (made.json["state"], made.json["letters"], made.json["due"]) == (
        "running",
        True,
        "running",
    )
    one = made.json["id"]
    assert cli("announce", "update", one, "Back at noon").code == 0
    assert [
        row["id"] for row in cli("announce", "list", "--for", "ada@acme.test", "-o", "json").json
    ]
    assert cli("announce", "list", "--for", "cy@acme.test", "-o", "json").json == []
    assert cli("announce", "end", one, "--words", "It works again.").code == 0
    late = cli("announce", "update", one, "Or not")
    assert late.code == 5
    assert "has ended before" in late.err


def test_the_doctor_names_an_announcement_that_cannot_be_told(cli: Cli, tmp_path: Path) -> None:
    desk(cli, tmp_path)
    cli("settings", "set", "undo_seconds", "0")
    assert cli("announce", "new", "VPN is down", "--to", "site:Leeds").code == 0
    assert "1 planned or running\n" in cli("doctor", "-o", "tsv").out
    cli("site", "rename", "Leeds", "York")
    cli("work", "--once")
    (found,) = (one for one in cli("doctor", "-o", "json").json if one["what"] == "announcements")
    assert not found["works"]
    assert "1 cannot be told: there is no site 'Leeds'" in found["detail"]
    assert "announce update" in found["detail"]


def test_the_maintenance_to_come_is_a_calendar_file(cli_sqlite: Cli, tmp_path: Path) -> None:
    cli = cli_sqlite
    plan = ("--from", "2099-12-04 18:00", "--until", "2h")
    assert cli("announce", "new", "Mail stands still", *plan).code == 0
    file = tmp_path / "maintenance.ics"
    assert cli("announce", "list", "--ics", file).code == 0
    (event,) = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert str(event["summary"]) == "Mail stands still"
    assert cli("announce", "withdraw", "1").code == 0
    assert cli("announce", "list", "--all", "-o", "json").json[0]["state"] == "withdrawn"


def test_owners_of_imported_devices_are_told_before_they_call_once_a_wording(
    cli: Cli, tmp_path: Path
) -> None:
    desk(cli, tmp_path)
    cli(
        "problem",
        "new",
        "Docks lose their screens",
        "--model",
        "ThinkPad T14*",
        "--os",
        "Windows 11*",
    )
    told = cli("problem", "tell", "P1", "--dry-run", "-o", "json").json
    assert [one["name"] for one in told["people"]] == ["Ada Moss"]
    assert "Known trouble: Docks lose their screens" in told["letter"]
    assert cli("problem", "tell", "P1", "-o", "json").json["letters"] == 1
    assert cli("problem", "tell", "P1", "-o", "json").json["letters"] == 0
    cli("problem", "set", "P1", "--workaround", "Use the cable")
    (owner,) = cli("problem", "owners", "P1", "-o", "json").json
    assert (owner["status"], owner["before"]) == ("", True)
    assert cli("problem", "tell", "P1", "-o", "json").json["letters"] == 1
    assert cli("problem", "tell", "P1", "-o", "json").json["letters"] == 0


def test_tips_and_the_welcome_letter_by_command(cli_sqlite: Cli, tmp_path: Path) -> None:
    cli = cli_sqlite
    desk(cli, tmp_path)
    cli(
        "solution",
        "new",
        "--title",
        "VPN drops",
        "--resolution",
        "Reconnect.",
        "--tip",
        "Plug in the cable.",
    )
    refused = cli("solution", "tip", "S1", "--to", "everyone")
    assert refused.code == 5
    assert cli("solution", "publish", "S1", "--to", "public", "--yes").code == 0
    assert "2 letter(s)" in cli("solution", "tip", "S1", "--to", "everyone").err
    assert cli("solution", "tip", "S1", "--to", "everyone").code == 5
    assert cli("person", "welcome", "is:new", "-o", "json").json["letters"] == 2
    newer = tmp_path / "new.csv"
    newer.write_text("name,email\nDee Ray,dee@acme.test\nAda Moss,ada@acme.test\n")
    assert cli("person", "import", newer, "--welcome").code == 0
    queue = cli("mail", "queue", "-o", "json").json
    assert [one["recipient"] for one in queue if one["template"] == "news_welcome"] == [
        "dee@acme.test",
        "cy@acme.test",
        "ada@acme.test",
    ]


def test_the_offer_is_printed_written_to_a_file_or_to_people_who_are_named_first(
    cli: Cli, tmp_path: Path
) -> None:
    cli("service", "set", "Mail")
    cli("offer", "set", "Mail for all", "--service", "Mail", "--pickup", "2h")
    cli("person", "set", "ada@example.org", "--name", "Ada Moss")
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    assert "## Mail for all" in cli("offer", "publish").out
    assert "say --file" in cli("offer", "publish", "--to", old).err
    assert cli("offer", "publish", "--file", new).code == 0
    assert old.read_text() == new.read_text()
    assert cli("offer", "publish", "--to", "everyone", "--file", new).code == 2
    tried = cli("offer", "publish", "--to", "everyone", "--dry-run")
    assert "1 letters would be written" in tried.err
    assert "Ada Moss" in tried.err
    done = cli("offer", "publish", "--to", "everyone", "--yes", "-o", "json")
    assert done.json["letters"] == 1
    assert cli("offer", "publish", "--to", "everyone", "--yes").code == 5
    assert cli("undo").code == 0
    assert cli("mail", "queue", "-o", "json").json == []
