"""Test material that lies beside the project and not in it: real tickets, mails and charts.

A clone without it is whole: its tests carry what they need. What is there is tried in addition.
"""

import json
from pathlib import Path
from typing import Any

from tests.hostile.own import HOSTILE

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"
ABSENT = "the shared test material is not beside the project"
"""Why a test that needs it is skipped; `.ci/run` allows this reason only, and only alone."""


def hostile() -> list[dict[str, Any]]:
    """Give the project's own hostile inputs, and behind them those beside the project."""
    return [*HOSTILE, *beside()]


def beside() -> list[dict[str, Any]]:
    """Give the hostile inputs beside the project; none in a clone that stands alone."""
    file = FOLDER / "hostile.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines]
