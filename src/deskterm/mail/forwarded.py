"""A mail that a technician forwards: whose trouble it really is (semantics.md §1.9).

An attached mail says it in its own headers; an inline forward in the block of header lines that
mail programs write above it, in many languages. Both are a proposal that a person confirms. What
the technician wrote above is theirs: it never becomes the customer's words.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.mail.forward import is_forward, is_mail, without_prefix
from deskterm.mail.mailbox import Mailbox, read_mailboxes
from deskterm.mail.parse import parse_mail
from deskterm.mail.parsed import MailFile, ParsedMail
from deskterm.mail.reply.shapes import (
    forwarded_line,
    header_block,
    is_rule,
    label_of,
    original_line,
    plain,
)
from deskterm.mail.structure import MailLimits

_MAILTO = pattern(r"[\[<]\s{0,3}mailto:([^\s\]>]{3,320})\s{0,3}[\]>]", re.IGNORECASE)
_LINES = 2_000
_ABOVE = 4
"""Lines between a separator and the headers that it announces."""
_HEADERS, _BROKEN = 16, 2
_FUSED = pattern(
    r"(?m)^(\s{0,9}-{2,8} ?[^-\n]{3,40}-{2,8}) ?([^\W\d_]{2,20}: ?[^\n]{3,400}@[^\n]{3,900})$"
)
"""`----- Forwarded Message -----From: Ada <ada@x.example>To: …Subject: …`"""
_NEXT = pattern(
    r"(?<=\S) ?(?=(?:To|Cc|Sent|Date|Subject|An|Gesendet|Betreff|À|Envoyé|Objet|Para|Enviado"
    r"|Asunto): )"
)


class Forwarded(NamedTuple):
    """The mail inside a forward."""

    sender: Mailbox
    """Who wrote it; without an address where the forward names none."""
    subject: str
    words: str
    comment: str
    """What the forwarder wrote above it: not for the customer."""
    files: tuple[MailFile, ...]
    message_id: str = ""
    ids: tuple[str, ...] = ()
    """What the mail inside answers, the nearest first."""


def read_forward(mail: ParsedMail, limits: MailLimits) -> Forwarded | None:
    """Give the mail inside a forward, or nothing where it is none; one attached mail is one."""
    attached = [one for one in mail.files if is_mail(one)]
    if len(attached) == 1:
        return _attached(mail, attached[0], limits)
    found = _inline(mail.body)
    if found is None or not (is_forward(mail) or found.announced):
        return None
    return Forwarded(
        sender=found.sender,
        subject=found.subject or without_prefix(mail.subject),
        words=found.words,
        comment=found.comment,
        files=mail.files,
    )


def _attached(mail: ParsedMail, file: MailFile, limits: MailLimits) -> Forwarded | None:
    inner = parse_mail(file.body, limits)
    if not inner.sender.address:
        return None
    beside = tuple(one for one in mail.files if one is not file)
    return Forwarded(
        sender=inner.sender,
        subject=inner.subject or without_prefix(mail.subject),
        words=inner.body,
        comment=mail.body.strip(),
        files=(*inner.files, *beside),
        message_id=inner.message_id,
        ids=(*inner.in_reply_to, *reversed(inner.references)),
    )


class _Inline(NamedTuple):
    """A forward that stands in the text."""

    sender: Mailbox
    subject: str
    words: str
    comment: str
    announced: bool
    """Whether a line above the headers says that something is passed on."""


def _inline(body: str) -> _Inline | None:
    """Give the first mail that a text passes on, by its block of header lines."""
    lines = _apart(body).splitlines()[:_LINES]
    shown = [plain(line).lstrip("> ").strip() for line in lines]
    labels = [label_of(line) for line in shown]
    for start, label in enumerate(labels):
        if not label:
            continue
        top, announced = _top(shown, start)
        if not (announced and label == "from") and not header_block(shown, labels, start):
            continue
        end = _end(shown, labels, start)
        sender = _sender(shown[start:end])
        if sender is None:
            continue
        return _Inline(
            sender=sender,
            subject=_value(shown[start:end], "subject"),
            words=_unquoted(lines[end:], quoted=lines[start].lstrip().startswith(">")),
            comment="\n".join(lines[:top]).strip(),
            announced=announced,
        )
    return None


def _apart(body: str) -> str:
    """Give a text with a line each for headers that a mail program wrote into one."""
    found = _FUSED.search(body[:20_000])
    if not found:
        return body
    headers = _NEXT.sub("\n", found.group(2))
    return f"{body[: found.start()]}{found.group(1)}\n{headers}{body[found.end() :]}"


def _end(shown: Sequence[str], labels: Sequence[str], start: int) -> int:
    """Give the line after the last header of a block; long ones are broken over lines."""
    end, broken = start + 1, 0
    for number in range(start + 1, min(start + _HEADERS, len(shown))):
        broken = 0 if labels[number] else broken + 1
        if not shown[number] or broken > _BROKEN:
            break
        end = number + 1 if labels[number] else end
    return end


def _top(shown: Sequence[str], start: int) -> tuple[int, bool]:
    """Give where what announces the headers begins, and whether it says so in words."""
    top, announced = start, False
    for number in range(start - 1, max(-1, start - 1 - _ABOVE), -1):
        line = shown[number]
        if forwarded_line(line) or original_line(line):
            return number, True
        if line and not is_rule(line):
            break
        top = number
    return top, announced


def _sender(block: Sequence[str]) -> Mailbox | None:
    value = _MAILTO.sub(r"<\1>", _value(block, "from")).replace("mailto:", "")
    if not value:
        return None
    boxes = read_mailboxes(value.encode())
    known = next((box for box in boxes if "@" in box.address), None)
    return known or Mailbox(value.strip(" \"'<>*"), "")


def _value(block: Sequence[str], kind: str) -> str:
    """Give a header's value in a block, with the lines it was broken over."""
    parts: list[str] = []
    for line in block:
        found = label_of(line)
        if parts and found:
            break
        if found == kind and not parts:
            parts.append(line.partition("：" if "：" in line[:40] else ":")[2].strip(" *"))
        elif parts:
            parts.append(line.strip())
    return " ".join(parts).strip()


def _unquoted(lines: Sequence[str], *, quoted: bool) -> str:
    """Give the words below the headers, without the sign that some programs put before each."""
    if quoted:
        lines = [line.lstrip().removeprefix(">").removeprefix(" ") for line in lines]
    return "\n".join(lines).strip("\n")
