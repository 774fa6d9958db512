"""The whole story by plain HTTP: form, acknowledgement, page, reply, solved, "it works", rating."""

from deskterm.bootstrap import Desk
from deskterm.domain.vocabulary import Channel, State
from tests.builders import count, value
from tests.verbs import verbs
from tests.web.pages import browser, go, link_to, whose

ADA = "ada@example.org"


def test_a_report_becomes_a_ticket_with_number_and_promise(desk: Desk) -> None:
    desk.desk_settings.set("promise.response_urgent", "15m always")
    client = browser(desk)
    page = go(client, "/")
    assert page.status == 200
    done = page.send("/report", {"who": ADA, "problem": "No sound\r\nsince today", "urgent": "yes"})
    assert done.status == 200
    assert "#1" in done.main
    assert "We answer within 15 minutes, until" in done.main
    assert "/t/" not in done.text  # who typed an address has not proved that it is theirs
    row = desk.tickets.show(1)
    assert (value(desk, 1, "channel"), value(desk, 1, "urgent")) == (Channel.WEB, True)
    assert value(desk, 1, "body") == "No sound\nsince today"
    assert row.timeline[0].actor == "customer"
    assert count(desk, "outbox", "template = 'opened' AND recipient = :to", to=ADA) == 1


def test_the_whole_story_of_a_ticket_by_its_page(desk: Desk) -> None:
    client = browser(desk)
    go(client, "/").send("/report", {"who": ADA, "problem": "No sound"})
    ada = whose(desk, ADA).person
    link = link_to(desk, 1, ada)
    page = go(client, link)
    assert "We have it" in page.main

    page = page.send("/reply", {"text": "The red cable."}, [("photo.txt", b"red")])
    assert page.status == 200
    assert "The red cable." in page.main
    entry = desk.tickets.show(1).timeline[-1]
    assert (entry.event, entry.person, entry.public) == ("received", ADA.partition("@")[0], True)
    assert [one.name for one in entry.attachments] == ["photo.txt"]
    file = page.fetch("photo.txt")
    assert file.content == b"red"
    assert file.headers["content-disposition"].startswith("attachment;")

    verbs(desk).reply([1], "Plug it in again.")
    verbs(desk).note([1], "zq9internal")
    verbs(desk).solve([1], "A new cable.")
    verbs(desk).verify([1], "craft", "ok", "tried")
    page = go(client, link)
    assert "Plug it in again." in page.main
    assert "A new cable." in page.main
    assert "zq9internal" not in page.text

    page = page.send("/answer", {"value": "n", "comment": "Still silent."}, kind="w")
    assert value(desk, 1, "state") == State.OPEN
    verbs(desk).solve([1], "Another one.")
    verbs(desk).verify([1], "craft", "ok", "tried")
    page = go(client, link).send("/answer", {"value": "y"}, kind="w")
    assert value(desk, 1, "state") == State.CLOSED
    assert value(desk, 1, "customer_proof") == "ok"
    page.send("/answer", {"value": "5", "comment": "Quick."}, kind="s")
    assert (value(desk, 1, "rating"), value(desk, 1, "rating_comment")) == (5, "Quick.")
