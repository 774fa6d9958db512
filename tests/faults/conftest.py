"""The command line, called in this process or in one without a root user's powers."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from deskterm.cli.main import run


class Ended(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    def is_refusal(self, code: int) -> bool:
        """Tell whether it is one sentence on stderr, nothing on stdout, and this exit code."""
        lines = self.err.strip().splitlines()
        one = (
            len(lines) == 1 and lines[0].startswith("deskterm: ") and lines[0].endswith((".", "?"))
        )
        return (self.code, self.out) == (code, "") and one and "Traceback" not in self.err


Call = Callable[..., Ended]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call `call(url, "ticket", "list", stdin=b"…")` in this process; no URL leaves --db out."""

    def calling(url: str, *words: object, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        named = ["--db", url] if url else []
        code = run([*named, *(str(word) for word in words)])
        caught = capsys.readouterr()
        return Ended(code, caught.out, caught.err)

    return calling


_POWERLESS = """
import ctypes, sys
if sys.platform == "linux":
    class Header(ctypes.Structure):
        _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]
    none = (ctypes.c_uint32 * 6)()
    ctypes.CDLL(None).capset(ctypes.byref(Header(0x20080522, 0)), none)
from deskterm.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.fixture
def powerless() -> Call:
    """Call in a process of its own that must obey file permissions, also under root."""

    def calling(url: str, *words: object, stdin: bytes = b"") -> Ended:
        ended = subprocess.run(
            [sys.executable, "-c", _POWERLESS, "--db", url, *(str(word) for word in words)],
            input=stdin,
            capture_output=True,
            check=False,
            timeout=60,
            env={**os.environ, "NO_COLOR": "1"},
        )
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    return calling


@pytest.fixture
def used_file(sqlite_url: str, call: Call) -> Path:
    """The file of a desk with thirty tickets, everything in the main file."""
    for place in range(30):
        words = (
            "new",
            "--from",
            "ada@example.org",
            "--subject",
            f"VPN {place}",
            "--body",
            "x" * 900,
        )
        assert call(sqlite_url, "ticket", *words).code == 0
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    assert not file.with_name(file.name + "-wal").exists()
    return file
