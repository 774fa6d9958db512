"""The records of what is done every day (canned texts, macros …), and of what technicians know."""

from deskterm.domain.competences import SOURCES
from deskterm.domain.means import GIVES, KEEP, NOTE, ON_DAYS_OFF
from deskterm.domain.notice_rows import BY_MAIL
from deskterm.domain.record_kinds import ALL, CATEGORY, GROUP, Field, Record

TEXT = Record(
    "text",
    "Texts",
    "Words inserted by a short name while somebody writes: ::vpn, then space or Tab.",
    (
        Field("short", "what is typed after ::; else its name", "short"),
        Field("words", "with {first_name}, {ticket}, {me} … in it", "long"),
        Field("language", "only for people written to in it: de; empty: all", "language"),
        Field(
            "organisation", "only for its people", "name", "organisation_id", None, "organisation"
        ),
        Field("active", "offered: yes or no", "yes", fresh=True, given="--on/--off"),
    ),
    instead="set active=no.",
)
MACRO = Record(
    "macro",
    "Macros",
    "Several verbs under one name, done to tickets as one operation.",
    (
        Field("about", "what it is for"),
        Field(
            "steps",
            "a line each: take; reply text=::vpn; set category=network/vpn urgent=yes",
            "steps",
            fresh=[],
            given="step",
        ),
        Field("key", "a key that runs it: f11, ctrl+1", "key", "hotkey"),
        Field("active", "offered: yes or no", "yes", fresh=True, given="--on/--off"),
    ),
    instead="set active=no.",
)
CHECKLIST = Record(
    "checklist",
    "Checklists",
    "Items that are put on a ticket together; they may be required before it is solved.",
    (
        Field("items", "what is to be done, one a line", "lines", fresh=[], given="item"),
        Field(
            "required",
            "all of them before the ticket is solved: yes or no",
            "yes",
            fresh=False,
            given="--required/--optional",
        ),
    ),
    instead="take it off the templates first.",
)
TICKET_TEMPLATE = Record(
    "ticket_template",
    "Templates",
    "Tickets that are filled in already: `ticket new --template NAME`, and in the call.",
    (
        Field("subject", "{today} and {me} may stand in it"),
        Field("body", "what it is about", "long"),
        Field("problem", "as the desk sees it", "long"),
        Field("urgent", "yes or no", "yes", fresh=False, given="--urgent/--not-urgent"),
        CATEGORY,
        Field("service", "of its tickets", "name", "service_id", None, of="service"),
        GROUP,
        Field("checklist", "put on its tickets", "name", "checklist_id", None, of="checklist"),
        Field("fields", "fields they get, one a line: os=Windows", "facts", fresh={}),
        Field("active", "offered: yes or no", "yes", fresh=True, given="--on/--off"),
    ),
    noun="ticket-template",
    instead="set active=no.",
)

RECURRING = Record(
    "recurring",
    "Recurring",
    "Tickets that are opened again and again by a rule, so many days ahead.",
    (
        Field("rule", "daily, workdays, weekly, monthly, or FREQ=MONTHLY;BYMONTHDAY=-1", "rule"),
        Field("template", "what is opened", "name", "template_id", None, of="ticket_template"),
        Field("requester", "whose tickets: address, name or #number", "person", "person_id", None),
        Field("first", "the day it counts from: 2027-01-01; empty: today", "day", "first_day"),
        Field("ahead", "opened so many days before", "number", fresh=0),
        Field(
            "off",
            "a date on a day off: keep, before or after",
            "word",
            fresh=KEEP,
            words=ON_DAYS_OFF,
        ),
        Field("calendar", "its days off; else the desk's", "name", "calendar_id", None, "calendar"),
        Field("active", "in use: yes or no", "yes", fresh=True, given="--on/--off"),
    ),
    ALL - {"merge"},
    instead="set active=no.",
)

VERB = Record(
    "verb",
    "Own verbs",
    "Programs that get a ticket as JSON; their words become a note, a draft or fields.",
    (
        Field("about", "what it is for"),
        Field("run", "program and arguments; the program is a name of `programs` here", "argv"),
        Field("gives", "note, reply (a draft) or fields (JSON)", "word", fresh=NOTE, words=GIVES),
        Field("seconds", "it may take so long", "number", fresh=30),
        Field("key", "a key that runs it: f11, ctrl+1", "key", "hotkey"),
        Field("active", "offered: yes or no", "yes", fresh=True, given="--on/--off"),
    ),
    instead="set active=no.",
)
MEANS = (TEXT, MACRO, CHECKLIST, TICKET_TEMPLATE, RECURRING, VERB)
"""In the order of their tabs."""


TECHNICIAN = Record(
    "technician",
    "Technicians",
    "Whoever works on tickets, known by login.",
    (
        Field("full_name", "first and last name", column="name", given="name"),
        Field("email", "their own mail address", "address"),
        Field("level", "1 is the desk itself", "level", fresh=1),
        Field("roles", "at the desk: manager, expert …; rights are apart", "roles", fresh=[]),
        Field("active", "works here: yes or no", "yes", fresh=True, given="--active/--inactive"),
        Field("notify", "kinds of notices, with commas; default; none", "notices", fresh=None),
        Field("mail", "notices by mail", "word", fresh="at-once", words=BY_MAIL),
    ),
    named="login",
    instead="`technician remove LOGIN --to OTHER` hands over what they have.",
)
ABSENCE = Record(
    "absence",
    "Absences",
    "Who is off, until when, and who stands in.",
    (
        Field("from", "3d, friday, 2026-12-24; empty: now", "moment", "from_at", None),
        Field("until", "3d, friday, 2026-12-24", "moment", "until_at", None),
        Field(
            "deputy", "the technician who sees their tickets", "login", fresh=None, of="technician"
        ),
        Field("reason", "colleagues see it"),
    ),
    named="a login; one that is there goes by its number",
    asks="the login of who is off",
    does={"set": "absence", "add": "absence"},
)
COMPETENCE = Record(
    "competence",
    "Competences",
    "How well technicians know categories, 0 to 3, and who says so.",
    (
        Field("level", "0 not yet, 1 with help, 2 alone, 3 teaches", "skill", fresh=1),
        Field("source", "who says so", "word", fresh=SOURCES[0], words=SOURCES),
    ),
    ALL - {"rename", "merge"},
    named="login and category",
    asks="bo network/wifi",
)
