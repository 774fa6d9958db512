"""Letters by SMTP: one connection a run, every answer of the server told apart (semantics §2).

A letter's bytes go out exactly as they were frozen; one with a bare CR or LF is refused, because
some servers end a mail there.
"""

import re
import smtplib
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from deskterm.domain.address import wire_address
from deskterm.domain.patterns import pattern
from deskterm.mail.smtp_account import Account, AccountError, one_line, sign_on, unconnected

QUIT_SECONDS = 5.0
_ENHANCED = pattern(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_BARE = pattern(rb"(?<!\r)\n|\r(?!\n)")
_ACCOUNT = (530, 534, 535, 538)
_BREAKS = 3
"""So many connections lost one after another mean that the server is the trouble."""
_BEFORE_TEXT = ("MAIL", "RCPT", "DATA")


class Fate(StrEnum):
    """What became of a letter at the server."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    BLOCKED = "blocked"
    """A policy refused it; where others are accepted it is the letter, else it is the account."""
    PAUSED = "paused"
    """The account, not the letter, is the trouble: nothing more is sent for a while."""
    UNREACHABLE = "unreachable"
    """There is no server to talk to: the other letters need not wait for it one by one."""


class Answer(NamedTuple):
    """A fate with its reason."""

    fate: Fate
    reason: str = ""


def judge(code: int, text: str) -> Answer:
    """Tell what a server's answer means: 5xx is final, but for full mailboxes and the account."""
    reason = f"{code} {text}"[:500]
    found = _ENHANCED.search(text[:2_000])
    status = found.groups() if found else ("", "", "")
    if code in _ACCOUNT:
        return Answer(Fate.PAUSED, reason)
    if code >= 500 and status[1] == "7":
        return Answer(Fate.BLOCKED, reason)
    if code >= 500 and status != ("5", "2", "2"):
        return Answer(Fate.REFUSED, reason)
    return Answer(Fate.LATER, reason)


class SmtpSender:
    """Sends letters over one connection, made when first needed and again after it broke."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._server: smtplib.SMTP | None = None
        self._phase = ""
        self._broken = 0

    def send(self, raw: bytes, senders: Sequence[str], recipient: str) -> Answer:
        """Send one letter; a sender that the server refuses gives way to the next of `senders`.

        An empty sender is the null path. An idle connection that the server has closed meanwhile
        is made again at once: nothing of the letter had been said.
        """
        if _BARE.search(raw):
            return Answer(Fate.REFUSED, "no server takes this letter: it has bare line ends")
        idle = self._server is not None
        answer = self._once(raw, senders, recipient)
        if idle and self._server is None and self._phase in _BEFORE_TEXT:
            answer = self._once(raw, senders, recipient)
        return answer

    def fileno(self) -> int:
        """Give the socket's number; raises OSError where there is none."""
        sock = self._server.sock if self._server is not None else None
        if sock is None:
            raise OSError("no connection")
        return int(sock.fileno())

    def close(self) -> None:
        """Say goodbye and end the connection; one that is dead already is just forgotten."""
        server = self._server
        if server is not None and server.sock is not None:
            try:
                server.sock.settimeout(QUIT_SECONDS)
                server.quit()
            except (smtplib.SMTPException, OSError):
                pass  # what it accepted is accepted
        self._forget()

    def _once(self, raw: bytes, senders: Sequence[str], recipient: str) -> Answer:
        try:
            server = self._connected()
            answer = self._transaction(server, raw, senders, recipient)
        except AccountError as error:
            self._forget()
            return Answer(Fate.PAUSED, str(error)[:500])
        except ValueError as error:
            self._forget()
            return Answer(Fate.REFUSED, f"no server takes this address: {error}"[:500])
        except (smtplib.SMTPException, OSError) as error:
            self._forget()
            return self._lost(error)
        self._broken = 0
        if answer.fate != Fate.SENT:
            self._reset(server)
        return answer

    def _transaction(
        self, server: smtplib.SMTP, raw: bytes, senders: Sequence[str], recipient: str
    ) -> Answer:
        self._phase = "MAIL"
        refusal, options = _options(server, raw, (*senders, recipient))
        if refusal:
            return Answer(Fate.REFUSED, refusal)
        answer = self._sender(server, senders, options)
        if answer.fate != Fate.SENT:
            return _sender_refused(answer)
        self._phase = "RCPT"
        answer = self._say("RCPT", *server.rcpt(_wire(recipient)))
        if answer.fate != Fate.SENT:
            return answer
        self._phase = "DATA"
        return self._hand_over(server, raw)

    def _hand_over(self, server: smtplib.SMTP, raw: bytes) -> Answer:
        try:
            code, text = self._data(server, raw)
        except smtplib.SMTPDataError as error:
            code, text = error.smtp_code, error.smtp_error
        return self._say(self._phase, code, text)

    def _data(self, server: smtplib.SMTP, raw: bytes) -> tuple[int, bytes | str]:
        """Say DATA and the text; what is lost after that may have arrived."""
        server.putcmd("data")
        code, text = server.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, text)
        self._phase = "."
        stuffed = re.sub(rb"(?m)^\.", b"..", raw) + (b"" if raw.endswith(b"\n") else b"\r\n")
        server.send(stuffed + b".\r\n")  # in one: a second small packet waits 40 ms for the first
        return server.getreply()

    def _say(self, phase: str, code: int, text: bytes | str) -> Answer:
        """Judge the answer to one command; 421 ends the connection like a lost one."""
        self._phase = phase
        if code in (421, -1):
            raise smtplib.SMTPServerDisconnected(f"{code} {one_line(text)}")
        if 200 <= code < 300:
            return Answer(Fate.SENT)
        return judge(code, one_line(text))

    def _sender(self, server: smtplib.SMTP, senders: Sequence[str], options: list[str]) -> Answer:
        """Name the first sender that the server takes."""
        *others, last = senders
        for sender in others:
            answer = self._say("MAIL", *server.mail(_wire(sender), options))
            if answer.fate in (Fate.SENT, Fate.LATER):
                return answer
            self._say("MAIL", *server.rset())
        return self._say("MAIL", *server.mail(_wire(last), options))

    def _reset(self, server: smtplib.SMTP) -> None:
        self._phase = "RSET"
        try:
            server.rset()
        except (smtplib.SMTPException, OSError):
            self._forget()

    def _lost(self, error: Exception) -> Answer:
        self._broken += 1
        what = _trouble(error)
        if self._phase == "connect" or self._broken >= _BREAKS or _timed_out(error):
            return Answer(Fate.UNREACHABLE, what)
        if self._phase == ".":
            return Answer(Fate.LATER, f"the answer to the letter was lost ({what})")
        return Answer(Fate.LATER, f"the connection was lost at {self._phase} ({what})")

    def _forget(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        """Give the connection, made now where there is none; raises AccountError and others."""
        if self._server is None:
            self._phase = "connect"
            server = self._server = unconnected(self._account)
            sign_on(server, self._account)
        return self._server


def _options(server: smtplib.SMTP, raw: bytes, addresses: Sequence[str]) -> tuple[str, list[str]]:
    """Give why this server cannot carry this letter at all, and what is said with MAIL."""
    most = server.esmtp_features.get("size", "").strip()
    if most.isascii() and most.isdigit() and 0 < int(most[:15]) < len(raw):
        return f"the letter has {len(raw):,} bytes, the server takes {int(most[:15]):,}", []
    if raw.isascii() and all(_wire(one).isascii() for one in addresses):
        return "", []
    if server.has_extn("smtputf8"):
        return "", ["SMTPUTF8", "BODY=8BITMIME"]
    return (
        "the mail server takes no addresses beyond ASCII (no SMTPUTF8): "
        "give this person another address"
    ), []


def _sender_refused(answer: Answer) -> Answer:
    """A sender that is refused for good would be refused with every letter."""
    if answer.fate in (Fate.REFUSED, Fate.BLOCKED):
        return Answer(Fate.PAUSED, f"the server refuses our sender address: {answer.reason}")
    return answer


def _trouble(error: Exception) -> str:
    """Give what happened to the connection, in a few words."""
    if _timed_out(error):
        return "no answer in time"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {one_line(error.smtp_error)}"[:400]
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[:400]
    return f"{error}"[:400] or type(error).__name__


def _timed_out(error: BaseException) -> bool:
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _wire(address: str) -> str:
    return wire_address(address) if address else ""
