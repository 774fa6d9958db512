"""The built wheel in an environment with nothing but its runtime dependencies: it is all there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_HOME = os.environ["HOME"]
"""Where uv's cache is: each test has an empty home of its own."""


def _uv(*arguments: str | Path) -> str:
    found = os.environ.get("UV") or shutil.which("uv")
    program = [found] if found else [sys.executable, "-m", "uv"]
    done = subprocess.run(
        [*program, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "HOME": _HOME, "UV_COMPILE_BYTECODE": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _installed(folder: Path) -> Path:
    """Give the program as somebody installs it, from the wheel, without anything of the tests'."""
    _uv("build", "--quiet", "--wheel", "--out-dir", folder)
    (wheel,) = folder.glob("*.whl")
    needed = folder / "needed.txt"
    needed.write_text(_uv("export", "--quiet", "--locked", "--no-dev", "--no-emit-project"))
    _uv("venv", "--quiet", "--python", sys.executable, folder / "venv")
    into = ("--python", folder / "venv" / "bin" / "python")
    _uv("pip", "install", "--quiet", "--no-deps", *into, "-r", needed)
    _uv("pip", "install", "--quiet", "--no-deps", *into, wheel)
    return folder / "venv" / "bin" / "deskterm"


def test_what_is_installed_from_the_wheel_works(tmp_path: Path) -> None:
    installed = _installed(tmp_path)
    desk = f"sqlite:///{tmp_path / 'demo.sqlite'}"

    def call(*words: str) -> str:
        done = subprocess.run(
            [installed, "--db", desk, *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout

    call("demo", "--no-board", "--tickets", "60")  # migrations, guides and the company's data
    number = json.loads(
        call("ticket", "new", "--from", "new@example.org", "--subject", "No sound", "-o", "json")
    )["id"]
    assert "vpn" in call("guide", "list")
    call("ticket", "reply", str(number), "--body", "We look into it.")
    assert "We look into it." in call("mail", "preview", str(number))  # the letters' words
    call("solution", "site", str(tmp_path / "site"))
    assert (tmp_path / "site" / "index.html").exists()
    call("db", "check")
    assert "Usage: deskterm ticket new" in call("man")

    _says_what_it_is(installed.parents[1])


def _says_what_it_is(venv: Path) -> None:
    (metadata,) = venv.glob("lib/python3.*/site-packages/deskterm-*.dist-info/METADATA")
    text = metadata.read_text("utf-8")
    assert "License-Expression: MIT" in text
    assert "Description-Content-Type: text/markdown" in text
    assert (metadata.parent / "licenses" / "LICENSE").exists()
