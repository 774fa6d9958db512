"""A fix that held is verified by rule, once, and its owners are told (semantics §9)."""

from datetime import timedelta

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.errors import RefusedError
from deskterm.services.looking import Verifying
from tests.services.test_releases import answers, shipped

DAYS = timedelta(days=14)


def later(desk: Desk, by: timedelta = DAYS) -> int:
    """Give how many problems the job ends so much later, in a process of its own."""
    return Verifying(desk.store).run(clock.now() + by)


def test_what_held_for_the_days_of_the_setting_is_verified_and_its_owner_told(desk: Desk) -> None:
    number, ada, _ = shipped(desk)
    desk.problems.set(number, {"owner": desk.me})
    assert later(desk) == 0
    answers(desk, "ada@example.org", "Yes")
    assert later(desk, DAYS - timedelta(minutes=5)) == 0
    assert (later(desk), later(desk)) == (1, 0)
    view = desk.problems.show(number)
    assert view.state == "verified"
    assert view.reason == (
        "Router 2.4 held for 14 days: 1 of 2 say that it works, nobody that it does not."
    )
    (told,) = [one for one in desk.notices.list() if one.kind == "verified"]
    assert told.ticket_id == max(view.tickets)
    assert desk.tickets.show(ada).state == "closed"


def test_a_single_still_broken_or_the_setting_keeps_it_open(desk: Desk) -> None:
    number, _, _ = shipped(desk)
    answers(desk, "ada@example.org", "Yes")
    desk.desk_settings.set("release.verify_days", "0")
    assert later(desk, timedelta(days=400)) == 0
    desk.desk_settings.set("release.verify_days", "14")
    answers(desk, "bo@example.org", "No")
    desk.problems.set(number, {"state": "released"})
    assert later(desk) == 0
    with pytest.raises(RefusedError, match="nobody who was told"):
        desk.problems.set(number, {"state": "verified"})
    desk.problems.set(number, {"state": "verified", "reason": "Bo has an old router."})
    assert desk.problems.show(number).state == "verified"


def test_only_the_newest_release_counts(desk: Desk) -> None:
    number, _, _ = shipped(desk)
    answers(desk, "ada@example.org", "No")
    values = {"problems": f"P{number}", "words": "Now it does."}
    desk.records.add("release", "Router 2.5", values)
    desk.releases.ship("Router 2.5")
    assert later(desk) == 0
    desk.problems.close(number, because="Tried in the lab.")
    assert desk.problems.show(number).reason == "Tried in the lab."
