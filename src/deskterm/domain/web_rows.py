"""What the web face shows to those who report: frozen rows without anything internal (A9)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from deskterm.domain import choices
from deskterm.domain.records import FieldRow
from deskterm.domain.requests import NewFile


class Visitor(NamedTuple):
    """Who asks for a page, as far as it is proven."""

    person: int = 0
    """0: nobody known."""
    name: str = ""
    address: str = ""
    language: str = ""
    """Such as `de`; empty: not known."""
    organisation: int = 0
    """Theirs; 0: none."""

    @property
    def whose(self) -> str:
        """Give what binds a form to them."""
        return f"p{self.person}" if self.person else self.address

    @property
    def is_known(self) -> bool:
        """Tell whether it is proven who they are."""
        return bool(self.person or self.address)


class OwnFacts(NamedTuple):
    """What the desk knows of a visitor and fills in by itself (A3)."""

    department: str = ""
    location: str = ""
    site: str = ""
    organisation: str = ""
    devices: tuple[tuple[int, str], ...] = ()
    """(number, what it is) of their devices."""


class OwnLine(NamedTuple):
    """A field of the desk's own as the form asks for it of somebody."""

    field: FieldRow
    choices: tuple[str, ...]
    """What goes with the rest of the form; none: any text."""
    needed: bool
    value: str
    """What was filled in: the choice that is meant, where there are any."""
    wrong: str = ""
    """`needed`, `choice` or `long` where it cannot be taken so."""


_NOTHING: Mapping[str, str] = MappingProxyType({})
OWN_LENGTH = 500
"""Characters of a text in a field of the desk's own."""


class OwnForm(NamedTuple):
    """What the form asks of the desk's own fields; other fields cannot be set by it (A6, A9)."""

    fields: Sequence[FieldRow] = ()
    categories: tuple[str, ...] = ()
    """Those on which one of the fields depends: whoever reports says which it is."""
    services: tuple[str, ...] = ()

    def offers(self, category: str, service: str) -> tuple[str, str]:
        """Give category and service as far as they are offered."""
        return (
            category if category in self.categories else "",
            service if service in self.services else "",
        )

    def lines(self, category: str, service: str, given: Mapping[str, str]) -> list[OwnLine]:
        """Give what is asked with this category, service, and these values of fields.

        A field that only some categories or services need is asked for where it is one of these;
        one none of whose choices goes with the rest is not.
        """
        taken = {name: value for name, value in given.items() if value}
        while True:
            known = choices.known_of(category, service, taken)
            asked = (_line(field, (category, service), given, known) for field in self.fields)
            found = [one for one in asked if one is not None]
            kept = {one.field.name: one.value for one in found if one.value and not one.wrong}
            if kept == taken:
                return found
            taken = kept  # a choice goes with what is taken itself, not with what only was sent


def _line(
    field: FieldRow,
    about: tuple[str, str],
    given: Mapping[str, str],
    known: Mapping[str, str],
) -> OwnLine | None:
    wanted = bool(choices.needs(field.required_for, *about))
    always = field.web == choices.NEEDED
    fit = tuple(choices.fitting(field.choices, known))
    if (field.choices and not fit) or (field.required_for and not wanted and not always):
        return None
    value = given.get(field.name, "")
    value = value.strip() if field.choices else " ".join(value.split())
    chosen = choices.meant(fit, value)
    line = OwnLine(field, fit, wanted or always, value if chosen is None else chosen)
    if not value:
        return line._replace(wrong="needed" if line.needed else "")
    if chosen is None:
        return line._replace(wrong="choice")
    return line._replace(wrong="long" if len(value) > OWN_LENGTH else "")


class PageFile(NamedTuple):
    """A file that the public talk carries."""

    id: int
    name: str
    size: int


class PageWords(NamedTuple):
    """One thing that was said, or that happened, as its customer may read it."""

    at: datetime
    who: str
    ours: bool
    """Whether the desk said it."""
    event: str
    text: str
    files: tuple[PageFile, ...] = ()


class PageChoice(NamedTuple):
    """One answer to a question."""

    value: str
    words: str = ""
    """What is offered; empty: what the question's own words say."""
    at: datetime | None = None
    """A time that is offered."""


class PageQuestion(NamedTuple):
    """What the desk asks the reader of a page."""

    kind: str
    """A `mail.answers.Question`."""
    round: int
    """The ledger entry that asks."""
    choices: tuple[PageChoice, ...]
    about: str = ""
    """What is to be approved, or done at the visit."""
    minutes: int = 0


class PageVisit(NamedTuple):
    """A visit whose time is agreed on."""

    at: datetime
    minutes: int
    place: str
    who: str
    what: str


class TicketPage(NamedTuple):
    """A ticket as one of its own people sees it."""

    number: int
    asked_number: int
    """The number that the link named: another one where it was merged."""
    subject: str
    said: str
    state: str
    waiting_for: str
    outcome: str
    urgent: bool
    opened_at: datetime
    role: str
    """requester, watcher or approver."""
    requester: str
    owner: str
    resolution: str
    needs: str
    approver: str
    approval: str
    answer_by: datetime | None
    answer_within: str
    talk: tuple[PageWords, ...]
    files: tuple[PageFile, ...]
    """What came with the first words."""
    questions: tuple[PageQuestion, ...]
    visit: PageVisit | None
    parts: tuple[int, ...]
    """Tickets that were split from it, of the reader's too."""
    announced: tuple[str, ...] = ()
    fields: tuple[tuple[FieldRow, str], ...] = ()
    """Those of the desk's own that its people may see, each with its value."""


class OwnTicket(NamedTuple):
    """One line of somebody's own tickets."""

    number: int
    subject: str
    state: str
    waiting_for: str
    outcome: str
    opened_at: datetime
    link: str = ""
    """The last part of the link to its page."""


class Running(NamedTuple):
    """Something that is announced at the moment."""

    text: str
    from_at: datetime
    until_at: datetime | None


class Report(NamedTuple):
    """What somebody fills into the form."""

    visitor: Visitor
    problem: str
    subject: str = ""
    urgent: bool = False
    who: str = ""
    """The address, or `Name <address>`, that a visitor typed whom nobody knows."""
    needs: str = ""
    """budget or approval, where they say so."""
    approver: str = ""
    device: int = 0
    files: tuple[NewFile, ...] = ()
    category: str = ""
    service: str = ""
    fields: Mapping[str, str] = _NOTHING
    """The desk's own."""


class Reported(NamedTuple):
    """What became of it."""

    number: int
    link: str
    """The last part of the link to its page; empty where the mail must prove who it is first."""
    answer_by: datetime | None = None
    answer_within: str = ""
    told: bool = True
    """Whether a letter was written to them."""


class Look(NamedTuple):
    """How the pages of one client's people look; empty: as all others."""

    name: str
    mission: str
    style: str


class WebFace(NamedTuple):
    """What the desk has settled about its web pages."""

    name: str
    mission: str
    language: str
    zone: str
    url: str
    style: str
    most_bytes: int
    """Of one form with its files."""
    most_parts: int
    """Fields and files of one form."""
    most_per_minute: int
    proxies: tuple[str, ...]
    proxy_header: str
    expect: str
    """What whoever reports may expect, in the desk's own words; empty: those of letters."""
    expect_urgent: str
    frames: tuple[str, ...] = ()
    """Origins whose pages may show the form in a frame."""
    words: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    """Language → key → the desk's own words of the pages."""
    looks: Mapping[int, Look] = MappingProxyType({})
    """Organisation → how its people's pages look, where it differs."""

    def of(self, organisation: int) -> "WebFace":
        """Give the face as one client's people see it."""
        look = self.looks.get(organisation)
        if look is None:
            return self
        return self._replace(
            name=look.name or self.name,
            mission=look.mission or self.mission,
            style=look.style or self.style,
        )
