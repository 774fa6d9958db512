"""Random histories by the hundred: `python -m bench.histories [--count N] [--steps N] [--server]`.

Each lives on a desk of its own, with undo, merge, split, import and days that pass; after every
step what figures keep of tickets is compared with their ledger, and what they keep of days with
their tickets. It prints how many agreed, after every 25, and stops at the first that did not, with
its seed.
"""

import argparse
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.begin import begin
from bench.mail_in import _postgres
from bench.writes import desk_on, fresh
from deskterm.domain import clock
from tests.day_totals import live_through
from tests.histories import BEGUN


def one(url: str, seed: int, steps: int) -> tuple[int, int]:
    """Live through one history on an empty desk; gives steps done and days kept."""
    now = [BEGUN]
    true = clock.now
    clock.now = lambda: now[0]
    try:
        with desk_on(url) as desk, tempfile.TemporaryDirectory() as folder:
            done, days = live_through(desk, seed, steps, Path(folder), now)
    finally:
        clock.now = true
    return len(done), days


def main() -> None:
    """Live through as many as are asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.histories", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--server", action="store_true", help="on a PostgreSQL of this bench")
    given = parser.parse_args()
    steps = days = 0
    start = time.perf_counter()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(_postgres()) if given.server else ""
        for seed in range(given.first, given.first + given.count):
            with ExitStack() as desk:
                if server:
                    url = desk.enter_context(fresh(server, f"history_{seed}"))
                else:
                    url = f"sqlite:///{folder}/{seed}.sqlite"
                    begin(url)
                done, kept = one(url, seed, given.steps)
            steps, days = steps + done, days + kept
            for file in Path(folder).glob(f"{seed}.sqlite*"):
                file.unlink()
            ran = seed - given.first + 1
            if ran % 25 == 0:
                print(f"{ran} histories, {steps} steps, {days} days kept: agree", flush=True)
    took = time.perf_counter() - start
    print(f"{given.count} histories, {steps} steps, {days} days kept: all agree ({took:.0f} s)")


if __name__ == "__main__":
    main()
