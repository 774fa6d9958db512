"""Letters from templates: sandboxed, values never templates, every value cleaned for eyes.

A template is text whose first line is `Subject: …`; the frame holds what every letter says.
"""

from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from deskterm.domain.errors import UsageError
from deskterm.domain.text import clean, header_safe
from deskterm.mail.marker import CUT_LINE
from deskterm.mail.public import DeskFace, PublicLetter, PublicPart
from deskterm.mail.thread import reference_mark

NAMES = (
    "opened",
    "reply",
    "received",
    "waiting",
    "needs",
    "escalated",
    "solved",
    "reopened",
    "closed",
    "cancelled",
    "merged",
)
"""Every letter the desk writes."""
FRAME = "frame"
_QUOTED_LINES = 40
_SAMPLE = PublicLetter(
    number=1,
    subject="Printer",
    said="It is broken.",
    urgent=False,
    recipient="ada@example.org",
    recipient_name="Ada",
    requester="Ada",
    is_requester=True,
    message_id="",
    references=(),
    parts=(),
    files=(),
    written_at=datetime(2026, 1, 1, tzinfo=UTC),
)
_FACE = DeskFace("help@example.org", "IT help desk", "", "", 14)


def default_template(name: str) -> str:
    """Give the template that a new desk has; raises UsageError for a name no letter has."""
    if name not in (*NAMES, FRAME):
        raise UsageError(f"there is no letter {name!r}; the letters are {', '.join(NAMES)}.")
    return (files("deskterm.mail.letters") / f"{name}.txt").read_text(encoding="utf-8")


def render(letter: PublicLetter, face: DeskFace, edited: dict[str, str]) -> tuple[str, str]:
    """Give (subject, body) of a letter; a template of the desk's that fails gives way to ours."""
    try:
        return _render(letter, face, edited)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError):
        return _render(letter, face, {})


def check_template(name: str, text: str) -> None:
    """Refuse a template that cannot be rendered; the error names the line (UsageError)."""
    part = PublicPart(template=name if name != FRAME else "reply")
    try:
        head, body = _parts(name, text)
        values = {**_values(_SAMPLE, _FACE), **_part_values(part), "text": "text"}
        _compiled(head).render(values)
        _compiled(body).render(values)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        where = f" line {line}" if line else ""
        raise UsageError(f"letter {name}{where}: {error.message}") from error
    except (TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise UsageError(f"letter {name}: {error}") from error


def _render(letter: PublicLetter, face: DeskFace, edited: dict[str, str]) -> tuple[str, str]:
    common = _values(letter, face)
    subject = ""
    texts = []
    for part in letter.parts:
        head, body = _parts(part.template, edited.get(part.template) or _default(part.template))
        values = {**common, **_part_values(part)}
        subject = _compiled(head).render(values)
        texts.append(_tidy(_compiled(body).render(values)))
    _, frame = _parts(FRAME, edited.get(FRAME) or _default(FRAME))
    text = "\n\n".join(text for text in texts if text)
    return clean(subject, one_line=True), _tidy(_compiled(frame).render({**common, "text": text}))


def _parts(name: str, text: str) -> tuple[str, str]:
    """Give (subject template, body template) of a template's text."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("subject:"):
        return first[8:].strip(), rest
    if name == FRAME:
        return "", text
    raise UsageError(f"letter {name} line 1: begin with `Subject: …`.")


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        autoescape=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["quoted"] = _quoted
    environment.globals.clear()
    return environment


@lru_cache(maxsize=64)
def _compiled(text: str) -> Any:
    return _environment().from_string(text)


@lru_cache(maxsize=16)
def _default(name: str) -> str:
    return default_template(name)


def _quoted(text: str) -> str:
    """Give text as a quotation, at most forty lines of it."""
    lines = str(text).strip("\n").split("\n")
    shown = [f"> {line}".rstrip() for line in lines[:_QUOTED_LINES]]
    return "\n".join(shown + (["> …"] if len(lines) > _QUOTED_LINES else []))


def _tidy(text: str) -> str:
    """Give text without blank lines at its ends or more than one in a row."""
    out: list[str] = []
    for line in text.strip().split("\n"):
        if line.strip() or (out and out[-1]):
            out.append(line.rstrip())
    return "\n".join(out)


def _values(letter: PublicLetter, face: DeskFace) -> dict[str, Any]:
    return {
        "number": letter.number,
        "subject": clean(header_safe(letter.subject), one_line=True),
        "said": clean(letter.said),
        "urgent": letter.urgent,
        "is_requester": letter.is_requester,
        "requester": clean(letter.requester, one_line=True),
        "recipient": clean(letter.recipient_name, one_line=True),
        "desk": clean(face.name, one_line=True),
        "mission": clean(face.mission),
        "reopen_days": face.reopen_days,
        "cut_line": CUT_LINE,
        "mark": reference_mark(letter.number, face.secret),
    }


def _part_values(part: PublicPart) -> dict[str, Any]:
    words = [{"who": clean(one.who, one_line=True), "text": clean(one.text)} for one in part.words]
    return {
        "words": words,
        "reason": clean(part.reason),
        "resolution": clean(part.resolution),
        "outcome": part.outcome,
        "waiting_for": part.waiting_for,
        "until": part.until,
        "needs": part.needs,
        "approver": clean(part.approver, one_line=True),
        "into": part.into,
    }
