"""A tracker's program for tests: real, with a state of its own, and with faults when it is told."""

import json
import sys
from pathlib import Path

from deskterm.bootstrap import Desk
from deskterm.settings import Value

_PROGRAM = """
import json, os, sys, time
from pathlib import Path

folder = Path(sys.argv[1])
line = sys.stdin.readline()
asked = json.loads(line)
with (folder / "asked").open("a") as file:
    file.write(line)
faults = folder / "faults"
plan = json.loads(faults.read_text())
fault = plan.pop(0) if plan else ""
if plan or fault:
    faults.write_text(json.dumps(plan))
state = json.loads((folder / "state").read_text())
if fault.startswith("{") or fault == "nonsense":
    print(fault)
    sys.exit()
if fault == "silent":
    time.sleep(60)
if fault == "dies":
    sys.exit("no such host")
issues, ref = state["issues"], asked["problem"]["ref"]
if asked["do"] == "open":
    known = [one for one, issue in issues.items() if issue["op"] == asked["op"]]
    ref = known[0] if known else str(len(issues) + 1)
    issues.setdefault(ref, {"op": asked["op"], "state": "open", "fixed_in": "", "comments": []})
if asked["do"] in ("open", "update"):
    issues[ref]["problem"] = asked["problem"]
if asked["do"] == "comment" and all(c.get("op") != asked["op"] for c in issues[ref]["comments"]):
    text = asked["comment"]["text"]
    issues[ref]["comments"].append(
        {"id": f"own{asked['op']}", "author": "desk", "text": text, "op": asked["op"]}
    )
new = folder / f"state.{os.getpid()}"
new.write_text(json.dumps(state))
new.replace(folder / "state")
if fault == "lost":
    sys.exit("the line broke")
issue = issues[ref]
print(json.dumps({"ref": ref, "url": f"https://tracker.example/{ref}", "state": issue["state"],
                  "fixed_in": issue["fixed_in"], "comments": issue["comments"]}))
"""


class Tracker:
    """The tracker `dev` of a desk's machine, and what it was asked."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "program.py").write_text(_PROGRAM)
        (folder / "state").write_text('{"issues": {}}')
        (folder / "asked").write_text("")
        self.faults()
        command = f"{sys.executable} {folder / 'program.py'} {folder}"
        self.settings: dict[str, object] = {"trackers": {"dev": command}, "undo_seconds": 0}
        for name, value in self.settings.items():
            desk.settings._values[name] = Value(value, "file")

    def faults(self, *names: str) -> None:
        """What goes wrong next: a name each call, empty where nothing does."""
        (self.folder / "faults").write_text(json.dumps(names))

    @property
    def issues(self) -> dict[str, dict[str, object]]:
        """What the tracker has, by its number."""
        found: dict[str, dict[str, object]] = json.loads((self.folder / "state").read_text())
        return found["issues"]  # type: ignore[return-value]

    def change(self, ref: str, **values: object) -> None:
        """Developers change an issue."""
        state = {"issues": self.issues}
        state["issues"][ref] |= values
        (self.folder / "state").write_text(json.dumps(state))

    @property
    def asked(self) -> list[dict[str, object]]:
        """Every line it was sent."""
        return [json.loads(line) for line in (self.folder / "asked").read_text().splitlines()]

    @property
    def did(self) -> list[object]:
        """What each line asked for."""
        return [one["do"] for one in self.asked]
