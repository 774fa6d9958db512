"""Letters about no ticket of the reader's: a known incident (G5), a release that fixes it (F4).

Each is made of the words that were kept with it, nothing else: of a problem its title and its
workaround, never its cause. A line that names something which is not there is left out.
"""

from collections.abc import Mapping
from typing import NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.domain.text import clean, header_safe

INCIDENT, RELEASED, WITHDRAWN = "known_incident", "released", "withdrawn"
"""How the outbox names these letters."""


class Written(NamedTuple):
    """Subject and text of a letter."""

    subject: str
    text: str


_ONE_LINE = ("title", "device", "release", "name")
_TEXTS: Mapping[tuple[str, str], tuple[str, ...]] = {
    (INCIDENT, "en"): (
        "Known trouble: {title}",
        "we know of this trouble and are working on it: {title}.",
        "Your device {device} may be affected; you need not report it.",
        "What helps until then: {workaround}",
        "If it hinders your work, answer this mail and we open a ticket for you.",
    ),
    (INCIDENT, "de"): (
        "Bekannte Störung: {title}",
        "wir kennen diese Störung und arbeiten daran: {title}.",
        "Ihr Gerät {device} kann betroffen sein; Sie brauchen es nicht zu melden.",
        "Was bis dahin hilft: {workaround}",
        "Wenn es Sie bei der Arbeit hindert, antworten Sie auf diese Mail, und wir öffnen ein "
        "Ticket.",
    ),
    (RELEASED, "en"): (
        "{release} is out",
        "your device has an older version with a fault; {release} fixes it.",
        "What changed:\n{words}",
        "How to get it:\n{how}",
        "If something does not work, answer this mail and we open a ticket for you.",
    ),
    (RELEASED, "de"): (
        "{release} ist da",
        "Ihr Gerät hat eine ältere Version mit einem Fehler; {release} behebt ihn.",
        "Was sich geändert hat:\n{words}",
        "So bekommen Sie es:\n{how}",
        "Wenn etwas nicht geht, antworten Sie auf diese Mail, und wir öffnen ein Ticket.",
    ),
    (WITHDRAWN, "en"): (
        "{release} was taken back",
        "we told you of {release}. It was taken back; please do not install it.",
        "Why:\n{reason}",
        "You hear from us when there is a new one.",
    ),
    (WITHDRAWN, "de"): (
        "{release} wurde zurückgezogen",
        "wir haben Ihnen von {release} geschrieben. Es wurde zurückgezogen; bitte installieren "
        "Sie es nicht.",
        "Warum:\n{reason}",
        "Sie hören von uns, wenn es etwas Neues gibt.",
    ),
}
_HELLO = {"en": ("Hello {name},", "Hello,"), "de": ("Guten Tag {name},", "Guten Tag,")}
_PLACE = pattern(r"\{(\w+)\}")


def write(
    template: str, said: Mapping[str, str], name: str, desk: str, language: str = "en"
) -> Written:
    """Give the letter to one person in their language."""
    language = language if language in _HELLO else "en"
    values = {one: clean(text, one_line=one in _ONE_LINE) for one, text in said.items()}
    values["name"] = clean(name, one_line=True)
    values["title"] = values.get("title", "").rstrip(".")
    head, *lines = _TEXTS[template, language]
    called, nobody = _HELLO[language]
    lines = [called if values["name"] else nobody, *lines]
    told = [line for line in lines if all(values.get(one) for one in _PLACE.findall(line))]
    text = "\n\n".join(_filled(line, values) for line in told)
    subject = header_safe(_filled(head, values))
    return Written(subject, f"{text}\n\n{clean(desk, one_line=True)}\n")


def _filled(line: str, values: Mapping[str, str]) -> str:
    """Put values into a line; a value that looks like a place stays as it is."""
    return _PLACE.sub(lambda place: values[place[1]], line)
