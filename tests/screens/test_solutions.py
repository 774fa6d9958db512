"""The solutions screen: what fits, one key for use and vote, two to publish, hostile text."""

import re
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from deskterm.bootstrap import Desk
from deskterm.screens.solutions.screen import SolutionsScreen
from deskterm.widgets.line_list import LineList
from deskterm.widgets.text_pane import TextPane
from tests.beside import hostile
from tests.builders import count, open_ticket, value
from tests.screens.conftest import heard, running, settled, until
from tests.verbs import verbs


def write(desk: Desk, title: str = "VPN has no route", **values: str) -> int:
    given = {"title": title, "symptoms": "no route", "resolution": "New profile.", **values}
    return desk.solutions.new(given).of("solution")[0]


def screen(pilot: Pilot[None]) -> SolutionsScreen:
    found = pilot.app.screen
    assert isinstance(found, SolutionsScreen)
    return found


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def go(pilot: Pilot[None], *args: Any) -> SolutionsScreen:
    pilot.app.go("solutions", *args)  # type: ignore[attr-defined]
    await until(pilot, lambda: isinstance(pilot.app.screen, SolutionsScreen), "shown")
    await settled(pilot)
    return screen(pilot)


def read(pilot: Pilot[None]) -> str:
    pane = screen(pilot).query_one("#page", TextPane)
    return str(pane.query_one("Static").render())


def listed(pilot: Pilot[None]) -> list[int]:
    return [one.row.id for one in screen(pilot).shown]


async def test_s_on_a_ticket_shows_what_fits_best_first_with_the_reason(sqlite_desk: Desk) -> None:
    other = write(sqlite_desk, "Printer jams", symptoms="paper", resolution="Open the flap.")
    plain, proved = write(sqlite_desk), write(sqlite_desk)
    sqlite_desk.solutions.rate(open_ticket(sqlite_desk), proved, True)
    open_ticket(sqlite_desk, "VPN: no route", urgent=True)
    async with running(sqlite_desk) as pilot:
        await press(pilot, "s")
        assert listed(pilot) == [proved, plain]
        assert "says " in read(pilot)
        assert "worked 1 of 1" in read(pilot)
        await press(pilot, "a")
        assert set(listed(pilot)) == {other, plain, proved}


async def test_a_reply_with_a_solution_is_three_keys(sqlite_desk: Desk) -> None:
    number = write(sqlite_desk, tip="Restart after updates.")
    ticket = open_ticket(sqlite_desk, "VPN: no route")
    async with running(sqlite_desk) as pilot:
        await press(pilot, "s", "s", "ctrl+s")
        assert pilot.app.screen is pilot.app.screen_stack[0]
    assert value(sqlite_desk, ticket, "solution_id") == number
    assert count(sqlite_desk, "step", "step IN ('propose', 'select')") == 2
    with sqlite_desk.store.reading() as database:
        row = database.one("SELECT text FROM ledger WHERE event = 'replied'")
    assert row is not None
    assert row["text"] == "New profile.\n\nRestart after updates."
    assert sqlite_desk.drafts.get("reply", ticket) == ""


async def test_leaving_the_reply_keeps_the_draft_after_what_was_begun(sqlite_desk: Desk) -> None:
    write(sqlite_desk)
    ticket = open_ticket(sqlite_desk, "VPN: no route")
    sqlite_desk.drafts.put("reply", ticket, "Hello Ada,")
    async with running(sqlite_desk) as pilot:
        await press(pilot, "s", "s", "escape")
    assert sqlite_desk.drafts.get("reply", ticket) == "Hello Ada,\n\nNew profile."
    assert count(sqlite_desk, "ledger", "event = 'replied'") == 0


async def test_plus_and_minus_vote_with_one_key_and_u_takes_it_back(sqlite_desk: Desk) -> None:
    number = write(sqlite_desk)
    open_ticket(sqlite_desk, "VPN: no route")

    def votes() -> tuple[int, int]:
        row = sqlite_desk.solutions.show(number)
        return row.worked, row.failed

    async with running(sqlite_desk) as pilot:
        await press(pilot, "s", "plus")
        assert votes() == (1, 0)
        await press(pilot, "minus")
        assert votes() == (0, 1)
        assert "did not work lately" in read(pilot)
        assert "flagged" in heard(pilot)
        await press(pilot, "u")
        assert votes() == (1, 0)


async def test_publishing_is_two_keys(sqlite_desk: Desk) -> None:
    number = write(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await go(pilot)
        await press(pilot, "P", "enter")
        row = sqlite_desk.solutions.show(number)
        assert (row.confidence, row.audience) == ("not validated", "technicians")
        published = "Published S1 for technicians (not validated yet) · u undoes"
        assert heard(pilot).splitlines() == [published]
        await press(pilot, "P", "enter", "P", "enter", "P", "enter")
    row = sqlite_desk.solutions.show(number)
    assert (row.confidence, row.audience) == ("validated", "public")


async def test_a_resolved_ticket_is_published_with_two_keys(sqlite_desk: Desk) -> None:
    ticket = open_ticket(sqlite_desk, "VPN: no route")
    async with running(sqlite_desk) as pilot:
        await press(pilot, "P")
        assert "no resolution yet" in heard(pilot)
        verbs(sqlite_desk).solve([ticket], "New profile.")
        await press(pilot, "6", "P", "enter")
        row = sqlite_desk.solutions.show(1)
        assert (row.source_ticket, row.audience) == (ticket, "technicians")
        assert row.confidence == "not validated"
        await press(pilot, "escape", "escape", "P", "enter")
    assert sqlite_desk.solutions.show(1).confidence == "validated"
    assert count(sqlite_desk, "solution") == 1


async def test_a_leak_wants_a_second_enter(sqlite_desk: Desk) -> None:
    number = write(sqlite_desk, resolution="Ask ada@example.org.")
    sqlite_desk.solutions.publish(number, "organisation", "validated", yes=True)
    async with running(sqlite_desk) as pilot:
        await go(pilot)
        await press(pilot, "P")
        assert "ada@example.org" in str(pilot.app.screen.query_one("#leaks").render())
        await press(pilot, "enter")
        assert sqlite_desk.solutions.show(number).audience == "organisation"
        await press(pilot, "enter")
    assert sqlite_desk.solutions.show(number).audience == "public"


async def test_the_form_writes_only_what_was_altered(sqlite_desk: Desk) -> None:
    number = write(sqlite_desk, cause="x\x1b[31m")
    async with running(sqlite_desk) as pilot:
        await go(pilot)
        await press(pilot, "e")
        pilot.app.screen.query_one("#field-tip", TextArea).load_text("Restart.")
        await press(pilot, "ctrl+s")
        assert "Edited S1" in heard(pilot)
    row = sqlite_desk.solutions.show(number)
    assert (row.tip, row.cause, row.version) == ("Restart.", "x\x1b[31m", 2)


async def test_a_form_that_is_left_comes_back(sqlite_desk: Desk) -> None:
    write(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await go(pilot)
        await press(pilot, "e")
        pilot.app.screen.query_one("#field-title", Input).value = "Begun"
        await press(pilot, "escape", "e")
        assert pilot.app.screen.query_one("#field-title", Input).value == "Begun"
        await press(pilot, "ctrl+s")
    assert sqlite_desk.solutions.show(1).title == "Begun"
    assert count(sqlite_desk, "draft") == 0


async def test_an_edit_by_somebody_else_is_named_and_nothing_is_lost(sqlite_desk: Desk) -> None:
    number = write(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await go(pilot)
        await press(pilot, "e")
        sqlite_desk.solutions.edit(number, {"title": "Theirs"})
        pilot.app.screen.query_one("#field-title", Input).value = "Mine"
        await press(pilot, "ctrl+s")
        assert "title" in str(pilot.app.screen.query_one("#question").render())
        await press(pilot, "enter")  # typed for the form: it decides nothing
        assert sqlite_desk.solutions.show(number).title == "Theirs"
        await press(pilot, "y", "enter")
    assert sqlite_desk.solutions.show(number).title == "Mine"


async def test_n_drafts_from_a_resolved_ticket_and_else_asks(sqlite_desk: Desk) -> None:
    write(sqlite_desk)
    ticket = open_ticket(sqlite_desk, "VPN: no route")
    async with running(sqlite_desk) as pilot:
        await press(pilot, "s", "n")
        assert pilot.app.screen.query("#field-title")
        await press(pilot, "escape")
        verbs(sqlite_desk).solve([ticket], "New profile.")
        await press(pilot, "n")
        assert screen(pilot).in_hand is not None
        assert sqlite_desk.solutions.show(2).source_ticket == ticket


async def test_the_filter_finds_while_typing_and_escape_steps_back(sqlite_desk: Desk) -> None:
    write(sqlite_desk)
    jam = write(sqlite_desk, "Printer jams", symptoms="paper", resolution="Open the flap.")
    async with running(sqlite_desk) as pilot:
        await go(pilot)
        await press(pilot, "slash", *"jam", "enter")
        assert listed(pilot) == [jam]
        await press(pilot, "enter")
        assert screen(pilot).part.reading
        await press(pilot, "escape", "escape")
        assert len(listed(pilot)) == 2
        await press(pilot, "escape")
        assert not isinstance(pilot.app.screen, SolutionsScreen)


async def test_enter_reads_on_a_narrow_terminal(sqlite_desk: Desk) -> None:
    write(sqlite_desk)
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        await go(pilot)
        assert not screen(pilot).query_one("#page").display
        await press(pilot, "enter")
        assert screen(pilot).query_one("#page").display
        assert not screen(pilot).query_one("#list").display
        await press(pilot, "h")
        assert "cy  drafted it" in read(pilot)


async def test_the_finder_opens_a_solution_also_an_archived_one(sqlite_desk: Desk) -> None:
    number = write(sqlite_desk)
    sqlite_desk.solutions.retire(number)
    async with running(sqlite_desk) as pilot:
        shown = await go(pilot, None, number)
        assert shown.solution is not None
        assert shown.solution.id == number
        assert shown.part.reading


async def test_without_a_ticket_use_and_vote_say_what_to_do(sqlite_desk: Desk) -> None:
    write(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await go(pilot)
        await press(pilot, "s", "plus")
        assert "press s on the ticket" in heard(pilot)
    assert count(sqlite_desk, "solution_use") == 0


async def test_an_empty_desk_says_what_to_do(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        await go(pilot)
        assert "n writes one" in str(screen(pilot).query_one("#about").render())
        await press(pilot, "enter", "e", "P", "plus", "h", "D", "E")
        assert "there is no solution here" in heard(pilot)


CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
HOSTILE = (
    "[@click=app.quit]x[/] [/] [SUP-123]",
    "\x1b]52;c;eA==\x07\x1b[2J \u202e gnp",
    "<script>alert(1)</script>",
    "=1+1\t$x {{7*7}} %s",
    "a" * 3000,
)


async def test_hostile_text_is_shown_and_does_nothing(sqlite_desk: Desk) -> None:
    names = ("symptoms", "environment", "cause", "tip", "fixed_in")
    for text in HOSTILE:
        number = write(sqlite_desk, f"T {text}"[:150], **dict.fromkeys(names, text))
        sqlite_desk.solutions.edit(number, {"resolution": text})
        sqlite_desk.solutions.rate(open_ticket(sqlite_desk), number, False, text)
    for size in ((80, 24), (120, 40)):
        async with running(sqlite_desk, size=size) as pilot:
            shown = await go(pilot)
            for place in range(len(HOSTILE)):
                shown.query_one("#list", LineList).highlighted = place
                await press(pilot, "h", "enter", "enter", "e", "escape", "P", "escape", "y", "Y")
                assert "\x1b" not in read(pilot)
                assert "\u202e" not in read(pilot)
            assert "[@click=app.quit]x[/]" in str(shown.query_one("#list", LineList)._shown)
            assert pilot.app.is_running


async def test_every_hostile_case_is_read_on_the_screen(sqlite_desk: Desk) -> None:
    cases = hostile()
    for case in cases:
        payload = str(case["payload"])
        write(sqlite_desk, f"{case['id']} {payload}"[:150], symptoms=payload, resolution=payload)
    async with running(sqlite_desk) as pilot:
        shown = await go(pilot)
        seen = set()
        for place in range(len(cases)):
            shown.query_one("#list", LineList).highlighted = place
            await pilot.pause()
            assert not CONTROL.search(read(pilot))
            seen.add(shown.solution.id if shown.solution else 0)
        assert len(seen) == len(cases)
        assert pilot.app.is_running


async def test_the_editor_changes_the_whole_and_a_broken_text_is_kept(
    sqlite_desk: Desk, tmp_path: Any, monkeypatch: Any
) -> None:
    number = write(sqlite_desk)
    script = tmp_path / "editor"
    script.write_text("#!/bin/sh\nsed -i 's/^Title: .*/Title: New title/' \"$1\"\n")
    script.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(script))
    from contextlib import nullcontext

    from deskterm.app import DeskApp

    monkeypatch.setattr(DeskApp, "suspend", lambda _: nullcontext())
    async with running(sqlite_desk) as pilot:
        await go(pilot)
        await press(pilot, "E")
        assert sqlite_desk.solutions.show(number).title == "New title"
        script.write_text("#!/bin/sh\nsed -i 's/^Title: .*/Titel: x/' \"$1\"\n")
        await press(pilot, "E")
        assert "Your text is kept" in heard(pilot)
    assert "Titel: x" in sqlite_desk.drafts.get("solution-sheet", number)


async def test_w_lists_what_to_write_next_and_enter_begins_the_draft(sqlite_desk: Desk) -> None:
    numbers = [open_ticket(sqlite_desk, "Scanner says [bold]nothing") for _ in range(3)]
    verbs(sqlite_desk).solve(numbers, "Feeder turned.")
    for by in ("craft", "customer"):
        verbs(sqlite_desk).verify(numbers, by, "ok")
    verbs(sqlite_desk).close(numbers, "solved")
    async with running(sqlite_desk) as pilot:
        await go(pilot)
        await press(pilot, "w", "enter")
        await until(pilot, lambda: listed(pilot) == [1], "drafted")
        assert "Feeder turned." in read(pilot)
        assert sqlite_desk.solutions.show(1).source_ticket == numbers[2]


async def test_one_that_reads_alike_is_shown_before_storing_and_o_shows_the_old(
    sqlite_desk: Desk,
) -> None:
    write(sqlite_desk, review_by="2020-01-31")
    write(sqlite_desk, "Printer jams", symptoms="paper")
    async with running(sqlite_desk) as pilot:
        await go(pilot)
        await press(pilot, "n")
        pilot.app.screen.query_one("#field-title", Input).value = "VPN has no route"
        await press(pilot, "ctrl+s")
        assert sqlite_desk.solutions.list()[-1].id == 2
        await press(pilot, "down", "enter")
        await until(pilot, lambda: 3 in listed(pilot), "stored all the same")
        await press(pilot, "escape", "o")
        assert listed(pilot) == [1]
        assert "to be reviewed by 2020-01-31" in read(pilot)
        await press(pilot, "R")
        await until(pilot, lambda: not listed(pilot), "renewed")


async def test_s_and_m_send_the_solution_to_the_requester(sqlite_desk: Desk) -> None:
    number = write(sqlite_desk)
    sqlite_desk.solutions.publish(number, "organisation")
    ticket = open_ticket(sqlite_desk, "VPN: no route")
    async with running(sqlite_desk) as pilot:
        await press(pilot, "s", "m")
        await until(
            pilot, lambda: not isinstance(pilot.app.screen, SolutionsScreen), "back on the board"
        )
    assert count(sqlite_desk, "ledger", "event = 'replied' AND text = 'New profile.'") == 1
    assert value(sqlite_desk, ticket, "solution_id") == number
