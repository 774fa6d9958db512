"""What guides are checked against on this desk."""

from collections.abc import Mapping

from deskterm.domain import clock
from deskterm.guides.format import read
from deskterm.guides.lint import Surroundings, lint
from deskterm.guides.model import Guide, GuideError
from deskterm.services.guides.texts import Texts
from deskterm.storage import runs


def checked(texts: Texts, text: str, file: str) -> Guide:
    """Give a guide from its text; raises GuideError naming every line that is wrong."""
    guide, remarks = read(text, file)
    findings = list(remarks)
    if guide is not None:
        findings += lint(guide, around_one(texts, guide))
    if guide is None or any(finding.severity == "error" for finding in findings):
        raise GuideError(tuple(findings))
    return guide


def surroundings(texts: Texts, fresh: Mapping[str, Guide]) -> Surroundings:
    """Give all that guides are checked against: this desk's guides, groups and solutions."""
    texts.stock()
    with texts.store.reading() as database:
        rows = runs.newest(database)
        known = {row.slug: texts.guide(database, row.slug, row.version) for row in rows}
        groups = frozenset(name.casefold() for name in runs.group_names(database))
        solutions = frozenset(name.casefold() for name in runs.solution_names(database))
    return Surroundings({**known, **fresh}, groups, solutions, clock.now().date())


def around_one(texts: Texts, guide: Guide) -> Surroundings:
    """Give what one guide is checked against; only guides that it leads through are read."""
    texts.stock()
    with texts.store.reading() as database:
        library = texts.reached(database, guide)
        groups = frozenset(name.casefold() for name in runs.group_names(database))
        solutions = frozenset(name.casefold() for name in runs.solution_names(database))
    return Surroundings(library, groups, solutions, clock.now().date())
