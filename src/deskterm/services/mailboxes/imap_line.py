"""One signed-in connection to an IMAP server: opened, asked, waited on, cut from any thread.

What goes wrong is a SourceError that says in one sentence what, and in which phase.
"""

import imaplib
import re
import select
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import imap_tools
from imap_tools.errors import ImapToolsError, MailboxLoginError, UnexpectedCommandStatusError

from deskterm.domain.mailboxes import SourceError, Trouble
from deskterm.domain.patterns import pattern
from deskterm.domain.text import clean
from deskterm.services.mailboxes.secret import Secret

_CODE = pattern(r"\[([A-Z]{2,30})\b")
_CODES = {
    "AUTHENTICATIONFAILED": Trouble.PASSWORD,
    "AUTHORIZATIONFAILED": Trouble.PASSWORD,
    "EXPIRED": Trouble.PASSWORD,
    "PRIVACYREQUIRED": Trouble.PASSWORD,
    "OVERQUOTA": Trouble.FULL,
    "LIMIT": Trouble.FULL,
    "UNAVAILABLE": Trouble.AWAY,
    "INUSE": Trouble.AWAY,
}
"""Response codes of RFC 5530 that say whose trouble it is."""


def answered(result: Any) -> list[Any]:
    """Give the data of an answer; raises where the server did not say OK."""
    status, data = result
    if status != "OK":
        raise UnexpectedCommandStatusError(result, "OK")
    return list(data)


def trouble_of(error: Exception, place: str, user: str, phase: str) -> SourceError:
    """Say what went wrong where, and in which phase."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return SourceError(
            Trouble.CERTIFICATE,
            f"the certificate of {place} is not trusted ({error.verify_message}): "
            "is it the right host? `--ca-file` names an authority of your own",
        )
    if isinstance(error, ssl.SSLError):
        return SourceError(
            Trouble.CERTIFICATE, f"{place} speaks no TLS that this machine accepts, {phase}"
        )
    if isinstance(error, imaplib.IMAP4.abort | EOFError):
        return SourceError(Trouble.DROPPED, f"the connection to {place} dropped {phase}")
    if isinstance(error, OSError):
        return _network(error, place, phase)
    return _refusal(error, place, user, phase)


def _network(error: OSError, place: str, phase: str) -> SourceError:
    if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
        return SourceError(
            Trouble.CERTIFICATE, f"the file named by --ca-file cannot be read ({error.strerror})"
        )
    if isinstance(error, socket.gaierror):
        return SourceError(Trouble.AWAY, f"{place}: no host of that name can be found")
    if isinstance(error, TimeoutError):
        return SourceError(Trouble.AWAY, f"{place} does not answer, {phase}")
    if phase == "while connecting":
        return SourceError(Trouble.AWAY, f"{place} cannot be reached ({error.strerror or error})")
    return SourceError(Trouble.DROPPED, f"the connection to {place} dropped {phase}")


def _refusal(error: Exception, place: str, user: str, phase: str) -> SourceError:
    words = _words(error)
    code = _CODE.search(words)
    kind = _CODES.get(code.group(1)) if code else None
    if kind is None and phase == "while signing in":
        kind = Trouble.PASSWORD
    if kind is None and re.search(r"quota|\bfull\b", words, re.IGNORECASE):
        kind = Trouble.FULL
    if kind == Trouble.PASSWORD:
        token = "" if isinstance(error, MailboxLoginError) else " or token"
        return SourceError(kind, f"{place} refuses {user}: wrong password{token} ({words})")
    if kind == Trouble.FULL:
        return SourceError(kind, f"{place} says the mailbox is full, {phase} ({words})")
    return SourceError(kind or Trouble.SERVER, f"{place} refuses {phase} ({words})")


def _words(error: Exception) -> str:
    """Give what the server said, for eyes."""
    data: Any = str(error)
    if isinstance(error, ImapToolsError) and hasattr(error, "command_result"):
        found = error.command_result[1]
        parts = found if isinstance(found, list) else [found]
        data = " ".join(
            one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in parts
        )
    return clean(data[:2_000], one_line=True)[:200]


TIMEOUT = 60.0
"""Seconds a silent server is waited for."""
_PORTS = {"tls": 993, "starttls": 143, "none": 143}


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


class ImapLine:
    """A connection; one thread uses it, any thread may `abort` it."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.box: Any = None
        self.capabilities: frozenset[str] = frozenset()
        self._phase = "while connecting"
        self._idling = False

    def sign_in(self, secret: Secret) -> None:
        """Connect, sign in and ask what the server can do; raises SourceError."""
        with self.told():
            self.box = _connected(self.account)
            self._phase = "while signing in"
            self._sign_in(secret)
            self.capabilities = self._asked_capabilities()

    def close(self) -> None:
        """Sign out; a connection that is dead already is just forgotten."""
        with suppress(ImapToolsError, imaplib.IMAP4.error, OSError, EOFError):
            self.box.client.sock.settimeout(5)
            if self._idling:
                self.box.idle.stop()
            self.box.logout()
        self.drop()

    def drop(self) -> None:
        """Forget the connection."""
        if self.box is not None:
            with suppress(OSError):
                self.box.client.shutdown()

    def abort(self) -> None:
        """Cut the connection, from any thread: what waits on it ends at once."""
        with suppress(OSError, AttributeError):
            self.box.client.sock.shutdown(socket.SHUT_RDWR)

    @property
    def can_idle(self) -> bool:
        """Whether the server tells of new mail by itself."""
        return "IDLE" in self.capabilities

    def idle(self) -> None:
        """Ask the server to tell of new mail."""
        with self.told("while waiting for mail"):
            self.box.idle.start()
            self._idling = True

    def heard(self, seconds: float, wake: socket.socket) -> bool:
        """Wait until the server says something, `wake` can be read, or the time is over."""
        with self.told("while waiting for mail"):
            sock = self.box.client.sock
            if _read_ahead(self.box.client):
                return True
            poller = select.poll()
            poller.register(sock, select.POLLIN)
            poller.register(wake, select.POLLIN)
            return any(fd == sock.fileno() for fd, _ in poller.poll(seconds * 1000))

    def idle_done(self) -> None:
        """End waiting; raises SourceError where the connection was lost meanwhile."""
        with self.told("while waiting for mail"):
            self._idling = False
            self.box.idle.stop()

    def noop(self) -> None:
        """Let the server say what is new."""
        with self.told("while waiting for mail"):
            answered(self.box.client.noop())

    def _sign_in(self, secret: Secret) -> None:
        user = self.account.user
        if secret.is_token:
            self.box.xoauth2(user, secret.value, initial_folder=None)
        elif (user + secret.value).isascii():
            self.box.login(user, secret.value, initial_folder=None)
        else:
            self.box.login_utf8(user, secret.value, initial_folder=None)

    def _asked_capabilities(self) -> frozenset[str]:
        """Ask anew: many servers tell all they can only to those who signed in."""
        data = answered(self.box.client.capability())
        words = b" ".join(one for one in data if isinstance(one, bytes))
        return frozenset(words.decode("ascii", "replace").upper().split())

    def ask(self, command: str, *arguments: str | bytes) -> list[Any]:
        """Give the answer to a command about UIDs."""
        return answered(self.box.client.uid(command, *arguments))

    @contextmanager
    def told(self, phase: str = "") -> Iterator[None]:
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
