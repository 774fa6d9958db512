"""The use cases of announcements: said, updated, ended, withdrawn, and whom they fit (G2)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.announcements import AnnouncementKind, AnnouncementRow, AnnouncementState
from deskterm.domain.asking import NOW, How
from deskterm.domain.audience import Audience, Member
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.rows import Done
from deskterm.domain.text import clean, first_words
from deskterm.services.announcements import tips
from deskterm.services.announcements.fitting import fits_person
from deskterm.services.news_letters import Progress, in_batches
from deskterm.services.records import Records, keeper
from deskterm.storage import announcements
from deskterm.storage.reads import announcements as reads
from deskterm.storage.reads.audience import members, some
from deskterm.triage.people_terms import audience, says_what_they_use

if TYPE_CHECKING:
    from icalendar import Event

    from deskterm.services.acting import Acting
    from deskterm.services.letters import Letters
    from deskterm.storage.work import Work


class Announcements:
    """What is said to many, beside the records themselves (`desk.records`)."""

    def __init__(self, desk: "Acting", letters: "Letters") -> None:
        self._desk = desk
        self._letters = letters

    # --- reading ------------------------------------------------------------------------------

    def list(self, *, all_: bool = False) -> Sequence[AnnouncementRow]:
        """Give what is planned or runs, the newest first; `all_`: also what is over."""
        with self._desk.store.reading() as database:
            return reads.rows(database) if all_ else reads.open_now(database, clock.now())

    def show(self, number: int) -> AnnouncementRow:
        """Give one; raises NotFoundError."""
        with self._desk.store.reading() as database:
            return reads.one(database, number)

    def on_boards(self) -> Sequence[AnnouncementRow]:
        """Give what stands on boards: what runs, and what begins within a day."""
        with self._desk.store.reading() as database:
            return reads.on_boards(database, clock.now())

    def settled(self, tickets: Sequence[int]) -> Sequence[AnnouncementRow]:
        """Give what is still announced for problems of these tickets of which none is open."""
        with self._desk.store.reading() as database:
            return reads.settled(database, clock.now(), tickets)

    def for_person(self, person: int | None) -> Sequence[AnnouncementRow]:
        """Give what stands on boards and is meant for somebody; what everybody reads for nobody."""
        with self._desk.store.reading() as database:
            found = reads.on_boards(database, clock.now())
            return [one for one in found if fits_person(database, one, person)]

    def audience(self, query: str, kind: str = "") -> Audience:
        """Give who would be written to, who not and why; raises QueryError.

        Of an outage those who want no news are told too, where it names what they use.
        """
        wanted = audience(query.strip() or "everyone")
        despite = kind == AnnouncementKind.OUTAGE and says_what_they_use(wanted)
        with self._desk.store.reading() as database, database.snapshot():
            found = members(database, wanted, despite=despite)
        return Audience(query.strip() or "everyone", found)

    def calendar(self, rows: Sequence[AnnouncementRow]) -> bytes:
        """Give announcements as an iCalendar file."""
        from deskterm.storage.desk_settings import values

        with self._desk.store.reading() as database:
            known = values(database)
        return calendar(rows, (str(known["desk.name"]), str(known["mail.address"])), clock.now())

    # --- saying -------------------------------------------------------------------------------

    def new(self, text: str, values: Mapping[str, str] | None = None, how: How = NOW) -> Done:
        """Announce something: fields are those of the record; without `to` on boards only."""
        return Records(self._desk).add("announcement", text, dict(values or {}), how)

    def update(
        self,
        number: int,
        text: str,
        values: Mapping[str, str] | None = None,
        how: How = NOW,
        seen: int | None = None,
    ) -> Done:
        """Say what is new: it takes the place of what was said, and is told once.

        `seen` is how many updates somebody saw; raises ConflictError where there was another.
        """
        given = {**(values or {}), **({"text": text} if text.strip() else {})}
        if not given:
            raise UsageError("what is new? An update says something else than what is announced.")

        def change(work: "Work") -> None:
            announcements.check_seen(work, number, seen)
            keeper("announcement", self._desk.me).put(work, str(number), given)

        return self._change("announce", how, change)

    def end(self, number: int, words: str = "", how: How = NOW) -> Done:
        """End what runs, with a closing word to those who were told; raises RefusedError."""
        return self._change("announce", how, lambda work: announcements.end(work, number, words))

    def withdraw(self, number: int, reason: str, how: How = NOW) -> Done:
        """Take back what is planned or was said in error; whoever was told is told why."""
        row = self.show(number)
        if row.told and not reason.strip():
            raise RefusedError(
                f"why is it withdrawn? {row.told} letters told of it, and they tell why (--reason)."
            )
        return self._change(
            "announce", how, lambda work: announcements.withdraw(work, number, reason)
        )

    def over(self, number: int, words: str = "", how: How = NOW) -> Done:
        """End it where it runs, withdraw it where it has not begun."""
        state = self.show(number).state(clock.now())
        over = self.withdraw if state == AnnouncementState.PLANNED else self.end
        return over(number, words, how)

    # --- tips and the welcome -----------------------------------------------------------------

    def tip_audience(self, solution: int, query: str) -> Audience:
        """Give who would get the tip of a solution, who not and why; raises QueryError."""
        with self._desk.store.reading() as database, database.snapshot():
            return tips.tip_audience(database, solution, query)

    def tip(
        self, solution: int, query: str, how: How = NOW, progress: Progress | None = None
    ) -> Done:
        """Write the tip of a solution to an audience, once a person; raises RefusedError.

        Many are told in batches.
        """
        letters, wanted = self._letters, self.tip_audience(solution, query).told

        def write(some: "Sequence[Member]", how: How) -> Done:
            return self._change(
                "tip", how, lambda work: tips.tell_tip(work, letters, solution, some)
            )

        return in_batches(wanted, how, write, progress)

    def welcome_audience(self, query: str) -> Audience:
        """Give who would be welcomed, who not and why; raises QueryError."""
        with self._desk.store.reading() as database, database.snapshot():
            return tips.welcome_audience(database, query)

    def welcome(self, query: str, how: How = NOW, progress: Progress | None = None) -> Done:
        """Write the welcome letter to whoever never got it, with the best tips; many in batches."""
        return self._welcome(self.welcome_audience(query).told, how, progress)

    def _welcome(
        self, people: "Sequence[Member]", how: How, progress: Progress | None = None
    ) -> Done:
        letters = self._letters

        def write(some: "Sequence[Member]", how: How) -> Done:
            return self._change("welcome", how, lambda work: tips.welcome(work, letters, some))

        return in_batches(people, how, write, progress)

    def welcoming(
        self, given: Iterable[tuple[int, Mapping[str, str]]], where: str, how: How = NOW
    ) -> Done:
        """Take people from a file's rows, then welcome those who are new; gives the welcome.

        Two operations: undo takes the letters back, or the people whom nobody was written to.
        """
        with self._desk.store.reading() as database:
            newest = reads.newest_person(database)
        taken = Records(self._desk).load("person", given, where, how)
        if taken.dry or taken.repeated:
            return taken
        fresh = [one for one in taken.of("person") if one > newest]
        with self._desk.store.reading() as database:
            people = some(database, fresh)
        return self._welcome(people, NOW._replace(actor=how.actor))

    def _change(self, kind: str, how: How, change: "Callable[[Work], object]") -> Done:
        return self._desk.do(kind, how, change)


_UNKNOWN = timedelta(hours=1)
"""How long something is shown of which nobody knows when it ends."""


def calendar(rows: Sequence[AnnouncementRow], desk: tuple[str, str], now: datetime) -> bytes:
    """Give a calendar with an event for each announcement; `desk` is its name and address.

    An event keeps its id, and each update raises its sequence: a calendar that reads the file
    again moves it.
    """
    from icalendar import Calendar

    name, address = desk
    made = Calendar()
    made.add("prodid", "-//deskterm//announcements//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    for row in rows:
        made.add_component(_event(row, address.rpartition("@")[2] or "desk", now))
    return bytes(made.to_ical())


def _event(row: AnnouncementRow, domain: str, now: datetime) -> "Event":
    import icalendar

    event = icalendar.Event()
    event.add("uid", f"announcement-{row.id}@{domain}")
    event.add("sequence", row.updates)
    event.add("dtstamp", now)
    event.add("dtstart", row.from_at)
    event.add("dtend", row.ended_at or row.until_at or row.from_at + _UNKNOWN)
    event.add("summary", clean(first_words(row.text), one_line=True))
    event.add("description", clean(row.text))
    event.add("categories", [row.kind])
    event.add("status", "CANCELLED" if row.withdrawn else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
