"""Databases that cannot be used: one sentence, exit code 6, no traceback, nothing half-done."""

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from deskterm.domain.errors import DatabaseError
from deskterm.storage import sqlite
from deskterm.storage.driver import connect, shown_url
from tests.faults.conftest import Call
from tests.faults.crowd import looking_at

READS: tuple[tuple[str, ...], ...] = (
    ("ticket", "list"),
    ("ticket", "show", "1"),
    ("search", "vpn"),
    ("log",),
    ("db", "status"),
)
WRITES: tuple[tuple[str, ...], ...] = (
    ("ticket", "new", "--from", "ada@example.org", "--subject", "VPN"),
    ("ticket", "note", "1", "--body", "x"),
    ("ticket", "solve", "1", "--resolution", "x"),
    ("undo",),
)
MAIL = b"From: ada@example.org\r\nSubject: VPN\r\n\r\nx\r\n"


def _text(file: Path) -> str:
    file.write_text("Dear desk, this is a letter and no database at all.\n" * 40)
    return f"sqlite:///{file}"


def _short_text(file: Path) -> str:
    file.write_text("hello")
    return f"sqlite:///{file}"


def _folder(file: Path) -> str:
    file.mkdir()
    return f"sqlite:///{file}"


def _missing_folder(file: Path) -> str:
    return f"sqlite:///{file.parent / 'no' / 'such' / 'desk.sqlite'}"


def _file_as_folder(file: Path) -> str:
    file.write_text("x")
    return f"sqlite:///{file / 'desk.sqlite'}"


def _foreign(file: Path) -> str:
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE photo (name TEXT)")
    return f"sqlite:///{file}"


def _too_long(file: Path) -> str:
    return f"sqlite:///{file.parent / ('x' * 300)}"


def _pipe(file: Path) -> str:
    os.mkfifo(file)
    return f"sqlite:///{file}"


def _loop(file: Path) -> str:
    file.symlink_to(file)
    return f"sqlite:///{file}"


UNUSABLE: dict[str, Callable[[Path], str]] = {
    "a text file": _text,
    "a short text file": _short_text,
    "a folder": _folder,
    "in a missing folder": _missing_folder,
    "below a file": _file_as_folder,
    "another program's": _foreign,
    "a name too long": _too_long,
    "a pipe": _pipe,
    "a link to itself": _loop,
    "no such scheme": lambda _: "mysql://desk@server/desk",
    "no URL": lambda _: "desk",
    "relative without a path": lambda _: "sqlite://desk.sqlite",
    "no path": lambda _: "sqlite:///",
    "NUL in the path": lambda _: "sqlite:////x\x00y",
    "no server": lambda _: "postgresql://127.0.0.1:1/desk",
    "no port": lambda _: "postgresql://127.0.0.1:port/desk",
    "no option": lambda _: "postgresql://127.0.0.1:1/desk?colour=red",
    "a half URL": lambda _: "postgresql://[::1/desk",
    "escape sequences": lambda _: "sqlite:////no\x1b]0;x\x07/\x9b31m/desk.sqlite",
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_an_unusable_database_is_one_sentence(name: str, tmp_path: Path, call: Call) -> None:
    url = UNUSABLE[name](tmp_path / "desk.sqlite")
    for words in (READS[0], WRITES[0], ("db", "check")):
        ended = call(url, *words)
        assert ended.is_refusal(6), ended
    assert call(url, "mail", "receive", stdin=MAIL).is_refusal(75)


def test_a_database_that_does_not_exist_on_the_server(postgres_server: str, call: Call) -> None:
    ended = call(postgres_server.format(name="nowhere"), "ticket", "list")
    assert ended.is_refusal(6), ended
    assert "nowhere" in ended.err


def test_the_password_of_a_url_is_never_told(call: Call) -> None:
    for url in (
        "postgresql://desk:hunter2@127.0.0.1:1/desk",
        "postgresql://desk@127.0.0.1:1/desk?password=hunter2",
        "postgresql://desk:hunter2%zz@127.0.0.1:1/desk",
        "postgresql://desk:hunter2@127.0.0.1:port/desk",
        "postgres:desk:hunter2@server",
        "mysql://desk:hunter2@server/desk",
    ):
        ended = call(url, "ticket", "list")
        assert ended.is_refusal(6), ended
        assert "hunter2" not in ended.err
        assert "hunter2" not in shown_url(url)


def test_a_read_only_file_is_read_and_every_write_refused(used_file: Path, powerless: Call) -> None:
    used_file.chmod(0o400)
    url = f"sqlite:///{used_file}"
    for words in READS[:2]:
        ended = powerless(url, *words)
        assert (ended.code, ended.err) == (0, "")
    for words in WRITES:
        ended = powerless(url, *words)
        assert ended.is_refusal(6), ended
        assert "read-only" in ended.err
    assert powerless(url, "mail", "receive", stdin=MAIL).is_refusal(75)
    for file in used_file.parent.glob("desk.sqlite*"):
        file.chmod(0o600)
    assert powerless(url, *WRITES[0]).code == 0


def test_a_read_only_folder_is_read_and_every_write_refused(
    used_file: Path, powerless: Call
) -> None:
    url = f"sqlite:///{used_file}"
    used_file.parent.chmod(0o500)
    try:
        for words in (*READS, ("db", "check")):
            ended = powerless(url, *words)
            assert ended.code == 0, ended
        for words in WRITES:
            ended = powerless(url, *words)
            assert ended.is_refusal(6), ended
            assert "read-only" in ended.err
        new = f"sqlite:///{used_file.with_name('new.sqlite')}"
        assert powerless(new, *READS[0]).is_refusal(6)
    finally:
        used_file.parent.chmod(0o700)
    assert powerless(url, *WRITES[0]).code == 0


def test_a_log_in_a_read_only_folder_is_said(
    used_file: Path, call: Call, powerless: Call, tmp_path: Path
) -> None:
    """Without its log the file would show an older state."""
    url = f"sqlite:///{used_file}"
    with looking_at(url) as board:
        board.all("SELECT 1 AS one FROM ticket")
        assert call(url, *WRITES[0]).code == 0
        still = tmp_path / "still"
        still.mkdir()
        for name in ("desk.sqlite", "desk.sqlite-wal"):
            shutil.copy(used_file.with_name(name), still / name)
    still.chmod(0o500)
    try:
        ended = powerless(f"sqlite:///{still / 'desk.sqlite'}", *READS[0])
    finally:
        still.chmod(0o700)
    assert ended.is_refusal(6), ended
    assert "copy both into a folder of yours" in ended.err


def test_a_server_that_only_reads_is_read_and_every_write_refused(
    postgres_url: str, call: Call
) -> None:
    """As a replica does: what would be noted beside a read is left out."""
    assert call(postgres_url, *WRITES[0]).code == 0
    name = postgres_url.partition("?")[0].rpartition("/")[2]
    with looking_at(postgres_url) as admin:
        admin.run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    try:
        for words in (*READS, ("db", "check"), ("doctor",), ("person", "list"), ("guide", "list")):
            ended = call(postgres_url, *words)
            assert ended.code == 0, (words, ended)
        for words in WRITES:
            ended = call(postgres_url, *words)
            assert ended.is_refusal(6), ended
            assert "read-only" in ended.err
    finally:
        with looking_at(postgres_url) as admin:
            admin.run("SET default_transaction_read_only = off")
            admin.run(f"ALTER DATABASE {name} RESET default_transaction_read_only")


def test_an_unreadable_file_says_so(used_file: Path, powerless: Call) -> None:
    used_file.chmod(0)
    ended = powerless(f"sqlite:///{used_file}", *READS[0])
    used_file.chmod(0o600)
    assert ended.is_refusal(6), ended


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_truncated_file_is_told_and_checked(used_file: Path, kept: float, call: Call) -> None:
    whole = used_file.read_bytes()
    used_file.write_bytes(whole[: int(len(whole) * kept)])
    url = f"sqlite:///{used_file}"
    ended = call(url, "db", "check")
    assert ended.code == 6
    assert ended.out == ""
    assert "Traceback" not in ended.err
    for words in (*READS, *WRITES):
        ended = call(url, *words)
        assert ended.code == 0 or ended.is_refusal(6), (words, ended)


@pytest.mark.parametrize("seed", range(6))
def test_a_corrupt_file_is_never_a_traceback(used_file: Path, seed: int, call: Call) -> None:
    chance = random.Random(seed)
    content = bytearray(used_file.read_bytes())
    for _ in range(40):
        place = chance.randrange(100, len(content) - 200)
        content[place : place + 100] = chance.randbytes(100)
    used_file.write_bytes(bytes(content))
    url = f"sqlite:///{used_file}"
    for words in (*READS, *WRITES, ("db", "check")):
        ended = call(url, *words)
        assert ended.code in (0, 6), (words, ended)
        assert ended.code == 0 or ended.err.startswith("deskterm: "), (words, ended)
        assert "mistake in deskterm" not in ended.err
    assert call(url, "db", "check").code == 6


def test_a_wal_of_another_file_is_not_taken_for_ours(used_file: Path, call: Call) -> None:
    used_file.with_name(used_file.name + "-wal").write_bytes(os.urandom(40_000))
    url = f"sqlite:///{used_file}"
    assert len(call(url, "ticket", "list", "-o", "jsonl").out.splitlines()) == 30
    assert call(url, "db", "check").code == 0


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/share /mnt/share nfs4 rw 0 0
//server/team\\040files /mnt/team\\040files cifs rw 0 0
/dev/sdb1 /mnt/share/local ext4 rw 0 0
sshfs#mia /home/mia/far fuse.sshfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("/var/desk.sqlite", False),
        ("/mnt/share/desk.sqlite", True),
        ("/mnt/share/deep/er/desk.sqlite", True),
        ("/mnt/shared/desk.sqlite", False),
        ("/mnt/share/local/desk.sqlite", False),
        ("/mnt/team files/desk.sqlite", True),
        ("/home/mia/far/desk.sqlite", True),
        ("/home/mia/desk.sqlite", False),
    ],
)
def test_a_network_share_is_refused_with_what_to_do(
    path: str, refused: bool, tmp_path: Path
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    if not refused:
        sqlite.refuse_network_share(Path(path), mounts)
        return
    with pytest.raises(DatabaseError, match=r"network share.*PostgreSQL") as error:
        sqlite.refuse_network_share(Path(path), mounts)
    assert error.value.exit_code == 6


def test_a_link_to_a_network_share_is_seen_through(tmp_path: Path) -> None:
    far = tmp_path / "far"
    far.mkdir()
    (tmp_path / "near").symlink_to(far)
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/x {far} nfs rw 0 0\n")
    with pytest.raises(DatabaseError, match="network share"):
        sqlite.refuse_network_share(tmp_path / "near" / "desk.sqlite", mounts)


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        connect(f"sqlite:///{tmp_path / 'desk.sqlite'}", new=True).close()
    finally:
        os.umask(before)
    assert (tmp_path / "desk.sqlite").stat().st_mode & 0o777 == 0o600
