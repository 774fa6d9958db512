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
    """Import JSON lines through the command."""
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
