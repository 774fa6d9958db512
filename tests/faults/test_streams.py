"""Standard streams as shells make them: closed, full, cut off, in no UTF-8."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.conftest import Call

PROGRAM = f'"{sys.executable}" -m deskterm'
STRICT = {"PYTHONIOENCODING": "utf-8:strict", "LC_ALL": "C.UTF-8"}


def _shell(line: str, url: str, **more: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a line of shell in which `deskterm` is the program."""
    return subprocess.run(
        ["bash", "-c", line.replace("deskterm ", f"{PROGRAM} ")],
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "DESKTERM_DB": url, **more},
    )


@pytest.fixture
def url(used_file: Path) -> str:
    return f"sqlite:///{used_file}"


def test_a_reader_that_leaves_is_no_failure(url: str) -> None:
    line = 'for n in 1 2 3; do deskterm ticket list -o json | true; echo "${PIPESTATUS[0]}"; done'
    ended = _shell(line, url)
    assert (ended.stdout.split(), ended.stderr) == ([b"0"] * 3, b"")
    ended = _shell("deskterm ticket list | head -n 1", url)
    assert (len(ended.stdout.splitlines()), ended.stderr) == (1, b"")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("deskterm ticket list >&-", 0),
        ("deskterm ticket new --from ada@example.org --subject x >&-", 0),
        ("deskterm ticket list nothing:x 2>&-", 2),
        ("deskterm ticket list <&-", 0),
        ("deskterm ticket note 1 --body - <&-", 2),
        ("deskterm ticket list <&- >&- 2>&-", 0),
    ],
)
def test_a_closed_stream_is_no_mistake_of_ours(line: str, code: int, url: str) -> None:
    ended = _shell(line, url)
    assert ended.returncode == code, ended
    assert b"mistake" not in ended.stderr
    assert _shell("deskterm db check", url).returncode == 0


def test_an_output_without_room_is_one_sentence(url: str) -> None:
    ended = _shell("deskterm ticket list > /dev/full", url)
    assert ended.returncode not in (0, 70)
    assert ended.stderr.startswith(b"deskterm: ")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "line",
    [
        r"printf 'caf\xe9 \xff' | deskterm ticket note 1 --body -",
        r"""printf '{"from":"a@b.c","subject":"caf\xe9"}\n' | deskterm ticket new --jsonl -""",
        r"""cd; printf '{"from":"a@b.c","body":"\xe9"}\n' > x; deskterm ticket new --jsonl x""",
        r"deskterm ticket new --from a@b.c --subject $'caf\xe9'",
        r"printf x > $HOME/$'f\xff'; deskterm ticket note 1 --body x --attach $HOME/$'f\xff'",
    ],
)
def test_bytes_that_are_no_utf8_are_kept_as_well_as_they_can(line: str, url: str) -> None:
    ended = _shell(line, url, **STRICT)
    assert ended.returncode == 0, ended
    for form in ("table", "json", "csv"):
        shown = _shell(f"deskterm ticket show 1 -o {form}; deskterm log -o {form}", url, **STRICT)
        assert shown.returncode == 0
        assert shown.stdout.decode("utf-8")


def test_words_that_are_no_number_in_any_bytes(url: str) -> None:
    ended = _shell(r"printf '\xff\n' | deskterm ticket take -", url, **STRICT)
    assert ended.returncode == 2
    assert b"is not a ticket number" in ended.stderr


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    line = 'mkdir "$HOME/gone"; cd "$HOME/gone"; rmdir "$HOME/gone"; deskterm ticket list'
    ended = _shell(line, "sqlite:///desk.sqlite")
    assert ended.returncode == 6, ended
    assert b"present folder is gone" in ended.stderr


def test_a_home_that_cannot_be_written_is_said(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKTERM_DATA", "/proc/nothing/here")
    ended = call("", "ticket", "list")
    assert ended.is_refusal(6), ended
    assert "DESKTERM_DATA" in ended.err


def test_an_interrupted_command_says_so_and_keeps_nothing_half_done(url: str) -> None:
    """Ctrl-C while it waits for its input: exit code 130, one sentence."""
    process = subprocess.Popen(
        [sys.executable, "-m", "deskterm", "--db", url, "ticket", "note", "1", "--body", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A suite that runs in the background hands an ignored Ctrl-C on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdin is not None
    process.stdin.write(b"begun")
    process.stdin.flush()
    _until_it_reads(process.pid)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    assert err == b"deskterm: stopped; nothing half-done was kept.\n"


def _until_it_reads(pid: int) -> None:
    """Wait until the process has taken what was written to its standard input."""
    import fcntl
    import termios

    descriptor = os.open(f"/proc/{pid}/fd/0", os.O_RDONLY | os.O_NONBLOCK)
    try:
        waiting = bytearray(4)
        while fcntl.ioctl(descriptor, termios.FIONREAD, waiting) == 0 and any(waiting):
            os.sched_yield()
    finally:
        os.close(descriptor)
