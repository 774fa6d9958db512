"""Whether what is kept of past days is what their tickets come to, over random histories."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from deskterm.bootstrap import Desk
from deskterm.reports.figures import FIGURES, LENGTH, SPLITS, STANDING
from deskterm.reports.shown import Wish
from tests.histories import BEGUN, Deed, furnish, history, imported, moves, prepare

PERIOD = "2026-02-20..2026-05-31"
_COUNTED = [one.name for one in FIGURES if one.kind != LENGTH and one.anchor != STANDING]


def figures(desk: Desk, query: str = "") -> list[object]:
    """Give every figure and every line of the whole time; with a query from the rows alone."""
    wish = Wish(period=PERIOD, query=query)
    values: list[object] = [row.value for row in desk.figures.show(wish).rows]
    _, lines = desk.figures.performance(wish._replace(names=_COUNTED))
    return values + [[value for _, value in line.pieces] for line in lines]


def in_parts(desk: Desk, splits: Iterable[str], query: str = "") -> list[object]:
    """Give what is counted in the parts of some splits; with a query from the rows alone."""
    return [
        (row.figure.name, by, row.part, row.value)
        for by in splits
        for row in desk.figures.show(Wish(_COUNTED, PERIOD, by, query)).rows
    ]


def anew(desk: Desk) -> list[object]:
    """Give the same, summed from the row of every ticket."""
    return figures(desk, "is:any")


def live_through(
    desk: Desk, seed: int, steps: int, folder: Path, now: list[datetime]
) -> tuple[list[str], int]:
    """Live a history and compare after each step; gives what was done and how many days are kept.

    `now[0]` is what the clock says; raises AssertionError with the history.
    """
    chance = random.Random(seed)
    now[0] = BEGUN
    prepare(desk)
    furnish(desk)

    def days(_: list[int]) -> None:
        now[0] += timedelta(hours=chance.choice([2, 20, 30, 24 * 9]))
        desk.jobs.run_once()

    def more() -> dict[str, Deed]:
        more = {"days": days, "import": lambda _: imported(desk, folder, chance)}
        return more | moves(desk, chance)

    done: list[str] = []
    for name in history(desk, chance, steps, more):
        done.append(name)
        now[0] += timedelta(minutes=chance.choice([1, 300, 1500]))
        assert figures(desk) == anew(desk), (seed, done)
        some = sorted(SPLITS)[len(done) % len(SPLITS) :][:2]
        assert in_parts(desk, some) == in_parts(desk, some, "is:any"), (seed, done)
    desk.figures.catch_up()
    assert figures(desk) == anew(desk), (seed, done)
    assert in_parts(desk, SPLITS) == in_parts(desk, SPLITS, "is:any"), (seed, done)
    found = desk.figures.rebuild()
    assert (found.differed, found.days) == ([], []), (seed, done)
    with desk.store.reading() as database:
        row = database.returned(
            "SELECT count(*) AS n FROM day_total WHERE split = '' AND anchor = 'opened'"
        )
    return done, int(row["n"])
