"""The ticket: what was said, live and in its place; steps, links, the reply and its draft."""

import stat
from pathlib import Path
from typing import Any

import pytest
from textual.css.stylesheet import Stylesheet
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.requests import NewFile
from deskterm.domain.verbs import Mark
from deskterm.screens.dialogs.ask import AgainDialog, AskDialog
from deskterm.screens.order import VerbWanted
from deskterm.screens.ticket.screen import TicketScreen
from deskterm.widgets.key_bar import KeyBar
from deskterm.widgets.line_list import LineList
from deskterm.widgets.text_pane import TextPane
from tests.builders import count, open_ticket, value
from tests.screens.conftest import heard, running, settled, until
from tests.screens.test_verbs import type_text
from tests.verbs import verbs


async def opened(pilot: Pilot[None], number: int) -> TicketScreen:
    pilot.app.go("ticket", number)  # type: ignore[attr-defined]
    await settled(pilot)
    return ticket(pilot)


def ticket(pilot: Pilot[None]) -> TicketScreen:
    screen = next(one for one in reversed(pilot.app.screen_stack) if isinstance(one, TicketScreen))
    assert screen.page is not None
    return screen


def shown(pilot: Pilot[None]) -> str:
    """All that stands on the terminal."""
    lines = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in lines)


def line_of(pilot: Pilot[None], words: str) -> str:
    return next(line for line in shown(pilot).splitlines() if words in line)


async def test_one_screen_is_kept_and_keys_typed_at_once_act_on_the_new_ticket(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_ticket(sqlite_desk, "Toner", body="The toner is empty.")
    second = open_ticket(sqlite_desk, "Screen", body="It stays dark.", at=clock.now())
    verbs(sqlite_desk).note([first], body="Ping fails.")
    async with running(sqlite_desk, (120, 30)) as pilot:
        await board_shows(pilot, (first, second))
        assert await keys_at_once(pilot, "enter", "r", *"Dear Ada") == first
        kept = ticket(pilot)
        await keys_at_once(pilot, "escape", "2", "j", "j", "x", *"why", "escape", "escape")
        styled: list[object] = []
        apply = Stylesheet.apply

        def counting(self: Stylesheet, node: Any, **how: Any) -> None:
            styled.append(node)
            apply(self, node, **how)

        monkeypatch.setattr(Stylesheet, "apply", counting)
        assert await keys_at_once(pilot, "j", "enter", "t") == second
        assert ticket(pilot) is kept
        assert (kept.parts.part, kept.writer.is_open, kept.writer.begun) == (0, False, ())
        assert not {"toner", "Ping", "Dear"} & set(shown(pilot).replace(".", " ").split())
        assert not [one for one in styled if isinstance(one, KeyBar)], "styled anew"
        await until(pilot, lambda: value(sqlite_desk, second, "assignee") == "cy")
        await keys_at_once(pilot, "i", *"Lamp is broken")
        await keys_at_once(pilot, "ctrl+s")
        await until(pilot, lambda: "Lamp is broken" in shown(pilot))
        await keys_at_once(pilot, "escape", "k", "enter", "r")
        assert (ticket(pilot), kept.number, kept.writer.text) == (kept, first, "Dear Ada")
    assert value(sqlite_desk, first, "assignee") is None
    assert count(sqlite_desk, "ledger", "event = 'noted' AND subject_id = :n", n=second) == 1
    assert count(sqlite_desk, "ledger", "event = 'noted' AND subject_id = :n", n=first) == 1


async def test_what_a_ticket_left_behind_is_not_heard_by_the_next(sqlite_desk: Desk) -> None:
    first, second = open_ticket(sqlite_desk, "Toner"), open_ticket(sqlite_desk, "Screen")
    async with running(sqlite_desk, (120, 30)) as pilot:
        kept = await opened(pilot, first)
        page = kept.page
        assert page is not None
        wanted = VerbWanted("Marked", Mark("greet"), first)
        kept.load(lambda _: page, kept._show, "ticket")
        pilot.app.pop_screen()
        pilot.app.go("ticket", second)  # type: ignore[attr-defined]
        kept.post_message(wanted)
        await settled(pilot)
        assert (kept.number, "Screen" in shown(pilot), heard(pilot)) == (second, True, "")
        assert await opened(pilot, first) is not kept
    assert count(sqlite_desk, "ledger", "event = 'stepped'") == 0


async def board_shows(pilot: Pilot[None], numbers: tuple[int, ...]) -> None:
    """Wait for the board with these tickets, the first in hand."""
    board: Any = pilot.app.screen
    await until(pilot, lambda: set(numbers) <= set(board.tickets.table.ids))
    while board.targets().ids != numbers[:1]:
        await keys_at_once(pilot, "j" if board.targets().ids > numbers[:1] else "k")


async def keys_at_once(pilot: Pilot[None], *keys: str) -> int:
    """Press keys as fast as a paste comes; gives the number of the ticket that is shown then."""
    for key in keys:
        pilot.app.simulate_key(key)
    await settled(pilot)
    screen = pilot.app.screen
    return screen.number if isinstance(screen, TicketScreen) else 0


# --- reading -----------------------------------------------------------------------------


async def test_public_and_internal_differ_by_word_and_sign(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk, body="The printer is offline.")
    verbs(sqlite_desk).note([number], body="Ping fails.")
    verbs(sqlite_desk).reply([number], body="Please switch it on.")
    async with running(sqlite_desk, (80, 30)) as pilot:
        await opened(pilot, number)
        assert line_of(pilot, "Ada Moss → desk").endswith("public")
        assert line_of(pilot, "cy note").endswith("internal")
        assert line_of(pilot, "cy → customer").endswith("public")
        assert line_of(pilot, "Ping fails.").strip().startswith("┊")
        assert line_of(pilot, "Please switch").strip().startswith("┃")


async def test_it_opens_at_the_newest_and_keys_move_through_it(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk, body="It began like this.")
    for place in range(30):
        verbs(sqlite_desk).note([number], body=f"Note number {place}.")
    async with running(sqlite_desk, (80, 24)) as pilot:
        await opened(pilot, number)
        assert "Note number 29." in shown(pilot)
        await pilot.press("g")
        assert "It began like this." in shown(pilot)
        await pilot.press("space")
        assert "It began like this." not in shown(pilot)
        await pilot.press("G", "K")
        one = ticket(pilot).parts.talk.in_hand
        assert one is not None
        assert one.body == "Note number 28."


async def test_a_change_by_others_appears_and_the_place_is_kept(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk, body="It began like this.")
    for place in range(30):
        verbs(sqlite_desk).note([number], body=f"Note number {place}.")
    async with running(sqlite_desk, (80, 24)) as pilot:
        screen = await opened(pilot, number)
        await pilot.press("g", "j", "j")
        place = screen.parts.talk.scroll_offset.y
        verbs(sqlite_desk).note([number], body="Said elsewhere.")
        await until(pilot, lambda: "1 new below" in shown(pilot))
        assert screen.parts.talk.scroll_offset.y == place
        await pilot.press("G")
        assert "Said elsewhere." in shown(pilot)
        verbs(sqlite_desk).note([number], body="And again.")
        await until(pilot, lambda: "And again." in shown(pilot))


async def test_long_words_are_folded_and_enter_unfolds_them(sqlite_desk: Desk) -> None:
    body = "\n".join(f"line {place}" for place in range(60))
    number = open_ticket(sqlite_desk, body=body)
    async with running(sqlite_desk, (80, 24)) as pilot:
        await opened(pilot, number)
        await pilot.press("G")
        assert "36 more lines" in shown(pilot)
        await pilot.press("enter", "G")
        assert "line 59" in shown(pilot)


async def test_what_was_undone_is_marked(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    done = verbs(sqlite_desk).note([number], body="Wrong ticket.")
    sqlite_desk.ledger.undo(done.operation_id)
    async with running(sqlite_desk) as pilot:
        await opened(pilot, number)
        assert "(undone)" in line_of(pilot, "cy note")


async def test_an_escalation_shows_group_summary_and_suggested_actions(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    verbs(sqlite_desk).escalate(
        [number], group="second level", summary="Ping fails.", actions=["Check the port"]
    )
    async with running(sqlite_desk) as pilot:
        await opened(pilot, number)
        assert "second level" in line_of(pilot, "cy escalated to").lower()
        assert "1. Check the port" in shown(pilot)


async def test_a_merged_number_shows_the_survivor(sqlite_desk: Desk) -> None:
    gone, stays = open_ticket(sqlite_desk, "One"), open_ticket(sqlite_desk, "Two")
    verbs(sqlite_desk).merge([gone], into=stays)
    async with running(sqlite_desk) as pilot:
        screen = await opened(pilot, gone)
        assert screen.number == stays
        assert f"#{gone} was merged into #{stays}" in heard(pilot)


async def test_what_was_said_on_a_merged_ticket_is_read_on_the_survivor(sqlite_desk: Desk) -> None:
    gone = open_ticket(sqlite_desk, "Scanner", body="The scanner is dead.", channel="chat")
    stays = open_ticket(sqlite_desk, "Printer", body="The printer is dead.")
    verbs(sqlite_desk).merge([gone], into=stays)
    async with running(sqlite_desk) as pilot:
        await opened(pilot, stays)
        text = shown(pilot)
        assert "The printer is dead." in text
        assert "The scanner is dead." in text
        assert f"#{gone} Scanner · Ada Moss → desk · chat" in text


async def test_an_unknown_number_is_said_and_left(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        pilot.app.go("ticket", 99)  # type: ignore[attr-defined]
        await until(pilot, lambda: "no ticket #99" in heard(pilot))
        assert not isinstance(pilot.app.screen, TicketScreen)


async def test_the_facts_tell_said_from_problem_and_know_the_person(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk, body="My screen is frozen.", device="LT-220")
    open_ticket(sqlite_desk, "Mouse sticks")
    verbs(sqlite_desk).change([number], values={"problem": "Driver 4.2 hangs."})
    async with running(sqlite_desk, (80, 50)) as pilot:
        await opened(pilot, number)
        await pilot.press("4")
        text = shown(pilot)
        for words in ("My screen is frozen.", "Driver 4.2 hangs.", "LT-220", "2 open, 0 past"):
            assert words in text
        assert "Mouse sticks" in text


# --- steps and links -----------------------------------------------------------------------


async def test_enter_marks_the_next_step_done_by_whom_and_when(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await opened(pilot, number)
        await pilot.press("2")
        assert pilot.app.screen.query_one("#steps", LineList).in_hand == "classify"
        await pilot.press("enter")
        await until(pilot, lambda: "2 Steps 2/9" in shown(pilot))
        step = sqlite_desk.tickets.show(number).steps[1]
        assert (step.step, step.status, step.actor) == ("classify", "done", "cy")


async def test_a_step_is_skipped_only_with_a_reason(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await opened(pilot, number)
        await pilot.press("2", "j", "j", "minus", "enter")
        assert "Say why." in shown(pilot)
        await type_text(pilot, "cannot be seen from here")
        await pilot.press("enter")
        await until(pilot, lambda: "2 Steps 2/9" in shown(pilot))
        step = sqlite_desk.tickets.show(number).steps[3]
        assert (step.status, step.reason) == ("skipped", "cannot be seen from here")


async def test_by_name_the_part_that_is_seen_acts_also_while_a_text_is_written(
    sqlite_desk: Desk,
) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        screen = await opened(pilot, number)
        await pilot.press("2", "r")
        assert screen.writer.area.has_focus
        await screen.run_named("do")
        await until(pilot, lambda: "2 Steps 2/9" in shown(pilot))
        assert sqlite_desk.tickets.show(number).steps[1].status == "done"


async def test_each_part_follows_the_keys_that_the_user_gave_its_actions(
    sqlite_desk: Desk,
) -> None:
    number = open_ticket(sqlite_desk)
    verbs(sqlite_desk).note([number], body="Ping fails.")
    async with running(sqlite_desk, keys={"do": "f9", "previous_entry": "f4"}) as pilot:
        screen = await opened(pilot, number)
        await pilot.press("f4")
        one = screen.parts.talk.in_hand
        assert one is not None
        assert one.body != "Ping fails."
        await pilot.press("2", "enter", "f9")
        await until(pilot, lambda: "2 Steps 2/9" in shown(pilot))
        assert [step.status for step in sqlite_desk.tickets.show(number).steps[1:3]] == [
            "done",
            "open",
        ]


async def test_a_part_has_the_keys_of_its_actions_and_the_screen_has_them_not(
    sqlite_desk: Desk,
) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        screen = await opened(pilot, number)
        found = {}
        for digit in "1234":
            await pilot.press(digit)
            part = screen.parts.shown
            found[part.id] = {name for name in PART_ACTIONS if hasattr(part, f"action_{name}")}
            bound = {one.id for many in part._bindings.key_to_bindings.values() for one in many}
            assert found[part.id] == bound & PART_ACTIONS
        own = screen._bindings.key_to_bindings.values()
        assert not PART_ACTIONS & {one.id for many in own for one in many}
    assert found == {
        "talk": {"do", "next_entry", "previous_entry"},
        "steps": {"do", "skip"},
        "links": {"do", "skip"},
        "facts": {"do"},
    }


PART_ACTIONS = {"do", "skip", "next_entry", "previous_entry"}


async def test_a_linked_ticket_opens_and_can_be_taken_away(sqlite_desk: Desk) -> None:
    number, other = open_ticket(sqlite_desk, "One"), open_ticket(sqlite_desk, "Two")
    verbs(sqlite_desk).link([number], to=other, kind="child")
    async with running(sqlite_desk) as pilot:
        await opened(pilot, number)
        await pilot.press("3")
        lines = pilot.app.screen.query_one("#links", LineList)
        while lines.in_hand != f"linked:{other}":
            await pilot.press("j")
        assert "child of" in shown(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert ticket(pilot).number == other
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("minus")
        await until(pilot, lambda: not sqlite_desk.tickets.show(number).links)


async def test_solutions_and_guides_that_fit_are_offered(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk, "Printer offline", category="printing")
    await_solution(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await opened(pilot, number)
        await pilot.press("3")
        text = shown(pilot)
        assert "S1 Printer offline after a power cut" in text
        assert "Guides that fit" in text


def await_solution(desk: Desk) -> None:
    desk.solutions.new(
        {"title": "Printer offline after a power cut", "resolution": "Print the queue anew."}
    )
    desk.solutions.publish(1, "technicians")


# --- the reply --------------------------------------------------------------------------------


async def test_a_reply_is_a_key_the_text_and_a_key(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        screen = await opened(pilot, number)
        await pilot.press("r")
        await type_text(pilot, "Please switch it on.")
        await pilot.press("ctrl+s")
        await until(
            pilot, lambda: "Please switch it on." in shown(pilot) and not screen.writer.is_open
        )
        entry = sqlite_desk.tickets.show(number).timeline[-1]
        assert (entry.event, entry.public, entry.text) == (
            "replied",
            True,
            "Please switch it on.",
        )
        assert count(sqlite_desk, "outbox", "template = 'reply'") == 1
        await settled(pilot)
        assert sqlite_desk.drafts.get("reply", number) == ""


async def test_a_note_is_internal_and_writes_no_letter(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    before = count(sqlite_desk, "outbox")
    async with running(sqlite_desk) as pilot:
        await opened(pilot, number)
        await pilot.press("i")
        assert "the customer never sees it" in shown(pilot)
        await type_text(pilot, "Ping fails.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: sqlite_desk.tickets.show(number).timeline[-1].text)
        entry = sqlite_desk.tickets.show(number).timeline[-1]
        assert (entry.event, entry.public) == ("noted", False)
        assert count(sqlite_desk, "outbox") == before


async def test_the_draft_is_kept_as_it_is_typed(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await opened(pilot, number)
        await pilot.press("r")
        await settled(pilot)
        await pilot.press(*"Hello")
        await until(pilot, lambda: sqlite_desk.drafts.get("reply", number) == "Hello")
        await until(pilot, lambda: "draft kept" in shown(pilot))


async def test_escape_keeps_the_draft_and_it_comes_back(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        screen = await opened(pilot, number)
        await pilot.press("r")
        await settled(pilot)
        await type_text(pilot, "Dear Ada, [bold]")
        await pilot.press("escape")
        await until(pilot, lambda: "goes on with your reply" in shown(pilot))
        await pilot.press("escape")
        assert screen not in pilot.app.screen_stack
        assert sqlite_desk.drafts.get("reply", number) == "Dear Ada, [bold]"
    async with running(sqlite_desk) as pilot:
        screen = await opened(pilot, number)
        await pilot.press("r")
        await until(pilot, lambda: screen.writer.text == "Dear Ada, [bold]")


async def test_what_is_typed_before_the_draft_came_back_is_kept_too(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    sqlite_desk.drafts.put("reply", number, "Dear Ada, ")
    async with running(sqlite_desk) as pilot:
        screen = await opened(pilot, number)
        await pilot.press("r", "H", "i")
        await until(pilot, lambda: screen.writer.text == "Dear Ada, Hi")
        await until(pilot, lambda: sqlite_desk.drafts.get("reply", number) == "Dear Ada, Hi")


async def test_reply_and_note_have_drafts_of_their_own(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        screen = await opened(pilot, number)
        await pilot.press("r")
        await settled(pilot)
        await type_text(pilot, "public words")
        await screen.run_named("note")
        await settled(pilot)
        assert screen.writer.text == ""
        await type_text(pilot, "internal words")
        await pilot.press("escape")
        await settled(pilot)
        assert sqlite_desk.drafts.get("reply", number) == "public words"
        assert sqlite_desk.drafts.get("note", number) == "internal words"


async def test_a_conflict_names_what_changed_and_keeps_the_draft(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        screen = await opened(pilot, number)
        await pilot.press("r")
        await settled(pilot)
        await type_text(pilot, "I am on my way.")
        verbs(sqlite_desk).change([number], values={"subject": "Printer on fire"})
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, AgainDialog))
        assert "Printer on fire" in shown(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert screen.writer.text == "I am on my way."
        assert sqlite_desk.drafts.get("reply", number) == "I am on my way."
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, AgainDialog))
        await pilot.press("y", "enter")
        await until(pilot, lambda: not screen.writer.is_open)
        assert sqlite_desk.tickets.show(number).timeline[-1].text == "I am on my way."


async def test_a_reply_with_a_solution_is_three_keys(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk, "Printer offline")
    await_solution(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await opened(pilot, number)
        await pilot.press("ctrl+o")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: value(sqlite_desk, number, "solution_id") == 1)
        texts = [entry.text for entry in sqlite_desk.tickets.show(number).timeline]
        assert "Print the queue anew." in texts


async def test_what_is_pasted_cannot_act_wherever_it_is_pasted(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        screen = await opened(pilot, number)
        await pilot.press("r")
        await settled(pilot)
        pilot.app.post_message(Paste("a\x1b]52;c;eA==\x07b"))
        await until(pilot, lambda: screen.writer.text == "a␛]52;c;eA==␇b")
        await pilot.press("ctrl+j", "c")  # a line feed where the terminal marks no pastes
        await until(pilot, lambda: screen.writer.text == "a␛]52;c;eA==␇b\nc")
        await pilot.press("escape", "escape", "slash")
        pilot.app.post_message(Paste("\x1b[2Jvpn"))
        await until(pilot, lambda: "␛[2Jvpn" in shown(pilot))
        assert "\x1b" not in shown(pilot)


async def test_nothing_to_send_is_said(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await opened(pilot, number)
        await pilot.press("ctrl+s")
        assert "nothing to send" in heard(pilot)
        await pilot.press("r", "ctrl+s")
        assert "Write something first" in heard(pilot)
        assert count(sqlite_desk, "ledger", "event = 'replied'") == 0


# --- the editor -----------------------------------------------------------------------------------


def editor(tmp_path: Path, body: str) -> Path:
    file = tmp_path / "my editor"
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o700)
    return file


@pytest.fixture
def lent_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that can be lent to another program, as real ones can."""
    monkeypatch.setattr(HeadlessDriver, "can_suspend", True)


@pytest.mark.usefixtures("lent_terminal")
async def test_f8_writes_in_the_editor_with_a_private_file(
    sqlite_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    script = editor(tmp_path, f'stat -c %a "$2" > {log}; echo "$1" >> {log}; echo more >> "$2"')
    monkeypatch.setenv("VISUAL", f"'{script}' --wait")
    number = open_ticket(sqlite_desk, "$(touch /nowhere); `x`")
    async with running(sqlite_desk) as pilot:
        screen = await opened(pilot, number)
        await pilot.press("r")
        await settled(pilot)
        await type_text(pilot, "Hello; rm -rf $HOME\n")
        await pilot.press("f8")
        await settled(pilot)
        assert screen.writer.text == "Hello; rm -rf $HOME\nmore"
        assert log.read_text().split() == ["600", "--wait"]
        assert sqlite_desk.drafts.get("reply", number) == "Hello; rm -rf $HOME\nmore"
        assert screen.writer.area.has_focus


@pytest.mark.usefixtures("lent_terminal")
async def test_an_editor_that_fails_changes_nothing(
    sqlite_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = editor(tmp_path, 'echo lost > "$1"; exit 3')
    monkeypatch.setenv("EDITOR", f"'{script}'")
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        screen = await opened(pilot, number)
        await pilot.press("r")
        await settled(pilot)
        await type_text(pilot, "Hello")
        await pilot.press("f8")
        await settled(pilot)
        assert screen.writer.text == "Hello"
        assert "ended with code 3" in heard(pilot)


async def test_without_an_editor_it_says_what_to_do(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EDITOR", raising=False)
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await opened(pilot, number)
        await pilot.press("f8")
        assert "export EDITOR=nano" in heard(pilot)


# --- files and links ------------------------------------------------------------------------------


def with_file(desk: Desk, name: str, body: str = "See it.") -> int:
    return open_ticket(desk, body=body, files=(NewFile(name, "image/png", b"bytes"),))


async def test_a_file_is_saved_into_the_chosen_folder(sqlite_desk: Desk, tmp_path: Path) -> None:
    number = with_file(sqlite_desk, "../../etc/shot.png")
    folder = tmp_path / "chosen"
    folder.mkdir()
    async with running(sqlite_desk) as pilot:
        await opened(pilot, number)
        await pilot.press("O")
        await settled(pilot)
        pilot.app.screen.query_one("#line", Input).value = str(folder)
        await pilot.press("enter")
        await until(pilot, lambda: "Saved as" in heard(pilot))
    file = folder / "shot.png"
    assert file.read_bytes() == b"bytes"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_a_file_opens_only_after_a_yes(
    sqlite_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":9")
    log = tmp_path / "log"
    program = editor(tmp_path, f'cat "$1" > {log}')
    number = with_file(sqlite_desk, "shot.png")
    async with running(sqlite_desk, opener=f"'{program}'") as pilot:
        await opened(pilot, number)
        await pilot.press("o")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskDialog))
        assert "'shot.png'" in shown(pilot)
        assert not log.exists()
        await pilot.press("enter")
        await until(pilot, lambda: log.exists() and log.read_bytes() == b"bytes")


@pytest.mark.parametrize("name", ["run.desktop", "invoice\u202efdp.exe", "a.lnk"])
async def test_a_launcher_is_never_opened(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("DISPLAY", ":9")
    number = with_file(sqlite_desk, name)
    async with running(sqlite_desk, opener="false") as pilot:
        await opened(pilot, number)
        await pilot.press("o")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "can run programs" in heard(pilot))
        assert not isinstance(pilot.app.screen, AskDialog)


async def test_a_link_shows_where_it_really_leads_and_asks(
    sqlite_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":9")
    log = tmp_path / "log"
    program = editor(tmp_path, f'echo "$1" > {log}')
    body = "[https://bank.test](https://bank.test@evil.test/x) [a](file:///etc/passwd)"
    number = open_ticket(sqlite_desk, body=body)
    async with running(sqlite_desk, opener=f"'{program}'") as pilot:
        await opened(pilot, number)
        await pilot.press("o")
        await settled(pilot)
        options = pilot.app.screen.query_one(OptionList)
        assert options.option_count == 2
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskDialog))
        assert "evil.test (signs in as bank.test)" in shown(pilot)
        await pilot.press("escape")
        assert not log.exists()


async def test_without_a_desktop_a_link_is_copied_not_opened(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    number = open_ticket(sqlite_desk, body="https://e.test/x")
    async with running(sqlite_desk) as pilot:
        await opened(pilot, number)
        await pilot.press("o")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "Copied, not opened" in heard(pilot))
        assert pilot.app.clipboard == "https://e.test/x"


# --- verbs ----------------------------------------------------------------------------------------


async def test_the_verbs_act_on_this_ticket_and_undo_takes_back(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await opened(pilot, number)
        await pilot.press("t")
        await until(pilot, lambda: "open · cy" in shown(pilot))
        await pilot.press("exclamation_mark")
        await until(pilot, lambda: "! urgent" in shown(pilot))
        await pilot.press("u")
        await until(pilot, lambda: "! urgent" not in shown(pilot))


async def test_a_message_and_what_follows_become_a_ticket_of_their_own(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    verbs(sqlite_desk).note([number], body="And the scanner is broken too.")
    async with running(sqlite_desk) as pilot:
        await opened(pilot, number)
        await pilot.press("percent_sign")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskDialog))
        await pilot.press("enter")
        await until(pilot, lambda: count(sqlite_desk, "ticket") == 2)


async def test_the_pane_beside_shows_on_wide_screens_only(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk, (120, 40)) as pilot:
        screen = await opened(pilot, number)
        assert screen.query_one("#beside", TextPane).display
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not screen.query_one("#beside", TextPane).display)


async def test_links_and_facts_have_the_room_of_the_pane_that_says_the_same(
    sqlite_desk: Desk,
) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        screen = await opened(pilot, number)
        seen = []
        for part in "1234":
            await pilot.press(part)
            await settled(pilot)
            seen.append(bool(screen.parts.beside.region))
        assert seen == [True, True, False, False]
