"""The one place where the parts meet: settings in, a `Desk` out."""

from contextlib import suppress
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from deskterm import known
from deskterm.domain.errors import DatabaseError
from deskterm.services.acting import Acting, who
from deskterm.settings import Settings
from deskterm.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.domain.mail_rows import Asked
    from deskterm.domain.team import May
    from deskterm.services.absences import Absences
    from deskterm.services.admin import Admin
    from deskterm.services.announcements import Announcements
    from deskterm.services.calendars import Calendars
    from deskterm.services.calls import Calls
    from deskterm.services.desk_settings import DeskSettings
    from deskterm.services.drafts import Drafts
    from deskterm.services.guides.endings import Runs
    from deskterm.services.guides.shelf import Guides
    from deskterm.services.handing_over import HandingOver
    from deskterm.services.importing import Importing
    from deskterm.services.inbox.inbox import Inbox
    from deskterm.services.insight import Insight
    from deskterm.services.jobs import Jobs
    from deskterm.services.letters import Letters
    from deskterm.services.mailboxes.admin import Mailboxes
    from deskterm.services.means import Means
    from deskterm.services.notices import Attention, Notices
    from deskterm.services.offers import Offers
    from deskterm.services.outbox.outbox import Outbox
    from deskterm.services.outbox.turn import Turn
    from deskterm.services.people import People
    from deskterm.services.problems import Problems
    from deskterm.services.promises import Promises
    from deskterm.services.records import Records
    from deskterm.services.register import Review
    from deskterm.services.releases import Releases
    from deskterm.services.remote import Remote
    from deskterm.services.search import Search
    from deskterm.services.secrets import Secrets
    from deskterm.services.solutions import Solutions
    from deskterm.services.staff import Staff
    from deskterm.services.tickets.board import Board
    from deskterm.services.tickets.ledger import Ledger
    from deskterm.services.tickets.operation import Tickets
    from deskterm.services.times import Times
    from deskterm.services.trackers import Trackers
    from deskterm.services.triage.accepting import Triage
    from deskterm.services.triage.rules import Rules
    from deskterm.services.visits import Visits
    from deskterm.services.wording import Wording
    from deskterm.storage.changes import Changes


_Made = TypeVar("_Made")


def _of_desk(place: str) -> "cached_property[_Made]":
    """Give a service that is made of the desk alone: `module:class`, imported when first asked."""

    def made(desk: "Desk") -> _Made:
        module, _, name = place.partition(":")
        found: _Made = getattr(import_module(module), name)(desk)
        return found

    return cached_property(made)


class Desk(Acting):
    """The open desk: a service for each noun, imported when first asked for."""

    REPLACED = "the desk's file is another one than last time, under the same name."
    replaced = False
    """Whether it was replaced since this person's last command, which is told once."""

    def __init__(self, settings: Settings, store: Store, me: str) -> None:
        super().__init__(store, me)
        self.settings = settings

    @cached_property
    def may(self) -> "May":
        """What whoever opened it may not change here: all is allowed where the desk is a file."""
        if self.store.dialect == "sqlite":
            from deskterm.domain.team import May

            return May(self.me)
        from deskterm.storage.rights.guards import may

        with self.store.reading() as database:
            return may(database, self.me)

    def ready(self) -> "Desk":
        """Give it with what every screen asks of it read already."""
        _ = self.may
        return self

    @cached_property
    def letters(self) -> "Letters":
        """What writes letters within an operation."""
        from deskterm.services.letters import Letters

        return Letters(self.settings["undo_seconds"])

    @cached_property
    def tickets(self) -> "Tickets":
        """Tickets: opened, shown, and done with what is asked for."""
        from deskterm.services.tickets.operation import Tickets

        tickets = Tickets(self.store, self.me, self.letters)
        if self.settings["hooks"]:
            from deskterm.services.hooks import Guard

            tickets.guard = Guard(self.settings["hooks"])
        return tickets

    @cached_property
    def board(self) -> "Board":
        """Which tickets there are."""
        from deskterm.services.tickets.board import Board

        return Board(self.store, self.me)

    @cached_property
    def ledger(self) -> "Ledger":
        """What was done, and taking it back."""
        from deskterm.services.tickets.ledger import Ledger

        return Ledger(self.tickets)

    admin: "cached_property[Admin]" = _of_desk("deskterm.services.admin:Admin")
    """Technicians, groups, categories, fields and views."""

    records: "cached_property[Records]" = _of_desk("deskterm.services.records:Records")
    """Services, sites, devices and other records, all by one table."""

    @cached_property
    def offers(self) -> "Offers":
        """The service offer as a whole."""
        from deskterm.services.offers import Offers

        return Offers(self, self.letters)

    calendars: "cached_property[Calendars]" = _of_desk("deskterm.services.calendars:Calendars")
    """Months of business hours, and the feeds of holidays."""

    absences: "cached_property[Absences]" = _of_desk("deskterm.services.absences:Absences")
    """Who is off and who stands in; who has what in hand."""

    @cached_property
    def staff(self) -> "Staff":
        """Those who work here: what they know, call reviews, who is where, hand-overs."""
        from deskterm.services.staff import Staff

        return Staff(self, self.letters, lambda: self.problems.outbreaks())

    visits: "cached_property[Visits]" = _of_desk("deskterm.services.visits:Visits")
    """Which technician comes where and when, by day and by ticket."""

    times: "cached_property[Times]" = _of_desk("deskterm.services.times:Times")
    """Time worked: of a ticket, of a period, proposed."""

    people: "cached_property[People]" = _of_desk("deskterm.services.people:People")
    """Requesters."""

    @cached_property
    def search(self) -> "Search":
        """The finder over tickets, people, solutions and guides."""
        from deskterm.services.search import Search

        return Search(self.store)

    @cached_property
    def guides(self) -> "Guides":
        """Troubleshooting guides: their texts and versions, and which fit a ticket."""
        from deskterm.services.guides.shelf import Guides

        return Guides(self.store, self.me, self.tickets)

    @cached_property
    def runs(self) -> "Runs":
        """Walks through guides, on tickets or without one."""
        from deskterm.services.guides.endings import Runs

        return Runs(self.guides, self.tickets)

    @cached_property
    def handing_over(self) -> "HandingOver":
        """To whom a ticket is best escalated, and the summary that goes along."""
        from deskterm.services.handing_over import HandingOver

        return HandingOver(self.tickets, self.guides, self.runs, self.triage)

    @cached_property
    def solutions(self) -> "Solutions":
        """Answers that worked: drafted, reviewed, published, suggested and rated."""
        from deskterm.services.solutions import Solutions

        return Solutions(self.store, self.me, self.tickets)

    @cached_property
    def problems(self) -> "Problems":
        """One cause behind several tickets: known, announced, answered and ended as one."""
        from deskterm.services.problems import Problems

        return Problems(self.store, self.me, self.tickets)

    @cached_property
    def announcements(self) -> "Announcements":
        """What is said to many: on boards, and by letter to an audience."""
        from deskterm.services.announcements import Announcements

        return Announcements(self, self.letters)

    @cached_property
    def promises(self) -> "Promises":
        """What is promised to people: listed, kept, moved, dropped."""
        from deskterm.services.promises import Promises

        return Promises(self.store, self.me, self.tickets)

    @cached_property
    def releases(self) -> "Releases":
        """What fixes problems: planned, shipped to whom they hurt, answered, withdrawn."""
        from deskterm.services.releases import Releases

        return Releases(self.store, self.me, self.tickets)

    @cached_property
    def remote(self) -> "Remote":
        """Remote sessions to devices of tickets."""
        from deskterm.services.remote import Remote

        return Remote(self.tickets)

    @cached_property
    def means(self) -> "Means":
        """Canned texts, macros, templates, checklists, recurring tickets, own verbs."""
        from deskterm.services.means import Means

        return Means(self)

    @cached_property
    def trackers(self) -> "Trackers":
        """Outside trackers: problems opened there, and what comes back."""
        from deskterm.services.trackers import Trackers

        return Trackers(self.store, self.me, self.tickets, self.settings)

    @cached_property
    def triage(self) -> "Triage":
        """What is proposed for a ticket: category, service, group, a hint at urgency."""
        from deskterm.services.triage.accepting import Triage

        return Triage(self.store, self.tickets)

    @cached_property
    def figures(self) -> "Review":
        """Performance: how many, how fast, how well, for any period."""
        from deskterm.services.register import Review

        return Review(self.store, self.me)

    @cached_property
    def insight(self) -> "Insight":
        """How the desk works, in figures."""
        from deskterm.services.insight import Insight

        return Insight(self.store, self.me, lambda: self.guides)

    rules: "cached_property[Rules]" = _of_desk("deskterm.services.triage.rules:Rules")
    """The desk's own rules: what new tickets get that fit a query."""

    @cached_property
    def calls(self) -> "Calls":
        """Taking a call."""
        from deskterm.services.calls import Calls

        return Calls(self.store, self.me, self.tickets)

    @cached_property
    def drafts(self) -> "Drafts":
        """What this technician has begun to write."""
        from deskterm.services.drafts import Drafts

        return Drafts(self.store, self.me)

    @cached_property
    def notices(self) -> "Notices":
        """What this technician is told of."""
        from deskterm.services.notices import Notices

        return Notices(self.store, self.me)

    attention: "cached_property[Attention]" = _of_desk("deskterm.services.notices:Attention")
    """What this technician wants to be told of, and focus time."""

    @cached_property
    def inbox(self) -> "Inbox":
        """Mail that came in, and what became of it."""
        from deskterm.services.inbox.inbox import Inbox

        return Inbox(self.store, self.me, self.tickets)

    @cached_property
    def mailboxes(self) -> "Mailboxes":
        """Where mail comes from."""
        from deskterm.services.mailboxes.admin import Mailboxes

        return Mailboxes(self, self.settings)

    @cached_property
    def secrets(self) -> "Secrets":
        """What signs letters."""
        from deskterm.services.secrets import Secrets

        return Secrets(self, self.letters)

    @cached_property
    def outbox(self) -> "Outbox":
        """Letters that go out."""
        from deskterm.services.outbox.outbox import Outbox

        return Outbox(self.store, self.me, self.settings)

    wording: "cached_property[Wording]" = _of_desk("deskterm.services.wording:Wording")
    """The words of letters: shown, edited, put back."""

    @cached_property
    def jobs(self) -> "Jobs":
        """What has to be done without anybody asking: mail in, mail out, waking tickets."""
        from deskterm.services.jobs import Jobs, asked_nothing

        errands: Callable[[Turn], Asked] = asked_nothing
        if self.settings["trackers"]:
            errands = self.trackers.run
        if self.settings["hooks"]:
            from deskterm.services.hooks import AfterHooks

            errands = AfterHooks(self.store, self.settings["hooks"]).besides(errands)
        return Jobs(self.store, self.inbox, self.outbox, self.letters, trackers=errands)

    desk_settings: "cached_property[DeskSettings]" = _of_desk(
        "deskterm.services.desk_settings:DeskSettings"
    )
    """The desk's own settings, as opposed to the machine's."""

    importing: "cached_property[Importing]" = _of_desk("deskterm.services.importing:Importing")
    """What brings tickets in from elsewhere."""

    @cached_property
    def changes(self) -> "Changes":
        """What tells that others changed something; for one thread."""
        from deskterm.storage.changes import Changes

        return Changes(self.store.url)

    def close(self) -> None:
        """Close every connection; the job lease is given back, so that nobody waits for it."""
        if "mailboxes" in self.__dict__:
            self.mailboxes.rest()
        if "jobs" in self.__dict__:
            with suppress(DatabaseError):
                self.jobs.release()
        if "staff" in self.__dict__:
            with suppress(DatabaseError):
                self.staff.close()
        if "changes" in self.__dict__:
            self.changes.close()
        self.store.close()


def open_desk(settings: Settings) -> Desk:
    """Open the desk's database and say who acts; raises DatabaseError, RefusedError."""
    begins = known.may_begin(settings)
    store = open_store(settings)
    try:
        desk = Desk(settings, store, who(store, settings.as_login))
        if begins:
            from deskterm.services.starters import stock

            stock(store)
        desk.replaced = known.remember(settings)
    except BaseException:
        store.close()
        raise
    return desk


def open_store(settings: Settings) -> Store:
    """Know the desk's database; only at the very first start without --db is a new file made."""
    return Store(settings.database_url, new=known.may_begin(settings))
