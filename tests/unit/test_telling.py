"""When notices leave by mail: urgent at once, the rest together, in focus time not at all."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from deskterm.domain.news import Manner, Pending, due
from deskterm.mail.render import NOTICES, render_staff
from deskterm.mail.samples import SAMPLE_FACE
from deskterm.mail.staff import staff_samples
from deskterm.mail.template_check import check_template
from deskterm.mail.templates import shipped

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def manner(mail: str = "at-once", focus: datetime | None = None) -> Manner:
    return Manner(mail, focus, timedelta(minutes=10), time(8), ZoneInfo("Europe/Berlin"))


def calm(number: int, minutes_ago: int) -> Pending:
    return Pending(number, False, NOW - timedelta(minutes=minutes_ago))


def test_what_is_not_urgent_waits_for_others_and_goes_with_them() -> None:
    assert due([calm(1, 9), calm(2, 1)], manner(), NOW) == ()
    assert due([calm(1, 10), calm(2, 1)], manner(), NOW) == (1, 2)
    assert due([], manner(), NOW) == ()


def test_urgent_news_goes_alone_and_does_not_wait_for_anything() -> None:
    pending = [calm(1, 5), Pending(2, True, NOW)]
    for how in (manner(), manner("digest"), manner(focus=NOW + HOUR)):
        assert due(pending, how, NOW) == (2,)
    assert due(pending, manner("none"), NOW) == ()


def test_in_focus_time_the_rest_waits_until_its_end_and_comes_at_once_then() -> None:
    pending = [calm(1, 50), calm(2, 20)]
    assert due(pending, manner(focus=NOW + timedelta(seconds=1)), NOW) == ()
    assert due(pending, manner(focus=NOW), NOW) == (1, 2)


def test_an_overview_leaves_once_a_day_by_the_desks_own_clock() -> None:
    evening = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    early = Pending(1, False, evening)
    seven = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)  # 8:00 in Berlin
    assert due([early], manner("digest"), seven - timedelta(minutes=1)) == ()
    assert due([early], manner("digest"), seven) == (1,)
    assert due([Pending(2, False, seven)], manner("digest"), seven + timedelta(hours=23)) == ()


@pytest.mark.parametrize("language", ["", "de"])
def test_the_letter_to_technicians_can_be_rendered_and_edited(language: str) -> None:
    check_template(NOTICES, shipped(NOTICES, language), language)
    text = render_staff(staff_samples()["note"], SAMPLE_FACE, {}).text
    assert "deskterm ticket show 1042" in text
    assert "!reply" in text
    overview = render_staff(staff_samples()["several"], SAMPLE_FACE, {})
    assert overview.subject.startswith("! ")
    assert "reaches none of them" in overview.text
