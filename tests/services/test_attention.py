"""What a technician wants to be told of, and focus time (C5)."""

from datetime import timedelta

import pytest

from deskterm.bootstrap import Desk, open_desk
from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.errors import ConflictError, RefusedError, UsageError
from deskterm.domain.news import DEFAULT
from tests.builders import open_ticket
from tests.services.test_notices import known, of
from tests.verbs import verbs


def test_what_one_is_told_of_is_kept_undone_and_refused_where_it_is_nonsense(desk: Desk) -> None:
    assert desk.attention.show().notify == DEFAULT
    desk.attention.set({"notify": "replied,assigned", "email": "Cy@Example.org", "mail": "digest"})
    wishes = desk.attention.show()
    assert (wishes.notify, wishes.email, wishes.mail) == (
        ("assigned", "replied"), "cy@example.org", "digest",
    )  # fmt: skip
    desk.ledger.undo()
    assert (desk.attention.show().notify, desk.attention.show().email) == (DEFAULT, "")
    desk.attention.set({"notify": "none"})
    assert desk.attention.show().notify == ()
    for values in ({"notify": "all"}, {"mail": "fax"}, {"email": "nobody"}, {"level": "9"}):
        with pytest.raises(UsageError):
            desk.attention.set(values)


def test_an_undo_does_not_write_over_a_later_wish(desk: Desk) -> None:
    first = desk.attention.begin("1h").operation_id
    desk.attention.begin("2h")
    with pytest.raises(ConflictError):
        desk.ledger.undo(first)


def test_focus_time_outlives_the_program_ends_by_itself_and_colleagues_see_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.attention.begin("1h", "the migration")
    other = open_desk(desk.settings)
    now = other.attention.focus()
    assert now is not None
    assert (now.reason, now.until - now.since) == ("the migration", timedelta(hours=1))
    (row,) = (one for one in other.admin.technicians() if one.login == "cy")
    assert (row.focus_until, row.focus_reason) == (now.until, "the migration")
    other.close()
    later = now.until + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert desk.attention.focus() is None
    assert [one.focus_until for one in desk.admin.technicians()] == [None]


def test_focus_time_is_ended_once_and_never_a_day_long(desk: Desk) -> None:
    desk.attention.begin("90m")
    desk.attention.end()
    assert desk.attention.focus() is None
    with pytest.raises(RefusedError, match="not focus time"):
        desk.attention.end()
    with pytest.raises(UsageError, match="at most 12 hours"):
        desk.attention.begin("2d")
    assert desk.attention.begin("1h", how=How(dry=True)).dry
    assert desk.attention.focus() is None


def test_what_came_in_focus_time_is_counted_apart(desk: Desk) -> None:
    known(desk, "ben")
    ben = open_desk(desk.settings)
    ben.me = "ben"
    verbs(desk).assign([open_ticket(desk)], to="ben")
    ben.attention.begin("1h")
    verbs(desk).assign([open_ticket(desk), open_ticket(desk)], to="ben")
    verbs(desk).assign([open_ticket(desk, urgent=True)], to="ben")
    ben.attention.end()
    glance = of(desk, "ben").glance()
    assert (glance.unseen, glance.urgent, glance.waited) == (4, 1, 2)
    ben.close()
