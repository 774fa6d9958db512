"""One connection to one IMAP folder: read without marking, mark and move when told, wait for news.

What goes wrong is a SourceError that says in one sentence what, and in which phase.
"""

import imaplib
import re
import select
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, NamedTuple

import imap_tools
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError
from imap_tools.utils import encode_folder

from deskterm.domain.mailboxes import SourceError, Trouble
from deskterm.services.mailboxes.secret import Secret
from deskterm.services.mailboxes.trouble import answered, trouble_of

TIMEOUT = 60.0
"""Seconds a silent server is waited for."""
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,19})\b")
_PORTS = {"tls": 993, "starttls": 143, "none": 143}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Account(NamedTuple):
    """Where a folder is."""

    host: str
    port: int
    security: str
    """tls, starttls or none."""
    user: str
    ca_file: str
    folder: str

    @property
    def place(self) -> str:
        """Host and port for people."""
        return f"{self.host}:{self.port or _PORTS[self.security]}"


class ImapFolder:
    """An open folder; one thread uses it, any thread may `abort` it."""

    def __init__(self, account: Account, secret: Secret) -> None:
        self.account = account
        self._phase = "while connecting"
        self._box: Any = None
        self._capabilities: frozenset[str] = frozenset()
        self._made: set[str] = set()
        self._idling = False
        try:
            self.validity = self._open(secret)
        except SourceError:
            self._drop()
            raise

    def _open(self, secret: Secret) -> int:
        """Connect, sign in and open the folder; gives its UIDVALIDITY."""
        with self._told():
            self._box = _connected(self.account)
            self._phase = "while signing in"
            self._sign_in(secret)
            self._capabilities = self._asked_capabilities()
            self._phase = f"while opening {self.account.folder}"
            return self._opened()

    def close(self) -> None:
        """Sign out; a connection that is dead already is just forgotten."""
        with suppress(ImapToolsError, imaplib.IMAP4.error, OSError, EOFError):
            self._box.client.sock.settimeout(5)
            if self._idling:
                self._box.idle.stop()
            self._box.logout()
        self._drop()

    def _drop(self) -> None:
        if self._box is not None:
            with suppress(OSError):
                self._box.client.shutdown()

    def abort(self) -> None:
        """Cut the connection, from any thread: what waits on it ends at once."""
        with suppress(OSError, AttributeError):
            self._box.client.sock.shutdown(socket.SHUT_RDWR)

    @property
    def can_idle(self) -> bool:
        """Whether the server tells of new mail by itself."""
        return "IDLE" in self._capabilities

    # --- reading ------------------------------------------------------------------

    @property
    def told_of_more(self) -> bool:
        """Whether the server has told of new mail since the last look, beside another answer.

        It tells once: IDLE would not say it again.
        """
        return "EXISTS" in self._box.client.untagged_responses

    def uids_after(self, last: int) -> list[int]:
        """Give the UIDs above `last`, in order."""
        self._box.client.untagged_responses.pop("EXISTS", None)
        return [uid for uid in self._search("UID", f"{last + 1}:*") if uid > last]

    def uids_unread(self) -> list[int]:
        """Give the UIDs of mail nobody has read."""
        return self._search("UNSEEN")

    def uids_unread_or_since(self, day: datetime) -> list[int]:
        """Give the UIDs of mail nobody has read, and of all that came on or after a day."""
        text = f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"
        return self._search("OR", "UNSEEN", "SINCE", text)

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Give the size of each mail, asked before anything is loaded."""
        found: dict[int, int] = {}
        with self._told("while asking for sizes"):
            for item in self._fetch(uids, "(UID RFC822.SIZE)"):
                line = item[0] if isinstance(item, tuple) else item
                uid, size = _UID.search(line or b""), _SIZE.search(line or b"")
                if uid and size:
                    found[int(uid.group(1))] = int(size.group(1))
        return found

    def bodies(self, uids: Sequence[int]) -> dict[int, bytes]:
        """Give the raw bytes of mails without marking them as read; gone ones are left out."""
        found: dict[int, bytes] = {}
        with self._told("while fetching mail"):
            answer = self._fetch(uids, "(UID BODY.PEEK[])")
            for item, after in zip(answer, [*answer[1:], b""], strict=True):
                if isinstance(item, tuple):
                    tail = after if isinstance(after, bytes) else b""
                    uid = _UID.search(item[0]) or _UID.search(tail)
                    if uid:
                        found[int(uid.group(1))] = bytes(item[1])
        return found

    # --- marking and moving ---------------------------------------------------------

    def mark_read(self, uids: Sequence[int]) -> None:
        """Mark mails as read, and nothing else."""
        with self._told("while marking mail as read"):
            self._ask("STORE", _set(uids), "+FLAGS.SILENT", r"(\Seen)")

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move mails, also where the server knows no MOVE; the folder is made where missing."""
        with self._told(f"while moving mail to {folder}"):
            self._make(folder)
            if "MOVE" in self._capabilities:
                self._ask("MOVE", _set(uids), encode_folder(folder))
                return
            self._ask("COPY", _set(uids), encode_folder(folder))
            self._ask("STORE", _set(uids), "+FLAGS.SILENT", r"(\Deleted)")
            if "UIDPLUS" in self._capabilities:
                # A plain EXPUNGE would also remove what other programs have marked as deleted.
                self._ask("EXPUNGE", _set(uids))

    # --- waiting ----------------------------------------------------------------------

    def idle(self) -> None:
        """Ask the server to tell of new mail."""
        with self._told("while waiting for mail"):
            self._box.idle.start()
            self._idling = True

    def heard(self, seconds: float, wake: socket.socket) -> bool:
        """Wait until the server says something, `wake` can be read, or the time is over."""
        with self._told("while waiting for mail"):
            sock = self._box.client.sock
            if _read_ahead(self._box.client):
                return True
            poller = select.poll()
            poller.register(sock, select.POLLIN)
            poller.register(wake, select.POLLIN)
            return any(fd == sock.fileno() for fd, _ in poller.poll(seconds * 1000))

    def idle_done(self) -> None:
        """End waiting; raises SourceError where the connection was lost meanwhile."""
        with self._told("while waiting for mail"):
            self._idling = False
            self._box.idle.stop()

    def noop(self) -> None:
        """Let the server say what is new."""
        with self._told("while waiting for mail"):
            answered(self._box.client.noop())

    # --- inside -------------------------------------------------------------------------

    def _sign_in(self, secret: Secret) -> None:
        user = self.account.user
        if secret.is_token:
            self._box.xoauth2(user, secret.value, initial_folder=None)
        elif (user + secret.value).isascii():
            self._box.login(user, secret.value, initial_folder=None)
        else:
            self._box.login_utf8(user, secret.value, initial_folder=None)

    def _asked_capabilities(self) -> frozenset[str]:
        """Ask anew: many servers tell all they can only to those who signed in."""
        data = answered(self._box.client.capability())
        words = b" ".join(one for one in data if isinstance(one, bytes))
        return frozenset(words.decode("ascii", "replace").upper().split())

    def _opened(self) -> int:
        folder = self.account.folder
        try:
            self._box.folder.set(folder)
        except MailboxFolderSelectError as error:
            raise SourceError(
                Trouble.FOLDER, f"{self.account.host} has no folder {folder!r} to read"
            ) from error
        _, data = self._box.client.response("UIDVALIDITY")
        number = data[-1] if data else None
        return int(number) if number else 0

    def _make(self, folder: str) -> None:
        if folder in self._made:
            return
        if not self._box.folder.exists(folder):
            self._box.folder.create(folder)
            with suppress(ImapToolsError):
                self._box.folder.subscribe(folder, value=True)
        self._made.add(folder)

    def _search(self, *criteria: str) -> list[int]:
        with self._told("while looking for mail"):
            data = self._ask("SEARCH", *criteria)
            numbers = b" ".join(one for one in data if one).split()
            return sorted({int(one) for one in numbers})

    def _fetch(self, uids: Sequence[int], what: str) -> list[Any]:
        return list(self._ask("FETCH", _set(uids), what))

    def _ask(self, command: str, *arguments: str | bytes) -> list[Any]:
        return answered(self._box.client.uid(command, *arguments))

    @contextmanager
    def _told(self, phase: str = "") -> Iterator[None]:
        """Turn whatever goes wrong into a SourceError that names the phase."""
        self._phase = phase or self._phase
        try:
            yield
        except SourceError:
            raise
        except (OSError, EOFError, imaplib.IMAP4.error, ImapToolsError, ValueError) as error:
            raise trouble_of(error, self.account.place, self.account.user, self._phase) from error


def _connected(account: Account) -> object:
    port = account.port or _PORTS[account.security]
    if account.security == "none":
        return imap_tools.MailBoxUnencrypted(account.host, port, timeout=TIMEOUT)
    context = ssl.create_default_context()
    if account.ca_file:
        context.load_verify_locations(account.ca_file)
    if account.security == "starttls":
        return imap_tools.MailBoxStartTls(account.host, port, TIMEOUT, context)
    return imap_tools.MailBox(account.host, port, timeout=TIMEOUT, ssl_context=context)


def _read_ahead(client: Any) -> bool:
    """Tell whether the client holds bytes that no poll of the socket would show."""
    own = vars(client)
    if "_readbuf" in own:  # Python 3.14 on: a list of its own
        return bool(own["_readbuf"])
    file, sock = own.get("_file") or own["file"], client.sock
    before = sock.gettimeout()
    sock.settimeout(0)
    try:
        return bool(file.peek(1))
    except OSError:  # a TLS socket that has nothing says so this way
        return False
    finally:
        sock.settimeout(before)


def _set(uids: Sequence[int]) -> str:
    """Give UIDs as IMAP writes a set: neighbours as a range."""
    parts: list[list[int]] = []
    for uid in uids:
        if parts and uid == parts[-1][1] + 1:
            parts[-1][1] = uid
        else:
            parts.append([uid, uid])
    return ",".join(str(a) if a == b else f"{a}:{b}" for a, b in parts)
