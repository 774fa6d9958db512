"""Links: in letters, personal ones, too old, revoked, forged, of merged and split tickets."""

import re
from datetime import timedelta

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.web_rows import Visitor
from deskterm.mail.tokens import Link, day_of, link_text
from deskterm.services.privacy import Forgetting
from deskterm.storage.secrets import token_secrets
from tests.builders import count, open_ticket, value
from tests.services.test_privacy import letters_sent
from tests.verbs import verbs
from tests.web.pages import browser, go, link_to, web, whose

ADA, BO = "ada@example.org", "bo@example.org"
UNKNOWN = "This link opens nothing"


def _secret(desk: Desk) -> str:
    with desk.store.reading() as database:
        return token_secrets(database)[0]


def test_letters_carry_the_link_to_the_page_where_the_desk_has_a_web_face(desk: Desk) -> None:
    open_ticket(desk)
    desk.outbox.send(at_once=True)
    assert b"/t/" not in letters_sent(desk)[0]
    desk.desk_settings.set("web.url", "https://help.example.org/desk/")
    open_ticket(desk, requester=BO)
    desk.outbox.send(at_once=True)
    raw = next(one for one in letters_sent(desk) if b"/t/" in one).replace(b"=\n", b"")
    found = re.search(rb"https://help\.example\.org/desk(/t/2-\d+-\d+-0\.[a-z2-7]{16})", raw)
    assert found, raw
    assert "Printer offline" in go(browser(desk), found[1].decode()).main


def test_the_welcome_letter_carries_the_link_to_ones_own_page_for_its_reader_alone(
    desk: Desk,
) -> None:
    desk.records.set("person", ADA, {"name": "Ada Moss"})
    desk.desk_settings.set("web.url", "https://help.example.org")
    assert desk.announcements.welcome("everyone").letters == 1
    desk.outbox.send(at_once=True)
    raw = letters_sent(desk)[0].replace(b"=\n", b"")
    found = re.search(rb"https://help\.example\.org(/p/p\d+-\d+-0\.[a-z2-7]{16}/)", raw)
    assert found, raw
    assert "Ada Moss" in go(browser(desk), found[1].decode()).main
    web(desk).revoke(ADA)
    assert UNKNOWN in go(browser(desk), found[1].decode()).main


def test_who_lost_the_letter_is_sent_their_own_page_once_an_hour_and_nobody_learns_who_is_known(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ticket(desk)
    client = browser(desk)
    assert "Where are my tickets?" not in go(client, "/").text  # letters could carry no link
    desk.desk_settings.set("web.url", "https://help.example.org")
    client = browser(desk)
    page = go(client, "/").click("Where are my tickets?")
    told = [page.send("/link", {"who": who}) for who in (ADA, "zoe@example.org", ADA)]
    assert {(one.status, one.main) for one in told} == {(200, told[0].main)}
    wrong = page.send("/link", {"who": "nobody"})
    assert (wrong.status, "Please give a mail address" in wrong.main) == (400, True)
    where = "template = 'news_link' AND recipient = :to"
    assert count(desk, "outbox", where, to=ADA) == count(desk, "person") == 1
    desk.outbox.send(at_once=True)
    raw = next(one for one in letters_sent(desk) if b"/p/" in one).replace(b"=\n", b"")
    found = re.search(rb"https://help\.example\.org(/p/p\d+-\d+-0\.[a-z2-7]{16}/)", raw)
    assert found, raw
    assert b"To get no more news" not in raw
    assert "#1 Printer offline" in go(client, found[1].decode() + "mine").main
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    page.send("/link", {"who": ADA.upper()})
    assert count(desk, "outbox", where, to=ADA) == 2


def test_one_answer_for_wrong_forged_old_revoked_and_foreign_links(desk: Desk) -> None:
    number = open_ticket(desk)
    open_ticket(desk, requester=BO)
    ada, bo = whose(desk, ADA).person, whose(desk, BO).person
    good = link_to(desk, number, ada)
    today, secret = day_of(clock.now()), _secret(desk)
    client = browser(desk)
    assert go(client, good).status == 200
    bad = [
        "/t/1-1-1-0.aaaaaaaaaaaaaaaa",
        good[:-1] + ("a" if good[-1] != "a" else "b"),
        f"/t/{link_text(Link(ada, number, today - 366), secret)}",  # older than web.link_days
        f"/t/{link_text(Link(ada, number, today + 2), secret)}",
        f"/t/{link_text(Link(bo, number, today), secret)}",  # who is not on the ticket
        f"/t/{link_text(Link(ada, 999, today), secret)}",
        f"/t/{link_text(Link(9999, number, today), secret)}",
        f"/t/{link_text(Link(ada, 0, today), secret)}",  # a personal link is no ticket's
        f"/p/{good.removeprefix('/t/')}/",  # and a ticket's is nobody's own
        f"/p/{good.removeprefix('/t/')}/mine",
        "/t/" + "x" * 3000,
        "/t/%00%ff",
    ]
    web(desk).revoke(ADA)
    pages = {go(client, one).text for one in (*bad, good)}
    assert len(pages) == 1
    assert UNKNOWN in pages.pop()
    assert go(client, link_to(desk, number, ada)).status == 200  # new ones open it again


def test_revoking_is_undone_like_everything(desk: Desk) -> None:
    number = open_ticket(desk)
    good = link_to(desk, number, whose(desk, ADA).person)
    client = browser(desk)
    web(desk).revoke("ada@example.org")
    assert go(client, good).status == 404
    desk.ledger.undo()
    assert go(client, good).status == 200


def test_a_personal_link_gives_the_form_filled_in_and_ones_own_tickets(desk: Desk) -> None:
    number = open_ticket(desk, "No sound")
    open_ticket(desk, "Somebody else's", requester=BO)
    desk.people.set(ADA, {"department": "Labs", "location": "3-14", "notes": "zq9internal"})
    _, last = web(desk).personal(ADA)
    client = browser(desk)
    page = go(client, f"/p/{last}/")
    assert "Ada Moss" in page.main
    assert "Labs" in page.main
    assert "zq9internal" not in page.text
    mine = page.click("My tickets")
    assert "No sound" in mine.main
    assert "Somebody else" not in mine.text
    assert f"#{number}" in mine.click("No sound").main
    done = go(client, f"/p/{last}/").send("/report", {"problem": "No picture either"})
    assert "No picture either" in done.click("To your ticket's page").main
    assert value(desk, 3, "requester_id") == whose(desk, ADA).person


def test_a_link_of_a_merged_ticket_leads_on_and_shows_nobody_elses_words(desk: Desk) -> None:
    first = open_ticket(desk, "No sound", body="Mine hums.")
    second = open_ticket(desk, "Silence", requester=BO, body="Bo's secret words.")
    verbs(desk).reply([second], "To Bo alone.")
    link = link_to(desk, first, whose(desk, ADA).person)
    theirs = link_to(desk, second, whose(desk, BO).person)
    verbs(desk).merge([second], first)
    client = browser(desk)
    assert "To Bo alone." not in go(client, link).text
    page = go(client, theirs)
    assert f"This was ticket #{second}; it goes on here." in page.main
    assert "To Bo alone." in page.main
    page.send("/reply", {"text": "Still silent."})
    assert desk.tickets.show(first).timeline[-1].text == "Still silent."


def test_a_link_of_a_split_ticket_names_what_was_parted_from_it(desk: Desk) -> None:
    number = open_ticket(desk)
    link = link_to(desk, number, whose(desk, ADA).person)
    client = browser(desk)
    go(client, link).send("/reply", {"text": "And the scanner is broken too."})
    entry = desk.tickets.show(number).timeline[-1].id
    new = verbs(desk).split(number, entry).tickets[0]
    page = go(client, link)
    assert "Parts of it go on under" in page.main
    assert "scanner" not in page.main
    assert "scanner" in page.click(f"#{new}").main


def test_who_is_on_the_ticket_no_more_sees_nothing_and_a_watcher_answers_no_question(
    desk: Desk,
) -> None:
    number = open_ticket(desk, watchers=("Bo <bo@example.org>",))
    bo = whose(desk, BO).person
    client = browser(desk)
    verbs(desk).solve([number], "A new cable.")
    page = go(client, link_to(desk, number, bo))
    assert "A new cable." in page.main
    assert "Does it work now?" not in page.main
    verbs(desk).watch([number], drop=(BO,))
    assert go(client, link_to(desk, number, bo)).status == 404


@pytest.mark.parametrize("days", [3, 0])
def test_how_long_a_link_lasts_is_a_setting(sqlite_desk: Desk, days: int) -> None:
    number = open_ticket(sqlite_desk)
    sqlite_desk.desk_settings.set("web.link_days", str(days))
    person = whose(sqlite_desk, ADA).person
    old = Link(person, number, day_of(clock.now() - timedelta(days=4)))
    status = go(browser(sqlite_desk), f"/t/{link_text(old, _secret(sqlite_desk))}").status
    assert status == (404 if days else 200)


def test_whom_nobody_knows_is_nobody(sqlite_desk: Desk) -> None:
    assert web(sqlite_desk).known("nobody@example.org") == Visitor(address="nobody@example.org")
    assert web(sqlite_desk).known("no address") == Visitor()


def test_no_link_of_somebody_who_is_forgotten_opens_anything(desk: Desk) -> None:
    number = open_ticket(desk, body="zq7secret")
    ada = whose(desk, ADA)
    links = [link_to(desk, number, ada.person), f"/p/{web(desk).link(ada.person)}/"]
    client = browser(desk)
    assert [go(client, one).status for one in links] == [200, 200]
    page = go(client, links[0])
    Forgetting(desk).person(ADA)
    for one in links:
        gone = go(client, one)
        assert gone.status == 404
        assert "zq7secret" not in gone.text
    late = page.send("/reply", {"text": "Still there?"})
    assert late.status == 404
    assert count(desk, "ledger", "event = 'received'") == 0
