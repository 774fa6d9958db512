"""The nine steps in figures (B4), over plain courses."""

from deskterm.domain.shares import Share
from deskterm.domain.vocabulary import Step
from deskterm.reports.course import Course
from deskterm.reports.judged import judge
from deskterm.reports.steps import NEVER, StepFigures, StepTally, Stood, Times, times
from tests.unit.course_makers import course, did


def stood(course: Course) -> Stood:
    found = judge(course)
    return Stood(course.ticket, found.steps, found.seconds, found.reasons)


def figures(*courses: Course) -> dict[Step, StepFigures]:
    tally = StepTally()
    for some in (courses[:1], courses[1:]):
        tally.add([stood(one) for one in some])
    return {one.step: one for one in tally.figures()}


def test_a_step_is_done_skipped_or_open_as_it_was_at_the_last_closing() -> None:
    found = figures(
        course(did(1, "stepped", step_greet="done"), did(2, "closed"), did(3, "reopened")),
        course(did(1, "stepped", step_greet="skipped"), did(2, "closed"), ticket=2),
        course(did(2, "closed"), did(3, "stepped", step_greet="done"), ticket=3),
    )
    greet = found[Step.GREET]
    assert (greet.done, greet.skipped, greet.open) == ([1], [2], [3])
    assert greet.shares() == (Share(1, 3), Share(1, 3), Share(1, 3), Share(0, 3))
    assert (greet.behind, greet.not_simply) == ([3, 2], 2)
    assert greet.reasons == {"why": 1}


def test_a_failed_verification_counts_where_it_leads_back_to() -> None:
    failed = {"result": "failed"}
    found = figures(
        course(did(1, "verified", data=failed | {"by": "craft"}), did(9, "closed")),
        course(did(1, "verified", data=failed | {"by": "customer"}), did(9, "closed"), ticket=2),
        course(did(1, "verified", data={"by": "craft", "result": "ok"}), ticket=3),
    )
    assert found[Step.REPRODUCE].back == [1]
    assert found[Step.STATE].back == [2]


def test_times_are_median_and_ninetieth_percentile_to_the_first_time_it_was_done() -> None:
    again = course(
        did(1, "stepped", step_state="done"),
        did(2, "verified", step_state=None),
        did(3, "stepped", step_state="done"),
        did(4, "closed"),
    )
    assert figures(again)[Step.STATE].times == Times(1, 3600, 3600)
    assert times(range(1, 11)) == Times(10, 5.5, 9)
    assert times([]) == NEVER


def test_without_a_case_nothing_is_claimed() -> None:
    assert [one.shares()[0].text for one in figures().values()] == ["no case yet"] * 9
