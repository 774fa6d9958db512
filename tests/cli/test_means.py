"""Canned texts, macros, checklists, recurring tickets, own verbs and hooks by command (C8, I8)."""

import json
import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

NOUNS = ("text", "macro", "checklist", "ticket-template", "recurring", "verb")
HOSTILE = "x\x1b[2J[@click=app.quit]'; DROP TABLE ticket; --\u202e{nope"


def opened(cli: Cli, subject: str = "VPN down") -> str:
    made = cli(
        "ticket", "new", "--from", "Ada <ada@example.org>", "--subject", subject, "-o", "json"
    )
    return str(made.json["id"])


def changes(cli: Cli, *command: object) -> object:
    """Try a change and give what it would do; nothing of it stays."""
    before = cli("log", "-o", "json").json
    tried = cli(*command, "--dry-run", "-o", "json")
    assert tried.code == 0, tried.err
    assert cli("log", "-o", "json").json == before
    return tried.json


@pytest.mark.parametrize("noun", NOUNS)
def test_each_is_made_tried_shown_changed_removed_and_undone(cli: Cli, noun: str) -> None:
    assert cli(noun, "add", "one", "--dry-run").code == 0
    assert cli(noun, "list", "-o", "json").json == []
    op = "5f0c0f5e-6a8e-4f6e-9d1c-0d3f7a1b2c3d"
    for _ in range(2):
        assert cli(noun, "add", "one", "--op", op).code == 0
    assert cli(noun, "add", "one").code in (2, 4, 5)
    assert cli(noun, "show", "one", "-o", "json").json["version"] == 1
    assert cli(noun, "show", "two").code == 3
    assert cli(noun, "rename", "one", "two", "--if-version", "9").code == 4
    assert cli(noun, "rename", "one", "two").code == 0
    assert [one["name"] for one in cli(noun, "list", "-o", "json").json] == ["two"]
    assert cli(noun, "remove", "two", "--dry-run").code == 0
    assert cli(noun, "remove", "two", "--yes").code == 0
    assert cli(noun, "show", "two").code == 3
    assert cli("undo").code == 0
    assert cli(noun, "show", "two").code == 0


@pytest.mark.parametrize("noun", NOUNS)
def test_a_hostile_name_and_hostile_values_are_only_text(cli_sqlite: Cli, noun: str) -> None:
    cli = cli_sqlite
    added = cli(noun, "add", HOSTILE, "--about" if noun in ("macro", "verb") else "name", "x")
    if added.code:
        added = cli(noun, "add", HOSTILE)
    listed = cli(noun, "list", "-o", "table")
    assert "\x1b" not in added.err + listed.out + listed.err
    assert "\u202e" not in listed.out
    assert cli(noun, "show", HOSTILE.replace("x", "y")).code == 3
    assert "\x1b" not in cli(noun, "show", HOSTILE.replace("x", "y")).err


def test_texts_that_fit_are_listed_filled_in_and_answered_with(cli: Cli) -> None:
    ticket = opened(cli, HOSTILE)
    cli("text", "add", "vpn", "--words", "Hello {first_name}, about {subject}.")
    found = cli("text", "fit", ticket, "-o", "json").json
    assert (found[0]["short"], found[0]["missing"]) == ("::vpn", [])
    assert found[0]["words"].startswith("Hello Ada, about x")
    assert "\x1b" not in found[0]["words"]
    assert cli("text", "fit", "99").code == 3
    assert cli("ticket", "reply", ticket, "--text", "vnp").code == 3
    assert cli("ticket", "reply", ticket, "--text", "vpn").code == 0
    assert cli("text", "list", "-o", "json").json[0]["uses"] == 1


def test_a_macro_is_done_to_what_a_query_finds_and_tells_what_it_would_change(cli: Cli) -> None:
    tickets = [opened(cli), opened(cli)]
    assert cli("macro", "add", "bad", "--step", "fly").code == 2
    cli("macro", "add", "mine", "--step", "take", "--step", "note text='about {ticket}'")
    tried = changes(cli, "ticket", "do", *tickets, "mine")
    assert "assignee" in json.dumps(tried)
    done = cli("ticket", "do", "--query", "is:new", "mine", "--yes", "-o", "json")
    assert done.code == 0, done.err
    owners = [cli("ticket", "show", one, "-o", "json").json["assignee"] for one in tickets]
    assert owners == ["cy", "cy"]
    assert cli("ticket", "do", tickets[0], "nein").code == 3
    assert cli("undo").code == 0
    assert cli("ticket", "show", tickets[1], "-o", "json").json["assignee"] is None


def test_items_are_put_on_ticked_asked_for_and_taken_back(cli: Cli) -> None:
    ticket = opened(cli)
    cli("checklist", "add", "Laptop", "--item", "Label it", "--item", HOSTILE, "--required")
    assert "item.1" in json.dumps(changes(cli, "checklist", "put", ticket, "--list", "Laptop"))
    assert cli("checklist", "of", ticket, "-o", "json").json == []
    assert cli("checklist", "put", ticket, "--list", "Desktop").code == 3
    assert cli("checklist", "put", ticket).code == 2
    assert cli("checklist", "put", ticket, "--list", "Laptop", "--item", "Call").code == 0
    assert "\x1b" not in cli("checklist", "of", ticket).out
    refused = cli("ticket", "solve", ticket, "--resolution", "done")
    assert (refused.code, "Label it" in refused.err) == (5, True)
    assert cli("checklist", "tick", ticket, "1").code == 0
    assert cli("checklist", "tick", ticket, "2", "--gone").code == 0
    assert cli("checklist", "tick", ticket, "1", "--open", "--gone").code == 2
    assert cli("checklist", "tick", ticket, "7").code == 3
    items = cli("checklist", "of", ticket, "-o", "json").json
    assert [(one["number"], one["done_by"]) for one in items] == [(1, "cy"), (3, None)]
    assert cli("ticket", "solve", ticket, "--resolution", "done").code == 0
    for _ in range(3):
        assert cli("undo").code == 0
    items = cli("checklist", "of", ticket, "-o", "json").json
    assert [(one["number"], one["done_by"]) for one in items] == [(1, None), (2, None), (3, None)]


def test_recurring_dates_are_shown_and_what_is_due_is_opened_once(cli: Cli) -> None:
    cli("person", "set", "ada@example.org")
    cli("ticket-template", "add", "backup", "--subject", "Check {today}")
    refused = cli("recurring", "add", "never", "--rule", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31")
    assert (refused.code, "never" in refused.err or "no day" in refused.err) == (2, True)
    given = ("--template", "backup", "--requester", "ada@example.org")
    assert cli("recurring", "add", "daily", "--rule", "daily", *given, "--ahead", "1").code == 0
    dates = cli("recurring", "dates", "daily", "--limit", "3", "-o", "json").json
    assert [one["ticket"] for one in dates] == [None] * 3
    waiting = cli("recurring", "run", "--dry-run", "-o", "json").json
    assert [one["missed"] for one in waiting] == [False, False]
    assert cli("ticket", "list", "is:any", "-o", "json").json == []
    assert "2 ticket(s) opened." in cli("recurring", "run").err
    assert "0 ticket(s) opened." in cli("recurring", "run").err
    assert len(cli("ticket", "list", "is:any", "-o", "json").json) == 2
    assert cli("recurring", "dates", "weekly").code == 3


def test_an_own_verb_is_tried_runs_and_its_words_become_what_it_gives(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = opened(cli)
    program = tmp_path / "told.py"
    program.write_text(
        "import json, sys\nprint(json.load(sys.stdin)['ticket']['subject'])", "utf-8"
    )
    settings = tmp_path / "settings.toml"
    settings.write_text(
        f"[programs]\ntold = {json.dumps(f'{sys.executable} {program}')}\n", "utf-8"
    )
    for name, gives in (("told", "note"), ("draft", "reply")):
        assert cli("verb", "add", name, "--run", "told", "--gives", gives).code == 0
    refused = cli("verb", "run", "told", ticket, "--yes")
    assert (refused.code, "does not allow" in refused.err) == (5, True)
    monkeypatch.setenv("DESKTERM_CONFIG", str(settings))
    tried = cli("verb", "run", "told", ticket, "--yes", "--dry-run")
    assert (tried.code, tried.out) == (0, "VPN down\n")
    tried = cli("verb", "run", "told", ticket, "--dry-run", "-o", "json")
    assert tried.json == {"ticket": 1, "verb": "told", "gives": "note", "said": "VPN down"}
    before = len(cli("ticket", "show", ticket, "-o", "json").json["timeline"])
    assert cli("verb", "run", "told", ticket, "--yes").code == 0
    noted = cli("ticket", "show", ticket, "-o", "json").json["timeline"]
    assert (len(noted) - before, noted[-1]["public"]) == (1, False)
    drafted = cli("verb", "run", "draft", ticket, "--yes")
    assert (drafted.out, "kept as the draft" in drafted.err) == ("VPN down\n", True)
    assert len(cli("ticket", "show", ticket, "-o", "json").json["timeline"]) == len(noted)
    assert cli("verb", "run", "tld", ticket, "--yes").code == 3


def test_hooks_are_listed_asked_and_obeyed_by_every_command(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = opened(cli)
    assert "hooks are off" in cli("hook", "list").err
    folder = tmp_path / "hooks"
    folder.mkdir()
    for name, code, mode in (("before-close", 1, 0o755), ("after", 0, 0o644)):
        file = folder / name
        file.write_text(f"#!/bin/sh\nprintf 'No \\033[2Jclosing.'\nexit {code}\n", "utf-8")
        os.chmod(file, mode)
    monkeypatch.setenv("DESKTERM_HOOKS", str(folder))
    listed = {one["name"]: one["trouble"] for one in cli("hook", "list", "-o", "json").json}
    assert listed == {"after": "is not executable (chmod +x)", "before-close": ""}
    asked = cli("hook", "check", ticket, "--verb", "close", "-o", "json")
    assert (asked.code, "closing." in asked.json[0]["answer"]) == (5, True)
    assert cli("hook", "check", ticket, "--verb", "note").code == 0
    closed = cli("ticket", "close", ticket, "--as", "spam")
    assert (closed.code, "\x1b" in closed.err) == (5, False)
    assert cli("ticket", "show", ticket, "-o", "json").json["state"] == "new"
