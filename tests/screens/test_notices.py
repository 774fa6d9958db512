"""What a technician is told of while the app is open (C5)."""

from uuid import uuid4

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from deskterm.bootstrap import Desk, open_desk
from deskterm.domain import clock
from deskterm.domain.news import Kind, News
from deskterm.domain.notice_rows import NoticeRow
from deskterm.domain.record_table import RECORDS
from deskterm.domain.vocabulary import Event
from deskterm.screens.listing import ListScreen
from deskterm.screens.notices import NoticesScreen
from deskterm.screens.noticing import desktop_sequence, notice_words
from deskterm.screens.ticket.screen import TicketScreen
from deskterm.settings import load
from deskterm.storage.held_row import HeldRow
from deskterm.storage.ticket.news import store as keep
from deskterm.widgets.line_list import LineList
from deskterm.widgets.picker import Picker
from deskterm.widgets.status_line import StatusLine
from deskterm.widgets.ticket_table import TicketTable
from deskterm.widgets.typed import MentionArea
from tests.builders import open_ticket
from tests.screens.conftest import heard, running, settled, until
from tests.verbs import verbs


def by(desk: Desk, login: str) -> Desk:
    """Open the same desk as somebody else."""
    return open_desk(load({"db": desk.store.url}, as_login=login))


async def test_the_head_counts_what_is_new_and_the_foot_says_what_comes_while_it_is_open(
    sqlite_desk: Desk,
) -> None:
    ben = by(sqlite_desk, "ben")
    sqlite_desk.admin.set_technician("cy", {})
    first = open_ticket(ben, "Old news")
    verbs(ben).assign([first], to="cy")
    async with running(sqlite_desk) as pilot:
        line = pilot.app.screen.query_one(StatusLine)
        table = pilot.app.screen.query_one(TicketTable)
        assert line.notices == "✉ 1 notice"
        assert "Old news" not in heard(pilot)
        await until(pilot, lambda: table.cursor_id == first, "the cursor")
        urgent = open_ticket(ben, "VPN [b]down", urgent=True)
        verbs(ben).assign([urgent], to="cy")
        await until(pilot, lambda: "2 notices" in line.notices, "the count")
        assert line.notices == "✉ 2 notices, 1 urgent"
        assert f"! urgent · → given to you · #{urgent} VPN [b]down · ben" in heard(pilot)
        await until(pilot, lambda: set(table.ids) == {first, urgent}, "both")
        assert table.cursor_id == first
        await pilot.press("enter")
        await until(pilot, lambda: line.notices == "✉ 1 notice, 1 urgent", "seen by opening")
        await settled(pilot)
    ben.close()


def told(desk: Desk, login: str = "cy", many: int = 3) -> list[int]:
    """Let ben give tickets away, the second an urgent one; gives their numbers."""
    desk.admin.set_technician(login, {})
    ben = by(desk, "ben")
    numbers = [open_ticket(ben, f"Ticket {n}", urgent=n == 1) for n in range(many)]
    for number in numbers:
        verbs(ben).assign([number], to=login)
    ben.close()
    return numbers


def here(pilot: Pilot[None]) -> NoticesScreen:
    screen = pilot.app.screen
    assert isinstance(screen, NoticesScreen)
    return screen


def shown(pilot: Pilot[None]) -> list[str]:
    listing = here(pilot).query_one(LineList)
    return [line.content.plain for line in listing._shown]


async def test_the_screen_lists_newest_first_and_enter_opens_the_ticket_at_the_entry(
    sqlite_desk: Desk,
) -> None:
    numbers = told(sqlite_desk)
    for place in range(40):
        verbs(sqlite_desk).note([numbers[1]], f"note {place}\n\nand more")
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("N")
        await settled(pilot)
        assert [line.split()[-1] != "" and "#" in line for line in shown(pilot)] == [True] * 3
        assert "#3" in shown(pilot)[0]
        assert shown(pilot)[1].startswith("! → given to you")
        await pilot.press("j", "enter")
        await settled(pilot)
        ticket = pilot.app.screen
        assert isinstance(ticket, TicketScreen)
        (entry,) = (e.id for e in sqlite_desk.tickets.show(2).timeline if e.event == "assigned")
        talk = ticket.parts.talk
        await until(pilot, lambda: talk.in_hand and talk.in_hand.id == entry)
        assert talk.scroll_offset.y < talk.max_scroll_y
        await pilot.press("q")
        await until(pilot, lambda: len(shown(pilot)) == 2, "the opened one is seen")


async def test_views_and_filter_choose_and_a_marks_all_as_seen(sqlite_desk: Desk) -> None:
    told(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await pilot.press("N", "2")
        await settled(pilot)
        assert ["#2" in line for line in shown(pilot)] == [True]
        await pilot.press("1", "slash", *"ticket 0")
        assert ["#1" in line for line in shown(pilot)] == [True]
        await pilot.press("enter", "escape", "space")
        await until(pilot, lambda: len(shown(pilot)) == 2, "one was seen")
        await pilot.press("a")
        await until(pilot, lambda: not shown(pilot), "all seen")
        assert "Nothing new" in str(here(pilot).query_one("#none", Static).render())
        assert here(pilot).query_one(StatusLine).notices == ""
        await pilot.press("3")
        assert len(shown(pilot)) == 3


async def test_notices_marked_in_one_breath_are_all_marked(sqlite_desk: Desk) -> None:
    told(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await pilot.press("N")
        await until(pilot, lambda: len(shown(pilot)) == 3)
        screen = here(pilot)
        for _ in range(3):
            screen.FLOWS["notice_seen"](screen)
        await until(pilot, lambda: sqlite_desk.notices.glance(None).unseen == 0, "all seen")


async def test_without_notices_the_screen_says_what_will_come(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        await pilot.press("N", "enter")
        await settled(pilot)
        assert "No notices yet" in str(here(pilot).query_one("#none", Static).render())
        assert "there is no notice here" in heard(pilot)


async def test_the_mouse_opens_the_notices_from_the_head_and_a_ticket_from_the_list(
    sqlite_desk: Desk,
) -> None:
    told(sqlite_desk, many=1)
    async with running(sqlite_desk) as pilot:
        line = pilot.app.screen.query_one(StatusLine)
        await until(pilot, lambda: line.notices, "the count")
        await pilot.click(StatusLine, offset=(2, 0))
        assert not isinstance(pilot.app.screen, NoticesScreen)
        line.jobs = ""
        await pilot.pause()
        await pilot.click(StatusLine, offset=(str(line.render()).index("✉") + 2, 0))
        await until(pilot, lambda: isinstance(pilot.app.screen, NoticesScreen), "the list")
        await until(pilot, lambda: shown(pilot), "its lines")
        await pilot.click("#list", offset=(10, 0))
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))


async def test_in_focus_time_only_what_is_urgent_is_said_and_the_rest_at_its_end(
    sqlite_desk: Desk,
) -> None:
    async with running(sqlite_desk) as pilot:
        await pilot.press("F", "enter")
        line = pilot.app.screen.query_one(StatusLine)
        await until(pilot, lambda: "focus until" in line.notices, "focus in the head")
        told(sqlite_desk)
        await until(pilot, lambda: line.notices.startswith("✉ 3 · 1 urgent · focus"), "all three")
        assert "Ticket 1" in heard(pilot)
        assert "Ticket 0" not in heard(pilot)
        await pilot.press("F")
        await until(pilot, lambda: "Focus time is over: 2 notices waited" in heard(pilot), "end")
        assert line.notices == "✉ 3 notices, 1 urgent"


async def test_a_colleague_sees_who_has_closed_the_door(sqlite_desk: Desk) -> None:
    ben = by(sqlite_desk, "ben")
    ben.attention.begin("1h", "[b]migration")
    ben.close()
    open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await pilot.press("a")
        await settled(pilot)
        picks = pilot.app.screen.query_one(Picker)
        assert any("focus until" in pick.detail for pick in picks._all)


async def test_what_one_is_told_of_is_chosen_in_a_dialog(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        await pilot.press("N", "o")
        await settled(pilot)
        await pilot.press("home", "space", "ctrl+s")
        await until(pilot, lambda: "Kept" in heard(pilot), "kept")
        assert "assigned" not in sqlite_desk.attention.show().notify
        await pilot.press("u")
        await until(pilot, lambda: "assigned" in sqlite_desk.attention.show().notify, "undone")


def test_what_is_cut_in_a_notice_says_so() -> None:
    long = "1 mail of a machine came to inbox and opened no ticket: I shows what. " * 2
    facts = ("desk", long, "", False, "")
    said = notice_words(NoticeRow(1, None, None, Kind.FILED, False, clock.now(), None, *facts))
    assert said.endswith("…")
    assert "opened no ticket: I shows what." in said


def test_a_desktop_notification_cannot_be_ended_by_what_it_tells() -> None:
    words = ["#1 a\x07b\x1b]0;owned\x07;c", "second"]
    for kind in ("osc9", "osc777"):
        sequence = desktop_sequence(kind, words)
        assert sequence.startswith("\x1b]")
        assert sequence.endswith(" (+1)\x07")
        assert not any(sign in sequence[1:-1] for sign in "\x07\x1b")
    assert desktop_sequence("", words) == ""


@pytest.mark.parametrize("place", ["ticket", "board"])
async def test_a_login_is_completed_where_a_note_is_written(sqlite_desk: Desk, place: str) -> None:
    sqlite_desk.admin.set_technician("benedict", {})
    open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        if place == "ticket":
            await pilot.press("enter")
            await settled(pilot)
        await pilot.press("i")
        await settled(pilot)
        area = pilot.app.screen.query_one(MentionArea)
        await until(pilot, lambda: area.logins == ["benedict"], "who can be named")
        await pilot.press(*"a@b.org @be")
        assert area.suggestion == "nedict"
        await pilot.press("right", *" and x@be")
        assert (area.text, area.suggestion) == ("a@b.org @benedict and x@be", "")
        await pilot.press("ctrl+s")
        await settled(pilot)
    ben = by(sqlite_desk, "benedict")
    assert [one.kind for one in ben.notices.list()] == ["mentioned"]
    ben.close()


async def test_enter_on_a_notice_of_no_ticket_opens_what_it_is_of(sqlite_desk: Desk) -> None:
    sqlite_desk.admin.set_technician("cy", {})
    sqlite_desk.mailboxes.add("box", "mbox", {}, {"path": "/srv/box"})
    sqlite_desk.announcements.new("Lifts stand still.", {"to": "everyone", "until": "2h"})
    with sqlite_desk.store.work("desk", str(uuid4())) as work:
        work.claim("news")
        of = {
            kind: HeldRow(work, kind, 1).write(Event.NOTED, f"about the {kind}")
            for kind in ("mailbox", "announcement")
        }
        found = [
            News("cy", Kind.MAILBOX, True, None, of["mailbox"]),
            News("cy", Kind.ANNOUNCED, True, None, of["announcement"]),
            News("cy", Kind.FILED, False, None, 0, "2 mails of machines"),
            News("cy", Kind.POOR, False, None, 0, "1 of 2 ratings"),
        ]
        keep(work, found)
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("N")
        await settled(pilot)
        assert [" ".join(line.split()[:-2]) for line in shown(pilot)] == [
            "☆ poor rating 1 of 2 ratings",
            "⚙ machine mail 2 mails of machines",
            "! ‼ announcement about the announcement",
            "! ⊘ mailbox unread about the mailbox",
        ]
        seen = []
        for _ in range(4):
            await pilot.press("enter")
            await settled(pilot)
            screen = pilot.app.screen
            assert isinstance(screen, ListScreen)
            seen.append((type(screen).__name__, screen.part.view, screen.part.in_hand))
            await pilot.press("escape")
            await settled(pilot)
        assert "Nothing new" in str(here(pilot).query_one("#none", Static).render())
    assert [one[0] for one in seen] == [
        *("InsightScreen", "InboxScreen", "AnnouncementsScreen", "RecordsScreen"),
    ]
    assert [one[1] for one in seen] == [3, 3, 0, list(RECORDS).index("mailbox")]
    assert [one[2] for one in seen[2:]] == ["1", "1"]
