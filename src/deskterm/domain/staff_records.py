"""The records of those who work here: technicians, who is off, who knows what."""

from deskterm.domain.competences import SOURCES
from deskterm.domain.notice_rows import BY_MAIL
from deskterm.domain.record_kinds import ALL, Field, Record

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
