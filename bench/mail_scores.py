"""All scores of reading mail beside their goals: `uv run python -m bench.mail_scores`.

What the program says is judged by the scorers beside the data (../shared/data/score).
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from deskterm.mail.html import html_text
from deskterm.mail.parse import parse_mail
from deskterm.mail.parsed import ParsedMail
from deskterm.mail.reply import new_words, reply_of

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_GOALS = {
    "subject": 0.97,
    "from_email": 0.97,
    "from_name": 0.97,
    "body_snippets": 0.95,
    "attachments": 0.97,
    "exact": 0.85,
}
_PAGES = {
    "100,000 divs in each other": "<div>" * 100_000 + "end",
    "100,000 rows of a table": "<table>" + "<tr><td>a<td>b" * 100_000 + "</table>end",
    "10 MB of paragraphs": "<p>some words of a mail</p>" * 385_000,
    "50,000 quotes in each other": "<blockquote type=cite>" * 50_000 + "end",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.mail_scores", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("-v", action="store_true", help="name what is wrong")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        parsing(given.data, Path(folder, "parse.jsonl"), ["-v"] if given.v else [])
        replies(given.data, Path(folder, "reply.jsonl"))
    surviving(given.data / "mail")
    pages()


def parsing(data: Path, out: Path, options: list[str]) -> None:
    lines = []
    for case in _lines(data / "mail/parse.jsonl"):
        mail = parse_mail((data / "mail" / case["file"]).read_bytes())
        lines.append({"file": case["file"], **_record(mail)})
    _write(out, lines)
    _score(data, "score_parse.py", data / "mail/parse.jsonl", out, options)


def replies(data: Path, out: Path) -> None:
    cases = _lines(data / "mail/reply.jsonl")
    slowest = 0.0
    lines = []
    for case in cases:
        start = time.perf_counter()
        lines.append({"id": case["id"], "reply": reply_of(case["input"], case["kind"])})
        slowest = max(slowest, time.perf_counter() - start)
    _write(out, lines)
    _score(data, "score_reply.py", data / "mail/reply.jsonl", out, [])
    print(f"{'slowest reply':<32}{slowest * 1000:>7.0f} ms")


def surviving(folder: Path) -> None:
    """Read every real mail as the desk does, also its new words; name the slowest."""
    took: list[tuple[float, str]] = []
    failed = odd = 0
    for case in _lines(folder / "nocrash.jsonl"):
        raw = (folder / case["file"]).read_bytes()
        start = time.perf_counter()
        try:
            mail = parse_mail(raw)
            new_words(mail)
        except Exception as error:  # noqa: BLE001 - a failure is what is counted here
            failed += 1
            print(f"{case['file']}: {error!r}")
            continue
        took.append((time.perf_counter() - start, case["file"]))
        odd += not _storable(mail)
    worst, name = max(took)
    rate = len(took) / sum(one for one, _ in took)
    print(f"{'real mails that survive':<32}{len(took)} of {len(took) + failed} (goal: all)")
    print(f"{'texts with NUL or surrogates':<32}{odd} (goal: none)")
    print(f"{'mails a second':<32}{rate:>7.0f}")
    print(f"{'slowest mail (goal 1,000 ms)':<32}{worst * 1000:>7.0f} ms  {name}")


def pages() -> None:
    for name, html in _PAGES.items():
        start = time.perf_counter()
        html_text(html)
        text = time.perf_counter() - start
        start = time.perf_counter()
        reply_of(html, "html")
        fold = time.perf_counter() - start
        print(f"{name:<32}{text * 1000:>7.0f} ms as text, {fold * 1000:.0f} ms folded (goal 1,000)")


def _record(mail: ParsedMail) -> dict[str, Any]:
    return {
        "subject": mail.subject,
        "from_email": mail.from_email,
        "from_name": mail.from_name,
        "body": mail.body,
        "body_alt": mail.body_alt,
        "attachments": [one.name for one in mail.files],
    }


def _storable(mail: ParsedMail) -> bool:
    texts = [mail.subject, mail.body, mail.body_alt, mail.from_name, mail.from_email]
    texts += [one.name for one in mail.files]
    return not any(re.search("[\x00\ud800-\udfff]", text) for text in texts)


def _score(data: Path, scorer: str, gold: Path, out: Path, options: list[str]) -> None:
    """Print what a scorer says, and the goal beside what it counts for all."""
    command = [sys.executable, str(data / "score" / scorer), str(gold), str(out), *options]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for line in said.splitlines():
        print(line)
        for name, right, total in re.findall(r"(\w+)[= ](\d+)/(\d+)", line):
            if name in _GOALS and (line.startswith("ALL") or name == "exact"):
                share = int(right) / int(total)
                sign = "reached" if share >= _GOALS[name] else "MISSED"
                print(f"    {name:<16}{share:>7.1%}  goal {_GOALS[name]:.0%}  {sign}")


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _write(file: Path, lines: list[dict[str, Any]]) -> None:
    file.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
