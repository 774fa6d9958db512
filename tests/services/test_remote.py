"""Remote sessions: offered by kind and system, harmless whatever a device is called (A8)."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.remote import named
from deskterm.domain.verbs import Change
from tests.builders import open_ticket


def with_device(desk: Desk, name: str = "lt-220", **values: str) -> int:
    desk.records.add("device", name, {"kind": "laptop", "os": "Windows", **values})
    ticket = open_ticket(desk)
    desk.tickets.do([ticket], Change(device=name))
    return ticket


def test_what_fits_kind_and_system_is_offered_with_what_is_known(desk: Desk) -> None:
    ticket = with_device(desk, facts="address=10.0.0.7", os_version="11 24H2")
    with pytest.raises(RefusedError, match="no session fits lt-220"):
        desk.remote.fitting(ticket)
    desk.records.add("remote", "shell", {"run": "ssh -t {address}", "kind": "laptop, server"})
    desk.records.add("remote", "screen", {"run": "vnc {device} '{person}'", "os": "Windows 11*"})
    desk.records.add("remote", "mac", {"run": "vnc {device}", "os": "macOS"})
    desk.records.add("remote", "old", {"run": "vnc {device}", "active": "no"})
    found = desk.remote.fitting(ticket)
    assert [(one.name, one.argv) for one in found] == [
        ("screen", ("vnc", "lt-220", "Ada Moss")),
        ("shell", ("ssh", "-t", "10.0.0.7")),
    ]
    with pytest.raises(UsageError, match="screen, shell"):
        named(found, "")
    session = named(found, "Shell")
    desk.remote.began(ticket, session)
    desk.remote.ended(ticket, session, 255, 192.4)
    said = [entry.text for entry in desk.tickets.show(ticket).timeline[-2:]]
    assert said == [
        "Remote session to lt-220 began: shell.\n$ ssh -t 10.0.0.7",
        "Remote session shell ended with exit code 255 after 3:12.",
    ]
    assert not any(entry.public for entry in desk.tickets.show(ticket).timeline[-2:])


@pytest.mark.parametrize(
    "name", ["-oProxyCommand=id", "--help", "a;id", "$(id)", "`id`", "a\x1b[2J", "a|b", "~x"]
)
def test_a_device_can_become_neither_an_option_nor_a_command(desk: Desk, name: str) -> None:
    ticket = with_device(desk, name)
    desk.records.add("remote", "shell", {"run": "ssh {device}"})
    with pytest.raises(RefusedError, match="only a plain name, number or address"):
        desk.remote.fitting(ticket)


@pytest.mark.parametrize(
    "run",
    [
        "sh -c {device}",
        "{device} x",
        "ssh {secret}",
        "ssh x; id",
        "ssh -oProxyCommand=id {device}",
        "ssh -o 'Proxy Command=id' {device}",
        "ssh -o PermitLocalCommand=yes {device}",
        "ssh 'x",
        "sudo ssh {device}",
    ],
)
def test_a_command_that_would_run_others_is_refused(desk: Desk, run: str) -> None:
    with pytest.raises(UsageError):
        desk.records.add("remote", "bad", {"run": run})
