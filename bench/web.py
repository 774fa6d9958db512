"""The web face: processor time of each page, and submissions a second of a real server.

    uv run python -m bench.web [--tickets N] [--seconds S] [--people K]

The pages are asked for in this process, without a connection, on a desk of so many tickets; the
submissions come over connections from processes of their own to `deskterm web` on a new desk. A
rate is as good as the machine is free; the server's processor time a submission is not its mood.
"""

import argparse
import asyncio
import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from starlette.types import ASGIApp, Message

from bench.begin import begin
from bench.load import fill, vocabulary
from bench.writes import row
from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.services.web.web import Web
from deskterm.storage.store import Store
from deskterm.web.app import application

PAGE_MS, RATE = 20, 300
_REPEAT = 100
_SAID = "The printer on floor 3 says offline and nothing comes out of it"


async def _asked(app: ASGIApp, path: str) -> int:
    where, _, query = path.partition("?")
    status = 0

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    scope = {
        "type": "http",
        "method": "GET",
        "path": where,
        "query_string": query.encode(),
        "headers": [],
        "client": ("127.0.0.1", 1),
        "scheme": "http",
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    return status


async def _times(app: ASGIApp, path: str) -> list[float]:
    """Give the processor time of a page, again and again, in ms: that of all threads."""
    took = []
    for _ in range(_REPEAT):
        began = time.process_time()
        assert await _asked(app, path) == 200, path
        took.append((time.process_time() - began) * 1000)
    return took


def pages(desk: Desk) -> None:
    """Print the processor time of each page."""
    web = Web(desk, desk.tickets, desk.solutions)
    with desk.store.reading() as database:
        found = database.returned(
            "SELECT requester_id, max(id) AS id, count(*) AS n FROM ticket "
            "GROUP BY requester_id ORDER BY count(*) DESC LIMIT 1"
        )
    person, ticket = found["requester_id"], found["id"]
    home, page = f"/p/{web.link(person)}", f"/t/{web.link(person, ticket)}"
    named = (
        ("form", "/"),
        ("form, filled in", f"{home}/"),
        (f"own tickets, {found['n']}", f"{home}/mine"),
        ("ticket's page", page),
        ("solutions", "/solutions"),
        ("search", "/solutions?q=printer+offline"),
        ("offer", "/offer"),
    )
    app = application(desk)
    for name, path in named:
        took = sorted(asyncio.run(_times(app, path)))
        p95 = took[int(0.95 * len(took))]
        value = f"{statistics.median(took):.1f} / {p95:.1f} ms"
        row(f"{name}: CPU median / p95", value, f"{PAGE_MS} ms", p95 <= PAGE_MS)


def _person(where: str, number: int, until: float, told: "multiprocessing.Queue[int]") -> None:
    """Fill in the form and send it until time is over; tells how many were answered."""
    place = urlsplit(where)
    done = 0
    while time.time() < until:
        line = HTTPConnection(place.hostname or "", place.port)
        line.request("GET", "/")
        page = line.getresponse().read().decode()
        token = re.findall(r'name="token" value="([^"]+)"', page)[0]
        for at in range(50):  # a form sent with other words is another ticket
            said = {"token": token, "who": f"p{number}@example.org", "problem": f"{_SAID} {at}"}
            line.request("POST", "/report", urlencode(said), _FORM)
            answer = line.getresponse()
            answer.read()
            if answer.status != 200 or time.time() >= until:
                break
            done += 1
        line.close()
    told.put(done)


_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def submissions(url: str, people: int, seconds: float) -> None:
    """Print how many forms a second are answered, and what each costs the server."""
    command = [sys.executable, "-m", "deskterm", "--db", url, "web", "--listen", "127.0.0.1:0"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    where = re.findall(r"http://\S+", server.stderr.readline())[0]
    told: multiprocessing.Queue[int] = multiprocessing.Queue()
    until = time.time() + seconds
    crowd = [
        multiprocessing.Process(target=_person, args=(where, at, until, told))
        for at in range(people)
    ]
    before, began = cpu(server.pid), time.time()
    for one in crowd:
        one.start()
    answered = sum(told.get() for _ in crowd)
    took, cost = time.time() - began, cpu(server.pid) - before
    for one in crowd:
        one.join()
    server.terminate()
    server.wait()
    desk = _opened(url)
    with desk.store.reading() as database:
        kept = database.returned("SELECT count(*) AS n FROM ticket")["n"]
    desk.close()
    rate = answered / took
    row("submissions a second", f"{rate:.0f}", str(RATE), rate >= RATE)
    row("server's CPU a submission", f"{1000 * cost / max(1, answered):.1f} ms", "", met=True)
    row("answered and lost", str(max(0, answered - kept)), "0", kept >= answered)


def cpu(process: int) -> float:
    """Give the processor seconds of a server until now."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _opened(url: str) -> Desk:
    return open_desk(settings.load({"db": url}, as_login="bench"))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure both and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.web", description=__doc__)
    parser.add_argument("--tickets", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--people", type=int, default=6)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/pages.sqlite"
        store = Store(url, new=True)
        fill(store, given.tickets)
        store.close()
        desk = _opened(url)
        for at, word in enumerate(vocabulary(200)):
            words = {"title": f"{word} {at}", "symptoms": f"{word} offline", "resolution": word}
            desk.solutions.publish(desk.solutions.new(words).subjects[0][1], "public")
        pages(desk)
        desk.close()
        url = f"sqlite:///{folder}/forms.sqlite"
        begin(url)
        desk = _opened(url)
        desk.desk_settings.set("web.most_per_minute", "0")
        desk.close()
        submissions(url, given.people, given.seconds)


if __name__ == "__main__":
    main()
