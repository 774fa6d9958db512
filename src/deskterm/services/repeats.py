"""Whether two reports of one customer are of the same trouble: by the words that tell (H4)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log

from deskterm.reports.customers import Alike, Report
from deskterm.triage.likeness import REST, TITLE, words

LIKE = 0.4
"""From this share of common telling words on it is the same trouble."""
_WORDS = 60
"""Words of a report that are compared, the subject's first."""

Weights = Mapping[str, float]


def alike(reports: Sequence[Report]) -> Alike:
    """Give what tells whether two reports are alike and by which words.

    A word tells the more, the fewer reports of the category have it. What a customer writes in
    every category (a signature) tells nothing. Linear in the reports; a pair costs its words.
    """
    known = {one.ticket: _words(one) for one in reports}
    shelves: dict[str, Counter[str]] = {}
    sizes = Counter(one.category for one in reports)
    for one in reports:
        shelves.setdefault(one.category, Counter()).update(known[one.ticket].keys())
    signatures = _signatures(reports, known)

    def weigh(one: Report) -> Weights:
        counts, size = shelves[one.category], sizes[one.category]
        idle = signatures[one.person]
        return {
            stem: weight * log(1 + size / counts[stem])
            for stem, (weight, _) in known[one.ticket].items()
            if stem not in idle
        }

    def compare(before: Report, after: Report) -> tuple[str, ...] | None:
        first, second = weigh(before), weigh(after)
        common = [stem for stem in second if stem in first]
        shared = sum(min(first[stem], second[stem]) for stem in common)
        whole = sum(first.values()) + sum(second.values())
        if not whole or 2 * shared / whole < LIKE:
            return None
        common.sort(key=lambda stem: -second[stem])
        return tuple(known[after.ticket][stem][1] for stem in common)

    return compare


def _words(report: Report) -> dict[str, tuple[float, str]]:
    """Give the telling words: stem → its weight and how it was written."""
    found: dict[str, tuple[float, str]] = {}
    for weight, text in ((TITLE, report.subject), (REST, report.body)):
        for stem, word in words(text):
            found.setdefault(stem, (weight, word))
            if len(found) >= _WORDS:
                return found
    return found


def _signatures(
    reports: Iterable[Report], known: Mapping[int, Mapping[str, object]]
) -> dict[int, set[str]]:
    """Give for each customer what they write in more than one category, and their name."""
    places: dict[int, dict[str, set[str]]] = {}
    names: dict[int, set[str]] = {}
    for one in reports:
        names.setdefault(one.person, {stem for stem, _ in words(one.name)})
        for stem in known[one.ticket]:
            places.setdefault(one.person, {}).setdefault(stem, set()).add(one.category)
    return {
        person: names[person]
        | {stem for stem, several in places.get(person, {}).items() if len(several) > 1}
        for person in names
    }
