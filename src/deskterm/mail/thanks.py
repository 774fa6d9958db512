"""A reply that only says thanks: it is filed, and reopens nothing (semantics.md §1.7)."""

from deskterm.domain.patterns import pattern
from deskterm.mail.reaction import is_kind

_WORDS = pattern(r"[^\W\d_]+")
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
    own = {word.lower() for word in _WORDS.findall(writer[:200])}
    words: list[str] = []
    for line in body[:4_000].splitlines():
        if _ENDS_OWN_WORDS.match(line[:300]):
            break
        if "?" in line:
            return False
        words += (word.lower() for word in _WORDS.findall(line))
    said = [word for word in words if word not in own]
    return 0 < len(said) <= _MOST_WORDS and not _THANKS.isdisjoint(said) and _KIND.issuperset(said)
