"""`deskterm triage evaluate`: predictions from files alone; what is wrong is named."""

import json
from pathlib import Path

from tests.cli.conftest import Cli


def _file(folder: Path, name: str, *lines: object) -> Path:
    file = folder / name
    text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines)
    file.write_text(text, encoding="utf-8")
    return file


HISTORY = [
    {"id": at, "title": title, "body": "please help", "kind": kind}
    for at, (title, kind) in enumerate([("VPN down", "net"), ("Printer jams", "print")] * 20)
]


def test_categories_are_guessed_for_each_query_in_order(cli_sqlite: Cli, tmp_path: Path) -> None:
    history = _file(tmp_path, "h.jsonl", *HISTORY)
    queries = _file(tmp_path, "q.jsonl", {"id": "a", "title": "vpn"}, "", {"id": 2, "title": "jam"})
    out = tmp_path / "pred.jsonl"
    ended = cli_sqlite("triage", "evaluate", "categories", "--history", history, "--queries",
                       queries, "--label", "kind", "--out", out)  # fmt: skip
    assert (ended.code, ended.out) == (0, "")
    found = [json.loads(line) for line in out.read_text().splitlines()]
    assert [one["id"] for one in found] == ["a", 2]
    assert found[0]["ranked"] == ["net", "print"]
    assert all(0 <= one["confidence"] <= 1 for one in found)
    assert [file.name for file in tmp_path.glob("*.part")] == []


def test_an_empty_history_answers_every_query(cli_sqlite: Cli, tmp_path: Path) -> None:
    queries = _file(tmp_path, "q.jsonl", {"id": 1, "title": "vpn"})
    out = tmp_path / "pred.jsonl"
    ended = cli_sqlite("triage", "evaluate", "categories", "--history", _file(tmp_path, "h.jsonl"),
                       "--queries", queries, "--out", out)  # fmt: skip
    assert ended.code == 0
    assert json.loads(out.read_text()) == {"id": 1, "ranked": [], "confidence": 0.0}


def test_what_is_wrong_is_named_and_no_half_file_is_left(cli_sqlite: Cli, tmp_path: Path) -> None:
    good, bad = _file(tmp_path, "g.jsonl", HISTORY[0]), _file(tmp_path, "b.jsonl", "{}", "[1")
    out = tmp_path / "pred.jsonl"

    def asked(kind: str, *more: object) -> tuple[int, str]:
        ended = cli_sqlite("triage", "evaluate", kind, "--out", out, *more)
        return ended.code, ended.err

    assert asked("ghosts")[0] == 2
    assert "--history" in asked("categories")[1]
    code, said = asked("categories", "--history", bad, "--queries", good)
    assert code == 2
    assert "b.jsonl:2" in said
    code, said = asked("categories", "--history", good, "--queries", _file(tmp_path, "l", "[1]"))
    assert "object" in said
    assert code == 2
    assert asked("categories", "--history", tmp_path / "none", "--queries", good)[0] == 2
    assert not out.exists()
    assert not list(tmp_path.glob("*.part"))


def test_known_problems_are_ranked_from_what_lies_before(cli_sqlite: Cli, tmp_path: Path) -> None:
    words = ["VPN drops after sleep", "Printer on floor 3 jams", "Tunnel lost after the update",
             "VPN drops after sleep again", "VPN drops after sleep"]  # fmt: skip
    tickets = [
        {"id": at, "title": title, "opened": f"2026-11-0{at}T08:00:00Z"}
        for at, title in enumerate(words, 1)
    ]
    corpus = _file(tmp_path, "c.jsonl", *tickets)
    edges = _file(tmp_path, "e.jsonl", [1, 3], [1, 5], ["ghost", 1])
    queries = _file(tmp_path, "g.jsonl", {"id": 4}, {"id": "ghost"}, {"id": 1})
    out = tmp_path / "pred.jsonl"
    given = ["--corpus", corpus, "--edges", edges, "--queries", queries, "--out", out]
    assert cli_sqlite("triage", "evaluate", "duplicates", *given).code == 0
    found = [json.loads(line) for line in out.read_text().splitlines()]
    assert [one["id"] for one in found] == [4, "ghost", 1]
    assert found[0]["ranked"] == [1]
    assert [one["ranked"] for one in found[1:]] == [[], []]
    bad = _file(tmp_path, "bad", [1])
    given[3] = bad
    assert cli_sqlite("triage", "evaluate", "duplicates", *given).code == 2


def test_suggest_tells_category_and_reason_of_a_ticket_and_of_words_alone(cli: Cli) -> None:
    cli("category", "set", "network/vpn")
    cli("category", "set", "printing")
    for at in range(12):
        cli("ticket", "new", "--from", "ada@example.org", "--subject", f"VPN drops {at}",
            "--category", "network/vpn", "--channel", "email")  # fmt: skip
    assert cli("work", "--once", "-o", "json").json["learned"] >= 12
    cli("ticket", "new", "--from", "ada@example.org", "--subject", "The VPN drops")
    one = cli("triage", "suggest", 13, "-o", "json").json["proposals"][0]
    assert (one["kind"], one["value"]) == ("category", "network/vpn")
    assert 0 < one["confidence"] < 1
    assert "vpn" in one["words"]
    assert len(one["near"]) == 3
    said = cli("triage", "suggest", "--text", "-", "-o", "json", stdin="VPN\nis gone\n").json
    assert said["id"] is None
    assert said["proposals"][0]["value"] == "network/vpn"
    lines = cli("triage", "suggest", "--text", "vpn \x1b]0;x\x07drops").out
    assert "category" in lines
    assert "\x1b" not in lines
