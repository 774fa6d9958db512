"""`deskterm web`: the pages for those who report."""

from typing import Annotated

from deskterm.cli.change import Call, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Option
from deskterm.cli.session import opened
from deskterm.domain.errors import RefusedError, UsageError

noun = Noun("web", "The web face, for those who report.")
_MISSING = "the web face needs more: install deskterm[web] (uv tool install 'deskterm[web]')."


@noun.verb("", "deskterm web --listen 127.0.0.1:8080")
@reading
def web(
    call: Call,
    listen: Annotated[
        str, Option("--listen", metavar="HOST:PORT", help="Where; a proxy with TLS in front of it.")
    ] = "127.0.0.1:8080",
    base: Annotated[
        str, Option("--base", metavar="PATH", help="The path that a proxy has it under: /help.")
    ] = "",
) -> int:
    """Serve the form, tickets' pages, solutions, announcements and the offer until it is ended."""
    del call
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


def show_demo(listen: str) -> None:
    """Serve the demo's web face, and say where somebody of the demo sees their own pages."""
    with opened() as desk:
        from deskterm.services.web.web import Web

        desk.desk_settings.set("web.url", f"http://{listen}")
        who = next(one for one in desk.people.all(500) if one.open_tickets)
        _, last = Web(desk, desk.tickets, desk.solutions).personal(f"#{who.id}")
        say(f"As {who.name}: http://{listen}/p/{last}/")
    web(listen=listen, base="", output_=None)
