"""Letters from templates: sandboxed, values never templates, every value cleaned for eyes.

A template is text whose first line is `Subject: …`; the frame holds what every letter says, and the
page holds the HTML that is made from the text.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from jinja2 import StrictUndefined, Template, TemplateError
from markupsafe import Markup

from deskterm.domain.patterns import pattern
from deskterm.domain.text import clean, header_safe
from deskterm.mail.html_letter import as_plain, choices_of, content
from deskterm.mail.public import DeskFace, PublicLetter, PublicPart
from deskterm.mail.staff import StaffLetter, staff_values
from deskterm.mail.template_limits import LimitedEnvironment, filled
from deskterm.mail.templates import FRAME, PAGE, parts_of, spoken, template_of
from deskterm.mail.thread import reference_mark
from deskterm.mail.tokens import Link, day_of, leaving_address, link_text
from deskterm.mail.words import CUT_LINES, date_words, promise_words, speech, time_words

NOTICES = "tech_notices"
_QUOTED_LINES = 40
SURPRISES = (
    *(TypeError, ValueError, ArithmeticError, LookupError),
    *(RecursionError, MemoryError, SyntaxError),
)
FAILURES = (TemplateError, *SURPRISES)
"""What a template of the desk's own can do when it is filled in."""


class Rendered(NamedTuple):
    """A letter in words."""

    subject: str
    text: str
    html: str


def render(letter: PublicLetter, face: DeskFace, edited: Mapping[str, str]) -> Rendered:
    """Give a letter in its reader's language; the desk's template that fails gives way to ours."""
    try:
        return render_with(letter, face, edited)
    except FAILURES:
        return render_with(letter, face, {})


def render_staff(letter: StaffLetter, face: DeskFace, edited: Mapping[str, str]) -> Rendered:
    """Give a technician's letter in the desk's language; a template that fails gives way."""
    try:
        return render_staff_with(letter, face, edited)
    except FAILURES:
        return render_staff_with(letter, face, {})


def render_staff_with(
    letter: StaffLetter, face: DeskFace, edited: Mapping[str, str], language: str = ""
) -> Rendered:
    """Give a technician's letter in these words; raises what a template can raise."""
    language = spoken(language or face.language, [NOTICES], edited)
    values = staff_values(letter, face, language)
    head, body = parts_of(NOTICES, template_of(NOTICES, language, edited))
    text = tidy(filled(compiled(body), values))
    page = filled(
        page_of(template_of(PAGE, language, edited)),
        {**values, "content": Markup(content(text, CUT_LINES))},
    )
    subject = clean(filled(compiled(head), values), one_line=True)
    return Rendered(subject, as_plain(text), page)


def render_with(letter: PublicLetter, face: DeskFace, edited: Mapping[str, str]) -> Rendered:
    """Give a letter in these words; raises what a template can raise."""
    names = [part.template for part in letter.parts]
    language = spoken(letter.language or face.language, names, edited)
    common = _values(letter, face, language)
    subject = ""
    texts = []
    for part in letter.parts:
        source = template_of(part.template, language, edited)
        head, body = parts_of(part.template, source)
        values = {**common, **_part_values(letter, part, face, language)}
        subject = filled(compiled(head), values)
        texts.append(tidy(filled(compiled(body), values)))
    text = "\n\n".join(text for text in texts if text)
    frame = template_of(FRAME, language, edited)
    whole = tidy(filled(compiled(frame), {**common, "text": text}))
    page = filled(
        page_of(template_of(PAGE, language, edited)),
        {**common, "content": Markup(content(whole, CUT_LINES))},
    )
    return Rendered(clean(subject, one_line=True), as_plain(whole), page)


@lru_cache(maxsize=1)
def _environment() -> LimitedEnvironment:
    return LimitedEnvironment(
        {"quoted": _quoted},
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=1)
def _page_environment() -> LimitedEnvironment:
    return LimitedEnvironment({}, autoescape=True, undefined=StrictUndefined)


@lru_cache(maxsize=128)
def compiled(text: str) -> Template:
    """Give a template, compiled once."""
    return _environment().from_string(text)


@lru_cache(maxsize=16)
def page_of(text: str) -> Template:
    """Give the template of the HTML page, compiled once."""
    return _page_environment().from_string(text)


def _quoted(text: str) -> str:
    """Give text as a quotation, at most forty lines of it."""
    lines = str(text).strip("\n").split("\n")
    shown = [f"> {line}".rstrip() for line in lines[:_QUOTED_LINES]]
    return "\n".join(shown + (["> …"] if len(lines) > _QUOTED_LINES else []))


def tidy(text: str) -> str:
    """Give text without blank lines at its ends or more than one in a row."""
    out: list[str] = []
    for line in text.strip().split("\n"):
        if line.strip() or (out and out[-1]):
            out.append(line.rstrip())
    return "\n".join(out)


def _values(letter: PublicLetter, face: DeskFace, language: str) -> dict[str, object]:
    words = speech(language)
    return {
        "number": letter.number,
        "subject": clean(header_safe(letter.subject), one_line=True),
        "said": clean(letter.said),
        "urgent": letter.urgent,
        "is_requester": letter.is_requester,
        "requester": clean(letter.requester, one_line=True),
        "recipient": called(clean(letter.recipient_name, one_line=True)),
        "owner": clean(letter.owner, one_line=True),
        "ended": letter.ended,
        "leave": _leave(letter, face),
        "link": _link(letter, face),
        "desk": clean(face.name, one_line=True),
        "mission": clean(face.mission),
        "values": clean(face.values, one_line=True),
        "expect": clean(face.expect) or words.expect,
        "expect_urgent": clean(face.expect_urgent) or words.expect_urgent,
        "reopen_days": face.reopen_days,
        "language": language,
        "cut_line": words.cut_line,
        "mark": reference_mark(letter.number, face.secret),
    }


def _leave(letter: PublicLetter, face: DeskFace) -> str:
    """Give the address that takes a reader off the ticket; empty for whom it is about."""
    informed = not letter.is_requester and letter.person
    if not informed or any(part.question for part in letter.parts):
        return ""
    return leaving_address(face.address, letter.number, letter.person, face.secret)


def _link(letter: PublicLetter, face: DeskFace) -> str:
    """Give the address of the ticket's page, made for its reader; empty without a web face."""
    if not face.web or not letter.person:
        return ""
    link = Link(letter.person, letter.number, day_of(letter.written_at), letter.link_round)
    return f"{face.web}/t/{link_text(link, face.secret)}"


def _part_values(
    letter: PublicLetter, part: PublicPart, face: DeskFace, language: str
) -> dict[str, object]:
    words = [{"who": clean(one.who, one_line=True), "text": clean(one.text)} for one in part.words]
    choices = choices_of(letter, part, face, language)
    return {
        "words": words,
        "reason": clean(part.reason),
        "resolution": clean(part.resolution),
        "outcome": part.outcome,
        "waiting_for": part.waiting_for,
        "until": date_words(part.until, language),
        "needs": part.needs,
        "approver": clean(part.approver, one_line=True),
        "approval": part.approval,
        "since": date_words(part.since, language),
        "into": part.into,
        "times": part.times,
        "days": part.days,
        "release": clean(part.release, one_line=True),
        "changed": clean(part.changed),
        "how": clean(part.how),
        "measure": part.measure,
        "workaround": clean(part.workaround),
        "promise": promise_words(part.answer_by, part.answer_within, language),
        "announced": [clean(one, one_line=True) for one in part.announced],
        "tickets": ", ".join(f"#{one}" for one in part.tickets),
        "choices": "\n".join(map(str, choices)),
        **_visit_values(part, language),
    }


def _visit_values(part: PublicPart, language: str) -> dict[str, object]:
    visit = part.visit
    if visit is None:
        return dict.fromkeys(("time", "place", "technician", "purpose", "offered"), "") | {
            "moved": False
        }
    times = [time_words(one, visit.minutes, language) for one in visit.slots]
    return {
        "time": time_words(visit.at, visit.minutes, language) if visit.at else "",
        "place": clean(visit.place, one_line=True),
        "technician": clean(visit.who, one_line=True),
        "purpose": clean(visit.what, one_line=True),
        "offered": "\n".join(f"{at}. {one}" for at, one in enumerate(times, 1)),
        "moved": visit.moved,
    }


_BRACKETS = pattern(r"\s*[(\[{][^()\[\]{}]{0,80}[)\]}]\s*\Z")
_VIA = pattern(r"\s+(?:via|über|par|vía|por)\s.{1,120}\Z", re.IGNORECASE)
_WORDS = pattern(r"[^\W\d_][\w.'’-]{0,40}(?: [^\W\d_][\w.'’-]{0,40}){0,2}\Z")
_SUFFIXES = frozenset(
    (
        "inc", "ltd", "llc", "plc", "gmbh", "ag", "kg", "ohg", "co", "corp", "sa", "sarl",
        "srl", "spa", "bv", "ab", "as", "oy", "jr", "sr", "ii", "iii", "iv", "phd", "md", "dr",
        "mba", "esq", "bsc", "msc", "ma", "ba",
    )
)  # fmt: skip
"""What follows a comma and is no first name."""


def called(name: str) -> str:
    """Give a name for the greeting: `Stein, Ada (IT)` is Ada Stein; nothing where it is none."""
    name = " ".join(name[:200].split()).strip("'\" ")
    name = _VIA.sub("", name.partition(" | ")[0]).strip("'\" ")
    while found := _BRACKETS.search(name):
        if not found.start():
            break
        name = name[: found.start()]
    if "@" in name:
        return ""
    last, comma, given = (part.strip() for part in name.partition(","))
    swapped = comma and "," not in given and _WORDS.match(last) and _WORDS.match(given)
    if swapped and given.lower().replace(".", "") not in _SUFFIXES:
        return f"{given} {last}"
    return name
