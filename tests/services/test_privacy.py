"""Nothing internal is in any byte of any letter, whatever happened on its ticket (semantics §2)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.errors import ConflictError, DeskError
from deskterm.domain.requests import NewFile
from deskterm.domain.vocabulary import Approval
from deskterm.mail.templates import ALL, NEWS, STAFF
from deskterm.mail.words import SPEECHES
from deskterm.services.reminders import Reminders, Surveys
from deskterm.services.telling import Telling
from tests.builders import open_ticket, value
from tests.mails import bounce_bytes, take
from tests.verbs import verbs

MARK = "zq9internal"
"""In every text that is not for those outside."""
FILE = (NewFile(f"{MARK}.txt", "text/plain", MARK.encode()),)
SOLVED = "A new cable."


def _note(desk: Desk, number: int) -> None:
    verbs(desk).note([number], f"{MARK} note @ben", FILE)


def _facts(desk: Desk, number: int) -> None:
    desk.admin.set_field("site_code", label=MARK)
    verbs(desk).change(
        [number],
        values={"problem": MARK, "reproduction": MARK, "reproduced": True},
        named={"device": f"{MARK}-laptop"},
        fields={"site_code": MARK},
    )
    desk.people.set("ada@example.org", {"notes": MARK, "title": MARK, "phone": MARK})


def _escalate(desk: Desk, number: int) -> None:
    verbs(desk).escalate([number], "second level", f"{MARK} summary", [f"{MARK} next"])
    verbs(desk).hand_back([number], f"{MARK} handed back")


def _steps(desk: Desk, number: int) -> None:
    verbs(desk).step([number], "reproduce", status="skipped", reason=MARK)
    verbs(desk).wait([number], "other", reason=f"{MARK} vendor")
    verbs(desk).resume([number], MARK)


def _draft(desk: Desk, number: int) -> None:
    desk.drafts.put("reply", number, f"{MARK} not yet sent")


def _guide(desk: Desk, number: int) -> None:
    run = desk.runs.start("no-internet", number)
    run = desk.runs.note(run.id, f"{MARK} in the run")
    desk.runs.pause(run.id, MARK)


def _merge(desk: Desk, number: int) -> None:
    other = open_ticket(desk, "Also offline", requester="bo@example.org")
    _note(desk, other)
    verbs(desk).merge([other], number)


def _split(desk: Desk, number: int) -> None:
    done = verbs(desk).note([number], f"{MARK} split off")
    entry = desk.tickets.show(number).timeline[-1].id
    assert done.tickets
    verbs(desk).split(number, entry)


def _bounce(desk: Desk, number: int) -> None:
    with desk.store.reading() as database:
        row = database.one("SELECT message_id FROM outbox WHERE ticket_id = :id", id=number)
    if row is not None:
        take(desk, bounce_bytes("help@localhost", "ada@example.org", original=row["message_id"]))


def _approval(desk: Desk, number: int) -> None:
    verbs(desk).change([number], needs="approval", approver="Di <di@example.org>")
    if value(desk, number, "approval") == Approval.ASKED:
        verbs(desk).decide([number], False, "No money this year.")


def _talk(desk: Desk, number: int) -> None:
    verbs(desk).assign([number], "ben")
    verbs(desk).reply([number], "Please switch it on.")
    verbs(desk).wait([number], "customer", reason="Which one is it?")


def _solve(desk: Desk, number: int) -> None:
    verbs(desk).solve([number], SOLVED)
    verbs(desk).verify([number], "craft", "waived", f"{MARK} craft")


def _close(desk: Desk, number: int) -> None:
    verbs(desk).finish([number], SOLVED, f"{MARK} without their word")


def _reopen(desk: Desk, number: int) -> None:
    verbs(desk).reopen([number], "It is back.")


HAPPENINGS: tuple[Callable[[Desk, int], None], ...] = (
    *(_note, _facts, _escalate, _steps, _draft, _guide, _merge, _split, _bounce, _approval),
    *(_talk, _solve, _reopen, _close),
)


def afterwards(desk: Desk) -> None:
    """Everybody is reminded, polled and told, as if a month had passed."""
    later = clock.now() + timedelta(days=30)
    for _ in range(2):
        Reminders(desk.store, desk.letters).run(later)
    Surveys(desk.store, desk.letters).run(clock.now() + timedelta(days=2))
    Telling(desk.store, timedelta(0)).run(later)


def _decoded(raw: bytes) -> Iterator[str]:
    """Give a mail as it is, and all of it decoded: headers, each part, names of files."""
    yield raw.decode("latin-1")
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    for part in message.walk():
        yield from (f"{name}: {text}" for name, text in part.items())
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield payload.decode("utf-8", "replace")


def letters_sent(desk: Desk) -> list[bytes]:
    """Give the bytes of every letter that was frozen."""
    with desk.store.reading() as database:
        rows = database.all(
            "SELECT DISTINCT o.sha256, b.bytes FROM outbox o JOIN blob b ON b.sha256 = o.sha256"
        )
    return [bytes(row["bytes"]) for row in rows]


def happen(desk: Desk, number: int, happening: Callable[[Desk, int], None]) -> None:
    """Let something happen on a ticket, where its state allows it."""
    try:
        happening(desk, number)
    except ConflictError:
        raise
    except DeskError:
        pass  # not possible in the state the ticket is in: then nothing was written


@given(st.lists(st.sampled_from(HAPPENINGS), min_size=3, max_size=8))
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_letter_holds_anything_internal(
    desk: Desk, happenings: list[Callable[[Desk, int], None]]
) -> None:
    desk.admin.set_technician("ben", {"email": "ben@example.org"})
    number = open_ticket(desk, body="It is broken.", watchers=("Bo <bo@example.org>",))
    for happening in happenings:
        happen(desk, number, happening)
    afterwards(desk)
    desk.outbox.send(at_once=True)
    letters = letters_sent(desk)
    assert letters
    for raw in letters:
        for text in _decoded(raw):
            assert MARK not in text, text


def test_every_letter_about_a_ticket_of_secrets_is_without_them(desk: Desk) -> None:
    """Each template, in each language, rendered from one ticket on which everything happened."""
    number = open_ticket(desk, body="It is broken.", watchers=("Bo <bo@example.org>",))
    for happening in (*HAPPENINGS, *HAPPENINGS):
        happen(desk, number, happening)
    for name in ALL:
        for language in SPEECHES:
            shown = desk.wording.preview(name, language, number)
            assert MARK not in "".join(shown)
            if name not in (*STAFF, *NEWS):
                assert f"#{number}" in shown.text


def test_the_marks_are_there_to_be_found(desk: Desk) -> None:
    """The proof proves something: technicians do see what letters leave out."""
    desk.admin.set_technician("ben", {"email": "ben@example.org"})
    number = open_ticket(desk)
    for happening in HAPPENINGS:
        happening(desk, number)
    seen = str(desk.tickets.show(number))
    assert seen.count(MARK) > 15
