"""The account that letters are handed over with: connect, encrypt, sign in, and say what is wrong.

TLS is never left out silently: what the server does not offer or cannot prove pauses the account.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

READ_SECONDS = 60.0
"""The longest that one answer of the server is waited for."""


class Account(NamedTuple):
    """Where and as whom letters are handed over."""

    host: str
    port: int
    security: str
    """starttls, tls or none."""
    user: str
    password: Callable[[], str]
    """Gives the password; asked only when a connection is made. Raises AccountError."""
    greeting: str = "[127.0.0.1]"
    """The name we greet the server with."""


class AccountError(Exception):
    """The account cannot be used as it is set up; the sentence says what to do."""


def unconnected(account: Account) -> smtplib.SMTP:
    """Give the connection before it is made, so that a deadline can shut it at any time."""
    if account.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            local_hostname=account.greeting,
            timeout=READ_SECONDS,
            context=ssl.create_default_context(),
        )
    elif account.security in ("starttls", "none"):
        server = smtplib.SMTP(local_hostname=account.greeting, timeout=READ_SECONDS)
    else:
        raise AccountError(
            f"smtp_security is {account.security[:40]!r}: set it to starttls, tls or none"
        )
    server._host = account.host  # type: ignore[attr-defined]  # the certificate must have this name
    return server


def sign_on(server: smtplib.SMTP, account: Account) -> None:
    """Connect, encrypt and sign in; raises AccountError, SMTPException, OSError."""
    secret = account.password() if account.user else ""
    with _of_the_account(account):
        code, text = server.connect(account.host, account.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, text)
        server.ehlo_or_helo_if_needed()
        if account.security == "starttls":
            _encrypt(server)
        if account.user:
            _sign_in(server, account.user, secret)


def one_line(answer: bytes | str) -> str:
    """Give what a server said as one line."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return " ".join(text.split())


def _encrypt(server: smtplib.SMTP) -> None:
    """Begin TLS; what the server said before is forgotten, plain text after it is never read."""
    if not server.has_extn("starttls"):
        raise AccountError(
            "the server offers no STARTTLS and nothing is sent in plain: set smtp_security to tls, "
            "or to none on a network you trust"
        )
    server.starttls(context=ssl.create_default_context())
    server.ehlo_or_helo_if_needed()


def _sign_in(server: smtplib.SMTP, user: str, secret: str) -> None:
    if not server.has_extn("auth"):
        raise AccountError("the server knows no users here: is smtp_port the one for submission?")
    try:
        server.login(user, secret)
    except smtplib.SMTPAuthenticationError as error:
        if error.smtp_code < 500:
            raise
        raise AccountError(
            f"wrong user or password ({error.smtp_code} {one_line(error.smtp_error)})"
        ) from None


@contextmanager
def _of_the_account(account: Account) -> Iterator[None]:
    """Tell trouble that a person must mend (AccountError) from trouble that passes."""
    try:
        yield
    except (ssl.SSLError, UnicodeError, smtplib.SMTPException) as error:
        sentence = _to_mend(error, account)
        if not sentence:
            raise
        raise AccountError(sentence) from None


def _to_mend(error: Exception, account: Account) -> str:
    """Give what a person must mend, or nothing where trying again may help."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"the certificate of {account.host} is not trusted ({error.verify_message}): mend it, "
            "or name its authority in SSL_CERT_FILE"
        )
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | smtplib.SMTPServerDisconnected):
        return ""
    if isinstance(error, ssl.SSLError):
        return (
            f"{account.host}:{account.port} speaks no TLS as asked for ({error.reason}): "
            "is smtp_security right?"
        )
    if isinstance(error, UnicodeError):
        return "host, user or password have signs that mail servers do not take"
    if isinstance(error, smtplib.SMTPResponseException):
        said = f"{error.smtp_code} {one_line(error.smtp_error)}"
        return f"the server refuses us ({said})" if error.smtp_code >= 500 else ""
    return str(error)
