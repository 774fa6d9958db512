"""The pack of the review board: what it begins with, whom it names, what it never says."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.domain.shares import Share
from deskterm.domain.verbs import Note
from deskterm.reports.figures import BY_NAME, Value
from deskterm.reports.pack import Pack, change_words, five_lines, suggested, target_words
from deskterm.reports.pack_page import html_pack, markdown_pack
from deskterm.reports.shown import Told, Wish
from deskterm.storage.ticket.hold import hold
from tests.builders import open_ticket
from tests.verbs import verbs

NASTY = "<script>alert(1)</script>\n# [link](javascript:1) | \x1b[2J ![x](http://e.example)"


def told(name: str, now: Value, before: Value) -> Told:
    return Told(BY_NAME[name], "", now, before, list)


def rate(hits: int, of: int) -> Value:
    return Value(hits, Share(hits, of))


@pytest.mark.parametrize(
    ("one", "over", "says"),
    [
        (told("first-contact", rate(150, 200), rate(90, 200)), True, "better"),
        (told("reopened", rate(50, 200), rate(10, 200)), True, "worse"),
        (told("reopened", rate(20, 200), rate(18, 200)), True, "none seen"),
        (told("reopened", rate(1, 3), rate(18, 200)), True, "too few"),
        (told("logged", Value(200), Value(100)), True, "more"),
        (told("logged", Value(200), Value(100)), False, "not over yet"),
    ],
)
def test_a_change_is_better_or_worse_only_where_that_is_known(
    one: Told, over: bool, says: str
) -> None:
    assert change_words(one, over) == says


def test_a_target_is_reached_or_missed_with_the_whole_interval() -> None:
    none = rate(0, 0)
    said = [
        target_words(told("first-contact", rate(hits, of), none))
        for hits, of in ((60, 200), (190, 200), (140, 200), (0, 0))
    ]
    assert said == ["70 %, below", "70 %, reached", "70 %, near", "70 %"]


def said(desk: Desk, number: int, score: int, words: str) -> None:
    with desk.work("rate") as work:
        held = hold(work, [number])[number]
        held.set(rating=score, rating_comment=words)
        held.write("rated", words, data={"score": score}, actor="customer")


@pytest.fixture
def quarter(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A quarter in which something happened in every corner; now it is over."""
    november = datetime(2026, 11, 10, 10, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: november)
    numbers = [open_ticket(desk, f"Secret subject {n}") for n in range(12)]
    desk.tickets.do(numbers[:1], Note("internal words"))
    verbs(desk).finish(numbers, "Cable.", "said so")
    said(desk, numbers[0], 1, NASTY)
    said(desk, numbers[1], 5, "Quick!")
    desk.problems.new({"title": "Cables are " + NASTY[:25], "state": "open"}, numbers[:3])
    person = {"person": "ada@example.org", "date": "2026-11-11", "words": NASTY}
    desk.records.add("feedback", "Without a name", person | {"consent": "no"})
    desk.records.add("decision", "Two printers", {"words": NASTY, "asked": "2026-11-12"})
    taken = {"answer": "Yes.", "taken_by": "Bo", "taken": "2026-11-13"}
    desk.records.add("decision", "A phone", taken)
    desk.records.add("improvement", "Cables", {"figure": "reopened", "from": "2026-11-01",
                                               "until": "2026-11-20"})  # fmt: skip
    desk.records.add("member", "Cy", {"role": "chair"})
    desk.desk_settings.set("desk.mission", "We mend.")
    desk.desk_settings.set("desk.values", "We listen.\nWe answer.")
    january = datetime(2027, 1, 20, 10, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: january)
    return desk


def test_it_begins_with_five_lines_that_say_what_a_meeting_needs(quarter: Desk) -> None:
    pack = quarter.figures.pack("2026-Q4")
    lines = dict(five_lines(pack))
    assert list(lines) == ["How much", "Went well", "Went badly", "Improved", "Asked"]
    assert lines["How much"].startswith("12 tickets were logged and 12 closed (before: 0 and 0)")
    assert "1 of 2 answers were 1 or 2 of 5" in lines["Went badly"]
    assert quarter.figures.stars(Wish(period="2026-Q4")) == (3.0, 2)
    assert quarter.figures.stars(Wish(period="2026-Q3")) == (None, 0)
    assert lines["Improved"] == "1 action: 1 too few."
    assert lines["Asked"] == "1 decision: Two printers. The figures suggest 2 more."
    assert suggested(pack) == [
        ("“Cables”: go on, or give it up?", "measured until 2026-11-20: too few"),
        (
            f"P1 {pack.problems[0].title}: which measure ends it, by when?",
            "open, 3 tickets of 1 person, 0.0 h worked",
        ),
    ]
    page = markdown_pack(pack)
    assert page.count("## Decisions that the figures suggest") == 1
    quarter.records.set("improvement", "Cables", {"given_up": "It was the switch."})
    assert len(suggested(quarter.figures.pack("2026-Q4"))) == 1
    assert suggested(quarter.figures.pack("2027-Q4")) == []
    assert [one.name for one in pack.taken] == ["A phone"]
    assert [(one.cost.tickets, one.cost.people) for one in pack.problems] == [(3, 1)]


def test_names_only_with_consent_and_nothing_internal_in_either_form(quarter: Desk) -> None:
    texts = [way(quarter.figures.pack("2026-Q4")) for way in (html_pack, markdown_pack)]
    for text in texts:
        for word in ("Ada", "internal words", "Secret subject", "ada@example.org"):
            assert word not in text
        assert "We mend." in text
        assert "Quick" in text
    quarter.records.set("feedback", "Without a name", {"consent": "yes"})
    for way in (html_pack, markdown_pack):
        assert "Ada Moss" in way(quarter.figures.pack("2026-Q4"))


def test_hostile_words_act_nowhere(quarter: Desk) -> None:
    pack = quarter.figures.pack("2026-Q4")
    page, text = html_pack(pack), markdown_pack(pack)
    assert "<script" not in page
    assert "http-equiv" in page
    assert "\x1b" not in page + text
    assert not re.search(r"(?<!\\)\[link", text)
    assert not re.search(r"(?<!\\)<script", text)
    assert not any(line.startswith("# [") for line in text.splitlines())


def test_the_ending_of_the_file_says_how_it_is_written(quarter: Desk, tmp_path: Path) -> None:
    for name, begins in (("a.html", "<!doctype html>"), ("a.md", "# Service review 2026")):
        quarter.figures.write_pack("2026-Q4", tmp_path / name)
        assert (tmp_path / name).read_text().startswith(begins)
    with pytest.raises(UsageError, match=r"\.html or \.md"):
        quarter.figures.write_pack("2026-Q4", tmp_path / "a.pdf")


def test_an_empty_desk_and_a_period_to_come_say_so(desk: Desk) -> None:
    def lines(pack: Pack) -> dict[str, str]:
        assert "%" not in "".join(
            one for one in markdown_pack(pack).splitlines() if "Satisf" in one
        )
        text = markdown_pack(pack)
        assert "no answers yet" in next(one for one in text.splitlines() if "| Satisfied" in one)
        assert "No answers yet" in text
        html_pack(pack)
        return dict(five_lines(pack))

    said = lines(desk.figures.pack("today"))
    assert said["How much"].startswith("0 tickets were logged and 0 closed so far, on day 1 of 1")
    assert said["Went badly"] == "Nothing is surely worse than before."
    next_year = str((clock.now() + timedelta(days=400)).year)
    assert lines(desk.figures.pack(next_year))["How much"] == "The period has not begun."
    with pytest.raises(UsageError, match="period"):
        desk.figures.pack("soon")


def test_the_pack_of_a_client_holds_nothing_of_another_and_nothing_of_the_desks_own(
    quarter: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ada and all that happened is Harbour's; the clinic has a ticket, an action, a voice."""
    desk = quarter
    for name, who in (("Harbour", "ada@example.org"), ("Clinic", "bo@clinic.example")):
        desk.records.set("organisation", name, {"client": "yes"})
        desk.records.set("person", who, {"organisation": name})
    desk.records.set("organisation", "Clinic", {"mission": "So that wards work."})
    january = clock.now()
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 20, 10, tzinfo=UTC))
    number = open_ticket(desk, "Bed monitor", requester="bo@clinic.example", channel="email")
    verbs(desk).finish([number], "Cable.", "said so")
    said(desk, number, 4, "Good.")
    monkeypatch.setattr(clock, "now", lambda: january)
    for action, client in (("Spare monitors", "clinic"), ("Harbour walk", "Harbour")):
        values = {
            "figure": "first-contact",
            "client": client,
            "from": "2026-10-20",
            "until": "2026-11-30",
        }
        desk.records.add("improvement", action, values)
    desk.records.add(
        "improvement", "Both", {"figure": "first-level", "filter": "org:Clinic,Harbour"}
    )
    desk.records.add("member", "Dr Bo", {"person": "bo@clinic.example"})
    desk.records.add("member", "Ada of Harbour", {"person": "ada@example.org"})
    (own,) = desk.figures.register.list("clinic")
    assert (own.name, own.client) == ("Spare monitors", "Clinic")
    assert desk.figures.register.tickets("Spare monitors") == [number]
    assert number not in desk.figures.register.tickets("Harbour walk")
    with pytest.raises(NotFoundError, match="Klinik"):
        desk.figures.pack("2026-Q4", "Klinik")
    pack = desk.figures.pack("2026-Q4", "clinic")
    by = {one.figure.name: one.value.many for one in pack.shown.rows}
    assert (by["logged"], by["closed"], [one.rating for one in pack.voices]) == (1, 1, [4])
    whole = desk.figures.pack("2026-Q4")
    for way in (html_pack, markdown_pack):
        text = way(pack)
        assert "Spare monitors" in text
        assert "So that wards work." in text
        assert "Dr Bo" in text
        for word in ("Harbour", "Cables", "Both", "Two printers", "Secret", "Quick", "Without a"):
            assert word not in text, word
        assert "Harbour walk" in way(whole)
        assert "Cables" in way(whole)
    assert [one.many for one in (row.value for row in whole.shown.rows[:1])] == [13]
