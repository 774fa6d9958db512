"""The desk's records by one declared table: what each kind is called and what can be set of it.

Commands, forms and imports follow from it; `services/records` reads, writes and keeps. A new kind
that only has a name and values needs its row here and in `storage/row_kinds.py`, and its model.
"""

from collections.abc import Mapping

from deskterm.domain.announcements import AnnouncementKind
from deskterm.domain.choices import NO_WEB, WEB_USES
from deskterm.domain.mailboxes import KINDS
from deskterm.domain.record_kinds import (
    ALL,
    CATEGORY,
    GROUP,
    LANGUAGE,
    RETENTION,
    REVIEWED,
    Field,
    Record,
    texts,
)
from deskterm.domain.record_means import ABSENCE, COMPETENCE, MEANS, TECHNICIAN
from deskterm.domain.vocabulary import Channel

__all__ = ["ALL", "RECORDS", "Field", "Record"]

_OF = "organisation_id"
_SITE = Field("site", "where it stands", "name", "site_id", None, of="site")
_ACTIVE = Field("active", "in use: yes or no", "yes", fresh=True, given="--active/--inactive")

_PERSON = Record(
    "person",
    "People",
    "Requesters: who they are, where they sit, how to reach them.",
    (
        *texts(name="full name", phone="", department="", location="room, desk", title=""),
        Field("segment", "for example VIP"),
        Field(
            "organisation", "made where unknown", "place", "organisation_id", None, "organisation"
        ),
        Field("site", "made where unknown", "place", "site_id", None, "site"),
        Field("notes", "what to know about them", "long"),
        LANGUAGE,
        Field("email", "one more address", "more"),
        Field("device", "one more device of theirs", "more"),
        Field(
            "active",
            "proposed to whoever types: yes or no",
            "yes",
            fresh=True,
            given="--active/--inactive",
        ),
        Field(
            "news",
            "hears of releases and tips, not only of their tickets: yes or no",
            "yes",
            fresh=True,
            given="--news/--no-news",
        ),
        Field("address_works", "letters go again to what was given up", "works"),
    ),
    named="an address, a name or #number",
    asks="Ada Moss <ada@example.org>, or a name",
    instead="merge them into somebody, or set active=no.",
    does={"set": "person set", "add": "person set", "import": "person import"},
)
_ORGANISATION = Record(
    "organisation",
    "Organisations",
    "Client organisations.",
    (
        LANGUAGE,
        Field("client", "kept apart: yes or no", "yes", fresh=True, given="--client/--no-client"),
        Field("address", "letters to its people come from here; empty: the desk's", "address"),
        Field("desk_name", "how the desk is called in these letters"),
        Field("mission", "what the desk is there for, for its people"),
        Field("greeting", "the first sentence on the phone with {part} and {name}"),
        Field("style", "a stylesheet for its people's web pages (CSS); empty: the desk's", "style"),
    ),
    noun="org",
)
_DEVICE = Record(
    "device",
    "Devices",
    "Machines and things that people use.",
    (
        *texts(kind="laptop, printer …", model="ThinkPad T14", os="Windows", os_version="11 24H2"),
        Field("serial", "its serial number"),
        Field("owner", "whose it is: address, name or #number", "person", "person_id", None),
        _SITE,
        Field("facts", "what else is known, a line each: gateway=10.0.0.1", "facts", fresh={}),
    ),
)
_REMOTE = Record(
    "remote",
    "Remote",
    "Commands that open a session to a device, in the technician's terminal.",
    (
        Field("run", "program and arguments: ssh -t {address}; {device}, {person}", "command"),
        Field("kind", "only for these kinds of devices: laptop, server"),
        Field("os", "only for these systems: Windows 11*, macOS"),
        Field("active", "offered: yes or no", "yes", fresh=True, given="--on/--off"),
    ),
    instead="set active=no.",
)
_FIELD = Record(
    "field",
    "Fields",
    "Fields of the desk's own making, on every ticket.",
    (
        Field("label", "what people read"),
        Field(
            "choices",
            "allowed values, one a line, `11 if os=Windows` goes with os; none: any text",
            "lines",
            fresh=[],
            given="choice",
        ),
        Field("required_for", "network, service:Mail: tickets there need it before solving"),
        Field("position", "its place among the fields", "number", fresh=0),
        Field("client", "only its tickets have it; empty: all", "name", _OF, None, "organisation"),
        Field(
            "web",
            "on web pages: no, seen by the ticket's people, also asked, or needed, when reported",
            "word",
            fresh=NO_WEB,
            words=WEB_USES,
        ),
        Field(
            "labels",
            "in other languages, a line each: de=System, and for a choice de:Other=Anderes",
            "facts",
            fresh={},
        ),
    ),
)
_VIEW = Record(
    "view",
    "Views",
    "Saved queries: the tabs of the board.",
    (
        Field("query", "is:open site:Leeds", "query"),
        Field("everyone", "for all technicians: yes or no", "everyone", "owner", None),
        Field("position", "its place among the tabs", "number", fresh=0),
    ),
    does={"set": "save view", "add": "save view", "remove": "delete view"},
)
_RULE = Record(
    "rule",
    "Rules",
    "What new tickets get that fit a query, asked before anything is guessed.",
    (
        Field("name", "call it otherwise"),
        Field("query", "the tickets it fits", "query", given="when"),
        Field("category", "the category they get", "sets", "sets", None, of="category"),
        Field("service", "the service they get", "sets", "sets", None, of="service"),
        Field("group", "the group they go to", "sets", "sets", None, of="group"),
        Field("urgent", "they are urgent: yes or no", "sets", "sets", None, words=("no", "yes")),
        Field(
            "fields", "fields they get, one a line: os=Windows", "sets", "sets", None, given="field"
        ),
        Field("watchers", "who hears of them, one a line", "sets", "sets", None, given="watcher"),
        Field(
            "stops",
            "no rule after it is asked: yes or no",
            "yes",
            fresh=False,
            given="--stop/--go-on",
        ),
        Field("active", "it is asked: yes or no", "yes", fresh=True, given="--on/--off"),
        Field("position", "its place, 1 is asked first", "number", fresh=0),
    ),
    fresh={"sets": {}},
)
_MAILBOX = Record(
    "mailbox",
    "Mailboxes",
    "Where mail comes from.",
    (
        Field("kind", "what it is; it stays", "word", words=KINDS),
        Field("address", "mail to it belongs here", "address"),
        GROUP,
        CATEGORY,
        Field("channel", "of its tickets", "word", fresh=str(Channel.EMAIL), words=tuple(Channel)),
        Field("active", "watched: yes or no", "yes", fresh=True, given="--on/--off"),
        *(
            Field(name, text, "option", "source", None)
            for name, text in (
                ("host", "the IMAP server"),
                ("port", "its port; else 993, or 143 without tls"),
                ("security", "tls, starttls or none"),
                ("user", "who signs in; else the address"),
                ("ca_file", "certificates to trust besides the system's"),
                ("folder", "the folder to read; else INBOX"),
                ("done", "processed mail is moved to this folder"),
                ("held", "quarantined mail is moved to this folder"),
                ("start", "of mail there already: unread, all or none"),
                ("every", "seconds between looks where there is no IDLE"),
                ("path", "the Maildir or the mbox file"),
            )
        ),
    ),
    fresh={"source": {}},
    does={"set": "mailbox set", "add": "mailbox add", "remove": "mailbox remove"},
)
_ANNOUNCEMENT = Record(
    "announcement",
    "Announced",
    "What stands on boards, and is told by letter, until it ends.",
    (
        Field("text", "what is said", "long"),
        Field(
            "to", "for whom: a query over people (site:Leeds), or everyone", "audience", "audience"
        ),
        Field("letters", "those of `to` get letters: yes or no", "yes", fresh=True),
        Field("from", "when it begins: friday 18:00; empty: now", "moment", "from_at", None),
        Field("until", "when it ends by itself: 3h, tomorrow, a date", "moment", "until_at", None),
        Field(
            "kind",
            "outage, maintenance, news, or what is likely",
            "word",
            fresh="likely",
            words=("likely", *AnnouncementKind),
        ),
        Field("problem", "the problem it is about: P7", "problem", "problem_id", None),
        Field("client", "its people alone; else its problem's", "name", _OF, None, "organisation"),
    ),
    named="the text; one that is there goes by its number",
    asks="what is said, in one sentence",
    noun="announce",
    does={"set": "announce", "add": "announce", "remove": "announce"},
)

_RELEASE = Record(
    "release",
    "Releases",
    "Versions that fix problems; shipping one (`deskterm release ship`) tells whom they hurt.",
    (
        Field("problems", "what it fixes, one a line: P7", "fixes", "fixes", None, given="problem"),
        Field("words", "what changed, in customers' words", "long"),
        Field("how", "how to get it", "long"),
        Field("planned", "when it shall leave: friday, 2026-12-24", "moment", "planned_at", None),
        Field("owner", "the technician who takes care of it", "login", fresh=None, of="technician"),
        Field("product", "else all but the last word of its name"),
        Field("product_version", "else the last word of its name"),
    ),
    ALL - {"merge", "import", "rename"},
    named="product and version: Router 2.4",
    instead="withdraw it.",
    does={"set": "release", "add": "release", "remove": "release"},
)

_CALENDAR_OF = Field("calendar", "its hours and holidays", "name", "calendar_id", None, "calendar")
_CALENDAR = Record(
    "calendar",
    "Calendars",
    "Business hours and holidays: of the desk, of a site, of what is offered.",
    (
        Field("hours", "Mon-Fri 8:00-12:00 13:00-18:00 Sat 9-12, or always", "hours"),
        Field("zone", "Europe/Berlin; empty: the desk's", "zone"),
        Field("country", "whose public holidays count: DE, CH, US …"),
        Field("subdivision", "the part of it: BW, ZH, CA …"),
        Field("days", "own days off, a line each: 12-24 Christmas Eve", "days", fresh=[]),
        Field("feed", "an iCalendar file or https address whose days are off", "feed"),
        Field("desk", "the desk's own, where nothing else fits: yes or no", "yes", fresh=False),
    ),
)
_OFFER = Record(
    "offer",
    "Offers",
    "What is promised: for a service, to organisations, sites, segments; in versions.",
    (
        Field("service", "the service it is for", "name", "service_id", None, "service"),
        Field("organisation", "whose contract it is, a line each", "names", of="organisation"),
        Field("site", "only for people of these sites, a line each", "names", of="site"),
        Field("pickup", "picked up within: 4h, 15m, 3d, none; empty: the desk's", "target"),
        Field("response", "answered within", "target"),
        Field("solution", "solved within", "target"),
        Field("pickup_urgent", "the same where it is urgent", "target"),
        Field("response_urgent", "the same where it is urgent", "target"),
        Field("solution_urgent", "the same where it is urgent", "target"),
        Field("budget", "solved within while it requires a budget; empty: the same", "target"),
        Field("approval", "solved within while it requires an approval", "target"),
        _CALENDAR_OF,
        Field("from", "the first day of what is set: 2027-01-01; empty: today", "day", "first_day"),
        Field("until", "the last day; empty: without an end", "day", "last_day"),
        Field("segment", "only for people of these segments, a line each", "words"),
        Field("channels", "how to ask for it, a line each", "lines", fresh=[], given="channel"),
        Field("group", "who answers for it", "name", "group_id", None, "group"),
        Field("cost", "what it costs, if known"),
        Field("description", "in the customers' words", "long"),
    ),
)

RECORDS: Mapping[str, Record] = {
    one.kind: one
    for one in (
        _PERSON,
        _ORGANISATION,
        Record(
            "site",
            "Sites",
            "Places where people work.",
            (
                Field("address"),
                _CALENDAR_OF,
                Field("travel", "minutes of the way there, for visits", "number", fresh=0),
            ),
        ),
        _DEVICE,
        _REMOTE,
        *MEANS,
        TECHNICIAN,
        Record(
            "group",
            "Groups",
            "Technicians together; level 1 is the desk itself.",
            (
                Field("level", "1 is the desk itself", "level", fresh=1),
                Field(
                    "restricted",
                    "its members alone see its tickets: yes or no (PostgreSQL)",
                    "yes",
                    fresh=False,
                    given="--restricted/--no-restricted",
                ),
                Field("members", "logins, one a line", "members", fresh=None, given="member"),
            ),
        ),
        Record(
            "category",
            "Categories",
            "What tickets are about: paths such as network/wifi.",
            (GROUP, _ACTIVE),
            named="path",
            instead="merge it into another, or wait until its tickets are closed.",
        ),
        Record("service", "Services", "What the desk offers."),
        _OFFER,
        _CALENDAR,
        _FIELD,
        _VIEW,
        _RULE,
        ABSENCE,
        COMPETENCE,
        _MAILBOX,
        _ANNOUNCEMENT,
        _RELEASE,
        *REVIEWED,
        RETENTION,
        Record(
            "template",
            "Letters",
            "The words of letters; removing the desk's own brings back the first ones. Names are "
            "the program's, each says when its letter leaves: none is renamed or merged.",
            (Field("words", "what the letter is made from", "long"),),
            frozenset({"set", "remove", "import"}),
            does=dict.fromkeys(("set", "remove", "import"), "letter template"),
        ),
        Record(
            "setting",
            "Settings",
            "The desk's own settings; removing one goes back to its default.",
            (Field("value", "what it is"),),
            frozenset({"set", "remove"}),
            noun="settings",
            does={"set": "settings", "remove": "settings"},
        ),
    )
}
"""Kind → what it is called and what can be set of it, in the order of the tabs."""
