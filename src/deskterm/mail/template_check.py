"""Templates are tried before they are kept: with every letter they have to stand."""

from collections.abc import Callable
from functools import partial

from jinja2 import TemplateError

from deskterm.domain.errors import UsageError
from deskterm.mail.news import news_samples, render_news_with
from deskterm.mail.render import (
    NOTICES,
    SURPRISES,
    Rendered,
    render_staff_with,
    render_with,
)
from deskterm.mail.samples import SAMPLE_FACE, samples
from deskterm.mail.staff import staff_samples
from deskterm.mail.templates import NEWS, PAGE, check_name, key_of, parts_of

_REMOTE = ("<script", "<img", "<iframe", "<object", "<embed", "<link", "src=", "url(", "@import")


def check_template(name: str, text: str, language: str = "") -> None:
    """Refuse a template that cannot be rendered in every case; the error names the line."""
    check_name(name)
    parts_of(name, text)
    if name == PAGE:
        _refuse_remote(text)
    for attempt in _tries(name, {key_of(name, language): text}, language):
        try:
            attempt()
        except TemplateError as error:
            raise UsageError(f"letter {name}{_line(error)}: {error.message}") from error
        except SURPRISES as error:
            raise UsageError(f"letter {name}{_line(error)}: {error}") from error


def _tries(name: str, edited: dict[str, str], language: str) -> list[Callable[[], Rendered]]:
    """Give every letter in which the words must stand."""
    inner = (NOTICES, *NEWS)
    return [
        *(
            partial(render_with, letter, SAMPLE_FACE, edited)
            for letter in (samples(name, language) if name not in inner else ())
        ),
        *(
            partial(render_staff_with, letter, SAMPLE_FACE, edited, language)
            for letter in (staff_samples().values() if name in (NOTICES, PAGE) else ())
        ),
        *(
            partial(render_news_with, letter, SAMPLE_FACE, edited)
            for letter in (news_samples(name, language) if name in (*NEWS, PAGE) else ())
        ),
    ]


def _refuse_remote(text: str) -> None:
    """A letter calls nobody when it is read: no images, scripts or styles from elsewhere."""
    for place, line in enumerate(text.splitlines(), 1):
        wrong = next((one for one in _REMOTE if one in line.lower()), None)
        if wrong is not None:
            raise UsageError(
                f"letter {PAGE} line {place}: {wrong!r} could load something when the letter is "
                "read; letters hold text, tables and links only."
            )
    if "content" not in text:
        raise UsageError(f"letter {PAGE}: put {{{{ content }}}} where the letter's words go.")


def _line(error: Exception) -> str:
    """Give ` line N` of a template that failed, as the desk's file counts lines."""
    number = getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            number = trace.tb_lineno
        trace = trace.tb_next
    return f" line {number}" if number else ""
