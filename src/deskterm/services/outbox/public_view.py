"""The public view of a ticket, read with `public` in every question: notes cannot be reached."""

import json
from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from deskterm.domain.vocabulary import Event, Outcome, Proof, State
from deskterm.mail.answers import Question
from deskterm.mail.public import DeskFace, PublicFile, PublicLetter, PublicPart, PublicWords
from deskterm.mail.templates import QUESTIONS
from deskterm.mail.tokens import message_id
from deskterm.services.letters import DEFAULT_ADDRESS
from deskterm.storage.driver import Database, Row, moment, moment_or_none
from deskterm.storage.reads.asked import desk_zone

_WORDS = (Event.REPLIED, Event.RECEIVED)
_REASONS = (
    Event.WAITING,
    Event.REOPENED,
    Event.CANCELLED,
    Event.CLOSED,
    Event.VERIFIED,
    Event.APPROVAL,
)
_ENDED = (State.CLOSED, State.CANCELLED, State.MERGED)
_OVERTAKEN = {
    "solved": ("closed", "cancelled", "reopened", "merged"),
    "still-solved": ("closed", "cancelled", "reopened", "merged"),
    "still-waiting": ("closed", "cancelled", "merged"),
    "owner": ("solved", "closed", "cancelled", "merged"),
}
"""Parts that a later one in the same letter makes pointless."""
_FILES_CAP = 15_000_000
_ENTRIES = """
SELECT l.id, l.at, l.event, l.text, l.changes, l.data, l.actor, p.name AS person, t.name AS tech
FROM ledger l LEFT JOIN person p ON p.id = l.person_id LEFT JOIN technician t ON t.login = l.actor
WHERE l.public AND l.kind = 'ticket'
"""


def read_face(database: Database) -> DeskFace:
    """Give how the desk presents itself: its address, name, mission and newest secret."""
    rows = database.all(
        "SELECT key, value FROM desk_setting WHERE key IN ('mail.address', 'desk.name', "
        "'desk.mission', 'mail.reopen_days', 'mail.verp', 'mail.language', 'mail.expect', "
        "'mail.expect_urgent')"
    )
    known = {row["key"]: json.loads(row["value"]) for row in rows}
    secret = database.one("SELECT value FROM secret WHERE name = 'token' ORDER BY id DESC LIMIT 1")
    return DeskFace(
        address=str(known.get("mail.address", DEFAULT_ADDRESS)),
        name=str(known.get("desk.name", "IT help desk")),
        mission=str(known.get("desk.mission", "")),
        secret=str(secret["value"]) if secret else "",
        reopen_days=int(known.get("mail.reopen_days", 14)),
        verp=bool(known.get("mail.verp", True)),
        language=str(known.get("mail.language", "en")),
        expect=str(known.get("mail.expect", "")),
        expect_urgent=str(known.get("mail.expect_urgent", "")),
    )


def read_edited(database: Database) -> dict[str, str]:
    """Give the letters that the desk has edited, by name."""
    rows = database.all(
        "SELECT key, value FROM desk_setting WHERE substr(key, 1, 7) = :letter", letter="letter."
    )
    return {row["key"][7:]: str(json.loads(row["value"])) for row in rows}


def read_letter(database: Database, letters: Sequence[Row], face: DeskFace) -> PublicLetter:
    """Give the public view of one letter, and of those that travel with it, for one recipient."""
    first = letters[0]
    ticket = _ticket(database, first)
    letters = _not_overtaken(letters)
    entries = {letter["id"]: _entries(database, letter) for letter in letters}
    replied = [
        row["id"]
        for letter in letters
        for row in entries[letter["id"]]
        if row["event"] == Event.REPLIED and row["id"] in json.loads(letter["entries"])
    ]
    zone = desk_zone(database)
    return PublicLetter(
        number=ticket["id"],
        subject=ticket["subject"],
        said=ticket["body"],
        urgent=bool(ticket["urgent"]),
        recipient=first["recipient"],
        recipient_name=first["recipient_name"],
        requester=ticket["requester"] or "",
        is_requester=first["person_id"] == ticket["requester_id"],
        message_id=first["message_id"],
        references=_references(database, first, face),
        parts=tuple(_part(letter, entries[letter["id"]], ticket, zone) for letter in letters),
        files=_files(database, replied),
        written_at=moment(first["created_at"]),
        person=first["person_id"] or 0,
        owner=ticket["owner"] or "",
        ended=ticket["state"] in _ENDED,
        language=_language(database, first["person_id"]),
    )


def _ticket(database: Database, letter: Row) -> Row:
    ticket = database.one(
        "SELECT t.id, t.state, t.subject, t.body, t.urgent, t.resolution, t.needs, t.approver, "
        "t.approver_id, t.approval, t.approval_at, t.outcome, t.merged_into, t.requester_id, "
        "p.name AS requester, coalesce(nullif(o.name, ''), o.login) AS owner FROM ticket t "
        "LEFT JOIN person p ON p.id = t.requester_id "
        "LEFT JOIN technician o ON o.login = t.assignee WHERE t.id = :id",
        id=letter["ticket_id"],
    )
    if ticket is None:
        raise LookupError(f"ticket #{letter['ticket_id']} of letter {letter['id']} is gone")
    return ticket


def _not_overtaken(letters: Sequence[Row]) -> Sequence[Row]:
    """Give the letters without those that a later one makes pointless; never none."""
    kept = [
        letter
        for place, letter in enumerate(letters)
        if not any(
            after["template"] in _OVERTAKEN.get(letter["template"], ())
            for after in letters[place + 1 :]
        )
    ]
    return kept or letters


def _language(database: Database, person: int | None) -> str:
    """Give the language of a person, else of their organisation, else nothing: the desk's."""
    row = database.one(
        "SELECT p.language, o.language AS theirs FROM person p "
        "LEFT JOIN organisation o ON o.id = p.organisation_id WHERE p.id = :id",
        id=person,
    )
    return str(row["language"] or row["theirs"] or "") if row else ""


def _entries(database: Database, letter: Row) -> Sequence[Row]:
    """Give the public entries that a letter tells of, before them what it asks about again.

    An internal one is never read.
    """
    told = _public(database, [int(one) for one in json.loads(letter["entries"])])
    asked = [int(data["asked"]) for row in told if "asked" in (data := json.loads(row["data"]))]
    return (*_public(database, asked), *told) if asked else told


def _public(database: Database, numbers: list[int]) -> Sequence[Row]:
    return database.all(
        f"{_ENTRIES} AND l.id IN :ids ORDER BY l.id",
        ids=numbers,
    )


def _part(letter: Row, entries: Sequence[Row], ticket: Row, zone: tzinfo) -> PublicPart:
    words = tuple(PublicWords(_who(row), row["text"]) for row in entries if row["event"] in _WORDS)
    reasons = [row["text"] for row in entries if row["event"] in _REASONS and _is_for_them(row)]
    changes = _changes(entries)
    solved = [row["text"] for row in entries if row["event"] == Event.SOLVED]
    data = json.loads(entries[-1]["data"]) if entries else {}
    until = moment_or_none(_last(changes, "waiting_until"))
    since = moment_or_none(ticket["approval_at"])
    return PublicPart(
        template=letter["template"],
        words=words,
        reason=reasons[-1] if reasons else "",
        resolution=solved[-1] if solved else ticket["resolution"],
        outcome=str(_last(changes, "outcome") or ticket["outcome"] or ""),
        waiting_for=str(_last(changes, "waiting_for") or ""),
        until=until.astimezone(zone) if until else None,
        needs=ticket["needs"],
        approver=ticket["approver"],
        approval=str(_last(changes, "approval") or ticket["approval"] or ""),
        since=since.astimezone(zone) if since else None,
        into=ticket["merged_into"] or 0,
        times=int(data.get("times", 0)),
        days=int(data.get("days", 0)),
        question=_question(letter, ticket),
        asked=int(data.get("asked", entries[-1]["id"])) if entries else 0,
    )


def _is_for_them(entry: Row) -> bool:
    """Whether a reason was said to the customer: why their word was waived stays at the desk."""
    data = json.loads(entry["data"])
    waived = data.get("outcome") == Outcome.SOLVED or data.get("result") == Proof.WAIVED
    return bool(entry["text"]) and not waived


def _question(letter: Row, ticket: Row) -> Question | None:
    """Give what a letter asks its reader: only whom it concerns is asked."""
    question = QUESTIONS.get(letter["template"])
    asked = "approver_id" if question == Question.APPROVAL else "requester_id"
    return question if letter["person_id"] == ticket[asked] else None


def _changes(entries: Sequence[Row]) -> list[dict[str, Any]]:
    return [json.loads(row["changes"]) for row in entries]


def _last(changes: list[dict[str, Any]], field: str) -> Any:
    """Give the newest value that these entries gave a field."""
    values = [change[field][1] for change in changes if field in change]
    return values[-1] if values else None


def _who(row: Row) -> str:
    return str(row["person"] or row["tech"] or row["actor"])


def _references(database: Database, letter: Row, face: DeskFace) -> tuple[str, ...]:
    """Give what this letter answers: the ticket's own id, the customer's mails, our letters."""
    ticket = letter["ticket_id"]
    domain = face.address.rpartition("@")[2]
    stable = message_id(ticket, "0", face.secret, domain)
    rows = database.all(
        "SELECT at, data FROM ledger WHERE kind = 'ticket' AND subject_id = :id AND public "
        "AND event IN ('opened', 'received') ORDER BY id",
        id=ticket,
    )
    foreign = [
        (moment(row["at"]), f"<{known}>")
        for row in rows
        if (known := json.loads(row["data"]).get("message_id"))
    ]
    sent = database.all(
        "SELECT sent_at, message_id FROM outbox WHERE ticket_id = :id AND recipient = :to "
        "AND state = 'sent' AND sent_at IS NOT NULL AND message_id <> :own ORDER BY id",
        id=ticket,
        to=letter["recipient"],
        own=letter["message_id"],
    )
    ours = [(moment(row["sent_at"]), row["message_id"]) for row in sent]
    return (stable, *(text for _, text in sorted(foreign + ours)))


def _files(database: Database, entries: list[int]) -> tuple[PublicFile, ...]:
    """Give the files of a technician's public answers, as many as a letter carries."""
    rows = database.all(
        "SELECT name, media_type, sha256, size FROM attachment WHERE entry_id IN :ids ORDER BY id",
        ids=entries,
    )
    found: list[PublicFile] = []
    left = _FILES_CAP
    for row in rows:
        left -= row["size"]
        if left < 0:
            break
        found.append(PublicFile(row["name"], row["media_type"], row["sha256"], row["size"]))
    return tuple(found)
