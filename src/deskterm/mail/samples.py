"""Letters that templates are tried and previewed with: every event, for every kind of reader."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from deskterm.mail.public import DeskFace, PublicLetter, PublicPart, PublicVisit, PublicWords
from deskterm.mail.templates import FRAME, NAMES, PAGE, QUESTIONS

SAMPLE_FACE = DeskFace(
    address="help@example.org",
    name="IT help desk",
    mission="We help you work.",
    values="We listen.",
    secret="sample",
    reopen_days=14,
)
_DAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_SAMPLE = PublicLetter(
    number=1042,
    subject="Printer offline",
    said="It says offline since this morning.",
    urgent=False,
    recipient="ada@example.org",
    recipient_name="Ada Moss",
    requester="Ada Moss",
    is_requester=True,
    message_id="",
    references=(),
    parts=(),
    files=(),
    written_at=_DAY,
    person=7,
    owner="Cy Field",
)
_VISIT = PublicVisit(
    number=3,
    sequence=1,
    minutes=60,
    place="Harbour, room 3-14",
    what="Look at the printer.",
    who="Cy Field",
    at=_DAY,
    slots=(_DAY, _DAY.replace(day=3)),
    method="REQUEST",
)
_PART = PublicPart(
    template="",
    words=(PublicWords("Cy Field", "Please switch it off and on again."),),
    reason="The new cable comes on Monday.",
    resolution="The cable was replaced.",
    outcome="solved",
    waiting_for="customer",
    until=_DAY,
    needs="approval",
    approver="Bo Lind",
    approval="asked",
    since=_DAY,
    into=1040,
    times=1,
    days=5,
    asked=345,
    release="Router 2.4",
    changed="The connection no longer drops after an hour.",
    how="Restart the router once; it fetches the new version by itself.",
    tickets=(1042, 1077),
    announced=("The printers on floor 3 are offline until noon.",),
    visit=_VISIT,
)
_OTHERS: tuple[dict[str, Any], ...] = (
    {},
    {"outcome": "unsolved", "waiting_for": "approval", "needs": "budget", "approval": "granted"},
    {"outcome": "duplicate", "approval": "refused", "times": 2, "days": 0, "approver": ""},
    {"words": (), "reason": "", "resolution": "", "until": None, "since": None},
    {"changed": "", "how": "", "tickets": (1042,), "announced": ()},
    {"visit": replace(_VISIT, place="", what="", who="", sequence=4), "reason": ""},
    {"visit": None},
    {"release": "", "measure": "configuration", "workaround": "Restart it once a day."},
)


def sample(name: str, language: str = "") -> PublicLetter:
    """Give one likely letter of that name; the frame and the page show an answer."""
    shown = "reply" if name in (FRAME, PAGE) else name
    part = replace(_PART, template=shown, question=QUESTIONS.get(shown))
    return replace(_SAMPLE, parts=(part,), language=language)


def samples(name: str, language: str = "") -> Iterator[PublicLetter]:
    """Give letters of that name in every case it has to stand; the frame and page: all letters."""
    for one in NAMES if name in (FRAME, PAGE) else (name,):
        letter = sample(one, language)
        for changes in _OTHERS:
            part = replace(letter.parts[0], **changes)
            yield replace(letter, parts=(part,))
            yield replace(
                letter,
                parts=(part,),
                is_requester=False,
                urgent=True,
                owner="",
                ended=True,
                said="",
                recipient_name="",
            )
