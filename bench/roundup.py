"""Roundup's web tracker beside our web face: its issue page, and entries submitted by its form.

    uv run python -m bench.roundup [--seconds S] [--people K]

Roundup comes from the package index into an environment of this run; where it cannot be had, that
is said and nothing is measured. Its form is good for one entry, so each is a page and a form sent.
"""

import argparse
import multiprocessing
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from bench.web import cpu
from bench.writes import row

_PORT = 9_321
_SAID = "The printer on floor 3 says offline and nothing comes out of it"
_WHO = {"Authorization": "Basic " + b64encode(b"admin:admin").decode()}
_HIDDEN = re.compile(r'<input[^>]*name="(@csrf)"[^>]*value="([^"]+)"')
_REPEAT = 60


def installed(folder: Path) -> Path | None:
    """Install Roundup into an environment of its own; gives its programs' folder, or None."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    programs = folder / "bin"
    got = subprocess.run([programs / "pip", "install", "-q", "roundup"], capture_output=True)
    return programs if got.returncode == 0 else None


@contextmanager
def served(programs: Path, folder: Path) -> Iterator[int]:
    """Serve a new tracker of its classic kind on SQLite; gives the server's process."""
    web = f"tracker_web=http://127.0.0.1:{_PORT}/t/,mail_domain=example.org,mail_host=localhost"
    admin = [str(programs / "roundup-admin"), "-i", str(folder)]
    debug = f"{web},mail_debug={folder}/mails"
    subprocess.run([*admin, "install", "classic", "sqlite", debug], check=True, capture_output=True)
    subprocess.run([*admin, "initialise", "admin"], check=True, capture_output=True)
    command = [str(programs / "roundup-server"), "-t", "thread", "-p", str(_PORT), f"t={folder}"]
    if os.geteuid() == 0:  # it does not serve as root
        for one in (folder, *folder.rglob("*")):
            shutil.chown(one, "nobody")
        command[1:1] = ["-u", "nobody"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while server.poll() is None and not _answers():
            time.sleep(0.2)
        yield server.pid
    finally:
        server.terminate()
        server.wait()


def _answers() -> bool:
    try:
        return asked("/t/")[0] == 200
    except OSError:
        return False


def asked(path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
    """Ask for a page or send a form; gives the status and the page."""
    line = HTTPConnection("127.0.0.1", _PORT, timeout=60)
    head = {**_WHO, "Referer": f"http://127.0.0.1:{_PORT}/t/issue?@template=item"}
    body = urlencode(form) if form else None
    if form:
        head["Content-Type"] = "application/x-www-form-urlencoded"
    line.request("POST" if form else "GET", path, body, head)
    answer = line.getresponse()
    page = answer.read().decode("utf-8", "replace")
    line.close()
    return answer.status, page


def submit(title: str) -> bool:
    """Open the form, send it; tells whether it was taken: Roundup then leads to the new issue."""
    _, page = asked("/t/issue?@template=item")
    found = _HIDDEN.search(page)
    said = {"@action": "new", "@template": "item", "@required": "title,priority", "priority": "3"}
    given = {**said, "title": title, "@note": _SAID, "@csrf": found[2] if found else ""}
    return asked("/t/issue", given)[0] in (302, 303)


def _person(number: int, until: float, told: "multiprocessing.Queue[int]") -> None:
    done = 0
    while time.time() < until:
        done += submit(f"Printer {number}-{done}")
    told.put(done)


def pages(server: int) -> None:
    """Print the server's processor time of an issue's page, of the form, of the list."""
    for name, path in (("issue's page", "issue1"), ("form", "issue?@template=item")):
        took = []
        for _ in range(_REPEAT):
            began = cpu(server)
            assert asked(f"/t/{path}")[0] == 200, path
            took.append(cpu(server) - began)
        row(f"Roundup, {name}: CPU mean", f"{1000 * statistics.mean(took):.1f} ms", "", met=True)


def crowd(server: int, people: int, seconds: float) -> None:
    """Print how many entries a second are taken, and what each costs the server."""
    told: multiprocessing.Queue[int] = multiprocessing.Queue()
    until, before = time.time() + seconds, cpu(server)
    many = [multiprocessing.Process(target=_person, args=(n, until, told)) for n in range(people)]
    began = time.time()
    for one in many:
        one.start()
    done = sum(told.get() for _ in many)
    took = time.time() - began
    for one in many:
        one.join()
    cost = 1000 * (cpu(server) - before) / max(1, done)
    row("Roundup, submissions a second", f"{done / took:.1f}", "", met=True)
    row("Roundup, CPU a submission, its page included", f"{cost:.1f} ms", "", met=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure Roundup and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.roundup", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--people", type=int, default=6)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        programs = installed(Path(place) / "environment")
        if programs is None:
            sys.stdout.write("Roundup cannot be had from the package index here.\n")
            return
        with served(programs, Path(place) / "tracker") as server:
            assert submit("The first one")
            pages(server)
            crowd(server, given.people, given.seconds)


if __name__ == "__main__":
    main()
