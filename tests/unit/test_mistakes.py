"""The named mistakes (semantics.md §10): for each a ticket that shows it and some that do not."""

from datetime import datetime, timedelta
from typing import Any, get_type_hints

import pytest

from deskterm.domain.shares import Share
from deskterm.reports.course import Course, Entry
from deskterm.reports.judged import judge
from deskterm.reports.mistakes import MISTAKES, MistakeFigures, MistakeTally, Wrong
from tests.unit.course_makers import course, did

SOLVED: dict[str, Any] = {"data": {"outcome": "solved"}}
GOOD = (
    did(0, "opened", step_greet="done", problem="Toner door open", group_id=1),
    did(1, "stepped", step_reproduce="done"),
    did(2, "solved", public=True, step_select="done", step_carry_out="done"),
    did(3, "verified", craft_proof="ok", data={"by": "craft", "result": "ok"}),
    did(5, "verified", customer_proof="ok", data={"by": "customer", "result": "ok"}),
    did(6, "closed", **SOLVED),
)
FAILED = {"by": "customer", "result": "failed"}


def figures(*judged: tuple[Course, str]) -> list[MistakeFigures]:
    """Count courses, each with its category."""
    tally = MistakeTally()
    for one, category in judged:
        found = {str(number): why for number, why in judge(one).mistakes.items()}
        tally.add([Wrong(one.ticket, category, "".join(found), found)])
    return tally.figures()


def seen(*entries: Entry, **given: Any) -> dict[str, str]:
    found = figures((course(*entries, **given), "printing"))
    assert all(len(one.seen) == one.share.hits for one in found)
    return {one.mistake.name: one.seen[0].why for one in found if one.seen}


def changed(place: int, *entries: Entry) -> tuple[Entry, ...]:
    """Give the good course with one entry in another's place."""
    return (*GOOD[:place], *entries, *GOOD[place + 1 :])


def test_a_course_through_all_steps_shows_none() -> None:
    assert seen(*GOOD) == {}


@pytest.mark.parametrize(
    ("name", "entries", "why"),
    [
        ("ogre", changed(0, did(-30, "opened", problem="Toner")), ""),
        (
            "misdelegator",
            changed(
                1, did(1, "escalated", group_id=(1, 2)), did(1, "handed back", group_id=(2, 1))
            ),
            "handed back",
        ),
        (
            "misdelegator",
            changed(1, did(1, "escalated", group_id=(1, 2)), did(1, "changed", group_id=(2, 3))),
            "2 times",
        ),
        ("assumer", changed(0, did(0, "opened", step_greet="done")), "nobody had said"),
        (
            "assumer",
            changed(0, did(0, "opened", step_greet="done", problem="Printer  OFFLINE.")),
            "customer said",
        ),
        ("non-verifier", changed(1), "nobody had seen"),
        ("wrong fixer", (*GOOD, did(40, "reopened")), "38 hours"),
        (
            "wrong fixer",
            changed(4, did(5, "verified", data=FAILED), did(6, "verified", data=FAILED), GOOD[4]),
            "2 times",
        ),
        ("de-executioner", changed(2, did(2, "solved", public=True)), "not marked"),
        (
            "de-executioner",
            changed(
                1,
                did(1, "stepped", step_select="done", step_reproduce="done"),
                did(200, "solved", public=True, step_carry_out="done"),
            ),
            "8 days",
        ),
        ("hit-and-run", changed(3, did(3, "verified", craft_proof="waived")), "waived"),
        ("closer", changed(4, did(5, "noted")), "4 hours"),
        (
            "closer",
            (*changed(4)[:-1], did(90, "closed", **SOLVED), did(95, "received", ours=False)),
            "answer came",
        ),
    ],
)
def test_a_course_that_misses_a_step_shows_its_mistake(
    name: str, entries: tuple[Entry, ...], why: str
) -> None:
    if name == "ogre":
        entries = (
            *entries[:2],
            did(30, "solved", public=True, step_carry_out="done"),
            *entries[3:],
        )
    found = seen(*entries)
    assert name in found
    assert why in found[name]


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("ogre", (did(2, "replied", public=True), *GOOD[1:])),
        ("misdelegator", changed(1, did(1, "escalated", group_id=(1, 2)))),
        ("assumer", changed(0, did(0, "opened", step_state="skipped"))),
        ("non-verifier", changed(1, did(1, "stepped", step_reproduce="skipped"))),
        ("wrong fixer", (*GOOD, did(24 * 30, "reopened"))),
        (
            "de-executioner",
            changed(
                1, did(1, "stepped", step_select="done"), did(1, "waiting"), did(200, "resumed")
            ),
        ),
        ("de-executioner", (*GOOD, did(900, "noted"))),
        ("hit-and-run", (*GOOD[:3], did(6, "closed", data={"outcome": "unsolved"}))),
        ("closer", (*GOOD[:4], did(90, "closed", **SOLVED))),
    ],
)
def test_what_is_as_it_should_be_is_no_mistake(name: str, entries: tuple[Entry, ...]) -> None:
    assert name not in seen(*entries)


@pytest.mark.parametrize(("hours", "late"), [(2, True), (6, False), (72, False)])
def test_what_was_promised_is_the_limit_of_silence_and_of_idling(hours: int, late: bool) -> None:
    def due(_: str, start: datetime) -> datetime:
        return start + timedelta(hours=hours)

    ungreeted = (did(0, "opened", problem="Toner"), did(5, "replied", public=True), *GOOD[2:])
    waited = changed(
        1,
        did(1, "stepped", step_select="done", step_reproduce="done"),
        did(6, "solved", public=True, step_carry_out="done"),
    )
    for name, entries, number in (("ogre", ungreeted, 1), ("de-executioner", waited, 7)):
        found = judge(course(*entries), due).mistakes
        assert (number in found) == late, name
        assert not late or "promised" in found[number] or "may take" in found[number]


def test_mistakes_are_counted_with_their_tickets_and_categories() -> None:
    counted = figures((course(*GOOD), "printing"), (course(*changed(1), ticket=7), ""))
    one = next(one for one in counted if one.mistake.name == "non-verifier")
    assert (one.share, one.tickets) == (Share(1, 2), [7])
    assert one.categories == {"no category": 1}
    assert figures()[0].share.text == "no case yet"


def test_every_mistake_says_kindly_what_helps_and_no_course_knows_a_name() -> None:
    assert len({one.number for one in MISTAKES}) == len(MISTAKES) == 8
    assert all(one.what.endswith(".") and one.helps.endswith(".") for one in MISTAKES)
    known = {*get_type_hints(Course), *get_type_hints(Entry)}
    assert not known & {"actor", "login", "assignee", "owner", "person"}
