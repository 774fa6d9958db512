"""The guide screen: one key an answer, nothing lost, endings as one order, hostile texts."""

import json

from textual.pilot import Pilot
from textual.widgets import Input

from deskterm.bootstrap import Desk
from deskterm.domain.text import storable
from deskterm.screens.guide.parts import Answers, Said
from deskterm.screens.guide.screen import GuideScreen
from deskterm.screens.guide.steps import answer_place
from tests.builders import open_ticket, value
from tests.screens.conftest import heard, running, settled, until
from tests.screens.test_hostile_screens import cases, drawn
from tests.screens.test_ticket import shown as ticket_words
from tests.services.test_guide_ends import TEXT as ENDS
from tests.unit.guide_makers import SMALL
from tests.verbs import verbs

OWN = SMALL.replace("group: network", "group: second level")


def shown(pilot: Pilot[None]) -> str:
    """Give what stands on the guide screen."""
    screen = pilot.app.screen
    assert isinstance(screen, GuideScreen)
    parts = [screen.query_one(Said), *screen.query("#trail, #why")]
    lines = [str(part.render()) for part in parts if part.display]
    answers = screen.query_one(Answers)
    lines += [str(answers.get_option_at_index(n).prompt) for n in range(answers.option_count)]
    return "\n".join(lines)


def walk(pilot: Pilot[None]) -> GuideScreen:
    screen = pilot.app.screen
    assert isinstance(screen, GuideScreen)
    return screen


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def test_a_five_step_guide_is_eight_keys(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk, "No internet, web pages do not open")
    async with running(sqlite_desk) as pilot:
        keys = ["w", "enter", "1", "1", "1", "3", "1", "enter"]
        await press(pilot, *keys)
        await until(pilot, lambda: value(sqlite_desk, number, "state") == "solved")
        assert len(keys) == 8
        assert "Solved #1 · 1 letter · u undoes" in heard(pilot)
        assert not isinstance(pilot.app.screen, GuideScreen)
        assert "cable" in value(sqlite_desk, number, "resolution")
        await press(pilot, "u")
        await until(pilot, lambda: value(sqlite_desk, number, "state") == "new")


async def test_keys_pressed_ahead_wait_their_turn(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk, "No internet")
    run = sqlite_desk.runs.start("no-internet", number).id
    async with running(sqlite_desk) as pilot:
        await press(pilot, "w")
        await pilot.press("enter", "1", "1", "1", "3", "1")
        await settled(pilot)
        assert sqlite_desk.runs.run(run).conclusion is not None


async def test_the_screen_shows_say_ask_answers_and_why(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk, "VPN says no route")
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        await press(pilot, "w", "enter")
        words = shown(pilot)
        assert "“Please close the VPN program and open any news page. Does it load?”" in " ".join(
            words.split()
        )
        assert "Ask" in words
        assert "1 Yes   (usual)" in words
        assert "Without internet no VPN can work" in words
        await press(pilot, "y")
        assert "✓ internet: Yes" in shown(pilot)
        assert sqlite_desk.runs.open_runs(number)[0].status == "running"


async def test_enter_gives_the_answer_in_hand_and_arrows_move_it(sqlite_desk: Desk) -> None:
    sqlite_desk.guides.add(OWN)
    open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        pilot.app.go("guide", 1, "small")  # type: ignore[attr-defined]
        await settled(pilot)
        await press(pilot, "down", "enter")
        assert "light: No" in shown(pilot)
        await press(pilot, "backspace")
        assert "light: No" not in shown(pilot)
        await press(pilot, "7")
        assert "There is no answer 7 here." in heard(pilot)


async def test_numbers_and_texts_are_typed(sqlite_desk: Desk) -> None:
    sqlite_desk.guides.add(OWN)
    open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        pilot.app.go("guide", 1, "small")  # type: ignore[attr-defined]
        await settled(pilot)
        await press(pilot, "1")
        line = walk(pilot).query_one("#typed", Input)
        assert line.has_focus
        await press(pilot, "9", "enter")
        assert "out of range" in heard(pilot)
        await press(pilot, "backspace", "4", "enter")
        assert "bars: 4" in shown(pilot) or "count: 4" in shown(pilot)
        await press(pilot, *"red", "enter")
        assert "words: red" in shown(pilot)
        await press(pilot, "left")
        assert line.value == "red"
        line.value = ""
        await press(pilot, "enter")
        assert "words: Don't know" in shown(pilot)
        await press(pilot, "left", "backspace")
        assert walk(pilot).view is not None
        assert walk(pilot).view.node == "count"  # type: ignore[union-attr]


async def test_escape_pauses_and_w_goes_on(sqlite_desk: Desk) -> None:
    sqlite_desk.guides.add(OWN)
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        pilot.app.go("guide", number, "small")  # type: ignore[attr-defined]
        await settled(pilot)
        await press(pilot, "2", "escape")
        row = sqlite_desk.runs.open_runs(number)[0]
        assert row.status == "paused"
        timeline = sqlite_desk.tickets.show(number).timeline
        assert timeline[-1].text == "Small one, step 2: Is it well? (paused)"
        await press(pilot, "w", "enter")
        assert "light: No" in shown(pilot)
        assert sqlite_desk.runs.run(row.id).status == "running"


async def test_escape_right_after_an_answer_keeps_the_answer(sqlite_desk: Desk) -> None:
    sqlite_desk.guides.add(OWN)
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        pilot.app.go("guide", number, "small")  # type: ignore[attr-defined]
        await settled(pilot)
        await pilot.press("2", "escape")
        await settled(pilot)
        assert not isinstance(pilot.app.screen, GuideScreen)
        row = sqlite_desk.runs.open_runs(number)[0]
        assert row.status == "paused"
        assert sqlite_desk.runs.run(row.id).ask == "Is it well?"
        assert "elsewhere" not in heard(pilot)


async def test_leaving_the_chooser_leaves_the_screen(sqlite_desk: Desk) -> None:
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        await press(pilot, "w", "escape")
        assert not isinstance(pilot.app.screen, GuideScreen)
        assert list(sqlite_desk.runs.open_runs(number)) == []


async def test_escalate_early_is_two_keys_with_the_summary_written(sqlite_desk: Desk) -> None:
    sqlite_desk.guides.add(OWN)
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        pilot.app.go("guide", number, "small")  # type: ignore[attr-defined]
        await settled(pilot)
        await press(pilot, "1", "tab")
        await press(pilot, "greater_than_sign", "enter")
        await until(pilot, lambda: value(sqlite_desk, number, "group_id") is not None)
        shown_ticket = sqlite_desk.tickets.show(number)
        assert shown_ticket.group == "second level"
        assert "Is the light on? Yes" in shown_ticket.timeline[-1].text


async def test_solved_early_asks_how(sqlite_desk: Desk) -> None:
    sqlite_desk.guides.add(OWN)
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        pilot.app.go("guide", number, "small")  # type: ignore[attr-defined]
        await settled(pilot)
        await press(pilot, "s", "enter")
        pilot.app.screen.query_one("#line", Input).value = "It came back."
        await press(pilot, "enter")
        await until(pilot, lambda: value(sqlite_desk, number, "state") == "solved")
        assert value(sqlite_desk, number, "resolution") == "It came back."


async def test_note_skip_edit_and_transcript(sqlite_desk: Desk) -> None:
    sqlite_desk.guides.add(OWN)
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        pilot.app.go("guide", number, "small")  # type: ignore[attr-defined]
        await settled(pilot)
        await press(pilot, "i", *"old", "enter")
        await press(pilot, "minus", *"late", "enter")
        assert "light: skipped" in shown(pilot)
        await press(pilot, "e", "enter", *"Yes", "enter")
        assert walk(pilot).query_one("#typed").has_focus
        run = sqlite_desk.runs.open_runs(number)[0].id
        text = sqlite_desk.runs.transcript(run)
        assert "note: old" in text
        assert "changed light: late → Yes" in text
        await press(pilot, "tab", "t")
        assert "Is the light on?" in str(pilot.app.screen.query("#box Static").first().render())


async def test_a_command_is_shown_asked_run_and_its_answer_proposed(sqlite_desk: Desk) -> None:
    text = OWN.replace('[ping, -c, "3", "{gateway}"]', '[echo, "{gateway}"]')
    sqlite_desk.guides.add(text.replace("exit0: Yes", "exit0: No"))
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        pilot.app.go("guide", number, "small")  # type: ignore[attr-defined]
        await settled(pilot)
        await press(pilot, "1", "3", "enter")
        assert "echo 192.168.1.1   c copy  R run" in shown(pilot)
        await press(pilot, "c")
        assert pilot.app.clipboard == "echo 192.168.1.1"
        await press(pilot, "R", "escape")
        assert "(exit 0)" not in shown(pilot)
        await press(pilot, "R", "enter")
        assert "$ echo 192.168.1.1\n" in shown(pilot).replace("      ", "")
        assert "2 No   (the command says so)" in shown(pilot)
        await press(pilot, "enter")
        assert "ping: No" in shown(pilot)
        entries = [e.text for e in sqlite_desk.tickets.show(number).timeline if e.event == "guide"]
        assert entries == ["$ echo 192.168.1.1\n192.168.1.1\n(exit 0)"]


async def test_a_run_continued_elsewhere_is_shown_as_it_is(sqlite_desk: Desk) -> None:
    sqlite_desk.guides.add(OWN)
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk) as pilot:
        pilot.app.go("guide", number, "small")  # type: ignore[attr-defined]
        await settled(pilot)
        run = sqlite_desk.runs.open_runs(number)[0].id
        sqlite_desk.runs.answer(run, "No")
        answer_place(walk(pilot), 0)
        await settled(pilot)
        assert "continued elsewhere" in heard(pilot)
        assert "light: No" in shown(pilot)


async def test_a_rehearsal_changes_no_ticket(sqlite_desk: Desk) -> None:
    sqlite_desk.guides.add(OWN)
    async with running(sqlite_desk) as pilot:
        pilot.app.go("guide", None, "small")  # type: ignore[attr-defined]
        await settled(pilot)
        await press(pilot, "2", "1")
        assert "End this rehearsal" in shown(pilot)
        await press(pilot, "enter")
        assert not isinstance(pilot.app.screen, GuideScreen)
        assert sqlite_desk.board.count("is:any") == 0


async def test_a_ticket_that_is_over_and_a_guide_that_is_not_there_are_sentences(
    sqlite_desk: Desk,
) -> None:
    number = open_ticket(sqlite_desk)
    verbs(sqlite_desk).close([number], "spam")
    async with running(sqlite_desk) as pilot:
        pilot.app.go("guide", number, "vpn")  # type: ignore[attr-defined]
        await settled(pilot)
        assert "reopen it first" in heard(pilot)
        pilot.app.go("guide", None, "nothing")  # type: ignore[attr-defined]
        await settled(pilot)
        assert "no guide 'nothing'" in heard(pilot)
        assert not isinstance(pilot.app.screen, GuideScreen)


async def test_hostile_guide_texts_are_literal(sqlite_desk: Desk) -> None:
    evil = '"[@click=app.quit]step 1[/] \\e[1A\\e[2K\\a [/nope] {os}"'
    text = OWN.replace("Is the light on?", evil).replace("Please look at {device}.", evil)
    text = text.replace("No: reseat, Don't", "'[@click=app.bell]No[/]': reseat, Don't")
    text = text.replace("title: Small one", f"title: {evil.replace(' {os}', '')}")
    sqlite_desk.guides.add(text.replace("answers: [No, Not", "answers: [2, Not"))
    open_ticket(sqlite_desk)
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        await press(pilot, "w")
        await press(pilot, "escape")
        pilot.app.go("guide", 1, "small")  # type: ignore[attr-defined]
        await settled(pilot)
        words = shown(pilot)
        assert "[@click=app.quit]step 1[/]" in words
        assert "2 [@click=app.bell]No[/]" in words
        drawn = "\n".join(
            "".join(segment.text for segment in strip)
            for strip in pilot.app.screen._compositor.render_strips()
        )
        assert "\x1b" not in drawn
        assert "\x07" not in drawn
        await press(pilot, "2", "e", "escape", "t", "escape", "escape")
        assert pilot.app.is_running


async def test_every_hostile_text_is_drawn_literally(sqlite_desk: Desk) -> None:
    payloads = [storable(case["payload"])[:400] for case in cases()]
    names = [f"q{place}" for place in range(len(payloads))]
    text = "id: hostile\ntitle: Hostile\nstart: q0\nnodes:\n"
    for name, onward, payload in zip(names, [*names[1:], "end"], payloads, strict=True):
        said = json.dumps(f"x {payload}")
        choices = json.dumps([{"answer": f"{sign} {payload}", "to": onward} for sign in "ab"])
        text += f"  {name}: {{do: {said}, verify: {said}, say: {said}, why: {said}, "
        text += f"fact: f{name}, choices: {choices}}}\n"
    summary = json.dumps(" ".join(f"{{f{name}}}" for name in names[:20]))
    text += f"  end: {{outcome: escalate, summary: {summary}, actions: [{summary}]}}\n"
    sqlite_desk.guides.add(text.replace("{f}", ""))
    number = open_ticket(sqlite_desk)
    async with running(sqlite_desk, size=(80, 24)) as pilot:
        pilot.app.go("guide", number, "hostile")  # type: ignore[attr-defined]
        await settled(pilot)
        for _ in payloads:
            drawn(pilot)
            answer_place(walk(pilot), 0)
            await settled(pilot)
        assert "To" in drawn(pilot)
        for keys in (("t", "escape"), ("e", "escape"), ("greater_than_sign", "escape")):
            await press(pilot, keys[0])
            drawn(pilot)
            await press(pilot, keys[1])
        await press(pilot, "1")
        await until(pilot, lambda: value(sqlite_desk, number, "level") > 1)


async def test_the_problem_that_fits_is_proposed_and_joined(sqlite_desk: Desk) -> None:
    """A guide that ends in a problem asks which: the one it fits, or a new one."""
    desk = sqlite_desk
    desk.guides.add(ENDS)
    first = open_ticket(desk, "VPN drops hourly", requester="bo@example.org")
    (number,) = desk.problems.new({"title": "VPN drops after an hour"}, [first]).of("problem")
    ticket = open_ticket(desk, "VPN drops after an hour", urgent=True)
    run = desk.runs.start("router", ticket)
    desk.runs.answer(run.id, "Yes", run.version)
    async with running(desk, (100, 30)) as pilot:
        await pilot.press("w")
        await settled(pilot)
        assert f"A problem for #{ticket} with these words" in ticket_words(pilot)
        await pilot.press("1")
        await until(pilot, lambda: f"P{number} VPN drops" in ticket_words(pilot), "proposed")
        await pilot.press("enter")
        await until(pilot, lambda: ticket in desk.problems.show(number).tickets, "joined")


async def test_a_guide_that_ends_in_a_visit_offers_times_by_keys_alone(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.admin.set_technician("cy", {})
    desk.guides.add(ENDS)
    ticket = open_ticket(desk, "The router is dark", urgent=True)
    async with running(desk, (80, 24)) as pilot:
        await press(pilot, "w", *"router", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, GuideScreen), "the guide")
        await until(pilot, lambda: "Are all lights on?" in shown(pilot), "the question")
        await press(pilot, "2")
        await until(pilot, lambda: "visit" in shown(pilot).lower(), "the end")
        assert "The router at" in shown(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: desk.visits.list(), "offered")
        (offered, *_) = desk.visits.list()
        assert (offered.ticket_id, offered.technician) == (ticket, "cy")
        await settled(pilot)
        await press(pilot, "u")
        await until(pilot, lambda: not desk.visits.list(), "taken back with one key")
