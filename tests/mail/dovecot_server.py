"""Debian's Dovecot for one test, where it is installed: TLS, IDLE, MOVE and Maildir for real."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme

PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
ssl = required
ssl_cert = <{folder}/cert
ssl_key = <{folder}/key
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """A running server: where it listens, and the Maildir it serves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = folder / "authority"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])

    def deliver(self, name: str, raw: bytes) -> None:
        """Deliver as every mail server does: written in tmp, moved to new."""
        here = self.folder / "mail"
        for part in ("tmp", "new", "cur"):
            (here / part).mkdir(parents=True, exist_ok=True)
        (here / "tmp" / name).write_bytes(raw)
        _give(here, here / "tmp", here / "new", here / "cur", here / "tmp" / name)
        (here / "tmp" / name).rename(here / "new" / name)

    def names(self, folder: str, part: str) -> list[str]:
        """Give the files of a folder (`` for INBOX, `.Done`): what is in `new` or `cur`."""
        here = self.folder / "mail" / folder / part
        return sorted(one.name for one in here.iterdir()) if here.is_dir() else []


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Run the server for the time of a test; below a short path, because of its sockets."""
    assert PROGRAM is not None
    folder = Path(tempfile.mkdtemp(prefix="dt-dovecot-"))
    server = Dovecot(folder)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(server.authority))
    issued = authority.issue_cert("localhost", "127.0.0.1")
    issued.private_key_pem.write_to_path(str(folder / "key"))
    issued.cert_chain_pems[0].write_to_path(str(folder / "cert"))
    (folder / "home").mkdir()
    who = _who()
    config = _CONFIG.format(
        folder=folder, port=server.port, uid=who.pw_uid, gid=who.pw_gid, user=who.pw_name,
        group=_group(who),
    )  # fmt: skip
    (folder / "config").write_text(config)
    _give(folder, *folder.iterdir())
    with subprocess.Popen([PROGRAM, "-F", "-c", folder / "config"]) as process:
        try:
            _wait_for(server.port, process, folder / "log")
            yield server
        finally:
            process.terminate()
            process.wait(20)
            shutil.rmtree(folder, ignore_errors=True)


def _who() -> pwd.struct_passwd:
    """Mail is nobody's where root runs the test: Dovecot serves none of root's."""
    return pwd.getpwuid(os.getuid()) if os.getuid() else pwd.getpwnam("nobody")


def _group(who: pwd.struct_passwd) -> str:
    import grp

    return grp.getgrgid(who.pw_gid).gr_name


def _give(*paths: Path) -> None:
    if os.getuid() == 0:
        who = _who()
        for one in paths:
            os.chown(one, who.pw_uid, who.pw_gid)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    pause = threading.Event()
    for _ in range(500):
        assert process.poll() is None, log.read_text() if log.exists() else "it did not start"
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            pause.wait(0.02)
        else:
            return
    raise AssertionError(log.read_text() if log.exists() else "it does not listen")
