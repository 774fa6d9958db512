"""Letters in words, in each language, as text and HTML; nothing that a value says can act."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from jinja2 import Environment
from jinja2.meta import find_undeclared_variables

from deskterm.domain.errors import UsageError
from deskterm.domain.news import Kind
from deskterm.mail import staff
from deskterm.mail.render import render
from deskterm.mail.samples import SAMPLE_FACE, sample, samples
from deskterm.mail.template_check import check_template
from deskterm.mail.templates import ALL, AROUND, LETTERS, PAGE, shipped
from deskterm.mail.words import CUT_LINES, ENGLISH, OFFER_WORDS, SPEECHES, marker_lines
from deskterm.services import offers
from deskterm.services.web import words as web_words

HOSTILE = (
    "<script>alert(1)</script>\x02Yes\x03a@b\x03javascript:alert(1)\x04 {{ 7 * 7 }} "
    'javascript:x http://e.test/"onmouseover=x <img src=http://e.test/p.gif>\n> "quoted" & so on'
)


class Tags(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            assert name in ("style", "href", "lang", "role", "charset"), name
            if name == "href":
                self.links.append(value or "")


@pytest.mark.parametrize("language", SPEECHES)
@pytest.mark.parametrize("name", [*LETTERS, *AROUND])
def test_every_letter_stands_in_every_case_and_language(name: str, language: str) -> None:
    check_template(name, shipped(name, language), language)
    for letter in samples(name, language):
        words = render(letter, SAMPLE_FACE, {})
        assert words.subject.startswith("[#1042]")
        assert words.text.startswith(SPEECHES[language].cut_line)
        assert "None" not in words.text
        assert "We help you work." in words.text


def _used(text: str) -> set[str]:
    """Give what a template is filled with."""
    known = Environment(autoescape=True)
    known.filters["quoted"] = str
    return find_undeclared_variables(known.parse(text))


@pytest.mark.parametrize("language", SPEECHES)
def test_each_language_has_every_letter_and_tells_the_same_of_it(language: str) -> None:
    folder = files("deskterm.mail.letters")
    own = folder / language if language != ENGLISH else folder
    assert {one.name for one in own.iterdir() if one.name.endswith(".txt")} == {
        f"{name}.txt" for name in ALL if name != PAGE
    }
    for name in set(ALL) - {PAGE}:
        missing = _used(shipped(name)) ^ _used(shipped(name, language))
        assert not missing, (name, missing)
    english, words = SPEECHES[ENGLISH], SPEECHES[language]
    assert (words.choices.keys(), words.lengths.keys()) == (
        english.choices.keys(), english.lengths.keys(),
    )  # fmt: skip
    assert (len(set(words.months)), len(set(words.days)), words.cut_line in CUT_LINES) == (
        12, 7, True,
    )  # fmt: skip
    assert staff.said(language).keys() == set(Kind)
    assert language == ENGLISH or staff.said(language) != staff.said(ENGLISH)


def test_letters_pages_and_offers_speak_the_same_languages() -> None:
    assert set(SPEECHES) == set(web_words.LANGUAGES) == set(offers.LANGUAGES)
    for language in offers.LANGUAGES:
        assert OFFER_WORDS[language].keys() == OFFER_WORDS["en"].keys()
        assert offers.target_in_words("4h", language).startswith("4 ")


@pytest.mark.parametrize("name", LETTERS)
def test_hostile_values_are_words_in_text_and_html(name: str) -> None:
    for letter in samples(name):
        part = replace(letter.parts[0], reason=HOSTILE, resolution=HOSTILE, approver=HOSTILE)
        words = render(
            replace(letter, parts=(part,), said=HOSTILE, subject=HOSTILE, owner=HOSTILE),
            SAMPLE_FACE,
            {},
        )
        page = Tags(words.html)
        assert page.tags <= {"html", "head", "meta", "title", "body", "table", "tr", "td", "p",
                             "br", "a", "blockquote"}  # fmt: skip
        assert all(re.match(r"https?://|mailto:", link) for link in page.links)
        assert not re.search("[\x00-\x08\x0b-\x1f]", words.text + words.html)
        assert "49" not in words.text.replace("1049", "")


def test_choices_are_links_in_both_forms_and_nowhere_else() -> None:
    words = render(sample("poll"), SAMPLE_FACE, {})
    text = re.findall(
        r"\[ (\d - [a-z-]+(?: [a-z]+)?) \]  mailto:help\+as1042-7-345-(\d)", words.text
    )
    assert [label[0] for label, _ in text] == [value for _, value in text] == list("54321")
    links = [link for link in Tags(words.html).links if "+as" in link]
    assert len(links) == 5
    assert all("?subject=Answer%20to%20%5B%231042%5D&body=" in link for link in links)
    assert Tags(render(sample("reply"), SAMPLE_FACE, {}).html).links == []


def test_whoever_is_only_kept_informed_can_leave_and_nobody_else() -> None:
    watcher = replace(sample("closed"), is_requester=False)
    assert "write to help+u1042-7." in render(watcher, SAMPLE_FACE, {}).text
    assert "help+u" not in render(sample("closed"), SAMPLE_FACE, {}).text
    approver = replace(sample("approval"), is_requester=False)
    assert "help+u" not in render(approver, SAMPLE_FACE, {}).text


def test_a_language_nobody_translated_is_english_until_the_desk_writes_it() -> None:
    letter = sample("closed", "it")
    assert "ticket is solved" in render(letter, SAMPLE_FACE, {}).text
    edited = {"it.closed": "Subject: x\nÈ finito."}
    assert "È finito." in render(letter, SAMPLE_FACE, edited).text
    assert "È finito." not in render(sample("closed", "de"), SAMPLE_FACE, edited).text


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "closed",
            "Subject: x\n\n{% if outcome == 'duplicate' %}\n{{ gone }}\n{% endif %}",
            "line 4",
        ),
        ("closed", "Subject: x\n{% if %}", "line 2"),
        ("closed", "no subject", "line 1: begin with"),
        ("frame", "{{ text }}\n{{ nothing }}", "line 2: 'nothing' is undefined"),
        (PAGE, "<p>\n<img src='http://e.test/x'>{{ content }}", "line 2: '<img'"),
        (PAGE, "<p>no words</p>", "put {{ content }}"),
        ("nothing", "Subject: x\ny", "there is no letter 'nothing'"),
    ],
)
def test_words_that_fail_in_any_case_are_refused_with_their_line(
    name: str, text: str, message: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        check_template(name, text)


def test_an_edited_page_escapes_every_value() -> None:
    page = {PAGE: "<html><body><h1>{{ subject }}</h1>{{ content }}</body></html>"}
    words = render(replace(sample("reply"), subject="<b>&"), SAMPLE_FACE, page)
    assert "<h1>&lt;b&gt;&amp;</h1>" in words.html
    assert "<p>" in words.html


@pytest.mark.parametrize("line", CUT_LINES)
def test_our_marker_is_found_in_every_language(line: str) -> None:
    half = len(line) // 2
    assert marker_lines(["new", f"> {line}"]) == 1
    assert marker_lines(["new", line[:half], line[half:]]) == 1
