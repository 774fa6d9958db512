"""Letters by SMTP: one connection a run, every answer of the server told apart (semantics §2)."""

import re
import smtplib
import ssl
from email import message_from_bytes
from email.message import Message
from email.policy import SMTP
from enum import StrEnum
from typing import NamedTuple

TIMEOUT = 30
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_ACCOUNT = (530, 534, 535, 538)


class Fate(StrEnum):
    """What became of a letter at the server."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    PAUSED = "paused"
    """The account, not the letter, is the trouble: nothing more is sent for a while."""
    UNREACHABLE = "unreachable"
    """There is no server to talk to: the other letters need not wait for it one by one."""


class Answer(NamedTuple):
    """A fate with its reason."""

    fate: Fate
    reason: str = ""


class Account(NamedTuple):
    """Where and as whom letters are handed over."""

    host: str
    port: int
    security: str
    """starttls, tls or none."""
    user: str
    password: str


def judge(code: int, text: str) -> Answer:
    """Tell what a server's answer means: 5xx is final, but for full mailboxes and the account."""
    reason = f"{code} {text}"[:500]
    found = _ENHANCED.search(text[:2_000])
    status = found.groups() if found else ("", "", "")
    if code in _ACCOUNT or (code >= 500 and status[1] == "7"):
        return Answer(Fate.PAUSED, reason)
    if code >= 500 and status != ("5", "2", "2"):
        return Answer(Fate.REFUSED, reason)
    return Answer(Fate.LATER, reason)


class SmtpSender:
    """Sends letters over one connection, made when first needed and again after it broke."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._server: smtplib.SMTP | None = None

    def send(self, raw: bytes, envelope_from: str, recipient: str) -> Answer:
        """Send one letter to one recipient; an empty sender is the null path."""
        message = message_from_bytes(raw, policy=SMTP)
        try:
            server = self._connected()
        except smtplib.SMTPResponseException as error:
            return judge(error.smtp_code, _text(error.smtp_error))
        except (smtplib.SMTPException, OSError) as error:
            return Answer(Fate.UNREACHABLE, f"{type(error).__name__}: {error}"[:500])
        return self._hand_over(server, message, envelope_from, recipient)

    def _hand_over(
        self, server: smtplib.SMTP, message: Message, envelope_from: str, recipient: str
    ) -> Answer:
        try:
            refused = server.send_message(message, envelope_from, [recipient])
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        except smtplib.SMTPResponseException as error:
            return judge(error.smtp_code, _text(error.smtp_error))
        except ValueError as error:
            return Answer(Fate.REFUSED, f"no server takes this letter: {error}"[:500])
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return Answer(Fate.LATER, f"{type(error).__name__}: {error}"[:500])
        if refused:
            code, text = next(iter(refused.values()))
            return judge(code, _text(text))
        return Answer(Fate.SENT)

    def close(self) -> None:
        """End the connection; one that is dead already is just forgotten."""
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            self._server = self._connect()
        return self._server

    def _connect(self) -> smtplib.SMTP:
        account = self._account
        context = ssl.create_default_context()
        if account.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                account.host, account.port, timeout=TIMEOUT, context=context
            )
        else:
            server = smtplib.SMTP(account.host, account.port, timeout=TIMEOUT)
        try:
            if account.security == "starttls":
                server.starttls(context=context)
            if account.user:
                server.login(account.user, account.password)
        except BaseException:
            server.close()
            raise
        return server


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
