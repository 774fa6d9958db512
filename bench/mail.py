"""Mail: how much of awkward mails is read, and how fast mail comes in and letters go out.

Run by hand: `uv run python -m bench.mail [--data FOLDER] [--mails N]`.
"""

import argparse
import json
import os
import re
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.begin import begin
from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.mail.parse import parse_mail
from deskterm.mail.parsed import ParsedMail
from deskterm.services.inbox.receive import receive_many

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_MAIL = (
    "From: Person {n} <person{n}@example.org>\r\nTo: help@localhost\r\n"
    "Message-ID: <{n}@example.org>\r\nSubject: Printer {n} is broken\r\n\r\n"
    "Hello,\r\nmy printer number {n} has been silent since lunch.\r\n\r\nPerson {n}\r\n"
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.mail", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--mails", type=int, default=2_000)
    given = parser.parse_args()
    if (given.data / "mail").is_dir():
        scores(given.data / "mail")
        reading(given.data / "mail")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DESKTERM_DATA"] = folder
        url = f"sqlite:///{folder}/desk.sqlite"
        begin(url)
        desk = open_desk(settings.load({"db": url}, as_login="bench"))
        flowing(desk, given.mails)
        desk.close()


def scores(folder: Path) -> None:
    """Count what is right, as the scorer beside the data does."""
    right: dict[str, int] = {}
    asked: dict[str, int] = {}
    for case in _lines(folder / "parse.jsonl"):
        mail = parse_mail((folder / case["file"]).read_bytes())
        for name, good in _judged(case["expect"], mail):
            asked[name] = asked.get(name, 0) + 1
            right[name] = right.get(name, 0) + good
    for name, total in asked.items():
        print(f"{name:<12}{right[name]:>4} of {total:<4}{right[name] / total:>8.1%}")


def _judged(want: dict[str, Any], mail: ParsedMail) -> Iterator[tuple[str, bool]]:
    if "subject" in want:
        yield "subject", _spaced(mail.subject) == _spaced(want["subject"])
    if want.get("from_email"):
        yield "from_email", mail.from_email.lower() == want["from_email"].lower()
    if want.get("from_name"):
        yield "from_name", _spaced(mail.from_name) == _spaced(want["from_name"])
    if want.get("body_snippets"):
        text = re.sub(r"[\W_]+", "", mail.body + "\n" + mail.body_alt).lower()
        yield "body", all(one in text for one in want["body_snippets"])
    if "attachment_names_subset" in want:
        names = [_spaced(one.name) for one in mail.files]
        yield "attachments", all(_spaced(one) in names for one in want["attachment_names_subset"])


def reading(folder: Path) -> None:
    """Parse every real mail once."""
    mails = [(folder / one["file"]).read_bytes() for one in _lines(folder / "nocrash.jsonl")]
    start = time.perf_counter()
    slowest = 0.0
    for raw in mails:
        before = time.perf_counter()
        parse_mail(raw)
        slowest = max(slowest, time.perf_counter() - before)
    took = time.perf_counter() - start
    print(f"parsing     {len(mails) / took:>8.0f} mails/s, slowest {slowest * 1000:.0f} ms")


def flowing(desk: Desk, total: int) -> None:
    """Receive, process and answer plain mails, each from a new person."""
    mails = [_MAIL.format(n=number).encode() for number in range(total)]
    start = time.perf_counter()
    for raw in mails[: total // 10]:
        desk.inbox.receive(raw)
    _rate("receiving, a commit each", total // 10, start)
    for first in range(total // 10, total, 100):
        receive_many(desk.store, mails[first : min(first + 100, total)])
    start = time.perf_counter()
    done = desk.inbox.process()
    _rate("processing (budget 300)", done.tickets, start)
    start = time.perf_counter()
    sent = desk.outbox.send(at_once=True)
    _rate("letters into the Maildir", sent.sent, start)


def _rate(name: str, number: int, start: float) -> None:
    print(f"{name:<28}{number / (time.perf_counter() - start):>8.0f} /s  ({number})")


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


if __name__ == "__main__":
    main()
