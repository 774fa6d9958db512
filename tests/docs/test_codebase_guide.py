"""The codebase guide leads to what is there: every file and folder that it names."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "codebase-guide.md").read_text(encoding="utf-8")
_PLACE = re.compile(r"`([\w./-]+(?:\.py|/))`")


def _places() -> list[str]:
    """Give every file and folder of the house as `/src/deskterm/domain/verbs.py`, `/src/…/`."""
    below = [one for top in ("src", "tests", "bench", "docs") for one in (ROOT / top).rglob("*")]
    return [
        f"/{one.relative_to(ROOT)}{'/' if one.is_dir() else ''}"
        for one in below
        if one.is_dir() or one.suffix == ".py"
    ]


def test_the_guide_names_only_files_and_folders_that_are_there() -> None:
    there = _places()
    named = set(_PLACE.findall(GUIDE))
    assert len(named) > 60
    lost = {one for one in named if not any(place.endswith(f"/{one}") for place in there)}
    assert not lost


def test_every_room_of_the_program_is_on_the_map() -> None:
    rooms = {one.name for one in (ROOT / "src" / "deskterm").iterdir() if one.is_dir()}
    rows = set(re.findall(r"^\| `src/deskterm/(\w+)/`", GUIDE, re.MULTILINE))
    assert rows == rooms - {"__pycache__"}
