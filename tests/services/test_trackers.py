"""Problems in outside trackers: told once, kept in step, nothing lost (F3, semantics §9)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.errors import ConflictError, RefusedError, UsageError
from deskterm.domain.mail_rows import Asked
from deskterm.services.leaking import LeaksError
from deskterm.services.outbox.turn import Turn
from deskterm.services.trackers import running, taking
from deskterm.settings import Value
from tests.builders import count, open_ticket
from tests.trackers import Tracker


@pytest.fixture
def tracker(desk: Desk, tmp_path: Path) -> Tracker:
    return Tracker(desk, tmp_path / "tracker")


def problem(desk: Desk, title: str = "The VPN drops after an hour", **facts: str) -> int:
    values = {"title": title, "workaround": "Connect again.", "product": "Router", **facts}
    return desk.problems.new(values, [open_ticket(desk)]).of("problem")[0]


def later(monkeypatch: pytest.MonkeyPatch, **wait: float) -> None:
    then = clock.now() + timedelta(**wait)
    monkeypatch.setattr(clock, "now", lambda: then)


def test_a_problem_is_opened_read_and_taken_over(
    desk: Desk, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = problem(desk)
    desk.trackers.track(number)
    with pytest.raises(RefusedError, match="in dev already"):
        desk.trackers.track(number)
    assert desk.trackers.run() == Asked(done=1, news=1)
    (told,) = tracker.asked
    assert told["do"] == "open"
    assert told["problem"]["title"] == "The VPN drops after an hour"  # type: ignore[index]
    (followed,) = desk.trackers.of(number)
    assert followed.tracked.words == "dev 1: open"
    assert followed.tracked.url == "https://tracker.example/1"
    assert followed.proposal is None
    assert desk.trackers.run() == Asked()  # it is read again in a quarter of an hour

    hostile = "It is \x1b]52;c;cm0gLXJm\x07 fixed [@click=app.quit]here[/]"
    tracker.change("1", state="closed", fixed_in="2.4.1")
    tracker.change("1", comments=[{"id": 7, "author": "dev\x1b[2J", "text": hostile}])
    later(monkeypatch, minutes=16)
    assert desk.trackers.run() == Asked(done=1, news=1)
    (followed,) = desk.trackers.of(number)
    assert followed.tracked.words == "dev 1: closed, fixed in 2.4.1"
    assert followed.heard == (f"dev\u241b[2J in dev 1: {hostile}",)
    assert count(desk, "ledger", "kind = 'problem' AND event = 'noted' AND NOT public") == 1
    assert followed.proposal is not None
    assert desk.problems.show(number).fixed == ""
    done = desk.trackers.take(number)
    assert desk.problems.show(number).fixed == "2.4.1"
    desk.ledger.undo(done.operation_id)
    assert desk.problems.show(number).fixed == ""

    later(monkeypatch, minutes=32)
    desk.trackers.run()
    assert count(desk, "ledger", "kind = 'problem' AND event = 'noted'") == 1


def test_what_changes_here_is_told_and_a_new_state_is_said(desk: Desk, tracker: Tracker) -> None:
    number = problem(desk, state="open")
    desk.trackers.track(number)
    desk.trackers.run()
    desk.problems.set(number, {"severity": "high"})
    desk.problems.set(number, {"state": "known_error", "cause": "A timer is wrong."})
    assert desk.trackers.run().done == 2
    assert tracker.did == ["open", "update", "comment"]
    assert tracker.issues["1"]["problem"]["cause"] == "A timer is wrong."  # type: ignore[index]
    said = tracker.asked[2]["comment"]["text"]  # type: ignore[index]
    assert said.startswith("At the help desk it is now known error (was open)")
    desk.problems.set(number, {"owner": "cy"})
    assert desk.trackers.run() == Asked()  # who takes care of it is nothing to developers
    desk.trackers.comment(number, "Any news?")
    assert desk.trackers.run().done == 1
    assert len(tracker.issues["1"]["comments"]) == 2  # type: ignore[arg-type]
    assert desk.trackers.ask_now(number).done == 1  # the desk's own words do not come back to it
    assert desk.trackers.of(number)[0].heard == ()


def test_an_end_is_told_once_and_so_is_its_undoing(desk: Desk, tracker: Tracker) -> None:
    number = problem(desk, state="open")
    desk.trackers.track(number)
    desk.trackers.run()
    ended = desk.problems.set(number, {"state": "wont_fix", "reason": "It is by design."})
    undone = desk.ledger.undo(ended.operation_id)
    assert desk.trackers.run() == Asked()  # nothing had left: to the tracker nothing has ended
    desk.ledger.redo(undone.operation_id)
    desk.trackers.run()
    desk.problems.set(number, {"severity": "high"})
    desk.trackers.run()
    desk.ledger.undo(desk.problems.set(number, {"severity": "low"}).operation_id)
    desk.problems.set(number, {"state": "open"})
    tracker.faults('{"error": "the issue is locked", "again": false}')
    assert desk.trackers.run().failed == 1
    (failed,) = desk.trackers.queue.rows(failed=True)
    assert failed.error == "the issue is locked"
    desk.problems.set(number, {"severity": "low"})
    desk.trackers.run()
    told = [one for one in tracker.asked if one["do"] == "update"]
    assert [one.get("turn") for one in told] == ["close", None, "reopen", "reopen"]
    assert [one["problem"]["ended"] for one in told] == ["wont_fix", "wont_fix", "", ""]  # type: ignore[index]


def test_nothing_is_said_twice_and_nothing_is_lost_whatever_goes_wrong(
    desk: Desk, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = problem(desk)
    desk.trackers.track(number)
    faults = ("dies", "nonsense", "lost", '{"error": "server error 500"}', '{"ref": ""}')
    tracker.faults(*faults)
    waits = (0, 61, 301, 901, 3_601, 14_401)
    for wait, fault in zip(waits, (*faults, ""), strict=True):
        later(monkeypatch, seconds=wait)
        assert desk.trackers.run() == (Asked(later=1) if fault else Asked(done=1, news=1)), fault
        assert desk.trackers.run() == Asked()  # it waits its time
        if fault:
            assert [one.name for one in desk.trackers.queue.rows()] == [f"open P{number}"]
    assert len(tracker.issues) == 1
    assert len({one["op"] for one in tracker.asked}) == 1
    assert len({str(one) for one in tracker.asked}) == 1  # the same bytes at every try


def test_a_program_that_is_silent_is_ended_in_time(
    desk: Desk, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.trackers.track(problem(desk))
    tracker.faults("silent")
    monkeypatch.setattr(running.ask, "__defaults__", (0.3,))
    assert desk.trackers.run() == Asked(later=1)
    (row,) = desk.trackers.queue.rows()
    assert row.error == "its program was ended after 0.3 s"


def test_a_tracker_that_wants_rest_gets_it_and_a_refusal_is_final(
    desk: Desk, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = problem(desk), problem(desk, "The printer eats paper")
    desk.trackers.track(one)
    desk.trackers.track(other)
    tracker.faults('{"error": "rate limit", "pause": 600}')
    assert desk.trackers.run() == Asked(later=1)
    assert desk.trackers.queue.standing().paused == ("dev: rate limit",)
    assert desk.trackers.run() == Asked()
    later(monkeypatch, seconds=601)
    tracker.faults('{"error": "issues are disabled", "again": false}')
    assert desk.trackers.run() == Asked(done=1, news=1, failed=1)
    (row,) = desk.trackers.queue.rows(failed=True)
    assert row.error == "issues are disabled"
    said = "dev was not told (open): issues are disabled"
    assert count(desk, "ledger", "kind = 'problem' AND text = :said", said=said) == 1
    done = desk.trackers.queue.retry()
    assert desk.trackers.run(Turn()) == Asked(done=1, news=1)
    assert done.of("errand") == (row.id,)
    assert {one.state for one in desk.trackers.queue.rows(done=True)} == {"sent"}


def test_a_process_that_is_killed_while_it_asks_is_followed_by_another(
    desk: Desk, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = problem(desk)
    desk.trackers.track(number)

    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as once:
        once.setattr(taking, "take", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.trackers.run()
    assert desk.trackers.run() == Asked()  # the one that was killed still holds it
    later(monkeypatch, minutes=3)
    assert desk.trackers.run() == Asked(done=1, news=1)
    assert list(tracker.issues) == ["1"]
    assert desk.trackers.of(number)[0].tracked.ref == "1"


def test_names_and_machines_stay_here_unless_somebody_says_yes(
    desk: Desk, tracker: Tracker
) -> None:
    number = problem(desk, workaround="Ask Ada Moss for srv-vpn1.")
    with pytest.raises(LeaksError, match="Ada Moss"):
        desk.trackers.track(number)
    desk.trackers.track(number, yes=True)
    desk.trackers.run()
    desk.problems.set(number, {"workaround": "Ask Ada Moss for srv-vpn1 again."})
    assert desk.trackers.run() == Asked(done=1)  # these were agreed to
    desk.problems.set(number, {"cause": "The disk of srv-dc2 is full."})
    assert desk.trackers.run() == Asked(failed=1)
    (row,) = desk.trackers.queue.rows()
    assert "srv-dc2" in row.error
    assert tracker.did == ["open", "update"]
    with pytest.raises(LeaksError, match="srv-dc2"):
        desk.trackers.comment(number, "See srv-dc2.")
    desk.trackers.update(number, yes=True)
    assert desk.trackers.run() == Asked(done=1)
    assert desk.trackers.queue.rows() == []


def test_undo_stops_what_was_not_said_and_leaving_stops_the_rest(
    desk: Desk, tracker: Tracker
) -> None:
    number = problem(desk)
    done = desk.trackers.track(number)
    desk.ledger.undo(done.operation_id)
    assert desk.trackers.of(number) == []
    assert desk.trackers.run() == Asked()
    desk.ledger.redo()
    assert desk.trackers.run().done == 1
    assert desk.trackers.of(number)[0].tracked.ref == "1"
    with pytest.raises(ConflictError):
        desk.ledger.undo(done.operation_id)
    desk.trackers.leave(number)
    assert desk.trackers.queue.rows() == []
    with pytest.raises(RefusedError, match="not in any tracker"):
        desk.trackers.comment(number, "Hello")
    desk.trackers.track(number, ref="1")  # what is there already is only followed
    assert desk.trackers.run().done == 1
    assert tracker.did == ["open", "read"]


def test_an_errand_that_is_stopped_leaves_nothing_that_waits_for_it(
    desk: Desk, tracker: Tracker
) -> None:
    number = problem(desk)
    desk.trackers.track(number)
    desk.trackers.comment(number, "Please look.")
    opening = desk.trackers.queue.rows()[-1]
    desk.trackers.queue.withdraw([opening.id])
    assert desk.trackers.of(number) == []
    assert desk.trackers.run() == Asked()
    assert tracker.asked == []


def test_which_tracker_is_meant_is_said_where_it_is_not_plain(desk: Desk) -> None:
    number = problem(desk)
    with pytest.raises(UsageError, match=r"settings set trackers\.github"):
        desk.trackers.track(number)
    desk.trackers.track(number, "Elsewhere")
    assert desk.trackers.names() == {"elsewhere": 1}
    assert desk.trackers.run() == Asked()  # a machine without its program leaves it to others
    with pytest.raises(UsageError, match="letters and digits"):
        desk.trackers.track(number, "no/name")


def test_two_that_do_the_jobs_at_once_ask_each_thing_once(desk: Desk, tracker: Tracker) -> None:
    many = 6
    for number in range(many):
        desk.trackers.track(problem(desk, f"Fault {number}"))
    with ThreadPoolExecutor(3) as pool:
        ran = list(pool.map(lambda _: desk.trackers.run(), range(3)))
    assert sum(one.done for one in ran) == many
    assert len({str(one["op"]) for one in tracker.asked}) == len(tracker.asked) == many


def test_a_program_that_is_not_here_leaves_its_tracker_alone(desk: Desk, tracker: Tracker) -> None:
    desk.settings._values["trackers"] = Value({"dev": "no-such-program 'x"}, "file")
    desk.trackers.track(problem(desk))
    assert desk.trackers.run() == Asked(later=1)
    assert "no-such-program is not to be found here" in desk.trackers.queue.standing().paused[0]


def test_a_merged_problem_s_tracker_follows_to_the_one_that_stays(
    desk: Desk, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its number there, what was said, what waits; closing and reopening are told of it."""
    gone, stays = problem(desk, state="open"), problem(desk, "No VPN", state="open")
    desk.trackers.track(gone)
    desk.trackers.run()
    tracker.change("1", comments=[{"id": 7, "author": "dev", "text": "Which version?"}])
    assert desk.trackers.ask_now(gone).news == 1
    desk.trackers.comment(gone, "2.3.")
    desk.problems.merge(gone, stays)
    assert desk.trackers.of(gone) == []
    (followed,) = desk.trackers.of(stays)
    assert (followed.tracked.ref, followed.heard) == ("1", ("dev in dev 1: Which version?",))
    desk.trackers.run()
    assert tracker.did == ["open", "read", "comment", "update"]
    assert tracker.issues["1"]["problem"]["id"] == f"P{stays}"  # type: ignore[index]
    assert desk.trackers.ask_now(stays) == Asked(done=1)  # nothing of it is said as news again
    desk.problems.close(stays, because="The router was replaced.")
    desk.problems.set(stays, {"state": "open", "reason": ""})
    desk.trackers.run()
    desk.problems.close(stays, because="Replaced again.")
    desk.trackers.run()
    texts = [str(one["comment"]["text"]) for one in tracker.asked if one["do"] == "comment"]  # type: ignore[index]
    assert "now verified (was open)" in texts[-1]
    assert len(tracker.issues) == 1
    desk.problems.set(stays, {"state": "open", "reason": ""})
    made = desk.problems.split(stays, desk.problems.show(stays).tickets[:1], "Other")
    assert desk.trackers.of(made.of("problem")[0]) == []  # a part is for people to open there
    assert desk.trackers.of(stays)[0].tracked.ref == "1"


def test_an_undone_merge_gives_the_tracker_back_with_what_waits(
    desk: Desk, tracker: Tracker
) -> None:
    gone, stays = problem(desk, state="open"), problem(desk, "No VPN", state="open")
    desk.trackers.track(gone)
    desk.problems.merge(gone, stays)
    desk.ledger.undo()
    assert desk.trackers.of(stays) == []
    desk.trackers.run()
    assert desk.trackers.of(gone)[0].tracked.ref == "1"
    assert tracker.issues["1"]["problem"]["id"] == f"P{gone}"  # type: ignore[index]


@pytest.mark.parametrize("opened", ["both", "gone", "stays"])
def test_two_problems_in_one_tracker_say_there_that_they_are_the_same(
    desk: Desk, tracker: Tracker, opened: str
) -> None:
    """What was never opened there gives way; nothing says that it will not be fixed."""
    gone, stays = problem(desk, state="open"), problem(desk, "No VPN", state="open")
    first, second = (stays, gone) if opened == "stays" else (gone, stays)
    desk.trackers.track(first)
    desk.trackers.run()
    desk.trackers.track(second)
    if opened == "both":
        desk.trackers.run()
    desk.problems.merge(gone, stays)
    desk.trackers.run()
    said = [str(one["comment"]["text"]) for one in tracker.asked if one["do"] == "comment"]  # type: ignore[index]
    same = ["At the help desk it is the same as dev 2, and goes on there."]
    assert said == (same if opened == "both" else [])
    assert len(tracker.issues) == (2 if opened == "both" else 1)
    assert [one.tracked.ref for one in desk.trackers.of(stays)] == ["2" if said else "1"]
    assert [one.tracked.ref for one in desk.trackers.of(gone)] == (["1"] if said else [])


def test_an_answer_that_comes_while_its_problem_is_merged_is_kept(
    desk: Desk, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, stays = problem(desk, state="open"), problem(desk, "No VPN", state="open")
    desk.trackers.track(gone)
    take = taking.take

    def meanwhile(*given: Any) -> int:
        monkeypatch.setattr(taking, "take", take)
        desk.problems.merge(gone, stays)
        return take(*given)

    monkeypatch.setattr(taking, "take", meanwhile)
    assert desk.trackers.run().news == 1
    assert desk.trackers.of(stays)[0].tracked.ref == "1"
    assert len(tracker.issues) == 1
