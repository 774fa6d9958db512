"""Reads inside one process: first rows of the board, counts, the id snapshot, ranked search."""

import random
import time
from functools import partial

from bench.load import vocabulary
from bench.measure import Table, Took, call
from deskterm.domain.clock import now
from deskterm.storage.reads import board, people, ranking, ticket
from deskterm.storage.reads.asked import Asked
from deskterm.storage.store import Store
from deskterm.triage.query import parse

QUERIES = (
    "is:open",
    "",
    "is:open urgent:yes",
    "is:open category:printing",
    "is:open assignee:me age>2d",
    "is:closed",
    "is:mine",
    "from:p77@example.org",
    "from:@example.org is:closed",
    "is:open printer",
    "printer vpn",
    "is:open -vpn",
    "step:greet is:open",
    "sort:updated",
    "is:any sort:subject",
)


def pages(url: str, repeat: int) -> None:
    """The first 50 rows of a query, its capped count, and all its numbers."""
    store = Store(url)
    with store.reading() as database:
        asked = Asked("cy", now())
        table = Table("board, inside one process (page of 50 · count · all numbers)", 1)
        for text in QUERIES:
            query = parse(text)
            name = text or "(everything)"
            table.line(name, call(partial(board.page, database, query, asked, 50), repeat))
            table.line("  count, capped", call(partial(board.count, database, query, asked), 3))
            snapshot = call(partial(board.numbers, database, query, asked), 2)
            table.line("  all numbers", snapshot)
        table.line("ticket show", call(lambda: ticket.show(database, 500), repeat))
        table.line("person, three letters", call(lambda: people.people_like(database, "bad"), 5))
    store.close()


def search(url: str, repeat: int) -> None:
    """Two words, ranked, drawn by how common they are."""
    chance = random.Random(5)
    words = vocabulary()
    weights = [1 / (rank + 2) for rank in range(len(words))]
    pairs = [" ".join(chance.choices(words, weights, k=2)) + " " for _ in range(repeat * 20)]
    store = Store(url)
    with store.reading() as database:
        table = Table(f"search, {len(pairs)} pairs of words, ranked, inside one process", 1)
        finished = [partial(ranking.ranked_tickets, database, text, 20) for text in pairs]
        typed = [text[: -1 - chance.randint(1, 3)] for text in pairs if len(text) > 8]
        begun = [partial(ranking.ranked_tickets, database, text, 20) for text in typed]
        for name, searches in (("two words", finished), ("the last one unfinished", begun)):
            for clock, called in ((time.perf_counter, ""), (time.process_time, ", processor time")):
                times = [call(one, 1, clock).times[0] for one in searches]
                table.line(name + called, Took(times), "15 / 50")
    store.close()
