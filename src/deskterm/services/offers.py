"""The service offer as its customers read it (H8): what is in force, in their words."""

from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.reads.offers import OfferText, in_force

if TYPE_CHECKING:
    from deskterm.services.acting import Acting

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
