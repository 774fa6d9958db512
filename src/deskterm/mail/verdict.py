"""What somebody's words say to "does it work?": yes, no, or neither for sure (B3).

Words are looked at by what they mean, English and German: consent, what works, what is broken, what
denies, what doubts or asks for more. Yes closes a ticket and no opens it again, so each has to be
plain; whatever is long, mixed or unknown is unsure, and a person reads it.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from deskterm.domain.patterns import pattern


class Verdict(StrEnum):
    """What the words say."""

    YES = "y"
    NO = "n"
    UNSURE = "u"


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CONSENT = _set("yes yep yup yeah y ja jo jup jawohl oui si sí sim tak joo kyllä igen da hai")
_CONSENT_ANYWHERE = _set("yes yep ja")
"""The others are words of other meanings too, where they do not come first."""
_DENIAL = _set("no nope nah n nein nö ne nee non não nie nej nei ei nem")
_WORKS = _set("""
work works worked working fixed solved resolved done fine ok okay perfect good great running runs
confirmed success successful successfully repaired better healthy geht gehts ging funktioniert
funktionierte funktionieren klappt klappte läuft lief laufen behoben gelöst erledigt repariert passt
super prima gut perfekt bestens einwandfrei bestätigt hilft geholfen helped geklappt gegangen
""")
_BROKEN = _set("""
broken broke fail fails failed failing fault faulty error errors problem problems issue issues same
crash crashes crashed crashing down dead stuck worse kaputt defekt fehler störung problem probleme
hängt abgestürzt unverändert gleiche gleichen selbe selben fehlgeschlagen tot
""")
_GONE = _set("problem problems issue issues error errors fehler probleme störung")
_NONE = _set("no without kein keine keinen keinerlei ohne")
_NOT = _set("""
not never nothing nobody none without cannot cant dont doesnt didnt isnt wasnt wont couldnt arent
nicht nichts nie niemals kein keine keinen keiner keinerlei ohne
""")
_DOUBT = _set("""
but however although though except only sometimes partly partially almost nearly maybe perhaps seems
seem apparently think guess if unless until another other else also too please can could would
should will want need needs try tried test tested tomorrow later yet unfortunately once before
holiday away idea sure aber jedoch allerdings obwohl außer nur manchmal teilweise halbwegs fast
vielleicht scheint anscheinend glaube denke falls wenn bis andere anderes anderer sonst auch bitte
kann könnte könnten würde sollte soll will brauche möchte versucht versuche probiert probiere
getestet teste testen morgen später leider urlaub ahnung sicher mal wohl
""")
_LATER = _set("""
try tried test tested tomorrow later yet holiday away idea sure versucht versuche probiert probiere
getestet teste testen morgen später urlaub ahnung sicher
""")
_FILLER = _set("""
it its is was does do did has have had been i im we you your all everything now again already very
much many so really just the a an and for to of on at in with my our this that thanks thank thx ty
cheers appreciated hi hello hallo hey dear desk team best kind regards greetings any more anymore
longer still nice quick quickly fast help support time today es er sie ist sind war hat habe haben
wurde wird ich wir alles das der die den dem ein eine und für zu auf mit mein meine mir jetzt nun
wieder schon sehr vielen herzlichen besten danke dank schnelle schnell hilfe ihre ihr euch dir deine
klar mehr noch immer viele freundliche freundlichen freundlicher grüße grüßen gruß mfg lg liebe
lieber alle gerade heute tut wunderbar
""")
_WORD = pattern(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[?\n.,;:!]")
_SIGNS_OFF = pattern(
    r"\n[ \t]*(?:(?:kind|best|warm|with|many)?[ \t]*(?:regards|wishes)|cheers|sincerely|yours|"
    r"mfg|lg|vg|(?:mit |viele |liebe |beste |schöne |freundlichen? )+gr(?:ü|ue)(?:ß|ss)en?)\b"
    r"[^\n]{0,40}\n"
)
"""Below it stand names and addresses."""
_MOST_WORDS = 40
_MOST_FOR_YES = 20
_NEAR = 4
"""A denial reaches so many words: `does not really work`, `geht leider nicht`."""


def verdict(text: str, writer: str = "") -> Verdict:
    """Give what a person's own words say; `writer` is their name, which may stand below."""
    own = {word.lower() for word in re.findall(r"[^\W\d_]+", writer[:200])}
    said = _SIGNS_OFF.split(f"{text[:4_000].lower()}\n", maxsplit=1)[0]
    found = _WORD.findall(said)
    words = [_plain(one) for one in found if one.isalpha() or "'" in one or "’" in one]
    words = [one for one in words if one not in own]
    if not words or len(words) > _MOST_WORDS or "?" in found or len(text) > 4_000:
        return Verdict.UNSURE
    return _judged(words, answers_first=len(found) == 1 or not found[1].isalpha())


def is_harmless(text: str) -> bool:
    """Tell whether what stands below a bare yes or no neither asks, denies nor doubts."""
    words = [_plain(one) for one in _WORD.findall(text[:4_000].lower())]
    against = _BROKEN | _NOT | _DENIAL | _DOUBT
    return "?" not in words and against.isdisjoint(words)


def _judged(words: Sequence[str], *, answers_first: bool) -> Verdict:
    signs = _signs(words)
    hesitates = not _LATER.isdisjoint(words)
    if "fails" in signs:
        mixed = "works" in signs and "denied" not in signs
        return Verdict.UNSURE if mixed or hesitates else Verdict.NO
    if words[0] in _DENIAL and not _is_gone(words, 1 + (words[1:2] == ["more"])):
        plain = answers_first and "works" not in signs and not hesitates
        return Verdict.NO if plain else Verdict.UNSURE
    unclear = "open" in signs or not _DOUBT.isdisjoint(words) or len(words) > _MOST_FOR_YES
    strange = [one for one in words if one not in _KNOWN]
    if "works" not in signs or unclear or len(strange) > min(2, len(words) // 2):
        return Verdict.UNSURE
    return Verdict.YES


def _signs(words: Sequence[str]) -> set[str]:
    """Give works, fails, denied (what works is denied) and open (a denial of something else)."""
    gone = {at for at in range(len(words)) if _is_gone(words, at)}
    denials = {at for at, one in enumerate(words) if _denies(words, at)}
    used = {at - back for at in gone for back in (1, 2)}
    signs = {"works"} if _consents(words) else set()
    for at, one in enumerate(words):
        near = {place for place in denials - used if 0 < abs(at - place) <= _NEAR}
        if one in _WORKS:
            signs |= {"fails", "denied"} if near else {"works"}
        elif one in _BROKEN and at not in gone:
            signs.add("open" if near else "fails")
    touched = {at for at in denials if _touches(words, at)} | used
    return signs | ({"open"} if denials - touched else set())


def _denies(words: Sequence[str], at: int) -> bool:
    """Whether a word denies another; a `no` that answers denies nothing."""
    return words[at] in _NOT or (words[at] in _DENIAL and (at > 0 or words[1:2] == ["longer"]))


def _touches(words: Sequence[str], at: int) -> bool:
    """Whether a denial has something to deny that is known."""
    reach = words[max(0, at - _NEAR) : at + _NEAR + 1]
    return any(one in _WORKS or one in _BROKEN for one in reach)


def _consents(words: Sequence[str]) -> bool:
    return words[0] in _CONSENT or not _CONSENT_ANYWHERE.isdisjoint(words)


def _is_gone(words: Sequence[str], at: int) -> bool:
    """Whether trouble is denied as such: `no problem`, `no more errors`, `keine Fehler mehr`."""
    before = [one for one in words[max(0, at - 2) : at] if one not in ("more", "weiteren")]
    return at < len(words) and words[at] in _GONE and bool(before) and before[-1] in _NONE


_KNOWN = _CONSENT | _DENIAL | _WORKS | _BROKEN | _NOT | _FILLER


def _plain(word: str) -> str:
    """Give a word without its apostrophe: `doesn't` is `doesnt`, `it's` is `its`."""
    return word.replace("'", "").replace("’", "")
