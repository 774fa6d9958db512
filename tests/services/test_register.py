"""The register: an action is measured by its figure before and since, and says if it worked."""

from datetime import UTC, date, datetime, timedelta

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.errors import DeskError, NotFoundError, UsageError
from deskterm.domain.shares import Share
from deskterm.reports.figures import BY_NAME, Lengths, Value
from deskterm.reports.register import BETTER, Span, judge, kept, value_of
from deskterm.services.measuring import Measuring
from deskterm.services.records.review import target_of
from tests.builders import count, open_ticket
from tests.verbs import verbs

OCTOBER = Span(date(2026, 10, 1), date(2026, 10, 31))
LATER = date(2026, 12, 1)


def rate(hits: int, of: int) -> Value:
    return Value(hits, Share(hits, of))


def times(n: int, low: int, high: int) -> Value:
    return Value(lengths=Lengths(n, (low + high) // 2, high * 2, low, high))


@pytest.mark.parametrize(
    ("figure", "before", "after", "says", "target"),
    [
        ("first-contact", rate(100, 200), rate(140, 200), "better", "65 %"),
        ("first-contact", rate(140, 200), rate(100, 200), "worse", ""),
        ("reopened", rate(40, 200), rate(10, 200), "better", ""),
        ("reopened", rate(20, 200), rate(18, 200), "no difference seen", "0,05"),
        ("reopened", rate(3, 9), rate(0, 200), "too few", ""),
        ("pickup", times(50, 3600, 4200), times(50, 600, 900), "better", "20min"),
        ("logged", Value(100), Value(50), "better", "at most 60"),
        ("logged", Value(100), Value(50), "worse", "at least 120"),
        ("logged", Value(4), Value(0), "too few", "<2"),
    ],
)
def test_a_change_counts_only_where_the_intervals_part(
    figure: str, before: Value, after: Value, says: str, target: str
) -> None:
    verdict = judge(
        BY_NAME[figure], OCTOBER, LATER, (before, after), target_of(BY_NAME[figure], target)
    )
    assert verdict.word == says
    assert value_of(kept(before)) == before
    if says == BETTER and target:
        assert verdict.reached, "the median, the share, the number against the target"


def test_it_is_too_early_until_its_last_case_can_still_come_back() -> None:
    both = (rate(40, 200), rate(10, 200))
    first, pickup = BY_NAME["reopened"], BY_NAME["met-pickup"]
    for day, says in ((date(2026, 9, 1), "begins on"), (OCTOBER.first, "Day 1 of 31")):
        verdict = judge(first, OCTOBER, day, both)
        assert (verdict.word, verdict.reached) == ("too early", None)
        assert says in verdict.sentence
    assert judge(first, OCTOBER, date(2026, 11, 5), both).word == "too early"
    assert judge(first, OCTOBER, date(2026, 11, 15), both).word == "better"
    assert judge(pickup, OCTOBER, date(2026, 11, 1), both).word == "worse"


def closed(desk: Desk, many: int, back: int = 0) -> None:
    does = verbs(desk)
    for place in range(many):
        number = open_ticket(desk, category="printing")
        does.finish([number], "Toner.", "said so")
        if place < back:
            does.reopen([number], "It is back.")


@pytest.fixture
def months(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Twelve tickets before the first of October, all of them came back; twelve after, none did."""
    desk.admin.set_category("printing")
    for day, back in (("2026-09-20", 12), ("2026-10-05", 0)):
        at = datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        closed(desk, 12, back)
    later = datetime(2026, 12, 1, 10, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: later)
    return desk


GIVEN = {
    "figure": "reopened",
    "filter": "category:printing",
    "from": "2026-10-01",
    "until": "2026-10-31",
    "target": "5 %",
}


def test_an_action_measures_itself_and_keeps_what_it_was(months: Desk) -> None:
    desk = months
    desk.records.add("improvement", "Toner", GIVEN)
    (one,) = desk.figures.register.list()
    assert one.before == rate(12, 12)
    assert one.after == rate(0, 12)
    assert (one.verdict.word, one.verdict.reached) == ("better", None) or one.verdict.reached
    assert "the intervals part" in one.verdict.sentence
    assert len(desk.figures.register.tickets("toner")) == 12
    Measuring(desk.store).run(clock.now())
    desk.records.rename("category", "printing", "paper")
    with pytest.raises(DeskError):
        desk.figures.register.tickets("Toner")
    assert desk.figures.register.show("Toner").verdict == one.verdict, "what was kept stays"


def test_measuring_happens_once_and_the_action_is_undone(months: Desk) -> None:
    desk = months
    desk.records.add("improvement", "Toner", GIVEN)
    desk.records.set("improvement", "Toner", {"owner": desk.me})
    assert Measuring(desk.store).run(clock.now()) == 1, "the baseline was kept when it began"
    assert Measuring(desk.store).run(clock.now()) == 0
    desk.records.set("improvement", "Toner", {"until": "2026-10-20"})
    assert count(desk, "improvement", "result <> ''") == 0, "other days are measured anew"
    desk.ledger.undo()
    assert count(desk, "improvement", "result <> '' AND last_day = '2026-10-31'") == 1


def test_what_cannot_be_measured_any_more_says_why(months: Desk) -> None:
    desk = months
    desk.records.add("improvement", "Toner", GIVEN)
    desk.records.add("improvement", "Old", {"figure": "escalated"})
    desk.records.rename("category", "printing", "paper")
    with desk.work("test") as work:
        work.spine.run("UPDATE improvement SET figure = 'escaladed' WHERE name = 'Old'")
    found = {one.name: one.verdict for one in desk.figures.register.list()}
    assert found["Toner"].word == found["Old"].word == "cannot be measured"
    assert "category:printing" in found["Toner"].sentence
    assert "escalated" in found["Old"].sentence
    desk.records.set("improvement", "Toner", {"given_up": "Nobody prints any more."})
    assert desk.figures.register.show("toner").verdict.word == "given up"


def test_an_owner_who_left_is_named_so(desk: Desk) -> None:
    desk.admin.set_technician("cy", {})
    desk.records.add("improvement", "Later", {"figure": "pickup", "owner": "cy", "from": "7d"})
    desk.records.set("technician", "cy", {"active": "no"})
    one = desk.figures.register.show("later")
    assert one.left
    assert (one.after, one.verdict.word) == (None, "too early")
    with pytest.raises(NotFoundError, match="did you mean 'later'"):
        desk.figures.register.show("latr")


@pytest.mark.parametrize(
    ("values", "error", "field"),
    [
        ({}, "which figure", "figure"),
        ({"figure": "escaladed"}, "escalated", "figure"),
        ({"figure": "logged"}, "say at most", "target"),
        ({"figure": "logged", "target": "10"}, "say at most", "target"),
        ({"figure": "worked"}, "without an interval", "figure"),
        ({"figure": "reopened", "target": "soon"}, "70 %", "target"),
        ({"figure": "pickup", "target": "9"}, "4h", "target"),
        ({"figure": "reopened", "filter": "category:("}, "category", "filter"),
        ({"figure": "reopened", "filter": "category:nowhere"}, "nowhere", "filter"),
        ({"figure": "reopened", "from": "2026-11-01", "until": "2026-10-01"}, "last day", "until"),
        ({"figure": "reopened", "from": "2026-11-01", "until": "2999-10-01"}, "three", "until"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(
    desk: Desk, values: dict[str, str], error: str, field: str
) -> None:
    with pytest.raises(DeskError, match=error) as raised:
        desk.records.add("improvement", "Toner", values)
    assert raised.value.field == field
    assert count(desk, "improvement") == 0


def test_a_decision_is_asked_taken_and_what_follows_is_named(desk: Desk) -> None:
    desk.records.add("decision", "A second printer", {"words": "The first one fails."})
    with pytest.raises(UsageError, match="what was decided"):
        desk.records.set("decision", "A second printer", {"taken_by": "Ann"})
    desk.records.add("improvement", "Printers", {"figure": "reopened"})
    given = {"answer": "Yes.", "taken_by": "Ann", "follows": "printers"}
    desk.records.set("decision", "a second printer", given)
    (one,) = desk.figures.register.decisions()
    today = (clock.now() + timedelta()).date().isoformat()
    assert (one.answer, one.taken_by, one.taken, one.follows) == ("Yes.", "Ann", today, "Printers")
    with pytest.raises(DeskError, match="in use"):
        desk.records.remove("improvement", "Printers")
