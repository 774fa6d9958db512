"""The whole story in a real browser, by keyboard alone and without JavaScript; and axe's findings.

Needs Chromium and what drives it: `apt-get install chromium`, `uv sync --group browser`.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.remedies import read_remedy
from deskterm.domain.vocabulary import State
from tests.builders import open_ticket, value
from tests.verbs import verbs
from tests.web.pages import link_to, web, whose
from tests.web.test_serving import served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
ADA = "ada@example.org"
pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser without a window, or the reason why there is none."""
    if not CHROMIUM:
        pytest.skip("no browser here: apt-get install chromium")
    why = "no browser here: uv sync --group browser"
    driving = pytest.importorskip("playwright.sync_api", reason=why)
    with driving.sync_playwright() as driver:
        # a page of a made-up address may frame one of this machine
        args = ["--no-sandbox", "--disable-features=LocalNetworkAccessChecks"]
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=args)
        yield browser
        browser.close()


@contextmanager
def desk_with_face(url: str) -> Iterator[tuple[Desk, str]]:
    """A desk, and where its web face is served."""
    desk = open_desk(settings.load({"db": url}, as_login="cy"))
    desk.desk_settings.set("web.most_per_minute", "0")
    with served(url) as (_, where):
        yield desk, where.rstrip("/")
    desk.close()


@pytest.fixture
def face(database_url: str) -> Iterator[tuple[Desk, str]]:
    """On each database."""
    with desk_with_face(database_url) as found:
        yield found


@pytest.fixture
def sqlite_face(sqlite_url: str) -> Iterator[tuple[Desk, str]]:
    """For what does not depend on the database."""
    with desk_with_face(sqlite_url) as found:
        yield found


def reach(page: Any, selector: str) -> None:
    """Go on with Tab until what is wanted has the focus, as who uses no mouse does."""
    for _ in range(80):
        if page.locator(f"{selector}:focus").count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector} on {page.url}")


def fill_in(page: Any, selector: str, text: str) -> None:
    reach(page, selector)
    page.keyboard.type(text)


def send(page: Any, form: str) -> None:
    reach(page, f"form[action$='{form}'] button")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def fits(page: Any) -> bool:
    """Tell whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_the_story_by_keyboard_alone_and_without_javascript(
    chromium: Any, face: tuple[Desk, str], width: int, scheme: str
) -> None:
    desk, where = face
    page = chromium.new_page(
        java_script_enabled=False,
        viewport={"width": width, "height": 780},
        color_scheme=scheme,
    )
    page.goto(where)
    fill_in(page, "#who", ADA)
    fill_in(page, "#problem", "No sound. " + "Wörter" * 60)
    reach(page, "#urgent")
    page.keyboard.press("Space")
    send(page, "/report")
    assert "#1" in page.locator("main").inner_text()
    assert value(desk, 1, "urgent") in (True, 1)

    page.goto(where + link_to(desk, 1, whose(desk, ADA).person))
    assert fits(page)
    fill_in(page, "#text", "The red cable is loose.")
    send(page, "/reply")
    assert "The red cable is loose." in page.locator(".talk").inner_text()

    verbs(desk).solve([1], "A new cable.")
    verbs(desk).verify([1], "craft", "ok", "tried")
    page.reload()
    reach(page, "#wy")
    page.keyboard.press("Space")
    send(page, "/answer")
    assert value(desk, 1, "state") == State.CLOSED

    reach(page, "#s1")
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    send(page, "/answer")
    assert value(desk, 1, "rating") == 5
    page.close()


def test_axe_finds_nothing_serious_on_any_page(
    chromium: Any, sqlite_face: tuple[Desk, str]
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    desk, where = sqlite_face
    number = open_ticket(desk, "ש" * 300, body="It hums.")
    desk.solutions.offer(number, [read_remedy("Repair it|30 min"), read_remedy("A new set|2 h")])
    verbs(desk).change([number], needs="approval", approver=ADA)
    done = open_ticket(desk)
    verbs(desk).solve([done], "A new cable.")
    words = {"title": "Red cable", "symptoms": "The red cable is loose", "resolution": "Plug it in"}
    made = desk.solutions.new(words).subjects[0][1]
    desk.solutions.publish(made, "public")
    desk.announcements.new("The VPN is down until noon.")
    desk.records.set("field", "os", {"web": "needed", "choices": "Windows\nmacOS"})
    desk.records.set("field", "room", {"web": "asked", "label": "ש" * 300})
    person = whose(desk, ADA).person
    home = f"/p/{web(desk).link(person)}"
    paths = ["/", f"{home}/", f"{home}/mine", "/solutions?q=cable", f"/solutions/{made}", "/news"]
    paths += [
        "/embed",
        "/offer",
        "/link",
        link_to(desk, number, person),
        link_to(desk, done, person),
        "/t/x",
    ]
    for width, scheme in ((360, "dark"), (1280, "light")):
        page = chromium.new_page(
            viewport={"width": width, "height": 780},
            color_scheme=scheme,
            bypass_csp=True,
        )
        for path in paths:
            page.goto(where + path)
            assert fits(page), path
            found = axe.run(page).response["violations"]
            serious = [one["id"] for one in found if one["impact"] in ("serious", "critical")]
            assert not serious, (path, width, scheme, found)
        page.close()


def test_what_goes_with_a_choice_is_asked_at_once_by_script_and_later_without(
    chromium: Any, sqlite_face: tuple[Desk, str]
) -> None:
    desk, where = sqlite_face
    desk.records.set("field", "os", {"web": "needed", "choices": "Windows\nmacOS"})
    desk.records.set("field", "version", {"web": "asked", "choices": "11 if os=Windows"})
    for number, script in enumerate((True, False), 1):
        page = chromium.new_page(java_script_enabled=script)
        refused: list[str] = []
        page.on("console", lambda message, told=refused: told.append(message.text))
        page.goto(where)
        fill_in(page, "#who", ADA)
        fill_in(page, "#problem", f"No sound {number}")  # the same again would be the same report
        reach(page, "[name='field.os']")
        page.keyboard.type("W")
        if script:
            page.locator("[name='field.version']").wait_for()
            page.locator("[name='field.os']:focus").wait_for()
        else:
            send(page, "/report")
            assert fits(page)
        reach(page, "[name='field.version']")
        page.keyboard.type("1")
        send(page, "/report")
        assert f"#{number}" in page.locator("main").inner_text()
        assert desk.tickets.show(number).fields == {"os": "Windows", "version": "11"}
        assert not refused
        page.close()


def test_the_form_stands_in_a_frame_of_a_named_page_and_of_no_other(
    chromium: Any, sqlite_face: tuple[Desk, str]
) -> None:
    desk, where = sqlite_face
    named, other = "http://intranet.example.org", "http://elsewhere.example.org"
    desk.desk_settings.set("web.url", where)
    desk.desk_settings.set("web.frames", named)
    snippet = web(desk).published.snippet()
    page = chromium.new_page()
    page.route("**/around", lambda route: route.fulfill(body=snippet, content_type="text/html"))
    page.goto(f"{other}/around")
    page.wait_for_function("document.querySelector('iframe').contentWindow.length === 0")
    assert not page.frame_locator("iframe").locator("#who").count()
    page.goto(f"{named}/around")
    form = page.frame_locator("iframe")
    form.locator("#who").fill(ADA)
    form.locator("#problem").fill("No sound")
    form.locator("#report button").click()
    form.get_by_text("#1").wait_for()
    assert value(desk, 1, "channel") == "web"
    page.close()


def test_what_helps_appears_while_somebody_types(
    chromium: Any, sqlite_face: tuple[Desk, str]
) -> None:
    desk, where = sqlite_face
    words = {"title": "Red cable", "symptoms": "The red cable is loose", "resolution": "Plug it in"}
    desk.solutions.publish(desk.solutions.new(words).subjects[0][1], "public")
    page = chromium.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(where)
    page.locator("#problem").type("my red cable is loose")
    link = page.locator("#perhaps a")
    link.wait_for()
    assert link.inner_text() == "Red cable"
    assert not refused
    page.close()
