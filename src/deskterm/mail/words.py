"""The words of letters that are no template: marks, dates, the labels of choices; by language.

Our own line in a mail that came back is found whatever a mail program did to it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from deskterm.domain import remedies
from deskterm.domain.patterns import pattern
from deskterm.mail.answers import NO, YES, Question

CUT_LINE = "-- please answer above this line --"
"""Above it a reply is new, below it is what the desk wrote."""
CUT_LINES = (
    CUT_LINE,
    "-- bitte oberhalb dieser Zeile antworten --",
    "-- veuillez répondre au-dessus de cette ligne --",
    "-- responda por encima de esta línea, por favor --",
)
"""The same in every language that letters may be written in."""
_LETTERS = pattern(r"[^\W\d_]+")
_KEYS = tuple("".join(_LETTERS.findall(line)).lower() for line in CUT_LINES)
_LINE_CAP = 200


def marker_lines(lines: Sequence[str]) -> int | None:
    """Give the first line of our marker: quoted, decorated, or broken over two lines; or None."""
    before = ""
    for number, line in enumerate(lines):
        letters = "".join(_LETTERS.findall(line[:_LINE_CAP])).lower()
        if letters in _KEYS:
            return number
        if before and before + letters in _KEYS:
            return number - 1
        before = letters if letters and any(key.startswith(letters) for key in _KEYS) else ""
    return None


ENGLISH = "en"


class Speech(NamedTuple):
    """One language of the letters."""

    name: str
    cut_line: str
    """What stands above the quoted rest when somebody answers; dashes, words, dashes."""
    date: str
    """With DAY, MONTH and YEAR in it."""
    months: tuple[str, ...]
    days: tuple[str, ...]
    """Monday first."""
    choices: dict[tuple[Question, str], str]
    none_fits: str
    """No time that is offered for a visit."""
    answer_subject: str
    """Of a mail that answers a question; the ticket's number follows."""
    expect: str
    """What whoever writes may expect; {desk} may be in it."""
    expect_urgent: str
    answer: str
    """What is promised, with LENGTH and WHEN in it."""
    lengths: Mapping[str, tuple[str, str]]
    """One and several of what a target counts: m, h, d; with ! in front around the clock."""
    offer: remedies.Said
    """Of remedies that can be chosen among (B6)."""


_EN_MONTHS = "January February March April May June July August September October November December"
_DE_MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
_FR_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
_ES_MONTHS = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
)
_EN_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_DE_DAYS = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"
_FR_DAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche"
_ES_DAYS = "lunes martes miércoles jueves viernes sábado domingo"

_LENGTH = pattern(r"(\d{1,4})([mhd])")

SPEECHES: dict[str, Speech] = {
    ENGLISH: Speech(
        name="English",
        cut_line=CUT_LINES[0],
        date="DAY MONTH YEAR",
        months=tuple(_EN_MONTHS.split()),
        days=tuple(_EN_DAYS.split()),
        choices={
            (Question.WORKED, YES): "Yes, it works",
            (Question.WORKED, NO): "No, it does not work",
            (Question.APPROVAL, YES): "I grant it",
            (Question.APPROVAL, NO): "I refuse it",
            (Question.SCORE, "5"): "5 - very satisfied",
            (Question.SCORE, "4"): "4 - satisfied",
            (Question.SCORE, "3"): "3 - so-so",
            (Question.SCORE, "2"): "2 - dissatisfied",
            (Question.SCORE, "1"): "1 - very dissatisfied",
        },
        none_fits="Another time, please",
        answer_subject="Answer to",
        expect="We take requests in the order of their urgency and write to you with every step.",
        expect_urgent="Urgent requests go before all others.",
        answer="We answer within LENGTH, until WHEN.",
        lengths={
            "d": ("business day", "business days"),
            "h": ("business hour", "business hours"),
            "m": ("minute of business hours", "minutes of business hours"),
            "!d": ("day", "days"),
            "!h": ("hour", "hours"),
            "!m": ("minute", "minutes"),
        },
        offer=remedies.ENGLISH,
    ),
    "de": Speech(
        name="Deutsch",
        cut_line=CUT_LINES[1],
        date="DAY. MONTH YEAR",
        months=tuple(_DE_MONTHS.split()),
        days=tuple(_DE_DAYS.split()),
        choices={
            (Question.WORKED, YES): "Ja, es funktioniert",
            (Question.WORKED, NO): "Nein, es funktioniert nicht",
            (Question.APPROVAL, YES): "Ich genehmige es",
            (Question.APPROVAL, NO): "Ich lehne es ab",
            (Question.SCORE, "5"): "5 - sehr zufrieden",
            (Question.SCORE, "4"): "4 - zufrieden",
            (Question.SCORE, "3"): "3 - teils, teils",
            (Question.SCORE, "2"): "2 - unzufrieden",
            (Question.SCORE, "1"): "1 - sehr unzufrieden",
        },
        none_fits="Bitte ein anderer Termin",
        answer_subject="Antwort zu",
        expect="Wir bearbeiten Anfragen nach Dringlichkeit und schreiben Ihnen bei jedem Schritt.",
        expect_urgent="Dringende Anfragen gehen allen anderen vor.",
        answer="Wir antworten innerhalb von LENGTH, bis WHEN.",
        lengths={
            "d": ("Arbeitstag", "Arbeitstagen"),
            "h": ("Arbeitsstunde", "Arbeitsstunden"),
            "m": ("Minute der Arbeitszeit", "Minuten der Arbeitszeit"),
            "!d": ("Tag", "Tagen"),
            "!h": ("Stunde", "Stunden"),
            "!m": ("Minute", "Minuten"),
        },
        offer=remedies.Said(
            head="Sie können wählen:",
            end="Bitte nennen Sie uns die Nummer, die Ihnen am liebsten ist.",
            takes="dauert ",
            costs="Kosten: ",
            note="Hinweis: ",
            visit="wir kommen zu Ihnen",
        ),
    ),
    "fr": Speech(
        name="Français",
        cut_line=CUT_LINES[2],
        date="DAY MONTH YEAR",
        months=tuple(_FR_MONTHS.split()),
        days=tuple(_FR_DAYS.split()),
        choices={
            (Question.WORKED, YES): "Oui, cela marche",
            (Question.WORKED, NO): "Non, cela ne marche pas",
            (Question.APPROVAL, YES): "Je l'accorde",
            (Question.APPROVAL, NO): "Je le refuse",
            (Question.SCORE, "5"): "5 - très satisfait",
            (Question.SCORE, "4"): "4 - satisfait",
            (Question.SCORE, "3"): "3 - moyennement",
            (Question.SCORE, "2"): "2 - insatisfait",
            (Question.SCORE, "1"): "1 - très insatisfait",
        },
        none_fits="Un autre moment, s'il vous plaît",
        answer_subject="Réponse à",
        expect="Nous traitons les demandes par urgence et vous écrivons à chaque étape.",
        expect_urgent="Les demandes urgentes passent avant toutes les autres.",
        answer="Nous répondons en LENGTH, avant le WHEN.",
        lengths={
            "d": ("jour ouvré", "jours ouvrés"),
            "h": ("heure ouvrée", "heures ouvrées"),
            "m": ("minute ouvrée", "minutes ouvrées"),
            "!d": ("jour", "jours"),
            "!h": ("heure", "heures"),
            "!m": ("minute", "minutes"),
        },
        offer=remedies.Said(
            head="Vous avez le choix :",
            end="Merci de nous indiquer le numéro que vous préférez.",
            takes="durée : ",
            costs="coût : ",
            note="à noter : ",
            visit="nous venons chez vous",
        ),
    ),
    "es": Speech(
        name="Español",
        cut_line=CUT_LINES[3],
        date="DAY de MONTH de YEAR",
        months=tuple(_ES_MONTHS.split()),
        days=tuple(_ES_DAYS.split()),
        choices={
            (Question.WORKED, YES): "Sí, funciona",
            (Question.WORKED, NO): "No, no funciona",
            (Question.APPROVAL, YES): "Lo concedo",
            (Question.APPROVAL, NO): "Lo deniego",
            (Question.SCORE, "5"): "5 - muy satisfecho",
            (Question.SCORE, "4"): "4 - satisfecho",
            (Question.SCORE, "3"): "3 - regular",
            (Question.SCORE, "2"): "2 - insatisfecho",
            (Question.SCORE, "1"): "1 - muy insatisfecho",
        },
        none_fits="Otro momento, por favor",
        answer_subject="Respuesta a",
        expect="Atendemos las solicitudes por urgencia y le escribimos en cada paso.",
        expect_urgent="Las solicitudes urgentes van antes que todas las demás.",
        answer="Respondemos en LENGTH, hasta el WHEN.",
        lengths={
            "d": ("día laborable", "días laborables"),
            "h": ("hora laborable", "horas laborables"),
            "m": ("minuto laborable", "minutos laborables"),
            "!d": ("día", "días"),
            "!h": ("hora", "horas"),
            "!m": ("minuto", "minutos"),
        },
        offer=remedies.Said(
            head="Puede elegir:",
            end="Díganos, por favor, el número que prefiere.",
            takes="duración: ",
            costs="coste: ",
            note="nota: ",
            visit="vamos a donde está usted",
        ),
    ),
}
"""Language → its words; all letters are written in each."""

PREFILLED = tuple(
    label for speech in SPEECHES.values() for label in (*speech.choices.values(), speech.none_fits)
)
"""Lines that a mail program fills in when a choice is clicked."""


def speech(language: str) -> Speech:
    """Give the words of a language, or English ones."""
    return SPEECHES.get(language) or SPEECHES[ENGLISH]


def promise_words(by: datetime | None, within: str, language: str) -> str:
    """Give what is promised: `We answer within 4 business hours, until Tuesday, 1 December 2026,
    10:20.`; nothing for none.
    """
    if by is None:
        return ""
    words = speech(language)
    when = f"{words.days[by.weekday()]}, {moment_words(by, language)}"
    length = length_words(within, language)
    return words.answer.replace("LENGTH", length).replace("WHEN", when)


def length_words(within: str, language: str) -> str:
    """Give a target as its customer reads it: `4 business hours`, `15 minutes`; empty for none."""
    words = speech(language)
    around = "!" if within.endswith(" always") else ""
    return ", ".join(
        f"{int(many)} {words.lengths[around + unit][int(many) != 1]}"
        for many, unit in _LENGTH.findall(within.removesuffix(" always"))
    )


def moment_words(moment: datetime, language: str) -> str:
    """Give a moment as it is written in a letter: `25 November 2026, 10:20`."""
    return f"{date_words(moment, language)}, {moment:%H:%M}"


def date_words(day: datetime | None, language: str) -> str:
    """Give a date as it is written in a letter: `25 November 2026`; nothing for none."""
    if day is None:
        return ""
    words = speech(language)
    text = words.date.replace("DAY", str(day.day)).replace("YEAR", str(day.year))
    return text.replace("MONTH", words.months[day.month - 1])


def time_words(start: datetime, minutes: int, language: str) -> str:
    """Give a time as it is written in a letter: `Tuesday, 1 December 2026, 10:00–11:00 (CET)`."""
    words = speech(language)
    # the way over the absolute time: an hour that the clocks jump over is no hour of the visit
    end = (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(start.tzinfo)
    day = f"{words.days[start.weekday()]}, {date_words(start, language)}"
    return f"{day}, {start:%H:%M}–{end:%H:%M} ({start:%Z})"


OFFER_UNITS = {
    "en": {"m": ("minute", "minutes"), "h": ("hour", "hours"), "d": ("day", "days")},
    "de": {"m": ("Minute", "Minuten"), "h": ("Stunde", "Stunden"), "d": ("Tag", "Tage")},
    "fr": {"m": ("minute", "minutes"), "h": ("heure", "heures"), "d": ("jour", "jours")},
    "es": {"m": ("minuto", "minutos"), "h": ("hora", "horas"), "d": ("día", "días")},
}
OFFER_BUSINESS = {
    "en": {"h": ("business hour", "business hours"), "d": ("business day", "business days")},
    "de": {"h": ("Servicestunde", "Servicestunden"), "d": ("Arbeitstag", "Arbeitstage")},
    "fr": {"h": ("heure ouvrée", "heures ouvrées"), "d": ("jour ouvré", "jours ouvrés")},
    "es": {"h": ("hora laborable", "horas laborables"), "d": ("día laborable", "días laborables")},
}
OFFER_WORDS = {
    "en": {
        "title": "what we offer",
        "as_of": "As of",
        "nothing": "Nothing is published yet.",
        "for": "For",
        "service": "Service",
        "channels": "Ask by",
        "hours": "Hours",
        "group": "Answers for it",
        "cost": "Costs",
        "pickup": "Picked up within",
        "response": "Answered within",
        "solution": "Solved within",
        "agreed": "as agreed",
        "urgent": "urgent",
        "around": "around the clock",
        "budget": "Solved within, where it requires a budget",
        "approval": "Solved within, where it requires an approval",
    },
    "de": {
        "title": "unser Angebot",
        "as_of": "Stand",
        "nothing": "Noch ist nichts veröffentlicht.",
        "for": "Für",
        "service": "Service",
        "channels": "Anfragen per",
        "hours": "Zeiten",
        "group": "Verantwortlich",
        "cost": "Kosten",
        "pickup": "Übernommen binnen",
        "response": "Beantwortet binnen",
        "solution": "Gelöst binnen",
        "agreed": "nach Absprache",
        "urgent": "dringend",
        "around": "rund um die Uhr",
        "budget": "Gelöst binnen, wenn ein Budget nötig ist",
        "approval": "Gelöst binnen, wenn eine Freigabe nötig ist",
    },
    "fr": {
        "title": "notre offre",
        "as_of": "État au",
        "nothing": "Rien n'est encore publié.",
        "for": "Pour",
        "service": "Service",
        "channels": "Demandes par",
        "hours": "Horaires",
        "group": "Responsable",
        "cost": "Coût",
        "pickup": "Pris en charge en",
        "response": "Réponse en",
        "solution": "Résolu en",
        "agreed": "selon accord",
        "urgent": "urgent",
        "around": "24 heures sur 24",
        "budget": "Résolu en, si un budget est nécessaire",
        "approval": "Résolu en, si une autorisation est nécessaire",
    },
    "es": {
        "title": "nuestra oferta",
        "as_of": "A fecha de",
        "nothing": "Todavía no hay nada publicado.",
        "for": "Para",
        "service": "Servicio",
        "channels": "Solicitudes por",
        "hours": "Horario",
        "group": "Responsable",
        "cost": "Coste",
        "pickup": "Atendido en",
        "response": "Respuesta en",
        "solution": "Resuelto en",
        "agreed": "según acuerdo",
        "urgent": "urgente",
        "around": "las 24 horas del día",
        "budget": "Resuelto en, si hace falta un presupuesto",
        "approval": "Resuelto en, si hace falta una autorización",
    },
}
"""Language → key → our words around an offer."""
