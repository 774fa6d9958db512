"""The pages that lead somebody by the hand say what works, and hang together as a site."""

import re
import shlex
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from deskterm.storage import migrate, schema
from deskterm.storage.driver import connect
from tests.cli.conftest import Cli

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_BLOCKS = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _lines(page: str) -> list[list[str]]:
    """Give the calls of deskterm on a page, as words without the program's name."""
    calls = [
        shlex.split(line, comments=True)
        for block in _BLOCKS.findall((DOCS / page).read_text("utf-8"))
        for line in block.splitlines()
    ]
    return [words[1:] for words in calls if words[:1] == ["deskterm"]]


def test_ten_minutes_to_a_desk_of_one(
    cli_sqlite: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text("name,email,phone\nAda Reed,ada@example.org,118\n")
    calls = [words for words in _lines("start-alone.md") if "test" not in words]
    assert len(calls) == 11
    for words in calls:
        if ">" in words:
            words = words[: words.index(">")]
        done = cli_sqlite(*words)
        assert done.code == 0, (words, done.err)
    assert cli_sqlite("person", "show", "ada@example.org", "-o", "json").json["phone"] == "118"
    assert cli_sqlite("settings", "get", "zone").out.strip() == "Europe/London"


def test_every_script_of_the_page_runs_as_it_stands(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a shell, with no terminal; only the folders and the machine's name are the test's."""
    (tmp_path / "backup").mkdir()
    (tmp_path / "report.txt").write_text("/dev/sda1 is 99 % full\n")
    beside = tmp_path / "bin"
    beside.mkdir()
    (beside / "deskterm").symlink_to(Path(sys.executable).with_name("deskterm"))
    (beside / "python3").symlink_to(sys.executable)
    blocks = _BLOCKS.findall((DOCS / "scripts.md").read_text("utf-8"))
    script = "".join(one for one in blocks if "deskterm" in one and "* * *" not in one)
    for folder in ("/backup", "/srv"):
        script = re.sub(rf"(?<=[ =/\"]){re.escape(folder)}(?=[/.])", f"{tmp_path}{folder}", script)
    for name, value in {
        "DESKTERM_DB": sqlite_url,
        "HOST": "web-1",
        "PATH": f"{beside}:/usr/bin:/bin",
    }.items():
        monkeypatch.setenv(name, value)
    again = next(one for one in blocks if "monitor" in one)  # the check runs twice that day
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script + again],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with closing(connect(sqlite_url)) as database:
        assert [row["channel"] for row in database.all("SELECT channel FROM ticket")] == ["monitor"]
    assert (tmp_path / "srv" / "www" / "solutions" / "index.html").exists()


def test_the_pages_are_a_site_without_a_dead_link(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", tmp_path / "site"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "desk of one" in (tmp_path / "site" / "search" / "search_index.json").read_text("utf-8")
    page = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert not re.findall(r"(?:src|href)=\"https?://(?!www.mkdocs.org)[^\"]*\.(?:js|css)", page)


def test_the_manual_page_has_every_verb_and_nothing_in_it_acts(cli_sqlite: Cli) -> None:
    page = cli_sqlite("man").out
    for verb in ("ticket new", "ticket close", "figures show", "db restore"):
        assert f"Usage: deskterm {verb} " in page
    requests = {line.split()[0] for line in page.splitlines() if line[:1] in {".", "'"}}
    assert requests == {".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".nf", ".fi"}
    assert not re.findall(r"\\[^e&-]", page)


def test_the_manual_page_is_put_where_man_looks(
    cli_sqlite: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    told = cli_sqlite("man", "--install")
    place = tmp_path / "data" / "man" / "man1" / "deskterm.1"
    assert str(place) in told.out
    assert place.read_text("utf-8") == cli_sqlite("man").out


def test_doctor_says_what_an_upgrade_would_do(
    cli_sqlite: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = {row["what"]: row for row in cli_sqlite("doctor", "-o", "json").json}["version"]
    assert schema.HEAD in now["detail"]
    old = f"sqlite:///{tmp_path / 'old.sqlite'}"
    with closing(connect(old, new=True)) as database:
        migrate.upgrade(database, schema.KNOWN[-3])
    monkeypatch.setenv("DESKTERM_DB", old)
    told = {row["what"]: row for row in cli_sqlite("doctor", "-o", "json").json}["version"]
    assert f"has schema {schema.KNOWN[-3]}" in told["detail"]
    assert all(step in told["detail"] for step in schema.KNOWN[-2:])
