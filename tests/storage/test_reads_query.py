"""Queries on both databases find what a plain reading of their words says, in that order."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from deskterm.domain.vocabulary import OPEN_STATES, STEPS, State
from deskterm.storage.driver import Database
from deskterm.storage.reads import board, finder
from deskterm.storage.reads.asked import Asked
from deskterm.storage.store import Store
from deskterm.triage.query import parse, render
from deskterm.triage.query_tree import QueryError
from deskterm.triage.ranking import line

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
ASKED = Asked("cy", NOW, BERLIN)
WORDS = ("vpn", "wifi", "laptop", "mouse", "drücker", "100%", "a_b", "ünder")
CATEGORIES = ("network", "network/wifi", "network/vpn", "printing", "net")
PEOPLE = (("Ada Byron", "ada@example.org"), ("Bo Ünder", "bo@acme.example"), ("", "x@acme.example"))
Ticket = dict[str, Any]
Holds = Callable[[Ticket], bool]


def _tickets(count: int) -> list[Ticket]:
    chance = random.Random(42)
    found = []
    for number in range(1, count + 1):
        state = chance.choice(tuple(State))
        opened = NOW - timedelta(minutes=chance.randint(0, 60 * 24 * 90))
        done = chance.sample(STEPS, chance.randint(0, 9))
        if chance.random() < 0.5:
            done = list(STEPS[: chance.randint(0, 9)])
        found.append(
            {
                "id": number,
                "state": state,
                "is_open": state in OPEN_STATES,
                "urgent": chance.random() < 0.4,
                "channel": chance.choice(("phone", "email")),
                "subject": " ".join(chance.sample(WORDS, 2)),
                "body": " ".join(chance.sample(WORDS, 1)),
                "requester": chance.choice((0, 1, 2, None)),
                "category": chance.choice((*CATEGORIES, None)),
                "group": chance.choice(("desk", "second level", None)),
                "assignee": chance.choice(("cy", "Dee", None)),
                "device": chance.choice(("LT-1", "LT-2", "PC_1", None)),
                "waiting_for": chance.choice(("customer", "other")) if state == "waiting" else None,
                "needs": chance.choice(("nothing", "budget")),
                "outcome": chance.choice(("solved", "spam")) if state == "closed" else None,
                "os": chance.choice(("Win 11", "mac", None)),
                "solution": chance.choice((1, 2, None)),
                "steps": frozenset(done),
                "opened_at": opened,
                "updated_at": opened + timedelta(minutes=chance.randint(0, 600)),
                "closed_at": opened + timedelta(hours=1) if state == "closed" else None,
            }
        )
    return found


def _store(database: Database, tickets: Sequence[Ticket]) -> None:
    one = database.run
    for number, (name, address) in enumerate(PEOPLE):
        one("INSERT INTO organisation (id, name) VALUES (:i, :n)", i=number + 1, n=f"Org {number}")
        one(
            "INSERT INTO site (id, name, address) VALUES (:i, :n, '')", i=number + 1, n=f"S{number}"
        )
        one(
            "INSERT INTO person (id, name, phone, department, location, title, segment, notes, "
            "active, organisation_id, site_id) "
            "VALUES (:i, :n, '', '', '', '', '', '', TRUE, :i, :s)",
            i=number + 1,
            n=name,
            s=number + 1 if number else None,
        )
        one("INSERT INTO person_address (address, person_id, position) VALUES (:a, :i, 0)",
            a=address, i=number + 1)  # fmt: skip
    one("DELETE FROM category")
    for number, path in enumerate(CATEGORIES, 1):
        one("INSERT INTO category (id, path, active) VALUES (:i, :p, TRUE)", i=number, p=path)
    for number, name in enumerate(("LT-1", "LT-2", "PC_1", "PCX1"), 1):
        one("INSERT INTO device (id, name, kind, model, os, os_version, serial, facts) "
            "VALUES (:i, :n, '', '', '', '', '', '{}')", i=number, n=name)  # fmt: skip
    for login in ("cy", "Dee"):
        one("INSERT INTO technician (login, name, email, level, active, since) "
            "VALUES (:l, '', '', 1, TRUE, :at)", l=login, at=NOW)  # fmt: skip
    one("INSERT INTO field_definition (name, label, choices, required_for, position) "
        "VALUES ('OS', '', :c, '', 0)", c='["Win 11", "mac"]')  # fmt: skip
    for number in (1, 2):
        one("INSERT INTO solution (id, title, symptoms, environment, cause, resolution, tip, "
            "confidence, fixed_in, owner, version, created_at, updated_at, worked, failed) "
            "VALUES (:i, 't', '', '', '', '', '', 'draft', '', '', 1, :at, :at, 0, 0)",
            i=number, at=NOW)  # fmt: skip
    groups = {row["name"]: row["id"] for row in database.all("SELECT id, name FROM desk_group")}
    for ticket in tickets:
        _store_one(database, ticket, groups)


def _store_one(database: Database, ticket: Ticket, groups: dict[str, int]) -> None:
    hanging = ("requester", "category", "group", "device", "os", "solution", "steps")
    row = {name: value for name, value in ticket.items() if name not in hanging}
    row |= dict.fromkeys(
        ("problem", "reproduction", "waiting_reason", "approver", "close_reason", "resolution"), ""
    )
    row["state"] = str(row["state"])
    row["version"] = row["level"] = 1
    row["requester_id"] = None if ticket["requester"] is None else ticket["requester"] + 1
    row["category_id"] = _place(CATEGORIES, ticket["category"])
    row["group_id"] = groups.get(ticket["group"])
    row["device_id"] = _place(("LT-1", "LT-2", "PC_1"), ticket["device"])
    row["solution_id"] = ticket["solution"]
    row["line"] = _line(ticket)
    names = ", ".join(row)
    database.run(
        f"INSERT INTO ticket ({names}) VALUES ({', '.join(':' + name for name in row)})", **row
    )
    if ticket["os"]:
        database.run("INSERT INTO field_value (ticket_id, name, value) VALUES (:t, 'OS', :v)",
                     t=ticket["id"], v=ticket["os"])  # fmt: skip
    for step in ticket["steps"]:
        database.run("INSERT INTO step (ticket_id, step, status, actor, at, reason) "
                     "VALUES (:t, :s, 'done', 'cy', :at, '')",
                     t=ticket["id"], s=str(step), at=NOW)  # fmt: skip


def _place(known: Sequence[str], name: str | None) -> int | None:
    return None if name is None else known.index(name) + 1


class Filled(NamedTuple):
    database: Database
    tickets: list[Ticket]


@pytest.fixture
def filled(database_url: str) -> Iterator[Filled]:
    tickets = _tickets(150)
    store = Store(database_url)
    with store.reading() as database:
        database.begin()
        _store(database, tickets)
        database.commit()
        yield Filled(database, tickets)
    store.close()


def _under(path: str) -> Holds:
    return lambda t: t["category"] is not None and (t["category"] + "/").startswith(path + "/")


def _next_step(ticket: Ticket) -> str | None:
    return next((str(step) for step in STEPS if step not in ticket["steps"]), None)


def _text(word: str) -> Holds:
    return lambda t: word in t["subject"].split() + t["body"].split()


def _local(day: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, tzinfo=BERLIN)


ATOMS: dict[str, Holds] = {
    "is:open": lambda t: t["is_open"],
    "is:any": lambda _: True,
    "is:mine": lambda t: t["assignee"] == "cy",
    "is:unassigned": lambda t: t["assignee"] is None,
    "is:new,closed": lambda t: t["state"] in ("new", "closed"),
    "is:merged": lambda t: t["state"] == "merged",
    "is:cancelled,urgent": lambda t: t["state"] == "cancelled" or t["urgent"],
    "state:open": lambda t: t["state"] == "open",
    "urgent:yes": lambda t: t["urgent"],
    "urgent:no": lambda t: not t["urgent"],
    "category:network": _under("network"),
    "category:Network/WiFi": _under("network/wifi"),
    "category:wifi": _under("network/wifi"),
    "category:net": _under("net"),
    "category:none,printing": lambda t: t["category"] in (None, "printing"),
    'group:"second level"': lambda t: t["group"] == "second level",
    "group:none": lambda t: t["group"] is None,
    "assignee:me": lambda t: t["assignee"] == "cy",
    "assignee:dee,none": lambda t: t["assignee"] in ("Dee", None),
    "from:ADA@example.org": lambda t: t["requester"] == 0,
    "from:@acme.example": lambda t: t["requester"] in (1, 2),
    "from:byron": lambda t: t["requester"] == 0,
    "from:Ünder": lambda t: t["requester"] == 1,
    "from:x@": lambda _: False,
    "from:none": lambda t: t["requester"] is None,
    'org:"org 1"': lambda t: t["requester"] == 1,
    "site:none": lambda t: t["requester"] in (None, 0),
    "site:s1,S2": lambda t: t["requester"] in (1, 2),
    "channel:phone": lambda t: t["channel"] == "phone",
    "device:lt-1": lambda t: t["device"] == "LT-1",
    "device:LT-*": lambda t: t["device"] in ("LT-1", "LT-2"),
    "device:pc_1": lambda t: t["device"] == "PC_1",
    "device:none": lambda t: t["device"] is None,
    "field.os:mac": lambda t: t["os"] == "mac",
    'field.OS:"win 11"': lambda t: t["os"] == "Win 11",
    "field.os:none": lambda t: t["os"] is None,
    "solution:S1": lambda t: t["solution"] == 1,
    "solution:none": lambda t: t["solution"] is None,
    "guide:none": lambda _: True,
    "needs:budget": lambda t: t["needs"] == "budget",
    "outcome:spam": lambda t: t["outcome"] == "spam",
    "outcome:none": lambda t: t["outcome"] is None,
    "waiting:customer": lambda t: t["waiting_for"] == "customer",
    "age>30d": lambda t: t["opened_at"] < NOW - timedelta(days=30),
    "age<=3w": lambda t: t["opened_at"] >= NOW - timedelta(weeks=3),
    "created:2026-10": lambda t: _local(1, 10) <= t["opened_at"] < _local(1),
    "created<2026-11-05": lambda t: t["opened_at"] < _local(5),
    "updated>2026-11-05": lambda t: t["updated_at"] >= _local(6),
    "updated<1w": lambda t: t["updated_at"] > NOW - timedelta(weeks=1),
    "closed:2026-10-20..2026-11-10": lambda t: (
        t["closed_at"] is not None and _local(20, 10) <= t["closed_at"] < _local(11)
    ),
    "step:classify": lambda t: _next_step(t) == "classify",
    "step:verify,greet": lambda t: _next_step(t) in ("verify", "greet"),
    "step:none": lambda t: _next_step(t) is None,
    "id:3,#7": lambda t: t["id"] in (3, 7),
    "vpn": _text("vpn"),
    "VPN,wifi": lambda t: _text("vpn")(t) or _text("wifi")(t),
    "lap*": _text("laptop"),
    '"vpn wifi"': lambda t: "vpn wifi" in t["subject"],
    "drucker": _text("drücker"),
    "%_%": lambda _: False,
    '"100%"': _text("100%"),
}


def _random_query(chance: random.Random, depth: int = 0) -> tuple[str, Holds]:
    kind = chance.random()
    if depth > 2 or kind < 0.3:
        text = chance.choice(list(ATOMS))
        return text, ATOMS[text]
    one, holds = _random_query(chance, depth + 1)
    if kind < 0.45:
        return f"{chance.choice(('-', 'not '))}({one})", lambda t: not holds(t)
    two, also = _random_query(chance, depth + 1)
    if kind < 0.7:
        return f"({one} or {two})", lambda t: holds(t) or also(t)
    return f"{one} {two}", lambda t: holds(t) and also(t)


def _board_order(ticket: Ticket) -> tuple[Any, ...]:
    return (not ticket["is_open"], _line(ticket), ticket["opened_at"], ticket["id"])


def _line(ticket: Ticket) -> int:
    return line(ticket["state"], ticket["urgent"], 0, None)


def _expected(tickets: Sequence[Ticket], holds: Holds) -> list[int]:
    return [t["id"] for t in sorted(tickets, key=_board_order) if holds(t)]


def test_each_term_finds_what_it_says_and_its_opposite_the_rest(filled: Filled) -> None:
    for text, holds in ATOMS.items():
        found = list(board.numbers(filled.database, parse(text), ASKED))
        assert found == _expected(filled.tickets, holds), text
        rest = {ticket["id"] for ticket in filled.tickets} - set(found)
        opposite = board.numbers(filled.database, parse(f"-({text})"), ASKED)
        assert set(opposite) == rest, text


def test_random_combinations_find_what_a_plain_reading_finds(filled: Filled) -> None:
    chance = random.Random(2026)
    for _ in range(200):
        text, holds = _random_query(chance)
        expected = _expected(filled.tickets, holds)
        query = parse(text)
        assert list(board.numbers(filled.database, query, ASKED)) == expected, text
        assert board.count(filled.database, query, ASKED) == len(expected), text
        again = parse(render(query))
        assert list(board.numbers(filled.database, again, ASKED)) == expected, text


SORTS: dict[str, Callable[[Ticket], Any]] = {
    "created-asc": lambda t: (t["opened_at"], t["id"]),
    "age-desc": lambda t: (t["opened_at"], t["id"]),
    "id-desc": lambda t: -t["id"],
    "urgent": lambda t: (not t["urgent"], -t["id"]),
    "state-asc": lambda t: (t["state"], t["id"]),
    "closed-asc": lambda t: (t["closed_at"] is None, t["closed_at"] or NOW, t["id"]),
    "assignee-asc,id-desc": lambda t: (
        t["assignee"] is None,
        ("Dee", "cy").index(t["assignee"] or "cy"),
        -t["id"],
    ),
    "board": _board_order,
}


def test_sorting_is_total_and_what_has_no_value_comes_last(filled: Filled) -> None:
    for sort, key in SORTS.items():
        found = list(board.numbers(filled.database, parse(f"sort:{sort}"), ASKED))
        assert found == [t["id"] for t in sorted(filled.tickets, key=key)], sort


def test_a_descending_sort_also_puts_what_has_no_value_last(filled: Filled) -> None:
    closed = {t["id"] for t in filled.tickets if t["closed_at"]}
    found = list(board.numbers(filled.database, parse("sort:closed-desc"), ASKED))
    assert set(found[: len(closed)]) == closed


def test_the_first_page_is_the_beginning_of_the_whole_order(filled: Filled) -> None:
    for text in ("", "is:open", "vpn", "sort:subject", "category:network or urgent:yes"):
        query = parse(text)
        page = board.page(filled.database, query, ASKED, 20)
        numbers = board.numbers(filled.database, query, ASKED)
        assert [row.id for row in page] == list(numbers[:20])
        assert list(board.numbers(filled.database, query, ASKED, 7)) == list(numbers[:7])


def test_rows_come_in_the_order_asked_for_and_unknown_numbers_are_left_out(
    filled: Filled,
) -> None:
    rows = board.rows(filled.database, [9, 4, 9999, 7])
    assert [row.id for row in rows] == [9, 4, 7]
    assert board.rows(filled.database, []) == []
    assert len(board.rows(filled.database, list(range(150, 0, -1)))) == 150


def test_a_row_holds_what_the_ticket_holds(filled: Filled) -> None:
    for row in board.rows(filled.database, [t["id"] for t in filled.tickets]):
        ticket = filled.tickets[row.id - 1]
        same = ("state", "urgent", "subject", "assignee", "group", "category", "channel")
        for name in (*same, "waiting_for", "needs", "opened_at", "updated_at"):
            assert getattr(row, name) == ticket[name], name
        who = ticket["requester"]
        name = "" if who is None else PEOPLE[who][0] or PEOPLE[who][1]
        assert row.requester == name


def test_a_count_stops_at_its_cap(filled: Filled) -> None:
    assert board.count(filled.database, parse(""), ASKED, 40) == 40
    assert board.count(filled.database, parse("vpn or -vpn"), ASKED, 40) == 40


UNKNOWN = (
    ("is:open category:printng", 8, "did you mean 'printing'"),
    ("group:dsk", 0, "did you mean 'desk'"),
    ("assignee:xy", 0, "there is no technician 'xy'"),
    ("vpn field.oss:mac", 4, "did you mean 'OS'"),
    ("org:nowhere", 0, "there is no organisation"),
    ("service:mail", 0, "none is known yet"),
    ("guide:x", 0, "there is no guide"),
)


def test_a_name_that_nothing_has_is_refused_at_its_place(filled: Filled) -> None:
    for text, position, says in UNKNOWN:
        with pytest.raises(QueryError) as caught:
            board.page(filled.database, parse(text), ASKED, 5)
        assert caught.value.position == position
        assert says in caught.value.sentence


HOSTILE = (
    "' OR 1=1 --x",
    "%_%",
    '"\\" OR NEAR( *"',
    "NEAR(aa bb)",
    "subject:x",
    '"col : term" "^start" "a AND b" "a - b"',
    "'); DROP TABLE ticket; --x",
    "(a+)+$ aa",
    '"!_%!"',
    "from:%",
    "device:%",
    "from:\"' OR '1'='1\"",
    "field.os:\"x' OR '1'='1\"",
    "日本語 or 한국어",
    '"\u202e\x00\x1b[31m"',
    "foreign:'' id:999999999999999",
)


def test_hostile_text_is_only_ever_a_value(filled: Filled) -> None:
    for text in HOSTILE:
        assert _found_or_refused(filled.database, text) == [], text
    assert board.count(filled.database, parse(""), ASKED) == 150


def _found_or_refused(database: Database, text: str) -> list[int]:
    try:
        return list(board.numbers(database, parse(text), ASKED))
    except QueryError:
        return []


def test_the_dates_of_a_query_are_the_desks_own(filled: Filled) -> None:
    database = filled.database
    database.run("INSERT INTO desk_setting (key, value) VALUES ('zone', '\"Pacific/Auckland\"')")
    auckland = Asked("cy", NOW)
    explicit = Asked("cy", NOW, ZoneInfo("Pacific/Auckland"))
    for text in ("created:2026-11-05", "updated:yesterday", "closed:last-month"):
        query = parse(text)
        assert board.numbers(database, query, auckland) == board.numbers(database, query, explicit)


_PIECES = (
    *("is:open", "is:mine", "urgent:yes", "category:net", "from:a", "age>2d", "field.os:", "step:"),
    *("(", ")", "-", " ", " ", " or ", " not ", '"', ",", "*", "'", "\\", "%", "_", "!", "&", "|"),
    *(
        "vpn",
        "wi-fi",
        "日本",
        "\x00",
        "\ud800",
        "ß",
        "İ",
        "1e5",
        "a.b",
        "x@y",
        "<->",
        ":*",
        "{",
        "^",
    ),
    *("verify", "none", "mac", "sort:age", "sort:closed-asc", "id:", "7", "device:", "solution:S"),
)


def test_any_text_is_answered_or_refused_with_a_query_error(filled: Filled) -> None:
    chance = random.Random(11)
    answered = 0
    for _ in range(1_500):
        text = "".join(chance.choices(_PIECES, k=chance.randint(1, 9)))
        try:
            found = board.page(filled.database, parse(text), ASKED, 3)
        except QueryError:
            continue
        answered += 1
        assert len(found) <= 3
        board.count(filled.database, parse(text), ASKED)
    assert answered > 100


def test_any_typed_search_is_answered(filled: Filled) -> None:
    chance = random.Random(12)
    for _ in range(1_000):
        text = "".join(chance.choices(_PIECES, k=chance.randint(1, 9)))
        finder.find(filled.database, text, 3)
