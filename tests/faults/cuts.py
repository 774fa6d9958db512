"""Power cuts under a board: commands are acknowledged while another connection is held open."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from deskterm.domain.errors import DatabaseError
from deskterm.storage.soundness import trouble
from tests.faults.crowd import Acknowledged, looking_at, lost, plan
from tests.faults.power import images, watched

Run = Callable[[list[str]], int]


class Cut(NamedTuple):
    """How many images were looked at, and what was wrong in how many."""

    images: int
    losing: int
    broken: list[str]
    """What was damaged or contradicted itself, image by image."""


def cut_under_a_board(
    file: Path, run: Run, folder: Path, commands: int, number: int, seed: int = 7
) -> Cut:
    """Do commands while a board holds the file open, then look at what power cuts leave."""
    url = f"sqlite:///{file}"
    chance = random.Random(seed)
    before = {str(file): file.read_bytes()}
    heard: list[Acknowledged] = []
    with watched() as disk, looking_at(url) as board:
        board.all("SELECT 1 AS one FROM ticket")
        for command in plan(chance, commands):
            heard.append(Acknowledged(command, run(command.arguments(url))))
            disk.acknowledged()
    losing, broken = 0, []
    for place, image in enumerate(images(before, disk.events, number, chance)):
        copy = image.put(folder / f"cut{place}", file)
        try:
            with looking_at(f"sqlite:///{copy}") as database:
                losing += bool(lost(database, heard[: image.acknowledged]))
                broken += [f"image {place}: {one}" for one in trouble(database)]
        except DatabaseError as error:  # nothing of it can be read
            losing += 1
            broken.append(f"image {place}: {error}")
        shutil.rmtree(copy.parent)
    return Cut(number, losing, broken)


def said(cut: Cut) -> str:
    """Give the result in a line."""
    return json.dumps({"images": cut.images, "losing": cut.losing, "broken": len(cut.broken)})
