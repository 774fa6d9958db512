"""The same against a server that many desks have: Debian's Dovecot."""

import sys
from contextlib import closing

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.settings import Settings, Value
from tests.builders import count
from tests.mail.dovecot_server import PROGRAM, dovecot
from tests.services.test_imap import QUARANTINED, given, mail, until, watched


def _prepared(url: str, port: int, authority: str) -> Desk:
    desk = open_desk(settings.load({"db": url}, as_login="cy"))
    commands = {"imap_password_commands": Value({"help@localhost": "echo secret"}, "file")}
    desk.settings = Settings({**desk.settings._values, **commands}, "cy")
    typed = {"host": "localhost", "port": str(port), "user": "help", "ca_file": authority}
    folders = {"done": "Done", "held": "Held"}
    desk.mailboxes.add("help", "imap", {"address": "help@example.org"}, {**typed, **folders})
    return desk


def test_dovecot_gives_its_mail_by_idle_over_tls_and_gets_it_sorted(sqlite_url: str) -> None:
    if PROGRAM is None:
        print("Dovecot is not installed here: this test proved nothing.", file=sys.stderr)  # noqa: T201
        return
    with dovecot() as server:
        server.deliver("1.x", mail(1))
        desk = _prepared(sqlite_url, server.port, str(server.authority))
        with closing(desk):
            assert "1 mail(s) there, 1 unread; the server tells of new mail at once" in (
                desk.mailboxes.test("help")
            )
            with watched(desk) as news:
                assert news.wait(60)
                news.clear()
                server.deliver("2.x", mail(2))
                server.deliver("3.x", QUARANTINED)
                until(lambda: count(desk, "inbox") == 3)
                desk.jobs.run_once()
                until(lambda: len(server.names(".Done", "cur")) == 2)
                until(lambda: len(server.names(".Held", "cur")) == 1)
                until(lambda: not server.names("", "new") + server.names("", "cur"))
            assert desk.mailboxes.get("help").trouble == ""
            assert all(name.endswith(":2,S") for name in server.names(".Done", "cur"))
            assert count(desk, "ticket") == 2
            knowing_no_longer = {"imap_password_commands": Value({"localhost": "echo x"}, "file")}
            given(desk, Settings({**desk.settings._values, **knowing_no_longer}, "cy"))
            (one,) = desk.mailboxes.fetch()
            assert "refuses help: wrong password" in one.trouble
