"""Did you mean: the few known words that are nearest to a mistyped one."""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """Give the known words that were probably meant, best first; none where all are far off.

    Words that begin like it, contain it, or differ by few letters (at most a third of them).
    """
    wanted = word[:40].casefold()
    scored = []
    for candidate in known:
        score = _distance_or_prefix(wanted, candidate.casefold())
        if score < max(1, len(wanted) // 3) + 0.5:
            scored.append((score, candidate))
    return [candidate for _, candidate in sorted(scored)[:limit]]


def _distance_or_prefix(wanted: str, candidate: str) -> float:
    if len(wanted) >= 2 and candidate.startswith(wanted):
        return 0.5
    if len(wanted) >= 3 and wanted in candidate:
        return 0.9
    tail = candidate.rpartition("/")[2]
    return min(_distance(wanted, candidate[:40]), _distance(wanted, tail[:40]) + 0.1)


def _distance(one: str, two: str) -> int:
    """Letters to insert, delete or replace; two neighbours that swapped places count once."""
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, left in enumerate(one, 1):
        now = [i]
        for j, right in enumerate(two, 1):
            cost = min(row[j] + 1, now[j - 1] + 1, row[j - 1] + (left != right))
            if i > 1 and j > 1 and left == two[j - 2] and one[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            now.append(cost)
        before, row = row, now
    return row[-1]


def suggestion(word: str, known: Iterable[str]) -> str:
    """Give `did you mean 'a' or 'b'?`, or the empty string where nothing is near."""
    names = [f"'{name}'" for name in nearest(word, known)]
    if not names:
        return ""
    head = ", ".join(names[:-1])
    return f"did you mean {head + ' or ' if head else ''}{names[-1]}?"
