"""`python -m bench.faults [KILLS] [URL]`: kill real clients of four writers at random moments.

Without a URL a new SQLite file in a temporary folder is used; a PostgreSQL database must be empty
but for its schema. Prints what was acknowledged, lost and doubled; ends with 1 where anything was.
"""

import multiprocessing
import random
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from bench.begin import begin
from tests.faults.crowd import Acknowledged, looking_at, plan, untrue, work_off
from tests.faults.forked import forked

WRITERS = 4


def written(url: str, seed: int, kills: int) -> tuple[int, list[Acknowledged]]:
    """Be one writer: clients one after the other, each killed until so many were."""
    chance = random.Random(seed)
    commands = plan(chance, kills * 6)
    killed, acknowledged = 0, []
    for heard in work_off(url, commands, chance, kills, forked):
        killed += heard.killed
        acknowledged += heard.acknowledged
    return killed, acknowledged


def main(kills: int, url: str) -> int:
    """Do that many kills against the desk; gives the exit code."""
    begin(url)
    killed, acknowledged = 0, []
    started = time.monotonic()
    with ProcessPoolExecutor(WRITERS, multiprocessing.get_context("spawn")) as pool:
        writers = [pool.submit(written, url, seed, kills // WRITERS) for seed in range(WRITERS)]
        for writer in as_completed(writers):
            killed += writer.result()[0]
            acknowledged += writer.result()[1]
            print(f"{killed:>6} kills  {len(acknowledged):>6} acknowledged")
    with looking_at(url) as database:
        wrong = untrue(database, acknowledged)
    refused = sum(one.code != 0 for one in acknowledged)
    print(
        f"{killed} kills of {WRITERS} writers, {len(acknowledged)} acknowledged ({refused} refused "
        f"by the lifecycle), {len(wrong)} wrong, {time.monotonic() - started:.0f} s"
    )
    for sentence in wrong[:20]:
        print(f"  {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory() as folder:
        given = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder) / 'desk.sqlite'}"
        sys.exit(main(wanted, given))
