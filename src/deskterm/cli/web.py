"""`deskterm web`: the pages for those who report."""

from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.domain.errors import RefusedError, UsageError

noun = Noun("web", "The web face, for those who report.")
_MISSING = "the web face needs more: install deskterm[web] (uv tool install 'deskterm[web]')."


@noun.verb("", "deskterm web --listen 127.0.0.1:8080")
@reading
def web(
    call: Call,
    what: Annotated[
        str,
        Argument(metavar="[snippet|words]", help="Print the HTML of a frame; or all words."),
    ] = "",
    listen: Annotated[
        str, Option("--listen", metavar="HOST:PORT", help="Where; a proxy with TLS in front of it.")
    ] = "127.0.0.1:8080",
    base: Annotated[
        str, Option("--base", metavar="PATH", help="The path that a proxy has it under: /help.")
    ] = "",
    org: Annotated[
        str, Option("--org", metavar="NAME", help="A snippet with the look of this client.")
    ] = "",
    language: Annotated[
        str, Option("--language", metavar="de", help="Of the snippet, or of the words.")
    ] = "",
) -> int:
    """Serve the form, tickets' pages, solutions, announcements and the offer until it is ended."""
    del call
    if what == "snippet":
        _snippet(org, language)
        return 0
    if what == "words":
        _words(language or "en")
        return 0
    if what or org or language:
        raise UsageError(
            f"{what[:40]!r}: say `deskterm web`, `web snippet` or `web words`; options are theirs."
        )
    from deskterm.services.mailboxes.door import read_place

    place = read_place("listen", listen)
    if base and (not base.startswith("/") or set("?#<>\" '") & set(base)):
        raise UsageError(f"{base[:60]!r} is no path: write it like /help.")
    try:
        from deskterm.web.serve import serve
    except ImportError:
        raise RefusedError(_MISSING) from None
    with opened() as desk:
        serve(desk, (place.host, place.port), base.rstrip("/"), say)
    return 0


def _snippet(org: str, language: str) -> None:
    """Print the piece of HTML that shows the form in a frame, on a page of the desk's."""
    from deskterm.services.web.web import Web

    with opened() as desk:
        published = Web(desk, desk.tickets, desk.solutions).published
        found, frames = published.snippet(org, language), published.face().frames
    if not frames:
        say(
            "Nobody may show it yet: name the pages' origins first, "
            "deskterm settings set web.frames 'https://intranet.example.org'."
        )
    output.text(found)


def _words(language: str) -> None:
    """Print every word of the pages in a language, to be changed and set as the desk's own."""
    from deskterm.services.web.web import Web
    from deskterm.services.web.words import as_lines

    with opened() as desk:
        own = Web(desk, desk.tickets, desk.solutions).published.face().words
    for line in as_lines(language, own):
        output.text(line)


def show_demo(listen: str) -> None:
    """Serve the demo's web face, and say where somebody of the demo sees their own pages."""
    with opened() as desk:
        from deskterm.services.web.web import Web

        desk.desk_settings.set("web.url", f"http://{listen}")
        who = next(one for one in desk.people.all(500) if one.open_tickets)
        _, last = Web(desk, desk.tickets, desk.solutions).personal(f"#{who.id}")
        say(f"As {who.name}: http://{listen}/p/{last}/")
    web(what="", listen=listen, base="", org="", language="", output_=None)
