"""What is promised to customers, and what became of each promise."""

from datetime import datetime

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from deskterm.models.types import Moment


class KeptResult(SQLModel, table=True):
    """A clock of a ticket that has ended, judged once (`storage/ticket/results.py`)."""

    __tablename__ = "result"
    __table_args__ = (Index("result_ended", "kind", "ended_at"),)

    ticket_id: int = Field(
        foreign_key="ticket.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    kind: str = Field(primary_key=True)
    """pickup, response (the first), next (a later answer) or solution."""
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """1 for the first; solutions after a reopening and later answers count on."""
    started_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    ended_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    seconds: int
    """Business seconds from start to end, pauses left out."""
    elapsed: int
    """Seconds around the clock, pauses left out."""
    target: str
    """As it was promised then: 4h, 3d, 15m always; none where nothing was."""
    due_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    met: bool | None = None
    """None where nothing was promised."""
    why: str
    """Where the promise came from, in words."""


class ResultDue(SQLModel, table=True):
    """A ticket whose results are still to be kept: the jobs do it, the newest first."""

    __tablename__ = "result_due"

    ticket_id: int = Field(
        foreign_key="ticket.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )


class BusinessCalendar(SQLModel, table=True):
    """Business hours and holidays in a zone, for the desk, a site or an offer."""

    __tablename__ = "calendar"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    zone: str
    """Such as Europe/Berlin; empty: the desk's."""
    hours: str
    """Mon-Fri 8:00-12:00 13:00-18:00 …"""
    days: str
    """A JSON array of own dates without hours: 2026-12-24, 12-25 Christmas, a day..another."""
    country: str
    """Whose public holidays count (DE); empty: of none."""
    subdivision: str
    """The part of it (BW)."""
    feed: str
    """An iCalendar file or address whose days count as holidays."""
    desk: bool
    """The desk's own: what counts where nothing else fits."""
    known: str = Field(default="{}", sa_column_kwargs={"server_default": text("'{}'")})
    """Follows from country and subdivision: a JSON object, date → name."""
    fed: str = Field(default="{}", sa_column_kwargs={"server_default": text("'{}'")})
    """What the feed last held: a JSON object, date → name."""
    fed_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    """When the feed was last asked."""
    trouble: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """What was wrong with it then."""


class Offer(SQLModel, table=True):
    """What is promised for a service, to organisations, at sites, to segments (`offer_…`)."""

    __tablename__ = "offer"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    service_id: int | None = Field(default=None, foreign_key="service.id")
    clients: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """Whose contract it is: how many rows of `offer_organisation`, seen or not; 0: everybody's."""
    description: str
    """In the customers' words."""
    channels: str
    """A JSON array of the ways to ask for it."""
    group_id: int | None = Field(default=None, foreign_key="desk_group.id")
    """Who answers for it."""
    cost: str
    last_day: str
    """2027-12-31; empty: without an end."""
    first_day: str
    """Of what is promised now; empty: since ever. What was before is in `offer_version`."""
    calendar_id: int | None = Field(default=None, foreign_key="calendar.id")
    pickup: str
    pickup_urgent: str
    response: str
    response_urgent: str
    solution: str
    solution_urgent: str
    budget: str
    """The solution target while a budget is required; empty: the same."""
    approval: str


class OfferOrganisation(SQLModel, table=True):
    """Whose contract an offer is."""

    __tablename__ = "offer_organisation"

    offer_id: int = Field(
        foreign_key="offer.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    organisation_id: int = Field(
        foreign_key="organisation.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )


class OfferSite(SQLModel, table=True):
    """For whose people an offer is, where it is not for all places."""

    __tablename__ = "offer_site"

    offer_id: int = Field(
        foreign_key="offer.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    site_id: int = Field(
        foreign_key="site.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )


class OfferSegment(SQLModel, table=True):
    """For which people an offer is, where it is not for all."""

    __tablename__ = "offer_segment"

    offer_id: int = Field(
        foreign_key="offer.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    segment: str = Field(primary_key=True)


class OfferVersion(SQLModel, table=True):
    """What an offer promised before: from a first day until the next version's."""

    __tablename__ = "offer_version"

    offer_id: int = Field(
        foreign_key="offer.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    first_day: str = Field(primary_key=True)
    promised: str
    """A JSON array, in the order of `calendars/offers.py` PROMISED."""
