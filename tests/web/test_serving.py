"""`deskterm web` as a process: served, ended, killed at any moment without a loss."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from tests.builders import count


@contextmanager
def served(url: str, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the web face at a free port; gives the process and where it is."""
    command = [sys.executable, "-m", "deskterm", "--db", url, "web", "--listen", "127.0.0.1:0"]
    process = subprocess.Popen(
        [*command, *options], stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    assert process.stderr is not None
    try:
        said = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+\S*", said)
        assert found, said
        yield process, found[0]
    finally:
        process.kill()
        process.communicate()


def _desk(url: str) -> Desk:
    return open_desk(settings.load({"db": url}, as_login="cy"))


def _report(client: httpx2.Client, problem: str) -> httpx2.Response:
    found = re.search(r'name="token" value="([^"]+)"', client.get("").text)
    assert found
    said = {"token": found[1], "who": "ada@example.org", "problem": problem}
    return client.post("report", data=said)


def test_what_was_answered_is_there_after_a_kill(sqlite_url: str) -> None:
    desk = _desk(sqlite_url)
    desk.desk_settings.set("web.most_per_minute", "0")
    answered: list[str] = []
    enough = threading.Event()

    def people(name: str, where: str) -> None:
        with httpx2.Client(base_url=where) as client:
            try:
                for at in range(1000):
                    if _report(client, f"{name} {at}").status_code == 200:
                        answered.append(f"{name} {at}")
                    if len(answered) >= 20:
                        enough.set()
            except httpx2.HTTPError:
                return  # it was killed meanwhile

    with served(sqlite_url, "--base", "/help") as (process, where):
        threads = [threading.Thread(target=people, args=(one, where)) for one in "abc"]
        for one in threads:
            one.start()
        assert enough.wait(60)
        process.send_signal(signal.SIGKILL)
        for one in threads:
            one.join()
    with desk.store.reading() as database:
        kept = {row["body"] for row in database.all("SELECT body FROM ticket")}
    assert set(answered) <= kept
    assert count(desk, "ticket") == len(kept)
    desk.close()


def test_it_ends_by_a_signal_and_says_what_is_wrong_with_where(sqlite_url: str) -> None:
    with served(sqlite_url) as (process, where):
        assert httpx2.get(where).status_code == 200
        port = where.rpartition(":")[2].strip("/")
        again = [sys.executable, "-m", "deskterm", "--db", sqlite_url, "web", "--listen"]
        taken = subprocess.run(
            [*again, f"127.0.0.1:{port}"], capture_output=True, text=True, check=False
        )
        assert taken.returncode == 5
        assert "cannot be listened at" in taken.stderr
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, -signal.SIGTERM)
    odd = subprocess.run([*again, "nowhere"], capture_output=True, text=True, check=False)
    assert odd.returncode == 2


def test_a_shortcut_and_a_link_by_command(sqlite_url: str, tmp_path: Path) -> None:
    desk = _desk(sqlite_url)
    desk.people.set("ada@example.org", {"name": "Ada Moss"})
    desk.desk_settings.set("web.url", "https://help.example.org")
    desk.close()
    command = [sys.executable, "-m", "deskterm", "--db", sqlite_url, "person", "link"]
    file = tmp_path / "desk.url"
    for options in ([], ["--shortcut", str(file)]):
        told = subprocess.run(
            [*command, "ada@example.org", *options], capture_output=True, text=True, check=True
        )
        text = told.stdout or file.read_text()
        assert re.search(r"https://help\.example\.org/p/p1-\d+-0\.[a-z2-7]{16}/", text)
    assert file.read_bytes().startswith(b"[InternetShortcut]\r\nURL=https://")
