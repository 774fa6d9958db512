"""`python -m bench.backups [ROUNDS]`: back up under load, kill the writer, restore both, check.

Prints what differed; ends with 1 where anything did.
"""

import sys
import tempfile
import time
from pathlib import Path

from bench.begin import begin
from tests.faults.under_load import wrong_after


def main(rounds: int) -> int:
    """Do the rounds in a new desk; gives the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "desk.sqlite")
        begin(f"sqlite:///{file}")
        started = time.monotonic()
        wrong = wrong_after(file, Path(folder), rounds)
    seconds = time.monotonic() - started
    print(
        f"{rounds} backups and {rounds} kills restored: {len(wrong)} differences, {seconds:.0f} s"
    )
    for sentence in wrong[:20]:
        print(f"  {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
