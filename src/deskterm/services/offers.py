"""The service offer as its customers read it (H8): what is in force, in their words."""

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.audience import Audience
from deskterm.domain.clock import to_text
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.shares import Share
from deskterm.domain.vocabulary import Event
from deskterm.mail.words import OFFER_BUSINESS, OFFER_UNITS, OFFER_WORDS
from deskterm.reports.figures import BY_NAME, Part
from deskterm.reports.periods import period
from deskterm.reports.pruning import ACCEPTED, DECLINED, Limits, Use, facts, pruning_sheet
from deskterm.services.figured import end_of, values
from deskterm.services.news_letters import ToReader, write_news
from deskterm.services.records import keeper
from deskterm.storage.desk_settings import values as settings
from deskterm.storage.held_row import HeldRow
from deskterm.storage.names import number_of, unknown
from deskterm.storage.reads import measures
from deskterm.storage.reads.asked import Asked, desk_zone
from deskterm.storage.reads.audience import members
from deskterm.storage.reads.measures import Which
from deskterm.storage.reads.offers import (
    OfferText,
    Reader,
    Seen,
    in_force,
    readers,
    service_use,
    told_wordings,
)
from deskterm.storage.reads.register import on_services
from deskterm.triage.people_terms import audience

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deskterm.domain.rows import Done
    from deskterm.reports.figures import Value
    from deskterm.reports.sheet import Sheet
    from deskterm.services.acting import Acting
    from deskterm.services.letters import Letters
    from deskterm.storage.driver import Database
    from deskterm.storage.work import Work

QUARTER = "90d"
NONE = Share(0, 0)
_MET = ("met-pickup", "met-response", "met-solution")
LANGUAGES = tuple(OFFER_WORDS)
_USE = ("logged", "worked", "satisfied", *_MET)


class OfferPage(NamedTuple):
    """One offer as its customers read it."""

    number: int
    name: str
    description: str
    facts: "Sequence[tuple[str, str]]"
    """(what it is, in words)."""

    @property
    def words(self) -> str:
        """Give it as a letter has it."""
        said = [self.name, *([self.description.strip()] if self.description.strip() else [])]
        return "\n".join([*said, *(f"- {name}: {text}" for name, text in self.facts)])

    @property
    def wording(self) -> str:
        """Give a mark of its words: whoever was told them is not told them again."""
        return sha256(self.words.encode()).hexdigest()[:16]


class Telling(NamedTuple):
    """Who is written to of the offer, and what each of them reads."""

    audience: Audience
    pages: "Mapping[int, Sequence[OfferPage]]"
    """Person → the offers that are for them."""


class Offers:
    """Use cases on the offer as a whole; each one is a record."""

    def __init__(self, desk: "Acting", letters: "Letters") -> None:
        self._desk = desk
        self._letters = letters

    def pruned(self, when: str = QUARTER, back: int = 0) -> "Sheet":
        """Give each service with its use in a period, so many earlier; UsageError."""
        return pruned(self._desk, when, back)

    def decide(
        self, service: str, *, accept: bool, why: str = "", when: str = QUARTER, how: How = NOW
    ) -> "Done":
        """Keep a decision on what is proposed of a service in a period: taken up, or turned down.

        A decision that the board is still asked, or that was taken by the same words, gets the
        answer; else one is made. Nothing but the decision is changed. Raises UsageError,
        NotFoundError, RefusedError where nothing is proposed.
        """
        sheet = pruned(self._desk, when)
        names = {row.cells["service"].text.casefold(): row for row in sheet.rows}
        row = names.get(service.strip().casefold())
        if row is None:
            near = [one.cells["service"].text for one in sheet.rows]
            raise NotFoundError(unknown("service", service[:60], near, "deskterm service list"))
        name = row.cells["service"].text
        if not row.told:
            raise RefusedError(f"nothing is proposed of {name}: see `deskterm offer prune`.")
        answer = ACCEPTED if accept else DECLINED
        given = {
            "service": name,
            "words": facts(row, sheet.title),
            "answer": f"{answer} {why.strip()}".strip(),
            "taken_by": self._desk.me,
            "taken": "today",
        }

        def change(work: "Work") -> None:
            known = on_services(work.spine).get(number_of(work.spine, "service", name))
            fresh = f"Service {name[:120]}: {row.told[0].partition(':')[0]}"
            asked = known is not None and (not known.answer or known.name == fresh)
            called = known.name if known is not None and asked else fresh
            keeper("decision", self._desk.me).put(work, called, given)

        return self._desk.do("offer decide", how, change)

    def audience(self, query: str) -> Audience:
        """Give who would be written to of the offer, who not and why; raises QueryError."""
        with self._desk.store.reading() as database, database.snapshot():
            return telling(database, query).audience

    def tell(self, query: str, how: How = NOW) -> "Done":
        """Write to an audience what is offered to each of them, in their language, once a wording.

        Contracts of others are in nobody's letter. Raises QueryError.
        """

        def change(work: "Work") -> None:
            found = telling(work.spine, query)
            told: dict[int, dict[str, str]] = {}
            many = []
            for one in found.audience.told:
                pages = found.pages[one.person_id]
                for page in pages:
                    key = f"{page.wording}/{one.person_id}"
                    told.setdefault(page.number, {})[key] = to_text(work.at)
                many.append(ToReader(one, {"said": "\n\n".join(page.words for page in pages)}))
            known = told_wordings(work.spine, [one.person_id for one in found.audience.told])
            for number, keys in told.items():
                row = HeldRow(work, "offer", number)
                row.put_new("told", _fresh(number, keys, known))
                row.write(Event.MAIL, f"Told {len(keys)} people what is offered.")
            write_news(work, self._letters, "news_offer", many)

        return self._desk.do("offer publish", how, change)

    def markdown(self, organisation: str = "", language: str = "") -> str:
        """Give the offer that is in force today as Markdown, with the contracts of one client.

        Contracts of others are never in it. `language`: en, de, fr or es; empty: the desk's. Raises
        NotFoundError, UsageError.
        """
        with self._desk.store.reading() as database, database.snapshot():
            today = clock.now().astimezone(desk_zone(database)).date().isoformat()
            found = in_force(database, today, organisation)
            words = OFFER_WORDS[_language(database, language)]
            pages = published(database, organisation, language)
        head = [f"# {found.desk}: {words['title']}", "", f"{words['as_of']} {today}.", ""]
        if found.mission:
            head += [plain(found.mission), ""]
        blocks = [line for one in pages for line in _block(one)]
        return "\n".join([*head, *(blocks or [words["nothing"], ""])])


def pruned(desk: "Acting", when: str = QUARTER, back: int = 0) -> "Sheet":
    """Give each service with its use in a period and what is proposed of it (H8).

    A service that stands out by the limits of the settings is proposed to the review board;
    nothing is changed. Raises UsageError.
    """
    with desk.store.reading() as database, database.snapshot():
        asked = Asked(me=desk.me, now=clock.now())
        zone = desk_zone(database)
        span = period(when, asked.now.astimezone(zone).date(), zone).moved(-back)
        which = Which(span.start, end_of(span, asked), split="service")
        found = values(database, [BY_NAME[name] for name in _USE], which)
        names = measures.names(database, "service")
        use = service_use(database, span.start, which.high)
        decided = on_services(database)
        known = settings(database)
    limits = Limits(*(int(known[f"offer.{name}"]) for name in Limits._fields))
    uses = [
        _use(desk, number, name, found.get(number, {}), use.get(number, Seen()), which)._replace(
            decided=decided[number].words if number in decided else ""
        )
        for number, name in names.items()
    ]
    whole = sum(each["logged"].many for each in found.values() if "logged" in each)
    return pruning_sheet(f"Services {span.name}", uses, whole, limits, zone)


def _use(
    desk: "Acting", part: Part, name: str, each: "Mapping[str, Value]", seen: Seen, which: Which
) -> Use:
    def tickets() -> list[int]:
        with desk.store.reading() as database:
            return measures.tickets(database, BY_NAME["logged"], which, part)

    promised = [each[one].share or NONE for one in _MET if one in each]
    satisfied = each["satisfied"].share if "satisfied" in each else None
    return Use(
        name,
        each["logged"].many if "logged" in each else 0,
        seen.people,
        (each["worked"].total or 0) if "worked" in each else 0,
        Share(sum(one.hits for one in promised), sum(one.of for one in promised)),
        satisfied or NONE,
        seen.last,
        tickets,
    )


def telling(database: "Database", query: str) -> Telling:
    """Give who is written to of the offer and what each reads; raises QueryError.

    Left out is for whom nothing is, and who was told all of it in these very words.
    """
    found = members(database, audience(query or "everyone"))
    people = [one.person_id for one in found]
    whose, known = readers(database, people), told_wordings(database, people)
    read: dict[Reader, list[OfferPage]] = {}
    pages: dict[int, Sequence[OfferPage]] = {}
    marked = []
    for one in found:
        reader = whose[one.person_id]
        if reader not in read:
            read[reader] = _for_reader(database, reader)
        pages[one.person_id] = read[reader]
        there = {(page.number, page.wording) for page in read[reader]}
        told = bool(there) and there <= known.get(one.person_id, set())
        why = "told before" if told else "" if there else "nothing is offered to them"
        marked.append(one if one.status or not why else one._replace(status=why))
    return Telling(Audience(query.strip() or "everyone", marked), pages)


def _for_reader(database: "Database", reader: Reader) -> list[OfferPage]:
    spoken = reader.language if reader.language in LANGUAGES else ""
    today = clock.now().astimezone(desk_zone(database)).date().isoformat()
    return [
        _page(one, _language(database, spoken))
        for one in in_force(database, today, reader.organisation).offers
        if (not one.sites or reader.site in one.sites)
        and (not one.segments or reader.segment.casefold() in map(str.casefold, one.segments))
    ]


def _fresh(
    number: int, keys: "Mapping[str, str]", known: "Mapping[int, set[tuple[int, str]]]"
) -> dict[str, str]:
    """Leave out of what is kept of an offer whoever was told these words before."""
    found = {}
    for key, at in keys.items():
        wording, _, person = key.partition("/")
        if (number, wording) not in known.get(int(person), set()):
            found[key] = at
    return found


def _page(one: OfferText, language: str) -> OfferPage:
    return OfferPage(one.number, one.name, one.description, _facts(one, language))


def published(database: "Database", organisation: str = "", language: str = "") -> list[OfferPage]:
    """Give what is offered today to everybody and to one client; NotFoundError, UsageError."""
    spoken = _language(database, language)
    today = clock.now().astimezone(desk_zone(database)).date().isoformat()
    found = in_force(database, today, organisation).offers
    return [_page(one, spoken) for one in found]


def _language(database: "Database", language: str) -> str:
    """Give the language asked for, else the desk's where we have its words, else English."""
    if not language:
        own = str(settings(database)["mail.language"])[:2]
        return own if own in LANGUAGES else LANGUAGES[0]
    if language not in LANGUAGES:
        raise UsageError(f"in {language[:40]!r}? Say one of {', '.join(LANGUAGES)}.")
    return language


def _block(one: OfferPage) -> list[str]:
    lines = [f"## {plain(one.name)}", ""]
    if one.description:
        lines += [plain(one.description), ""]
    return [*lines, *(f"- {name}: {plain(text)}" for name, text in one.facts), ""]


def _facts(one: OfferText, language: str) -> list[tuple[str, str]]:
    """Give who may ask, how, in which hours, what is promised, what it costs."""
    words = OFFER_WORDS[language]
    said = {
        "for": ", ".join(name for name in (one.organisation, *one.sites, *one.segments) if name),
        "service": one.service,
        "channels": ", ".join(one.channels),
        "hours": one.hours,
        "group": one.group,
        "cost": one.cost,
    }
    for kind in ("pickup", "response", "solution"):
        usual, urgent = (
            target_in_words(one.targets[name], language) for name in (kind, f"{kind}_urgent")
        )
        both = f"{usual or words['agreed']}; {words['urgent']}: {urgent}" if urgent else usual
        said[kind] = both
    for need in ("budget", "approval"):
        said[need] = target_in_words(one.targets[need], language)
    return [(words[name], text) for name, text in said.items() if text]


def target_in_words(text: str, language: str = "en") -> str:
    """Give a target as a customer reads it: `4 business hours`, `15 minutes, around the clock`."""
    if text in ("", "none"):
        return ""
    around = text.endswith(" always")
    parts, number = [], ""
    for sign in text.removesuffix(" always"):
        if sign.isdigit():
            number += sign
            continue
        business = {} if around else OFFER_BUSINESS[language]
        names = business.get(sign) or OFFER_UNITS[language][sign]
        parts.append(f"{int(number)} {names[int(number) != 1]}")
        number = ""
    return ", ".join([*parts, *([OFFER_WORDS[language]["around"]] if around else [])])


def plain(text: str) -> str:
    """Give a text that means nothing to Markdown: no heading, link, picture or tag comes of it."""
    lines = [
        "".join(f"\\{sign}" if sign in "\\`*_[]<>#|!" else sign for sign in line.strip())
        for line in text.split("\n")
    ]
    return "\n".join(lines)
