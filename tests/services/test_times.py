"""Time worked (H9, semantics.md §12): booked, clocked, counted, proposed; sums that stay right."""

from datetime import timedelta

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.asking import How
from deskterm.domain.errors import ConflictError, RefusedError, UsageError
from deskterm.domain.times import AddTime, JudgeTime, StartClock, StopClock, TimeRow
from deskterm.domain.verbs import Close, Merge, Split
from deskterm.reports.shown import Wish
from deskterm.services.times import Forgotten
from tests.builders import count, open_ticket, value
from tests.services.test_promises import Time, time, utc_desk
from tests.verbs import verbs

__all__ = ["time", "utc_desk"]
BO = How(actor="bo")


def worked(desk: Desk, number: int) -> int:
    """The minutes booked on a ticket, as they are kept."""
    return int(value(desk, number, "worked")) // 60


def rows(desk: Desk, *states: str) -> list[TimeRow]:
    return list(desk.times.list(states=states or ("booked",)))


def test_time_is_booked_and_corrected_by_further_entries_never_overwritten(utc_desk: Desk) -> None:
    number = open_ticket(utc_desk)
    utc_desk.tickets.do([number], AddTime("1h30", "Cabling."))
    done = utc_desk.tickets.do([number], AddTime("-20m", "Lunch was in it."))
    assert worked(utc_desk, number) == 70
    assert [(one.minutes, one.note) for one in rows(utc_desk)] == [
        (90, "Cabling."),
        (-20, "Lunch was in it."),
    ]
    assert utc_desk.tickets.show(number).worked == 70 * 60
    utc_desk.ledger.undo(done.operation_id)
    assert worked(utc_desk, number) == 90
    utc_desk.ledger.redo()
    assert worked(utc_desk, number) == 70


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (AddTime("100h"), "out of bounds"),
        (AddTime("0m"), "out of bounds"),
        (AddTime("much"), "Say 45m, 1h or 1h30"),
        (AddTime("20m", on="tomorrow"), "worked on 'tomorrow'"),
        (AddTime("20m", on="2027-01-01"), "lies in the future"),
        (AddTime("20m", on="2019-01-01"), "more than a year ago"),
    ],
)
def test_time_that_cannot_be_is_refused_with_what_to_say(
    utc_desk: Desk, asked: AddTime, said: str
) -> None:
    number = open_ticket(utc_desk)
    with pytest.raises(UsageError, match=said):
        utc_desk.tickets.do([number], asked)
    assert count(utc_desk, "time_entry") == 0


def test_no_correction_and_no_undo_leaves_less_than_no_time(utc_desk: Desk) -> None:
    number = open_ticket(utc_desk)
    with pytest.raises(ConflictError, match="less than no time"):
        utc_desk.tickets.do([number], AddTime("-10m"))
    booked = utc_desk.tickets.do([number], AddTime("20m"))
    utc_desk.tickets.do([number], AddTime("-10m"))
    with pytest.raises(ConflictError, match="less than no time"):
        utc_desk.ledger.undo(booked.operation_id)
    assert worked(utc_desk, number) == 10


def test_a_technician_has_one_clock_and_starting_another_stops_the_first(
    utc_desk: Desk, time: Time
) -> None:
    one, other = open_ticket(utc_desk), open_ticket(utc_desk)
    utc_desk.tickets.do([one], StartClock())
    assert utc_desk.times.running() == one
    with pytest.raises(RefusedError, match="runs on it already, since 2026-11-23"):
        utc_desk.tickets.do([one], StartClock())
    time.now += timedelta(minutes=12)
    done = utc_desk.tickets.do([other], StartClock())
    assert f"Your clock on #{one} was stopped: 0:12 h booked." in done.notes
    assert (worked(utc_desk, one), utc_desk.times.running()) == (12, other)
    utc_desk.tickets.do([one], StartClock(), BO)  # everybody has their own
    with pytest.raises(RefusedError, match=f"your clock does not run on it; it runs on #{other}"):
        utc_desk.tickets.do([one], StopClock())
    time.now += timedelta(minutes=3)
    utc_desk.tickets.do([other], StopClock("Rebooted it."))
    assert [row.note for row in utc_desk.times.of(other)] == ["Rebooted it."]
    assert (worked(utc_desk, other), utc_desk.times.running()) == (3, None)


def test_undo_of_a_stop_lets_the_clock_run_on_unless_another_runs(
    utc_desk: Desk, time: Time
) -> None:
    one, other = open_ticket(utc_desk), open_ticket(utc_desk)
    utc_desk.tickets.do([one], StartClock())
    time.now += timedelta(minutes=5)
    stopped = utc_desk.tickets.do([one], StopClock())
    started = utc_desk.tickets.do([other], StartClock())
    with pytest.raises(ConflictError, match=f"runs on #{other}: stop it first"):
        utc_desk.ledger.undo(stopped.operation_id)
    utc_desk.ledger.undo(started.operation_id)
    utc_desk.ledger.undo(stopped.operation_id)
    assert (worked(utc_desk, one), utc_desk.times.running()) == (0, one)


def test_a_clock_that_ran_overnight_is_proposed_and_its_technician_confirms_or_drops(
    utc_desk: Desk, time: Time
) -> None:
    number = open_ticket(utc_desk)
    utc_desk.tickets.do([number], StartClock())
    time.at("tue 8:00")
    done = utc_desk.tickets.do([number], StopClock())
    (row,) = rows(utc_desk, "proposed")
    assert any(f"`deskterm time confirm {row.id}`" in note for note in done.notes)
    assert worked(utc_desk, number) == 0
    with pytest.raises(RefusedError, match="is cy's to confirm or drop"):
        utc_desk.tickets.do([number], JudgeTime(row.id), BO)
    kept = utc_desk.tickets.do([number], JudgeTime(row.id, length="40m"))
    assert worked(utc_desk, number) == 40
    utc_desk.ledger.undo(kept.operation_id)
    utc_desk.tickets.do([number], JudgeTime(row.id, keep=False))
    assert (worked(utc_desk, number), rows(utc_desk, "proposed")) == (0, [])
    with pytest.raises(RefusedError, match="is not proposed"):
        utc_desk.tickets.do([number], JudgeTime(row.id))


def test_the_jobs_stop_what_was_forgotten_and_what_belongs_to_who_has_left(
    utc_desk: Desk, time: Time
) -> None:
    long, left = open_ticket(utc_desk), open_ticket(utc_desk)
    utc_desk.tickets.do([long], StartClock())
    utc_desk.tickets.do([left], StartClock(), BO)
    utc_desk.records.set("technician", "bo", {"active": "no"})
    jobs = Forgotten(utc_desk.store, utc_desk.letters)
    time.now += timedelta(minutes=5)
    assert jobs.run(time.now) == 1
    time.now += timedelta(hours=13)
    assert jobs.run(time.now) == 1
    proposed = rows(utc_desk, "proposed")
    assert {one.ticket_id for one in proposed} == {long, left}
    (theirs,) = (one for one in proposed if one.technician == "bo")
    utc_desk.tickets.do([left], JudgeTime(theirs.id, keep=False))  # nobody else can any more


def test_a_clock_that_stands_before_its_start_books_nothing_and_says_so(
    utc_desk: Desk, time: Time
) -> None:
    number = open_ticket(utc_desk)
    utc_desk.tickets.do([number], StartClock())
    time.now -= timedelta(hours=1)
    done = utc_desk.tickets.do([number], StopClock())
    assert "a clock was set back" in done.notes[0]
    assert (worked(utc_desk, number), utc_desk.times.running()) == (0, None)


def test_what_is_closed_has_no_running_clock(utc_desk: Desk, time: Time) -> None:
    number = open_ticket(utc_desk)
    utc_desk.tickets.do([number], StartClock())
    time.now += timedelta(minutes=7)
    done = utc_desk.tickets.do([number], Close("spam"))
    assert f"Your clock on #{number} was stopped: 0:07 h booked." in done.notes
    utc_desk.ledger.undo(done.operation_id)
    assert (worked(utc_desk, number), utc_desk.times.running()) == (0, number)


def test_a_call_counts_itself_and_a_long_one_is_proposed(utc_desk: Desk) -> None:
    short = open_ticket(utc_desk, data={"call_seconds": 240})
    long = open_ticket(utc_desk, data={"call_seconds": 2 * 3600})
    open_ticket(utc_desk, data={"call_seconds": -5})
    assert (worked(utc_desk, short), worked(utc_desk, long)) == (4, 0)
    assert [(one.kind, one.ticket_id) for one in rows(utc_desk, "proposed")] == [("call", long)]


def test_a_guide_run_counts_itself_but_not_what_the_clock_counts(
    utc_desk: Desk, time: Time
) -> None:
    one, other = open_ticket(utc_desk), open_ticket(utc_desk)
    slug = utc_desk.guides.list()[0].id

    def walk(number: int, minutes: int) -> None:
        run = utc_desk.runs.start(slug, number)
        time.now += timedelta(minutes=minutes)
        utc_desk.runs.abandon(run.id, "The customer had to go.")

    walk(one, 6)
    assert [(row.kind, row.minutes) for row in utc_desk.times.of(one)] == [("guide", 6)]
    walk(one, 90)  # mostly silence: 15 minutes of it at most, and not without being asked
    assert [row.minutes for row in rows(utc_desk, "proposed")] == [15]
    utc_desk.tickets.do([other], StartClock())
    walk(other, 10)
    utc_desk.tickets.do([other], StopClock())
    assert (worked(utc_desk, one), worked(utc_desk, other)) == (6, 10)
    utc_desk.tickets.do([other], StartClock())
    walk(one, 5)  # the clock counts these minutes elsewhere: asked, not booked twice
    assert rows(utc_desk, "proposed")[-1].note == f"the clock ran on #{other}"


def test_merge_adds_time_split_leaves_it_and_undo_is_exact(utc_desk: Desk) -> None:
    goal, gone = open_ticket(utc_desk), open_ticket(utc_desk)
    for number, length in ((goal, "10m"), (gone, "25m")):
        utc_desk.tickets.do([number], AddTime(length))
    utc_desk.tickets.do([gone], StartClock())
    before = [row._replace(requester="") for row in rows(utc_desk, "booked", "running")]
    merged = utc_desk.tickets.do([gone], Merge(goal))
    assert (worked(utc_desk, goal), worked(utc_desk, gone)) == (35, 0)
    assert utc_desk.times.running() == goal
    utc_desk.ledger.undo(merged.operation_id)
    assert (worked(utc_desk, goal), worked(utc_desk, gone)) == (10, 25)
    assert [row._replace(requester="") for row in rows(utc_desk, "booked", "running")] == before
    verbs(utc_desk).note([gone], "Another thing.")
    note = next(e for e in utc_desk.tickets.show(gone).timeline if e.text == "Another thing.")
    new = utc_desk.tickets.do([gone], Split(note.id)).tickets[0]
    assert (worked(utc_desk, gone), worked(utc_desk, new)) == (25, 0)


def test_the_hours_of_a_problem_a_client_and_a_service_are_figures(utc_desk: Desk) -> None:
    utc_desk.records.add("service", "Mail", {})
    one, other = open_ticket(utc_desk, service="Mail"), open_ticket(utc_desk)
    utc_desk.tickets.do([one], AddTime("1h30"))
    utc_desk.tickets.do([one], AddTime("-30m"))
    utc_desk.tickets.do([other], AddTime("15m", on="2026-11-20"))
    (whole,) = utc_desk.figures.show(Wish(("worked",))).rows
    assert (whole.value.total, whole.value.cases) == (75 * 60, 2)
    assert whole.tickets() == [other, one]
    by = utc_desk.figures.show(Wish(("worked",), by="service")).rows
    assert {row.part: row.value.total for row in by} == {"Mail": 3600, "none": 900}
    (month,) = utc_desk.figures.show(Wish(("worked",), period="2026-11-20")).rows
    assert month.value.total == 900
    problem = utc_desk.problems.new({"title": "Mail is slow"}).subjects[0][1]
    verbs(utc_desk).link([one], problem, "problem")
    assert utc_desk.problems.page(problem).bill.whole.worked == 1.0
    (place,) = utc_desk.problems.queue()
    assert "1.0 hours worked" in place.why


def test_a_query_asks_for_the_time_worked(utc_desk: Desk) -> None:
    one, other = open_ticket(utc_desk), open_ticket(utc_desk)
    utc_desk.tickets.do([one], AddTime("45m"))
    assert list(utc_desk.board.ids("time>30m")) == [one]
    assert list(utc_desk.board.ids("time<0h30")) == [other]
    with pytest.raises(UsageError, match="such as 30m, 2h or 1h30"):
        utc_desk.board.ids("time>long")


def test_a_trial_changes_nothing_and_a_repeated_operation_books_once(utc_desk: Desk) -> None:
    number, op = open_ticket(utc_desk), "018f0000-0000-7000-8000-000000000001"
    utc_desk.tickets.do([number], AddTime("10m"), How(dry=True))
    assert count(utc_desk, "time_entry") == 0
    for _ in range(2):
        utc_desk.tickets.do([number], AddTime("10m"), How(op))
    assert worked(utc_desk, number) == 10
