"""`deskterm work`: the jobs without a screen, for cron, systemd or a terminal of their own."""

import os
import shlex
import signal
import sys
import threading
from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.errors import explained, say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Option
from deskterm.cli.session import flags, opened
from deskterm.domain.errors import RefusedError, UpgradedError, UsageError

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk
    from deskterm.domain.mail_rows import JobsDone

noun = Noun("work", "Do the jobs: inbox, outbox, reminders.")

_PAUSE = 2.0
_TROUBLE, _LONGEST = 10.0, 300.0
"""Seconds until the next turn after one that went wrong: twice as many each time, up to a limit."""
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


@noun.verb("", "deskterm work --lmtp 127.0.0.1:2424")
@reading
def work(
    call: Call,
    once: Annotated[bool, Option("--once", help="One turn, then end; for cron.")] = False,
    lmtp: Annotated[str | None, Option(metavar="HOST:PORT", help="Take mail by LMTP here.")] = None,
    smtp: Annotated[str | None, Option(metavar="HOST:PORT", help="Take mail by SMTP here.")] = None,
    allow_remote: Annotated[
        bool, Option("--allow-remote", help="Also for other machines: behind a firewall.")
    ] = False,
    print_unit: Annotated[
        bool, Option("--print-unit", help="Print a systemd unit that runs this.")
    ] = False,
) -> int:
    """Fetch and process mail, send the letters, wake the tickets that are due, again and again.

    It also forgets what is due by the rules of retention, and seals the ledger every day.
    """
    ports = {"lmtp": lmtp, "smtp": smtp}
    open_at = {kind: text for kind, text in ports.items() if text is not None}
    if print_unit:
        output.text(_UNIT.format(command=_command(open_at, allow_remote)))
        return 0
    if once and open_at:
        raise UsageError("--once ends at once: --lmtp and --smtp go without it.")
    with opened() as desk:
        if not desk.jobs.may:
            raise RefusedError(
                f"{desk.me} does no mail and no jobs here: a worker does. Whoever owns the desk "
                "makes one: deskterm team add NAME --role worker."
            )
        desk.jobs.seals = True
        if once:
            return _once(desk, call)
        return _on_and_on(desk, open_at, allow_remote)


def _once(desk: "Desk", call: Call) -> int:
    for one in desk.mailboxes.fetch() if desk.jobs.hold() else ():
        if one.trouble:
            say(f"deskterm: mailbox {one.mailbox}: {one.trouble}")
    done = desk.jobs.run_all()
    desk.jobs.release()
    if not done.held:
        say("Another process does the jobs now.")
    output.one(_record(done), call.output)
    return 0


def _on_and_on(desk: "Desk", open_at: dict[str, str], allow_remote: bool) -> int:
    """Do turns until somebody ends the program; a database that went away is waited for."""
    from deskterm.services.mailboxes.door import read_place

    ended, due = threading.Event(), threading.Event()

    def stop(*_: object) -> None:
        ended.set()
        due.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    places = [read_place(kind, text) for kind, text in open_at.items()]
    doors = desk.mailboxes.doors(places, due.set, strangers=allow_remote) if places else None
    for place in doors.places if doors else ():
        say(f"Taking mail by {place.kind.upper()} at {place.host}:{place.port}.")
    say("Doing the jobs; Ctrl+C ends it.")
    try:
        _turns(desk, ended, due)
    finally:
        if doors is not None:
            doors.close()
        desk.mailboxes.rest()
    desk.jobs.release()
    return 0


def _turns(desk: "Desk", ended: threading.Event, due: threading.Event) -> None:
    """Do turns until `ended`; whatever goes wrong in one is told, and waited for ever longer.

    Raises UpgradedError.
    """
    watch = desk.mailboxes.watch(due.set)
    wrong, pause = "", 0.0
    while not ended.is_set():
        due.clear()
        try:
            watch.keep()
            done = desk.jobs.run_once(idle=_PAUSE)
        except UpgradedError:
            raise  # whoever keeps it going starts the new version
        except Exception as error:  # noqa: BLE001 - the edge: one bad turn must not end the worker
            say(f"deskterm: {explained(error)[0]}")
            pause = min(max(_TROUBLE, 2 * pause), _LONGEST)
        else:
            _tell(done)
            if done.mailboxes != wrong:
                wrong = done.mailboxes
                say(f"mailboxes: {wrong or 'all is well again'}")
            pause = 0.0 if done.more else _PAUSE
        if not ended.is_set():
            due.wait(pause)


def _tell(done: "JobsDone") -> None:
    quiet = ("held", "mailboxes")
    did = {name: value for name, value in _record(done).items() if value and name not in quiet}
    if did:
        say(", ".join(f"{name} {value}" for name, value in did.items()))


def _record(done: "JobsDone") -> dict[str, object]:
    return {
        "held": done.held,
        **done.processed._asdict(),
        **done.sent._asdict(),
        "woken": done.woken,
        "asked": done.asked,
        "learned": done.learned,
        "filled_in": done.filled_in,
        "verified": done.verified,
        "counted": done.counted,
        "uncounted": done.uncounted,
        "forgotten": done.forgotten,
        "sealed": done.sealed,
        "errands": done.errands.done,
        "errands_failed": done.errands.failed,
        "mailboxes": done.mailboxes,
    }


def _command(open_at: dict[str, str], allow_remote: bool) -> str:
    """Give the command line of the unit; a password in a URL belongs into the environment file."""
    words = [sys.executable, "-m", "deskterm"]
    if flags.db and "@" not in flags.db:
        url = flags.db
        if url.startswith("sqlite:///"):
            url = "sqlite:///" + os.path.abspath(url.removeprefix("sqlite:///"))
        words += ["--db", url]
    words.append("work")
    for kind, text in open_at.items():
        words += [f"--{kind}", text]
    return shlex.join([*words, "--allow-remote"] if allow_remote else words)
