"""What an attacker, a hurried hand and a bad connection do to forms and pages (semantics §15)."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.errors import UsageError
from deskterm.domain.requests import NewFile
from deskterm.domain.vocabulary import Audience
from deskterm.domain.web_rows import Visitor
from deskterm.mail.answers import Question
from deskterm.mail.words import promise_words, speech
from deskterm.services.site.page import STYLE
from deskterm.services.web.words import LANGUAGES, as_lines, language_of, shipped
from deskterm.web.app import application
from tests import hostile_words
from tests.builders import count, open_ticket, value
from tests.services.test_privacy import HAPPENINGS, MARK, afterwards, happen
from tests.verbs import verbs
from tests.web.pages import PROXY, Page, browser, go, link_to, read, web, whose

ADA, BO, DI = "ada@example.org", "bo@example.org", "di@example.org"


def every_page(desk: Desk, client: TestClient, number: int) -> list[Page]:
    """Give every page there is for everybody, the requester, a watcher and the approver."""
    people = [one for one in (ADA, BO, DI) if web(desk).known(one).person]
    personal = [f"/p/{web(desk).personal(one)[1]}" for one in people]
    common = ("/", "/solutions", "/solutions/1", "/solutions?q=cable", "/news", "/offer")
    paths = ["/link", *(home + path for home in ("", *personal) for path in common)]
    paths += [f"{home}/mine" for home in personal]
    paths += [link_to(desk, number, whose(desk, one).person) for one in people]
    return [go(client, path) for path in paths]


def test_no_page_holds_anything_internal_whatever_happened(desk: Desk) -> None:
    number = open_ticket(desk, body="It is broken.", watchers=("Bo <bo@example.org>",))
    desk.solutions.new({"title": MARK, "symptoms": MARK, "resolution": f"{MARK} for us alone"})
    client = browser(desk)
    seen = 0
    for happening in HAPPENINGS:
        happen(desk, number, happening)
        for one in (ADA, BO, DI):
            person = web(desk).known(one).person
            page = go(client, link_to(desk, number, person) if person else "/")
            assert MARK not in page.text, page.path
            seen += page.status == 200
    assert client.post("/suggest", content=f"{MARK} for us alone").json() == []
    afterwards(desk)
    for page in every_page(desk, client, number):
        assert MARK not in page.text, page.path
    assert seen > 30


def test_files_of_notes_are_not_given_out(desk: Desk) -> None:
    number = open_ticket(desk, files=(NewFile("screen.txt", "text/plain", b"a"),))
    verbs(desk).note([number], "inside", (NewFile("secret.txt", "text/plain", b"b"),))
    verbs(desk).reply([number], "See this.", (NewFile("how.txt", "text/plain", b"c"),))
    link = link_to(desk, number, whose(desk, ADA).person)
    client = browser(desk)
    assert [one.text() for one in go(client, link).tree.css(".files a")] == ["how.txt"]
    given = [client.get(f"{link}/file/{one}").status_code for one in (1, 2, 3, 4, 2**40)]
    assert given == [404, 404, 200, 404, 404]


@pytest.mark.parametrize("text", [*hostile_words.OWN, "א" * 300, "<b>" * 100, "{{ 7 * 7 }}"])
def test_hostile_text_in_every_field_does_nothing(sqlite_desk: Desk, text: str) -> None:
    desk = sqlite_desk
    safe = text.encode("utf-8", "replace").decode()
    client = browser(desk)
    fields = {"who": ADA, "problem": f"x {safe}", "subject": safe[:400], "urgent": safe}
    done = go(client, "/").send("/report", {**fields, "needs": "", "approver": safe})
    assert done.status == 200
    ada = whose(desk, ADA).person
    link = link_to(desk, 1, ada)
    page = go(client, link).send("/reply", {"text": f"y {safe}"}, [(safe or "f", b"z")])
    personal = go(client, f"/p/{web(desk).personal(ADA)[1]}/")
    odd = personal.send("/report", {"problem": "z", "device": safe, "needs": safe})
    answered = page.client.post(f"{link}/answer", data={"token": safe, "kind": safe, "value": safe})
    searched = go(client, f"/solutions?q={quote(safe)}&lang={quote(safe)}")
    for one in (done, page, odd, read(client, answered), searched, go(client, link)):
        assert one.status in (200, 400)
        assert not one.tree.css("main b, main script, main img, [onerror], [onload]")
        assert len(one.tree.css("script")) <= 1
        assert "49" not in one.main.replace("#49", "") or "49" in safe
        for sign in "\x00\x1b\x9b\u202e\u2066\u200b\U000e0041":
            assert sign not in one.text


def test_a_form_sent_twice_is_done_once_and_one_changed_after_going_back_anew(desk: Desk) -> None:
    client = browser(desk)
    page = go(client, "/")
    first = page.send("/report", {"who": ADA, "problem": "No sound"})
    again = page.send("/report", {"who": ADA, "problem": "No sound"})
    assert again.main == first.main
    assert count(desk, "ticket") == count(desk, "outbox") == 1
    page.send("/report", {"who": ADA, "problem": "No picture"})
    assert count(desk, "ticket") == 2
    page = go(client, link_to(desk, 1, whose(desk, ADA).person))
    for text in ("The red cable.", "The red cable.", "The blue one."):
        page.send("/reply", {"text": text})
    assert count(desk, "ledger", "event = 'received'") == 2


def test_the_same_report_from_a_form_anew_opens_no_second_ticket_for_a_while(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(desk)
    desk.records.set("field", "os", {"web": "asked", "choices": "Windows\nmacOS"})
    said = {"who": ADA, "problem": "No sound", "field.os": "Windows"}
    first = go(client, "/").send("/report", said)
    again = go(client, "/").send("/report", said)
    assert again.main == first.main
    assert (count(desk, "ticket"), count(desk, "outbox")) == (1, 1)
    for other in ({"urgent": "yes"}, {"field.os": "macOS"}, {"who": "bo@example.org"}):
        go(client, "/").send("/report", {**said, **other})
    go(client, "/").send("/report", said, [("a.txt", b"proof")])
    assert count(desk, "ticket") == 5
    then = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: then)
    go(client, "/").send("/report", said)
    assert count(desk, "ticket") == 6


def test_a_form_that_did_not_come_whole_is_not_called_too_large(sqlite_desk: Desk) -> None:
    kind = {"content-type": "multipart/form-data; boundary=x"}
    answer = browser(sqlite_desk).post("/report", content=b"torn", headers=kind)
    assert answer.status_code == 400
    assert "try again" in answer.text


def test_a_form_left_open_for_a_week_works_and_an_older_one_keeps_its_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(desk)
    page, now = go(client, "/"), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=7))
    assert page.send("/report", {"who": ADA, "problem": "No sound"}).status == 200
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=31))
    late = page.send("/report", {"who": ADA, "problem": "Something else"})
    assert late.status == 400
    assert "open for very long" in late.main
    assert "Something else" in late.text
    assert late.send("/report", {"who": ADA, "problem": "Something else"}).status == 200
    assert count(desk, "ticket") == 2


def test_a_form_needs_the_token_that_its_reader_was_given(desk: Desk) -> None:
    number = open_ticket(desk)
    link = link_to(desk, number, whose(desk, ADA).person)
    client = browser(desk)
    anybodys = go(client, "/").fields("/report")["token"]
    for token in ("", "x", anybodys, anybodys.replace("-", "_")):
        page = read(client, client.post(f"{link}/reply", data={"token": token, "text": "Hm."}))
        assert page.status == 400
        assert "Hm." in page.text
    assert count(desk, "ledger", "event = 'received'") == 0


def test_a_get_changes_nothing(desk: Desk) -> None:
    number = open_ticket(desk, watchers=("Bo <bo@example.org>",))
    client = browser(desk)
    before = count(desk, "ledger"), count(desk, "operation"), count(desk, "outbox")
    every_page(desk, client, number)
    link = link_to(desk, number, whose(desk, ADA).person)
    for path in ("/report", f"{link}/reply", f"{link}/answer", "/suggest"):
        assert go(client, path).status == 404
    assert (count(desk, "ledger"), count(desk, "operation"), count(desk, "outbox")) == before


def test_every_page_carries_the_same_strict_headers_and_no_cookie(sqlite_desk: Desk) -> None:
    client = browser(sqlite_desk)
    for path in ("/", "/nothing", "/style.css", "/t/x", "/news"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in headers
    page = go(client, "/").text
    assert "<style" not in page
    assert " style=" not in page
    assert STYLE in client.get("/style.css").text


def test_what_is_too_large_is_refused_before_it_is_read(sqlite_desk: Desk) -> None:
    sqlite_desk.desk_settings.set("mail.max_bytes", "20000")
    client = browser(sqlite_desk)

    def endless() -> Iterator[bytes]:
        for _ in range(1_000):
            yield b"x" * 1000

    big = client.post("/report", content=b"x" * 20_001)
    assert big.status_code == 413
    assert "fewer or smaller" in big.text
    streamed = client.post("/report", content=endless(), headers={"content-type": "text/plain"})
    assert streamed.status_code in (400, 413)
    assert count(sqlite_desk, "ticket") == 0


def test_ten_thousand_files_are_refused(sqlite_desk: Desk) -> None:
    client = browser(sqlite_desk)
    token = go(client, "/").fields("/report")["token"]
    files = [("files", (f"{at}.txt", b"x", "text/plain")) for at in range(10_000)]
    data = {"token": token, "who": ADA, "problem": "Files"}
    answer = client.post("/report", data=data, files=files)
    assert answer.status_code == 413
    assert count(sqlite_desk, "ticket") == 0


def test_a_machine_that_sends_too_often_waits_and_others_do_not(sqlite_desk: Desk) -> None:
    sqlite_desk.desk_settings.set("web.most_per_minute", "3")
    app = application(sqlite_desk)
    busy, other = (TestClient(app, client=(one, 1)) for one in ("192.0.2.1", "192.0.2.2"))
    found = [busy.post("/report", data={"problem": "x"}).status_code for _ in range(5)]
    assert found == [400, 400, 400, 429, 429]
    assert other.post("/report", data={"problem": "x"}).status_code == 400
    guesses = [busy.get(f"/t/1-1-1-0.{'a' * 16}").status_code for _ in range(40)]
    assert guesses[:30] == [404] * 30
    assert set(guesses[-5:]) == {429}
    assert busy.get("/").status_code == 200


def test_only_a_named_proxy_says_who_somebody_is(desk: Desk) -> None:
    open_ticket(desk, "Ada's own")
    ask = {"X_Remote_Email": ADA}
    assert "Ada Moss" not in go(browser(desk, peer=PROXY), "/", **ask).text  # off by default
    desk.desk_settings.set("web.proxy_header", "X-Remote-Email")
    desk.desk_settings.set("web.proxies", f"{PROXY}/32")
    assert "Ada Moss" not in go(browser(desk), "/", **ask).text  # forged
    proxied = browser(desk, peer=PROXY)
    assert "Ada Moss" in go(proxied, "/", **ask).main
    assert "Ada's own" in go(proxied, "/mine", **ask).main
    assert go(proxied, "/mine").status == 404
    twice = proxied.get("/", headers=[("X-Remote-Email", BO), ("X-Remote-Email", ADA)])
    assert "Ada Moss" not in twice.text
    proxied.headers["X-Remote-Email"] = "new@example.org"
    done = go(proxied, "/").send("/report", {"problem": "First day", "who": ADA})
    assert value(desk, 2, "requester_id") == whose(desk, "new@example.org").person
    assert "First day" in done.click("To your ticket's page").main


def test_a_typed_address_shows_nothing_that_is_known_of_it(desk: Desk) -> None:
    open_ticket(desk, "Ada's own")
    desk.people.set(ADA, {"department": "Labs"})
    done = go(browser(desk), "/").send("/report", {"who": ADA, "problem": "x"})
    assert "Labs" not in done.text
    assert "Ada Moss" not in done.text
    assert "/t/" not in done.text


def test_what_is_missing_is_said_and_what_was_written_stays(sqlite_desk: Desk) -> None:
    client = browser(sqlite_desk)
    for who in ("", "no address", "no-reply@example.org", "help@localhost", "a@b@c"):
        page = go(client, "/").send("/report", {"who": who, "problem": "No sound"})
        assert page.status == 400
        assert "mail address that you read" in page.main
        assert "No sound" in page.text
    blank = go(client, "/?lang=de").send("/report", {"who": ADA, "problem": "\u200b \n"})
    assert "Bitte sagen Sie, was los ist." in blank.main
    assert count(sqlite_desk, "ticket") == 0


def test_pages_work_under_a_path_whether_the_proxy_takes_it_away_or_not(sqlite_desk: Desk) -> None:
    client = browser(sqlite_desk, base="/help")
    for path in ("/help", "/help/", "/"):
        page = go(client, path)
        assert page.status == 200
        assert page.form("/report").attributes["action"] == "/help/report"
    done = page.send("/report", {"who": ADA, "problem": "No sound"})
    assert done.status == 200
    link = link_to(sqlite_desk, 1, whose(sqlite_desk, ADA).person)
    assert go(client, f"/help{link}").send("/reply", {"text": "Hm."}).path == f"/help{link}"


def test_nothing_that_is_logged_opens_a_ticket(
    sqlite_desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = open_ticket(sqlite_desk)
    link = link_to(sqlite_desk, number, whose(sqlite_desk, ADA).person)
    client = browser(sqlite_desk)

    def broken(*_: object) -> None:
        raise ValueError(link)

    with caplog.at_level(logging.DEBUG):
        assert go(client, link).status == 200
        monkeypatch.setattr("deskterm.services.web.web.ticket_page", broken)
        page = go(client, link)
    assert page.status == 503
    assert "Something went wrong here" in page.main
    mark = link.rpartition(".")[2]
    assert "ValueError" in caplog.text
    ours = [one for one in caplog.records if not one.name.startswith(("httpx", "httpcore"))]
    assert all(mark not in one.getMessage() for one in ours)


def test_published_solutions_are_for_everybody_and_others_for_nobody(desk: Desk) -> None:
    open_ticket(desk)
    for title, audience in (("Red cable", Audience.PUBLIC), ("Blue cable", Audience.TECHNICIANS)):
        words = {"title": title, "resolution": "Plug it in.", "symptoms": f"{title} is broken"}
        made = desk.solutions.new(words).subjects[0][1]
        desk.solutions.publish(made, audience)
    words = {"title": "Green cable", "resolution": "Ask Cy.", "symptoms": "The green cable"}
    made = desk.solutions.new(words).subjects[0][1]
    desk.solutions.publish(made, Audience.ORGANISATION)
    client = browser(desk)
    own = f"/p/{web(desk).personal(ADA)[1]}"
    assert "Green cable" in go(client, f"{own}/solutions").main
    assert go(client, f"{own}/solutions/{made}").status == 200
    assert go(client, f"/solutions/{made}").status == 404
    page = go(client, "/solutions?q=cable")
    assert "Red cable" in page.main
    assert "Blue cable" not in page.text
    assert "Green cable" not in page.text
    assert "Plug it in." in page.click("Red cable").main
    assert [go(client, f"/solutions/{one}").status for one in (1, 2, 99)] == [200, 404, 404]
    found = client.post("/suggest", content="my red cable does not work").json()
    assert [one["title"] for one in found] == ["Red cable"]


def test_numbers_and_names_of_any_length_are_answered_in_words(sqlite_desk: Desk) -> None:
    client = browser(sqlite_desk)
    for path in ("/solutions/99999999999999999999", "/solutions/2147483648", "/t/" + "9" * 5_000):
        assert go(client, path).status == 404
    name = "\u202e" + "N" * 300
    done = go(client, "/").send(
        "/report", {"who": f"{name} <n@example.org>", "problem": "No sound"}
    )
    assert "#1" in done.main
    home = f"/p/{web(sqlite_desk).link(1)}"
    for path in (f"{home}/", f"{home}/mine", link_to(sqlite_desk, 1, 1)):
        page = go(client, path)
        assert page.status == 200
        assert "\u202e" not in page.text


def test_every_language_has_every_word_and_every_place_for_a_value() -> None:
    english = shipped("en")
    for language in LANGUAGES:
        words = shipped(language)
        assert words.keys() == english.keys(), language
        for key, one in words.items():
            assert one.strip() == one
            assert re.findall(r"\{.*?\}", one) == re.findall(r"\{.*?\}", english[key]), key
            assert bool(one) == bool(english[key]), key
        assert language_of("", f"nl, {language};q=0.5", "en") == language
        assert speech(language).name == words["language_name"]
        assert promise_words(clock.now(), "4h always", language).endswith(".")
    assert language_of("xx", ";;q=,q=x", "de") == "de"
    assert Visitor().whose == ""


def test_a_desk_speaks_a_language_of_its_own_and_words_of_its_own(desk: Desk) -> None:
    lines = [line.replace(" = Report something", " = Segnala") for line in as_lines("it")]
    lines = [*lines, "it.language_name = Italiano", "de.send = Los!"]
    desk.desk_settings.set("web.words", "\n".join(lines))
    client = browser(desk)
    page = go(client, "/", accept_language="it-CH,de;q=0.5")
    assert page.tree.css_first("html[lang=it] h1").text() == "Segnala"  # type: ignore[union-attr]
    assert "Italiano" in page.text
    assert "Los!" in go(client, "/?lang=de").main
    assert "Signaler" in go(client, "/?lang=fr").main
    for wrong in (
        "it.nothing = x",
        "it.merged = no place",
        "it.found = {0} {x}",
        "xyz.send = x",
        "x",
    ):
        with pytest.raises(UsageError):
            desk.desk_settings.set("web.words", wrong)


def test_the_whole_story_in_each_language(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.desk_settings.set("promise.response", "4h always")
    for number, language in enumerate(LANGUAGES, 1):
        client = browser(desk)
        done = go(client, f"/?lang={language}").send(
            "/report", {"who": ADA, "problem": f"x {language}"}
        )
        assert shipped(language)["thanks"] in done.main
        desk.records.set("person", ADA, {"language": language})
        verbs(desk).solve([number], "A cable.")
        page = go(client, link_to(desk, number, whose(desk, ADA).person))
        assert shipped(language)["state_solved"] in page.main
        assert speech(language).choices[Question.WORKED, "y"] in page.main
        assert go(client, f"/offer?lang={language}").status == 200
