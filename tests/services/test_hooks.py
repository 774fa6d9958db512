"""Hooks: asked before a change, told after it, off unless the machine allows it (I8)."""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.errors import RefusedError
from deskterm.domain.mail_rows import Asked, Processed
from deskterm.domain.requests import NewTicket
from deskterm.domain.verbs import Change, Note, Take
from deskterm.mail.tokens import personal_address, recipient_address
from deskterm.services.hooks import AfterHooks, Guard
from deskterm.services.outbox.turn import Turn
from deskterm.storage import hook_runs
from tests.builders import count, open_ticket, snapshot
from tests.mails import mail_bytes, secret, take


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
        ("sys.stdout.buffer.write(b'\\xff'); sys.exit(1)", 0o755, "refuse|\ufffd"),
        ("print('{allow: true}'); sys.exit(1)", 0o755, "allow"),
        ("import os; os.kill(os.getpid(), 9)", 0o755, "hook before"),
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


def asked(folder: Path, verb: str, sentence: str, unless: str = "False") -> Path:
    """Let a hook write down what it is asked, and refuse it."""
    out = folder / f"{verb}.asked"
    script = (
        f"given = json.load(sys.stdin)\nopen({str(out)!r}, 'a').write(json.dumps(given) + '\\n')\n"
        f"sys.exit(0 if {unless} else {sentence!r})"
    )
    hook(folder, f"before-{verb}.py", script)
    return out


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_a_hook_is_asked_about_what_comes_by_mail_and_no_mail_is_lost(
    desk: Desk, tmp_path: Path
) -> None:
    ticket = open_ticket(desk)
    desk.tickets.guard = Guard(str(tmp_path))
    new = asked(tmp_path, "new", "No new ones today.")
    words = asked(tmp_path, "received", "Not so.", "'fine' in given['request']['text']")
    to = recipient_address("help@localhost", ticket, secret(desk))
    found = take(
        desk,
        mail_bytes("A new one", **{"from": "zoe@example.org"}),
        mail_bytes("Re: it", "a swear word", to=to),
        mail_bytes("Re: it", "all is fine", to=to),
    )
    assert found == Processed(replies=1, quarantined=2)
    rows = {one.subject: one for one in desk.inbox.list("quarantined")}
    assert {name: one.reason for name, one in rows.items()} == {
        "A new one": "No new ones today.",
        "Re: it": "Not so.",
    }
    assert desk.tickets.show(ticket).timeline[-1].text == "all is fine"
    told = lines(new)[0]
    assert (told["door"], told["actor"], told["ticket"]) == ("mail", "customer", None)
    assert told["request"]["subject"] == "A new one"
    assert [one["ticket"]["id"] for one in lines(words)] == [ticket, ticket]
    (tmp_path / "before-new.py").unlink()
    desk.inbox.retry([rows["A new one"].id])
    assert take(desk) == Processed(tickets=1)


def test_a_hook_that_does_not_work_lets_mails_wait_and_then_puts_them_aside(
    sqlite_desk: Desk, tmp_path: Path
) -> None:
    desk = sqlite_desk
    hook(tmp_path, "before-new", "pass", 0o644)
    desk.tickets.guard = Guard(str(tmp_path))
    assert take(desk, mail_bytes()) == Processed()
    assert desk.inbox.list()[0].state == "waiting"
    assert (take(desk), take(desk)) == (Processed(), Processed(quarantined=1))
    assert "is not executable" in desk.inbox.list()[0].reason
    (tmp_path / "before-new").chmod(0o755)
    desk.inbox.retry([desk.inbox.list()[0].id])
    assert take(desk) == Processed(tickets=1)


def test_what_a_technicians_mail_orders_is_asked_about_and_kept_as_a_note(
    desk: Desk, tmp_path: Path
) -> None:
    ticket = open_ticket(desk)
    desk.records.set("technician", "cy", {"email": "cy@desk.test"})
    asked(tmp_path, "close", "Nobody closes on Mondays.")
    desk.tickets.guard = Guard(str(tmp_path))
    to = personal_address("help@localhost", ticket, "cy", secret(desk))
    take(desk, mail_bytes("Re: it", "!close spam", to=to, **{"from": "cy@desk.test"}))
    view = desk.tickets.show(ticket)
    assert view.state == "new"
    assert any("Nobody closes on Mondays." in entry.text for entry in view.timeline)
    assert lines(tmp_path / "close.asked")[0]["actor"] == "cy"


def test_what_a_hook_does_by_deskterm_is_not_told_to_it_again(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = open_ticket(desk)
    out = tmp_path / "told"
    hook(tmp_path, "before-note", "sys.exit('never')")
    for name in ("after", "after-note.py"):
        hook(
            tmp_path,
            name,
            "import os\nsaid = os.environ['DESKTERM_WITHIN_HOOKS']\n"
            f"open({str(out)!r}, 'a').write(said + '\\n')",
        )
    hooks = AfterHooks(desk.store, str(tmp_path))
    hooks.run(turn())
    desk.tickets.guard = Guard(str(tmp_path))
    monkeypatch.setenv("DESKTERM_WITHIN_HOOKS", "before-note after")
    desk.tickets.do([ticket], Note("by the hook"))
    monkeypatch.delenv("DESKTERM_WITHIN_HOOKS")
    assert desk.tickets.show(ticket).timeline[-1].data["hooks"] == ["before-note", "after"]
    assert hooks.run(turn()).done == 1
    assert out.read_text("utf-8") == "before-note after after-note.py\n"
