"""`deskterm work`: the jobs without a screen, for cron, systemd or a terminal of their own."""

import os
import shlex
import signal
import sys
import threading
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.session import flags, opened
from deskterm.domain.errors import DatabaseError

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk
    from deskterm.domain.mail_rows import JobsDone

noun = Noun("work", "Do the jobs: inbox, outbox, reminders.")

_PAUSE = 2.0
_TROUBLE = 10.0
_UNIT = """\
# Save as ~/.config/systemd/user/deskterm.service, then:
#   systemctl --user enable --now deskterm
[Unit]
Description=deskterm: mail in, letters out, reminders
After=network-online.target

[Service]
EnvironmentFile=-%h/.config/deskterm/work.env
ExecStart={command}
Restart=on-failure
RestartSec=10
NoNewPrivileges=true

[Install]
WantedBy=default.target"""


@noun.verb("", "deskterm work --once")
@reading
def work(
    call: Call,
    once: Annotated[bool, typer.Option("--once", help="One turn, then end; for cron.")] = False,
    print_unit: Annotated[
        bool, typer.Option("--print-unit", help="Print a systemd unit that runs this.")
    ] = False,
) -> int:
    """Process the inbox, send the letters and wake the tickets that are due, again and again."""
    if print_unit:
        output.text(_UNIT.format(command=_command()))
        return 0
    with opened() as desk:
        if once:
            return _once(desk, call)
        return _on_and_on(desk)


def _once(desk: "Desk", call: Call) -> int:
    done = desk.jobs.run_once()
    desk.jobs.release()
    if not done.held:
        say("Another process does the jobs now.")
    output.one(_record(done), call["output_"])
    return 0


def _on_and_on(desk: "Desk") -> int:
    """Do turns until somebody ends the program; a database that went away is waited for."""
    ended = threading.Event()

    def stop(*_: Any) -> None:
        ended.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    say("Doing the jobs; Ctrl+C ends it.")
    while not ended.is_set():
        pause = _PAUSE
        try:
            _tell(desk.jobs.run_once())
        except DatabaseError as error:
            say(f"deskterm: {error}")
            pause = _TROUBLE
        ended.wait(pause)
    desk.jobs.release()
    return 0


def _tell(done: "JobsDone") -> None:
    did = {name: value for name, value in _record(done).items() if value and name != "held"}
    if did:
        say(", ".join(f"{name} {value}" for name, value in did.items()))


def _record(done: "JobsDone") -> dict[str, Any]:
    return {
        "held": done.held,
        **done.processed._asdict(),
        **done.sent._asdict(),
        "woken": done.woken,
        "asked": done.asked,
    }


def _command() -> str:
    """Give the command line of the unit; a password in a URL belongs into the environment file."""
    words = [sys.executable, "-m", "deskterm"]
    if flags.db and "@" not in flags.db:
        url = flags.db
        if url.startswith("sqlite:///"):
            url = "sqlite:///" + os.path.abspath(url.removeprefix("sqlite:///"))
        words += ["--db", url]
    return shlex.join([*words, "work"])
