"""A raw mail into a `ParsedMail`: tolerant, bounded, never an exception (semantics.md §1.10–11).

A plain part may only stand in for the HTML beside it: it says "use a program that shows HTML", or
it is the frame of a template without the words. No list of such sentences is kept: what it says is
simply not what the HTML says.
"""

from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import escape
from typing import NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.domain.text import header_safe
from deskterm.mail.bodies import (
    TEXT_CAP,
    as_file,
    file_name,
    payload,
    readable,
    sort_parts,
    text_of,
)
from deskterm.mail.bounce import ORIGINAL_PARTS, STATUS_PARTS, Bounce, Notice, read_bounce
from deskterm.mail.calendar_answer import calendar_words
from deskterm.mail.charset import codec_for, decode, detected
from deskterm.mail.data_files import without_pictures
from deskterm.mail.forward import is_mail
from deskterm.mail.headers import Headers, every, first, header_text, message_ids, raw_text
from deskterm.mail.html import CUT
from deskterm.mail.machine import machine_sign, read_way
from deskterm.mail.mailbox import Mailbox, read_mailboxes
from deskterm.mail.parsed import MailFile, ParsedMail
from deskterm.mail.reaction import REACTION, reaction_of
from deskterm.mail.structure import MailLimits, Part, Structure, split, too_big
from deskterm.mail.wrapped import Tnef, read_tnef, signed_content

DEFAULT_LIMITS = MailLimits()
_ISO = pattern(r"\d{4}-\d\d-\d\d[T ]\d")
_SPOKEN = ("from", "subject", "to", "cc", "reply-to")
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


def parse_mail(raw: bytes, limits: MailLimits = DEFAULT_LIMITS) -> ParsedMail:
    """Give the mail that these bytes are; `over_limit` says which limit it crossed, if one."""
    if b"\n" not in raw and len(raw) <= limits.size:
        raw = raw.replace(b"\r", b"\n")
    found = split(raw, limits)
    over = too_big(len(raw), limits) or found.over
    headers = found.root.headers
    hint = _hint(found.root)
    said = _Content() if over else _with_words(raw, found, hint, limits)
    path = _return_path(headers)
    sender = _sender(headers, hint)
    subject = header_text(first(headers, "subject"), hint)
    return ParsedMail(
        message_id=next(iter(message_ids(first(headers, "message-id"))), ""),
        in_reply_to=message_ids(first(headers, "in-reply-to")),
        references=message_ids(b" ".join(every(headers, "references"))),
        sender=sender,
        reply_to=_mailboxes(headers, "reply-to", hint),
        to=_mailboxes(headers, "to", hint),
        cc=_mailboxes(headers, "cc", hint),
        delivered_to=_delivered(headers),
        return_path=path,
        subject=subject,
        body=said.body,
        body_alt=said.alt,
        body_is_plain=said.is_plain,
        html=said.html,
        files=said.files,
        date=_date(headers),
        way=read_way(headers, sender, hint),
        reaction=reaction_of(said.reaction, said.body),
        machine=machine_sign(headers, found.root.kind, path, _calendar_method(found.root)),
        bounce=_bounce(raw, found, sender, path, subject, said.body),
        problems=tuple(dict.fromkeys((*found.problems, *said.problems))),
        over_limit=over,
    )


def _hint(root: Part) -> str:
    """Give a charset for raw 8-bit headers: one named in the mail, else what all together say."""
    at = root
    while at.children and not at.params.get("charset"):
        at = at.children[0]
    label = at.params.get("charset", "")
    if codec_for(label) not in ("utf-8", ""):
        return label
    raw = b" ".join(value for name, value in root.headers[:200] if name in _SPOKEN)[:8_000]
    return "" if raw.isascii() else detected(raw)


def _sender(headers: Headers, hint: str) -> Mailbox:
    """Give who wrote it: the first header with an address, else the first with a name.

    An address in angle brackets is one, bare words with an `@` may be part of a name, and what has
    no `@` is the name of another mail system (`/O=FIRMA/CN=ADA`): it counts where nothing else is.
    """
    named, inside = Mailbox("", ""), Mailbox("", "")
    for header in ("from", "sender", "reply-to"):
        boxes = _mailboxes(headers, header, hint)
        for mailbox in (*(box for box in boxes if box.bracketed), *boxes):
            if "@" in mailbox.address:
                name = mailbox.name or inside.name
                return replace(mailbox, name=name) if inside.address else mailbox
            inside = mailbox if mailbox.address and not inside.address else inside
            named = named if named.name else mailbox
    return inside if inside.address else named


def _mailboxes(headers: Headers, name: str, hint: str) -> tuple[Mailbox, ...]:
    return tuple(box for value in every(headers, name)[:20] for box in read_mailboxes(value, hint))


def _delivered(headers: Headers) -> tuple[str, ...]:
    values = [value for name, value in headers if name in _DELIVERED]
    return tuple(box.address for value in values[:50] for box in read_mailboxes(value))


def _return_path(headers: Headers) -> str | None:
    values = every(headers, "return-path")
    if not values:
        return None
    return header_safe(raw_text(values[0])).strip("<> ")


def _date(headers: Headers) -> datetime | None:
    text = raw_text(first(headers, "date"))[:200]
    try:
        moment = datetime.fromisoformat(text) if _ISO.match(text) else parsedate_to_datetime(text)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


_JSON = ("application/json", "text/json")


def _bounce(
    raw: bytes, found: Structure, sender: Mailbox, path: str | None, subject: str, body: str
) -> Bounce | None:
    """Give what the mail says where it is a bounce."""
    root = found.root
    statuses: list[bytes] = []
    originals: list[bytes] = []
    waiting = [root]
    while waiting:
        part = waiting.pop()
        waiting += reversed(part.children)
        if part.kind in STATUS_PARTS:
            statuses.append(payload(raw, part))
        elif part.kind in ORIGINAL_PARTS or _is_returned(raw, part, root):
            originals.append(payload(raw, part))
        elif part.kind in _JSON and not body.strip():
            body = decode(payload(raw, part))[0]
    report = root.params.get("report-type", "").lower() if root.kind == "multipart/report" else ""
    return read_bounce(
        Notice(root.headers, root.kind, report, sender, path, subject, body, statuses, originals)
    )


_RETURNED_CAP = 1_000_000
_NAMELESS = ("application/octet-stream", "text/plain")


def _is_returned(raw: bytes, part: Part, root: Part) -> bool:
    """Whether a report's file is the mail that came back, whatever its type says."""
    big = part.end - part.start > _RETURNED_CAP
    if big or part is root or part.kind not in _NAMELESS or not file_name(part, ""):
        return False
    return is_mail(MailFile(file_name(part, ""), part.kind, payload(raw, part), inline=False))


class _Content(NamedTuple):
    """What people read and keep of a mail within its limits."""

    body: str = ""
    alt: str = ""
    is_plain: bool = True
    html: str = ""
    files: tuple[MailFile, ...] = ()
    problems: tuple[str, ...] = ()
    reaction: bytes = b""
    """What a mail program wrote down of a reaction."""


def _calendar_method(root: Part) -> str:
    """Give what a calendar in the mail is for: REQUEST, REPLY, COUNTER …; empty where none is."""
    waiting = [root]
    while waiting:
        part = waiting.pop()
        waiting += part.children
        if part.kind == "text/calendar" and part.params.get("method"):
            return part.params["method"].upper()
    return ""


_WITHIN = 3
"""Mails and signed parts inside each other that are looked into for words."""
_BANNER = 30
"""Words of a gateway above a signed mail."""


def _with_words(
    raw: bytes, found: Structure, hint: str, limits: MailLimits, left: int = _WITHIN
) -> _Content:
    """Give what a mail says; where its text parts are empty, what its other parts say."""
    said = _opened(_content(raw, found, hint), limits, left)
    if said.body.strip():
        return said
    for file in said.files:
        words = _words_in(file, limits, left)
        if words:
            return said._replace(body=words[:TEXT_CAP], is_plain=True)
    return said


def _opened(said: _Content, limits: MailLimits, left: int) -> _Content:
    """Give what a mail says with what one program wrapped up: winmail.dat, a signed mail."""
    for file in said.files:
        name = file.name.lower()
        if "ms-tnef" in file.media_type or name in ("winmail.dat", "win.dat"):
            said = _with_tnef(said, read_tnef(file.body))
        elif left and ("pkcs7-mime" in file.media_type or name.endswith(".p7m")):
            said = _with_signed(said, signed_content(file.body), limits, left)
    return said


def _with_signed(said: _Content, inner: bytes, limits: MailLimits, left: int) -> _Content:
    """Give what a mail says with the signed mail in it, which stands below a gateway's banner."""
    banner = said.body.strip()
    if not inner or len(banner.split()) > _BANNER:
        return said
    found = split(inner, limits)
    if found.over:
        return said
    inside = _with_words(inner, found, "", limits, left - 1)
    if not inside.body.strip():
        return said._replace(files=(*inside.files, *said.files))
    body = f"{banner}\n\n{inside.body}" if banner else inside.body
    return inside._replace(body=body, files=(*inside.files, *said.files))


def _with_tnef(said: _Content, tnef: Tnef) -> _Content:
    files = (MailFile(one.name, one.media_type, one.body, inline=False) for one in tnef.files)
    said = said._replace(files=(*said.files, *files))
    if said.body.strip():
        return said
    return said._replace(body=tnef.words[:TEXT_CAP], is_plain=True)


def _words_in(file: MailFile, limits: MailLimits, left: int) -> str:
    name = file.name.lower()
    if file.media_type == "text/calendar" or name.endswith(".ics"):
        return calendar_words(file.body)
    if file.media_type in STATUS_PARTS:
        return decode(file.body)[0].strip()
    if left and is_mail(file):
        found = split(file.body, limits)
        subject = header_text(first(found.root.headers, "subject"))
        body = "" if found.over else _with_words(file.body, found, "", limits, left - 1).body
        return f"{subject}\n\n{body}".strip()
    return ""


def _content(raw: bytes, found: Structure, hint: str) -> _Content:
    sorted_parts = sort_parts(found.root)
    plain = _texts(raw, sorted_parts.plain)
    html = [part for part in sorted_parts.html if part not in sorted_parts.plain]
    rich = _texts(raw, html and sorted_parts.html)
    reaction = next((part for part in sorted_parts.files if part.kind == REACTION), None)
    told = payload(raw, reaction) if reaction else b""
    kept = (part for part in sorted_parts.files if part.kind != REACTION)
    attached = (as_file(raw, part, hint) for part in kept)
    files = (*attached, *plain.pictures, *rich.pictures)
    problems = plain.problems + rich.problems
    if rich.text and (not plain.text.strip() or is_stand_in(plain.text, rich.text)):
        return _Content(rich.text, plain.text, False, rich.html, files, problems, told)
    is_plain = not plain.html
    html_form = plain.html or rich.html
    return _Content(plain.text, rich.text, is_plain, html_form, files, problems, told)


class _Texts(NamedTuple):
    text: str
    html: str
    problems: tuple[str, ...]
    pictures: tuple[MailFile, ...]


def _texts(raw: bytes, parts: list[Part]) -> _Texts:
    """Give the text of these parts together, up to the cap for one mail, and its HTML source."""
    texts: list[str] = []
    sources: list[str] = []
    problems: list[str] = []
    pictures: list[MailFile] = []
    left = TEXT_CAP
    for part in parts:
        if left <= 0:
            texts.append(CUT)
            break
        text, problem = text_of(raw, part, left)
        left -= len(text)
        if problem:
            problems.append(f"{part.kind}: {problem}")
        if part.kind == "text/html":
            text, taken = without_pictures(text, len(pictures))
            pictures += taken
        texts.append(readable(text, part))
        sources.append(text if part.kind == "text/html" else f"<pre>{escape(text)}</pre>")
    has_html = any(part.kind == "text/html" for part in parts)
    html = "\n".join(sources) if has_html else ""
    text = "\n\n".join(text for text in texts if text.strip())
    return _Texts(text, html, tuple(problems), tuple(pictures))


_MOST_WORDS = 60
_MORE = 3
"""The HTML has so many times the words of a frame."""
_WORD = pattern(r"[^\W\d_]{3,40}")
_LINK = pattern(r"<?(?:https?://|mailto:)\S{1,2000}")


def is_stand_in(plain: str, rich: str) -> bool:
    """Whether the plain words are few, and the words to read are in the HTML's text only."""
    said, shown = _words(plain), _words(rich)
    if len(said) > _MOST_WORDS or len(shown) < 4:
        return False
    if not said:
        return bool(plain.strip())
    also_shown = len(said & shown)
    elsewhere = also_shown * 2 < len(said) and not _has_a_line_of(rich, plain)
    if also_shown * 3 < len(said) or elsewhere:
        return len(shown) >= len(said) // 2
    return len(shown - said) >= _MORE * len(said) + 10


def _has_a_line_of(rich: str, plain: str) -> bool:
    """Whether a line of the plain words stands in the other text, however it is wrapped there."""
    shown = "".join(_WORD.findall(_LINK.sub(" ", rich[:100_000]))).lower()
    lines = (_LINK.sub(" ", line) for line in plain[:20_000].splitlines())
    return any(
        "".join(words).lower() in shown for line in lines if len(words := _WORD.findall(line)) > 2
    )


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(_LINK.sub(" ", text[:20_000]))}
