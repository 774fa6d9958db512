"""The public view of a ticket, read with `public` in every question: notes cannot be reached."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from deskterm.domain import clock
from deskterm.domain.vocabulary import Event, Outcome, Proof, State
from deskterm.mail.answers import Question
from deskterm.mail.public import (
    DeskFace,
    PublicFile,
    PublicLetter,
    PublicPart,
    PublicWords,
    visit_told,
)
from deskterm.mail.templates import QUESTIONS
from deskterm.mail.tokens import message_id
from deskterm.services.announcements.fitting import known_to
from deskterm.storage.desk_settings import LETTER, read_all, values
from deskterm.storage.driver import Database, moment_or_none
from deskterm.storage.outbox import Letter
from deskterm.storage.reads import public
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.reads.clients import client_face, of_person, of_ticket
from deskterm.storage.reads.public import PublicEntry, PublicTicket
from deskterm.storage.reads.web_pages import round_of
from deskterm.storage.secrets import token_secrets

_WORDS = (Event.REPLIED, Event.RECEIVED)
_REASONS = (
    Event.WAITING,
    Event.REOPENED,
    Event.CANCELLED,
    Event.CLOSED,
    Event.VERIFIED,
    Event.APPROVAL,
    Event.VISIT,
)
_ENDED = (State.CLOSED, State.CANCELLED, State.MERGED)
_OVERTAKEN = {
    "solved": ("closed", "cancelled", "reopened", "merged"),
    "still-solved": ("closed", "cancelled", "reopened", "merged"),
    "still-waiting": ("closed", "cancelled", "merged"),
    "owner": ("owner", "solved", "closed", "cancelled", "merged"),
    "closed": ("reopened",),
    "recorded": ("reopened", "recorded", "mended", "wont-fix"),
    "cancelled": ("reopened",),
    "reopened": ("closed", "cancelled", "merged"),
    "waiting": ("waiting", "solved", "closed", "cancelled", "merged"),
    "needs": ("needs", "decided"),
    "visit-offer": ("visit-offer", "visit", "visit-off"),
    "visit": ("visit", "visit-off"),
    "visit-stays": ("visit", "visit-off"),
}
"""Parts that a later one in the same letter makes pointless."""
_FILES_CAP = 15_000_000


def read_face(database: Database) -> DeskFace:
    """Give how the desk presents itself: its address, name, mission and newest secret."""
    known = values(database)
    secrets = token_secrets(database)
    return DeskFace(
        address=str(known["mail.address"]),
        name=str(known["desk.name"]),
        mission=str(known["desk.mission"]),
        values=" · ".join(str(known["desk.values"]).split("\n")),
        secret=secrets[0] if secrets else "",
        reopen_days=int(known["mail.reopen_days"]),
        verp=bool(known["mail.verp"]),
        language=str(known["mail.language"]),
        expect=str(known["mail.expect"]),
        expect_urgent=str(known["mail.expect_urgent"]),
        web=str(known["web.url"]),
    )


def face_for(
    database: Database, face: DeskFace, ticket: int | None, person: int | None
) -> DeskFace:
    """Give how the desk presents itself to a client: of the ticket, else of the person."""
    whose = of_person(database, person) if ticket is None else of_ticket(database, ticket)
    return face_of(database, face, whose)


def face_of(database: Database, face: DeskFace, whose: int | None) -> DeskFace:
    """Give how the desk presents itself to an organisation's people."""
    own = client_face(database, whose) if whose is not None else None
    if own is None:
        return face
    return replace(
        face,
        address=own.address or face.address,
        name=own.desk_name or face.name,
        mission=own.mission or face.mission,
        values="" if own.mission else face.values,
        client=whose,
    )


def read_edited(database: Database) -> dict[str, str]:
    """Give the letters that the desk has edited, by name."""
    known = read_all(database).items()
    return {name.removeprefix(LETTER): str(text) for name, text in known if name.startswith(LETTER)}


def read_letter(database: Database, letters: Sequence[Letter], face: DeskFace) -> PublicLetter:
    """Give the public view of one letter, and of those that travel with it, for one recipient."""
    first = letters[0]
    ticket = _ticket(database, first)
    letters = _not_overtaken(letters)
    entries = {letter.id: _entries(database, letter) for letter in letters}
    replied = [
        entry.id
        for letter in letters
        for entry in entries[letter.id]
        if entry.event == Event.REPLIED and entry.id in letter.entries
    ]
    zone = desk_zone(database)
    return PublicLetter(
        number=ticket.id,
        subject=ticket.subject,
        said=ticket.body,
        urgent=ticket.urgent,
        recipient=first.recipient,
        recipient_name=first.recipient_name,
        requester=ticket.requester or "",
        is_requester=first.person_id == ticket.requester_id,
        message_id=first.message_id,
        references=_references(database, first, face),
        parts=tuple(
            replace(
                _part(letter, entries[letter.id], ticket, zone),
                announced=_announced(database, letter, ticket),
                **_promised(database, letter, zone),
            )
            for letter in letters
        ),
        files=_files(database, replied),
        written_at=first.created_at,
        person=first.person_id or 0,
        owner=ticket.owner or "",
        ended=ticket.state in _ENDED,
        language=public.language(database, first.person_id),
        link_round=round_of(database, first.person_id) if face.web and first.person_id else 0,
    )


def _ticket(database: Database, letter: Letter) -> PublicTicket:
    ticket = public.ticket(database, letter.ticket_id)
    if ticket is None:
        raise LookupError(f"ticket #{letter.ticket_id} of letter {letter.id} is gone")
    return ticket


def _not_overtaken(letters: Sequence[Letter]) -> Sequence[Letter]:
    """Give the letters without those that a later one makes pointless; never none."""
    kept = [
        letter
        for place, letter in enumerate(letters)
        if not any(
            after.template in _OVERTAKEN.get(letter.template, ()) for after in letters[place + 1 :]
        )
    ]
    return kept or letters


def _entries(database: Database, letter: Letter) -> Sequence[PublicEntry]:
    """Give the public entries that a letter tells of, before them what it asks about again.

    An internal one is never read.
    """
    told = public.entries(database, letter.entries)
    asked = [int(entry.data["asked"]) for entry in told if "asked" in entry.data]
    return (*public.entries(database, asked), *told) if asked else told


def _part(
    letter: Letter, entries: Sequence[PublicEntry], ticket: PublicTicket, zone: tzinfo
) -> PublicPart:
    words = tuple(PublicWords(one.who, one.text) for one in entries if one.event in _WORDS)
    reasons = [
        one.text for one in entries if one.event in _REASONS and is_for_them(one.text, one.data)
    ]
    changes = [one.changes for one in entries]
    solved = [one.text for one in entries if one.event == Event.SOLVED]
    data = entries[-1].data if entries else {}
    until = moment_or_none(_last(changes, "waiting_until") or data.get("until"))
    since = ticket.approval_at
    return PublicPart(
        template=letter.template,
        words=words,
        reason=str(letter.data.get("reason") or (reasons[-1] if reasons else "")),
        resolution=solved[-1] if solved else ticket.resolution,
        outcome=str(_last(changes, "outcome") or ticket.outcome or ""),
        waiting_for=str(_last(changes, "waiting_for") or ""),
        until=until.astimezone(zone) if until else None,
        needs=ticket.needs,
        approver=ticket.approver,
        approval=str(_last(changes, "approval") or ticket.approval or ""),
        since=since.astimezone(zone) if since else None,
        into=ticket.merged_into or 0,
        times=int(data.get("times", 0)),
        days=int(data.get("days", 0)),
        workaround=str(data.get("workaround", "")),
        question=_question(letter, ticket),
        asked=int(data.get("asked", entries[-1].id)) if entries else max(letter.entries, default=0),
        visit=visit_told(data, zone, _METHODS.get(letter.template, "")),
        **_release(letter),
    )


_METHODS = {"visit": "REQUEST", "visit-stays": "DECLINECOUNTER", "visit-off": "CANCEL"}
"""Letters with an invitation, and what it says."""


def _promised(database: Database, letter: Letter, zone: tzinfo) -> dict[str, Any]:
    """Give what a new ticket's requester may be told of when they hear from somebody."""
    found = (
        public.promised_answer(database, letter.ticket_id) if letter.template == "opened" else None
    )
    if found is None:
        return {}
    due, within = found
    return {"answer_by": due.astimezone(zone), "answer_within": within}


def _announced(database: Database, letter: Letter, ticket: PublicTicket) -> tuple[str, ...]:
    """Give what is announced to whoever reported it, where the letter says that it is there."""
    if letter.template != "opened" or letter.person_id != ticket.requester_id:
        return ()
    return tuple(one.text for one in known_to(database, ticket, clock.now())[:2])


def _release(letter: Letter) -> dict[str, Any]:
    """Give what a letter says of a release: it is kept with the letter, as it was when it left."""
    said = letter.data
    return {
        "release": str(said.get("name", "")),
        "changed": str(said.get("words", "")),
        "how": str(said.get("how", "")),
        "measure": str(said.get("measure", "")),
        "tickets": tuple(int(one) for one in said.get("tickets", ())),
    }


def is_for_them(text: str, data: Mapping[str, object]) -> bool:
    """Tell whether a public entry's reason was said to the customer.

    Why their word was waived stays at the desk.
    """
    waived = data.get("outcome") == Outcome.SOLVED or data.get("result") == Proof.WAIVED
    return bool(text) and not waived


def _question(letter: Letter, ticket: PublicTicket) -> Question | None:
    """Give what a letter asks its reader: only whom it concerns is asked."""
    question = QUESTIONS.get(letter.template)
    asked = ticket.approver_id if question == Question.APPROVAL else ticket.requester_id
    return question if letter.person_id == asked else None


def _last(changes: Sequence[Mapping[str, Any]], field: str) -> Any:
    """Give the newest value that these entries gave a field."""
    values = [change[field][1] for change in changes if field in change]
    return values[-1] if values else None


def _references(database: Database, letter: Letter, face: DeskFace) -> tuple[str, ...]:
    """Give what this letter answers: the ticket's own id, the customer's mails, our letters."""
    ticket = letter.ticket_id or 0
    domain = face.address.rpartition("@")[2]
    stable = message_id(ticket, "0", face.secret, domain)
    foreign = public.mails_from_customers(database, ticket)
    ours = public.letters_to(database, ticket, letter.recipient, letter.message_id)
    return (stable, *(text for _, text in sorted(foreign + ours)))


def _files(database: Database, entries: Sequence[int]) -> tuple[PublicFile, ...]:
    """Give the files of a technician's public answers, as many as a letter carries."""
    found: list[PublicFile] = []
    left = _FILES_CAP
    for file in public.files(database, entries):
        left -= file.size
        if left < 0:
            break
        found.append(PublicFile(*file))
    return tuple(found)
