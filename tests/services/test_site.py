"""The static site: readable by everybody, acted on by nobody, never over a foreign file."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.requests import NewTicket
from deskterm.services.site.make import NEWEST
from tests.beside import hostile
from tests.verbs import verbs

HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]><x/>",
    "&lt;b&gt; &amp; &#60;script&#62;",
    "=HYPERLINK(\"http://x\")",
    "../../../etc/x",
    "javascript:alert(1)",
    "\x1b]52;c;eA==\x07 \u202e gnp.exe \ufffe",
    "[@click=app.quit]x[/]",
    "{{ 7*7 }} ${7*7} %s",
)  # fmt: skip


CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


class Page(HTMLParser):
    """What a browser sees: the tags with their attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the site is written; not there yet."""
    return tmp_path / "site"


def publish(desk: Desk, title: str, audience: str = "public", **values: str) -> int:
    given = {"title": title, "symptoms": "It hums.", "resolution": "Switch it off.", **values}
    number = desk.solutions.new(given).of("solution")[0]
    desk.solutions.publish(number, audience, yes=True)
    return number


def read(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): file.read_text(encoding="utf-8")
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_only_what_is_published_for_everybody_is_on_the_public_site(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    publish(desk, "Public one")
    publish(desk, "Inside one", "organisation")
    publish(desk, "Desk one", "technicians")
    retired = publish(desk, "Old one")
    desk.solutions.retire(retired)
    desk.solutions.new({"title": "A draft"})
    done = desk.solutions.site(folder)
    assert done.pages == 1
    everything = "".join(read(folder).values())
    for title in ("Inside one", "Desk one", "Old one", "A draft"):
        assert title not in everything
    assert desk.solutions.site(tmp_path / "inside", "organisation").pages == 2
    assert desk.solutions.site(tmp_path / "desk", "technicians").pages == 3


def test_every_link_leads_to_a_page_within_the_folder(desk: Desk, folder: Path) -> None:
    for title in ("VPN: no route", "Drücker & Co", "打印机", "..", "a/b\\c", *HOSTILE):
        publish(desk, title)
    desk.solutions.site(folder)
    pages = read(folder)
    for name, text in pages.items():
        if not name.endswith(".html"):
            continue
        assert re.fullmatch(r"index\.html|solutions/\d+(-[a-z0-9-]+)?\.html", name)
        for tag, attributes in Page(text).tags:
            link = attributes.get("href")
            if link is not None:
                target = (folder / name).parent / link
                assert target.resolve().is_relative_to(folder.resolve()), (tag, link)
                assert target.is_file(), (tag, link)


def test_no_value_of_a_solution_becomes_markup(desk: Desk, folder: Path) -> None:
    values = ("symptoms", "environment", "cause", "resolution", "tip", "fixed_in")
    for text in HOSTILE:
        publish(desk, f"T {text}", **dict.fromkeys(values, text))
    plain = publish(desk, "Plain", **dict.fromkeys(values, "x"))
    desk.solutions.site(folder, "technicians")
    pages = {name: Page(shown) for name, shown in read(folder).items() if name.endswith(".html")}
    other = next(page for name, page in pages.items() if name.startswith(f"solutions/{plain}-"))
    assert len(pages) == len(HOSTILE) + 2
    for name, page in pages.items():
        assert "img" not in dict(page.tags)
        assert not any(key.startswith("on") for _, attributes in page.tags for key in attributes)
        if name.startswith("solutions/"):
            assert [tag for tag, _ in page.tags] == [tag for tag, _ in other.tags]
        assert "\x1b" not in page.text
        assert "\u202e" not in page.text


def test_every_hostile_case_stays_text_on_the_site(desk: Desk, folder: Path) -> None:
    cases = hostile()
    names = ("symptoms", "environment", "cause", "resolution", "tip", "fixed_in")
    for case in cases:
        payload = str(case["payload"])
        publish(desk, f"{case['id']} {payload}"[:150], **dict.fromkeys(names, f"x {payload}"))
    desk.solutions.site(folder)
    pages = {name: Page(text) for name, text in read(folder).items() if name.endswith(".html")}
    shapes = {tuple(tag for tag, _ in page.tags) for name, page in pages.items() if "/" in name}
    assert len(pages) == len(cases) + 1
    assert len(shapes) == 1
    assert not any(CONTROL.search(text) for text in read(folder).values())
    feed = ElementTree.fromstring((folder / "feed.xml").read_bytes())
    assert len(feed) >= min(len(cases), NEWEST)


def test_the_search_index_stays_data(desk: Desk, folder: Path) -> None:
    for text in HOSTILE:
        publish(desk, f"T {text}", resolution=text)
    desk.solutions.site(folder)
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert index.count("<script") == index.count("</script>") == 2
    block = r'<script type="application/json" id="index">(.*?)</script>'
    found = re.search(block, index, re.DOTALL)
    assert found is not None
    assert len(json.loads(found.group(1))) == len(HOSTILE)


def test_a_policy_allows_only_our_own_style_and_script(desk: Desk, folder: Path) -> None:
    publish(desk, "One")
    desk.solutions.site(folder)
    for name, text in read(folder).items():
        if not name.endswith(".html"):
            continue
        page = Page(text)
        policy = next(
            value["content"] or ""
            for tag, value in page.tags
            if tag == "meta" and value.get("http-equiv") == "Content-Security-Policy"
        )
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        blocks = re.findall(r"<style>(.*?)</style>|<script>(.*?)</script>", text, re.DOTALL)
        for block in filter(None, (one or other for one, other in blocks)):
            digest = b64encode(sha256(block.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
        assert not re.search(r"(src|href)=\"(https?:)?//", text)


def test_the_feed_is_well_formed_and_relative(desk: Desk, folder: Path) -> None:
    for text in HOSTILE:
        publish(desk, f"T {text}", resolution=text)
    desk.solutions.site(folder)
    root = ElementTree.fromstring((folder / "feed.xml").read_bytes())
    atom = "{http://www.w3.org/2005/Atom}"
    entries = root.findall(f"{atom}entry")
    assert len(entries) == len(HOSTILE)
    for entry in entries:
        link = entry.find(f"{atom}link")
        assert link is not None
        assert (folder / link.get("href", "")).is_file()
    assert len({one.text for one in root.iter(f"{atom}id")}) == len(HOSTILE) + 1


def test_a_folder_with_foreign_files_is_refused_and_left_alone(desk: Desk, folder: Path) -> None:
    publish(desk, "One")
    folder.mkdir()
    (folder / "index.html").write_text("mine")
    with pytest.raises(RefusedError, match="not empty"):
        desk.solutions.site(folder)
    assert read(folder) == {"index.html": "mine"}
    with pytest.raises(UsageError, match="is a file"):
        desk.solutions.site(folder / "index.html")


def test_a_file_that_somebody_put_in_the_way_is_not_overwritten(desk: Desk, folder: Path) -> None:
    publish(desk, "One")
    desk.solutions.site(folder)
    second = publish(desk, "Two")
    mine = folder / "solutions" / f"{second}-two.html"
    mine.write_text("mine")
    before = read(folder)
    with pytest.raises(RefusedError, match="none of the site's own"):
        desk.solutions.site(folder)
    assert read(folder) == before


def test_links_out_of_the_folder_are_not_followed(desk: Desk, folder: Path, tmp_path: Path) -> None:
    publish(desk, "One")
    outside = tmp_path / "outside"
    outside.mkdir()
    desk.solutions.site(folder)
    (folder / "solutions" / "1-one.html").unlink()
    (folder / "solutions").rmdir()
    (folder / "solutions").symlink_to(outside)
    with pytest.raises(RefusedError, match="none of the site's own"):
        desk.solutions.site(folder)
    assert list(outside.iterdir()) == []


def test_its_own_files_are_replaced_and_removed_and_foreign_ones_kept(
    desk: Desk, folder: Path
) -> None:
    first, _ = publish(desk, "One"), publish(desk, "Two")
    desk.solutions.site(folder)
    (folder / "notes.txt").write_text("mine")
    again = desk.solutions.site(folder)
    assert (again.written, again.removed) == (0, 0)
    desk.solutions.edit(first, {"title": "First"})
    done = desk.solutions.site(folder)
    assert (done.removed, done.pages) == (1, 2)
    assert sorted(read(folder)) == [
        ".deskterm-site.json", "feed.xml", "index.html", "notes.txt",
        "solutions/1-first.html", "solutions/2-two.html",
    ]  # fmt: skip


def test_a_list_that_was_tampered_with_removes_nothing_else(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    publish(desk, "One")
    victim = tmp_path / "victim.html"
    victim.write_text("mine")
    desk.solutions.site(folder)
    listed = json.loads((folder / ".deskterm-site.json").read_text())
    listed["files"] |= {"../victim.html": "", str(victim): "", "notes.txt": ""}
    (folder / ".deskterm-site.json").write_text(json.dumps(listed))
    (folder / "notes.txt").write_text("mine")
    assert desk.solutions.site(folder).removed == 0
    assert victim.read_text() == "mine"
    (folder / ".deskterm-site.json").write_text("[")
    with pytest.raises(RefusedError, match="cannot be read"):
        desk.solutions.site(folder)


def test_an_edition_of_one_organisation_holds_nothing_of_another(desk: Desk, folder: Path) -> None:
    desk.records.set("organisation", "Fjord", {})
    ticket = desk.tickets.new(
        NewTicket(subject="Hum", requester="Bo <bo@dune.example>", channel="phone")
    ).tickets[0]
    verbs(desk).solve([ticket], "Off.")
    publish(desk, "For all", "public")
    publish(desk, "For customers", "organisation")
    publish(desk, "Internal", "technicians")
    made = desk.solutions.draft(ticket, {"title": "Of Dune"}).of("solution")[0]
    desk.solutions.publish(made, "organisation", yes=True)
    desk.solutions.site(folder, "organisation:fjord")
    text = (folder / "index.html").read_text() + (folder / "feed.xml").read_text()
    titles = ("For all", "For customers", "Of Dune", "Internal")
    assert [title in text for title in titles] == [True, True, False, False]
    with pytest.raises(NotFoundError):
        desk.solutions.site(folder, "organisation:Nobody")
    with pytest.raises(UsageError):
        desk.solutions.site(folder, "public:Fjord")
