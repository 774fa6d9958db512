"""A desk whose every text is hostile, made and read on a pseudo-terminal."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.hostile.cases import Case, load
from tests.hostile.terminal import Shown, Terminal

FORMATS = ("table", "tsv", "csv", "json", "jsonl")


class Ward(NamedTuple):
    """The desk: its terminal, its file, which ticket holds which case."""

    terminal: Terminal
    url: str
    cases: list[Case]
    tickets: dict[str, int]
    folder: Path


@pytest.fixture(scope="session")
def hostile_cases(shared_data: Path) -> list[Case]:
    """Every case of the shared collection."""
    return load(shared_data / "hostile.jsonl")


@pytest.fixture(scope="module")
def ward(
    hostile_cases: list[Case],
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Ward]:
    """A desk with one ticket a case; each text field of it holds the payload."""
    folder = tmp_path_factory.mktemp("hostile")
    file = folder / "desk.sqlite"
    shutil.copy(sqlite_template, file)
    url = f"sqlite:///{file}"
    terminal = Terminal(
        {"NO_COLOR": "1", "DESKTERM_DB": url, "DESKTERM_AS": "cy", "HOME": str(folder)}
    )
    assert terminal.run("field", "add", "hostile").code == 0
    tickets = {}
    for case in hostile_cases:
        shown = opened(terminal, case)
        assert (shown.code, shown.trouble()) == (0, ""), (case.id, shown)
        tickets[case.id] = int(json.loads(shown.text.splitlines()[0])["id"])
    yield Ward(terminal, url, hostile_cases, tickets, folder)
    terminal.close()


def opened(terminal: Terminal, case: Case) -> Shown:
    """Open a ticket with the payload in every text a line of JSON can carry."""
    line = {
        "from": f"{case.id.lower()}@example.test",
        "subject": case.payload or "empty",
        "body": case.payload,
        "problem": case.payload,
        "fields": {"hostile": case.payload},
    }
    return terminal.run("ticket", "new", "--jsonl", "-", "-o", "jsonl", stdin=json.dumps(line))
