"""Hostile text: one rule for eyes, one for drivers, one for headers, cells and file names."""

import re
import sqlite3
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskterm.domain.address import normal_address, shown_address
from deskterm.domain.errors import UsageError
from deskterm.domain.text import (
    cell_exact,
    cell_safe,
    clean,
    header_safe,
    safe_filename,
    storable,
)

LONG = 50_000
UNHURRIED = settings(deadline=None)
ANY = st.text(alphabet=st.characters(), max_size=200)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
ACTIVE = [
    *(chr(code) for code in range(0x20) if chr(code) not in "\n\t"),
    *(chr(code) for code in range(0x7F, 0xA0)),
    *"\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f",
    *"\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2066\u2067\u2068\u2069\u206f",
    *"\u3164\ufeff\uffa0\ufff9\ufffb\ud83d\udc80\U000e0001\U000e0064\U000e007f\U0001d173",
]


_JOINERS_IN_PLACE = re.compile(
    "(?<=[^\\W\\dA-Za-z]|[^\\w\\s])[\u200c\u200d](?=[^\\W\\dA-Za-z]|[^\\w\\s])"
)


@pytest.mark.parametrize("text", ["صفحه\u200cکلید", "क\u094d\u200dष", "👨\u200d👩\u200d👧"])
def test_joiners_stay_where_a_script_or_an_emoji_is_written_with_them(text: str) -> None:
    assert clean(text) == text
    assert clean(text, one_line=True) == text


@pytest.mark.parametrize("text", ["pay\u200dpal", "\u200cکلید", "کلید\u200d", "ک\u200d\u200dل"])
def test_a_joiner_that_joins_nothing_is_seen(text: str) -> None:
    assert "\u200c" not in clean(text)
    assert "\u200d" not in clean(text)
    assert "\ufffd" not in clean(text)


@pytest.mark.parametrize("sign", ACTIVE, ids=lambda sign: f"U+{ord(sign):04X}")
def test_no_active_character_reaches_eyes(sign: str) -> None:
    for one_line in (False, True):
        shown = clean(f"a{sign}b", one_line)
        assert sign not in shown
        assert shown.startswith("a")
        assert shown.endswith("b")
        assert shown.isprintable() or "\n" in shown


@UNHURRIED
@given(ANY)
def test_what_eyes_see_holds_nothing_active(text: str) -> None:
    shown = clean(text)
    assert not set(_JOINERS_IN_PLACE.sub("", shown)) & set(ACTIVE)
    assert all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") for c in shown)
    line = clean(text, one_line=True)
    assert not set(line) & set("\n\t\r")


@UNHURRIED
@given(ANY)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    for one_line in (False, True):
        once = clean(text, one_line)
        assert clean(once, one_line) == once


@UNHURRIED
@given(st.text(alphabet=st.characters(max_codepoint=126, min_codepoint=32)))
def test_plain_ascii_passes_unchanged(text: str) -> None:
    assert clean(text) == text
    assert storable(text) == text


def test_everyday_letters_of_many_scripts_pass_unchanged() -> None:
    text = "Größe naïve žluťoučký Ёлка עברית العربية 日本語 한국어 ไทย हिन्दी 👍 €5 – …"
    assert clean(text) == text


def test_bracketed_words_and_markup_are_text() -> None:
    for text in ("[SUP-123] [/] [@click=app.quit]x[/]", ":bomb: :100:", "[link=file:///x]y"):
        assert clean(text) == text


def test_marks_are_cut_to_three_and_selectors_go() -> None:
    assert clean("a" + "\u0301" * 500) == "a" + "\u0301" * 3
    assert clean("\u2764\ufe0f" * 3) == "\u2764" * 3


def test_line_ends_of_every_kind_are_one_kind() -> None:
    assert clean("a\r\nb\rc\x85d\u2028e\u2029f") == "a\nb\nc\nd\ne\nf"
    assert clean("a\r\nb\rc\td", one_line=True).count("\n") == 0


@UNHURRIED
@given(ANY)
def test_what_is_stored_can_be_stored_and_only_loses_what_cannot(text: str) -> None:
    kept = storable(text)
    assert len(kept) == len(text)
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert "\x00" not in kept
    with sqlite3.connect(":memory:") as database:
        assert database.execute("SELECT ?", (kept,)).fetchone() == (kept,)
    database.close()
    assert [a for a, b in zip(text, kept, strict=True) if a != b] == [
        c for c in text if c == "\x00" or "\ud800" <= c <= "\udfff"
    ]


@UNHURRIED
@given(ANY)
def test_a_header_is_one_line(text: str) -> None:
    header = header_safe(text)
    assert len(header.splitlines()) <= 1
    assert "\x00" not in header


@UNHURRIED
@given(st.sampled_from([*FORMULA, "'", "''=", ""]), ANY)
def test_no_cell_starts_a_formula_and_each_comes_back(start: str, rest: str) -> None:
    text = start + rest
    cell = cell_safe(text)
    assert not cell.startswith(FORMULA)
    assert cell_exact(cell) == text


@UNHURRIED
@given(ANY)
def test_a_file_name_is_one_safe_base_name(text: str) -> None:
    name = safe_filename(text)
    assert 0 < len(name) <= 120
    assert not set(name) & {"/", "\\", "\x00", *ACTIVE}
    assert not name.startswith((".", "-", "~"))
    assert name == safe_filename(name)
    assert len(name.encode("utf-8", "surrogatepass")) < 500


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ("../../etc/cron.d/x", "x"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\x.exe", "x.exe"),
        ("x.txt\x00.exe", "x.txt_.exe"),
        ("~/.bashrc", "bashrc"),
        ("", "unnamed"),
        ("..", "unnamed"),
        ("C:\\x", "x"),
        (".ssh/authorized_keys", "authorized_keys"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
        ("a" * 300 + ".txt", "a" * 116 + ".txt"),
        ("Bericht für Größe.pdf", "Bericht_für_Größe.pdf"),
    ],
)
def test_file_names_keep_their_real_extension(given_: str, wanted: str) -> None:
    assert safe_filename(given_) == wanted


WORST = {
    "escapes": "\x1b[31m" * (LONG // 5),
    "marks": "a" + "\u0301" * LONG,
    "bells": "\x07" * LONG,
    "selectors": "\u2764\ufe0f" * (LONG // 2),
    "spaces": " " * LONG + "x",
    "line ends": "\r\n" * (LONG // 2),
    "slashes": "../" * (LONG // 3),
    "dots": "." * LONG,
    "tags": "\U000e0064" * LONG,
    "at signs": "a@" * (LONG // 2),
    "one long name": "a" * LONG + "!",
    "quotes": '"' * LONG,
}


@pytest.mark.parametrize("name", WORST)
def test_every_function_is_linear_on_its_own_worst_case(name: str) -> None:
    """What takes a second pass for each character would not end within the run."""
    text = WORST[name]
    for function in (clean, storable, header_safe, cell_safe, safe_filename, shown_address):
        assert len(function(text)) <= len(text) + 10
    assert len(clean(text, one_line=True)) <= len(text)


# --- addresses -------------------------------------------------------------------------------


def test_an_address_is_known_in_lower_case() -> None:
    assert normal_address(" Ada.Moss@Example.ORG\t") == "ada.moss@example.org"


@pytest.mark.parametrize(
    "text",
    [
        "a@bank.test@evil.test",
        "a@x.test>\r\nRCPT TO:<evil@x.test",
        "a b@x.test",
        "a@x.test\n",
        "a@x.test\nBcc: b@x.test",
        '"x" <victim@e.test>',
        "a@x.test,b@x.test",
        "@x.test",
        "a@",
        "",
        "a\x00@x.test",
        "a@x\u202e.test",
        "a\u200b@x.test",
        "(comment)a@x.test",
        "a" * 65 + "@x.test",
    ],
)
def test_what_is_no_single_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a mail address"):
        normal_address(text)


def test_addresses_of_their_own_worst_case_are_read_at_once() -> None:
    for text in ("a" * LONG + "!", "a@" * (LONG // 2), "a" * LONG + "@", " " * LONG, "(" * LONG):
        with pytest.raises(UsageError) as refused:
            normal_address(text)
        assert len(str(refused.value)) < 400


def test_a_domain_that_mixes_scripts_is_shown_in_punycode() -> None:
    shown = shown_address("helpdesk@\u0435xample.test")
    assert shown.isascii()
    assert shown.startswith("helpdesk@xn--")
    assert shown_address("ada@example.org") == "ada@example.org"
    assert shown_address("ada@bücher.test") == "ada@bücher.test"
    assert shown_address("ада@пример.рф") == "ада@пример.рф"
