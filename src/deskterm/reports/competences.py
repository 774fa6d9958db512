"""Where there is demand without competence, who may learn it from whom (semantics §12, People).

Whoever knows a category knows what lies below it, unless something else is said of that.
"""

from collections.abc import Iterable, Mapping, Sequence

from deskterm.domain.competences import (
    ALONE,
    TEACHES,
    Able,
    Covered,
    Known,
    Proposed,
    StandIn,
)
from deskterm.domain.in_hand import AbsenceRow

LEAST = 3
"""Tickets of a period below which nothing is called a gap."""
HELPED, DID_ALONE = 5, 15
"""So many tickets solved and not reopened propose level 1, and 2; never 3: teaching is seen."""


def level_in(known: Iterable[Known], category: str) -> Known | None:
    """Give what is said of a category: of itself, else of the nearest above it."""
    said = {one.category: one for one in known}
    path = category
    while path:
        if path in said:
            return said[path]
        path = path.rpartition("/")[0]
    return None


def covered(
    demand: Mapping[str, int], technicians: Sequence[Able], owners: Mapping[str, str]
) -> list[Covered]:
    """Give every category that is asked for or known, by path; `owners`: category → its group."""
    paths = {path for path, many in demand.items() if many}
    paths |= {known.category for one in technicians for known in one.known}
    return [
        _covered(path, demand.get(path, 0), technicians, owners.get(path, ""))
        for path in sorted(paths)
    ]


def _covered(path: str, tickets: int, technicians: Sequence[Able], group: str) -> Covered:
    found = [(one, level_in(one.known, path)) for one in technicians]
    levels = {one.login: known.level for one, known in found if known is not None}
    able = [one for one, _ in found if levels.get(one.login, 0) >= ALONE]
    gap = _gap(able) if tickets >= LEAST else ""
    best = [login for login, level in levels.items() if level == TEACHES]
    teachers = sorted(best or [one.login for one in able])
    learning = [login for login, level in levels.items() if 0 < level < ALONE]
    near = [one.login for one in technicians if group and group in one.groups]
    learners = learning or [login for login in near if levels.get(login, 0) < ALONE]
    return Covered(
        path,
        tickets,
        [known for _, known in found if known is not None and known.level],
        gap,
        teachers,
        sorted(set(learners) - set(teachers)),
    )


def _gap(able: Sequence[Able]) -> str:
    """Say what is missing: nobody can do it alone, one only can, or all who can are off."""
    if not able:
        return "nobody does it alone"
    here = [one.login for one in able if one.off_until is None]
    if not here:
        return f"off: {', '.join(one.login for one in able)}"
    return f"only {here[0]} is here" if len(here) == 1 < len(able) else (
        f"only {here[0]} does it alone" if len(here) == 1 else ""
    )  # fmt: skip


def proposed(solved: Mapping[tuple[str, str], int], technicians: Sequence[Able]) -> list[Proposed]:
    """Give what closed tickets propose: (login, category) → how many held; by login."""
    known = {one.login: one.known for one in technicians}
    found = []
    for (login, path), many in sorted(solved.items()):
        level = ALONE if many >= DID_ALONE else 1 if many >= HELPED else 0
        said = level_in(known[login], path) if login in known else None
        if login in known and level > (said.level if said else 0):
            found.append(Proposed(login, path, level, said.level if said else None, many))
    return found


def standing_in(
    absences: Iterable[AbsenceRow], technicians: Sequence[Able], demand: Mapping[str, int]
) -> list[StandIn]:
    """Give who stands in for whom, and which categories asked for nobody then knows alone."""
    by_login = {one.login: one for one in technicians}
    found = []
    for one in absences:
        if one.login not in by_login:
            continue
        deputy = by_login.get(one.deputy or "")
        others = [deputy] if deputy else [each for each in technicians if each.login != one.login]
        lacks = [
            path
            for path, many in sorted(demand.items())
            if many
            and knows_alone(by_login[one.login], path)
            and not any(knows_alone(each, path) for each in others)
        ]
        found.append(StandIn(one.login, one.from_at, one.until_at, one.deputy or "", lacks))
    return found


def knows_alone(one: Able, path: str) -> bool:
    """Tell whether a technician does a category alone."""
    said = level_in(one.known, path)
    return said is not None and said.level >= ALONE
