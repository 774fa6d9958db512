"""The check for near duplicates before a solution is saved (E1)."""

from collections.abc import Mapping

from deskterm.domain.errors import RefusedError
from deskterm.storage.driver import Database
from deskterm.storage.reads.clients import clients, owned_solutions
from deskterm.storage.reads.solutions import living
from deskterm.triage.likeness import Twin, Written, twins


class TwinsError(RefusedError):
    """Solutions that read nearly the same are there already; `twins` names them."""

    def __init__(self, found: tuple[Twin, ...]) -> None:
        listed = ", ".join(f"S{one.id} {one.title} ({one.likeness:.0%})" for one in found)
        super().__init__(
            f"it reads like {listed}. Edit that one, or say --anyway to keep both; "
            "nothing was stored."
        )
        self.twins = found


def refuse_twins(
    database: Database, values: Mapping[str, str], without: int = 0, *, whose: object = None
) -> None:
    """Refuse words that are nearly those of a living solution; raises TwinsError.

    `whose` is the organisation a new one belongs to: only what may reach it is named.
    """
    found = twins_of(database, values, without, whose=whose)
    if found:
        raise TwinsError(tuple(found))


def twins_of(
    database: Database, values: Mapping[str, str], without: int, *, whose: object = None
) -> list[Twin]:
    """Give the living solutions that read nearly like these fields of solution `without`."""
    if not {"title", "symptoms"} & values.keys():
        return []
    owned, walls = owned_solutions(database), clients(database)
    mine = owned.get(without, whose if isinstance(whose, int) else None)
    known = {
        one[0]: Written(*one)
        for one in living(database, without)
        if walls.reaches(owned[one[0]], mine)
    }
    own = known.pop(without, Written(0, "", ""))
    title, symptoms = values.get("title", own.title), values.get("symptoms", own.symptoms)
    if (title, symptoms) == own[1:]:
        return []
    return twins(title, symptoms, known.values())
