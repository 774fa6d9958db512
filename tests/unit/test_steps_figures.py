"""The nine steps in figures (B4), over plain courses."""

from deskterm.domain.shares import Share
from deskterm.domain.vocabulary import Step
from deskterm.reports.steps import StepFigures, Times, step_figures, times
from tests.unit.course_makers import course, did


def figures(*courses: object) -> dict[Step, StepFigures]:
    return {one.step: one for one in step_figures(courses)}  # type: ignore[arg-type]


def test_a_step_is_done_skipped_or_open_as_it_was_at_the_last_closing() -> None:
    found = figures(
        course(did(1, "stepped", step_greet="done"), did(2, "closed"), did(3, "reopened")),
        course(did(1, "stepped", step_greet="skipped"), did(2, "closed"), ticket=2),
        course(did(2, "closed"), did(3, "stepped", step_greet="done"), ticket=3),
    )
    greet = found[Step.GREET]
    assert (greet.done, greet.skipped, greet.open) == ([1], [2], [3])
    assert greet.share(greet.done) == Share(1, 3)
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
    assert times([float(one) for one in range(1, 11)]) == Times(10, 5.5, 9)
    assert times([]) == Times(0, None, None)


def test_without_a_case_nothing_is_claimed() -> None:
    assert [one.share(one.done).text for one in step_figures([])] == ["no case yet"] * 9
