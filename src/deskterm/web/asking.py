"""One request as the pages see it: who asks, in which language, and how a page is given back."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from deskterm.bootstrap import Desk
from deskterm.domain.text import clean
from deskterm.domain.web_rows import Running, Visitor, WebFace
from deskterm.mail.words import moment_words
from deskterm.services.hooks import HookError
from deskterm.services.web.published import FRAME, style_name
from deskterm.services.web.web import Web
from deskterm.services.web.words import LANGUAGES, language_of, words
from deskterm.web.limits import Rates, is_trusted, machine_of

_FRESH = 2.0
"""Seconds for which the desk's settings are believed without looking."""


class Site:
    """The web face of one desk, under one path: what every request needs."""

    def __init__(self, desk: Desk, base: str, guesses: Rates) -> None:
        self.desk = desk
        self.web = Web(desk, desk.tickets, desk.solutions)
        self.base = base
        self.guesses = guesses
        self._face: tuple[float, WebFace] | None = None
        self._styles: Mapping[str, str] = {}
        self._words: dict[str, Mapping[str, str]] = {}

    @property
    def face(self) -> WebFace:
        """Give what the desk has settled about its pages, as it was read last."""
        if self._face is None:
            self.read_face()
        assert self._face is not None
        return self._face[1]

    @property
    def is_stale(self) -> bool:
        """Tell whether the settings should be read again."""
        return self._face is None or time.monotonic() - self._face[0] > _FRESH

    def read_face(self) -> None:
        """Read what the desk has settled; raises DatabaseError."""
        face = self.web.published.face()
        known = filter(None, (face.style, *(one.style for one in face.looks.values())))
        self._styles = {style_name(one): one for one in known}
        if self._face is None or self._face[1].words != face.words:
            self._words = {}
        self._face = (time.monotonic(), face)

    def words(self, language: str) -> Mapping[str, str]:
        """Give the words of a language: the desk's own, else ours."""
        if language not in self._words:
            self._words[language] = words(language, self.face.words)
        return self._words[language]

    @property
    def languages(self) -> tuple[str, ...]:
        """Give the languages that the pages have."""
        return tuple(dict.fromkeys((*LANGUAGES, *self.face.words)))

    def style(self, name: str) -> str:
        """Give a stylesheet of the desk's or a client's; empty where there is none of that name."""
        if self._face is None:
            self.read_face()
        return self._styles.get(name, "")


def in_frame(path: str) -> bool:
    """Tell whether a path is that of a page that may stand in a frame."""
    return path == FRAME or path.startswith(f"{FRAME}/")


class Ask(NamedTuple):
    """Who asks for a page."""

    site: Site
    request: Request
    visitor: Visitor
    language: str
    link: str = ""
    """The last part of the personal link by which they came; empty: by none."""

    @property
    def w(self) -> Mapping[str, str]:
        """Give the words of the page."""
        return self.site.words(self.language)

    @property
    def home(self) -> str:
        """Give the path below which the visitor's pages are."""
        if self.framed:
            return f"{self.site.base}{FRAME}"
        return f"{self.site.base}/p/{self.link}" if self.link else self.site.base

    @property
    def zone(self) -> tzinfo | None:
        """Give the desk's zone; None: the machine's."""
        return ZoneInfo(self.site.face.zone) if self.site.face.zone else None

    def moment(self, moment: datetime) -> str:
        """Give a moment in the desk's zone, in words."""
        return moment_words(moment.astimezone(self.zone), self.language)

    def part(self, template: str, block: str, **given: object) -> Response:
        """Give one block of a page alone, for a script that puts it in its place."""
        found = _environment().get_template(f"{template}.html")
        return HTMLResponse("".join(found.blocks[block](found.new_context({"w": self.w} | given))))

    def page(self, template: str, title: str, status: int = 200, **given: object) -> Response:
        """Give a page; whatever is shown in it is cleaned and escaped."""
        face = self.site.face.of(self.visitor.organisation)
        values: dict[str, object] = {
            "base": self.site.base,
            "face": face,
            "framed": self.framed,
            "here": "",
            "language": self.language,
            "languages": () if self.visitor.language else self._languages(),
            "moment": self.moment,
            "nav": () if self.framed else self._nav(),
            "style": self._style(face),
            "suffix": self.suffix,
            "title": title,
            "visitor": self.visitor,
            "w": self.w,
        }
        text = _environment().get_template(f"{template}.html").render(values | given)
        return HTMLResponse(text, status)

    @property
    def framed(self) -> bool:
        """Tell whether the page stands in a frame of another one."""
        return in_frame(self.request.scope["path"])

    def _languages(self) -> list[tuple[str, str]]:
        """Give (code, name) of each language that one may choose."""
        return [(one, self.site.words(one)["language_name"]) for one in self.site.languages]

    def _style(self, face: WebFace) -> str:
        """Give the name of the page's stylesheet; a framed form may ask for a client's by it."""
        wanted = self.request.query_params.get("look", "") if self.framed else ""
        if self.site.style(wanted):
            return wanted
        return style_name(face.style) if face.style else ""

    def plain(self, title: str, text: str, status: int) -> Response:
        """Give a page that says one thing."""
        return self.page("plain", title, status, text=text)

    def unknown(self) -> Response:
        """Give the one answer to links that open nothing, whatever the reason."""
        self.site.guesses.lets(machine(self.site, self.request))
        nobody = self._replace(visitor=Visitor(), link="")
        return nobody.plain(self.w["unknown"], self.w["unknown_text"], 404)

    def running(self) -> list[dict[str, str]]:
        """Give what is announced to them, with its times in words."""
        found = self.site.web.published.running(self.visitor)
        return [{"text": one.text, "when": self._when(one)} for one in found]

    def _when(self, one: Running) -> str:
        until = f" – {self.moment(one.until_at)}" if one.until_at else ""
        return f"{self.moment(one.from_at)}{until}"

    @property
    def suffix(self) -> str:
        """Give what carries a chosen language, and a frame's look, on to the next page."""
        given = self.request.query_params
        chosen, look = given.get("lang", ""), given.get("look", "") if self.framed else ""
        said = {
            "lang": chosen if chosen in self.site.languages and not self.visitor.language else "",
            "look": look if self.site.style(look) else "",
        }
        kept = urlencode({name: one for name, one in said.items() if one})
        return f"?{kept}" if kept else ""

    def _nav(self) -> Sequence[tuple[str, str, str]]:
        """Give (path, address, name) of the pages; a ticket's link leads to nobody's own."""
        own = self.link or is_proxied(self.site, self.request)
        mine = (("/mine", "mine"),) if own and self.visitor.person else ()
        others = (("/solutions", "solutions"), ("/news", "going_on"), ("/offer", "offer"))
        pages = (("/", "report"), *mine, *others)
        return [
            (f"{self.home}{path}", f"{self.home}{path}{self.suffix}", self.w[name])
            for path, name in pages
        ]


def refusal(ask: Ask, error: HookError) -> str:
    """Give what a hook says to whoever sent a form; where it does not work, that it may later."""
    return ask.w["trouble"] if error.trouble else str(error)


def asked(site: Site, request: Request) -> Ask:
    """Give who asks: by a personal link in the path, by a trusted proxy's word, or nobody known.

    A personal link that opens nothing gives a visitor who is nobody; the page then says so.
    """
    link = str(request.path_params.get("link", "")) if "/p/" in request.url.path else ""
    visitor = _by_link(site, link) if link else _by_proxy(site, request)
    wanted = visitor.language or request.query_params.get("lang", "")
    accepted = request.headers.get("accept-language", "")
    language = language_of(wanted, accepted, site.face.language, site.languages)
    return Ask(site, request, visitor, language, link)


def _by_link(site: Site, link: str) -> Visitor:
    opened = site.web.opened(link)
    return opened.visitor if opened and not opened.ticket else Visitor()


def _by_proxy(site: Site, request: Request) -> Visitor:
    if not is_proxied(site, request):
        return Visitor()
    named = request.headers.getlist(site.face.proxy_header)
    return site.web.known(named[0]) if len(named) == 1 else Visitor()


def is_proxied(site: Site, request: Request) -> bool:
    """Tell whether a machine asks whose word on who it is counts."""
    peer = request.client.host if request.client else ""
    return bool(site.face.proxy_header) and is_trusted(peer, site.face.proxies)


def machine(site: Site, request: Request) -> str:
    """Give what stands for the machine that asks, for the limits."""
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "")
    return machine_of(peer, forwarded, site.face.proxies)


@lru_cache(maxsize=1)
def _environment() -> SandboxedEnvironment:
    made = SandboxedEnvironment(
        loader=PackageLoader("deskterm.web", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["size"] = _size
    return made


def _shown(value: object) -> object:
    """Give a value as a page may hold it: nothing in it acts on whoever reads it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return clean(value)
    return value


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(1, size // 1000)} kB"
