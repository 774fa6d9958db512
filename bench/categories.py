"""How good categories are guessed, beside linear models: `python -m bench.categories [--tuned]`.

Five tasks on FOLDER/tickets. Everything was tuned on the older four fifths of each task's history
against its newest fifth (`--tuned` shows that); without it the untouched part is guessed. Beside
each score stands the better of two LinearSVC (scikit-learn 1.9, TF-IDF with sublinear counts, C of
0.3 and 1, tuned likewise) on words and on words with pieces (char_wb 3 to 5, twice at least).

How far off confidence is has a bottom: who is right exactly as often as said is off by chance, too,
with so few guesses in each tenth. That "chance" stands beside it.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import mean
from typing import Any, NamedTuple

from deskterm.triage.classify.evaluate import Learner, said_of

CUT = 6281
"""The newest fifth of the jQuery UI tickets is guessed (data/score/split_tickets.py)."""
Rows = list[dict[str, Any]]
GOAL_OFF = 0.04
SHORT = (100, 300)
WINDOWS = 5
"""Short histories of each length: one says little."""


class Task(NamedTuple):
    """What is learned, what is guessed, and by which label."""

    name: str
    label: str
    history: Rows
    queries: Rows


SVC: dict[str, tuple[float, float, float, float]] = {
    "jQuery UI by time": (0.740, 0.860, 0.634, 0.593),
    "jQuery UI by size": (0.777, 0.904, 0.624, 0.566),
    "itdesk category": (0.870, 0.984, 0.423, 0.935),
    "itdesk subcategory": (0.669, 0.922, 0.297, 0.187),
    "itdesk service": (0.650, 0.799, 0.375, 0.406),
}
"""Untouched part → the best top-1, top-3, macro F1 and coverage of either LinearSVC."""


def tasks(data: Path) -> list[Task]:
    """Give the five tasks with their untouched parts."""
    tickets = [one for one in _read(data / "jqueryui.jsonl") if one.get("category")]
    cut = [one["id"] for one in _read(data / "jqueryui.jsonl")][CUT]
    at = next(at for at, one in enumerate(tickets) if one["id"] == cut)
    gold = {one["id"]: one for one in _read(data / "itdesk/gold.jsonl")}
    queries = [{**one, **gold[one["id"]]} for one in _read(data / "itdesk/queries.jsonl")]
    history = _read(data / "itdesk/history.jsonl")
    return [
        Task("jQuery UI by time", "category", tickets[:at], tickets[at:]),
        Task("jQuery UI by size", "category", *_by_size(tickets)),
        *(Task(f"itdesk {k}", k, history, queries) for k in ("category", "subcategory", "service")),
    ]


def _read(file: Path) -> Rows:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _by_size(tickets: Rows) -> tuple[Rows, Rows]:
    """Give of each category the older four fifths and the newest fifth."""
    left = dict[str, int]()
    for one in tickets:
        left[one["category"]] = left.get(one["category"], 0) + 1
    newest = {category: many // 5 for category, many in left.items()}
    parts: tuple[Rows, Rows] = ([], [])
    for one in tickets:
        left[one["category"]] -= 1
        parts[left[one["category"]] < newest[one["category"]]].append(one)
    return parts


def tuned(task: Task) -> Task:
    """Give the part of a task that was looked at."""
    if task.name.endswith("size"):
        return Task(task.name, task.label, *_by_size(task.history))
    cut = len(task.history) * 4 // 5
    return task._replace(history=task.history[:cut], queries=task.history[cut:])


def shortened(task: Task, many: int, before: int = 0) -> Task:
    """Give the same task after a few tickets alone; by size, the newest of each category.

    They are the newest, or those so many tickets before. By size the newest of all are those of a
    few categories that others no longer get.
    """
    history = [one for one in task.history if one.get(task.label)]
    history = history[: len(history) - before]
    if not task.name.endswith("size"):
        return task._replace(history=history[-many:])
    left = Counter(one[task.label] for one in history)
    places, share = [], {label: 1 / count for label, count in left.items()}
    for at, one in enumerate(history):
        left[one[task.label]] -= 1
        places.append((left[one[task.label]] * share[one[task.label]], at))
    newest = sorted(places)[:many]
    return task._replace(history=[history[at] for _, at in reversed(newest)])


def measured(task: Task) -> tuple[dict[str, float], float, float]:
    """Learn and guess; gives the scores and the milliseconds to learn and to guess one."""
    history = [one for one in task.history if one.get(task.label)]
    queries = [one for one in task.queries if one.get(task.label)]
    learner, began = Learner(), time.process_time()
    learner.learn((said_of(one), str(one[task.label])) for one in history)
    learned = time.process_time()
    found = [learner.guess(said_of(one)) for one in queries]
    each = 1000 * (time.process_time() - learned) / len(queries)
    wanted = [str(one[task.label]) for one in queries]
    ranked = [(one.confidence, one.ranked) for one in found]
    return scores(ranked, wanted), 1000 * (learned - began) / len(history), each


def chance(confidences: Sequence[float], times: int = 50) -> float:
    """Give by how much confidence is off in the mean where each is exactly as probable as said."""
    dice, many = Random(1), len(confidences)
    off = 0.0
    for _ in range(times):
        tenths = dict[int, float]()
        for one in confidences:
            tenth = min(9, int(10 * one))
            tenths[tenth] = tenths.get(tenth, 0.0) + (dice.random() < one) - one
        off += sum(map(abs, tenths.values())) / many
    return off / times


def scores(found: Sequence[tuple[float, Sequence[str]]], wanted: Sequence[str]) -> dict[str, float]:
    """Give the scores as data/score/score_classify.py counts them."""
    many, first = len(wanted), [ranked[0] for _, ranked in found]
    pairs = list(zip(found, wanted, strict=True))
    sure = sorted(((one[0], one[1][0] == label) for one, label in pairs), key=lambda x: -x[0])
    right, covered = 0, 0
    tenths = dict[int, float]()
    for at, (confidence, is_right) in enumerate(sure, 1):
        right += is_right
        covered = at if right >= 0.9 * at else covered
        tenth = min(9, int(10 * confidence))
        tenths[tenth] = tenths.get(tenth, 0.0) + is_right - confidence
    return {
        "top1": right / many,
        "top3": sum(label in one[1][:3] for one, label in pairs) / many,
        "f1": sum(_f1(first, wanted, label) for label in set(wanted)) / len(set(wanted)),
        "covered": covered / many,
        "off": sum(map(abs, tenths.values())) / many,
        "chance": chance([one for one, _ in found]),
    }


def _f1(first: Sequence[str], wanted: Sequence[str], label: str) -> float:
    hits = sum(one == label == other for one, other in zip(first, wanted, strict=True))
    return 2 * hits / (first.count(label) + wanted.count(label))


def main() -> None:
    """Print every score beside its goal, then how far off confidence is on short histories."""
    parser = argparse.ArgumentParser(prog="python -m bench.categories", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--tuned", action="store_true", help="the part that was tuned on")
    given = parser.parse_args()
    part = "tuned" if given.tuned else "untouched"
    for task in tasks(given.data / "tickets"):
        asked = tuned(task) if given.tuned else task
        found, learned, guessed = measured(asked)
        by_chance = found.pop("chance")
        goals = {} if given.tuned else dict(zip(found, SVC.get(task.name, ()), strict=False))
        shown = [
            f"{name} {value:.3f}{_goal(goals.get(name), value)}" for name, value in found.items()
        ]
        said = f"(goal {GOAL_OFF}, chance {by_chance:.3f})"
        print(f"{task.name} ({part}): {'  '.join(shown)} {said}")
        print(f"  learned {learned:.2f} ms a ticket (goal 5), guessed {guessed:.2f} ms (goal 15)")
        for many in SHORT:
            print(f"  after {many} tickets: {_short(asked, many)}")


def _short(asked: Task, many: int) -> str:
    """Give how far off confidence is after the newest so many tickets, and after those before."""
    ends = [many * window for window in range(WINDOWS)]
    found = [measured(shortened(asked, many, before=end))[0] for end in ends]
    off = [one["off"] for one in found]
    by_chance = mean(one["chance"] for one in found)
    return (
        f"confidence off by {off[0]:.3f}; of {WINDOWS} windows {min(off):.3f} to {max(off):.3f}, "
        f"mean {mean(off):.3f} (goal {GOAL_OFF}, chance {by_chance:.3f})"
    )


def _goal(goal: float | None, value: float) -> str:
    """Give the goal, which is the better linear model's score, and whether it is reached."""
    behind = goal is not None and round(value, 3) < goal
    return "" if goal is None else f" (SVC {goal:.3f}{', BEHIND' if behind else ''})"


if __name__ == "__main__":
    main()
