"""Answers by mail: one signed address a choice, and plain words such as yes, no and 4.

`help+aw12-7-345-y.<mark>` says: person 7 answers *yes* to "did it work?", asked on ticket 12 by
ledger entry 345. Only the desk can make it, and it means one choice of one person.
"""

from collections.abc import Sequence
from enum import StrEnum
from hmac import compare_digest
from typing import NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.mail.tokens import signature
from deskterm.mail.verdict import Verdict, is_harmless, verdict

YES, NO, UNSURE = str(Verdict.YES), str(Verdict.NO), str(Verdict.UNSURE)
"""UNSURE is never asked for: a reply that says none of what was asked."""
SCORES = ("1", "2", "3", "4", "5")
TIMES = (*SCORES, "6", "7", "8", "9", NO)
"""The times of a visit, by their numbers; NO: none of them fits."""


class Question(StrEnum):
    """What a letter asks."""

    WORKED = "w"
    """Did it work? (B3)"""
    APPROVAL = "g"
    """Do you grant it? (A7)"""
    SCORE = "s"
    """How satisfied are you? (H3)"""
    VISIT = "v"
    """Which of these times shall we come? (G3)"""
    REMEDY = "r"
    """Which of these remedies do you choose? (B6) Answered in words alone."""


CHOICES: dict[Question, tuple[str, ...]] = {
    Question.WORKED: (YES, NO),
    Question.APPROVAL: (YES, NO),
    Question.SCORE: SCORES,
    Question.VISIT: TIMES,
    Question.REMEDY: (),
}
"""What each question can be answered with."""


class Answer(NamedTuple):
    """What one person answers to one question."""

    question: Question
    ticket: int
    person: int
    round: int
    """The ledger entry that asked: an answer to an earlier question counts no more."""
    value: str


class Words(NamedTuple):
    """What a mail says in its own words."""

    value: str
    comment: str


_ADDRESS = pattern(
    r"[^@\s+]{1,64}\+a([wgsv])(\d{1,12})-(\d{1,12})-(\d{1,12})-([yn1-9])\.([a-z2-7]{16})@[^\s<>]{1,255}\Z"
)
_YES_TEXT = """
yes yep yeah y ja jo j oui si sí sim tak joo kyllä igen da hai granted approved genehmigt
accordé accordée concedido concedida d'accord daccord vale
"""
_NO_TEXT = "no nope n nein nö non não nie nej nei ei nem ne refused rejected denied abgelehnt "
_NO_TEXT += "refusé refusée denegado denegada rechazado rechazada"
_YES, _NO = frozenset(_YES_TEXT.split()), frozenset(_NO_TEXT.split())
_SCORE = pattern(r"([1-5])(?: ?(?:/|of|von|out of) ?5)?")
_QUOTED = (">", "|")
_ENDS_WORDS = pattern(
    r"-- ?\Z|-- .{1,120} --\Z|_{5,}|-{5,}|.{0,200}\b(?:wrote|schrieb|writes)\b.{0,80}:\Z"
)
_COMMENT_CAP = 4_000
_LINES_READ = 200


def answer_address(desk_address: str, answer: Answer, secret: str) -> str:
    """Give the address that a mail to it is this answer."""
    local, _, domain = desk_address.rpartition("@")
    question, *numbers = answer
    what = "-".join(map(str, numbers))
    return f"{local}+a{question}{what}.{signature(secret, 'answer', *answer)}@{domain}"


def answer_of(address: str, secrets: Sequence[str]) -> Answer | None:
    """Give what a valid answer address means, or None for any other and forged ones."""
    match = _ADDRESS.match(address.strip().lower())
    if match is None:
        return None
    question, ticket, person, asked, value, given = match.groups()
    answer = Answer(Question(question), int(ticket), int(person), int(asked), value)
    found = False
    for secret in secrets:
        found |= compare_digest(signature(secret, "answer", *answer), given)
    return answer if found and value in CHOICES[answer.question] else None


def words_of(body: str, question: Question, writer: str = "") -> Words | None:
    """Give the choice where the first line is nothing but yes, no or a number from 1 to 5.

    What answers "did it work?" is read in any words: yes, no, or UNSURE. `writer` is their name.
    Which time of a visit is meant says `visit_words`.
    """
    lines = own_lines(body)
    if not lines:
        return None
    value = _value(lines[0], question)
    if question == Question.WORKED:
        return _worked(lines, value, writer)
    return None if value is None else Words(value, joined(lines[1:]))


def _worked(lines: Sequence[str], first: str | None, writer: str) -> Words:
    """Give what is said of whether it works; a bare yes stands unless what follows denies it."""
    rest = joined(lines[1:])
    whole = verdict(joined(lines), writer)
    if first is None:
        return Words(str(whole), joined(lines))
    if whole == Verdict.UNSURE:
        return Words(first if is_harmless(rest) else UNSURE, rest)
    return Words(str(whole), rest)


def comment_of(body: str, prefilled: Sequence[str]) -> str:
    """Give what somebody wrote besides the lines their mail program had filled in for them."""
    return joined([line for line in own_lines(body) if line.strip() not in prefilled])


def _value(line: str, question: Question) -> str | None:
    word = line.strip(" \t.!,;:*_\"'()").casefold()
    if question == Question.SCORE:
        match = _SCORE.fullmatch(word) if len(word) <= 12 else None
        return match.group(1) if match else None
    if word in _YES:
        return YES
    return NO if word in _NO else None


def own_lines(body: str) -> list[str]:
    """Give the writer's own lines, from the first that says something to what they quote."""
    found: list[str] = []
    for line in body[:20_000].splitlines()[:_LINES_READ]:
        text = line.strip()
        if text.startswith(_QUOTED) or _ENDS_WORDS.match(line[:300].lstrip()):
            break
        if text or found:
            found.append(line.rstrip())
    return found


def joined(lines: Sequence[str]) -> str:
    """Give lines as one text, cut to what is kept of a comment."""
    return "\n".join(lines).strip()[:_COMMENT_CAP]
