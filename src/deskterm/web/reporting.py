"""The form of three fields, what it is answered with, and somebody's own tickets (A3, A9)."""

from collections.abc import Sequence

from starlette.responses import JSONResponse, Response

from deskterm.domain.errors import UsageError
from deskterm.domain.shortcuts import written
from deskterm.domain.web_rows import OwnFacts, Report, Reported
from deskterm.mail.words import promise_words, speech
from deskterm.services.hooks import HookError
from deskterm.web.asking import Ask, refusal
from deskterm.web.sent import Sent
from deskterm.web.ticket import state_words

_FIELDS = ("who", "problem", "urgent", "subject", "device", "needs", "approver")
_SHOWN = ("department", "location", "site", "organisation")


def form(ask: Ask, given: Sent | None = None, error: str = "") -> Response:
    """Give the form, with what was written in it before and what was wrong."""
    facts = ask.site.web.facts(ask.visitor) if ask.visitor.person else OwnFacts()
    keep = given is not None and error not in ("old", "form")
    token = given.text("token") if given and keep else ask.site.web.new_forms(ask.visitor)[0]
    fields = {name: given.text(name) if given else "" for name in _FIELDS}
    return ask.page(
        "report",
        ask.w["report"],
        400 if error else 200,
        here=f"{ask.home}/",
        action=f"{ask.home}/report",
        suggest=f"{ask.home}/suggest",
        token=token,
        given=fields,
        error=error,
        known=_known(ask, facts),
        devices=facts.devices,
        running=ask.running(),
        shortcut=f"{ask.home}/shortcut" if ask.link and ask.site.face.url else "",
    )


def _known(ask: Ask, facts: OwnFacts) -> Sequence[tuple[str, str]]:
    return [(ask.w[name], getattr(facts, name)) for name in _SHOWN if getattr(facts, name)]


def report(ask: Ask, sent: Sent) -> Response:
    """Open the ticket that a form asks for; sent twice it is opened once."""
    taken = ask.site.web.taken(sent.text("token"), ask.visitor, sent.said(), sent.files)
    if taken.wrong:
        return form(ask, sent, taken.wrong)
    device = sent.line("device")
    asked = Report(
        visitor=ask.visitor,
        problem=sent.text("problem"),
        subject=sent.line("subject"),
        urgent=sent.text("urgent") == "yes",
        who="" if ask.visitor.is_known else sent.line("who"),
        needs=sent.text("needs"),
        approver=sent.line("approver"),
        device=int(device) if device.isascii() and device.isdigit() and len(device) < 10 else 0,
        files=sent.files,
    )
    try:
        reported = ask.site.web.report(asked, taken.op_id)
    except HookError as error:
        return form(ask, sent, refusal(ask, error))
    except UsageError as error:
        named = str(error)
        return form(ask, sent, named if f"error_{named}" in ask.w else "form")
    return _acknowledged(ask, reported, urgent=asked.urgent)


def _acknowledged(ask: Ask, reported: Reported, *, urgent: bool) -> Response:
    face, usual = ask.site.face, speech(ask.language)
    calm, hurried = face.expect or usual.expect, face.expect_urgent or usual.expect_urgent
    due = reported.answer_by.astimezone(ask.zone) if reported.answer_by else None
    return ask.page(
        "reported",
        ask.w["thanks"],
        reported=reported,
        expect=hurried if urgent else calm,
        promise=promise_words(due, reported.answer_within, ask.language),
        page=f"{ask.site.base}/t/{reported.link}" if reported.link else "",
        again=f"{ask.home}/",
    )


def mine(ask: Ask) -> Response:
    """Give somebody's own tickets."""
    if not ask.visitor.person:
        return ask.unknown()
    found = [
        {
            **one._asdict(),
            "said": state_words(ask, one.state, one.waiting_for, one.outcome),
        }
        for one in ask.site.web.own_tickets(ask.visitor)
    ]
    return ask.page("mine", ask.w["mine"], here=f"{ask.home}/mine", tickets=found)


def link(ask: Ask, sent: Sent | None = None) -> Response:
    """Give the page that sends somebody their own page's address; the answer says nothing more."""
    error, done = "", False
    if sent is not None:
        taken = ask.site.web.taken(sent.text("token"), ask.visitor, sent.said())
        error = taken.wrong
        try:
            if not error:
                ask.site.web.send_link(sent.line("who"), taken.op_id)
                done = True
        except UsageError:
            error = "who"
    return ask.page(
        "link",
        ask.w["send_link"],
        400 if error else 200,
        here=f"{ask.home}/link",
        token=ask.site.web.new_forms(ask.visitor)[0],
        given=sent.line("who") if sent else "",
        error=error,
        done=done,
    )


def shortcut(ask: Ask) -> Response:
    """Give a file that opens the visitor's own page from a desktop."""
    url = ask.site.face.url
    if not (ask.link and url and ask.visitor.person):
        return ask.unknown()
    content = written(".url", ask.site.face.name, f"{url}/p/{ask.link}/")
    return Response(
        content,
        media_type="application/octet-stream",
        headers={"Content-Disposition": 'attachment; filename="help-desk.url"'},
    )


def suggest(ask: Ask, text: str) -> Response:
    """Give what may help with what somebody types: titles and pages."""
    found = ask.site.web.published.suggest(ask.visitor, text)
    pages = [{"title": one.title, "page": f"{ask.home}/solutions/{one.id}"} for one in found]
    return JSONResponse(pages)
