"""The desk's own settings: one declared table of what each is for and how it is read."""

from collections.abc import Callable
from typing import NamedTuple

from deskterm.domain.address import normal_address
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.stylesheets import checked
from deskterm.domain.text import check_language, header_safe, storable
from deskterm.storage.desk_settings import DEFAULTS
from deskterm.triage.near import suggestion

_MOST_HOLIDAYS = 500
_URL = pattern(r"https?://[^\s<>\"'?#]{1,300}\Z")
_HEADER = pattern(r"[A-Za-z][A-Za-z0-9-]{0,60}\Z")
_PROMISES = {
    "promise.pickup_urgent": "an urgent ticket is picked up within: 15m, 15m always, none",
    "promise.pickup": "any other ticket is picked up within",
    "promise.response_urgent": "an urgent ticket, and each later message, is answered within",
    "promise.response": "any other ticket, and each later message, is answered within",
    "promise.solution_urgent": "an urgent ticket is solved within",
    "promise.solution": "any other ticket is solved within; 3d are three business days",
}

Read = Callable[[str], object]
"""Reads what a person typed; raises UsageError."""


class DeskDeclared(NamedTuple):
    """One setting of the desk."""

    name: str
    help: str
    read: Read

    @property
    def default(self) -> object:
        """What it is until the desk says otherwise."""
        return DEFAULTS[self.name]


def _line(text: str) -> str:
    return header_safe(storable(text))


def _text(text: str) -> str:
    return storable(text).strip()


def _addresses(text: str) -> list[str]:
    return [normal_address(one) for one in text.replace(",", " ").split()]


def _names(text: str) -> str:
    found = [" ".join(one.split()) for one in header_safe(storable(text)).split(",")]
    return ", ".join(dict.fromkeys(one for one in found if one))


def _questions(text: str) -> str:
    from deskterm.domain.reviews import questions

    if not text.strip():
        return ""
    return "\n".join(f"{one.step}: {one.text}" for one in questions(storable(text)))


def _zone(text: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(text.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            f"there is no time zone {text[:60]!r}; write it like Europe/Berlin."
        ) from None
    return text.strip()


def _hours(text: str) -> str:
    from deskterm.calendars.hours import read_hours

    read_hours(text)
    return " ".join(storable(text).split())


def _holidays(text: str) -> list[str]:
    from deskterm.calendars.hours import read_holidays

    found = sorted(set(text.replace(",", " ").split()))
    if len(found) > _MOST_HOLIDAYS:
        raise UsageError(f"more than {_MOST_HOLIDAYS} holidays; keep the years to come.")
    read_holidays(found)
    return found


def _target(text: str) -> str:
    from deskterm.calendars.promise import read_target

    read_target(text)
    return " ".join(text.lower().split())


def _clock(text: str) -> str:
    from datetime import time

    hour, _, minute = text.strip()[:5].partition(":")
    try:
        return time(int(hour), int(minute)).strftime("%H:%M")
    except ValueError:
        raise UsageError(f"{text[:40]!r} is no time of day; write it like 08:00.") from None


def _web_url(text: str) -> str:
    url = text.strip().rstrip("/")
    if url and not _URL.match(url):
        raise UsageError(f"{text[:60]!r} is no address: write it like https://help.example.org.")
    return url


def _origins(text: str) -> list[str]:
    found = text.replace(",", " ").split()
    for one in found:
        if not _ORIGIN.match(one):
            raise UsageError(
                f"{one[:60]!r} is no origin: write it like https://intranet.example.org, "
                "without a path and without *."
            )
    return list(dict.fromkeys(one.lower() for one in found))


_ORIGIN = pattern(r"(?i)https?://[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:[0-9]{1,5})?\Z")


def _words(text: str) -> list[str]:
    from deskterm.services.web.words import own_words

    found = own_words([one for one in text.splitlines() if one.strip()])
    return [f"{name}.{key} = {one}" for name, said in found.items() for key, one in said.items()]


def _networks(text: str) -> list[str]:
    from ipaddress import ip_network

    try:
        return [str(ip_network(one)) for one in text.replace(",", " ").split()]
    except ValueError as error:
        raise UsageError(f"{error}: write addresses such as 10.0.0.7 or 10.0.0.0/28.") from None


def _header(text: str) -> str:
    if text.strip() and not _HEADER.match(text.strip()):
        raise UsageError(f"{text[:60]!r} is no name of a header: write it like X-Remote-Email.")
    return text.strip()


def _number(least: int, most: int) -> Read:
    def read(text: str) -> int:
        digits = text.strip()
        if not digits.isascii() or not digits.isdigit() or not least <= int(digits[:12]) <= most:
            raise UsageError(f"{text[:40]!r} is no number from {least} to {most}.")
        return int(digits)

    return read


def _switch(text: str) -> bool:
    word = text.strip().lower()
    if word not in _WORDS:
        raise UsageError(f"{text[:40]!r} is neither yes nor no.")
    return _WORDS[word]


_WORDS = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}


def _language(text: str) -> str:
    word = text.strip().lower()
    check_language(word)
    return word or "en"


def _fill_in(text: str) -> str:
    word = text.strip().lower()
    if word not in FILL_IN:
        raise UsageError(f"{text[:40]!r} is none of {', '.join(FILL_IN)}.")
    return word


FILL_IN = ("off", "propose", "auto")

TABLE = (
    DeskDeclared("desk.name", "how the desk is called, in letters too", _line),
    DeskDeclared("desk.mission", "the mission: in the greeting, below letters, in reports", _text),
    DeskDeclared("desk.values", "the values, one a line: where the mission stands", _text),
    DeskDeclared("desk.greeting", "what to say first on the phone; empty: ours", _text),
    DeskDeclared(
        "desk.roles", "what technicians do at the desk besides, with commas between", _names
    ),
    DeskDeclared("mail.address", "the address people write to", normal_address),
    DeskDeclared("mail.aliases", "more addresses of the desk, with spaces between", _addresses),
    DeskDeclared(
        "mail.reopen_days", "a reply within so many days of closing reopens", _number(0, 3650)
    ),
    DeskDeclared("mail.max_watchers", "so many people in Cc hear of a ticket", _number(0, 100)),
    DeskDeclared(
        "mail.max_bounces", "an address is given up after so many letters", _number(1, 100)
    ),
    DeskDeclared("mail.max_bytes", "larger mails wait for a person", _number(1000, 10**9)),
    DeskDeclared("mail.max_parts", "mails of more parts wait for a person", _number(1, 10_000)),
    DeskDeclared("mail.max_depth", "mails nested deeper wait for a person", _number(1, 100)),
    DeskDeclared(
        "mail.verp", "bounces come back to help+b17.…@: needs the server's + rule", _switch
    ),
    DeskDeclared("mail.language", "of letters to people whose language is not known", _language),
    DeskDeclared("mail.expect", "what a new request may expect; empty: our words", _text),
    DeskDeclared("mail.expect_urgent", "the same for an urgent request", _text),
    DeskDeclared("mail.tell_owner", "tell the requester who takes care of their ticket", _switch),
    DeskDeclared("remind.on", "ask again whoever owes us an answer", _switch),
    DeskDeclared("remind.first", "business days until somebody is asked again", _number(1, 365)),
    DeskDeclared("remind.second", "business days until the last time", _number(1, 365)),
    DeskDeclared(
        "remind.close_waiting",
        "business days of silence after that which close what waits for the requester; 0: never",
        _number(0, 365),
    ),
    DeskDeclared(
        "remind.close_solved",
        "the same for what is solved but not confirmed by them; 0: never",
        _number(0, 365),
    ),
    DeskDeclared("poll.on", "ask how satisfied people are after closing", _switch),
    DeskDeclared("poll.after_hours", "so long after closing", _number(0, 720)),
    DeskDeclared("poll.percent", "of the closed tickets are asked about", _number(0, 100)),
    DeskDeclared("poll.days", "nobody is asked twice within so many days", _number(0, 3650)),
    DeskDeclared(
        "announce.remind_hours",
        "so long before something planned begins its audience is reminded; 0: never",
        _number(0, 720),
    ),
    DeskDeclared(
        "notices.window_minutes", "notices by mail wait so long for others", _number(0, 1440)
    ),
    DeskDeclared("notices.digest_at", "when daily overviews leave", _clock),
    DeskDeclared(
        "mail.most_per_hour",
        "more letters an hour wait for a person; 0: no limit",
        _number(0, 10**6),
    ),
    DeskDeclared(
        "mail.folder",
        "a Maildir in which every letter of this desk stays, whatever a machine says (the demo's)",
        _line,
    ),
    DeskDeclared("mail.paused", "why no letter is sent; empty: they are sent", _line),
    DeskDeclared(
        "triage.fill_in",
        "what triage does with a category it knows: off, propose, auto (from 90 % on)",
        _fill_in,
    ),
    DeskDeclared(
        "release.verify_days",
        "a fix that works for somebody and was missed by nobody counts as verified; 0: never",
        _number(0, 3650),
    ),
    DeskDeclared(
        "time.clock_hours",
        "a clock that ran longer is proposed to its technician, not booked",
        _number(1, 24),
    ),
    DeskDeclared(
        "time.counted_minutes",
        "a call or a guide run that took longer is proposed, not booked",
        _number(1, 1440),
    ),
    DeskDeclared(
        "offer.seldom",
        "a service with a smaller percentage of tickets is seldom used",
        _number(0, 100),
    ),
    DeskDeclared(
        "offer.costly", "a service with more minutes worked a ticket is costly", _number(1, 10**4)
    ),
    DeskDeclared(
        "offer.kept", "percent of promises below which a service is below target", _number(0, 100)
    ),
    DeskDeclared(
        "offer.satisfied", "percent of satisfied answers below which it is too", _number(0, 100)
    ),
    DeskDeclared(
        "cost.technician_hour", "what an hour of a technician costs; 0: not said", _number(0, 10**6)
    ),
    DeskDeclared(
        "cost.customer_hour",
        "what an hour costs in which somebody cannot work; 0: not said",
        _number(0, 10**6),
    ),
    DeskDeclared(
        "web.url", "where people reach the web face: its links in letters; empty: none", _web_url
    ),
    DeskDeclared(
        "web.link_days", "a link to the web face lasts so long; 0: for ever", _number(0, 3650)
    ),
    DeskDeclared("web.style", "a stylesheet of the desk's own for its web pages (CSS)", checked),
    DeskDeclared(
        "web.frames", "origins whose pages may show the form in a frame; empty: none", _origins
    ),
    DeskDeclared(
        "web.words", "words of its pages, a line each: it.report = Segnala; empty: ours", _words
    ),
    DeskDeclared(
        "web.most_per_minute",
        "so often one machine may send a form to the web face; 0: no limit",
        _number(0, 10**6),
    ),
    DeskDeclared(
        "web.proxies", "machines in front of the web face that are trusted: 10.0.0.7", _networks
    ),
    DeskDeclared(
        "web.proxy_header",
        "the header in which they say whose mail address it is; empty: none is believed",
        _header,
    ),
    DeskDeclared(
        "review.questions",
        "of call reviews, a line each: a step, a colon, a question; empty: ours",
        _questions,
    ),
    DeskDeclared("review.least", "fewer answers than this say nothing", _number(1, 10_000)),
    DeskDeclared(
        "review.limit",
        "a step with less yes than so many per cent is to be learned",
        _number(1, 100),
    ),
    DeskDeclared("zone", "the desk's time zone; empty: the machine's", _zone),
    *(DeskDeclared(name, text, _target) for name, text in _PROMISES.items()),
    DeskDeclared(
        "hours", "business hours, such as Mon-Fri 8:00-12:00 13:00-18:00 Sat 9-12", _hours
    ),
    DeskDeclared(
        "holidays", "days off: 2026-12-24, 12-25 (each year), 2026-12-24..2027-01-01", _holidays
    ),
)
_BY_NAME = {one.name: one for one in TABLE}


def is_desk_setting(name: str) -> bool:
    """Tell whether the desk (and not the machine) keeps a setting of that name."""
    return name in _BY_NAME


def no_setting(name: str) -> str:
    """Say that there is no setting of that name, and which is near."""
    from deskterm import settings

    near = suggestion(name, [*_BY_NAME, *(one.name for one in settings.TABLE)])
    return f"there is no setting {name[:60]!r}; {near or 'see `deskterm settings list`.'}"


def declared(name: str) -> DeskDeclared:
    """Give what is declared of a setting; raises NotFoundError."""
    if name not in _BY_NAME:
        raise NotFoundError(no_setting(name))
    return _BY_NAME[name]
