"""How the web face looks: stylesheets, and the form in a frame of named pages (semantics §15)."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from tests.builders import count
from tests.web.pages import Page, browser, go, link_to, web, whose

ADA = "ada@example.org"
INTRANET = "https://intranet.example.org"


def ancestors(page: Page) -> str:
    """Give who may show a page in a frame, as its headers say."""
    headers = page.client.get(page.path).headers
    policy = headers["content-security-policy"].partition("frame-ancestors ")[2].partition(";")[0]
    return f"{policy} {headers.get('x-frame-options', '')}".strip()


@pytest.mark.parametrize(
    "style",
    [
        *("@import 'a.css';", "@IMPORT url(a.css);", "a{background:url(https://e.example/x)}"),
        *("a{background:url( '//e.example/x' )}", "a{background:\\75rl(x)}"),
        *("a{background:u\\rl(x)}", "a{background:image-set('x' 1x)}", "a{src:src('x')}"),
        *("@font-face{src:url(data:font/woff2;base64,x)}", "a{background:url(data:text/html,x)}"),
        *(
            "a{x:expression(1)}",
            "a{-moz-binding:url(x)}",
            "a{color:red",
            "a{} /* never",
            "</style>",
        ),
        "a{content:'/*'} p{background:url(https://e.example/x)} b{content:'*/'}",
        "a{content:'\\'/*'} p{background:url(//e.example/x)} b{content:'*/'}",
        "/* ' */ p{background:url(//e.example/x)} /* ' */",
        *("a{background:url(javascript:x)}", "@\\69mport 'x';", "x" * 200_001),
    ],
)
def test_a_stylesheet_that_fetches_something_or_is_not_whole_is_refused(
    sqlite_desk: Desk, style: str
) -> None:
    with pytest.raises(UsageError, match="stylesheet"):
        sqlite_desk.desk_settings.set("web.style", style)
    with pytest.raises(UsageError, match="stylesheet"):
        sqlite_desk.records.set("organisation", "Clinic", {"style": style})


@pytest.mark.parametrize(
    "style",
    [
        *("a { color: red }", "@media (max-width: 9rem) { a { color: red } }", "/* url( */ a {}"),
        *('a::before { content: "}{" }', "a{background:url('data:image/png;base64,AA==')}", ""),
        *("#element, .image-setting { --src: 1 }", "a { content: '/*' }"),
        *("a { content: '\\'' } /* { */", "/* it's */ a {}"),
    ],
)
def test_a_stylesheet_without_anything_from_elsewhere_is_taken(
    sqlite_desk: Desk, style: str
) -> None:
    sqlite_desk.desk_settings.set("web.style", style)
    assert sqlite_desk.desk_settings.get("web.style").value == style


def test_a_clients_people_see_its_look_and_name_and_others_do_not(desk: Desk) -> None:
    desk.desk_settings.set("web.style", "h1 { color: navy }")
    given = {"style": "h1 { color: teal }", "desk_name": "Clinic help", "mission": "We care."}
    desk.records.set("organisation", "Clinic", given)
    desk.records.set("person", f"Ada <{ADA}>", {"organisation": "Clinic"})
    client = browser(desk)

    def styles(page: Page) -> str:
        links = [str(one.attributes["href"]) for one in page.tree.css("link[rel=stylesheet]")]
        return "".join(client.get(one).text for one in links if "/look/" in one)

    own, other = go(client, f"/p/{web(desk).personal(ADA)[1]}/"), go(client, "/")
    assert (styles(own), styles(other)) == ("h1 { color: teal }", "h1 { color: navy }")
    assert "Clinic help" in own.text
    assert "We care." in own.text
    assert "Clinic" not in other.text
    assert client.get("/look/1.css").status_code == 404
    desk.ledger.undo()
    desk.records.set("organisation", "Clinic", {"style": ""})
    again = browser(desk)
    assert styles(go(again, "/")) == "h1 { color: navy }"


def test_nobody_may_show_a_page_in_a_frame_unless_named(desk: Desk) -> None:
    client = browser(desk)
    for path in ("/", "/embed", "/embed/", "/solutions"):
        assert ancestors(go(client, path)) == "'none' DENY"
    desk.desk_settings.set("web.frames", f"{INTRANET} http://localhost:8000")
    client = browser(desk)
    assert ancestors(go(client, "/embed")) == f"{INTRANET} http://localhost:8000"
    for path in ("/", "/embedded", "/solutions", "/link", "/t/x", "/embed/solutions"):
        assert ancestors(go(client, path)) == "'none' DENY" or path.startswith("/embed/")
    assert go(client, "/embed/mine").status == go(client, "/embed/solutions").status == 404


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.example.org", "example.org", f"{INTRANET}/x", "a b; x 'self'"],
)
def test_an_origin_is_named_whole_or_refused(sqlite_desk: Desk, origin: str) -> None:
    with pytest.raises(UsageError, match="is no origin"):
        sqlite_desk.desk_settings.set("web.frames", origin)


def test_the_form_in_a_frame_opens_tickets_and_stays_in_it(desk: Desk) -> None:
    desk.desk_settings.set("web.frames", INTRANET)
    desk.records.set("field", "os", {"web": "needed", "choices": "Windows\nmacOS"})
    client = browser(desk)
    page = go(client, "/embed?lang=de")
    assert not page.tree.css("nav, header, footer")
    bad = page.send("/embed/report", {"who": ADA, "problem": "Kein Ton"})
    assert (bad.path, bad.status) == ("/embed/report", 400)
    done = bad.send("/embed/report", {"who": ADA, "problem": "Kein Ton", "field.os": "macOS"})
    assert "Danke" in done.main
    assert count(desk, "ticket") == 1
    for one in (page, bad, done):
        outward = [a for a in one.tree.css("main a") if a.attributes.get("target") != "_self"]
        assert not outward or one.tree.css("base[target=_blank]")
    assert link_to(desk, 1, whose(desk, ADA).person)


def test_the_snippet_names_the_page_its_look_and_language(desk: Desk) -> None:
    published = web(desk).published
    with pytest.raises(RefusedError, match=r"web\.url"):
        published.snippet()
    desk.desk_settings.set("web.url", "https://help.example.org/it")
    desk.desk_settings.set("desk.name", 'Help "desk" <b>')
    desk.records.set("organisation", "Clinic", {"style": "h1 { color: teal }"})
    assert 'src="https://help.example.org/it/embed"' in published.snippet()
    assert "<b>" not in published.snippet()
    with pytest.raises(NotFoundError):
        published.snippet("Nobody")
    shown = published.snippet("Clinic", "de")
    where = shown.partition('src="https://help.example.org/it')[2].partition('"')[0]
    page = go(browser(desk), where.replace("&amp;", "&"))
    assert "Etwas melden" in page.main
    sheets = [str(one.attributes["href"]) for one in page.tree.css("link[rel=stylesheet]")]
    assert page.client.get(sheets[-1]).text == "h1 { color: teal }"
    assert "look=" in str(page.form("/embed/report").attributes["action"])
