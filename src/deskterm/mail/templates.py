"""Where a letter's words come from: the desk's own, else ours, in the reader's language."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files

from deskterm.domain.errors import UsageError
from deskterm.mail.answers import Question
from deskterm.mail.words import ENGLISH, SPEECHES

FRAME = "frame"
PAGE = "page"
LETTERS: dict[str, str] = {
    "opened": "the ticket is there: its number and what to expect",
    "reply": "a technician's answer",
    "received": "somebody else has written on the ticket",
    "owner": "who takes care of it now",
    "waiting": "we need something of theirs, or an approval",
    "still-waiting": "asked again for what we need",
    "needs": "it needs a budget or an approval",
    "approval": "to the approver: please grant or refuse it",
    "unasked": "to whoever was asked to approve it: no decision is needed any more",
    "decided": "the approval was granted or refused",
    "escalated": "specialists go on with it",
    "solved": "solved: does it work?",
    "still-solved": "asked again whether it works",
    "reopened": "it was opened again",
    "closed": "it is closed",
    "recorded": "it is recorded and will be fixed, or by another day than was said",
    "mended": "what they were told will be fixed is",
    "wont-fix": "what they were told will be fixed will not be",
    "cancelled": "it was cancelled",
    "merged": "it goes on under another number",
    "released": "a release fixes what they reported: does it work?",
    "withdrawn": "that release was taken back",
    "poll": "after closing: how satisfied are you?",
    "visit-offer": "when may we come? Times to choose from",
    "visit": "we come then: with an invitation for their calendar",
    "visit-stays": "another time does not suit us: the visit stays as it is",
    "visit-off": "we do not come: takes it out of their calendar",
}
"""Every letter the desk writes to those it serves, and when."""
QUESTIONS: dict[str, Question] = {
    "solved": Question.WORKED,
    "still-solved": Question.WORKED,
    "released": Question.WORKED,
    "approval": Question.APPROVAL,
    "poll": Question.SCORE,
    "visit-offer": Question.VISIT,
}
"""Letters that ask something, and what."""
NAMES = tuple(LETTERS)
AROUND: dict[str, str] = {
    FRAME: "around every letter: greeting, who has it, the desk's name and mission",
    PAGE: "the HTML page around every letter's words",
}
STAFF: dict[str, str] = {"tech_notices": "to a technician: what they are told of"}
"""Letters that stay inside: their own frame, and no public view."""
NEWS_FRAME = "news_frame"
NEWS: dict[str, str] = {
    "news_announced": "to an audience: an outage, maintenance, news",
    "news_reminder": "to an audience: what was announced begins soon",
    "news_update": "to an audience: what is new of it",
    "news_ended": "to whoever was told: it is over",
    "news_withdrawn": "to whoever was told: it does not apply any more",
    "news_incident": "to owners of devices that a known trouble fits",
    "news_tip": "to an audience: a tip that prevents the next call",
    "news_welcome": "to new people: how to reach the desk, with tips",
    "news_link": "to whoever asks for it on the web: the address of their own page",
    "news_offer": "to an audience: what the desk offers to each of them",
    "news_released": "to owners of devices at an older version: a release is out",
    "news_recalled": "to whoever was told: that release was taken back",
    NEWS_FRAME: "around every letter about no ticket: greeting, the way out, the desk",
}
"""Letters about no ticket of the reader's, with a frame of their own (`mail/news.py`)."""
ALL = {**LETTERS, **NEWS, **STAFF, **AROUND}
"""Every template that can be edited, and what it is for."""


def check_name(name: str) -> None:
    """Raise UsageError for a name that no letter has."""
    if name not in ALL:
        raise UsageError(f"there is no letter {name[:60]!r}; the letters are {', '.join(ALL)}.")


def key_of(name: str, language: str, client: int | None = None) -> str:
    """Give the key that own words are kept under: `opened`, `de.opened`, a client's `7/opened`."""
    key = name if language in ("", ENGLISH) else f"{language}.{name}"
    return key if client is None else f"{client}/{key}"


def own_words(edited: Mapping[str, str], client: int | None) -> Mapping[str, str]:
    """Give own words as letters to a client's people are made from: its own before the desk's."""
    own = f"{client}/"
    found = {key.removeprefix(own): text for key, text in edited.items() if key.startswith(own)}
    return {**edited, **found} if found else edited


def languages_of(edited: Mapping[str, str]) -> list[str]:
    """Give the languages in which the desk has own words, English aside."""
    return sorted({key.partition(".")[0] for key in edited if "." in key and "/" not in key})


def spoken(language: str, names: Iterable[str], edited: Mapping[str, str]) -> str:
    """Give the language that a letter is written in: English where nobody translated any of it."""
    if language in SPEECHES or any(key_of(name, language) in edited for name in names):
        return language
    return ENGLISH


def template_of(name: str, language: str, edited: Mapping[str, str]) -> str:
    """Give the words that a letter in a language is made from; an untranslated one is English."""
    own = edited.get(key_of(name, language))
    if own is None and language in SPEECHES and language != ENGLISH and name != PAGE:
        own = shipped(name, language)
    if own is None:
        own = edited.get(name)
    return own if own is not None else shipped(name)


@lru_cache(maxsize=64)
def shipped(name: str, language: str = ENGLISH) -> str:
    """Give the template that a new desk has; raises UsageError for a name that no letter has."""
    check_name(name)
    folder = files("deskterm.mail.letters")
    if name == PAGE:
        return (folder / "page.html").read_text(encoding="utf-8")
    if language in SPEECHES and language != ENGLISH:
        folder = folder / language
    return (folder / f"{name}.txt").read_text(encoding="utf-8")


def parts_of(name: str, text: str) -> tuple[str, str]:
    """Give (subject template, body template); raises UsageError where the first line is none.

    The body keeps an empty first line in place of the subject, so that lines count as in the file.
    """
    first, _, rest = text.partition("\n")
    if name in (FRAME, PAGE, NEWS_FRAME):
        return "", text
    if first.lower().startswith("subject:"):
        return first[8:].strip(), f"\n{rest}"
    raise UsageError(f"letter {name} line 1: begin with `Subject: …`.")
