"""`python -m bench.power_cuts [IMAGES]`: power cuts under an open board, by what SQLite synced.

FULL, which deskterm uses, may lose nothing; NORMAL is the control and must lose. Ends with 1
otherwise.
"""

import io
import sys
import tempfile
from pathlib import Path

from bench.begin import begin
from deskterm.cli.main import run
from deskterm.storage import sqlite
from tests.faults.cuts import Cut, cut_under_a_board

_COMMANDS = 60


def main(number: int) -> int:
    """Look at so many images of each setting; gives the exit code."""
    full = _cut(number)
    before = sqlite._PRAGMAS
    sqlite._PRAGMAS = tuple(one.replace("FULL", "NORMAL") for one in before)
    normal = _cut(number)
    sqlite._PRAGMAS = before
    for name, cut in (("FULL", full), ("NORMAL", normal)):
        print(f"{name:<7} {cut.images} images: {cut.losing} losing, {len(cut.broken)} damaged")
        for sentence in cut.broken[:10]:
            print(f"  {sentence}")
    return 1 if full.losing or full.broken or not normal.losing else 0


def _cut(number: int) -> Cut:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "desk.sqlite")
        begin(f"sqlite:///{file}")
        return cut_under_a_board(file, _quietly, Path(folder), _COMMANDS, number)


def _quietly(words: list[str]) -> int:
    out, err = sys.stdout, sys.stderr
    sys.stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    sys.stderr = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    try:
        return run(words)
    finally:
        sys.stdout, sys.stderr = out, err


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000))
