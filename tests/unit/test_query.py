"""The query language: what is read, what is refused and where, and that rendering is stable."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.domain.errors import UsageError
from deskterm.domain.text import clean
from deskterm.triage import spans
from deskterm.triage.near import nearest
from deskterm.triage.query import (
    MAX_DEPTH,
    Either,
    Every,
    Not,
    Query,
    Sort,
    Term,
    narrow,
    parse,
    parse_sort,
    render,
    terms,
)
from deskterm.triage.query_tree import QueryError
from deskterm.triage.terms import SORTS, TERMS

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


def canonical(text: str) -> str:
    return render(parse(text))


def refusal(text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse(text)
    return caught.value


def test_terms_side_by_side_all_hold() -> None:
    query = parse("is:open urgent:yes category:printing assignee:none age>2d vpn")
    assert isinstance(query.where, Every)
    assert [(t.field, t.operator, t.values) for t in terms(query.where)] == [
        ("is", ":", ("open",)),
        ("urgent", ":", ("yes",)),
        ("category", ":", ("printing",)),
        ("assignee", ":", ("none",)),
        ("age", ">", ("2d",)),
        ("text", ":", ("vpn",)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "is:new,waiting,solved,closed,cancelled,merged,mine,unassigned,urgent,any",
        "service:mail group:desk org:acme site:berlin channel:phone,walk-up device:LT-220",
        "from:ada@example.org assignee:me,none,cy",
        "field.os:win11,mac field.error-code:0x80070005",
        "guide:net-no-internet solution:S12",
        "age<4h created:2026-11 updated<1w closed:2026-10-01..2026-10-31",
        "created>=2026-11-05 created:today updated:last-week closed:..2026",
        "created:>2026-01-01",
        "step:verify step:carry-out waiting:customer,approval,other",
        "sort:age-desc sort:subject",
        '"paper jam" or -vpn and not (wifi lan)',
        "#1041 id:1,2,#3",
        "state:open needs:budget outcome:spam foreign:8734",
        "",
        "   ",
    ],
)
def test_every_term_is_read_and_renders_to_the_same_query(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once


def test_or_binds_weaker_than_and_and_not_binds_strongest() -> None:
    where = parse("aa -bb or not cc dd").where
    assert isinstance(where, Either)
    left, right = where.parts
    assert isinstance(left, Every)
    assert isinstance(left.parts[1], Not)
    assert isinstance(right, Every)
    assert isinstance(right.parts[0], Not)
    assert canonical("(aa or bb) cc") == "(aa or bb) cc"


def test_joining_words_in_quotes_are_searched() -> None:
    assert parse('"or"').where == Term("text", ":", ("or",), 0)
    assert canonical('"not"') == '"not"'
    assert parse("orange").where == Term("text", ":", ("orange",), 0)


def test_commas_mean_any_of_also_for_words() -> None:
    assert parse("vpn,wifi").where == Term("text", ":", ("vpn", "wifi"), 0)
    assert parse('group:"second level",desk').where == Term(
        "group", ":", ("second level", "desk"), 0
    )


def test_tickets_side_by_side_are_one_list_as_with_commas() -> None:
    assert parse("#12 #13, #14").where == Term("id", ":", ("12", "13", "14"), 0)
    assert parse("is:open #12 #13").where == Every(
        (Term("is", ":", ("open",), 0), Term("id", ":", ("12", "13"), 8))
    )
    both = Every((Term("text", ":", ("2945",), 0), Term("text", ":", ("2960",), 5)))
    assert parse("2945 2960").where == Either((Term("id", ":", ("2945", "2960"), 0), both))
    assert parse("id:1,2 id:2,3").where == Every(
        (Term("id", ":", ("1", "2"), 0), Term("id", ":", ("2", "3"), 7))
    )
    for text in ("#12 #13", "2945 2960", "is:open 2945 2960", "7 8"):
        assert parse(render(parse(text))).where is not None
        assert render(parse(render(parse(text)))) == render(parse(text))


def test_quotes_of_word_processors_are_quotes_and_a_byte_order_mark_is_none() -> None:
    assert parse("group:“second level”").where == parse('group:"second level"').where
    assert parse("\ufeffis:open").where == parse("is:open").where


def test_signs_inside_a_word_belong_to_it() -> None:
    assert parse('print() wi-fi 24" 10:30 https://x.example/a re:').where == Every(
        (
            Term("text", ":", ("print()",), 0),
            Term("text", ":", ("wi-fi",), 8),
            Term("text", ":", ('24"',), 14),
            Term("text", ":", ("10:30",), 18),
            Term("text", ":", ("https://x.example/a",), 24),
            Term("text", ":", ("re:",), 44),
        )
    )


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("is:opne", 3, "did you mean 'open'"),
        ("is:open categry:print", 8, "did you mean 'category'"),
        ("status:open", 0, "called 'state:'"),
        ("problem:vpn", 8, "takes numbers"),
        ("age=2d", 0, "write 'age:'"),
        ("time:none", 5, "takes '<' or '>'"),
        ("urgent:maybe", 7, "possible: yes, no"),
        ("age:2d", 4, "age>2d is older"),
        ("age>soon", 4, "a span such as"),
        ("created:2026-13", 8, "not in the calendar"),
        ("created:2026-10-31..2026-10-01", 8, "ends before it begins"),
        ("created:monday", 8, "a date such as"),
        ("category>x", 9, "takes ':'"),
        ("sort:priority; DROP", 5, "nothing is sorted by"),
        ("sort:age-up", 5, "neither asc nor desc"),
        ("(is:open", 0, "never closed"),
        ("is:open)", 7, "without its '('"),
        ('is:open "paper', 8, "never closed"),
        ("is:open or", 10, "after 'or'"),
        ("or is:open", 0, "before 'or'"),
        ("is:open and", 8, "both sides"),
        ("not", 0, "after 'not'"),
        ("- vpn", 0, "after '-'"),
        ("()", 0, "empty parentheses"),
        ("-sort:age", 0, "no opposite"),
        ("(sort:age vpn)", 0, "outside of parentheses"),
        ("is:open v", 8, "two characters"),
        ("category:", 9, "needs a value"),
        ("category:a,", 11, "needs a value"),
        ('category:"a"b', 12, "space is needed"),
        ("id:abc", 3, "takes numbers"),
        ("is:open\tassignee:", 17, "me, none"),
    ],
)
def test_a_refusal_names_the_character_and_what_fits_there(
    text: str, position: int, says: str
) -> None:
    error = refusal(text)
    assert isinstance(error, UsageError)
    assert error.exit_code == 2
    assert error.position == position
    assert says in error.sentence
    last = str(error).splitlines()[-1]
    assert last == "  " + " " * position + "^"


def test_the_caret_stands_right_below_wide_and_hostile_text() -> None:
    error = refusal("日本 \x1b[31m\u202e is:opne")
    _, shown, caret = str(error).splitlines()
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "opne" in shown
    assert caret.index("^") == shown.index("opne") + 2  # two wide characters stand before it


def test_a_long_query_is_shown_around_the_error_only() -> None:
    error = refusal("word " * 100 + "is:opne" + " word" * 100)
    assert all(len(line) < 120 for line in str(error).splitlines()[1:])


def test_depth_and_length_are_bounded() -> None:
    parse("(" * (MAX_DEPTH - 1) + "vpn" + ")" * (MAX_DEPTH - 1))
    assert "levels" in refusal("(" * 4000 + "vpn" + ")" * 4000).sentence
    assert "levels" in refusal("-" * 4000 + "vpn").sentence
    assert "longer" in refusal("word " * 10_000).sentence
    assert "more than" in refusal("is:open " * 200).sentence
    assert "more than" in refusal("a1," * 1_100 + "aa bb").sentence


def test_sort_keys_come_from_a_fixed_list() -> None:
    assert parse("sort:age-desc").sort == (Sort("age", True),)
    assert parse("sort:subject,id-desc").sort == (Sort("subject", False), Sort("id", True))
    for key in SORTS:
        assert parse_sort(key).key == key
    with pytest.raises(QueryError):
        parse_sort("priority; DROP TABLE ticket")


def attempt(text: str) -> tuple[Query | None, QueryError | None]:
    try:
        return parse(text), None
    except QueryError as error:
        return None, error


_PIECES = st.sampled_from(
    [
        *(f"{name}:" for name in TERMS),
        *("is:open", "urgent:yes", "age>2d", "created:2026-11", "field.os:x", "sort:age-desc"),
        *(
            "(",
            ")",
            "-",
            "not ",
            "or",
            "and",
            '"',
            ",",
            " ",
            "\\",
            "vpn",
            "#12",
            "<",
            ">",
            "..",
            "ä",
        ),
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=14).map("".join)))
def test_any_text_is_read_or_refused_at_a_place_inside_it(text: str) -> None:
    query, error = attempt(text)
    if error:
        assert 0 <= error.position <= len(text)
        assert error.sentence
        assert all(clean(line) == line for line in str(error).split("\n"))
    elif query:
        once = render(query)
        again = parse(once)
        assert render(again) == once
        assert [t[:3] for t in terms(again.where)] == [t[:3] for t in terms(query.where)]
        assert again.sort == query.sort


@pytest.mark.parametrize(
    "worst", ["(", ")", "-", '"', "a:", "\\", "a,", "is:", " ", "not ", "<", "#1"]
)
def test_the_worst_case_of_50_kb_is_answered_at_once(worst: str) -> None:
    text = worst * (50_000 // len(worst))
    with pytest.raises(QueryError):
        parse(text)
    with pytest.raises(QueryError):
        parse("is:" + text[:9_900])


BERLIN = ZoneInfo("Europe/Berlin")


def test_a_date_is_the_desks_local_day_also_when_the_clocks_change() -> None:
    low, high = spans.bounds(":", "2026-10-25", NOW, BERLIN)
    assert (low, high) == (
        datetime(2026, 10, 24, 22, tzinfo=UTC),
        datetime(2026, 10, 25, 23, tzinfo=UTC),
    )
    low, high = spans.bounds(":", "2026-03-29", NOW, BERLIN)
    assert low is not None
    assert high is not None
    assert high - low == timedelta(hours=23)


def test_where_midnight_is_skipped_the_day_begins_at_the_change() -> None:
    low, _ = spans.bounds(":", "2018-11-04", NOW, ZoneInfo("America/Sao_Paulo"))
    assert low == datetime(2018, 11, 4, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("operator", "text", "low", "high"),
    [
        (":", "2026-12", datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        (":", "2026", datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        ("<", "2026-11", None, datetime(2026, 11, 1, tzinfo=UTC)),
        ("<=", "2026-11", None, datetime(2026, 12, 1, tzinfo=UTC)),
        (">", "2026-11", datetime(2026, 12, 1, tzinfo=UTC), None),
        (">=", "2026-11", datetime(2026, 11, 1, tzinfo=UTC), None),
        (
            ":",
            "2026-10..2026-11",
            datetime(2026, 10, 1, tzinfo=UTC),
            datetime(2026, 12, 1, tzinfo=UTC),
        ),
        (":", "..2026-10-31", None, datetime(2026, 11, 1, tzinfo=UTC)),
        (":", "2026-11-05..*", datetime(2026, 11, 5, tzinfo=UTC), None),
        (":", "last-week", datetime(2026, 11, 9, tzinfo=UTC), datetime(2026, 11, 16, tzinfo=UTC)),
        (":", "1w", NOW - timedelta(days=7), None),
        (">", "2d", None, NOW - timedelta(days=2)),
        (":", "99999y", spans.EPOCH, None),
    ],
)
def test_what_dates_and_spans_mean(
    operator: str, text: str, low: datetime | None, high: datetime | None
) -> None:
    assert spans.bounds(operator, text, NOW, UTC) == (low, high)


def test_what_is_read_never_fails_later_at_another_moment() -> None:
    for text in ("2026-01..today", "yesterday..2026-01", "1970", "2998-12", "0d", "1d..2w"):
        parse(f"created:{text}")
        for now in (datetime(1999, 5, 1, tzinfo=UTC), NOW, datetime(2050, 1, 31, tzinfo=UTC)):
            spans.bounds(":", text, now, BERLIN)


def test_near_words_are_offered_far_ones_are_not() -> None:
    known = ["network/wifi", "network/vpn", "printing", "mail"]
    assert nearest("wfii", known) == ["network/wifi"]
    assert nearest("printng", known) == ["printing"]
    assert nearest("net", known) == ["network/vpn", "network/wifi"]
    assert nearest("zzzzzz", known) == []


def test_two_queries_are_narrowed_into_one_that_keeps_the_second_order() -> None:
    both = narrow("aa or bb sort:age", "assignee:none sort:id")
    assert both == "(aa or bb) assignee:none sort:id-asc"
    assert narrow("", "is:open") == "is:open"
    assert narrow("is:open sort:age", "") == "is:open"
