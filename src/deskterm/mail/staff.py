"""Letters to technicians: what they are told of, and never the words of an internal note.

Mail leaves the desk: a notice says that there is a note, and where to read it (G1).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from deskterm.domain.news import Kind
from deskterm.domain.text import clean, header_safe
from deskterm.mail.public import DeskFace
from deskterm.mail.words import date_words, speech

MOST = 50
"""Notices that one letter tells of; more are counted."""
_SAID: dict[str, dict[str, str]] = {
    "en": {
        Kind.ASSIGNED: "{who} gave it to you",
        Kind.MENTIONED: "{who} named you",
        Kind.REOPENED: "it came back: {who}",
        Kind.REPLIED: "{who} wrote",
        Kind.FILED: "mail of a machine came; it moved nothing",
        Kind.ALARM: "urgent, and nobody has it",
        Kind.HANDED: "{who} handed it to your group",
        Kind.NEW: "a new ticket",
        Kind.APPROVAL: "the approval was answered: {who}",
        Kind.UNDELIVERED: "letters did not arrive",
        Kind.VISIT: "a visit of yours: {who}",
        Kind.DUE: "the time it waited for has come",
        Kind.OVERDUE: "its promise ends",
        Kind.VERIFIED: "the fix of its problem held",
        Kind.POOR: "poor rating",
        Kind.ANNOUNCED: "your announcement is in trouble",
        Kind.MAILBOX: "a mailbox cannot be read",
        Kind.REVIEWED: "how a call went was reviewed",
        Kind.CHANGED: "{who} changed it",
    },
    "de": {
        Kind.ASSIGNED: "{who} hat es Ihnen gegeben",
        Kind.MENTIONED: "{who} hat Sie genannt",
        Kind.REOPENED: "es ist zurückgekommen: {who}",
        Kind.REPLIED: "{who} hat geschrieben",
        Kind.FILED: "Post einer Maschine ist gekommen; sie hat nichts bewegt",
        Kind.ALARM: "dringend, und niemand hat es",
        Kind.HANDED: "{who} hat es Ihrer Gruppe übergeben",
        Kind.NEW: "ein neues Anliegen",
        Kind.APPROVAL: "die Genehmigung ist beantwortet: {who}",
        Kind.UNDELIVERED: "Briefe kamen nicht an",
        Kind.VISIT: "ein Besuch von Ihnen: {who}",
        Kind.DUE: "die Zeit, auf die es wartete, ist gekommen",
        Kind.OVERDUE: "die Zusage läuft ab",
        Kind.VERIFIED: "die Lösung seines Problems hat gehalten",
        Kind.POOR: "schlechte Bewertung",
        Kind.ANNOUNCED: "mit Ihrer Ankündigung stimmt etwas nicht",
        Kind.MAILBOX: "ein Postfach kann nicht gelesen werden",
        Kind.REVIEWED: "ein Gespräch wurde gemeinsam angesehen",
        Kind.CHANGED: "{who} hat es geändert",
    },
    "fr": {
        Kind.ASSIGNED: "{who} vous l'a confié",
        Kind.MENTIONED: "{who} vous a mentionné",
        Kind.REOPENED: "c'est revenu : {who}",
        Kind.REPLIED: "{who} a écrit",
        Kind.FILED: "du courrier d'une machine est arrivé ; il n'a rien changé",
        Kind.ALARM: "urgent, et personne ne l'a pris",
        Kind.HANDED: "{who} l'a transmis à votre groupe",
        Kind.NEW: "un nouveau ticket",
        Kind.APPROVAL: "l'autorisation a reçu sa réponse : {who}",
        Kind.UNDELIVERED: "des messages ne sont pas arrivés",
        Kind.VISIT: "une de vos visites : {who}",
        Kind.DUE: "le moment attendu est venu",
        Kind.OVERDUE: "le délai promis s'achève",
        Kind.VERIFIED: "la correction de son problème a tenu",
        Kind.POOR: "mauvaise note",
        Kind.ANNOUNCED: "votre annonce a un problème",
        Kind.MAILBOX: "une boîte aux lettres ne peut être lue",
        Kind.REVIEWED: "le déroulement d'un appel a été relu",
        Kind.CHANGED: "{who} l'a modifié",
    },
    "es": {
        Kind.ASSIGNED: "{who} se lo ha asignado",
        Kind.MENTIONED: "{who} le ha mencionado",
        Kind.REOPENED: "ha vuelto: {who}",
        Kind.REPLIED: "{who} ha escrito",
        Kind.FILED: "ha llegado correo de una máquina; no ha cambiado nada",
        Kind.ALARM: "urgente, y nadie lo tiene",
        Kind.HANDED: "{who} lo ha pasado a su grupo",
        Kind.NEW: "un ticket nuevo",
        Kind.APPROVAL: "la autorización tiene respuesta: {who}",
        Kind.UNDELIVERED: "hay mensajes que no llegaron",
        Kind.VISIT: "una visita suya: {who}",
        Kind.DUE: "ha llegado el momento que esperaba",
        Kind.OVERDUE: "termina el plazo prometido",
        Kind.VERIFIED: "la corrección de su problema ha resistido",
        Kind.POOR: "mala valoración",
        Kind.ANNOUNCED: "su anuncio tiene un problema",
        Kind.MAILBOX: "no se puede leer un buzón",
        Kind.REVIEWED: "se ha revisado cómo fue una llamada",
        Kind.CHANGED: "{who} lo ha cambiado",
    },
}
"""Language → kind → what happened, in half a sentence."""


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One notice as a letter may tell of it."""

    number: int
    """0 where it is about no ticket: the subject says it all."""
    subject: str
    kind: str
    who: str
    at: datetime
    """In the desk's zone."""
    urgent: bool
    words: str = ""
    """What was said in public."""
    internal: bool = False
    """Something was said that the customer must not read: it is not here."""


@dataclass(frozen=True, slots=True)
class StaffLetter:
    """One letter to one technician."""

    login: str
    recipient: str
    recipient_name: str
    message_id: str
    lines: tuple[StaffLine, ...]
    written_at: datetime
    more: int = 0
    """Notices beyond those in `lines`."""

    @property
    def ticket(self) -> int | None:
        """The one ticket it is about; None for several."""
        numbers = {line.number for line in self.lines}
        number = numbers.pop() if len(numbers) == 1 and not self.more else 0
        return number or None


def staff_values(letter: StaffLetter, face: DeskFace, language: str) -> dict[str, object]:
    """Give the values of a technician's letter, each cleaned for eyes."""
    lines = [_line(line, language) for line in letter.lines]
    first = lines[0]
    return {
        "lines": lines,
        "number": letter.ticket or 0,
        "subject": first["subject"],
        "what": first["what"],
        "many": len(lines) + letter.more,
        "more": letter.more,
        "urgent": any(line.urgent for line in letter.lines),
        "recipient": clean(letter.recipient_name or letter.login, one_line=True),
        "desk": clean(face.name, one_line=True),
        "cut_line": speech(language).cut_line,
        "language": language,
    }


def said(language: str) -> Mapping[str, str]:
    """Give kind → what happened, in a language or in English."""
    return _SAID.get(language, _SAID["en"])


def _line(line: StaffLine, language: str) -> dict[str, object]:
    what = said(language)
    who = clean(line.who, one_line=True)
    return {
        "number": line.number,
        "subject": clean(header_safe(line.subject), one_line=True),
        "kind": str(line.kind),
        "what": what[line.kind].replace("{who}", who),
        "who": who,
        "at": f"{date_words(line.at, language)} {line.at:%H:%M}",
        "urgent": line.urgent,
        "words": clean(line.words),
        "internal": line.internal,
    }


def staff_samples() -> Mapping[str, StaffLetter]:
    """Give letters that the template is tried with: one notice, several, hostile ones."""
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    line = StaffLine(1042, "Printer offline", Kind.REPLIED, "Ada Moss", at, False, "Still offline.")
    one = StaffLetter("cy", "cy@example.org", "Cy Field", "", (line,), at)
    note = replace(line, kind=Kind.MENTIONED, who="ben", words="", internal=True, urgent=True)
    others = tuple(replace(note, number=1040 + n, kind=kind) for n, kind in enumerate(Kind))
    return {
        "one": one,
        "note": replace(one, lines=(note,), recipient_name=""),
        "several": replace(one, lines=(line, *others), more=3),
    }
