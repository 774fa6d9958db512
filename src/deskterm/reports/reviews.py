"""Call reviews drawn and summed: fair by a seed, by step, never by person (semantics §12)."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from deskterm.domain.competences import Covered
from deskterm.domain.reviews import APART, YES, ReviewRow
from deskterm.domain.shares import Share
from deskterm.domain.vocabulary import STEPS


class Summed(NamedTuple):
    """One step, or one question of it, over all reviews of a period."""

    step: str
    question: str
    """Empty: the step as a whole."""
    share: Share
    """How often the answer was yes, of those that apply."""
    apart: int
    """How often it did not apply."""
    enough: bool
    """Whether there are enough answers, of more than one person, to say anything."""

    @property
    def text(self) -> str:
        """`86 % (n 118, 79–91)`, or `too few`."""
        return self.share.text if self.enough else f"too few (n {self.share.of})"


class Need(NamedTuple):
    """What the desk should learn: a step that goes wrong, or a category that lacks somebody."""

    kind: str
    """step or category."""
    what: str
    why: str
    who: str
    """From whom it may be learned; empty: from nobody here."""


def drawn(
    cases: Iterable[tuple[str, int]], each: int, seed: str, drawn_before: Mapping[str, int]
) -> list[tuple[str, int]]:
    """Give (login, ticket) of a sample: up to `each` of every technician, the same for a seed.

    `drawn_before`: login → how many of theirs are drawn already; these count.
    """
    by_login: dict[str, list[int]] = {}
    for login, ticket in cases:
        by_login.setdefault(login, []).append(ticket)
    return [
        (login, ticket)
        for login in sorted(by_login)
        for ticket in sorted(by_login[login], key=lambda one: _place(seed, one))[
            : max(0, each - drawn_before.get(login, 0))
        ]
    ]


def _place(seed: str, ticket: int) -> bytes:
    """Give where a ticket stands by a seed: anywhere, and always there."""
    return sha256(f"{seed}/{ticket}".encode()).digest()


def summed(reviews: Sequence[ReviewRow], least: int) -> list[Summed]:
    """Give each of the nine steps that was asked about, and each question below it."""
    said: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one in reviews:
        for answer in one.answers:
            for key in ((answer.step, ""), (answer.step, answer.question)):
                said.setdefault(key, []).append((one.login, answer.said))
    order = {str(step): place for place, step in enumerate(STEPS)}
    return [
        _summed(*key, said[key], least)
        for key in sorted(said, key=lambda key: (order.get(key[0], 9), bool(key[1])))
    ]


def _summed(step: str, question: str, said: Sequence[tuple[str, str]], least: int) -> Summed:
    apply = [(login, answer) for login, answer in said if answer != APART]
    share = Share(sum(answer == YES for _, answer in apply), len(apply))
    people = {login for login, _ in apply}
    return Summed(
        step,
        question,
        share,
        len(said) - len(apply),
        len(apply) >= least and len(people) > 1,
    )


def needs(sums: Sequence[Summed], limit: int, gaps: Sequence[Covered]) -> list[Need]:
    """Give what is to be learned: steps below the limit (per cent), then gaps by demand."""
    steps = [
        Need("step", one.step, f"{one.text}, below {limit} %", "")
        for one in sums
        if not one.question and one.enough and (one.share.rate or 0.0) * 100 < limit
    ]
    return steps + [
        Need(
            "category",
            one.category,
            f"{one.gap}, {one.tickets} tickets",
            f"{', '.join(one.learners) or 'anybody'} from {', '.join(one.teachers)}"
            if one.teachers
            else "",
        )
        for one in gaps
    ]
