"""Bursts made one incident (C4), owners told before they call (G5), what hurts most (F3)."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.clock import to_text
from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.problems import Outbreak, OwnerRow, ProblemView
from deskterm.domain.rows import Done
from deskterm.domain.vocabulary import Event
from deskterm.reports.queue import Place, Wanted, place, queue
from deskterm.services import crossing
from deskterm.services.crossing import owned
from deskterm.services.news_letters import ToReader, in_batches, write_news
from deskterm.services.problems.records import Fitting
from deskterm.services.tickets.operation import done
from deskterm.storage import announcements, problems
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import arrivals
from deskterm.storage.reads import problems as reads
from deskterm.storage.reads.clients import of_people
from deskterm.storage.reads.problem_pages import cases, hurts, returned
from deskterm.storage.reads.problems import owners, wording
from deskterm.storage.store import Store
from deskterm.storage.work import RepeatedError, Work
from deskterm.triage.bursts import Burst, bursts
from deskterm.triage.likeness import words

if TYPE_CHECKING:
    from deskterm.reports.problem_page import ProblemPage
    from deskterm.storage.row_parts import Stored


_WORD = pattern(r"[^\W_]+")


class Outbreaks(Fitting):
    """Use cases of bursts."""

    def outbreaks(self) -> list[Outbreak]:
        """Give the bursts under way, the clearest first; nothing is changed."""
        now = clock.now()
        with self.store.reading() as database:
            found = bursts(now, arrivals.arrivals(database, now))
            return [_outbreak(one, arrivals.subjects(database, one.tickets[:200])) for one in found]

    def incident(
        self,
        tickets: Sequence[int],
        title: str,
        announcement: str = "",
        *,
        urgent: bool = False,
        how: How = NOW,
    ) -> Done:
        """Make like tickets one incident: a suspected problem, all linked, and announced.

        Without an announcement nothing is said on the boards; `urgent` makes all of them so. One
        operation, one undo.
        """
        if not tickets:
            raise UsageError("which tickets are the incident? None was named.")
        try:
            with self.tickets.working("problem", how) as work:
                facts = owned(work, {"title": title.strip()}, tickets)
                number = problems.create(work, facts)
                self.join(work, number, tickets, urgent=urgent, across=how.across)
                if announcement.strip():
                    row = HeldRow(work, "announcement", None)
                    announcements.begin(row, announcement)
                    row.set(problem_id=number, letters=False)
                    announcements.announce(work, row)
        except RepeatedError as repeated:
            return self.tickets.repeated("problem", repeated.operation_id)
        return done("problem", work, tickets).about("problem", number)


def _outbreak(burst: Burst, subjects: Sequence[str]) -> Outbreak:
    kind, name = burst.key
    label = name if kind == "category" else _written(name, subjects)
    said = Counter(" ".join(subject.split()) for subject in subjects)
    title = said.most_common(1)[0][0] if said else label
    return Outbreak(
        label=label,
        title=title,
        tickets=burst.tickets,
        hours=burst.hours,
        usual=burst.usual,
        tail=burst.tail,
        people=burst.people,
        began=burst.began,
    )


def _written(stem: str, subjects: Sequence[str]) -> str:
    """Give a stem as most of the subjects write it: `VPN` for `vpn`."""
    found: Counter[str] = Counter()
    for subject in subjects:
        for token in set(_WORD.findall(subject[:200])):
            if any(one == stem for one, _ in words(token)):
                found[token] += 1
    return found.most_common(1)[0][0] if found else stem


TEMPLATE = "news_incident"


class Problems(Outbreaks):
    """The use cases of problems, telling people among them."""

    def queue(self, asked: str = "") -> "list[Place]":
        """Give the developer queue: the live problems by what they cost (F3)."""
        return developer_queue(self.store, asked)

    def page(self, number: int) -> "ProblemPage":
        """Give all that is known of a problem, with cost and history; raises NotFoundError."""
        from deskterm.storage.reads.problem_pages import page

        with self.store.reading() as database, database.snapshot():
            return page(database, number, clock.now())

    def merge(self, number: int, into: int, how: How = NOW) -> Done:
        """Let two problems be one; the second stays. RefusedError where it has ended."""
        from deskterm.services.problems.joining import merge

        return merge(self.tickets, number, into, how)

    def split(self, number: int, parted: "Sequence[int]", title: str, how: How = NOW) -> Done:
        """Make some tickets of a problem a problem of their own."""
        from deskterm.services.problems.joining import split

        return split(self.tickets, number, parted, title, how)

    def owners(self, number: int) -> list[OwnerRow]:
        """Give whose devices fit a problem, with whom has been told; raises NotFoundError."""
        with self.store.reading() as database, database.snapshot():
            return owners(database, reads.view(database, number))

    def letter(self, number: int) -> str:
        """Give the letter as it would be written, to nobody in particular."""
        from deskterm.mail.news import NewsLetter, render_news
        from deskterm.services.outbox.public_view import read_edited, read_face

        with self.store.reading() as database, database.snapshot():
            view = reads.view(database, number)
            face, edited = read_face(database), read_edited(database)
        letter = render_news(NewsLetter(TEMPLATE, "…", _said(view, "…")), face, edited)
        return f"{letter.subject}\n\n{letter.text.rstrip()}"

    def tell(self, number: int, how: How = NOW) -> Done:
        """Write one letter each to the owners who were not told these words and have no ticket.

        Once a person and wording: doing it again tells only who is new, and others once title or
        workaround say something else. Many are told in batches.
        """
        wanted = [one for one in self.owners(number) if not one.status]
        return in_batches(wanted, how, lambda some, each: self._tell(number, some, each))

    def _tell(self, number: int, some: "Sequence[OwnerRow]", how: How) -> Done:
        try:
            with self.tickets.working("tell", how) as work:
                row = problems.locked(work, number)
                view = reads.view(work.spine, number)
                words = wording(view)
                told = problems.told_words(work.spine, number, [one.person_id for one in some])
                wanted = [one for one in some if told.get(one.person_id) not in (words, "")]
                wanted = _of_client(work, row["organisation_id"], wanted, across=how.across)
                at: Stored = [to_text(work.at), words]
                row.put_new(
                    "told", {str(one.person_id): at for one in wanted if one.person_id not in told}
                )
                for one in wanted:
                    if one.person_id in told:
                        row.put(f"told.{one.person_id}", at)
                if wanted:
                    row.write(Event.MAIL, f"Told {len(wanted)} owners of devices that fit.")
                many = (ToReader(one, _said(view, one.device)) for one in wanted)
                write_news(work, self.tickets.letters, TEMPLATE, many)
        except RepeatedError as repeated:
            return self.tickets.repeated("tell", repeated.operation_id)
        return done("tell", work, ()).about("problem", number)


def _of_client(
    work: Work, whose: int | None, wanted: "list[OwnerRow]", *, across: bool
) -> "list[OwnerRow]":
    """Leave out people of other clients, where the problem is one client's."""
    known = crossing.of_work(work)
    if across or known.whose(whose) is None:
        return wanted
    theirs = of_people(work.spine, [one.person_id for one in wanted])
    return [one for one in wanted if known.reaches(whose, theirs[one.person_id])]


def _said(view: ProblemView, device: str) -> dict[str, str]:
    return {"said": view.title, "workaround": view.workaround, "device": device}


def developer_queue(store: Store, asked: str = "") -> list[Place]:
    """Give the live problems in the order of what they cost; `asked` keeps those it fits.

    See `Wanted.read`: with a group or an organisation only their tickets count. UsageError.
    """
    now, wanted = clock.now(), Wanted.read(asked)
    with store.reading() as database, database.snapshot():
        tickets, back, known = hurts(database, now), returned(database), cases(database)
    found = []
    for case in filter(wanted.fits, known):
        own = [one for one in tickets.get(case.id, ()) if wanted.counts(one)]
        if own or not (wanted.group or wanted.org):
            found.append(place(case, own, now, back.get(case.id, 0)))
    return queue(found)
