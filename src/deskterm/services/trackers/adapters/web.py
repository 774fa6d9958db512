"""JSON over HTTPS with a token: one request, what it gave, or why not (decision 0022).

Nothing follows a redirect with the token, nothing is read without end, and a token never leaves in
plain but to this very machine.
"""

import json
import ssl
from collections.abc import Mapping
from http.client import HTTPException
from time import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from deskterm.domain.errors import UsageError
from deskterm.domain.text import clean

if TYPE_CHECKING:
    from email.message import Message

SECONDS = 15.0
"""Until a server that says nothing is given up; the program has a limit of its own."""
MOST = 4_000_000
"""Bytes of an answer."""
_HERE = ("127.0.0.1", "localhost", "::1")
_REST = 900
"""Seconds that are waited where a token is refused: trying again soon locks accounts."""
_RATE = (403, 429)
_WAIT = (408, 409, 423, 425)
"""What a server says of the moment, and not of what it was asked."""


class TroubleError(Exception):
    """Why a request gave nothing, as a tracker's program says it."""

    def __init__(self, reason: str, **more: object) -> None:
        super().__init__(reason)
        self.said = {"error": reason, **more}


class Site(NamedTuple):
    """Where a tracker is, and how one signs in there."""

    base: str
    token: str
    headers: Mapping[str, str]
    ca_file: str = ""

    def __repr__(self) -> str:
        """Hide the token: a trace must not show it."""
        return f"Site({self.base})"


def check_base(address: str) -> str:
    """Give an address to which a token may go; raises UsageError."""
    parts = urlsplit(address.strip())
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    if not safe or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise UsageError(f"{address[:80]!r}? Write an address such as https://git.example/api/v1.")
    return address.strip().rstrip("/")


def call(site: Site, method: str, path: str, body: object = None, **query: object) -> object:
    """Give the JSON that a server answers; raises TroubleError."""
    address = f"{site.base}{path}" + (f"?{urlencode(query)}" if query else "")
    data = None if body is None else json.dumps(body).encode()
    asked = Request(address, data, {"Accept": "application/json"}, method=method)
    asked.add_header("User-Agent", "deskterm")
    if data is not None:
        asked.add_header("Content-Type", "application/json")
    for name, value in site.headers.items():
        asked.add_unredirected_header(name, value)
    return _json(*_answer(site, asked))


def _answer(site: Site, asked: Request) -> tuple[bytes, str]:
    opener = build_opener(_NoRedirect(), HTTPSHandler(context=_context(site)))
    try:
        with opener.open(asked, timeout=SECONDS) as answer:
            raw = answer.read(MOST + 1)
            return raw, str(answer.headers.get("Content-Type", ""))
    except HTTPError as error:
        with error:
            raise _refused(site, error) from None
    except (URLError, HTTPException, OSError, ValueError) as error:
        cause = error.reason if isinstance(error, URLError) else error
        raise TroubleError(
            _safe(site, f"no answer: {str(cause) or type(cause).__name__}")
        ) from None


def _json(raw: bytes, kind: str) -> object:
    if len(raw) > MOST:
        raise TroubleError(f"its answer is larger than {MOST:,} bytes")
    if not raw.strip():
        return None
    try:
        said: object = json.loads(raw)
    except (ValueError, RecursionError):
        raise TroubleError(
            f"its answer is no JSON ({kind or 'no type'}, {len(raw)} bytes)"
        ) from None
    return said


def _refused(site: Site, error: HTTPError) -> TroubleError:
    """Give what an error means: wait, wait for long, or never."""
    reason = f"HTTP {error.code}: {_message(site, error)}"
    pause = _pause(error.headers)
    if error.code in _RATE and pause is not None:
        return TroubleError(f"too many requests ({reason})", pause=pause)
    if error.code == 429:
        return TroubleError(f"too many requests ({reason})", pause=60)
    if error.code in (401, 403):
        return TroubleError(f"the token is refused ({reason})", pause=_REST)
    if pause is not None:
        return TroubleError(reason, pause=pause)
    if error.code >= 500 or error.code in _WAIT:
        return TroubleError(reason)
    return TroubleError(reason, again=False)


def _message(site: Site, error: HTTPError) -> str:
    try:
        said = json.loads(error.read(20_000))
    except (ValueError, OSError, HTTPException, RecursionError):
        said = None
    told = said.get("message") or said.get("error") if isinstance(said, dict) else None
    return _safe(site, str(told or error.reason))


def _pause(headers: "Message[str, str]") -> int | None:
    """Give the seconds that a server asks to be left alone for; None: it does not say."""
    after = str(headers.get("Retry-After", "")).strip()
    if after.isascii() and after.isdigit():
        return int(after[:9])
    if after:
        return _until(after)
    reset = str(headers.get("X-RateLimit-Reset") or headers.get("RateLimit-Reset") or "")
    left = headers.get("X-RateLimit-Remaining") or headers.get("RateLimit-Remaining")
    if left == "0" and reset.isascii() and reset.isdigit():
        return max(1, int(reset[:12]) - int(time()))
    return None


def _until(date: str) -> int | None:
    from email.utils import parsedate_to_datetime

    try:
        return max(1, int(parsedate_to_datetime(date).timestamp() - time()))
    except (ValueError, OverflowError):
        return None


def _safe(site: Site, words: str) -> str:
    """Give words of a server that may be shown: the token is not in them."""
    shown = words.replace(site.token, "…") if site.token else words
    return clean(shown, one_line=True)[:200]


def _context(site: Site) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=site.ca_file or None)
    except OSError as error:
        raise TroubleError(f"{site.ca_file}: {error.strerror}", pause=_REST) from None


class _NoRedirect(HTTPRedirectHandler):
    """What moved is told, not followed: what was meant for one server is not for another."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Follow nothing."""
        return
