"""The pages of the web face as one ASGI application: which path is what."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from importlib.resources import files

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from deskterm.bootstrap import Desk
from deskterm.services.site.page import STYLE
from deskterm.services.web.published import FRAME
from deskterm.web import reading, reporting, ticket
from deskterm.web.asking import Ask, Site, asked
from deskterm.web.guard import Guard
from deskterm.web.limits import guesses
from deskterm.web.sent import posted

_SUGGESTED = 2_000
"""Bytes of what is typed that suggestions are looked for with."""
Page = Callable[[Ask], Response]
Endpoint = Callable[[Request], Response]
_KEPT = {"Cache-Control": "public, max-age=300"}


def application(desk: Desk, base: str = "") -> ASGIApp:
    """Give the web face of a desk; `base` is the path under which a proxy has it: `/help`."""
    site = Site(desk, base.rstrip("/"), guesses())
    nothing, trouble = _says(site, "not_found", 404), _says(site, "trouble", 503)
    told = {404: nothing, 405: nothing, 500: trouble}
    return Guard(Starlette(routes=_routes(site), exception_handlers=told), site)


def _routes(site: Site) -> list[Route]:
    return [
        *_pages(site, ""),
        *_pages(site, "/p/{link}"),
        *_form(site, FRAME, known=False),
        Route("/t/{link}", _shown(site, ticket.show)),
        Route("/t/{link}/file/{number:int}", _shown(site, ticket.file)),
        Route("/t/{link}/reply", posted(site, ticket.reply), methods=["POST"]),
        Route("/t/{link}/answer", posted(site, ticket.answer), methods=["POST"]),
        Route("/link", posted(site, reporting.link), methods=["POST"]),
        Route("/style.css", _own_style),
        Route("/look/{name}.css", _look(site)),
        Route("/web.js", _script),
        Route("/icon.svg", _icon),
    ]


def _pages(site: Site, prefix: str) -> list[Route]:
    """Give the pages that there are for everybody, and for somebody by their personal link."""
    known = bool(prefix)
    shown: tuple[tuple[str, Page], ...] = (
        ("/mine", reporting.mine),
        ("/solutions", reading.solutions),
        ("/solutions/{number:int}", reading.solution),
        ("/news", reading.news),
        ("/offer", reading.offer),
        *(() if known else (("/link", reporting.link),)),
        *((("/shortcut", reporting.shortcut),) if known else ()),
    )
    found = [Route(prefix + path, _shown(site, page, known=known)) for path, page in shown]
    return [*found, *_form(site, prefix, known=known)]


def _form(site: Site, prefix: str, *, known: bool) -> list[Route]:
    """Give the form and what it asks for: the only pages that another site may show in a frame."""
    report, fields = posted(site, reporting.report), posted(site, reporting.fields)
    sent = (("/report", report), ("/fields", fields), ("/suggest", _suggest(site)))
    paths = ("", "/") if prefix else ("/",)
    shown = [Route(prefix + path, _shown(site, reporting.form, known=known)) for path in paths]
    return [*shown, *(Route(prefix + path, one, methods=["POST"]) for path, one in sent)]


def _shown(site: Site, page: Page, *, known: bool = False) -> Endpoint:
    """Give what answers a GET; `known`: only whom the link in the path was made for."""

    def endpoint(request: Request) -> Response:
        ask = asked(site, request)
        return ask.unknown() if known and not ask.visitor.person else page(ask)

    return endpoint


def _suggest(site: Site) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        text = body[:_SUGGESTED].decode("utf-8", "replace")
        return await run_in_threadpool(lambda: reporting.suggest(asked(site, request), text))

    return endpoint


def _says(
    site: Site, what: str, status: int
) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Give what answers where there is no page, or where one could not be made."""

    async def endpoint(request: Request, _: Exception) -> Response:
        def page() -> Response:
            ask = asked(site, request)
            if status == 404:
                return ask.plain(ask.w[what], ask.w["unknown_text"], status)
            return ask.plain(ask.w["error"], ask.w[what], status)

        return await run_in_threadpool(page)

    return endpoint


def _look(site: Site) -> Endpoint:
    def endpoint(request: Request) -> Response:
        found = site.style(request.path_params["name"])
        status = 200 if found else 404
        return Response(found, status, media_type="text/css", headers=_KEPT if found else None)

    return endpoint


@lru_cache(maxsize=3)
def _static(name: str) -> str:
    return (files("deskterm.web") / "static" / name).read_text(encoding="utf-8")


def _own_style(_: Request) -> Response:
    return Response(STYLE + _static("style.css"), media_type="text/css", headers=_KEPT)


def _icon(_: Request) -> Response:
    return Response(_static("icon.svg"), media_type="image/svg+xml", headers=_KEPT)


def _script(_: Request) -> Response:
    return Response(_static("web.js"), media_type="text/javascript", headers=_KEPT)
