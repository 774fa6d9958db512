"""A ticket's page: where it stands, what was said, what is asked, and answers to it (A9, B3)."""

from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.text import safe_filename
from deskterm.domain.web_rows import PageChoice, PageQuestion, TicketPage, Visitor
from deskterm.mail.answers import NO, Question
from deskterm.mail.words import promise_words, speech, time_words
from deskterm.services.hooks import HookError
from deskterm.services.web.doing import Answered, Words
from deskterm.web.asking import Ask, refusal
from deskterm.web.sent import Sent


def show(ask: Ask, error: str = "", given: Sent | None = None) -> Response:
    """Give the page of the ticket that a link opens."""
    place = _place(ask)
    page = ask.site.web.page(*place) if place else None
    if place is None or page is None:
        return ask.unknown()
    visitor, link = place[0], _link(ask)
    ask = _of(ask, visitor)
    tokens = list(ask.site.web.new_forms(visitor, 1 + len(page.questions)))
    due = page.answer_by.astimezone(ask.zone) if page.answer_by else None
    return ask.page(
        "ticket",
        f"#{page.number} {page.subject}",
        400 if error else 200,
        page=page,
        link=link,
        state=state_words(ask, page.state, page.waiting_for, page.outcome),
        own=[
            (field.said(ask.language), field.said_of(value, ask.language))
            for field, value in page.fields
        ],
        promise=promise_words(due, page.answer_within, ask.language),
        visit_time=_visit_words(ask, page),
        questions=[_question(ask, one, tokens.pop()) for one in page.questions],
        token=tokens.pop(),
        talk=_talk(ask, page),
        parts=[
            (one, f"{ask.site.base}/t/{ask.site.web.link(visitor.person, one)}")
            for one in page.parts
        ],
        done=ask.request.query_params.get("done") == "1",
        error=error,
        given={"text": given.text("text") if given else ""},
    )


def reply(ask: Ask, sent: Sent) -> Response:
    """Put what somebody wrote on their ticket."""
    place = _place(ask)
    if place is None:
        return ask.unknown()
    words = Words(sent.text("text"), sent.files)
    taken = ask.site.web.taken(sent.text("token"), place[0], sent.said(), sent.files)
    if taken.wrong:
        return show(ask, taken.wrong, sent)
    try:
        number = ask.site.web.say(place, words, taken.op_id)
    except HookError as error:
        return show(ask, refusal(ask, error), sent)
    except UsageError:
        return show(ask, "text", sent)
    except (NotFoundError, RefusedError):
        return ask.unknown()
    return _back(ask, place, number)


def answer(ask: Ask, sent: Sent) -> Response:
    """Take what somebody chose."""
    place = _place(ask)
    if place is None:
        return ask.unknown()
    taken = ask.site.web.taken(sent.text("token"), place[0], sent.said())
    if taken.wrong:
        return show(ask, taken.wrong)
    asked = sent.line("round")
    round_ = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 13 else 0
    given = Answered(sent.text("kind"), round_, sent.text("value"), sent.text("comment"))
    try:
        number = ask.site.web.answer(place, given, taken.op_id)
    except HookError as error:
        return show(ask, refusal(ask, error))
    except UsageError:
        return show(ask, "answer")
    except RefusedError:
        return show(ask, "not_asked")
    except NotFoundError:
        return ask.unknown()
    return _back(ask, place, number)


def file(ask: Ask) -> Response:
    """Give a file of the public talk, to be saved: nothing in it is shown or run."""
    place = _place(ask)
    number = int(ask.request.path_params["number"])
    found = ask.site.web.file(*place, number) if place and number < 2**31 else None
    if found is None:
        return ask.unknown()
    name = safe_filename(found[0])
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return Response(
        found[1],
        media_type="application/octet-stream",
        headers={"Content-Disposition": disposition},
    )


def state_words(ask: Ask, state: str, waiting_for: str, outcome: str) -> str:
    """Give where a ticket stands in its customer's words."""
    for key in (f"state_{state}_{waiting_for or outcome}", f"state_{state}"):
        if key in ask.w:
            return ask.w[key]
    return ""


def _link(ask: Ask) -> str:
    return str(ask.request.path_params["link"])


def _place(ask: Ask) -> tuple[Visitor, int] | None:
    """Give (visitor, ticket) of the link in the path; None where it opens no ticket."""
    opened = ask.site.web.opened(_link(ask))
    return (opened.visitor, opened.ticket) if opened and opened.ticket else None


def _of(ask: Ask, visitor: Visitor) -> Ask:
    """Give the same request in the language of whoever the link was made for."""
    return ask._replace(visitor=visitor, language=visitor.language or ask.language)


def _back(ask: Ask, place: tuple[Visitor, int], number: int) -> Response:
    """Show the page anew, so that loading it again sends nothing again."""
    same = number == place[1]
    link = _link(ask) if same else ask.site.web.link(place[0].person, number)
    return RedirectResponse(f"{ask.site.base}/t/{link}?done=1", 303)


def _visit_words(ask: Ask, page: TicketPage) -> str:
    visit = page.visit
    return time_words(visit.at.astimezone(ask.zone), visit.minutes, ask.language) if visit else ""


def _question(ask: Ask, one: PageQuestion, token: str) -> dict[str, object]:
    """Give a question with its choices, in the words of the page."""
    return {
        **one._asdict(),
        "token": token,
        "about": _about(ask, one),
        "choices": [
            {"value": choice.value, "words": _choice(ask, one, choice)} for choice in one.choices
        ],
    }


def _about(ask: Ask, one: PageQuestion) -> str:
    if one.kind == Question.APPROVAL:
        return f"{ask.w['needs_is']} {ask.w[one.about]}." if one.about in ask.w else ""
    return one.about


def _choice(ask: Ask, one: PageQuestion, choice: PageChoice) -> str:
    """Give the words of a choice, as a letter's button has them."""
    if choice.at is not None:
        return time_words(choice.at, one.minutes, ask.language)
    if one.kind == Question.VISIT and choice.value == NO:
        return speech(ask.language).none_fits
    return choice.words or speech(ask.language).choices[Question(one.kind), choice.value]


def _talk(ask: Ask, page: TicketPage) -> list[dict[str, object]]:
    return [{**one._asdict(), "what": ask.w.get(f"event_{one.event}", "")} for one in page.talk]
