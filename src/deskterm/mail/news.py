"""Letters about no ticket of the reader's: announcements, known trouble, tips, the welcome.

Each is made of the words that were kept with it, nothing else: of a problem its title and its
workaround, never its cause. Each says how to get no more of its kind.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from markupsafe import Markup

from deskterm.domain.text import clean, first_words, header_safe
from deskterm.mail.html_letter import as_plain, content
from deskterm.mail.public import DeskFace
from deskterm.mail.render import FAILURES, Rendered, called, compiled, page_of, tidy
from deskterm.mail.template_limits import filled
from deskterm.mail.templates import NEWS, NEWS_FRAME, PAGE, parts_of, spoken, template_of
from deskterm.mail.tokens import Link, day_of, link_text, no_news_address
from deskterm.mail.words import CUT_LINES, date_words, speech

ASKED_FOR = "news_link"
"""The letter with somebody's own page, for which they asked."""
_ONE_LINE = ("title", "device", "release")
_TEXTS = ("said", "closing", "workaround", "changed", "how")


@dataclass(frozen=True, slots=True)
class NewsLetter:
    """One letter to one reader, as far as it may know of anything."""

    template: str
    recipient_name: str
    said: Mapping[str, str]
    """What it tells: `said`, `closing`, `title`, `workaround`, `device`, `release` …"""
    person: int = 0
    """Whose way out it names; 0: nobody's, then it names none."""
    begins: datetime | None = None
    """In the desk's zone."""
    until: datetime | None = None
    planned: bool = False
    tips: tuple[str, ...] = ()
    language: str = ""
    """Such as `de`; empty: the desk's."""
    written_at: datetime | None = None
    link_round: int = 0
    """How often the reader's links were revoked: those made now say so."""


def render_news(letter: NewsLetter, face: DeskFace, edited: Mapping[str, str]) -> Rendered:
    """Give a letter in its reader's language; the desk's template that fails gives way to ours."""
    try:
        return render_news_with(letter, face, edited)
    except FAILURES:
        return render_news_with(letter, face, {})


def render_news_with(letter: NewsLetter, face: DeskFace, edited: Mapping[str, str]) -> Rendered:
    """Give a letter in these words; raises what a template can raise."""
    language = spoken(letter.language or face.language, [letter.template], edited)
    values = _values(letter, face, language)
    head, body = parts_of(letter.template, template_of(letter.template, language, edited))
    text = tidy(filled(compiled(body), values))
    frame = template_of(NEWS_FRAME, language, edited)
    whole = tidy(filled(compiled(frame), {**values, "text": text}))
    subject = clean(header_safe(filled(compiled(head), values)), one_line=True)
    page = filled(
        page_of(template_of(PAGE, language, edited)),
        {**values, "subject": subject, "content": Markup(content(whole, CUT_LINES))},
    )
    return Rendered(subject, as_plain(whole), page)


def leaving(letter: NewsLetter, face: DeskFace) -> str:
    """Give the address that its reader writes to for no more news; nothing for nobody.

    What somebody asked for is no news.
    """
    if not letter.person or letter.template == ASKED_FOR:
        return ""
    return no_news_address(face.address, letter.person, face.secret)


def _values(letter: NewsLetter, face: DeskFace, language: str) -> dict[str, object]:
    words, said = speech(language), letter.said
    return {
        **{name: clean(said.get(name, ""), one_line=True) for name in _ONE_LINE},
        **{name: clean(said.get(name, "")) for name in _TEXTS},
        "headline": _headline(said.get("said", "")),
        "kind": said.get("kind", ""),
        "planned": letter.planned,
        "begins": _moment(letter.begins, language),
        "until": _moment(letter.until, language),
        "tips": [clean(one, one_line=True) for one in letter.tips],
        "recipient": called(clean(letter.recipient_name, one_line=True)),
        "leave": leaving(letter, face),
        "home": _home(letter, face),
        "address": face.address,
        "desk": clean(face.name, one_line=True),
        "mission": clean(face.mission),
        "values": clean(face.values, one_line=True),
        "expect": clean(face.expect) or words.expect,
        "language": language,
        "cut_line": words.cut_line,
    }


def _home(letter: NewsLetter, face: DeskFace) -> str:
    """Give the address of the reader's own page; empty without a web face, or for nobody."""
    if not (face.web and letter.person and letter.written_at):
        return ""
    link = Link(letter.person, 0, day_of(letter.written_at), letter.link_round)
    return f"{face.web}/p/{link_text(link, face.secret)}/"


def _headline(text: str) -> str:
    """Give the first sentence of what is said, for a subject."""
    first, _, more = clean(first_words(text), one_line=True).partition(". ")
    return first if more else first.rstrip(".")


def _moment(at: datetime | None, language: str) -> str:
    """Give `2 March 2026 18:00 CET`: whoever reads it sits in another zone perhaps."""
    return f"{date_words(at, language)} {at:%H:%M %Z}".rstrip() if at is not None else ""


_SAMPLE = NewsLetter(
    template="",
    recipient_name="Ada Moss",
    said={
        "said": "Mail stands still on Friday evening. Nothing is lost: what is sent meanwhile "
        "arrives later.",
        "kind": "maintenance",
        "closing": "It took ten minutes less than planned.",
        "title": "Mail does not arrive",
        "workaround": "Use the web mail.",
        "device": "LT-220",
        "release": "Router 2.4",
        "changed": "The connection no longer drops after an hour.",
        "how": "Restart the router once.",
    },
    person=7,
    begins=datetime(2026, 3, 6, 18, 0, tzinfo=UTC),
    until=datetime(2026, 3, 6, 20, 0, tzinfo=UTC),
    planned=True,
    tips=("Lock your screen before you get up.", "Restart it once a week."),
    written_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
)


def news_sample(name: str, language: str = "") -> NewsLetter:
    """Give one likely letter of that name; the frame shows an announcement."""
    shown = name if name in NEWS and name != NEWS_FRAME else "news_announced"
    return replace(_SAMPLE, template=shown, language=language)


def news_samples(name: str, language: str = "") -> Iterator[NewsLetter]:
    """Give letters of that name in every case it has to stand; the frame and page: all letters."""
    names = [one for one in NEWS if one != NEWS_FRAME] if name in (NEWS_FRAME, PAGE) else [name]
    for one in names:
        letter = news_sample(one, language)
        yield letter
        yield replace(letter, said={**letter.said, "kind": "outage"}, planned=False)
        yield replace(
            letter, recipient_name="", said={}, person=0, begins=None, until=None, tips=()
        )
