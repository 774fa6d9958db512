"""What is news for whom: one table, from what happened on a ticket to a technician and the reason.

Nobody is told of what they did themselves. Words of customers never name a technician: an outsider
cannot call staff by writing `@login` (C5: only what concerns somebody reaches them). By mail urgent
news goes out at once, the rest together, in focus time not at all.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.domain.vocabulary import PROCESSES, Approval, Event, Proof


class Kind(StrEnum):
    """Why a technician is told; the order is by weight: of several in one operation the first."""

    ASSIGNED = "assigned"
    MENTIONED = "mentioned"
    REOPENED = "reopened"
    REPLIED = "replied"
    FILED = "filed"
    ALARM = "alarm"
    HANDED = "handed"
    NEW = "new"
    APPROVAL = "approval"
    UNDELIVERED = "undelivered"
    VISIT = "visit"
    DUE = "due"
    OVERDUE = "overdue"
    VERIFIED = "verified"
    REVIEWED = "reviewed"
    POOR = "poor"
    ANNOUNCED = "announced"
    MAILBOX = "mailbox"
    CHANGED = "changed"


WORDS: dict[str, str] = {
    Kind.ASSIGNED: "given to you",
    Kind.MENTIONED: "names you",
    Kind.REOPENED: "came back",
    Kind.REPLIED: "customer wrote",
    Kind.FILED: "machine mail",
    Kind.ALARM: "urgent ticket",
    Kind.HANDED: "for your group",
    Kind.NEW: "new ticket",
    Kind.APPROVAL: "approval",
    Kind.UNDELIVERED: "letter failed",
    Kind.VISIT: "your visit",
    Kind.DUE: "time has come",
    Kind.OVERDUE: "promise ends",
    Kind.VERIFIED: "fix held",
    Kind.REVIEWED: "call review",
    Kind.POOR: "poor rating",
    Kind.ANNOUNCED: "announcement",
    Kind.MAILBOX: "mailbox unread",
    Kind.CHANGED: "changed",
}
"""Kind → the words that stand beside its sign."""

REASONS: dict[str, str] = {
    Kind.ASSIGNED: "a colleague made a ticket yours",
    Kind.MENTIONED: "a colleague wrote your @login",
    Kind.REOPENED: "what was solved did not work, or is open again",
    Kind.REPLIED: "the customer of your ticket wrote",
    Kind.FILED: "a machine's mail came to it, or to your group's, and moved nothing",
    Kind.ALARM: "an urgent ticket came, or one became urgent, and nobody has it yet",
    Kind.HANDED: "it went to your group and nobody has it yet",
    Kind.NEW: "a ticket came for your group, or for no group",
    Kind.APPROVAL: "the approval your ticket waits for was answered",
    Kind.UNDELIVERED: "a letter to your customer, or letters of your release, did not arrive",
    Kind.VISIT: "a visit of yours was agreed on or changed, is about to begin, or is over",
    Kind.DUE: "the time a ticket waited for, or of a promise, has come",
    Kind.OVERDUE: "the promise to your customer is about to be broken",
    Kind.VERIFIED: "the fix of your problem held: it counts as verified",
    Kind.REVIEWED: "a colleague reviewed how your call went, or answers to your review",
    Kind.POOR: "a customer gave your ticket 1 or 2 of 5; managers: how many last week",
    Kind.ANNOUNCED: "your announcement is in trouble: letters fail, or it ended too early",
    Kind.MAILBOX: "no mail can be taken from a mailbox of your group, or of everybody",
    Kind.CHANGED: "a colleague did something on your ticket",
}
"""Kind → why the technician is told, for whoever chooses."""

SIGNS: dict[str, str] = {
    Kind.ASSIGNED: "→",
    Kind.MENTIONED: "@",
    Kind.REOPENED: "↺",
    Kind.REPLIED: "✎",
    Kind.FILED: "⚙",
    Kind.ALARM: "!",
    Kind.HANDED: "»",
    Kind.NEW: "+",
    Kind.APPROVAL: "?",
    Kind.UNDELIVERED: "✗",
    Kind.VISIT: "⌂",
    Kind.DUE: "▹",
    Kind.OVERDUE: "◷",
    Kind.VERIFIED: "✓",
    Kind.REVIEWED: "¶",
    Kind.POOR: "☆",
    Kind.ANNOUNCED: "‼",
    Kind.MAILBOX: "⊘",
    Kind.CHANGED: "·",
}
"""Kind → its sign; never without the words."""

DEFAULT: tuple[Kind, ...] = tuple(one for one in Kind if one not in (Kind.CHANGED, Kind.NEW))
"""What technicians are told of who chose nothing: not every new ticket and every change."""


DIRECTED: frozenset[str] = frozenset(Kind) - {
    Kind.ALARM,
    Kind.HANDED,
    Kind.NEW,
    Kind.CHANGED,
}
"""What is for one person alone; of the rest only what is urgent is said aloud."""


NOBODYS = (Kind.ALARM, Kind.NEW)
"""What is news only while nobody owns the ticket."""
POOR = (1, 2)
"""Ratings, of 5, after which somebody is told and a call is proposed."""
EVERYBODY = 0
"""Stands for a group: every technician, for a ticket that lies in no group."""


class Happened(NamedTuple):
    """One ledger entry of a ticket that may be news for somebody."""

    ticket: int
    entry: int
    event: str
    doers: frozenset[str]
    """Whoever did it, by login; `customer` where it is the customer's own word."""
    public: bool
    urgent: bool
    """Whether the ticket is."""
    owner: str | None
    owner_before: str | None
    group: int | None
    """The group it went to by this entry, or `EVERYBODY`, where nobody owns it now."""
    alarming: bool
    """It became urgent by this entry, and nobody owns it."""
    named: tuple[str, ...]
    """Logins written as `@login` in the words of a technician."""
    data: Mapping[str, object]


class News(NamedTuple):
    """One technician is told of one entry."""

    login: str
    kind: Kind
    urgent: bool
    ticket: int | None
    """None where it is about something else: the entry tells of what."""
    entry: int
    """0 where time alone made it."""
    said: str = ""
    """What is told where there is neither ticket nor entry."""


class Rule(NamedTuple):
    """A row of the table."""

    kind: Kind
    to: Callable[[Happened, Callable[[int], Sequence[str]]], Iterable[str | None]]
    """Gives the logins; the second argument knows the members of a group."""
    when: Callable[[Happened], bool]

    @property
    def reason(self) -> str:
        """Why the technician is told."""
        return REASONS[self.kind]


def _owner(one: Happened, _: object) -> Iterable[str | None]:
    return (one.owner,)


def _owners(one: Happened, _: object) -> Iterable[str | None]:
    return (one.owner, one.owner_before)


def _named(one: Happened, _: object) -> Iterable[str | None]:
    return one.named


def _members(one: Happened, members: Callable[[int], Sequence[str]]) -> Iterable[str | None]:
    return members(one.group) if one.group is not None else ()


def _whoever_cares(one: Happened, members: Callable[[int], Sequence[str]]) -> Iterable[str | None]:
    return (one.owner,) if one.owner else _members(one, members)


def _visitor(one: Happened, _: object) -> Iterable[str | None]:
    return (str(one.data["technician"]),)


def _came_back(one: Happened) -> bool:
    failed = one.event == Event.VERIFIED and one.data.get("result") == Proof.FAILED
    return one.event == Event.REOPENED or failed


_NOT_HANDED = (Event.OPENED, Event.RESUMED, Event.RECEIVED)
"""What puts a ticket before a group that it lay with already."""
TABLE: tuple[Rule, ...] = (
    Rule(Kind.ASSIGNED, _owner, lambda one: one.owner != one.owner_before),
    Rule(Kind.MENTIONED, _named, lambda one: bool(one.named)),
    Rule(Kind.REOPENED, _owner, _came_back),
    Rule(
        Kind.REPLIED,
        _owner,
        lambda one: (
            (one.event == Event.RECEIVED and one.public)
            or (one.event == Event.VISIT and "customer" in one.doers)
        ),
    ),
    Rule(
        Kind.FILED,
        _whoever_cares,
        lambda one: one.event == Event.RECEIVED and bool(one.data.get("machine")),
    ),
    Rule(Kind.ALARM, _members, lambda one: one.alarming),
    Rule(
        Kind.HANDED,
        _members,
        lambda one: one.group not in (None, EVERYBODY) and one.event not in _NOT_HANDED,
    ),
    Rule(Kind.NEW, _members, lambda one: one.group is not None and one.event == Event.OPENED),
    Rule(
        Kind.APPROVAL,
        _owner,
        lambda one: one.event == Event.APPROVAL and one.data.get("approval") != Approval.ASKED,
    ),
    Rule(
        Kind.UNDELIVERED,
        _owner,
        lambda one: bool(one.data.get("undelivered")),
    ),
    Rule(Kind.VISIT, _visitor, lambda one: one.event == Event.VISIT and "technician" in one.data),
    Rule(
        Kind.DUE,
        _whoever_cares,
        lambda one: one.event == Event.RESUMED and "desk" in one.doers,
    ),
    Rule(
        Kind.POOR,
        _whoever_cares,
        lambda one: one.event == Event.RATED and one.data.get("score") in POOR,
    ),
    Rule(
        Kind.CHANGED,
        _owners,
        lambda one: not one.doers & PROCESSES,
    ),
)
"""Every rule, the weightier first; a technician hears of an entry by the first that fits."""

_MENTION = pattern(r"(?<![\w.@+-])@([A-Za-z0-9][A-Za-z0-9._@-]{0,63})")
MOST_NAMED = 50


def mentions(text: str) -> tuple[str, ...]:
    """Give the logins that a text names with `@login`; a mail address names nobody."""
    if "@" not in text:
        return ()
    found = (match.rstrip("._-@") for match in _MENTION.findall(text))
    return tuple(dict.fromkeys(found))[:MOST_NAMED]


def news_of(one: Happened, members: Callable[[int], Sequence[str]]) -> list[News]:
    """Give who is told of an entry and why, each once; those who did it are never told."""
    if one.event == Event.UNDONE:
        return []
    told: dict[str, News] = {}
    for rule in TABLE:
        if not rule.when(one):
            continue
        for login in rule.to(one, members):
            if login and login not in one.doers and login not in told:
                urgent = one.urgent and rule.kind != Kind.CHANGED
                told[login] = News(login, rule.kind, urgent, one.ticket, one.entry)
    return list(told.values())


_WEIGHT = {kind: place for place, kind in enumerate(Kind)}


def weightiest(news: Iterable[News]) -> list[News]:
    """Give one for each technician and ticket of an operation: the weightiest."""
    best: dict[tuple[str, int | None], News] = {}
    for one in news:
        known = best.get((one.login, one.ticket))
        if known is None or _WEIGHT[one.kind] < _WEIGHT[known.kind]:
            best[one.login, one.ticket] = one
    return list(best.values())


def kinds_of(stored: str | None) -> tuple[str, ...]:
    """Give the kinds a technician wants to hear of, from what is stored; None is the default."""
    if stored is None:
        return DEFAULT
    return tuple(kind for kind in Kind if kind in stored.split(","))


class Pending(NamedTuple):
    """A notice that no letter has told of yet."""

    id: int
    urgent: bool
    at: datetime


class Manner(NamedTuple):
    """How a technician wants to hear by mail."""

    mail: str
    """at-once, digest or none."""
    focus_until: datetime | None
    window: timedelta
    """So long the first of several waits for the others."""
    digest_at: time
    """When the daily overview leaves, in the desk's zone."""
    zone: tzinfo


def due(pending: Sequence[Pending], manner: Manner, now: datetime) -> tuple[int, ...]:
    """Give the notices that one letter is to tell of now; none where it is not yet time.

    Urgent ones go alone and never wait (C5). The rest wait for focus time to end, then for the
    window or the day's overview, and go together.
    """
    if manner.mail == "none":
        return ()
    urgent = tuple(one.id for one in pending if one.urgent)
    if urgent:
        return urgent
    focused = manner.focus_until is not None and now < manner.focus_until
    if focused or not pending:
        return ()
    oldest = min(one.at for one in pending)
    if now >= _leaves(oldest, manner):
        return tuple(one.id for one in pending)
    return ()


def _leaves(oldest: datetime, manner: Manner) -> datetime:
    """Give when a letter leaves whose oldest notice is of that time."""
    if manner.mail != "digest":
        return oldest + manner.window
    local = oldest.astimezone(manner.zone)
    today = datetime.combine(local.date(), manner.digest_at, manner.zone)
    if today > local:
        return today
    return datetime.combine(local.date() + timedelta(days=1), manner.digest_at, manner.zone)
