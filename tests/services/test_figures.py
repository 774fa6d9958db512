"""Figures of a period: as defined, whole and in parts, and from each number to its tickets."""

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import timedelta
from html import escape
from pathlib import Path

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.errors import UsageError
from deskterm.reports.figure_sheet import COLUMNS, figure_sheet, words
from deskterm.reports.figures import BY_NAME, FIGURES, LENGTH, SPLITS, STANDING, Value
from deskterm.reports.page import Face, html_page
from deskterm.reports.sheet import as_csv
from deskterm.reports.shown import Told, Wish
from deskterm.services.figures import write
from deskterm.storage.ticket.hold import hold
from deskterm.triage.query_tree import QueryError
from tests.builders import open_ticket, solved_ticket
from tests.verbs import verbs


def some_weeks(desk: Desk) -> None:
    """Tickets of every kind: solved at once, escalated, come back, spam, merged, still open."""
    does = verbs(desk)
    desk.admin.set_group("net", level=2)
    for name in ("mail", "desk"):
        desk.admin.set_group(name)
    for path in ("network", "network/wifi", "=1+1"):
        desk.admin.set_category(path)
    at_once = solved_ticket(desk, category="network/wifi")
    does.finish([at_once], "Cable.", "said so", How())
    away = open_ticket(desk, category="network", channel="email")
    for group in ("desk", "mail", "mail"):
        does.change([away, at_once], group=group)
    does.escalate([away], "net", "look at it")
    does.reply([away], "We look at it.")
    does.finish([away], "Switch mended.", "no answer")
    does.reopen([away], "It is back.")
    spam, other, merged = (open_ticket(desk, category="=1+1", urgent=True) for _ in range(3))
    does.close([spam], "spam")
    does.merge([merged], other)
    does.cancel([open_ticket(desk)], "not wanted")
    does.take([open_ticket(desk, channel="web")])


def one(desk: Desk, name: str, query: str = "") -> Value:
    """Give one figure of the last 30 days."""
    (row,) = desk.figures.show(Wish((name,), query=query)).rows
    return row.value


def test_each_figure_counts_what_its_definition_says(desk: Desk) -> None:
    some_weeks(desk)
    found = {row.figure.name: row for row in desk.figures.show(Wish()).rows}
    assert {name: found[name].value.many for name in ("logged", "closed", "open")} == {
        "logged": 5,
        "closed": 2,
        "open": 3,
    }
    rates = {name: row.value.share for name, row in found.items() if row.value.share}
    assert {name: tuple(share) for name, share in rates.items() if share.of} == {
        "first-contact": (1, 2),
        "first-contact-eligible": (1, 2),
        "first-level": (1, 2),
        "escalated": (1, 2),
        "reopened": (1, 2),
        "known": (0, 2),
        "linked": (0, 2),
        "met-pickup": (4, 4),
        "met-solution": (2, 2),
        "moved-again": (1, 2),
    }
    assert {
        name: (found[name].value.number, found[name].tickets()) for name in ("moves", "merged")
    } == {
        "moves": (3, [2, 1]),
        "merged": (1, [5]),
    }
    assert found["response"].value.cases == 4
    assert found["escalated"].tickets() == [2]


@pytest.mark.parametrize("by", ["", *SPLITS])
def test_a_number_its_csv_row_and_its_list_of_tickets_agree(desk: Desk, by: str) -> None:
    some_weeks(desk)
    rows = desk.figures.show(Wish(by=by)).rows
    agree(desk, rows)
    if by not in ("end", "guide", "problem"):  # a ticket may be in several of these parts
        for figure in FIGURES:
            parts = sum(row.value.cases for row in rows if row.figure == figure)
            assert parts == one(desk, figure.name).cases


def agree(desk: Desk, rows: Sequence[Told]) -> None:
    sheet = figure_sheet("", rows)
    lines = list(csv.DictReader(io.StringIO(as_csv(sheet.rows, {n: n for n in COLUMNS}))))
    assert len(lines) == len(rows)
    for row, shown, line in zip(rows, sheet.rows, lines, strict=True):
        assert line["name"] == row.figure.name
        assert line["part"].lstrip("'") == row.part
        assert len(row.tickets()) == shown.many == len(shown.tickets)
        assert asked(desk, line["query"]) == row.tickets()
        assert int(line["n"]) == row.value.cases
        if line["hits"]:
            assert float(line["hits"]) == len(row.tickets())
        assert line["number"] == ("" if row.value.number is None else str(row.value.number))


def test_figures_are_split_by_the_desks_own_fields(desk: Desk) -> None:
    some_weeks(desk)
    desk.records.set("field", "Os", {"choices": "Windows 11\nmac, old"})
    verbs(desk).change([1, 2], fields={"Os": "Windows 11"})
    verbs(desk).change([4], fields={"Os": "mac, old"})
    rows = desk.figures.show(Wish(by="field.os")).rows
    agree(desk, rows)
    logged = {row.part: row.value.many for row in rows if row.figure.name == "logged"}
    assert logged == {"mac, old": 1, "Windows 11": 2, "none": 2}
    with pytest.raises(UsageError, match=r"by 'field\.so'\? Say one of .*field\.Os"):
        desk.figures.show(Wish(by="field.so"))


def asked(desk: Desk, query: str) -> list[int]:
    """Give what a query finds, the newest first."""
    return sorted(desk.board.ids(query), reverse=True)


def test_the_term_of_a_figure_asks_for_hits_cases_and_what_was_missed(desk: Desk) -> None:
    some_weeks(desk)
    hits, cases, missed = (
        asked(desk, f"figure:first_contact{ones}") for ones in ("", ".of", ".missed")
    )
    assert (hits, cases, missed) == ([1], [2, 1], [2])
    assert asked(desk, "figure:logged/30d/channel=email,closed") == asked(
        desk, "channel:email or figure:closed"
    )
    assert asked(desk, "figure:logged -figure:closed is:urgent") == [4]
    narrow = desk.figures.show(Wish(("logged",), query="urgent:yes or category:network")).rows[0]
    assert asked(desk, narrow.query) == narrow.tickets()
    assert len(asked(desk, "figure:logged//category=NETWORK")) == 1


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("escaladed", "did you mean 'escalated'"),
        ("logged.of", "A rate has .of"),
        ("logged/soon", "is no period"),
        ("logged/2026-11/colour=red", "is no part"),
        ("logged/2026-11/category", "is no part"),
        ("logged/30d/category=nowhere", "no category 'nowhere'"),
        ("logged/30d/category=#999999999999999999999", "no category"),
        ('"logged/30d/site=x\' OR 1=1 --"', "no site"),
    ],
)
def test_a_figure_term_that_asks_for_nothing_there_says_what_is(
    desk: Desk, value: str, says: str
) -> None:
    with pytest.raises(QueryError, match=says):
        desk.board.ids(f"figure:{value}")


@pytest.mark.parametrize("word", ["a/b=c", 'say "x", (y)', "\x1b[31m[bold]", "=1+1", "x\\y"])
def test_hostile_names_of_parts_are_asked_for_like_any_other(desk: Desk, word: str) -> None:
    desk.records.set("person", "ada@example.org", {"segment": word, "organisation": word})
    open_ticket(desk)
    for by in ("segment", "organisation"):
        for row in desk.figures.show(Wish(("logged",), by=by)).rows:
            assert asked(desk, row.query) == row.tickets() != []


def test_every_chart_says_the_number_of_its_figure_and_its_bars_come_to_it(desk: Desk) -> None:
    some_weeks(desk)
    wish = Wish([one.name for one in FIGURES if one.kind != LENGTH and one.anchor != STANDING])
    shown, lines = desk.figures.performance(wish)
    page = html_page("", shown, lines, (), Face())
    assert len(lines) == len(shown.rows) == page.count("<svg")
    for row, line in zip(shown.rows, lines, strict=True):
        title = escape(f"{row.figure.title}: {words(row.figure, row.value).whole}")
        drawn = page.split(f"<figcaption>{title}</figcaption>")[1].split("</figure>")[0]
        assert f'aria-label="{title}"' in drawn
        bars = [words(row.figure, value).whole for _, value in line.pieces]
        assert re.findall(r"<title>[^<]*?: ([^<]*)</title></rect>", drawn) == [*map(escape, bars)]
        values = [value for _, value in line.pieces]
        assert sum(one.many for one in values) == row.value.many
        assert sum(one.cases for one in values) == row.value.cases


def test_of_no_answer_nothing_is_said_and_few_are_called_few(desk: Desk) -> None:
    verbs(desk).finish([open_ticket(desk)], "Cable.", "no answer")
    sheet = figure_sheet("", desk.figures.show(Wish(("satisfied", "reopened"))).rows)
    assert [row.cells["said"].text for row in sheet.rows] == [
        "no answers yet",
        "0 % (n 1, 0–79, too few to tell)",
    ]


def test_a_query_narrows_and_what_is_unknown_is_refused_with_what_is_near(desk: Desk) -> None:
    some_weeks(desk)
    assert one(desk, "logged", query="category:network").many == 2
    assert one(desk, "logged", query="channel:web").many == 1
    with pytest.raises(UsageError, match="escalated"):
        desk.figures.show(Wish(("escaladed",)))
    with pytest.raises(UsageError, match="category"):
        desk.figures.show(Wish(by="colour"))
    with pytest.raises(UsageError, match="period"):
        desk.figures.show(Wish(period="soon"))


def test_a_period_to_come_is_empty_and_says_so(desk: Desk) -> None:
    some_weeks(desk)
    later = (clock.now() + timedelta(days=800)).year
    shown = desk.figures.show(Wish(period=str(later), compare="year"))
    assert shown.future
    assert {row.value.cases for row in shown.rows if row.figure.name != "open"} <= {0, 3}


def test_the_pieces_of_a_line_are_the_whole(desk: Desk) -> None:
    some_weeks(desk)
    for name in ("logged", "closed", "reopened"):
        pieces = desk.figures.line(name, Wish(period="12w")).pieces
        assert sum(value.many for _, value in pieces) == one(desk, name).many
    assert BY_NAME["logged"].title == "Logged"


def settled(desk: Desk) -> list[Value]:
    """Give all figures but the age of what is open, which grows while one looks."""
    rows = desk.figures.show(Wish()).rows
    return [row.value for row in rows if row.figure.name != "backlog-age"]


def test_rebuilding_proves_what_is_kept_and_mends_what_differs(desk: Desk) -> None:
    some_weeks(desk)
    assert desk.figures.rebuild() == (7, [], [])
    before = settled(desk)
    with desk.store.reading() as database:
        database.run("UPDATE measure SET escalated = 1, counted = 0 WHERE ticket_id IN (1, 5)")
        database.run("DELETE FROM measure WHERE ticket_id = 2")
    assert settled(desk) != before
    assert desk.figures.rebuild().differed == [1, 2, 5]
    assert settled(desk) == before


def test_files_of_figures_escape_what_is_somebody_elses(desk: Desk, tmp_path: Path) -> None:
    some_weeks(desk)
    desk.admin.set_category("<script>alert(1)</script>")
    verbs(desk).finish(
        [open_ticket(desk, category="<script>alert(1)</script>")], "Cable.", "no answer"
    )
    names = [one.name for one in write(desk.figures, tmp_path / "review", Wish(compare="before"))]
    assert names == ["figures.csv", "figures.json", "figures.md", "figures.html"]
    with pytest.raises(UsageError, match="already: name another"):
        write(desk.figures, tmp_path / "review", Wish())
    texts = {name: (tmp_path / "review" / name).read_text("utf-8") for name in names}
    assert "<script>" not in texts["figures.html"]
    assert "&lt;script&gt;" in texts["figures.html"]
    assert "<script>" not in texts["figures.md"]
    assert "\n=1" not in texts["figures.csv"]
    assert ",=1" not in texts["figures.csv"]
    lines = json.loads(texts["figures.json"])["figures"]
    logged = next(one for one in lines if one["name"] == "logged")
    assert f'<td>Logged</td><td class="n">{logged["number"]}</td>' in texts["figures.html"]
    assert sum(map(int, re.findall(r": (\d+)</title>", chart_of(texts["figures.html"])))) == 6


def chart_of(page: str) -> str:
    """Give the chart of what was logged."""
    return page.split("<figcaption>Logged: ")[1].split("</figure>")[0]


def test_a_poor_rating_is_news_for_whoever_has_the_ticket(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).take([number])
    with desk.store.work("customer") as work:
        work.claim("answer")
        held = hold(work, [number])[number]
        held.set(rating=2, rating_comment="slow")
        held.write("rated", "slow", data={"score": 2}, actor="customer")
    assert [one.kind for one in desk.notices.list() if one.ticket_id == number] == ["poor"]
    assert one(desk, "logged", "rating<3").many == 1


def test_trends_tell_what_grew_beyond_its_own_past(desk: Desk) -> None:
    desk.admin.set_category("vpn")
    for _ in range(8):
        open_ticket(desk, category="vpn")
    (found,) = [one for one in desk.figures.trends(Wish()).grown if one.by == "category"]
    assert (found.part, found.now, found.more, len(found.tickets())) == ("vpn", 8, True, 8)
    today = desk.figures.today("30d")
    assert [one.part for one in today.grown] == ["vpn"]
    assert [one.many for one in today.standing] == [8, 0, 0]
