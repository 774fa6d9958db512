"""A year of tickets, ending now: when they come, how they are told, and their rows in order."""

import heapq
from collections.abc import Iterator
from itertools import accumulate, count
from random import Random

from deskterm.demo import bursts, times
from deskterm.demo.company import Company
from deskterm.demo.scene import Scene
from deskterm.demo.story import LEDGER, OPERATION, TICKET, Batch, Operation, Values
from deskterm.demo.teller import Teller
from deskterm.demo.texts import read
from deskterm.domain.times import worked_of
from deskterm.domain.vocabulary import State

TICKETS = 3000
"""How many tickets three hundred people bring in a year."""
DAYS = 365
LIVE = 22
"""Tickets of the last hours besides the outage."""
_ARRIVING = 8
"""So many of them have only just come, the last by phone."""
_CHUNK = 2000
_WEEK = (1.25, 1.1, 1.0, 0.95, 0.85, 0.06, 0.04)
_HOURS = (0, 0, 0.1, 0.3, 0.5, 0.7, 1.4, 3.2, 3.6, 3.0, 2.6, 1.6, 2.4, 2.8, 2.2, 1.5, 0.8, 0.4)
_HOURS_LATE = (0.3, 0.2, 0.1, 0.05, 0, 0)
_SUMMER, _YEAREND = 0.6, 0.45
_FAILS = (3, 8, 22, 5, 38, 12)
"""How many of a hundred uses of a solution did not help; something else did in the end."""
_WRITTEN = ("title", "symptoms", "environment", "cause", "resolution", "tip")
_TIME = ("technician", "kind", "state", "started_at", "seconds", "note")
Entry = tuple[int, int, Operation | None, Values]


class Year:
    """The demo as batches of rows, the company first, then the tickets by time."""

    def __init__(self, now: int, tickets: int, seed: int, me: str) -> None:
        self.now = now
        self.tickets = tickets
        chance = Random(seed)
        self.company = Company(chance, me, now - DAYS * times.DAY)
        facts = read("solutions")["solution"]
        self._solutions = facts
        numbers = {one["slug"]: number for number, one in enumerate(facts, 1)}
        self.teller = Teller(self.company, numbers, now)
        self._heap: list[Entry] = []
        self._order = count()
        self._pushed: dict[int, int] = {}

    def batches(self) -> Iterator[Batch]:
        """Give every row of the demo, in an order that foreign keys allow."""
        yield from self.company.batches()
        yield self._solution_batch()
        yield self.teller.guided.shelf(self.now - 300 * times.DAY)
        chunk: list[Scene] = []
        for scene in self._scenes(chunk):
            chunk.append(scene)
            if len(chunk) >= _CHUNK:
                yield from self._flush(chunk, scene.story.began)
                chunk.clear()
                self._pushed.clear()
        yield from self._flush(chunk, self.now + 1)

    def _scenes(self, chunk: list[Scene]) -> Iterator[Scene]:
        """Tell every ticket; `chunk` holds those that a later one may still be merged into."""
        numbers = count(1)
        outage, live = self._outage(), min(LIVE, self.tickets // 4)
        big = self.tickets >= 10 * bursts.SIZE
        steady = self.tickets - live - (2 * bursts.SIZE if big else 0)
        for at in schedule(self.teller.chance, self.now, steady):
            if big and at > outage:
                yield from bursts.past(self.teller, numbers, outage)
                big = False
            yield self._one(next(numbers), at, chunk)
        yield from self._today(numbers, live)

    def _today(self, numbers: Iterator[int], live: int) -> Iterator[Scene]:
        """Tell the last hours: ordinary trouble, and an outage in the midst of it."""
        big = self.tickets >= 10 * bursts.SIZE
        for place in range(live, 0, -1):
            if big and place * 13 < bursts.SINCE:
                yield from bursts.present(self.teller, numbers, self.now)
                big = False
            at = self.now - place * 13 * times.MINUTE + 40
            if place > _ARRIVING:
                yield self.teller.tell(next(numbers), at, live=True)
        for place in range(min(live, _ARRIVING) - 1, 0, -1):
            at = self.now - place * 4 * times.MINUTE - place % 3 * 17
            yield self.teller.arriving(next(numbers), at)
        if live:
            yield self.teller.on_the_phone(next(numbers), self.now - 90)

    def _outage(self) -> int:
        """Give when the outage of the past began: a working morning four months ago."""
        day = self.now // times.DAY - 118
        while (day + 3) % 7 >= 5:
            day += 1
        return day * times.DAY + 8 * times.HOUR

    def _one(self, number: int, at: int, chunk: list[Scene]) -> Scene:
        """Tell one ticket; now and then it is a second word about an earlier one."""
        if chunk and self.teller.chance.random() < 0.02:
            earlier = chunk[-1 - int(self.teller.chance.random() * min(30, len(chunk)))]
            story = earlier.story
            if story.row["state"] != State.MERGED and story.began < at - times.HOUR:
                return self.teller.again(number, at, earlier)
        return self.teller.tell(number, at)

    def _flush(self, chunk: list[Scene], limit: int) -> Iterator[Batch]:
        """Give the tickets of a chunk, and what happened anywhere before `limit`, by time."""
        for scene in chunk:
            for at, operation, row in scene.story.told:
                heapq.heappush(self._heap, (at, next(self._order), operation, row))
        due: list[Entry] = []
        while self._heap and self._heap[0][0] < limit:
            due.append(heapq.heappop(self._heap))
        stories = [scene.story for scene in chunk]
        yield Batch("ticket", TICKET, [story.ticket() for story in stories])
        yield Batch("operation", OPERATION, [o.row for _, _, o, _ in due if o is not None])
        yield Batch("ledger", LEDGER, [row for _, _, _, row in due])
        yield from _hanging(chunk)
        yield self.teller.guided.runs()

    def _solution_batch(self) -> Batch:
        columns = (
            "id title symptoms environment cause resolution tip confidence audience category_id "
            "fixed_in owner review_by version created_at updated_at published_at worked failed"
        )
        written = times.text(self.now - 200 * times.DAY)
        rows: list[Values] = [
            (
                number,
                *(one[name] for name in _WRITTEN),
                "validated",
                one["audience"],
                self.company.categories[one["category"]],
                *("", "amara", None, 1, written, written, written, 0, 0),
            )
            for number, one in enumerate(self._solutions, 1)
        ]
        return Batch("solution", tuple(columns.split()), rows)


def _hanging(chunk: list[Scene]) -> Iterator[Batch]:
    """Give what hangs on the tickets of a chunk."""
    steps: list[Values] = []
    fields: list[Values] = []
    links: list[Values] = []
    uses: list[Values] = []
    times_: list[Values] = []
    for scene in chunk:
        story = scene.story
        number = story.number
        for key, value in story.parts.items():
            kind, _, name = key.partition(".")
            if kind == "step":
                steps.append((number, name, *value))
            elif kind == "field":
                fields.append((number, name, value))
            elif kind == "time":
                kept = worked_of(value).kept
                times_.append((int(name), number, *(kept[column] for column in _TIME)))
            elif kind == "link":
                link, _, other = name.partition(".")
                links.append((number, link, int(other)))
        uses += _uses(story.row, number)
    yield Batch("step", ("ticket_id", "step", "status", "actor", "at", "reason"), steps)
    yield Batch("field_value", ("ticket_id", "name", "value"), fields)
    yield Batch("link", ("ticket_id", "kind", "other_id"), links)
    yield Batch("time_entry", ("id", "ticket_id", *_TIME), times_)
    yield Batch("solution_use", ("solution_id", "ticket_id", "actor", "at", "worked"), uses)


def _uses(row: dict[str, object], number: int) -> list[Values]:
    """Give the use of a solution on a ticket; some solutions fail oftener than others."""
    solution = row["solution_id"]
    if not isinstance(solution, int) or row["solved_at"] is None:
        return []
    failed = number * 7919 % 100 < _FAILS[solution % len(_FAILS)]
    worked = not failed if row["customer_proof"] is not None else None
    return [(solution, number, row["assignee"], row["solved_at"], worked)]


def schedule(chance: Random, now: int, tickets: int) -> list[int]:
    """Give when tickets come in the year before now: by season, day of the week and hour."""
    today = now // times.DAY
    days = range(today - DAYS, today + 1)
    by_day = list(accumulate(_day_weight(day) for day in days))
    hours = _HOURS + _HOURS_LATE
    by_hour = list(accumulate(hours))
    chosen = zip(
        chance.choices(days, cum_weights=by_day, k=tickets),
        chance.choices(range(24), cum_weights=by_hour, k=tickets),
        strict=True,
    )
    latest = now - 4 * times.HOUR
    found = [
        day * times.DAY + hour * times.HOUR + int(chance.random() * times.HOUR)
        for day, hour in chosen
    ]
    return sorted(at if at < latest else at - times.DAY for at in found)


def _day_weight(day: int) -> float:
    month = int(times.text(day * times.DAY)[5:7])
    season = _SUMMER if month == 7 else _YEAREND if month == 12 and day % 31 > 20 else 1.0
    return _WEEK[(day + 3) % 7] * season
