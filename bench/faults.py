"""`python -m bench.faults [KILLS] [URL]`: kill real clients at random moments and count.

Without a URL a new SQLite file in a temporary folder is used; a PostgreSQL database must be empty
but for its schema. Prints what was acknowledged, lost and doubled; ends with 1 where anything was.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

from bench.begin import begin
from tests.faults.crowd import Acknowledged, looking_at, lost, plan, untrue, work_off


def main(kills: int, url: str) -> int:
    """Do that many kills against the desk; gives the exit code."""
    begin(url)
    chance = random.Random(kills)
    commands = plan(chance, kills * 6)
    acknowledged: list[Acknowledged] = []
    started = time.monotonic()
    killed = 0
    with looking_at(url) as database:
        for heard in work_off(url, commands, chance, kills):
            killed += heard.killed
            acknowledged += heard.acknowledged
            if heard.killed and killed % 100 == 0:
                gone = len(lost(database, acknowledged))
                print(f"{killed:>6} kills  {len(acknowledged):>6} acknowledged  {gone} lost")
        wrong = untrue(database, acknowledged)
    refused = sum(one.code != 0 for one in acknowledged)
    print(
        f"{killed} kills, {len(acknowledged)} acknowledged ({refused} refused by the "
        f"lifecycle), {len(wrong)} wrong, {time.monotonic() - started:.0f} s"
    )
    for sentence in wrong[:20]:
        print(f"  {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory() as folder:
        given = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder) / 'desk.sqlite'}"
        sys.exit(main(wanted, given))
