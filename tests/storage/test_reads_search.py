"""Search, finder and people look-up: what is found, in which order, and what stays bounded."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from deskterm.storage import search
from deskterm.storage.driver import Database
from deskterm.storage.reads import finder, people, ranking
from deskterm.storage.store import Store

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    store = Store(database_url)
    with store.reading() as lent:
        yield lent
    store.close()


def ticket(database: Database, number: int, subject: str, body: str = "", **more: Any) -> None:
    row: dict[str, Any] = {
        "id": number,
        "subject": subject,
        "body": body,
        "version": 1,
        "state": "open",
        "is_open": True,
        "urgent": False,
        "channel": "phone",
        "level": 1,
        "needs": "nothing",
        "opened_at": NOW,
        "updated_at": NOW,
    }
    row |= dict.fromkeys(
        ("problem", "reproduction", "waiting_reason", "approver", "close_reason", "resolution"), ""
    )
    row |= more
    names = ", ".join(row)
    database.run(
        f"INSERT INTO ticket ({names}) VALUES ({', '.join(':' + name for name in row)})", **row
    )


def person(database: Database, number: int, name: str, address: str, **more: str) -> None:
    row = {"phone": "", "department": "", **more}
    database.run(
        "INSERT INTO person (id, name, phone, department, location, title, segment, notes, active)"
        " VALUES (:i, :n, :p, :d, '', '', '', '', TRUE)",
        i=number,
        n=name,
        p=row["phone"],
        d=row["department"],
    )
    database.run(
        "INSERT INTO person_address (address, person_id, position) VALUES (:a, :i, 0)",
        a=address,
        i=number,
    )


def ranked(database: Database, text: str, limit: int = 10) -> list[int]:
    return ranking.ranked_tickets(database, text, limit)


def test_words_in_the_subject_count_more_than_in_the_resolution_and_the_body(
    database: Database,
) -> None:
    ticket(database, 1, "VPN gateway", "cannot connect")
    ticket(database, 2, "Other", "the gateway of the vpn is down")
    ticket(database, 3, "Other", "x", resolution="restarted the vpn gateway")
    ticket(database, 4, "VPN slow", "about the gateway")
    assert ranked(database, "vpn gateway ") == [1, 4, 3, 2]


def test_equal_hits_come_newest_first(database: Database) -> None:
    for number in (1, 2, 3):
        ticket(database, number, "Printer offline")
    assert ranked(database, "printer offline ") == [3, 2, 1]


def test_words_match_by_their_stem_without_accents_and_capitals(database: Database) -> None:
    ticket(database, 1, "Printers failing", "DRÜCKER über-hitzt")
    for text in ("printer", "fails", "drucker", "Drücker", "uber", "UBER-HITZT"):
        assert ranked(database, text + " ") == [1], text


def test_the_last_word_may_be_unfinished_and_finished_ones_come_first(database: Database) -> None:
    ticket(database, 1, "Lap dance of the mouse")
    ticket(database, 2, "Laptop broken")
    assert ranked(database, "lap") == [1, 2]
    assert ranked(database, "lap ") == [1]
    assert ranked(database, "broken lap") == [2]


def test_a_changed_ticket_is_found_by_its_new_words_only(database: Database) -> None:
    ticket(database, 1, "Laptop broken")
    database.run("UPDATE ticket SET subject = 'Mouse broken', state = 'solved' WHERE id = 1")
    assert ranked(database, "laptop ") == []
    assert ranked(database, "mouse ") == [1]
    database.run("DELETE FROM ticket WHERE id = 1")
    assert ranked(database, "mouse ") == []


def test_a_phrase_stays_within_one_field(database: Database) -> None:
    ticket(database, 1, "the mouse", "is dead")
    ticket(database, 2, "x", "the mouse is dead")
    assert [hit.id for hit in finder.tickets(database, "mouse-is ")] == ["2"]


def test_only_the_newest_matches_are_ranked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "RANKED", 5)
    ticket(database, 1, "Printer printer printer")
    for number in range(2, 10):
        ticket(database, number, "x", "a printer somewhere")
    assert sorted(ranked(database, "printer ")) == [5, 6, 7, 8, 9]


def test_below_two_characters_nothing_is_found(database: Database) -> None:
    ticket(database, 1, "x y z")
    for text in ("", " ", "x", "x y"):
        assert ranked(database, text) == []
        assert finder.find(database, text) == []


def test_percent_and_underline_are_taken_literally(database: Database) -> None:
    ticket(database, 1, "Disk 100% full")
    ticket(database, 2, "Disk 1000 full", "a_b")
    assert ranked(database, "%% ") == []
    assert ranked(database, "%_%") == []
    assert ranked(database, "full %f%") == []
    person(database, 1, "Ada", "ada@example.org")
    assert people.people_like(database, "%") == []
    assert people.people_like(database, "_da") == []


def test_scripts_without_spaces_are_searched_literally(database: Database) -> None:
    ticket(database, 1, "画面が固まりました", "laptop")
    ticket(database, 2, "画面", "mouse")
    assert ranked(database, "固まり") == [1]
    assert ranked(database, "画面 mouse") == [2]


@pytest.mark.parametrize(
    "text",
    [
        '" OR NEAR( *',
        "' OR 1=1 --",
        "a AND b NOT c",
        "subject:vpn^2",
        "!& | <-> :* (",
        "\x00\x1b[2J",
        "\u202e" * 50,
        "wordword " * 4_000,
        '"' * 50_000,
        "ab(" * 16_000,
    ],
)
def test_no_text_is_an_operator_for_either_index(database: Database, text: str) -> None:
    ticket(database, 1, "something else")
    assert ranked(database, text) == []
    assert finder.find(database, text) == []


def test_without_fts5_the_words_are_found_by_like(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    with store.reading() as database:
        for name in ("insert", "update", "delete"):
            database.run(f"DROP TRIGGER ticket_search_{name}")
        database.run("DROP TABLE ticket_search")
        ticket(database, 1, "VPN gateway", "100% down")
        ticket(database, 2, "Mouse", "the vpn")
        assert ranked(database, "vpn") == [2, 1]
        assert ranked(database, "vpn 100%") == [1]
    store.close()


def test_the_finder_puts_the_exact_number_first_and_finds_every_kind(database: Database) -> None:
    person(database, 1, "Vera Pinn", "vpn-admin@example.org", phone="+49 30 7788")
    ticket(database, 12, "VPN broken", requester_id=1, urgent=True)
    ticket(database, 13, "Invoice 12 is missing", foreign_id="4711")
    database.run(
        "INSERT INTO solution (id, title, symptoms, environment, cause, resolution, tip, "
        "confidence, fixed_in, owner, version, created_at, updated_at, worked, failed) VALUES "
        "(5, 'Restart the VPN', '', '', '', '', '', 'validated', '', '', 1, :at, :at, 3, 1)",
        at=NOW,
    )
    database.run(
        "INSERT INTO guide (id, slug, version, title, source, actor, at, active) "
        "VALUES (1, 'vpn', 1, 'VPN does not connect', '', 'cy', :at, TRUE)",
        at=NOW,
    )
    found = finder.find(database, "vpn")
    assert [(one.kind, one.id) for one in found] == [
        ("ticket", "12"),
        ("person", "1"),
        ("solution", "5"),
        ("guide", "vpn"),
    ]
    assert found[0].detail == "open · urgent · Vera Pinn"
    assert "worked 3 of 4" in found[2].detail
    assert finder.find(database, "#12")[0].id == "12"
    assert [one.id for one in finder.find(database, "12")] == ["12", "13"]
    assert [one.id for one in finder.find(database, "4711")] == ["13"]
    assert [(one.kind, one.id) for one in finder.find(database, "S5")] == [("solution", "5")]
    assert [one.id for one in finder.find(database, "7788")] == ["1"]


def test_guides_are_found_by_their_text_those_named_so_first(database: Database) -> None:
    for number, (slug, title, source) in enumerate(
        (
            ("mail", "Mail does not arrive", "title: Mail does not arrive\nsay: the printer"),
            ("paper", "Printer jam", "title: Printer jam"),
            ("old", "Printer of old", "title: Printer of old"),
        ),
        1,
    ):
        database.run(
            "INSERT INTO guide (id, slug, version, title, source, actor, at, active) "
            "VALUES (:i, :slug, 1, :title, :source, 'cy', :at, :active)",
            i=number,
            slug=slug,
            title=title,
            source=source,
            at=NOW,
            active=slug != "old",
        )
    assert [one.id for one in finder.find(database, "PRINTER")] == ["paper", "mail"]


def names(database: Database, text: str) -> list[str]:
    return [one.name for one in people.people_like(database, text)]


def test_people_are_found_as_somebody_types(database: Database) -> None:
    person(
        database, 1, "Mia Ortiz", "mia.ortiz@example.org", phone="+49 30 214", department="Sales"
    )
    person(database, 2, "Mia Chen", "chen@example.org", phone="030/118-77", department="HR")
    person(database, 3, "José Núñez-Lima", "jose@example.org", department="Miasma lab")
    person(database, 4, "Damian Fox", "fox@example.org")
    assert names(database, "mia") == ["Mia Chen", "Mia Ortiz", "José Núñez-Lima", "Damian Fox"]
    assert names(database, "mia o") == ["Mia Ortiz"]
    assert names(database, "ortiz mia") == ["Mia Ortiz"]
    assert names(database, "nunez") == ["José Núñez-Lima"]
    assert names(database, "NÚÑEZ") == ["José Núñez-Lima"]
    assert names(database, "lima jos") == ["José Núñez-Lima"]
    assert names(database, "chen@example.org") == ["Mia Chen"]
    assert names(database, "214") == ["Mia Ortiz"]
    assert names(database, "03011877") == ["Mia Chen"]
    assert names(database, "hr") == ["Mia Chen"]
    assert names(database, "nobody") == []
    assert names(database, "") == []


def test_people_who_left_are_not_offered(database: Database) -> None:
    person(database, 1, "Mia Ortiz", "mia@example.org")
    database.run("UPDATE person SET active = FALSE")
    assert names(database, "mia") == []


def test_a_person_comes_with_all_that_is_known(database: Database) -> None:
    database.run("INSERT INTO site (id, name, address) VALUES (1, 'Berlin', '')")
    person(database, 7, "Ada", "ada@example.org")
    database.run("UPDATE person SET site_id = 1")
    database.run("INSERT INTO person_address (address, person_id, position) VALUES ('a@b.c', 7, 1)")
    database.run(
        "INSERT INTO device (id, name, kind, model, os, os_version, serial, facts, person_id) "
        "VALUES (1, 'LT-1', 'laptop', 'X1', 'Windows', '11', '', '{}', 7)"
    )
    for number, is_open in ((1, True), (2, False), (3, False)):
        ticket(database, number, "x", requester_id=7, is_open=is_open)
    row = people.person(database, 7)
    assert row.addresses == ("ada@example.org", "a@b.c")
    assert row.site == "Berlin"
    assert (row.open_tickets, row.past_tickets) == (1, 2)
    assert [(device.name, device.person) for device in row.devices] == [("LT-1", "Ada")]


def test_only_people_written_otherwise_are_compared_with_a_word_nobody_has(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 6):
        person(database, number, f"Ada Moss {number}", f"ada{number}@example.org")
    person(database, 6, "Fatma Işıkçı", "fatma@example.org", department="Straße")
    read: list[str] = []
    ask = database.all

    def counted(sql: str, /, **params: Any) -> Any:
        found = ask(sql, **params)
        read.extend(row["name"] for row in found)
        return found

    with monkeypatch.context() as here:
        here.setattr(database, "all", counted)
        assert people.people_like(database, "printer") == []
    assert read == ["Fatma Işıkçı"]
    assert names(database, "isıkcı") == names(database, "strasse") == ["Fatma Işıkçı"]
