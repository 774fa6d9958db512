"""Clean interpreters: what a command or an import really loads, which no static linter sees."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_RUN = """
import json, os, sys
from deskterm.cli.main import run
code = run(sys.argv[2:])
with open(sys.argv[1], "w") as report:
    json.dump({"code": code, "modules": sorted(sys.modules)}, report)
"""
_IMPORT = """
import importlib, json, sys
for name in sys.argv[2:]:
    importlib.import_module(name)
with open(sys.argv[1], "w") as report:
    json.dump({"code": 0, "modules": sorted(sys.modules)}, report)
"""


class Loaded(NamedTuple):
    """What a clean interpreter had loaded at its end, and what it said."""

    code: int
    modules: frozenset[str]
    err: str

    @property
    def packages(self) -> frozenset[str]:
        """Give the top-level names."""
        return frozenset(name.partition(".")[0] for name in self.modules)

    @property
    def ours(self) -> frozenset[str]:
        """Give the program's own modules."""
        return frozenset(name for name in self.modules if name.startswith("deskterm"))


def command(arguments: Sequence[object], folder: Path, stdin: bytes = b"") -> Loaded:
    """Run one command of the program in a clean interpreter."""
    return _clean(_RUN, [str(one) for one in arguments], folder, stdin)


def imports(names: Sequence[str], folder: Path) -> Loaded:
    """Import modules in a clean interpreter."""
    return _clean(_IMPORT, names, folder, b"")


def _clean(script: str, arguments: Sequence[str], folder: Path, stdin: bytes) -> Loaded:
    report = folder / "loaded.json"
    report.unlink(missing_ok=True)
    ended = subprocess.run(
        [sys.executable, "-c", script, str(report), *arguments],
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )
    err = ended.stderr.decode()
    assert report.exists(), err
    found = json.loads(report.read_text())
    return Loaded(found["code"], frozenset(found["modules"]), err)
