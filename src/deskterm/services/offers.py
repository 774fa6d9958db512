"""The service offer as its customers read it (H8): what is in force, in their words."""

from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.shares import Share
from deskterm.reports.figures import BY_NAME
from deskterm.reports.periods import period
from deskterm.reports.pruning import Limits, Use, pruning_sheet
from deskterm.services.figured import end_of, values
from deskterm.storage.desk_settings import values as settings
from deskterm.storage.reads import measures
from deskterm.storage.reads.asked import Asked, desk_zone
from deskterm.storage.reads.measures import Part, Which
from deskterm.storage.reads.offers import OfferText, Seen, in_force, service_use

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.reports.figures import Value
    from deskterm.reports.sheet import Sheet
    from deskterm.services.acting import Acting

QUARTER = "90d"
NONE = Share(0, 0)
_MET = ("met-pickup", "met-response", "met-solution")
_USE = ("logged", "worked", "satisfied", *_MET)

_TARGETS = (
    ("pickup", "picked up within"),
    ("response", "answered within"),
    ("solution", "solved within"),
)
_UNITS = {"m": ("minute", "minutes"), "h": ("hour", "hours"), "d": ("day", "days")}


class Offers:
    """Use cases on the offer as a whole; each one is a record."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def pruned(self, when: str = QUARTER) -> "Sheet":
        """Give each service with its use in a period and what is proposed of it (H8).

        A service that stands out by the limits of the settings is proposed to the review board;
        nothing is changed. Raises UsageError.
        """
        with self._desk.store.reading() as database, database.snapshot():
            asked = Asked(me=self._desk.me, now=clock.now())
            zone = desk_zone(database)
            span = period(when, asked.now.astimezone(zone).date(), zone)
            which = Which(span.start, end_of(span, asked), split="service")
            found = values(database, [BY_NAME[name] for name in _USE], which)
            names = measures.names(database, "service")
            use = service_use(database, span.start, which.high)
            known = settings(database)
        limits = Limits(*(int(known[f"offer.{name}"]) for name in Limits._fields))
        uses = [
            self._use(number, name, found.get(number, {}), use.get(number, Seen()), which)
            for number, name in names.items()
        ]
        whole = sum(each["logged"].many for each in found.values() if "logged" in each)
        return pruning_sheet(f"Services {span.name}", uses, whole, limits, zone)

    def _use(
        self, part: Part, name: str, each: "Mapping[str, Value]", seen: Seen, which: Which
    ) -> Use:
        def tickets() -> list[int]:
            with self._desk.store.reading() as database:
                return measures.tickets(database, BY_NAME["logged"], which, part)

        promised = [each[one].share or NONE for one in _MET if one in each]
        satisfied = each["satisfied"].share if "satisfied" in each else None
        return Use(
            name,
            each["logged"].many if "logged" in each else 0,
            seen.people,
            (each["worked"].seconds or 0) if "worked" in each else 0,
            Share(sum(one.hits for one in promised), sum(one.of for one in promised)),
            satisfied or NONE,
            seen.last,
            tickets,
        )

    def markdown(self, organisation: str = "") -> str:
        """Give the offer that is in force today as Markdown, with the contracts of one client.

        Contracts of others are never in it. Raises NotFoundError.
        """
        with self._desk.store.reading() as database, database.snapshot():
            today = clock.now().astimezone(desk_zone(database)).date()
            found = in_force(database, today.isoformat(), organisation)
        head = [f"# {found.desk}: what we offer", "", f"As of {today.isoformat()}.", ""]
        if found.mission:
            head += [plain(found.mission), ""]
        blocks = [line for one in found.offers for line in _block(one)]
        return "\n".join([*head, *(blocks or ["Nothing is published yet.", ""])])


def _block(one: OfferText) -> list[str]:
    """Give one offer: who may ask, how, in which hours, what is promised, what it costs."""
    lines = [f"## {plain(one.name)}", ""]
    if one.description:
        lines += [plain(one.description), ""]
    facts = (
        ("For", ", ".join(name for name in (one.organisation, one.site, one.segment) if name)),
        ("Service", one.service),
        ("Ask by", ", ".join(one.channels)),
        ("Hours", one.hours),
        ("Answers for it", one.group),
        ("Costs", one.cost),
    )
    lines += [f"- {name}: {plain(text)}" for name, text in facts if text]
    for kind, words in _TARGETS:
        usual, urgent = (target_in_words(one.targets[name]) for name in (kind, f"{kind}_urgent"))
        if usual or urgent:
            both = f"{usual or 'as agreed'}; urgent: {urgent}" if urgent else usual
            lines.append(f"- {words.capitalize()}: {both}")
    for need in ("budget", "approval"):
        longer = target_in_words(one.targets[need])
        if longer:
            lines.append(
                f"- Solved within, where it requires a {need}: {longer}".replace("a app", "an app")
            )
    return [*lines, ""]


def target_in_words(text: str) -> str:
    """Give a target as a customer reads it: `4 business hours`, `15 minutes, around the clock`."""
    if text in ("", "none"):
        return ""
    around = text.endswith(" always")
    parts, number = [], ""
    for sign in text.removesuffix(" always"):
        if sign.isdigit():
            number += sign
            continue
        business = "" if around or sign == "m" else "business "
        parts.append(f"{int(number)} {business}{_UNITS[sign][int(number) != 1]}")
        number = ""
    return ", ".join([*parts, *(["around the clock"] if around else [])])


def plain(text: str) -> str:
    """Give a text that means nothing to Markdown: no heading, link, picture or tag comes of it."""
    lines = [
        "".join(f"\\{sign}" if sign in "\\`*_[]<>#|!" else sign for sign in line.strip())
        for line in text.split("\n")
    ]
    return "\n".join(lines)
