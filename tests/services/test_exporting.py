"""Export and restore: whole, exact, from one database to the other; nothing half-done."""

import json
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.demo.load import load
from deskterm.domain.asking import How
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.requests import NewFile
from deskterm.services import exporting
from deskterm.storage import dump
from deskterm.storage.operations import own
from deskterm.storage.secrets import token_secrets
from deskterm.storage.soundness import trouble
from tests.builders import count, open_ticket
from tests.verbs import verbs

NOW = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
HOSTILE = "=1+1 \x1b]0;x\x07 \u202e ﷽ '; DROP TABLE ticket; --"


@pytest.fixture
def other(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A new desk on the other kind of database."""
    fixture = "postgres_url" if database_url.startswith("sqlite") else "sqlite_url"
    opened = open_desk(settings.load({"db": request.getfixturevalue(fixture)}, as_login="cy"))
    yield opened
    opened.close()


def _filled(desk: Desk) -> None:
    load(desk.store, desk.me, NOW, tickets=60, seed=5)
    number = open_ticket(
        desk,
        subject=HOSTILE,
        body=HOSTILE,
        files=(NewFile("../evil.sh", "text/plain", bytes(range(256))),),
    )
    verbs(desk).note([number], "a script's", how=How(op_id=str(UUID(int=2**128 - 1))))
    verbs(desk).merge([number], into=1, how=How(across=True))


def _done(desk: Desk) -> list[str]:
    """What one's own undo may take back, the newest first."""
    with desk.store.reading() as database:
        return own(database, desk.me, undone=False)


def test_an_export_fills_the_other_database_exactly(
    desk: Desk, other: Desk, tmp_path: Path
) -> None:
    _filled(desk)
    counts = exporting.export(desk.store, tmp_path / "out")
    assert counts["ticket"] == 61
    assert exporting.restore(other.store, tmp_path / "out") == counts
    again = exporting.export(other.store, tmp_path / "again")
    assert again == counts
    done = [_done(one) for one in (desk, other)]
    assert done[0] == done[1]
    assert done[0][1] == str(UUID(int=2**128 - 1))
    for shape in dump.shapes():
        name = f"{shape.name}.jsonl"
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    with other.store.reading() as database:
        assert trouble(database) == []
    assert other.tickets.show(61).id == 1
    assert open_ticket(other, requester="Someone New <new@example.org>") == 62


def test_an_export_is_private_and_holds_no_secret(desk: Desk, tmp_path: Path) -> None:
    open_ticket(desk)
    folder = tmp_path / "out"
    exporting.export(desk.store, folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    with desk.store.reading() as database:
        row = database.one("SELECT value FROM secret")
    assert row is not None
    assert all(row["value"] not in file.read_text() for file in folder.iterdir())


def test_a_folder_in_use_is_refused_untouched(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    before = set(tmp_path.iterdir())
    with pytest.raises(UsageError, match="not empty"):
        exporting.export(desk.store, tmp_path)
    with pytest.raises(UsageError, match="is a file"):
        exporting.export(desk.store, tmp_path / "mine.txt")
    assert set(tmp_path.iterdir()) == before


def test_a_desk_in_use_is_refused(desk: Desk, other: Desk, tmp_path: Path) -> None:
    open_ticket(desk)
    exporting.export(desk.store, tmp_path / "out")
    open_ticket(other, subject="Mine")
    with pytest.raises(RefusedError, match="in use"):
        exporting.restore(other.store, tmp_path / "out")
    assert count(other, "ticket") == 1


def test_a_damaged_export_is_named_and_changes_nothing(
    desk: Desk, other: Desk, tmp_path: Path
) -> None:
    open_ticket(desk)
    folder = tmp_path / "out"
    exporting.export(desk.store, folder)
    file = folder / "person.jsonl"
    whole = file.read_bytes()
    for content, sentence in (
        (whole.replace(b"Ada", b"Eve"), "person.jsonl is not as it was exported"),
        (None, "person.jsonl: cannot be read"),
    ):
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)
        with pytest.raises(UsageError, match=sentence):
            exporting.restore(other.store, folder)
    file.write_bytes(whole)
    manifest = json.loads((folder / "manifest.json").read_text())
    for change, sentence in (
        ({"schema": "9999"}, "schema 9999"),
        ({"tables": {}}, "does not fit"),
        ({"tables": 3}, "damaged"),
    ):
        (folder / "manifest.json").write_text(json.dumps(manifest | change))
        with pytest.raises(UsageError, match=sentence):
            exporting.restore(other.store, folder)
    (folder / "manifest.json").unlink()
    with pytest.raises(UsageError, match="no finished export"):
        exporting.restore(other.store, folder)
    assert count(other, "person") == 0
    assert count(other, "category") > 0


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('{"name": "x"}', "category.jsonl:1: key"),
        ('{"id": "1", "path": "x", "group_id": null, "active": true}', "id is no number"),
        ('{"id": 1, "path": null, "group_id": null, "active": true}', "path is empty"),
        ('{"id": 1, "path": "a\\u0000", "group_id": null, "active": true}', "path holds what"),
        ("nonsense", "category.jsonl:1:"),
        ("[]", "category.jsonl:1: key"),
    ],
)
def test_a_line_that_was_edited_is_named(
    desk: Desk, tmp_path: Path, line: str, sentence: str
) -> None:
    import hashlib

    folder = tmp_path / "out"
    exporting.export(desk.store, folder)
    (folder / "category.jsonl").write_text(line + "\n")
    manifest = json.loads((folder / "manifest.json").read_text())
    digest = hashlib.sha256((line + "\n").encode()).hexdigest()
    manifest["tables"]["category"] = {"rows": 1, "sha256": digest}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UsageError, match=sentence):
        exporting.restore(desk.store, folder)
    assert count(desk, "category") > 5


def test_the_secrets_come_along_and_open_what_they_signed(
    desk: Desk, other: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.secrets.rotate()
    with desk.store.reading() as database:
        before = token_secrets(database)
    exporting.export(desk.store, tmp_path / "out", passphrase="a horse, a staple")
    assert all(one not in (tmp_path / "out" / "secrets.sealed").read_text() for one in before)
    exporting.restore(other.store, tmp_path / "out", passphrase="a horse, a staple")
    with other.store.reading() as database:
        assert token_secrets(database) == before
    monkeypatch.setitem(sys.modules, "cryptography.fernet", None)
    with pytest.raises(UsageError, match=r"install deskterm\[moving\]"):
        exporting.export(desk.store, tmp_path / "again", passphrase="a horse, a staple")
    assert not (tmp_path / "again").exists()
