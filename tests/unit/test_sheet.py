"""A figure is computed once: words, JSON and CSV of a cell tell the same."""

from collections import Counter

from deskterm.domain.shares import Share
from deskterm.domain.vocabulary import Step
from deskterm.reports.customers import Customer
from deskterm.reports.mistakes import MISTAKES, MistakeFigures
from deskterm.reports.sheet import Cell, Row, Sheet, as_csv, shared
from deskterm.reports.sheets import best_sheet, mistake_sheet, step_sheet
from deskterm.reports.steps import StepFigures, times


def test_a_share_is_words_for_people_exact_for_programs_and_its_hits_in_csv() -> None:
    cell = shared(Share(86, 100))
    assert cell.text == "86 % (n 100, 78–91)"
    assert (cell.n, cell.value, cell.plain) == (100, Share(86, 100).record, 86)


def test_a_number_that_is_not_known_is_null_and_an_empty_csv_cell_never_zero() -> None:
    cell = Cell("-", None, "s")
    assert cell.value is None
    assert cell.plain == ""


def test_csv_defuses_formulas_and_keeps_the_headings_asked_for() -> None:
    sheet = Sheet("x", [Row({"name": Cell("=1+1"), "n": Cell("3", 3)})])
    assert as_csv(sheet.rows, {"who": "name", "count": "n"}) == "who,count\n'=1+1,3\n"


def test_a_step_has_what_json_and_table_show_and_the_tickets_behind_it() -> None:
    groups = {"ddddddddd": [1, 2], "sdddddddd": [3], "odddddddd": [4]}
    figures = StepFigures(Step.GREET, groups, Counter({"by phone": 1}), times([60, 120]))
    (row,) = step_sheet([figures]).rows
    assert (row.tickets, row.many) == ([4, 3], 2)
    assert row.told[0].startswith("done 50 % (n 4")
    assert row.told[1] == "Skipped because: by phone (1)"
    record = step_sheet([figures]).records(("number", "step", "median", "reasons", "tickets"))[0]
    assert record == {
        "number": 1,
        "step": "greet",
        "median": 90.0,
        "reasons": {"by phone": 1},
        "tickets": {"skipped": [3], "open": [4], "gone_back": []},
    }
    assert step_sheet([figures]).texts(("step", "reasons"))[0] == {
        "step": "1 greet",
        "reasons": "by phone (1)",
    }


def test_a_mistake_names_five_tickets_in_a_table_and_all_to_programs() -> None:
    sheet = mistake_sheet([MistakeFigures(MISTAKES[0], 10, {"network": range(1, 8)})])
    assert sheet.texts(("tickets",)) == [{"tickets": "#7 #6 #5 #4 #3 and 2 more"}]
    assert sheet.records(("categories",)) == [{"categories": {"network": 7}}]
    assert sheet.rows[0].tickets == [7, 6, 5, 4, 3, 2, 1]
    assert as_csv(sheet.rows, {"tickets": "numbers"}) == "tickets\n7 6 5 4 3 2 1\n"


def test_a_customer_without_reports_has_no_rate() -> None:
    (row,) = best_sheet([Customer(1, "Ada")]).rows
    assert row.cells["share"].text == "no case yet"
    assert row.cells["share"].share == Share(0, 0)
