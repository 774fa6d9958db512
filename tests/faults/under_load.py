"""Backups taken while somebody writes, and desks as a kill leaves them: both come back whole."""

import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from queue import Empty, Queue

from deskterm.storage.backup import backup, restore
from deskterm.storage.driver import connect
from deskterm.storage.soundness import trouble
from deskterm.storage.sqlite import siblings
from tests.faults.crowd import Acknowledged, Command, client, looking_at, lost, plan

_PATIENCE = 60.0
_MORE = 10
"""So many times the rounds are done at most."""
_A_ROUND = 400
"""More commands than a writer can do in a round."""


class Writing:
    """A client that writes as fast as it can, and what it acknowledged."""

    def __init__(self, commands: Sequence[Command]) -> None:
        self.heard: list[Acknowledged] = []
        self._left = list(commands)
        self._codes: Queue[int] = Queue()

    def hear(self, stream: Iterator[bytes]) -> None:
        """Read its acknowledgements to their end."""
        for line in stream:
            if line.strip().isdigit():
                self._codes.put(int(line))

    def wait(self, number: int) -> list[Acknowledged]:
        """Wait for so many more; gives all that were heard."""
        for _ in range(number):
            self._take(self._codes.get(timeout=_PATIENCE))
        return self.taken()

    def taken(self) -> list[Acknowledged]:
        """Give all that was heard until now, without waiting."""
        while True:
            try:
                self._take(self._codes.get_nowait())
            except Empty:
                return list(self.heard)

    def _take(self, code: int) -> None:
        self.heard.append(Acknowledged(self._left[len(self.heard)], code))


@contextmanager
def _written(url: str, commands: Sequence[Command]) -> Iterator[Writing]:
    """Lend a writer at work; it is killed when the block ends."""
    writing = Writing(commands)
    with client(url, commands) as process:
        assert process.stdout is not None
        thread = threading.Thread(target=writing.hear, args=(process.stdout,))
        thread.start()
        try:
            yield writing
        finally:
            process.kill()
            thread.join()
    writing.taken()


def wrong_after(file: Path, folder: Path, rounds: int, seed: int = 5) -> list[str]:
    """Back up under load, kill the writer, restore both; gives what differs, round by round.

    It goes on until a kill has left a log: between two commands there is none.
    """
    url, found = f"sqlite:///{file}", []
    chance = random.Random(seed)
    commands = plan(chance, rounds * _A_ROUND)
    heard: list[Acknowledged] = []
    logs = 0
    for number in range(_MORE * rounds):
        if number >= rounds and logs:
            break
        place = folder / f"round{number}"
        place.mkdir()
        with _written(url, commands[len(heard) :][:_A_ROUND]) as writing:
            before = heard + writing.wait(chance.randint(2, 5))
            with closing(connect(url)) as database:
                backup(database, place / "saved.sqlite")
            writing.wait(chance.randint(1, 3))
        heard += writing.heard
        logs += any(one.name.endswith("-wal") for one in siblings(file))
        for source, known in ((place / "saved.sqlite", before), (file, heard)):
            restored = place / f"from-{source.name}"
            told = restore(source, restored)["contradictions"]
            with looking_at(f"sqlite:///{restored}") as copy:
                wrong = [*told, *trouble(copy), *lost(copy, known)]
            found += [f"round {number}, {source.name}: {one}" for one in wrong]
        for one in place.iterdir():
            one.unlink()
        place.rmdir()
    if not logs:
        found.append("no kill left a log")
    return found
