"""What everybody may read: solutions, what is going on, the offer (E3, G2, H8)."""

from markupsafe import Markup
from starlette.responses import Response

from deskterm.domain.text import clean
from deskterm.services.site.page import offer_body, solution_body
from deskterm.web.asking import Ask

_SHORT = 160
_MOST = 200


def solutions(ask: Ask) -> Response:
    """Give the published solutions that fit what is looked for."""
    asked = ask.request.query_params.get("q", "")[:_MOST]
    rows = ask.site.web.published.solutions(ask.visitor, asked)[:_MOST]
    found = [{"id": row.id, "title": row.title, "short": _short(row.symptoms)} for row in rows]
    here = f"{ask.home}/solutions"
    return ask.page(
        "solutions",
        ask.w["solutions"],
        here=here,
        asked=asked,
        found=found,
        running=ask.running(),
    )


def solution(ask: Ask) -> Response:
    """Give one published solution."""
    number = int(ask.request.path_params["number"])
    row = ask.site.web.published.solution(ask.visitor, number) if number < 2**31 else None
    if row is None:
        return ask.plain(ask.w["not_found"], ask.w["found_none"], 404)
    body = Markup(solution_body(row, ask.w))
    return ask.page("solution", row.title, row=row, body=body, report=f"{ask.home}/")


def news(ask: Ask) -> Response:
    """Give what is going on."""
    return ask.page("news", ask.w["going_on"], here=f"{ask.home}/news", running=ask.running())


def offer(ask: Ask) -> Response:
    """Give what the desk offers, in its customers' words."""
    body = Markup(offer_body(ask.site.web.published.offers(ask.visitor, ask.language)))
    return ask.page("offer", ask.w["offer"], here=f"{ask.home}/offer", body=body)


def _short(text: str) -> str:
    line = clean(text, one_line=True)
    return line if len(line) <= _SHORT else line[: _SHORT - 1] + "…"
