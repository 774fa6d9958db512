"""The words of the web pages: one catalogue a language, and the desk's own words over them.

Ours lie in `catalogues/`, a file a language; the desk's own are lines such as `it.report = Segnala`
(setting `web.words`). A word that a language lacks is English. Every language has every key: a
test holds them together.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.text import check_language, storable
from deskterm.mail.words import ENGLISH

Words = Mapping[str, str]
LANGUAGES = (ENGLISH, "de", "fr", "es")
"""The languages that we have pages in."""
_NOTHING: Mapping[str, Words] = MappingProxyType({})
_PLACE = pattern(r"\{[^{}]*\}|[{}]")
_LONGEST = 2_000
"""Characters of one of the desk's own words."""
_MOST = 5_000
"""Lines of the desk's own words, all languages together."""


@lru_cache(maxsize=len(LANGUAGES))
def shipped(language: str) -> Words:
    """Give our words of one of LANGUAGES."""
    import tomllib

    found = files("deskterm.services.web") / "catalogues" / f"{language}.toml"
    return {key: str(one) for key, one in tomllib.loads(found.read_text(encoding="utf-8")).items()}


def words(language: str, own: Mapping[str, Words] = _NOTHING) -> Words:
    """Give the words of a language: the desk's own, else ours, else English ones."""
    ours = shipped(language) if language in LANGUAGES else {}
    return {**shipped(ENGLISH), **ours, **own.get(language, {})}


def known_words(lines: Sequence[str]) -> Mapping[str, Words]:
    """Give language → key → words of lines that were set once; what we have no more is left out."""
    split = (line.partition(" = ")[0].partition(".")[2] in shipped(ENGLISH) for line in lines)
    return own_words([line for line, there in zip(lines, split, strict=True) if there])


def own_words(lines: Sequence[str]) -> Mapping[str, Words]:
    """Give language → key → words of the desk's own lines; raises UsageError."""
    found: dict[str, dict[str, str]] = {}
    if len(lines) > _MOST:
        raise UsageError(f"more than {_MOST:,} words of your own are too many.")
    for line in lines:
        name, sign, text = line.partition("=")
        language, dot, key = name.strip().partition(".")
        if not sign or not dot or not language:
            raise UsageError(f"{line[:60]!r}: write a word like it.report = Segnala qualcosa.")
        check_language(language)
        found.setdefault(language, {})[key] = _checked(key, storable(text).strip())
    return found


def _checked(key: str, text: str) -> str:
    english = shipped(ENGLISH).get(key)
    if english is None:
        raise UsageError(f"the pages have no word {key[:40]!r}: `deskterm web words` lists them.")
    wanted, given = sorted(_PLACE.findall(english)), sorted(_PLACE.findall(text))
    if wanted != given:
        raise UsageError(f"{key} has to have {', '.join(wanted) or 'no braces'} in it, as English.")
    if len(text) > _LONGEST:
        raise UsageError(f"{key} is longer than {_LONGEST:,} characters.")
    return text


def as_lines(language: str, own: Mapping[str, Words] = _NOTHING) -> list[str]:
    """Give all words of a language as lines, to be changed and set as the desk's own."""
    check_language(language)
    return [f"{language}.{key} = {one}" for key, one in words(language, own).items()]


def language_of(wanted: str, accepted: str, usual: str, known: Collection[str] = LANGUAGES) -> str:
    """Give the language of a page: that of the reader, of their browser, of the desk.

    `accepted` is what a browser sends: `de-AT,de;q=0.9,en;q=0.5`.
    """
    if wanted in known:
        return wanted
    ranked: list[tuple[float, str]] = []
    for part in accepted[:200].split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            ranked.append((-float(weight or 1), name.lower()[:2]))
        except ValueError:
            continue
    found = [name for _, name in sorted(ranked, key=lambda one: one[0]) if name in known]
    return found[0] if found else usual
