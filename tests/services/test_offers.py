"""Calendars and offers (H1, semantics 11): which one fits a ticket, in which version, and why."""

from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.requests import NewTicket
from deskterm.domain.verbs import Change
from deskterm.reports.shown import Wish
from deskterm.services.site.page import offer_body
from deskterm.services.web.web import Web
from deskterm.storage.driver import Database
from deskterm.triage.query_tree import QueryError
from tests.builders import count, value
from tests.services.test_results import Time
from tests.verbs import verbs

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


@pytest.fixture
def offering(desk: Desk, time: Time) -> Desk:
    """A desk with two services, a site with hours of its own, a client with a contract."""
    desk.desk_settings.set("zone", "UTC")
    put = desk.records.set
    put("service", "Mail", {})
    put("service", "Print", {})
    put("calendar", "Night", {"hours": "always"})
    put("calendar", "Early", {"hours": "Mon-Fri 6:00-14:00"})
    put("site", "Leeds", {"calendar": "Early"})
    put("organisation", "Acme", {})
    put("offer", "Mail for all", {"service": "Mail", "pickup": "2h", "budget": "9d"})
    put(
        "offer",
        "Acme Mail",
        {"service": "Mail", "organisation": "Acme", "calendar": "Night", "pickup": "30m"},
    )
    for name, where in (("ada", {}), ("bo", {"site": "Leeds"}), ("cleo", {"organisation": "Acme"})):
        put("person", f"{name}@example.org", where)
    return desk


def opened(desk: Desk, who: str, service: str = "") -> int:
    ticket = NewTicket(f"{who}@example.org", "Off", "It is off", channel="email", service=service)
    return desk.tickets.new(ticket).tickets[0]


def due(desk: Desk, number: int, column: str = "pickup_due") -> str:
    found = value(desk, number, column)
    at = found if isinstance(found, datetime) else clock.from_text(found)
    return f"{at.astimezone(UTC):%a %H:%M}".lower()


def why(desk: Desk, number: int) -> str:
    return desk.tickets.why(number).promised


def test_first_the_contract_then_the_offer_then_the_site_then_the_desk(offering: Desk) -> None:
    told = {
        (who, service): (due(offering, number), why(offering, number))
        for who, service in (("cleo", "Mail"), ("ada", "Mail"), ("bo", "Print"), ("ada", "Print"))
        for number in [opened(offering, who, service)]
    }
    assert told == {
        ("cleo", "Mail"): ("mon 09:30", "contract Acme Mail; hours Night"),
        ("ada", "Mail"): ("mon 11:00", "offer Mail for all; the desk's hours"),
        ("bo", "Print"): ("mon 13:00", "the hours of Leeds (Early) and the desk's targets"),
        ("ada", "Print"): ("mon 13:00", "the desk's own hours and targets"),
    }
    assert due(offering, opened(offering, "bo", "Mail")) == "mon 11:00"


def test_what_makes_another_promise_counts_from_the_opening(offering: Desk, time: Time) -> None:
    number = opened(offering, "ada")
    time.at("mon 10:00")
    offering.tickets.do([number], Change(service="Mail"))
    assert due(offering, number) == "mon 11:00"
    before = due(offering, number, "solution_due")
    offering.tickets.do([number], Change(needs="budget", approver="Bo <bo@example.org>"))
    verbs(offering).decide([number], True)
    assert (before, due(offering, number, "solution_due")) == ("thu 09:00", "fri 09:00")
    assert "requires budget" in why(offering, number)
    offering.records.set("person", "ada@example.org", {"organisation": "Acme"})
    assert due(offering, number) == "mon 11:00"  # it was picked up: that is history
    assert "contract Acme Mail" in why(offering, number)


def test_a_version_holds_from_its_first_day_for_what_is_opened_then(
    offering: Desk, time: Time
) -> None:
    old = opened(offering, "ada", "Mail")
    offering.records.set("offer", "Mail for all", {"pickup": "1h", "from": "2026-11-25"})
    same = opened(offering, "ada", "Mail")
    time.at("wed 09:00")
    new = opened(offering, "ada", "Mail")
    offering.records.set("offer", "Mail for all", {"pickup": "3h", "from": "2026-11-26"})
    found = [due(offering, one) for one in (old, same, new)]
    assert found == ["mon 11:00", "mon 11:00", "wed 10:00"]
    assert "as of 2026-11-25" in why(offering, new)
    assert offering.records.show("offer", "Mail for all")["versions"] == [
        "since ever",
        "2026-11-25",
    ]
    offering.ledger.undo()
    assert offering.records.show("offer", "Mail for all")["versions"] == ["since ever"]


def test_an_offer_that_ended_or_has_not_begun_promises_nothing(offering: Desk, time: Time) -> None:
    offering.records.add(
        "offer", "Soon", {"service": "Print", "pickup": "1h", "from": "2026-11-24"}
    )
    offering.records.set("offer", "Mail for all", {"until": "2026-11-22"})
    assert due(offering, opened(offering, "ada", "Print")) == "mon 13:00"
    assert due(offering, opened(offering, "ada", "Mail")) == "mon 13:00"
    time.at("tue 09:00")
    assert due(offering, opened(offering, "ada", "Print")) == "tue 10:00"
    with pytest.raises(UsageError, match="comes before the first"):
        offering.records.set("offer", "Soon", {"until": "2026-11-20"})


def test_open_deadlines_follow_calendars_and_offers_and_their_undo(offering: Desk) -> None:
    number = opened(offering, "bo")
    assert due(offering, number) == "mon 13:00"
    offering.records.set("calendar", "Early", {"hours": "Mon-Fri 9:30-17:00"})
    assert due(offering, number) == "mon 13:30"
    offering.records.set("calendar", "Early", {"days": "2026-11-23 Fair"})
    assert due(offering, number) == "tue 13:30"
    (running,) = {
        piece.note
        for clock_row in offering.tickets.why(number).clocks
        for piece in clock_row.pieces
        if piece.kind == "holiday"
    } or {""}
    assert running in ("", "2026-11-23 Fair")
    for _ in range(2):
        offering.ledger.undo()
    assert due(offering, number) == "mon 13:00"


def test_the_desks_own_calendar_is_one_and_knows_a_countrys_holidays(
    offering: Desk, time: Time
) -> None:
    offering.records.set("calendar", "Home", {"country": "de", "subdivision": "BW", "desk": "yes"})
    offering.records.set("calendar", "Other", {"desk": "yes"})
    assert not offering.records.show("calendar", "Home")["desk"]
    offering.records.set("calendar", "Home", {"desk": "yes"})
    time.now = datetime(2026, 12, 24, 17, 0, tzinfo=UTC)
    number = opened(offering, "ada")
    assert due(offering, number) == "mon 11:00"  # Friday is Christmas Day
    with pytest.raises(UsageError, match="no public holidays are known of 'XX'"):
        offering.records.set("calendar", "Home", {"country": "XX"})
    with pytest.raises(UsageError, match="DE has no part 'QQ'"):
        offering.records.set("calendar", "Home", {"subdivision": "QQ"})


def test_many_tickets_are_asked_together(offering: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for who in ("ada", "bo", "cleo"):
        opened(offering, who, "Mail")
    asked: list[str] = []
    read = Database.all

    def heard(self: Database, sql: str, /, **params: object) -> object:
        asked.append(sql)
        return read(self, sql, **params)

    monkeypatch.setattr(Database, "all", heard)

    def statements(target: str) -> int:
        asked.clear()
        offering.desk_settings.set("promise.solution", target)
        return len([one for one in asked if "person p LEFT JOIN site" in one])

    few = statements("5d")
    for who in ("ada", "bo", "cleo") * 3:
        opened(offering, who, "Mail")
    assert (few, statements("6d")) == (1, 1)


def test_a_merge_of_calendars_leaves_no_version_without_hours(offering: Desk, time: Time) -> None:
    offering.records.set("offer", "Acme Mail", {"calendar": "Early", "from": "2026-11-24"})
    offering.records.merge("calendar", "Night", "Early")
    assert due(offering, opened(offering, "cleo", "Mail")) == "mon 09:30"
    assert why(offering, opened(offering, "cleo", "Mail")) == "contract Acme Mail; hours Early"


def test_the_first_letter_says_until_when_an_answer_is_promised(offering: Desk, time: Time) -> None:
    silent = offering.outbox.preview(opened(offering, "ada", "Mail"))[0].text
    offering.records.set(
        "offer", "Mail for all", {"response": "4h", "response_urgent": "15m always"}
    )
    plain = opened(offering, "ada", "Mail")
    time.at("mon 09:01")
    offering.records.set("person", "bo@example.org", {"language": "de"})
    urgent = offering.tickets.new(
        NewTicket("bo@example.org", "Off", "off", channel="email", service="Mail", urgent=True)
    ).tickets[0]
    told = {number: offering.outbox.preview(number)[0].text for number in (plain, urgent)}
    assert "We answer" not in silent
    assert (
        "We answer within 4 business hours, until Monday, 23 November 2026, 13:00." in told[plain]
    )
    assert (
        "Wir antworten innerhalb von 15 Minuten, bis Montag, 23. November 2026, 09:16."
        in told[urgent]
    )


def test_the_offer_is_published_in_the_customers_words_and_contracts_stay_with_their_client(
    offering: Desk, time: Time
) -> None:
    words = {
        "description": "Mail & calendars <b>[x](y)</b>",
        "channels": "phone\nmail",
        "cost": "5 a month",
    }
    offering.records.set("offer", "Mail for all", words)
    offering.records.add("offer", "Next year", {"service": "Print", "from": "2027-01-01"})
    text = offering.offers.markdown()
    assert "## Mail for all" in text
    assert "- Ask by: phone, mail" in text
    assert "- Picked up within: 2 business hours; urgent: 15 minutes" in text
    assert "- Solved within, where it requires a budget: 9 business days" in text
    assert "\\<b\\>\\[x\\](y)" in text
    assert "Acme" not in text
    assert "Next year" not in text
    assert "- Picked up within: 30 minutes" in offering.offers.markdown("Acme")
    with pytest.raises(NotFoundError, match="no organisation 'Nobody'"):
        offering.offers.markdown("Nobody")
    german = offering.offers.markdown(language="de")
    assert "- Übernommen binnen: 2 Servicestunden; dringend: 15 Minuten" in german
    with pytest.raises(UsageError, match="Say one of en, de"):
        offering.offers.markdown(language="it")


def test_the_site_has_a_page_of_the_offer_with_no_contract_of_another_client(
    offering: Desk, time: Time, tmp_path: Path
) -> None:
    del time
    offering.records.set("offer", "Mail for all", {"description": "Mail & <b>more</b>"})
    offering.records.set("organisation", "Other", {})
    offering.desk_settings.set("mail.language", "de")
    pages = {}
    for audience in ("public", "organisation:Acme", "organisation:Other"):
        folder = tmp_path / audience.replace(":", "-")
        offering.solutions.site(folder, audience)
        pages[audience] = (folder / "offer.html").read_text()
        assert '<a href="offer.html">' in (folder / "index.html").read_text()
    assert "Mail &amp; &lt;b&gt;more&lt;/b&gt;" in pages["public"]
    assert ">Übernommen binnen</dt>" in pages["public"]
    assert ">2 Servicestunden; dringend: 15 Minuten</dd>" in pages["public"]
    web = Web(offering, offering.tickets, offering.solutions).published
    for audience, address in (("public", ""), ("organisation:Acme", "cleo@example.org")):
        offered = web.offers(
            Web(offering, offering.tickets, offering.solutions).known(address), "de"
        )
        assert offer_body(offered) in pages[audience]  # one home for the words of both
    named = {audience: "Acme Mail" in page for audience, page in pages.items()}
    assert named == {
        "public": False,
        "organisation:Acme": True,
        "organisation:Other": False,
    }


def test_the_offer_goes_to_an_audience_once_a_wording_each_reads_what_is_for_them(
    offering: Desk,
) -> None:
    desk = offering
    put = desk.records.set
    put("offer", "Mail for all", {"description": "Mail \x1b[2J <b>{{ leave }}</b>"})
    put("offer", "Leeds only", {"service": "Print", "site": "Leeds", "pickup": "1h"})
    put("person", "bo@example.org", {"language": "de"})
    put("person", "dora@example.org", {"news": "no"})
    found = desk.offers.audience("everyone")
    assert [one.called for one in found.told] == ["ada", "bo", "cleo"]
    assert "1 opted out" in found.words()
    assert desk.offers.tell("everyone", How(dry=True)).letters == 3
    assert count(desk, "news_told") == count(desk, "outbox") == 0
    done = desk.offers.tell("everyone")
    read = {one.recipient: desk.outbox.letter(one.id).text for one in desk.outbox.queue()}
    assert "Picked up within: 2 business hours" in read["ada@example.org"]
    assert "Acme" not in read["ada@example.org"] + read["bo@example.org"]
    assert "Leeds only" in read["bo@example.org"]
    assert "Übernommen binnen: 2 Servicestunden" in read["bo@example.org"]
    assert "Leeds only" not in read["ada@example.org"] + read["cleo@example.org"]
    assert "Acme Mail" in read["cleo@example.org"]
    assert "To get no more news like this, write to" in read["ada@example.org"]
    assert "<b>{{ leave }}</b>" in read["ada@example.org"]
    assert not any("\x1b" in text for text in read.values())
    assert desk.offers.tell("everyone").letters == 0
    put("offer", "Leeds only", {"cost": "nothing"})
    again = desk.offers.audience("everyone")
    assert [one.called for one in again.told] == ["bo"]
    assert "2 told before" in again.words()
    assert desk.offers.tell("everyone").letters == 1
    with pytest.raises(QueryError):
        desk.offers.audience("site:")
    assert done.of("offer")


def test_undo_takes_letters_of_the_offer_back_and_they_can_go_again(offering: Desk) -> None:
    done = offering.offers.tell("everyone")
    assert (done.letters, count(offering, "news_told")) == (3, 4)
    offering.ledger.undo(done.operation_id)
    assert count(offering, "news_told") == 0
    assert count(offering, "outbox", "state = 'queued'") == 0
    assert offering.offers.tell("everyone").letters == 3
    offering.records.merge("person", "ada@example.org", "bo@example.org")
    offering.records.remove("offer", "Mail for all")
    assert [one.called for one in offering.offers.audience("everyone").told] == []


def test_first_contact_counts_in_the_hours_that_the_ticket_was_promised_in(
    offering: Desk, time: Time
) -> None:
    time.at("mon 13:30")
    early, desk_hours = opened(offering, "bo"), opened(offering, "ada")
    time.at("tue 6:20")
    verbs(offering).finish([early, desk_hours], "Cable.", "no answer")
    (row,) = offering.figures.show(Wish(("first-contact",), "2026-11")).rows
    assert (row.value.share, row.tickets()) == ((1, 2), [early])
    assert offering.figures.rebuild().differed == []
    offering.records.set("calendar", "Early", {"hours": "always"})
    offering.desk_settings.set("hours", "Tue 6:00-18:00")
    assert offering.figures.rebuild().differed == []  # judged when it happened, as results are
    verbs(offering).reopen([early], "Again.")
    offering.ledger.undo()
    (row,) = offering.figures.show(Wish(("first-contact",), "2026-11")).rows
    assert (row.value.share, row.tickets()) == ((1, 2), [early])


def test_who_waited_overnight_for_an_approval_was_not_helped_at_first_contact(
    offering: Desk, time: Time
) -> None:
    """The clock stands meanwhile; the customer waits."""
    time.at("mon 9:00")
    asked = opened(offering, "ada")
    offering.tickets.do([asked], Change(needs="approval", approver="bo@example.org"))
    time.at("tue 9:00")
    verbs(offering).decide([asked], granted=True)
    time.at("tue 9:10")
    verbs(offering).finish([asked], "Cable.", "no answer")
    (row,) = offering.figures.show(Wish(("first-contact",), "2026-11")).rows
    assert row.value.share == (0, 1)


def test_one_offer_is_for_several_organisations_sites_and_segments(
    offering: Desk, time: Time
) -> None:
    put = offering.records.set
    put("organisation", "Globex, Ltd", {})
    put("site", "York", {})
    put("person", "bo@example.org", {"site": "Leeds", "segment": "GOLD"})
    put("person", "dora@example.org", {"organisation": "Globex, Ltd"})
    put("person", "eli@example.org", {"site": "York", "segment": "gold"})
    both = {"service": "Mail", "organisation": "Acme\nGlobex, Ltd"}
    put("offer", "Both Mail", {**both, "pickup": "45m"})
    places = {"service": "Print", "site": "Leeds, York", "segment": "Gold\nVIP\ngold"}
    put("offer", "Places", {**places, "pickup": "10m"})
    shown = offering.records.show("offer", "Places")
    assert (shown["site"], shown["segment"]) == (["Leeds", "York"], ["Gold", "VIP"])
    assert offering.records.show("offer", "Both Mail")["organisation"] == ["Acme", "Globex, Ltd"]
    asked = (
        ("dora", "Mail"),
        ("cleo", "Mail"),
        ("bo", "Print"),
        ("eli", "Print"),
        ("ada", "Print"),
    )
    found = {who: offering.tickets.why(opened(offering, who, what)) for who, what in asked}
    assert {who: one.promised.partition(";")[0] for who, one in found.items()} == {
        "dora": "contract Both Mail",
        "cleo": "contract Acme Mail",  # the same kinds, for fewer
        "bo": "offer Places",
        "eli": "offer Places",
        "ada": "the desk's own hours and targets",
    }
    assert {who: one.rule for who, one in found.items()} == {
        "dora": "the contract that names Globex, Ltd, Mail, before Mail for all",
        "cleo": "the contract that names Acme, Mail, before Both Mail, Mail for all",
        "bo": "the offer that names Gold, Leeds, Print",
        "eli": "the offer that names Gold, York, Print",
        "ada": "the desk's default, for no contract or offer fits",
    }


def test_whom_an_offer_names_follows_merges_undo_and_removal(offering: Desk) -> None:
    put, records = offering.records.set, offering.records
    for name in ("Globex", "Initech"):
        put("organisation", name, {})
    put("offer", "Acme Mail", {"organisation": "Acme\nGlobex"})
    before = records.show("offer", "Acme Mail")["organisation"]
    assert records.uses("organisation", "Globex") == {"offer_organisation": 1}
    with pytest.raises(RefusedError, match="in use"):
        records.remove("organisation", "Globex")
    records.merge("organisation", "Globex", "Acme", How(across=True))
    assert records.show("offer", "Acme Mail")["organisation"] == ["Acme"]
    records.merge("organisation", "Acme", "Initech", How(across=True))
    assert records.show("offer", "Acme Mail")["organisation"] == ["Initech"]
    assert value_of(offering, "Acme Mail", "clients") == 1
    for _ in range(2):
        offering.ledger.undo()
    assert records.show("offer", "Acme Mail")["organisation"] == before
    assert value_of(offering, "Acme Mail", "clients") == 2
    put("offer", "Acme Mail", {"pickup": "1h", "from": "2027-01-01"})
    whole = records.show("offer", "Acme Mail")
    for into in ("", "Mail for all"):
        if into:
            records.merge("offer", "Acme Mail", into)
        else:
            records.remove("offer", "Acme Mail")
        assert records.show("offer", "Mail for all")["organisation"] == []
        assert count(offering, "offer_organisation") == count(offering, "offer_version") == 0
        offering.ledger.undo()
        assert records.show("offer", "Acme Mail") | {"version": 0} == whole | {"version": 0}
    with pytest.raises(NotFoundError, match="no organisation 'Acm'"):
        put("offer", "Acme Mail", {"organisation": "Acm"})


def value_of(desk: Desk, offer: str, column: str) -> object:
    with desk.store.reading() as database:
        return database.returned(f"SELECT {column} FROM offer WHERE name = :name", name=offer)[
            column
        ]


def test_nobody_reads_who_else_has_their_contract(offering: Desk) -> None:
    offering.records.set("organisation", "Globex", {})
    offering.records.set("offer", "Acme Mail", {"organisation": "Acme\nGlobex"})
    for name, other in (("Acme", "Globex"), ("Globex", "Acme")):
        text = offering.offers.markdown(name)
        assert f"- For: {name}" in text
        assert other not in text.replace("Acme Mail", "")


def test_a_file_with_offers_in_versions_is_upgraded_and_each_still_names_whom_it_named() -> None:
    columns = "id INTEGER PRIMARY KEY, name TEXT, organisation_id INTEGER, site_id INTEGER"
    with create_engine("sqlite://").connect() as connection:
        for text in (
            "PRAGMA foreign_keys = ON",
            "CREATE TABLE organisation (id INTEGER PRIMARY KEY)",
            "CREATE TABLE site (id INTEGER PRIMARY KEY)",
            f"CREATE TABLE offer ({columns}, segment TEXT NOT NULL, "
            "FOREIGN KEY(organisation_id) REFERENCES organisation (id), "
            "FOREIGN KEY(site_id) REFERENCES site (id))",
            "CREATE TABLE offer_version (offer_id INTEGER REFERENCES offer (id), first_day TEXT, "
            "promised TEXT)",
            "INSERT INTO organisation VALUES (7)",
            "INSERT INTO site VALUES (3)",
            "INSERT INTO offer VALUES (1, 'Acme', 7, 3, 'VIP'), (2, 'All', NULL, NULL, '')",
            "INSERT INTO offer_version VALUES (1, '', '[]')",
        ):
            connection.exec_driver_sql(text)
        module = "deskterm.storage.migrations.versions.0046_offers_for_several"
        with Operations.context(MigrationContext.configure(connection)):
            import_module(module).upgrade()
        found = [
            connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            for table in ("offer", "offer_organisation", "offer_site", "offer_segment")
        ]
        assert found == [[(1, "Acme", 1), (2, "All", 0)], [(1, 7)], [(1, 3)], [(1, "VIP")]]
        assert connection.exec_driver_sql("SELECT offer_id FROM offer_version").all() == [(1,)]
