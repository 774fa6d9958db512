"""What a bounce says: who was not reached, why, for good or for now (semantics.md §1.5).

The machine-readable part decides where there is one (RFC 3464); else the words of a mail system.
A null Return-Path alone is no bounce, nor are absence notices, read receipts, reports of success.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.domain.text import header_safe
from deskterm.mail.bounce_text import (
    body_tells,
    only_address,
    read_json_report,
    subject_tells,
    tells_arrival,
    tells_delay,
    text_recipients,
)
from deskterm.mail.headers import Headers, every, first, header_text, message_ids, read_headers
from deskterm.mail.mailbox import Mailbox, read_mailboxes

STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
ORIGINAL_PARTS = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "text/rfc822",
    "message/rfc822-headers",
    "message/global-headers",
)
MOST_RECIPIENTS = 100
_STATUS_CAP = 64 * 1024
_ORIGINAL_CAP = 64 * 1024
_ORIGINAL_IDS = 10
_BLOCKS = pattern(rb"\n[ \t\r]*\n")
_STATUS = pattern(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_CODE = pattern(r"(?<![\d.-])([45])\d\d(?=[\s-]|\Z)")
_ID_LINE = pattern(
    r"(?im)^[ \t>]{0,20}message-id:[ \t]{0,20}(?:\r?\n[ \t>]{1,20})?(<[^<>\s]{3,900}>)"
)
_ROBOT_ADDRESS = pattern(
    r"(?:mailer[-_.]?daemon|mail[-_.]?daemon|postmaster|double-bounce|microsoftexchange\w*"
    r"|mailsystem|mmdf|pmdf|maiser|system_administrator)(?:[-+=].*)?(?:@|\Z)",
    re.IGNORECASE,
)
_ROBOT_NAME = pattern(
    r"mailer.?daemon|mail (?:delivery|transport|transfer|administrator)|delivery (?:sub)?system"
    r"|postmaster|mdaemon|system administrator|systemadministrator|undeliverable|mail router"
    r"|interscan"
    r"|mail(?: security)? (?:gateway|filter|server)|mailmarshal|deliver(?:y|ing)? system",
    re.IGNORECASE,
)
_DAEMON = pattern(r"mailer-daemon@", re.IGNORECASE)
_ABSENCE = pattern(
    r"vacation|out of (?:the )?office|away from|automatic reply|auto-?reply|abwesen"
    r"|autom\w+ antwort"
    r"|réponse automatique|absence du bureau|respuesta automática|fuera de la oficina"
    r"|risposta automatica|fuori sede|resposta automática|automatisch antwoord|afwezig|autosvar"
    r"|автоответ|自动回复|自動回覆|自動返信|자동 회신",
    re.IGNORECASE,
)
_ABSENCE_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-vacation")
_FAILED = "failed"
_DELAYED = "delayed"
_REACHED = ("delivered", "relayed", "expanded")
_OTHER_REPORTS = ("disposition-notification", "feedback-report", "abuse")
_NOBODY = pattern(
    r"[^@]{0,60}(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|bounces?|-admin|-owner|-request|listserv"
    r"|majordomo|sympa|mailman)[^@]{0,60}@|owner-|post[-_.]?master|sysadmin@",
    re.IGNORECASE,
)
"""Who else reports: services and list managers, whose words count with an address in them."""
_HEAD = 20_000


@dataclass(frozen=True, slots=True)
class BounceRecipient:
    """One address that a mail did not reach."""

    address: str
    """Empty where the notice names nobody."""
    action: str
    """`failed` for good, `delayed` while the mail system still tries."""
    status: str
    """The enhanced code of RFC 3463, such as 5.1.1; empty where nothing tells it."""
    diagnostic: str
    """What the other mail system said, on one line."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A notice that a mail was not delivered, or not yet."""

    recipients: tuple[BounceRecipient, ...]
    original_ids: tuple[str, ...]
    """Message-IDs of the mail that came back, without angle brackets."""
    reason: str
    """How it was recognised, as a sentence."""
    reached: tuple[str, ...] = ()
    """Addresses, in lower case, that the mail did reach by the word of the same report."""
    sure: bool = True
    """Whether a mail system speaks; else only the letter it names makes it a report."""

    @property
    def failed(self) -> bool:
        """Whether the delivery ended; a warning of a delay ends nothing."""
        return any(one.action == _FAILED for one in self.recipients)

    @property
    def hard(self) -> bool:
        """Whether an address refuses for good: failed with a status of 5.x.x."""
        return any(one.action == _FAILED and one.status.startswith("5.") for one in self.recipients)


class Notice(NamedTuple):
    """What of a mail tells a bounce, taken out of it by the parser."""

    headers: Headers
    media_type: str
    report_type: str
    """The report-type of a multipart/report, lower case."""
    sender: Mailbox
    return_path: str | None
    subject: str
    body: str
    statuses: Sequence[bytes]
    """Decoded delivery-status parts."""
    originals: Sequence[bytes]
    """Decoded message/rfc822 and text/rfc822-headers parts."""


def read_bounce(notice: Notice) -> Bounce | None:
    """Give what a bounce says, or nothing where the mail is none."""
    if notice.report_type.startswith(_OTHER_REPORTS):
        return None
    if notice.statuses and _is_system_mail(notice):
        told = [one for part in notice.statuses for one in _status_recipients(part)]
        if any(one.action in (_FAILED, _DELAYED) for one in told):
            return _bounce(notice, told, "a delivery status says so")
        if told:
            return None
    return _by_json(notice) or _by_words(notice)


def _by_json(notice: Notice) -> Bounce | None:
    told = read_json_report(notice.body)
    if told is None:
        return None
    action = _DELAYED if told.delayed else _FAILED
    found = [_judged(one, action, told.status, told.words, "") for one in told.addresses]
    made = _bounce(notice, found, "a sending service says so")
    return replace(made, original_ids=tuple(dict.fromkeys((*told.ids, *made.original_ids))))


def _is_system_mail(notice: Notice) -> bool:
    """Whether a mail system wrote it, not a person who passes a report on."""
    return (
        notice.media_type == "multipart/report"
        or notice.return_path == ""
        or _is_robot(notice)
        or bool(first(notice.headers, "x-failed-recipients"))
    )


def _is_robot(notice: Notice) -> bool:
    """Whether a mail system names itself; newsletters too have a return path for bounces."""
    boxes = [notice.sender]
    boxes += [box for value in every(notice.headers, "from")[:3] for box in read_mailboxes(value)]
    if any(_ROBOT_NAME.search(box.name[:200]) for box in boxes[:8]):
        return True
    if first(notice.headers, "from").strip() == b"<>":
        return True
    boxes += [box for value in every(notice.headers, "sender")[:3] for box in read_mailboxes(value)]
    boxes.append(Mailbox("", notice.return_path or ""))
    return any(_ROBOT_ADDRESS.match(box.address) for box in boxes[:12])


def _by_words(notice: Notice) -> Bounce | None:
    """Give the bounce that the words of a mail system tell, for reports without a status part."""
    failed = _failed_header(notice)
    sure = bool(failed) or _is_system_mail(notice)
    if tells_arrival(notice.subject, notice.body) and not failed:
        return None
    if _is_absence(notice) or not (sure or _NOBODY.match(notice.sender.address[:320])):
        return None
    inside = [one for one in _status_recipients(_status_text(notice.body)) if one.address]
    if any(one.action in (_FAILED, _DELAYED) for one in inside):
        return _bounce(notice, inside, "a mail system says so", sure=sure)
    told = {address.lower(): words for address, words in text_recipients(notice.body)}
    to = [box for value in every(notice.headers, "to")[:3] for box in read_mailboxes(value)]
    own = {box.address.lower() for box in to}
    besides = {*own, notice.sender.address.lower()}
    named = [one for one in told if one not in besides]
    if not failed and not _is_told(notice, bool(named)):
        return None
    if not named and (one := only_address(notice.body, besides)):
        named = [one]
    delayed = tells_delay(notice.subject, notice.body)
    found = [
        _judged(
            address,
            _DELAYED if delayed else _FAILED,
            "",
            told.get(address.lower(), ""),
            notice.body,
        )
        for address in (failed or named or _original_to(notice))[:MOST_RECIPIENTS]
    ]
    return _bounce(notice, found, "a mail system says so", sure=sure)


def _status_text(body: str) -> bytes:
    """Give the part of a text that is written like a delivery status; empty where none is."""
    at = body[:_HEAD].find("Final-Recipient:")
    return body[at : at + _STATUS_CAP].encode() if at >= 0 else b""


def _is_told(notice: Notice, named: bool) -> bool:
    """Whether subject and words say that a mail came back; who only hides needs to say both."""
    subject, body = subject_tells(notice.subject), body_tells(notice.body)
    proof = named or bool(_status_in(notice.body)) or bool(notice.originals)
    proof = proof or bool(_ID_LINE.search(notice.body[:20_000]))
    if notice.media_type == "multipart/report" or _is_robot(notice):
        body = body or (named and tells_delay(notice.subject, notice.body))
        daemon = bool(_DAEMON.match(notice.sender.address))
        return (subject and (body or proof or daemon)) or (body and proof)
    if _NOBODY.match(notice.sender.address[:320]) or notice.return_path == "":
        return body and (named or subject or bool(_ID_LINE.search(notice.body[:20_000])))
    return subject and body and proof


def _failed_header(notice: Notice) -> list[str]:
    values = every(notice.headers, "x-failed-recipients")[:5]
    boxes = [box for value in values for box in read_mailboxes(value)]
    return list(dict.fromkeys(box.address for box in boxes if "@" in box.address))


def _is_absence(notice: Notice) -> bool:
    if any(first(notice.headers, name) for name in _ABSENCE_HEADERS):
        return True
    return bool(_ABSENCE.search(notice.subject[:200]))


def _status_recipients(part: bytes) -> Iterator[BounceRecipient]:
    """Give each recipient of a delivery-status part; blocks that name none are about the mail."""
    text = part[:_STATUS_CAP].replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip(b"\n")
    for block in _BLOCKS.split(text)[: MOST_RECIPIENTS * 2]:
        headers, _, _ = read_headers(block + b"\n\n", 0, len(block) + 2)
        target = first(headers, "final-recipient") or first(headers, "original-recipient")
        if not target:
            continue
        original = first(headers, "original-recipient")
        action = header_text(first(headers, "action")).lower().split(" ")[0].strip(";,.")
        yield _judged(
            _typed_address(original) or _typed_address(target),
            _meant(action, status := header_text(first(headers, "status"))),
            status,
            _untyped(header_text(first(headers, "diagnostic-code"))),
            "",
        )


def _meant(action: str, status: str) -> str:
    """Give what an action means; one of no standard is a failure, unless its status says other."""
    if action in _REACHED or action in (_FAILED, _DELAYED):
        return action
    if action.startswith(("delay", "warn", "defer", "retry")):
        return _DELAYED
    return "delivered" if status.startswith("2.") else _FAILED


def _typed_address(value: bytes) -> str:
    """Give the address of `rfc822; ada@example.org`, whatever its type is called."""
    text = header_text(value)
    head, semicolon, rest = text.partition(";")
    text = rest if semicolon and "@" not in head else text
    boxes = read_mailboxes(text.encode())
    return next((box.address for box in boxes if "@" in box.address), "")


def _untyped(text: str) -> str:
    head, semicolon, rest = text.partition(";")
    return rest.strip() if semicolon and len(head) < 20 and " " not in head.strip() else text


def _judged(address: str, action: str, status: str, diagnostic: str, body: str) -> BounceRecipient:
    """Give a recipient whose status is taken from what was said where it is not told."""
    found = _STATUS.search(status)
    code = ".".join(found.groups()) if found else _status_in(diagnostic) or _status_in(body)
    return BounceRecipient(header_safe(address), action, code, header_safe(diagnostic)[:500])


def _status_in(words: str) -> str:
    """Give the code in the words of a mail system: enhanced, else the class of an SMTP reply."""
    words = words[:4_000]
    found = _STATUS.search(words)
    if found and found.group(1) != "2":
        return ".".join(found.groups())
    plain = _CODE.search(words)
    return f"{plain.group(1)}.0.0" if plain else ""


def _original_to(notice: Notice) -> list[str]:
    """Give whom the returned mail was for, where the report names nobody."""
    for raw in notice.originals[:3]:
        headers, _, _ = read_headers(raw[:_ORIGINAL_CAP], 0, min(len(raw), _ORIGINAL_CAP))
        boxes = read_mailboxes(first(headers, "to"))
        if len(boxes) == 1 and "@" in boxes[0].address:
            return [boxes[0].address]
    return []


def _bounce(
    notice: Notice, told: list[BounceRecipient], reason: str, *, sure: bool = True
) -> Bounce:
    kept: dict[str, BounceRecipient] = {}
    reached: list[str] = []
    for one in told[:MOST_RECIPIENTS]:
        key = one.address.lower()
        if one.action not in (_FAILED, _DELAYED):
            reached.append(key)
            continue
        before = kept.get(key)
        kept[key] = one if before is None else replace(before, action=_worse(before, one))
    if not kept:
        action = _DELAYED if tells_delay(notice.subject, notice.body) else _FAILED
        kept[""] = _judged("", action, "", "", notice.body)
    only_reached = tuple(one for one in reached if one and one not in kept)
    return Bounce(tuple(kept.values()), _original_ids(notice), reason, only_reached, sure)


def _worse(before: BounceRecipient, now: BounceRecipient) -> str:
    return _FAILED if _FAILED in (before.action, now.action) else before.action


def _original_ids(notice: Notice) -> tuple[str, ...]:
    """Give the ids of the mail that came back: from its copy, else from lines that quote it."""
    found: list[str] = []
    for raw in notice.originals[:_ORIGINAL_IDS]:
        headers, _, _ = read_headers(raw[:_ORIGINAL_CAP], 0, min(len(raw), _ORIGINAL_CAP))
        found += message_ids(first(headers, "message-id"), most=1)
    quoted = _ID_LINE.findall(notice.body[:200_000])[:_ORIGINAL_IDS]
    found += [one for value in quoted for one in message_ids(value.encode())]
    for name in ("in-reply-to", "references"):
        found += message_ids(first(notice.headers, name), most=3)
    return tuple(dict.fromkeys(found))[:_ORIGINAL_IDS]
