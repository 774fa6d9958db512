"""Hooks: asked before a change, told after it, off unless the machine allows it (I8)."""

import json
import sys
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.errors import RefusedError
from deskterm.domain.mail_rows import Asked
from deskterm.domain.requests import NewTicket
from deskterm.domain.verbs import Change, Note, Take
from deskterm.services.hooks import AfterHooks, Guard
from deskterm.services.outbox.turn import Turn
from deskterm.storage import hook_runs
from tests.builders import count, open_ticket, snapshot


def hook(folder: Path, name: str, script: str, mode: int = 0o755) -> None:
    file = folder / name
    file.write_text(f"#!{sys.executable} -I\nimport json, sys\n{script}\n", encoding="utf-8")
    file.chmod(mode)


def test_a_hook_refuses_with_its_first_line_and_the_others_are_done(
    desk: Desk, tmp_path: Path
) -> None:
    hook(
        tmp_path,
        "before-note.py",
        "given = json.load(sys.stdin)\n"
        "if 'secret' in given['request']['text'] and given['ticket']['subject'] == 'VIP':\n"
        "    sys.exit('No \\x1b[2Jsecrets on VIP tickets.\\nmore')",
    )
    vip, other = open_ticket(desk, "VIP"), open_ticket(desk)
    desk.tickets.guard = Guard(str(tmp_path))
    before = snapshot(desk)
    with pytest.raises(RefusedError, match=r"^No .*secrets on VIP tickets\.$") as refused:
        desk.tickets.do([vip], Note("a secret"))
    assert "\x1b" not in str(refused.value)
    assert snapshot(desk) == before
    done = desk.tickets.do([vip, other], Note("a secret"))
    assert (done.tickets, [one[0] for one in done.failed]) == ((other,), [vip])
    desk.tickets.do([vip], Note("fine"))
    desk.tickets.do([vip], Take())


@pytest.mark.parametrize(
    ("script", "mode", "sentence"),
    [
        ("import time; time.sleep(60)", 0o755, "hook before ended after 2 s: nothing was changed"),
        ("print('x' * 10_000_000)", 0o755, "ended after 64000 bytes"),
        ("sys.exit(3)", 0o755, r"refuses it \(exit code 3\)"),
        ("pass", 0o644, r"is not executable \(chmod \+x\)"),
        ("pass", 0o777, "may be changed by everybody"),
    ],
)
def test_a_hook_that_hangs_says_too_much_or_cannot_run_lets_nothing_happen(
    sqlite_desk: Desk, tmp_path: Path, script: str, mode: int, sentence: str
) -> None:
    ticket = open_ticket(sqlite_desk)
    hook(tmp_path, "before", script, mode)
    sqlite_desk.tickets.guard = Guard(str(tmp_path))
    with pytest.raises(RefusedError, match=sentence):
        sqlite_desk.tickets.do([ticket], Change(urgent=True))
    assert not sqlite_desk.tickets.show(ticket).urgent


def test_new_tickets_and_macros_are_asked_about_too(sqlite_desk: Desk, tmp_path: Path) -> None:
    desk = sqlite_desk
    ticket = open_ticket(desk)
    desk.records.add("macro", "m", {"steps": "take"})
    hook(tmp_path, "before-new", "sys.exit('Closed today.')")
    hook(tmp_path, "before-macro", "sys.exit(json.load(sys.stdin)['request']['named'])")
    hook(tmp_path, "README.md", "sys.exit('never run')", 0o644)
    desk.tickets.guard = Guard(str(tmp_path))
    with pytest.raises(RefusedError, match=r"Closed today\."):
        desk.tickets.new(NewTicket(requester="a@x.org", subject="x"))
    with pytest.raises(RefusedError, match="macro m"):
        desk.means.macros.do([ticket], "m")
    gone = Guard(str(tmp_path / "no"))
    with pytest.raises(RefusedError, match=r"hooks folder .* cannot be read"):
        gone.new(desk.tickets, [])


def turn() -> Turn:
    return Turn()


def test_a_hook_is_told_once_of_each_operation_whoever_did_it(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / f"told-{uuid4().hex}"
    ticket = open_ticket(desk)
    hook(tmp_path, "after-take", f"open({str(out)!r}, 'a').write(sys.stdin.read())")
    hooks = [AfterHooks(desk.store, str(tmp_path)) for _ in range(2)]
    assert hooks[0].run(turn()) == Asked()
    done = desk.tickets.do([ticket], Take())
    desk.tickets.do([ticket], Note("not for it"))
    assert sum(one.run(turn()).done for one in (*hooks, *hooks)) == 1
    told = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [(one["do"], one["tickets"]) for one in told] == [("take", [ticket])]
    assert told[0]["operation"] == done.operation_id
    assert told[0]["entries"][0]["changes"]["assignee"] == [None, desk.me]


def test_a_hook_that_fails_is_told_again_later_and_given_up_aloud(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = open_ticket(desk)
    hook(tmp_path, "after", "sys.exit('server is down')")
    hooks = AfterHooks(desk.store, str(tmp_path))
    hooks.run(turn())
    desk.tickets.do([ticket], Take())
    assert hooks.run(turn()) == Asked(later=1)
    assert hooks.run(turn()) == Asked()
    later = clock.now()
    for _ in range(6):
        later += timedelta(days=1)
        monkeypatch.setattr(clock, "now", lambda at=later: at)
        result = hooks.run(turn())
    assert result == Asked(failed=1)
    with desk.store.reading() as database:
        stands = hook_runs.standing(database)
    assert stands == {"after": (0, 1, "ended with exit code 1: server is down")}


def test_without_the_setting_nothing_is_asked_or_queued(desk: Desk) -> None:
    assert desk.tickets.guard is None
    open_ticket(desk)
    desk.jobs.run_once()
    assert count(desk, "hook_run") == 0
    assert count(desk, "counter", "name = 'hooks'") == 0
