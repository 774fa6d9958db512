"""What customers' reports tell: who reports well, who helps themselves, who has trouble again (H4).

It is read to help: to thank, to learn what a good report needs, and to end a trouble for good.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.domain.shares import Share

PURPOSE = "To help: thank those who report well, and end for good what keeps coming back."
FEWEST = 2
"""Fewer reports of a customer tell nothing."""
GOOD = 0.5
"""From this share on a customer does well."""
REPEAT = timedelta(days=90)
"""So close together it is the same trouble again."""

MOST = 60
"""The newest reports of one customer within one category that are compared."""


class Report(NamedTuple):
    """One ticket as its customer's report."""

    ticket: int
    person: int
    name: str
    category: str
    """Its path, or empty."""
    subject: str
    opened_at: datetime
    device: bool
    """It is known which device."""
    steps: bool
    """The steps that lead to the trouble are known."""
    picture: bool
    reproduced: bool | None
    """Whether the trouble was seen; None: nobody tried."""
    asked_back: bool
    """The customer had to be asked something."""
    published: bool
    """Solved with an answer that customers can read."""
    own_word: bool
    """The customer answered by themselves how it went."""
    returned: bool
    """It was reopened."""

    @property
    def complete(self) -> bool:
        """Two of three: the device, the steps that lead to it, a picture."""
        return self.device + self.steps + self.picture >= 2


@dataclass(slots=True)
class Customer:
    """What the reports of one customer tell."""

    person: int
    name: str
    reports: list[Report] = field(default_factory=list)

    @property
    def complete(self) -> Share:
        """Complete reports, of all."""
        return self._share(one.complete for one in self.reports)

    @property
    def reproduced(self) -> Share:
        """Troubles that could be seen, of those that were tried."""
        return self._share(one.reproduced for one in self.reports if one.reproduced is not None)

    @property
    def no_question(self) -> Share:
        """Reports that needed no question back, of all."""
        return self._share(not one.asked_back for one in self.reports)

    @property
    def helped_themselves(self) -> Share:
        """Solved with a published answer or answered by their own word, and not back again."""
        return self._share(
            (one.published or one.own_word) and not one.returned for one in self.reports
        )

    @property
    def tickets(self) -> list[int]:
        """The tickets behind, the newest first."""
        return sorted((one.ticket for one in self.reports), reverse=True)

    @staticmethod
    def _share(which: Iterable[bool | None]) -> Share:
        found = [bool(one) for one in which]
        return Share(sum(found), len(found))


class Again(NamedTuple):
    """One customer with the same trouble again."""

    person: int
    name: str
    category: str
    subject: str
    """Of the newest report."""
    tickets: tuple[int, ...]
    """The earliest first."""
    words: tuple[str, ...]
    """What the reports have in common."""
    last: datetime


Alike = Callable[[Report, Report], Sequence[str] | None]
"""What two reports have in common; None where they are not alike."""


def customers(reports: Iterable[Report]) -> list[Customer]:
    """Give the customers with enough reports, by name."""
    found: dict[int, Customer] = {}
    for report in reports:
        one = found.setdefault(report.person, Customer(report.person, report.name))
        one.reports.append(report)
    enough = (one for one in found.values() if len(one.reports) >= FEWEST)
    return sorted(enough, key=lambda one: (one.name.lower(), one.person))


def report_best(found: Iterable[Customer]) -> list[Customer]:
    """Give those with mostly complete reports, the surest (lower end of the interval) first."""
    good = [one for one in found if (one.complete.rate or 0.0) >= GOOD]
    return sorted(good, key=lambda one: (-one.complete.interval[0], -one.no_question.interval[0]))


def help_themselves(found: Iterable[Customer]) -> list[Customer]:
    """Give those mostly helped by a published answer or answering themselves, the surest first."""
    good = [one for one in found if (one.helped_themselves.rate or 0.0) >= GOOD]
    return sorted(good, key=lambda one: -one.helped_themselves.interval[0])


def again(reports: Iterable[Report], alike: Alike) -> list[Again]:
    """Give who has the same trouble again: alike, in one category, each within 90 days of the last.

    The most often repeated first. Of one customer and category the newest reports are compared.
    """
    together: dict[tuple[int, str], list[Report]] = {}
    for report in sorted(reports, key=lambda one: (one.opened_at, one.ticket)):
        if report.category:
            together.setdefault((report.person, report.category), []).append(report)
    found = [one for several in together.values() for one in _chains(several[-MOST:], alike)]
    return sorted(found, key=lambda one: (-len(one.tickets), -one.last.timestamp()))


def _chains(several: Sequence[Report], alike: Alike) -> list[Again]:
    chains: list[tuple[list[Report], dict[str, None]]] = []
    for report in several:
        for chain, said in chains:
            words = alike(chain[-1], report)
            if words is not None and report.opened_at - chain[-1].opened_at <= REPEAT:
                chain.append(report)
                said.update(dict.fromkeys(words))
                break
        else:
            chains.append(([report], {}))
    return [_again(chain, tuple(said)) for chain, said in chains if len(chain) > 1]


def _again(chain: Sequence[Report], words: tuple[str, ...]) -> Again:
    last = chain[-1]
    numbers = tuple(one.ticket for one in chain)
    return Again(
        last.person, last.name, last.category, last.subject, numbers, words, last.opened_at
    )
