"""Reports that sending services post as JSON: whom a mail did not reach, why, which mail it was.

No service's form is followed by name: what counts is a word for the event, an address under a key
for a recipient, and ids under keys for a Message-ID, wherever they stand.
"""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

_BEGINS = re.compile(r"\s{0,200}[\[{]")
_CAP = 200_000
_MOST = 5_000
"""Values of a report that are looked at."""
_DEEPEST = 3
"""JSON within a string within JSON."""
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"']{1,64}@[A-Za-z0-9.-]{1,200}[A-Za-z0-9]")
_ID = re.compile(r"<?([^<>\s]{3,900}@[^<>\s]{1,255})>?\Z")
_EVENT_KEYS = frozenset(
    ("notificationtype", "eventtype", "event", "type", "recordtype", "bouncetype", "severity")
)
_TO_KEYS = frozenset(
    ("emailaddress", "email", "recipient", "rcptto", "rcpt", "finalrecipient", "to", "address")
)
_WHY_KEYS = frozenset(
    (
        "diagnosticcode",
        "diagnostic",
        "reason",
        "description",
        "response",
        "message",
        "smtpresponse",
        "error",
    )
)
_STATUS_KEYS = frozenset(("status", "code", "statuscode", "enhancedcode", "bouncecode"))
_FAILED = re.compile(
    r"(?:hard|permanent)?[-_ ]?(?:bounced?|failed|failure|dropped|undeliver\w*|rejected?)\Z|"
    r"hard[-_ ]?bounce|blocked\Z|permanent(?:fail\w*)?\Z",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"(?:delivery)?[-_ ]?(?:delay\w*|deferr\w*)|transient|temporary|soft[-_ ]?bounce", re.IGNORECASE
)
_OTHER = re.compile(
    r"(?:delivery|delivered|open\w*|click\w*|send|sent|complaint|spam\w*|subscri\w*|unsubscri\w*|"
    r"processed|accepted|feedback)\Z",
    re.IGNORECASE,
)


class JsonReport(NamedTuple):
    """What a report in JSON says."""

    delayed: bool
    addresses: tuple[str, ...]
    status: str
    words: str
    ids: tuple[str, ...]
    """Message-IDs it names, without angle brackets."""


def read_json_report(body: str) -> JsonReport | None:
    """Give what a body that is JSON reports of an undelivered mail; nothing for any other text."""
    if not _BEGINS.match(body) or len(body) > _CAP:
        return None
    try:
        told, _ = json.JSONDecoder().raw_decode(body.lstrip())
    except (ValueError, RecursionError):
        return None
    values = list(_values(told))
    events = [text for key, text in values if key in _EVENT_KEYS]
    failed, delayed = (any(one.match(text) for text in events) for one in (_FAILED, _DELAYED))
    said = [text for key, text in values if key in _TO_KEYS and _ADDRESS.fullmatch(text)]
    if not (failed or delayed) or not said or any(map(_OTHER.match, events[:1])):
        return None
    return JsonReport(
        delayed=delayed,
        addresses=tuple(dict.fromkeys(said))[:20],
        status=next((text for key, text in values if key in _STATUS_KEYS and "." in text), ""),
        words=next((text for key, text in values if key in _WHY_KEYS and " " in text), ""),
        ids=tuple(dict.fromkeys(_ids(values)))[:10],
    )


def _ids(values: list[tuple[str, str]]) -> Iterator[str]:
    """Give ids: of a key for them, or of a header as name and value beside each other."""
    named = False
    for key, text in values:
        is_id = key in ("messageid", "smtpid", "messageidheader") or (named and key == "value")
        found = _ID.match(text.strip()) if is_id else None
        if found:
            yield found.group(1)
        named = key == "name" and text.lower() == "message-id"


def _values(told: object) -> Iterator[tuple[str, str]]:
    """Give (key in letters, text) of everything, in order, without recursion."""
    waiting: list[tuple[str, object, int]] = [("", told, 0)]
    for _ in range(_MOST):
        if not waiting:
            return
        key, value, depth = waiting.pop()
        if isinstance(value, dict):
            waiting += [(_letters(name), one, depth) for name, one in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(key, one, depth) for one in reversed(value)]
        elif isinstance(value, str) and depth < _DEEPEST and value.startswith("{"):
            try:
                waiting.append((key, json.loads(value), depth + 1))
            except (ValueError, RecursionError):
                yield key, value
        elif isinstance(value, str | int) and not isinstance(value, bool):
            yield key, str(value)[:2_000]


def _letters(key: str) -> str:
    return "".join(sign for sign in key[:80].lower() if sign.isalnum())
