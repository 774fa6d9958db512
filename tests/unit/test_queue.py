"""The developer queue: every term by hand, what came back on top, the 80 % line (F3)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deskterm.domain.errors import UsageError
from deskterm.reports.queue import Case, Hurt, Wanted, place, queue, terms
from deskterm.reports.queue_written import as_csv, as_markdown, record

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def hurt(number: int, days: float, who: int = 1, *, missed: bool = False) -> Hurt:
    return Hurt(number, who, NOW - timedelta(days=days), missed)


def problem(number: int, **facts: Any) -> Case:
    known = dict.fromkeys(Case._fields, "")
    given = {"id": number, "title": f"P {number}", "severity": "low", **facts}
    return Case(**(known | given))


def test_a_ticket_halves_in_thirty_days_and_a_requester_counts_once() -> None:
    found = terms([hurt(1, 30), hurt(2, 0), hurt(3, 30, who=2, missed=True)], NOW)
    assert [(one.ticket, one.new, one.adds) for one in found] == [
        (2, True, 3.0),
        (3, True, 2.5),
        (1, False, 0.5),
    ]


@pytest.mark.parametrize(
    ("severity", "effort", "score"),
    [
        ("low", "", 3.0),
        ("normal", "", 6.0),
        ("high", "", 12.0),
        ("high", "8", 1.5),
        ("low", "0", 3),
    ],
)
def test_severity_multiplies_and_effort_divides(severity: str, effort: str, score: float) -> None:
    one = place(problem(1, severity=severity, effort=effort), [hurt(1, 0)], NOW)
    assert one.score == score


def test_what_came_back_stands_on_top_and_equal_ones_by_age() -> None:
    places = [
        place(problem(1), [hurt(1, 0)], NOW),
        place(problem(2), [hurt(2, 0)], NOW),
        place(problem(3), [hurt(3, 300)], NOW, regressions=1),
    ]
    assert [one.problem.id for one in queue(reversed(places))] == [3, 1, 2]
    assert "came back 1×" in queue(places)[0].why


def test_the_line_stands_below_the_fewest_that_hold_most_of_the_hurt() -> None:
    many = [hurt(n, 0, who=n) for n in range(1, 9)]
    places = queue(
        [
            place(problem(1), many, NOW),
            place(problem(2), [hurt(20, 0)], NOW),
            place(problem(3), [], NOW),
        ]
    )
    assert [(one.problem.id, one.above) for one in places] == [(1, True), (2, False), (3, False)]
    assert sum(one.share for one in places) == pytest.approx(1.0)
    assert as_markdown(places).splitlines()[3] == "| | *80 % of the hurt stands above* | | | | |"


def test_an_empty_queue_has_no_line() -> None:
    assert queue([]) == []
    assert queue([place(problem(1), [], NOW)])[0].share == 0.0


def test_hours_worked_add_and_every_term_is_said() -> None:
    (one,) = terms([Hurt(1, 7, NOW - timedelta(days=30), True, 1.5)], NOW)
    assert one.adds == 0.5 * (1 + 2 + 2 + 1.5)
    assert one.words == (
        "30 d old: 0.50 × (1 + 2 for its requester + 2 for a missed promise + 1.5 hours worked) "
        "= 3.25"
    )


def test_the_filter_takes_words_product_group_and_client() -> None:
    wanted = Wanted.read('timer product:Router group:"Second Level" client:Acme')
    assert wanted == Wanted(("timer",), "router", "second level", "acme")
    assert wanted.fits(problem(1, title="VPN Timer", product="router"))
    assert not wanted.fits(problem(1, title="VPN Timer", product="Router 2"))
    ours = hurt(1, 0)._replace(group="second level", org="ACME")
    assert (wanted.counts(ours), wanted.counts(hurt(1, 0))) == (True, False)
    with pytest.raises(UsageError, match="colour: is no filter"):
        Wanted.read("colour:red")


def test_a_title_that_starts_a_formula_is_harmless_in_csv() -> None:
    text = as_csv(queue([place(problem(1, title="=1+1"), [hurt(1, 0)], NOW)]))
    head, row = text.splitlines()
    assert head.startswith("place,id,title,state,product,score,weight")
    assert ",'=1+1," in row
    assert as_csv([]).splitlines() == [head]
    (one,) = queue([place(problem(1), [], NOW)])
    assert head.split(",") == [*record(1, one)]
