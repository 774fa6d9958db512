"""Own verbs by key: chosen, shown before they run, their words asked about before they count."""

import shlex
import sys
from pathlib import Path

from deskterm.bootstrap import Desk
from tests.builders import open_ticket
from tests.screens.conftest import heard, running, settled, until
from tests.screens.test_ticket import shown

HELPER = """
import json, sys
given = json.load(sys.stdin)
print("Dear", given["ticket"]["requester"]["name"], "[/] [@click=app.quit]try[/]")
"""


async def test_an_own_verb_is_shown_then_run_and_its_words_are_a_draft_or_a_note(
    sqlite_desk: Desk, tmp_path: Path
) -> None:
    desk, ticket = sqlite_desk, open_ticket(sqlite_desk, "No VPN")
    (tmp_path / "helper.py").write_text(HELPER, encoding="utf-8")
    command = shlex.join([sys.executable, "-I", str(tmp_path / "helper.py")])
    desk.records.add("verb", "draft", {"run": "helper --kindly", "gives": "reply"})
    desk.records.add("verb", "look", {"run": "helper"})
    async with running(desk, (80, 24), programs={"helper": command}) as pilot:
        await pilot.press("quotation_mark")
        await settled(pilot)
        assert "draft → reply" in shown(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "--kindly" in shown(pilot)
        assert desk.drafts.get("reply", ticket) == ""
        await pilot.press("enter")
        await until(pilot, lambda: "Take it as the draft" in shown(pilot), "it has run")
        assert "Dear Ada Moss [/] [@click=app.quit]try[/]" in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: desk.drafts.get("reply", ticket).startswith("Dear Ada"))
        await until(pilot, lambda: "Kept as a draft" in heard(pilot))
        await pilot.press("quotation_mark", *"look")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "Run this here" in shown(pilot))
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("quotation_mark", *"look")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "Run this here" in shown(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "an internal note" in shown(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: desk.tickets.show(ticket).timeline[-1].text.startswith("look:"))


async def test_without_tickets_or_verbs_the_key_says_so(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("quotation_mark", "l", "d")
        await settled(pilot)
        assert pilot.app.is_running
        open_ticket(sqlite_desk)
        await pilot.press("f5")
        await settled(pilot)
        await pilot.press("quotation_mark")
        await until(pilot, lambda: "There is no own verb yet" in heard(pilot))
