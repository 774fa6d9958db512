"""How good triage is, and its CPU time: `uv run python -m bench.triage [--data FOLDER]`.

FOLDER holds `tickets/jqueryui.jsonl` and `tickets/duplicates/`. Scores stand beside their goals.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench.begin import begin
from deskterm.bootstrap import open_desk
from deskterm.services.triage.learning import Learning
from deskterm.settings import load
from deskterm.triage.classify.evaluate import evaluate_known as known_problems

PLAIN = {
    "tuned on": {"recall@5": 0.678, "recall@10": 0.749},
    "untouched": {"recall@5": 0.726, "recall@10": 0.785},
}
"""What BM25 over words with age, size and version alone found; the goal is three points more."""


def read(file: Path) -> list[Any]:
    """Give the JSON values of a file, one a line."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def duplicates(tickets: list[Any], folder: Path) -> None:
    """Find the known problems of the gold queries and print the scores.

    The older half of them was tuned on, and links before the first of them; the newer half not.
    """
    gold = {one["id"]: set(one["duplicate_of"]) for one in read(folder / "gold.jsonl")}
    began = time.process_time()
    found = list(known_problems(tickets, read(folder / "edges.jsonl"), gold))
    seconds = time.process_time() - began
    places = [
        next((at for at, one in enumerate(line["ranked"], 1) if one in gold[line["id"]]), None)
        for line in found
    ]
    half = len(places) // 2
    for part, some in (("tuned on", places[:half]), ("untouched", places[half:]), ("all", places)):
        scores = {
            f"recall@{k}": sum(place is not None and place <= k for place in some) / len(some)
            for k in (1, 5, 10)
        } | {"mrr": sum(1 / place for place in some if place) / len(some)}
        goals = PLAIN.get(part, {})
        shown = "  ".join(f"{k} {value:.3f}{_goal(goals, k)}" for k, value in scores.items())
        print(f"duplicates, {part} ({len(some)}): {shown}")
    print(f"duplicates: {seconds:.1f} s for {len(tickets)} tickets")


def desk(tickets: list[Any]) -> None:
    """Learn and suggest in a desk's database."""
    with tempfile.TemporaryDirectory(prefix="deskterm-bench-") as folder:
        url = f"sqlite:///{folder}/desk.sqlite"
        begin(url)
        opened = open_desk(load({"db": url}, as_login="bench"))
        file = Path(folder, "tickets.jsonl")
        file.write_text("".join(json.dumps(one) + "\n" for one in tickets[:2000]))
        opened.importing.tickets(file)
        began = time.process_time()
        learning, many = Learning(opened.store), 0
        while opened.triage.standing()[0] < opened.triage.standing()[1]:
            many += learning.run(datetime.now(UTC))
        each = (time.process_time() - began) / 2000
        print(f"desk: history learned at {1 / each:.0f} tickets a CPU second (goal 500)")
        print(f"desk: learned {_ms(2000 * each / many)} a label ({many} labels, goal 5)")
        numbers = list(opened.board.ids("is:any", 300))
        print(f"desk: suggested {_timed(numbers, lambda n: opened.triage.suggest(n, near=False))}")
        print(f"desk: with near tickets {_timed(numbers, opened.triage.suggest)} (goal p95 15)")
        size = Path(folder, "desk.sqlite").stat().st_size
        with opened.store.reading() as database:
            rows = database.one("SELECT count(*) AS n, sum(length(weights)) AS b FROM learned_word")
        print(f"desk: {size >> 20} MiB, of these {rows['n']} words {rows['b'] >> 20} MiB")  # type: ignore[index]
        opened.close()


def _timed(numbers: Iterable[int], call: Callable[[int], object]) -> str:
    times = []
    for number in numbers:
        began = time.process_time()
        call(number)
        times.append(time.process_time() - began)
    return _spread(times)


def imports() -> None:
    """Print what importing the classifier costs beside a bare interpreter: CPU time and memory."""
    for name, code in _IMPORTED.items():
        runs = []
        for _ in range(9):
            ended = subprocess.run(
                [sys.executable, "-c", code + _SAID], check=True, capture_output=True
            )
            cpu, peak = ended.stdout.split()
            runs.append((float(cpu), int(peak)))
        seconds, kib = median(one for one, _ in runs), median(one for _, one in runs)
        print(f"import {name}: {_ms(seconds)}, {kib / 1024:.1f} MiB")


_SAID = """
import re, time
spent = time.process_time()
print(spent, re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read()).group(1))
"""
_IMPORTED = {"nothing": "pass", "the classifier": "import deskterm.triage.classify.model"}


def _goal(plain: dict[str, float], name: str) -> str:
    """Give the goal: three points more than a plain ranking."""
    return f" (goal {plain[name] + 0.03:.3f}, plain {plain[name]:.3f})" if name in plain else ""


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.2f} ms"


def _spread(times: list[float]) -> str:
    ordered = sorted(times)
    return f"{_ms(median(ordered))}, p95 {_ms(ordered[int(0.95 * (len(ordered) - 1))])}"


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(prog="python -m bench.triage", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    given = parser.parse_args()
    tickets = read(given.data / "tickets/jqueryui.jsonl")
    duplicates(tickets, given.data / "tickets/duplicates")
    desk(tickets)
    imports()
    print(f"whole run: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB at most")


if __name__ == "__main__":
    main()
