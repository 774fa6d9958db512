"""The cases of the shared collection, expanded to what they describe."""

import json
from pathlib import Path
from typing import NamedTuple


class Case(NamedTuple):
    """One hostile input."""

    id: str
    kind: str
    where: str
    payload: str

    @property
    def argument(self) -> str | None:
        """Give the payload as a command's argument; None where no shell can pass it."""
        try:
            bytes_ = self.payload.encode("utf-8")
        except UnicodeEncodeError:
            return None
        return None if b"\x00" in bytes_ or len(bytes_) > 100_000 else self.payload

    @property
    def terminal(self) -> bool:
        """Tell whether it is aimed at the terminal itself."""
        return self.kind.startswith(("terminal-escape", "unicode", "cmd:", "rich", "textual"))


LONG = 50_000
_EXPANDED = {
    "H045": "\x07" * 1_000,
    "H058": "a" + "\u0301" * 2_000,
    "H075": "To: " + "(" * 20_000,
    "H117": "".join(
        f"--b{n}\r\nContent-Type: multipart/mixed; boundary=b{n}\r\n" for n in range(2_000)
    ),
    "H175": "a" * LONG + "!",
    "H176": ">" * LONG + "x",
}


def load(file: Path) -> list[Case]:
    """Read the collection."""
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        payload = _EXPANDED.get(one["id"], one["payload"])
        found.append(Case(one["id"], one["class"], one["where"], payload))
    return found
