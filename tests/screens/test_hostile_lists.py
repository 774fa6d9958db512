"""What stands in the lists of the desk came from outside, too: nothing of it acts."""

from datetime import timedelta

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.text import storable
from deskterm.domain.verbs import CallBack
from deskterm.domain.visits import SetVisit
from tests.builders import open_ticket
from tests.screens.conftest import running, settled
from tests.screens.test_hostile_screens import SIZE, assert_alive, cases, drawn


def fill(desk: Desk, words: list[str]) -> None:
    """One ticket, problem, release, announcement, call-back and visit for each text."""
    for place, text in enumerate(words):
        number = open_ticket(desk, text, requester=f"eve{place}@example.org")
        facts = {"title": text, "cause": text, "workaround": text, "product": text[:60]}
        problem = desk.problems.new(facts, [number]).of("problem")[0]
        given = {"problems": f"P{problem}", "words": text, "how": text}
        desk.records.add("release", f"Router 2.{place}", given)
        desk.announcements.new(text)
        desk.tickets.do([number], CallBack("tomorrow 10:00", text, desk.me))
        at = (clock.now() + timedelta(days=place + 2)).isoformat()
        desk.tickets.do([number], SetVisit(at=at, place=text[:100], what=text[:100]))


async def test_lists_show_hostile_texts_of_each_class_and_nothing_acts(sqlite_desk: Desk) -> None:
    by_class = {one["class"].split(":")[0]: storable(one["payload"])[:400] for one in cases()}
    words = [text for text in by_class.values() if text.strip()]
    assert len(words) >= 5
    fill(sqlite_desk, words)
    async with running(sqlite_desk, SIZE) as pilot:
        for way in (("R",), ("@", "4"), ("f2", "2"), ("K",), ("Q",), ("f4",)):
            await pilot.press(*way)
            await settled(pilot)
            for _ in words:
                drawn(pilot)
                await pilot.press("j")
                await settled(pilot)
            await pilot.press("escape")
            await settled(pilot)
        assert_alive(pilot)
    assert len(sqlite_desk.visits.list()) == len(words)
