"""What customers choose and decide on their ticket's page: remedies, times, approvals."""

from pathlib import Path

from deskterm.bootstrap import Desk
from deskterm.domain.remedies import read_remedy
from deskterm.domain.visits import OfferVisit
from deskterm.domain.vocabulary import Approval, State
from deskterm.services.hooks import Guard
from tests.builders import count, open_ticket, solved_ticket, value
from tests.services.test_hooks import asked, hook, lines
from tests.services.test_promises import time, utc_desk
from tests.verbs import verbs
from tests.web.pages import browser, go, link_to, read, web, whose

__all__ = ["time", "utc_desk"]
ADA, DI = "ada@example.org", "di@example.org"


def test_a_hook_is_asked_about_what_comes_by_the_web_and_its_words_are_read(
    desk: Desk, tmp_path: Path
) -> None:
    new = asked(tmp_path, "new", "Please call <b>us</b> today.")
    asked(tmp_path, "verify", "Not yet.", "given['request']['result'] == 'failed'")
    asked(tmp_path, "received", "Be kind.", "given['door'] != 'web'")
    desk.tickets.guard = Guard(str(tmp_path))
    page = go(browser(desk), "/").send("/report", {"who": ADA, "problem": "No sound"})
    assert (page.status, count(desk, "ticket"), count(desk, "person")) == (400, 0, 0)
    assert "Please call <b>us</b> today." in page.main
    assert "No sound" in page.main
    assert (lines(new)[0]["actor"], lines(new)[0]["request"]["body"]) == ("customer", "No sound")
    desk.tickets.guard = None
    number = solved_ticket(desk)
    desk.tickets.guard = Guard(str(tmp_path))
    page = go(browser(desk), link_to(desk, number, whose(desk, ADA).person))
    assert "Be kind." in page.send("/reply", {"text": "you fool"}).main
    assert "Not yet." in page.send("/answer", {"value": "y"}, kind="w").main
    assert value(desk, number, "state") == State.SOLVED
    hook(tmp_path, "before-new.py", "sys.exit(0)", 0o644)
    page = go(browser(desk), "/").send("/report", {"who": ADA, "problem": "No sound"})
    assert "Something went wrong here." in page.main
    assert count(desk, "ticket") == 1


def test_a_remedy_is_chosen_and_the_choice_is_the_customers(desk: Desk) -> None:
    number = open_ticket(desk)
    offer = [read_remedy("Repair it|30 min|free"), read_remedy("A new set|2 h|50 EUR|your data")]
    desk.solutions.offer(number, offer)
    link = link_to(desk, number, whose(desk, ADA).person)
    page = go(browser(desk), link)
    assert "A new set (takes 2 h; costs: 50 EUR; note: your data)" in page.main
    page = page.send("/answer", {"value": "2", "comment": "Go ahead."}, kind="r")
    assert "Which way do you choose?" not in page.main
    assert "Go ahead." in page.main
    found = desk.solutions.offered(number)
    assert found is not None
    assert (found.chosen, found.chosen_by, found.how) == (2, "Ada Moss", "on the web")


def test_a_time_of_a_visit_is_chosen_and_the_page_says_when_we_come(utc_desk: Desk) -> None:
    desk = utc_desk
    number = open_ticket(desk)
    desk.tickets.do([number], OfferVisit(slots=("tue 10:00", "wed 14:00")))
    link = link_to(desk, number, whose(desk, ADA).person)
    page = go(browser(desk), link)
    assert "When may we come?" in page.main
    assert "Another time, please" in page.main
    page = page.send("/answer", {"value": "2"}, kind="v")
    assert "When may we come?" not in page.main
    assert "We come to you" in page.main
    assert "Wednesday" in page.main
    assert "14:00–15:00" in page.main


def test_an_approver_decides_on_a_page_that_tells_no_more_than_their_letter(desk: Desk) -> None:
    number = open_ticket(desk, body="I need a second screen.")
    verbs(desk).reply([number], "We ask Di.")
    verbs(desk).change([number], needs="approval", approver="Di <di@example.org>")
    link = link_to(desk, number, whose(desk, DI).person)
    client = browser(desk)
    page = go(client, link)
    assert "I need a second screen." in page.main
    assert "We ask Di." not in page.text
    token = page.fields("/answer", "g")["token"]
    other = {"token": token, "kind": "w", "round": "1", "value": "y"}
    assert "not asked of you" in read(client, client.post(f"{link}/answer", data=other)).main
    page = page.send("/answer", {"value": "n", "comment": "No money this year."}, kind="g")
    assert value(desk, number, "approval") == Approval.REFUSED
    theirs = go(client, link_to(desk, number, whose(desk, ADA).person))
    assert "No money this year." in theirs.main
    assert "It was refused." in theirs.main
    assert "Please decide" not in theirs.main


def test_who_is_known_asks_for_an_approval_and_who_is_not_cannot(desk: Desk) -> None:
    open_ticket(desk)
    client = browser(desk)
    asks = {"problem": "A second screen", "needs": "approval", "approver": DI}
    go(client, "/").send("/report", {**asks, "who": ADA})
    assert (value(desk, 2, "needs"), value(desk, 2, "approval")) == ("approval", None)
    go(client, f"/p/{web(desk).personal(ADA)[1]}/").send("/report", asks)
    assert (value(desk, 3, "needs"), value(desk, 3, "approval")) == ("approval", Approval.ASKED)
    assert count(desk, "outbox", "recipient = :to", to=DI) == 1


def test_an_answer_that_comes_too_late_is_kept_in_words(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).solve([number], "A new cable.")
    client = browser(desk)
    page = go(client, link_to(desk, number, whose(desk, ADA).person))
    verbs(desk).reopen([number], "It is back.")
    page.send("/answer", {"value": "y", "comment": "It works here."}, kind="w")
    assert value(desk, number, "state") == State.OPEN
    assert desk.tickets.show(number).timeline[-1].text == "It works here."


def test_words_wake_what_waits_and_thanks_do_not_open_what_is_closed(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).wait([number], "customer", reason="Which one is it?")
    link = link_to(desk, number, whose(desk, ADA).person)
    client = browser(desk)
    page = go(client, link)
    assert "We need something of you" in page.main
    assert "Which one is it?" in page.main
    page = page.send("/reply", {"text": "The red one."})
    assert value(desk, number, "state") == State.OPEN
    verbs(desk).finish([number], "A new cable.", "They were on the phone.")
    go(client, link).send("/reply", {"text": "Thank you very much!"})
    assert value(desk, number, "state") == State.CLOSED
    go(client, link).send("/reply", {"text": "It fails again since noon."})
    assert value(desk, number, "state") == State.OPEN


def test_what_was_closed_long_ago_begins_a_new_ticket_and_leads_to_it(desk: Desk) -> None:
    desk.desk_settings.set("mail.reopen_days", "0")
    number = open_ticket(desk)
    verbs(desk).finish([number], "A new cable.", "They were on the phone.")
    page = go(browser(desk), link_to(desk, number, whose(desk, ADA).person))
    page = page.send("/reply", {"text": "It fails again since noon."})
    assert "It fails again since noon." in page.main
    assert count(desk, "ticket") == 2
    assert value(desk, number, "state") == State.CLOSED
    assert desk.tickets.show(2).links[0].ticket_id == number
