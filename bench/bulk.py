"""Many tickets at once: closing with ledger and letters, importing, processing the inbox."""

import json
import tempfile
import time
from pathlib import Path

from bench.measure import Table, Watch, deskterm, process
from deskterm import settings
from deskterm.bootstrap import open_desk
from deskterm.domain.requests import NewTicket
from deskterm.domain.verbs import Close


def bulk(url: str, repeat: int) -> None:
    """Open, close, and process mail, a few thousand each, inside one process."""
    count = repeat * 200
    desk = open_desk(settings.load({"db": url}, as_login="cy"))
    table = Table(f"bulk, {count} each, inside one process", 1)
    watch = Watch()
    tickets = [NewTicket("ada@example.org", f"Bulk {n}", "It hangs.") for n in range(count)]
    numbers = desk.tickets.new_many(tickets).tickets
    table.rate("open, with letters", count, watch.read())
    watch = Watch()
    desk.tickets.do(numbers, Close("unsolved", "outage over"))
    table.rate("close, with ledger and letters", count, watch.read(), "2000/s")
    head = b"From: a%d@example.org\r\nSubject: Mail %d\r\nMessage-ID: <%d.%d@x.example>\r\n"
    raw = head + b"\r\nIt hangs.\r\n"
    stamp = time.time_ns()
    for n in range(count // 4):
        desk.inbox.receive(raw % (n % 50, n, n, stamp))
    watch = Watch()
    desk.inbox.process()
    table.rate("inbox processing", count // 4, watch.read(), "300/s")
    desk.close()


def imports(url: str, repeat: int) -> None:
    """Import JSON lines, and a desk with its words, through the command."""
    _desk(url, repeat)
    count = repeat * 2_000
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "tickets.jsonl")
        lines = [
            json.dumps(
                {
                    "id": n,
                    "title": f"Imported {n}",
                    "body": "It hangs since the update. " * 4,
                    "requester": f"r{n % 500}@example.org",
                    "opened": "2025-01-01T08:00:00Z",
                    "closed": "2025-01-02T08:00:00Z",
                }
            )
            for n in range(count)
        ]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        table = Table(f"import of {count} tickets", 1)
        took = process(deskterm(url, "import", "tickets", file), 0, once=True)
        table.rate("import tickets", count, (took.times[0] / 1000, took.cpu / 1000), "5000/s")


def _desk(url: str, repeat: int) -> None:
    """Import a Zendesk of tickets with five words each."""
    count = repeat * 1_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        people = [
            {"id": n, "name": f"Person {n}", "email": f"p{n}@example.org"} for n in range(520)
        ]
        _lines(folder / "users.jsonl", people)
        _lines(folder / "tickets.jsonl", [_ticket(n) for n in range(count)])
        table = Table(f"import of a desk: {count} tickets, {5 * count} entries", 1)
        command = deskterm(url, "import", "from", "zendesk", folder)
        took = process(command, 0, once=True)
        table.rate("import from zendesk", count, (took.times[0] / 1000, took.cpu / 1000), "3000/s")


def _ticket(number: int) -> dict[str, object]:
    said = "It hangs since the update, and nobody knows why. " * 3
    return {
        "id": number,
        "subject": f"Imported {number}",
        "description": "It hangs since the update. " * 4,
        "status": "closed" if number % 10 else "open",
        "priority": "normal",
        "requester_id": number % 500,
        "assignee_id": 500 + number % 20,
        "created_at": "2025-01-01T07:00:00Z",
        "updated_at": "2025-01-08T08:00:00Z",
        "comments": [
            {
                "id": number * 10 + place,
                "author_id": number % 500 if place % 2 else 500 + number % 20,
                "body": said,
                "public": place != 3,
                "created_at": f"2025-01-0{place + 1}T08:00:00Z",
            }
            for place in range(5)
        ],
    }


def _lines(file: Path, records: list[dict[str, object]]) -> None:
    file.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
