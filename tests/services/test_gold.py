"""The figures of a real tracker: as the desk tells them, as its files do, as the reference does."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.gold import compared, proof, quantile
from bench.gold import figures as told
from deskterm.bootstrap import Desk
from deskterm.domain.clock import from_text

FEW = 60
"""So many tickets are brought into a desk, and whatever they are linked to."""
NOT_OURS = {
    "duplicate_rate",
    "hours_to_first_response_by_other_person.n",
    "hours_to_first_response_by_other_person.median",
    "hours_to_first_response_by_other_person.p90",
}
"""What the reference cannot have taken from the files (`python -m bench.gold` says why)."""


def read(file: Path) -> list[dict[str, Any]]:
    """Read JSON lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]


def plainly(tickets: Sequence[dict[str, Any]], events: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Work the figures out from the files alone, as the reference defines them."""
    of: dict[str, list[dict[str, Any]]] = {}
    for one in events:
        of.setdefault(str(one["ticket"]), []).append(one)
    closed = {n: [e["at"] for e in each if e["event"] == "close"] for n, each in of.items()}
    hours = [hours_of(of[n][0]["at"], max(each)) for n, each in closed.items() if each]
    reopened = sum(any(e["event"] == "reopen" for e in each) for each in of.values())
    answers = [
        hours_of(each[0]["at"], answer)
        for each in of.values()
        for answer in [e["at"] for e in each if e["event"] == "comment" and is_other(e, each)][:1]
    ]
    return {
        "tickets": len(tickets),
        "events": sum(map(len, of.values())),
        "closed_with_event": len(hours),
        "tickets_reopened": reopened,
        "reopen_rate": round(reopened / len(hours), 4),
        "hours_to_first_response_by_other_person": {
            "n": len(answers),
            "median": quantile(answers, 0.5),
            "p90": quantile(answers, 0.9),
        },
        "hours_to_last_close": {
            "median": quantile(hours, 0.5),
            "p90": quantile(hours, 0.9),
            "mean": round(sum(hours) / len(hours), 1),
        },
        "tickets_per_requester": round(
            len(tickets) / len({each[0]["by"] for each in of.values()}), 3
        ),
        **groups(tickets),
    }


def is_other(event: dict[str, Any], each: Sequence[dict[str, Any]]) -> bool:
    """Tell whether somebody else than the opener did it; `Ann` and `ann` are one."""
    return bool(event["by"].casefold() != each[0]["by"].casefold())


def hours_of(start: str, end: str) -> float:
    return (from_text(end) - from_text(start)).total_seconds() / 3600


def groups(tickets: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Follow each link to its end: tickets that end alike are a group."""
    to = {one["id"]: str(one["duplicate_of"][0]) for one in tickets if one.get("duplicate_of")}
    members: dict[str, set[str]] = {}
    for one in to:
        root = one
        while root in to:
            root = to[root]
        members.setdefault(root, {root}).add(one)
    sizes = sorted(map(len, members.values()), reverse=True)
    return {
        "problem_groups": len(sizes),
        "tickets_in_groups": sum(sizes),
        "top20pct_groups_share": round(sum(sizes[: len(sizes) // 5]) / max(1, sum(sizes)), 3),
    }


def same(ours: dict[str, Any], gold: dict[str, Any]) -> set[str]:
    return {name for name, found, wanted in compared(ours, gold) if found == wanted}


def test_the_files_say_what_the_reference_says_but_for_what_they_cannot(shared_data: Path) -> None:
    folder = shared_data / "tickets"
    gold = json.loads((folder / "jqueryui_gold.json").read_text(encoding="utf-8"))
    ours = plainly(read(folder / "jqueryui.jsonl"), read(folder / "jqueryui_events.jsonl"))
    gold.pop("top10_groups")
    every = {name for name, _, _ in compared(gold, gold)}
    assert same(ours, gold) == every - NOT_OURS

    answers = gold["hours_to_first_response_by_other_person"]
    files = proof(folder, answers["p90"])
    assert files.answered < answers["n"]
    assert abs(files.gap - answers["p90"]) > 1 / 60
    theirs = files.linked + len(files.closed_so) + len(files.against)
    assert round(theirs / gold["tickets"], 4) == gold["duplicate_rate"]
    assert (len(files.against), len(files.by_events)) == (2, 3)


def test_a_desk_tells_of_imported_tickets_what_their_files_say(
    desk: Desk, shared_data: Path, tmp_path: Path
) -> None:
    folder = shared_data / "tickets"
    tickets = read(folder / "jqueryui.jsonl")
    to = {one["id"]: str(one["duplicate_of"][0]) for one in tickets if one.get("duplicate_of")}
    chosen = {one["id"] for one in tickets[:: len(tickets) // FEW]}
    chosen |= {one for one, root in to.items() if root == "9315"}
    while more := {to[one] for one in chosen if one in to} - chosen:
        chosen |= more
    some = [one for one in tickets if one["id"] in chosen]
    events = [one for one in read(folder / "jqueryui_events.jsonl") if str(one["ticket"]) in chosen]
    files = tmp_path / "tickets.jsonl", tmp_path / "events.jsonl"
    for file, records in zip(files, (some, events), strict=True):
        file.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    desk.importing.tickets(files[0], history=files[1])
    while desk.jobs.run_all().uncounted:
        pass
    wanted = plainly(some, events)
    with desk.store.reading() as database:
        ours = told(database)
    assert same(ours, wanted) == {name for name, _, _ in compared(wanted, wanted)}
