"""Random histories of a few tickets: whatever may happen to them, day after day, also undone."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deskterm.bootstrap import Desk
from deskterm.domain.errors import DeskError
from deskterm.domain.vocabulary import STEPS
from tests.builders import open_ticket
from tests.verbs import verbs

TICKETS = 6
"""So many are there from the start."""
BEGUN = datetime(2026, 3, 2, 8, tzinfo=UTC)
_ADA = "ada@example.org"
_MODELS = ("", "T14", "M2")
_RECORDS = {
    "service": ("Mail", "Paper"),
    "site": ("North",),
    "organisation": ("Acme",),
    "device": ("PC-1", "PC-2"),
}
Deed = Callable[[list[int]], object]
WEIGHTS = {"undo": 6, "redo": 4, "close": 4, "finish": 4, "solve": 3, "step": 3, "days": 8}


def prepare(desk: Desk) -> None:
    """Make the groups, categories and tickets that a history is about."""
    for name in ("net", "mail"):
        desk.admin.set_group(name)
    for path in ("wifi", "lan"):
        desk.admin.set_category(path)
    for n in range(TICKETS):
        open_ticket(desk, f"It is off {n}", body="It is off")


def furnish(desk: Desk) -> None:
    """Make what `moves` is about."""
    for kind, names in _RECORDS.items():
        for name in names:
            desk.records.set(kind, name, {})
    desk.problems.new({"title": "It is off"})
    desk.solutions.new({"title": "Off", "resolution": "Switch it on."})


def deeds(desk: Desk, chance: random.Random) -> dict[str, Deed]:
    """Give what may happen to a few tickets, by name."""
    does = verbs(desk)
    other = chance.randint(1, TICKETS)
    by = chance.choice(["craft", "customer"])
    return {
        "step": lambda n: does.step(
            n, chance.choice(STEPS), status=chance.choice(["done", "skipped"]), reason="by phone"
        ),
        "take": does.take,
        "reply": lambda n: does.reply(n, "We look at it."),
        "group": lambda n: does.change(n, group=chance.choice(["net", "mail"])),
        "urgent": lambda n: does.change(n, urgent=chance.choice([True, False])),
        "wait": lambda n: does.wait(n, "customer", "3d"),
        "escalate": lambda n: does.escalate(n, "net", "look at it"),
        "category": lambda n: does.change(n, category=chance.choice(["wifi", "lan"])),
        "problem": lambda n: does.change(n, problem=chance.choice(["Cable broken", "It is off"])),
        "solve": lambda n: does.solve(n, "Replaced the cable."),
        "verify": lambda n: does.verify(n, by, chance.choice(["ok", "failed"])),
        "close": lambda n: does.close(n, chance.choice(["solved", "unsolved", "spam"]), "why"),
        "finish": lambda n: does.finish(n, "Replaced it.", "no answer"),
        "reopen": lambda n: does.reopen(n, "It is back."),
        "cancel": lambda n: does.cancel(n, "not wanted"),
        "merge": lambda n: does.merge(n, other),
        "unmerge": lambda n: desk.ledger.unmerge(n[0]),
        "split": lambda n: does.split(n[0], _first_words(desk, n[0])),
        "undo": lambda _: desk.ledger.undo(),
        "redo": lambda _: desk.ledger.redo(),
        "records": lambda _: desk.records.merge("category", "lan", "wifi"),
    }


def moves(desk: Desk, chance: random.Random) -> dict[str, Deed]:
    """Give what may put tickets into another part of a split, by name."""
    does = verbs(desk)
    return {
        "service": lambda n: does.change(n, service=chance.choice(["Mail", "Paper"])),
        "requester": lambda n: does.change(n, requester=chance.choice([_ADA, "bo@example.org"])),
        "device": lambda n: does.change(n, device=chance.choice(["PC-1", "PC-2"])),
        "model": lambda _: desk.records.set("device", "PC-1", {"model": chance.choice(_MODELS)}),
        "moved": lambda _: desk.records.set("person", _ADA, _places(chance)),
        "guide": lambda n: _walked(desk, n[0], chance.choice([0, 0, 1]), chance.choice([0, 1, 2])),
        "linked": lambda n: desk.problems.link(1, n),
        "known": lambda n: does.solve(n, "As written.", 1),
    }


def _places(chance: random.Random) -> dict[str, str]:
    """Give where a person is now."""
    return {
        "site": chance.choice(["", "North"]),
        "segment": chance.choice(["", "gold"]),
        "department": chance.choice(["", "Sales"]),
        "organisation": chance.choice(["", "Acme"]),
    }


def _walked(desk: Desk, number: int, place: int, ending: int) -> None:
    """Walk a guide on a ticket for a moment: given up, solved by it, or passed on."""
    run = desk.runs.start(desk.guides.list()[place].id, number)
    if not ending:
        desk.runs.abandon(run.id, "The customer had to go.")
    else:
        desk.runs.finish(run.id, "solved" if ending == 1 else "escalate", "It is on.", "net")


def _first_words(desk: Desk, number: int) -> int:
    """Give the first message of a ticket after its opening; 0: there is none."""
    with desk.store.reading() as database:
        rows = database.all(
            "SELECT id FROM ledger WHERE kind = 'ticket' AND subject_id = :id "
            "AND event = 'replied' ORDER BY id LIMIT 1",
            id=number,
        )
    return rows[0]["id"] if rows else 0


def imported(desk: Desk, folder: Path, chance: random.Random) -> None:
    """Bring in a ticket of another desk that was closed there."""
    name = f"A{chance.randint(1, 10**9)}"
    opened = BEGUN + timedelta(hours=chance.randint(0, 200))
    record = {
        "id": name,
        "title": "Old",
        "opened": opened.isoformat(),
        "closed": (opened + timedelta(hours=5)).isoformat(),
    }
    file = folder / f"{name}.jsonl"
    file.write_text(json.dumps(record), encoding="utf-8")
    desk.importing.tickets(file)


def history(
    desk: Desk, chance: random.Random, steps: int, more: Callable[[], dict[str, Deed]] = dict
) -> Iterator[str]:
    """Let things happen to the tickets; gives the name of each that could be done.

    `more` gives further deeds, such as time that passes.
    """
    for _ in range(steps):
        offered = deeds(desk, chance) | more()
        (name,) = chance.choices(list(offered), [WEIGHTS.get(one, 1) for one in offered])
        try:
            offered[name](chance.sample(range(1, TICKETS + 1), chance.choice([1, 1, 3])))
        except DeskError:
            continue
        yield name
