"""The form of three fields, what it is answered with, and somebody's own tickets (A3, A9)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from starlette.responses import JSONResponse, Response

from deskterm.domain.errors import UsageError
from deskterm.domain.shortcuts import written
from deskterm.domain.web_rows import (
    OWN_LENGTH,
    OwnFacts,
    OwnForm,
    OwnLine,
    Report,
    Reported,
)
from deskterm.mail.words import promise_words, speech
from deskterm.services.hooks import HookError
from deskterm.web.asking import Ask, refusal
from deskterm.web.sent import Sent
from deskterm.web.ticket import state_words

_FIELDS = ("who", "problem", "urgent", "subject", "device", "needs", "approver")
_SHOWN = ("department", "location", "site", "organisation")


def form(
    ask: Ask, given: Sent | None = None, error: str = "", asked: "_Own | None" = None
) -> Response:
    """Give the form, with what was written in it before and what was wrong."""
    facts = ask.site.web.facts(ask.visitor) if ask.visitor.person else OwnFacts()
    keep = given is not None and error not in ("old", "form")
    token = given.text("token") if given and keep else ask.site.web.new_forms(ask.visitor)[0]
    own = asked or _own(ask, given)
    return ask.page(
        "report",
        ask.w["report"],
        400 if error else 200,
        here=f"{ask.home}/",
        action=f"{ask.home}/report",
        suggest=f"{ask.home}/suggest",
        token=token,
        given={name: given.text(name) if given else "" for name in _FIELDS},
        error=error,
        again=given is not None and bool(given.files),
        more=given is not None and not error,
        known=_known(ask, facts),
        devices=facts.devices,
        running=ask.running(),
        shortcut=f"{ask.home}/shortcut" if ask.link and ask.site.face.url else "",
        **own.shown(ask),
    )


class _Own(NamedTuple):
    """The part of the form that asks for the desk's own fields."""

    form: OwnForm
    about: tuple[str, str]
    """Category and service, as far as they are said."""
    lines: Sequence[OwnLine]
    sent: frozenset[str] = frozenset()
    """The fields that the form which came back asked for already."""

    @property
    def is_whole(self) -> bool:
        """Tell whether all was asked for that goes with what was said."""
        return all(line.field.name in self.sent for line in self.lines)

    @property
    def values(self) -> dict[str, str]:
        """Give field → what was filled in."""
        return {line.field.name: line.value for line in self.lines if line.value}

    def shown(self, ask: Ask) -> dict[str, object]:
        """Give what the part shows."""
        return {
            "fields": f"{ask.home}/fields{ask.suffix}",
            "about": dict(zip(("category", "service"), self.about, strict=True)),
            "kinds": {"category": self.form.categories, "service": self.form.services},
            "own": [self._line(ask, line) for line in self.lines],
            "first_wrong": next((one for one in self._wrong if one in self.sent), ""),
        }

    @property
    def _wrong(self) -> Iterator[str]:
        return (line.field.name for line in self.lines if line.wrong)

    def _line(self, ask: Ask, line: OwnLine) -> dict[str, object]:
        name = line.field.name
        return {
            "name": name,
            "label": line.field.said(ask.language),
            "choices": [(one, line.field.said_of(one, ask.language)) for one in line.choices],
            "needed": line.needed,
            "value": line.value[:OWN_LENGTH],
            "wrong": line.wrong if name in self.sent else "",
        }


def _own(ask: Ask, given: Sent | None) -> _Own:
    """Give what is asked of the desk's own fields with what was said; first by the address."""
    asked = ask.site.web.published.own_form(ask.visitor)
    if not asked.fields:
        return _Own(asked, ("", ""), ())
    query = ask.request.query_params
    said = given.fields if given else query
    about = asked.offers(said.get("category", ""), said.get("service", ""))
    if given is None:
        return _Own(asked, about, asked.lines(*about, {}))
    lines = asked.lines(*about, {one.name: given.text(f"field.{one.name}") for one in asked.fields})
    return _Own(asked, about, lines, frozenset(given.text("asked").split()))


def fields(ask: Ask, sent: Sent) -> Response:
    """Give the part of the form that asks for fields, as it is with what is filled in by now."""
    return ask.part("report", "own", **_own(ask, sent)._replace(sent=frozenset()).shown(ask))


def _known(ask: Ask, facts: OwnFacts) -> Sequence[tuple[str, str]]:
    return [(ask.w[name], getattr(facts, name)) for name in _SHOWN if getattr(facts, name)]


def report(ask: Ask, sent: Sent) -> Response:
    """Open the ticket that a form asks for; sent twice it is opened once.

    Where more is to be asked by what was said, the form comes back with that first.
    """
    taken = ask.site.web.taken(sent.text("token"), ask.visitor, sent.said(), sent.files)
    own = _own(ask, sent)
    if taken.wrong or not own.is_whole:
        return form(ask, sent, taken.wrong, own)
    if any(line.wrong for line in own.lines):
        return form(ask, sent, "own", own)
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
        category=own.about[0],
        service=own.about[1],
        fields=own.values,
    )
    try:
        reported = ask.site.web.report(asked, taken.op_id)
    except HookError as error:
        return form(ask, sent, refusal(ask, error), own)
    except UsageError as error:
        named = str(error)
        return form(ask, sent, named if f"error_{named}" in ask.w else "form", own)
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
