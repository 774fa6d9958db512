"""The figures of a real tracker from a desk, beside those of others: `python -m bench.gold FOLDER`.

FOLDER holds `jqueryui.jsonl`, `jqueryui_events.jsonl` and `jqueryui_gold.json`. The tickets are
imported with their events into an empty desk, the jobs judge them, and every figure is read from
what the desk keeps (tickets, links, ledger, results). Each line says whether both are the same; for
what differs the files themselves are asked whether the reference can follow from them.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from deskterm import settings
from deskterm.bootstrap import open_desk
from deskterm.domain.vocabulary import Outcome
from deskterm.storage.driver import Database, moment
from deskterm.storage.store import Store

_HOUR = 3600
_LINKED = "SELECT DISTINCT ticket_id FROM link WHERE kind = 'duplicate'"
Figures = dict[str, Any]


def quantile(values: Sequence[float], part: float) -> float:
    """Give sorted[int(part * (n - 1))], rounded as the reference is."""
    return round(sorted(values)[int(part * (len(values) - 1))], 2)


def figures(database: Database) -> Figures:
    """Read every figure of the reference from a desk."""
    tickets = {row["id"]: row for row in database.all("SELECT id, opened_at, outcome FROM ticket")}
    told = _told(database)
    closed = {
        number: [at for event, at in said if event == "closed"] for number, said in told.items()
    }
    last = {number: max(times) for number, times in closed.items() if times}
    reopened = {n for n, said in told.items() if any(event == "reopened" for event, _ in said)}
    hours = [(last[n] - moment(tickets[n]["opened_at"])).total_seconds() / _HOUR for n in last]
    answers = [
        row["elapsed"] / _HOUR
        for row in database.all("SELECT elapsed FROM result WHERE kind = 'response'")
    ]
    linked = {row["ticket_id"] for row in database.all(_LINKED)}
    duplicates = linked | {n for n, row in tickets.items() if row["outcome"] == Outcome.DUPLICATE}
    return {
        "tickets": len(tickets),
        "events": len(tickets) + sum(map(len, told.values())),
        "closed_with_event": len(last),
        "tickets_reopened": len(reopened),
        "reopen_rate": round(len(reopened) / len(last), 4),
        "duplicate_rate": round(len(duplicates) / len(tickets), 4),
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
        "tickets_per_requester": round(len(tickets) / _writers(database), 3),
        **_groups(database),
    }


def _writers(database: Database) -> int:
    """Count the names under which tickets were opened, as the old tracker wrote them."""
    rows = database.all("SELECT data FROM ledger WHERE kind = 'ticket' AND event = 'opened'")
    return len({json.loads(row["data"])["by"] for row in rows})


def _told(database: Database) -> Mapping[int, list[tuple[str, Any]]]:
    """Give ticket → (event, when) of what the old tracker told after the opening."""
    found: dict[int, list[tuple[str, Any]]] = {}
    for row in database.all(
        "SELECT subject_id, event, at, data FROM ledger WHERE kind = 'ticket' "
        "AND event IN ('received', 'replied', 'noted', 'closed', 'reopened') ORDER BY id"
    ):
        data = json.loads(row["data"])
        if "by" in data and not _made_here(row["event"], data):
            found.setdefault(row["subject_id"], []).append((row["event"], moment(row["at"])))
    return found


def _made_here(event: str, data: Mapping[str, object]) -> bool:
    """Tell whether an import closed it by itself: the tracker says that it is, but not by whom."""
    return event in ("closed", "reopened") and not data["by"]


def _groups(database: Database) -> Figures:
    """Give the figures of groups of duplicates: whoever is linked is in one."""
    titles = {
        row["id"]: (row["foreign_id"], row["subject"])
        for row in database.all("SELECT id, foreign_id, subject FROM ticket")
    }
    links = [
        (row["ticket_id"], row["other_id"])
        for row in database.all("SELECT ticket_id, other_id FROM link WHERE kind = 'duplicate'")
    ]
    groups = sorted(_joined(links), key=len, reverse=True)
    sizes = [len(one) for one in groups]
    from_others = {one for one, _ in links}
    top = [
        {"size": len(one), "root": titles[root][0], "title": titles[root][1]}
        for one in groups[:10]
        for root in [min(one - from_others, default=min(one))]
    ]
    return {
        "problem_groups": len(groups),
        "tickets_in_groups": sum(sizes),
        "top20pct_groups_share": round(sum(sizes[: len(sizes) // 5]) / max(1, sum(sizes)), 3),
        "top10_groups": top,
    }


def _joined(links: Iterable[tuple[int, int]]) -> list[set[int]]:
    """Give the groups of what is linked, however it is."""
    group_of: dict[int, set[int]] = {}
    for one, other in links:
        first, second = group_of.get(one, {one}), group_of.get(other, {other})
        first |= second
        group_of |= dict.fromkeys(first, first)
    return list({id(one): one for one in group_of.values()}.values())


class Proof(NamedTuple):
    """What the files alone say of figures that differ."""

    answered: int
    """Tickets that anybody but the opener wrote on or closed: no more can have been answered."""
    gap: float
    """Hours between two events of one ticket, of all those the nearest to the reference's p90."""
    linked: int
    closed_so: Sequence[str]
    """Not linked, and closed as duplicates by what the ticket file says."""
    by_events: Sequence[str]
    """Neither, but their last closing says duplicate and they stayed closed."""
    against: Sequence[str]
    """Their last closing says duplicate, the ticket file that they were fixed."""


def proof(folder: Path, p90: float) -> Proof:
    """Ask the files, without any desk, what figures that differ can be."""
    tickets = {one["id"]: one for one in _lines(folder / "jqueryui.jsonl")}
    events: dict[str, list[dict[str, Any]]] = {}
    for one in _lines(folder / "jqueryui_events.jsonl"):
        events.setdefault(str(one["ticket"]), []).append(one)
    gaps = [
        (moment(late["at"]) - moment(early["at"])).total_seconds() / _HOUR
        for each in events.values()
        for early, late in combinations(each, 2)
    ]
    ends = {
        n: [one for one in each if one["event"] in ("close", "reopen")]
        for n, each in events.items()
    }
    said = {n for n, each in ends.items() if each and each[-1].get("resolution") == "duplicate"}
    linked = {n for n, one in tickets.items() if one.get("duplicate_of")}
    closed_so = {n for n, one in tickets.items() if one.get("outcome") == "duplicate"} - linked
    rest = sorted(said - linked - closed_so)
    return Proof(
        sum(any(one["by"] != each[0]["by"] for one in each) for each in events.values()),
        min(gaps, key=lambda gap: abs(gap - p90)),
        len(linked),
        sorted(closed_so),
        [n for n in rest if not tickets[n].get("closed")],
        [n for n in rest if tickets[n].get("closed")],
    )


def _lines(file: Path) -> Iterable[dict[str, Any]]:
    with file.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def _explained(gold: Figures, files: Proof) -> Iterable[str]:
    """Say why the reference's numbers are not ours."""
    wanted = gold["hours_to_first_response_by_other_person"]
    yield (
        f"hours_to_first_response…: the reference has {wanted['n']:,} answered tickets; only "
        f"{files.answered:,} have any event by another name than the opener's. Its p90 is a length "
        f"that is there (sorted[int(p*(n-1))]), {wanted['p90']} h; the nearest distance of any two "
        f"events of one ticket is {files.gap:.2f} h. It was taken from events that the files lack; "
        "ours is the first public comment by somebody else."
    )
    many = round(gold["duplicate_rate"] * gold["tickets"])
    others, own, against = len(files.closed_so), len(files.by_events), len(files.against)
    yield (
        f"duplicate_rate: the reference is {many:,} tickets: {files.linked:,} linked, {others} "
        f"more that the ticket file calls duplicates, and {against} that it calls fixed and their "
        f"last closing a duplicate ({', '.join(files.against)}). Ours takes the ticket's own word "
        f"itself for these {against}, and counts {own} of which only the events say that they are "
        f"closed, as duplicates ({', '.join(files.by_events)})."
    )


def compared(ours: Figures, gold: Figures, before: str = "") -> Iterable[tuple[str, Any, Any]]:
    """Give (name, ours, theirs) of every figure, however deep it lies."""
    for name, wanted in gold.items():
        found = ours.get(name)
        if isinstance(wanted, dict) and isinstance(found, dict):
            yield from compared(found, wanted, f"{before}{name}.")
        elif isinstance(wanted, list) and isinstance(found, list):
            key = Counter(_sign(one) for one in found) & Counter(_sign(one) for one in wanted)
            yield f"{before}{name} (alike of {len(wanted)})", key.total(), len(wanted)
        else:
            yield f"{before}{name}", found, wanted


def _sign(one: object) -> str:
    return json.dumps(one, sort_keys=True)


def main() -> int:
    """Import, judge, compare; gives how many figures differ."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    folder = asked.parse_args().folder
    gold = json.loads((folder / "jqueryui_gold.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as made:
        url = f"sqlite:///{made}/gold.sqlite"
        store = Store(url, new=True)
        with store.reading():
            pass
        store.close()
        desk = open_desk(settings.load({"db": url}, as_login="bench"))
        desk.importing.tickets(folder / "jqueryui.jsonl", history=folder / "jqueryui_events.jsonl")
        while desk.jobs.run_all().uncounted:
            pass
        with desk.store.reading() as database:
            ours = figures(database)
        desk.close()
    differ = 0
    for name, found, wanted in compared(ours, gold):
        differ += found != wanted
        sign = "same" if found == wanted else "OTHER"
        print(f"{sign:<6} {name:<52} {found!s:>12} {wanted!s:>12}")
    print(f"{differ} figures differ")
    wanted = gold["hours_to_first_response_by_other_person"]
    for told in _explained(gold, proof(folder, wanted["p90"])):
        print(f"  {told}")
    return differ


if __name__ == "__main__":
    sys.exit(main())
