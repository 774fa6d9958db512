"""A reaction: a thumb or a heart that a mail program sends as a mail of its own.

Gmail says it in a part beside the words, others only in words: `Ada reacted to your message`, a
sign, or `Liked "…"`. A kind one is thanks; one that complains is a person's word.
"""

import json
import re

from deskterm.domain.patterns import pattern

REACTION = "text/vnd.google.email-reaction+json"
_SIGN = (
    "[\u2600-\u27bf\u2b50\u2b55\u2763\u2764\U0001f300-\U0001faff]"
    "[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff\u2640\u2642]{0,3}"
)
_SIGNS = pattern(_SIGN)
_ONLY_SIGNS = pattern(rf"\s{{0,9}}(?:{_SIGN}\s{{0,3}}){{1,5}}\Z")
_SAID = pattern(
    r"(?:.{1,120}\s)?(?:reacted (?:via|to|with)\b|reagierte (?:mit|auf|über)\b|hat (?:mit .{1,9} "
    r"|über "
    r".{1,20} |auf .{1,60} )?reagiert|a réagi (?:à|via|avec|par)\b|(?:ha )?reaccion(?:ó|ado) (?:a"
    r"|con|"
    r"mediante|desde)\b|ha reagito (?:a|con|tramite)\b|reagiu (?:a|à|com|via|pelo)\b"
    r"|heeft (?:gereageerd|"
    r".{1,40} gereageerd)|har reager(?:et|t|at)\b|reagerade (?:på|via|med)\b|zareagowa[łl]"
    r"|отреагировал)"
    r".{0,200}\Z",
    re.IGNORECASE,
)
_QUOTING = pattern(
    r"(?:liked|loved|laughed at|emphasized|disliked|questioned|reacted .{1,9} to)"
    r"\s[\"“].{0,1000}[\"”]\Z",
    re.IGNORECASE,
)
_COMPLAINTS = frozenset("👎😡😠🤬😢😞😭😟🙁☹😕💔❌😤😩😫😒❓")
_WORDS = {"disliked": "👎", "questioned": "❓"}
_MOST_LINES = 4
_LONGEST = 200


def reaction_of(part: bytes, body: str) -> str:
    """Give the sign of the reaction that a mail is, of its own part or its words; else nothing."""
    if part:
        return _told(part) or _sign(body[:200]) or "👍"
    lines = [line.strip() for line in body[:4_000].splitlines() if line.strip()]
    own = [line for line in lines if not line.startswith((">", "|"))][:_MOST_LINES]
    if not own:
        return ""
    if len(lines) == 1 and _QUOTING.match(own[0]):
        return _WORDS.get(own[0].split()[0].lower(), "👍")
    own = [line[:_LONGEST] for line in own]
    if not _SAID.match(own[0]) and not (_ONLY_SIGNS.match(own[0]) and _SAID.match(own[-1])):
        return ""
    return _sign("\n".join(own))


def is_complaint(reaction: str) -> bool:
    """Tell whether a reaction is none of thanks."""
    return any(sign in _COMPLAINTS for sign in reaction)


def is_kind(words: str) -> bool:
    """Tell whether words are nothing but kind signs: a thumb, a heart, clapping hands."""
    return bool(_ONLY_SIGNS.match(words)) and not is_complaint(words)


def _sign(text: str) -> str:
    found = _SIGNS.search(text)
    return found.group() if found else ""


def _told(part: bytes) -> str:
    """Give the sign that the part for programs names; nothing where it cannot be read."""
    try:
        told = json.loads(part[:2_000])
    except (ValueError, RecursionError):
        return ""
    named = told.get("emoji") if isinstance(told, dict) else None
    return _sign(named[:20]) if isinstance(named, str) else ""


_WORD = pattern(r"[^\W\d_]+")
_MOST_WORDS = 16
_ENDS_OWN_WORDS = pattern(
    r"\s{0,9}(?:>|\||--\s|[-_]{5,}|.{0,200}(?:wrote|writes|schrieb|écrit|escribió|ha scritto)\s?:)"
)
_THANKS_TEXT = """
thanks thank thx ty cheers appreciated appreciate perfect danke dank merci gracias grazie obrigado
obrigada dziękuję tack tak takk bedankt dankjewel
"""
_KIND_TEXT = """
many very much so you a lot great wonderful excellent super awesome nice good fine ok okay all is it
works working now again fixed solved done resolved for your the help quick fast reply support effort
time and vielen herzlichen besten für die schnelle hilfe ihre deine es geht jetzt wieder alles klar
funktioniert prima beaucoup pour votre aide ça marche parfait muchas por su ayuda perfecto funciona
mille tutto bene mange hartelijk hi hello hallo hey dear desk team regards best kind greetings grüße
gruß mfg lg viele freundliche freundlichen mit
"""
_THANKS = frozenset(_THANKS_TEXT.split())
_KIND = _THANKS | frozenset(_KIND_TEXT.split())


def is_only_thanks(body: str, writer: str = "") -> bool:
    """Tell whether the writer's own words are thanks and nothing else; when in doubt, no.

    The words of the writer's name may stand below them. A thumb or a heart alone is thanks too.
    """
    if is_kind(body[:200].strip()):
        return True
    own = {word.lower() for word in _WORD.findall(writer[:200])}
    words: list[str] = []
    for line in body[:4_000].splitlines():
        if _ENDS_OWN_WORDS.match(line[:300]):
            break
        if "?" in line:
            return False
        words += (word.lower() for word in _WORD.findall(line))
    said = [word for word in words if word not in own]
    return 0 < len(said) <= _MOST_WORDS and not _THANKS.isdisjoint(said) and _KIND.issuperset(said)
