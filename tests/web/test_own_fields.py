"""The desk's own fields on the form and on a ticket's page (A6, A9)."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.choices import WEB_USES
from deskterm.domain.errors import UsageError
from deskterm.domain.web_rows import Report
from tests import hostile_words
from tests.builders import count, value
from tests.verbs import verbs
from tests.web.pages import Page, browser, go, link_to, web, whose

ADA, BO = "ada@example.org", "bo@example.org"


def put(desk: Desk, name: str, **given: str) -> None:
    desk.records.set("field", name, {"web": "asked", **given})


def asked(page: Page) -> dict[str, list[str]]:
    """Give field → the choices that the form offers."""
    return {
        str(one.attributes["name"]).removeprefix("field."): [
            str(choice.attributes["value"]) for choice in one.css("option")[1:]
        ]
        for one in page.tree.css("#own [name^='field.']")
    }


def fields_of(desk: Desk, number: int) -> dict[str, str]:
    return dict(desk.tickets.show(number).fields)


def system(desk: Desk) -> None:
    """A desk whose form asks for a system and its version."""
    put(desk, "os", choices="Windows\nmacOS", web="needed")
    put(desk, "version", choices="11 if os=Windows\n10 if os=Windows\n15 if os=macOS")
    put(desk, "inside", choices="a\nb", web="no")


def test_what_goes_with_a_choice_is_asked_in_a_second_step_without_javascript(desk: Desk) -> None:
    system(desk)
    page = go(browser(desk), "/")
    assert asked(page) == {"os": ["Windows", "macOS"]}
    said = {"who": ADA, "problem": "No sound", "field.os": "macOS"}
    more = page.send("/report", said)
    assert (more.status, count(desk, "ticket")) == (200, 0)
    assert "One thing more" in more.main
    assert asked(more) == {"os": ["Windows", "macOS"], "version": ["15"]}
    assert [one.text() for one in more.tree.css("option[selected]")][:1] == ["macOS"]
    assert "No sound" in more.text
    done = more.send("/report", {**said, "field.version": "15"})
    assert "#1" in done.main
    assert fields_of(desk, 1) == {"os": "macOS", "version": "15"}


def test_a_script_is_given_the_same_part_of_the_form(desk: Desk) -> None:
    system(desk)
    client = browser(desk)
    part = client.post("/fields", data={"field.os": "windows", "asked": "os"}).text
    assert part.lstrip().startswith('<div id="own"')
    assert 'value="11"' in part
    assert 'value="15"' not in part


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"os": ""}, "Please fill this in."),
        ({"os": "BeOS"}, "This does not go with the rest"),
        ({"os": "macOS", "version": "11"}, "This does not go with the rest"),
        ({"os": "macOS", "room": "x" * 501}, "That is too long"),
    ],
)
def test_a_field_that_cannot_be_taken_so_is_named_and_nothing_is_lost(
    sqlite_desk: Desk, given: dict[str, str], words: str
) -> None:
    desk = sqlite_desk
    system(desk)
    put(desk, "room")
    said = {"who": ADA, "problem": "No sound", "asked": "os version room"}
    said |= {f"field.{name}": one for name, one in given.items()}
    page = go(browser(desk), "/").send("/report", said)
    assert (page.status, count(desk, "ticket")) == (400, 0)
    assert words in page.main
    (marked,) = page.tree.css("[aria-invalid][autofocus]")
    assert page.tree.css(f"#{marked.attributes['aria-describedby']}")
    assert "No sound" in page.text


def test_what_the_form_does_not_ask_for_cannot_be_set_by_it(desk: Desk) -> None:
    system(desk)
    said = {"who": ADA, "problem": "No sound", "asked": "os version inside", "field.os": "macOS"}
    said |= {"field.inside": "a", "field.other": "b", "category": "network", "service": "Mail"}
    go(browser(desk), "/").send("/report", {**said, "field.version": "15"})
    assert fields_of(desk, 1) == {"os": "macOS", "version": "15"}
    assert value(desk, 1, "category_id") is None
    nobody = Report(web(desk).known(ADA), "x", fields={"os": "BeOS"})
    with pytest.raises(UsageError, match="own"):
        web(desk).report(nobody, "3f2b1c9e-0000-4000-8000-000000000001")


def test_a_field_is_asked_for_where_its_category_or_service_needs_it(desk: Desk) -> None:
    desk.records.add("category", "secret/one", {})
    desk.records.add("service", "Mail", {})
    put(desk, "place", choices="office\nhome", required_for="network, service:Mail")
    put(desk, "line", choices="fast if category=network\nslow if category=network")
    client = browser(desk)
    page = go(client, "/?service=Mail&category=secret/one")
    offered = [
        one.attributes["value"] for one in page.tree.css("#category option, #service option")
    ]
    assert offered == ["", "network", "", "Mail"]
    assert list(asked(page)) == ["place"]
    assert list(asked(go(client, "/"))) == []
    more = go(client, "/").send("/report", {"who": ADA, "problem": "Slow", "category": "network"})
    assert asked(more) == {"place": ["office", "home"], "line": ["fast", "slow"]}
    said = {"who": ADA, "problem": "Slow", "category": "network", "field.line": "slow"}
    assert more.send("/report", said).status == 400
    assert more.send("/report", {**said, "field.place": "home"}).status == 200
    assert desk.tickets.show(1).category == "network"
    assert fields_of(desk, 1) == {"place": "home", "line": "slow"}


def test_a_clients_field_is_asked_of_its_people_alone(desk: Desk) -> None:
    desk.records.add("organisation", "Clinic", {})
    put(desk, "ward", choices="A\nB", client="Clinic", web="needed")
    for who, place in ((ADA, "Clinic"), (BO, "")):
        desk.records.add("person", f"X <{who}>", {"organisation": place})
    client = browser(desk)
    home = f"/p/{web(desk).personal(ADA)[1]}/"
    assert list(asked(go(client, home))) == ["ward"]
    assert list(asked(go(client, f"/p/{web(desk).personal(BO)[1]}/"))) == []
    assert list(asked(go(client, "/"))) == []
    typed = go(client, "/").send("/report", {"who": ADA, "problem": "x", "field.ward": "A"})
    assert "#1" in typed.main  # an address proves nothing: nothing of the client is asked or taken
    assert fields_of(desk, 1) == {}
    go(client, home).send("/report", {"problem": "y", "field.ward": "B"})
    assert fields_of(desk, 2) == {"ward": "B"}


def test_labels_are_in_the_readers_language(desk: Desk) -> None:
    labels = "de=Betriebssystem\nde:other=anderes"
    put(desk, "os", label="Operating system", choices="Windows\nother", labels=labels)
    client = browser(desk)
    german, english = go(client, "/?lang=de"), go(client, "/")
    assert "Betriebssystem (darf leer bleiben)" in german.main
    assert "anderes" in german.main
    assert "Operating system (may stay empty)" in english.main
    german.send("/report", {"who": ADA, "problem": "Kein Ton", "field.os": "other"})
    link = link_to(desk, 1, whose(desk, ADA).person)
    assert "Betriebssystem anderes" in go(client, f"{link}?lang=de").main
    assert "Operating system other" in go(client, link).main


@pytest.mark.parametrize("use", WEB_USES)
def test_a_ticket_shows_its_people_what_they_may_see_of_its_fields(desk: Desk, use: str) -> None:
    put(desk, "code", web=use)
    go(browser(desk), "/").send("/report", {"who": ADA, "problem": "x", "field.code": "1"})
    verbs(desk).change([1], fields={"code": "the zq7 code"})
    verbs(desk).change([1], needs="approval", approver=BO)
    client = browser(desk)
    page = go(client, link_to(desk, 1, whose(desk, ADA).person))
    assert ("the zq7 code" in page.text) == (use != "no")
    assert "the zq7 code" not in go(client, link_to(desk, 1, whose(desk, BO).person)).text


@pytest.mark.parametrize("text", [*hostile_words.OWN, "א" * 300, "<b>" * 100, "{{ 7 * 7 }}"])
def test_hostile_text_in_a_field_of_ones_own_does_nothing(sqlite_desk: Desk, text: str) -> None:
    desk = sqlite_desk
    safe = text.encode("utf-8", "replace").decode()
    put(desk, "room")
    put(desk, "os", choices="Windows\nmacOS")
    said = {
        "who": ADA,
        "problem": "x",
        "field.room": safe[:500],
        "field.os": safe,
        "category": safe,
    }
    client = browser(desk)
    page = go(client, "/").send("/report", {**said, "asked": f"room {safe}"})
    again = go(client, "/").send("/report", {**said, "field.os": ""})
    shown = go(client, link_to(desk, 1, whose(desk, ADA).person))
    for one in (page, again, shown):
        assert one.status in (200, 400)
        assert not one.tree.css("main b, main script, main img, [onerror], [onload]")
        for sign in "\x00\x1b\x9b\u202e\u2066\u200b\U000e0041":
            assert sign not in one.text
