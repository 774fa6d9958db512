"""`python -m bench.faults [--count N] [--seed N] [--minutes N] [--on sqlite|postgresql]`: faults.

Two clients work at once on a new desk of each database; a fault strikes (a kill, a cut link, a full
disk, a crash of the server …, `tests/faults/chaos.py` has them all), and what was not clearly
answered is asked for again under its id. Prints by kind how many there were and the slowest answer;
ends with 1 where anything was lost, doubled or untrue, or took longer than ten seconds.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from tests.faults.chaos import Struck, Trial, chosen, world
from tests.postgres import cluster

GOAL = 10.0
"""Seconds in which each command has its answer."""


def load() -> float:
    """Give how busy the machine is: an answer may be late for want of a processor."""
    return os.getloadavg()[0]


def tried(where: str, count: int, seed: int, minutes: float) -> bool:
    """Let so many faults strike a new desk, or as many as there is time for; tells whether all
    went well."""
    started = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        os.environ["DESKTERM_DATA"] = str(folder / "data")
        server = stack.enter_context(cluster()) if where == "postgresql" else None
        at = stack.enter_context(world(folder, server))
        trial, chance = Trial(at, seed), random.Random(seed)
        struck: list[Struck] = []
        for kind in chosen(at, chance, count):
            if time.monotonic() - started > minutes * 60:
                print(f"{where}: {minutes:g} minutes are over", flush=True)
                break
            struck.append(trial.run(kind))
            if struck[-1].longest > GOAL:
                print(f"{where}: {struck[-1].longest:.1f} s: {kind.name}; load {load():.0f}")
            if len(struck) % 25 == 0:
                told = f"{len(struck)} of {count}, slowest {max(one.longest for one in struck):.1f}"
                print(f"{where}: {told} s", flush=True)
        wrong = trial.wrong()
    longest = max(one.longest for one in struck)
    _table(struck)
    refused = sum(one.code != 0 for one in trial.acknowledged)
    print(
        f"{where}: {len(struck)} faults, {len(trial.acknowledged)} commands answered ({refused} "
        f"refused by the lifecycle), {trial.repeated} asked again, {len(wrong)} lost, doubled or "
        f"untrue; slowest answer {longest:.1f} s; {time.monotonic() - started:.0f} s, seed {seed}"
    )
    for sentence in wrong[:20]:
        print(f"  {sentence}")
    return not wrong and longest <= GOAL


def _table(struck: list[Struck]) -> None:
    kinds: dict[str, list[float]] = defaultdict(list)
    for one in struck:
        kinds[one.kind].append(one.longest)
    for name, took in sorted(kinds.items()):
        print(f"  {name:<55}{len(took):>5}{max(took):>8.1f} s")


def main() -> int:
    """Try both databases; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="of all, half on each database")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60, help="on each database at most")
    parser.add_argument("--on", choices=("sqlite", "postgresql"), help="all on one of them")
    given = parser.parse_args()
    places = [given.on] if given.on else ["sqlite", "postgresql"]
    well = [tried(one, given.count // len(places), given.seed, given.minutes) for one in places]
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
