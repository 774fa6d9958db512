"""Senders to be killed: for each line on standard input a process that sends what is due.

Everything is imported once and each sender is a fork of this process: a kill costs little. Writes
the sender's pid before it begins, and how it ended.
"""

import os
import sys

from deskterm import settings
from deskterm.bootstrap import open_desk
from deskterm.mail import smtp
from deskterm.services.outbox import account, frozen, sending
from deskterm.storage.driver import connect

WARM = (smtp, account, frozen, sending)


def send(url: str, port: str) -> None:
    flags = {"db": url, "smtp_host": "127.0.0.1", "smtp_port": int(port), "smtp_security": "none"}
    desk = open_desk(settings.load(flags, as_login="cy"))
    desk.outbox.send(at_once=True)
    desk.close()


def main(url: str, port: str) -> None:
    connect(url).close()
    os.write(1, b"ready\n")
    while os.read(0, 1):
        begin, told = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.read(begin, 1)
            send(url, port)
            os._exit(0)
        os.write(1, f"{pid}\n".encode())
        os.write(told, b"\n")
        _, status = os.waitpid(pid, 0)
        os.write(1, f"{os.waitstatus_to_exitcode(status)}\n".encode())
        os.close(begin)
        os.close(told)


if __name__ == "__main__":
    main(*sys.argv[1:])
