"""What stands before every page: limits before anything is read, headers of every answer."""

import logging
from collections.abc import Mapping, Sequence
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deskterm.domain.errors import DatabaseError, RefusedError
from deskterm.web.asking import Site, asked, in_frame, machine
from deskterm.web.limits import Rates

log = logging.getLogger("deskterm.web")
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_SUGGESTED: Final = 20
"""So many times as often as forms is asked what goes with what somebody types."""


def framed_by(origins: Sequence[str]) -> Mapping[str, str]:
    """Give the headers of a page that pages of these origins may show in a frame; none: nobody."""
    if not origins:
        return HEADERS
    policy = POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(origins)}")
    kept = {name: value for name, value in HEADERS.items() if name != "X-Frame-Options"}
    return {**kept, "Content-Security-Policy": policy}


class TooBigError(RefusedError):
    """A body grows beyond what is taken."""


class Guard:
    """An ASGI application around the pages."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site
        self._rates = Rates(0)
        self._suggestions = Rates(0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it before its body is read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = self._below_base(scope)
        answer = _Answer(send)
        try:
            if self._site.is_stale:
                await run_in_threadpool(self._site.read_face)
            if in_frame(scope["path"]):
                answer.headers = framed_by(self._site.face.frames)
            refused = self._refused(scope)
            if refused:
                await self._refuse(scope, receive, answer, refused)
            else:
                await self._app(scope, self._counted(receive), answer)
        except TooBigError:
            await self._refuse(scope, receive, answer, "too_big")
        except ClientDisconnect:
            log.info("a client went away")
        except Exception as error:  # noqa: BLE001 - the edge: what went wrong is told without what was sent
            log.error("a page could not be made: %s", _told(error))  # noqa: TRY400 - a traceback may hold what was sent
            await self._refuse(scope, receive, answer, "trouble")

    def _below_base(self, scope: Scope) -> Scope:
        """Take the path away under which a proxy has the pages, where it is still there."""
        base, path = self._site.base, scope["path"]
        if base and (path == base or path.startswith(f"{base}/")):
            return {**scope, "path": path[len(base) :] or "/", "raw_path": None}
        return scope

    def _refused(self, scope: Scope) -> str:
        """Tell why a request is refused before it is read; empty: it is not."""
        headers, request = Headers(scope=scope), Request(scope)
        self._rates.most = self._site.face.most_per_minute
        self._suggestions.most = _SUGGESTED * self._rates.most
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length[:15]) > self._site.face.most_bytes:
            return "too_big"
        who = machine(self._site, request)
        if scope["method"] in ("GET", "HEAD"):
            is_link = scope["path"].startswith(("/t/", "/p/"))
            return "too_many" if is_link and not self._site.guesses.has_room(who) else ""
        typing = scope["path"].endswith(("/suggest", "/fields"))
        rates = self._suggestions if typing else self._rates
        return "" if rates.lets(who) else "too_many"

    def _counted(self, receive: Receive) -> Receive:
        """Give a body as it comes, until it is more than is taken."""
        left = self._site.face.most_bytes

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise TooBigError
            return message

        return counted

    async def _refuse(self, scope: Scope, receive: Receive, send: "_Answer", why: str) -> None:
        """Say why not, in words, and end the connection: what else comes on it is not read."""
        if send.begun:
            return
        status = {"too_big": 413, "too_many": 429, "trouble": 503}[why]
        try:
            ask = asked(self._site, Request({**scope, "path_params": {}}))
            page = ask.plain(ask.w["error"], ask.w[why], status)
        except DatabaseError:
            await _bare(send, status)
            return
        page.headers["Connection"] = "close"
        if status != 413:
            page.headers["Retry-After"] = "60"
        await page(scope, receive, send)


class _Answer:
    """The way back: every answer gets the same headers."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False
        self.headers: Mapping[str, str] = HEADERS

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in self.headers.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
        await self._send(message)


async def _bare(send: _Answer, status: int) -> None:
    """Say that something is wrong where even the desk's name cannot be read."""
    text = b"Something went wrong here. Please try again in a moment.\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"retry-after", b"60")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})


def _told(error: Exception) -> str:
    """Give what went wrong without anything that was sent."""
    return str(error) if isinstance(error, DatabaseError) else type(error).__name__
