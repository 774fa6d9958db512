"""Own verbs: a program gets the ticket as JSON; what it says counts only once it is taken (C8)."""

import json
import shlex
import sys
from pathlib import Path

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError, UsageError
from deskterm.domain.verbs import Change, Note
from deskterm.services.means.own_verbs import OwnVerbs
from tests.builders import open_ticket

ECHO = """
import json, sys
given = json.load(sys.stdin)
print("Dear", given["ticket"]["requester"]["name"], *sys.argv[1:])
print("\\x1b]52;c;x\\x07about", given["ticket"]["subject"], given["verb"])
"""


def verbs(desk: Desk, folder: Path, script: str) -> OwnVerbs:
    file = folder / "program.py"
    file.write_text(script, encoding="utf-8")
    command = shlex.join([sys.executable, "-I", str(file)])
    return OwnVerbs(desk.tickets, desk.drafts, {"helper": command})


def last(desk: Desk, ticket: int) -> str:
    return desk.tickets.show(ticket).timeline[-1].text


def test_words_become_a_note_or_a_draft_that_is_never_sent(desk: Desk, tmp_path: Path) -> None:
    ticket = open_ticket(desk, "No VPN")
    own = verbs(desk, tmp_path, ECHO)
    desk.records.add("verb", "look", {"run": "helper --brief 'a;b'"})
    desk.records.add("verb", "draft", {"run": "helper", "gives": "reply"})
    assert own.ready("LOOK").shown.endswith("program.py --brief 'a;b'")
    outcome = own.run("look", ticket)
    assert last(desk, ticket) == ""
    own.take(outcome)
    assert last(desk, ticket).startswith("look:\nDear Ada Moss --brief a;b\n")
    assert "about No VPN look" in last(desk, ticket)
    assert own.take(own.run("draft", ticket)) is None
    assert desk.drafts.get("reply", ticket).startswith("Dear Ada Moss")
    assert len(desk.tickets.show(ticket).timeline) == 2
    with pytest.raises(NotFoundError, match="there is no verb 'drafts': did you mean 'draft'"):
        own.ready("drafts")


def test_fields_are_a_change_that_is_checked_and_shown_first(desk: Desk, tmp_path: Path) -> None:
    ticket = open_ticket(desk)
    desk.records.add("verb", "sort", {"run": "helper", "gives": "fields"})
    said = json.dumps({"urgent": True, "fields": {"os": "Windows"}})
    own = verbs(desk, tmp_path, f"print('''{said}''')")
    outcome = own.run("sort", ticket)
    assert outcome.request == Change(urgent=True, fields={"os": "Windows"})
    own.take(outcome)
    assert desk.tickets.show(ticket).fields == {"os": "Windows"}
    for bad, sentence in (("no json", "said no JSON"), ('{"state": "closed"}', "cannot be set so")):
        with pytest.raises(UsageError, match=sentence):
            verbs(desk, tmp_path, f"print('''{bad}''')").run("sort", ticket)


@pytest.mark.parametrize("gives", ["note", "reply", "fields"])
def test_a_ticket_that_was_changed_meanwhile_clashes_and_the_words_are_kept(
    desk: Desk, tmp_path: Path, gives: str
) -> None:
    ticket = open_ticket(desk)
    own = verbs(desk, tmp_path, """print('{"urgent": true}')""")
    desk.records.add("verb", "v", {"run": "helper", "gives": gives})
    outcome = own.run("v", ticket)
    desk.tickets.do([ticket], Note("Something else."))
    with pytest.raises(ConflictError, match="was changed while the program ran"):
        own.take(outcome)
    assert last(desk, ticket) == "Something else."
    assert desk.drafts.get("reply" if gives == "reply" else "note", ticket) == '{"urgent": true}'


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("import time; time.sleep(60)", "ended after 1 s"),
        ("import os, time; os.close(1); time.sleep(60)", "ended after 1 s"),
        ("print('x' * 10_000_000)", "ended after 100000 bytes"),
        ("import sys; print('why\\x1b[2J', file=sys.stderr); sys.exit(3)", r"exit code 3: why"),
        ("pass", "said nothing"),
    ],
)
def test_a_program_that_hangs_says_too_much_or_fails_changes_nothing(
    desk: Desk, tmp_path: Path, script: str, sentence: str
) -> None:
    ticket = open_ticket(desk)
    desk.records.add("verb", "v", {"run": "helper", "seconds": "1"})
    with pytest.raises(RefusedError, match=sentence) as refused:
        verbs(desk, tmp_path, script).run("v", ticket)
    assert "\x1b" not in str(refused.value)
    assert len(desk.tickets.show(ticket).timeline) == 1


def test_what_this_machine_does_not_allow_never_runs(desk: Desk) -> None:
    ticket = open_ticket(desk)
    desk.records.add("verb", "v", {"run": "helper"})
    with pytest.raises(RefusedError, match=r"does not allow the program 'helper'.*\[programs\]"):
        desk.means.verbs.run("v", ticket)
    for run in ("/bin/sh -c id", "../x", "a;b", "'x"):
        with pytest.raises(UsageError):
            desk.records.add("verb", "bad", {"run": run})
    with pytest.raises(UsageError, match="1 to 300"):
        desk.records.set("verb", "v", {"seconds": "301"})
    gone = OwnVerbs(desk.tickets, desk.drafts, {"helper": "/no/such/program"})
    with pytest.raises(RefusedError, match="could not be run: No such file"):
        gone.run("v", ticket)
