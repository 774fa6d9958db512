"""The letter that tells owners of devices of a known incident before they call (G5).

It reads the public words of a problem only: its title and its workaround, never its cause.
"""

from typing import NamedTuple

from deskterm.domain.text import clean, header_safe

TEMPLATE = "known_incident"
"""How the outbox names this letter."""


class IncidentWords(NamedTuple):
    """What may be said of a problem."""

    title: str
    workaround: str = ""
    device: str = ""


class Written(NamedTuple):
    """Subject and text of a letter."""

    subject: str
    text: str


_EN = (
    "Known trouble: {title}",
    "Hello {name},",
    "we know of this trouble and are working on it: {title}.",
    "Your device {device} may be affected; you need not report it.",
    "What helps until then: {workaround}",
    "If it hinders your work, answer this mail and we open a ticket for you.",
)
_DE = (
    "Bekannte Störung: {title}",
    "Guten Tag {name},",
    "wir kennen diese Störung und arbeiten daran: {title}.",
    "Ihr Gerät {device} kann betroffen sein; Sie brauchen es nicht zu melden.",
    "Was bis dahin hilft: {workaround}",
    "Wenn es Sie bei der Arbeit hindert, antworten Sie auf diese Mail, und wir öffnen ein Ticket.",
)


def write(words: IncidentWords, name: str, desk: str, language: str = "en") -> Written:
    """Give the letter to one person in their language."""
    head, hello, what, whose, until, last = _DE if language == "de" else _EN
    values = {
        "title": clean(words.title, one_line=True).rstrip("."),
        "workaround": clean(words.workaround),
        "device": clean(words.device, one_line=True),
        "name": clean(name, one_line=True),
    }
    lines = [hello if values["name"] else hello.replace(" {name}", ""), what]
    lines += [whose] if values["device"] else []
    lines += [until] if values["workaround"] else []
    text = "\n\n".join(_filled(line, values) for line in (*lines, last))
    subject = header_safe(_filled(head, values))
    return Written(subject, f"{text}\n\n{clean(desk, one_line=True)}\n")


def _filled(line: str, values: dict[str, str]) -> str:
    """Put values into a line; a value that looks like a place stays as it is."""
    parts = line.split("{")
    found = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        found.append(values[name] + rest)
    return "".join(found)
