"""Many people with an address each, written straight into the database."""

from collections.abc import Sequence

from deskterm.storage.work import Work


def make_people(work: Work, many: int) -> Sequence[int]:
    """Make so many people; gives their numbers."""
    spine = work.spine
    row = spine.returned("SELECT coalesce(max(id), 0) AS person FROM person")
    made = range(row["person"] + 1, row["person"] + many + 1)
    spine.many(
        "INSERT INTO person (id, name, phone, department, location, title, segment, notes) "
        "VALUES (:id, :name, '', '', '', '', '', '')",
        [{"id": one, "name": f"Hurt {one}"} for one in made],
    )
    spine.many(
        "INSERT INTO person_address (address, person_id, position) VALUES (:address, :id, 0)",
        [{"address": f"hurt{one}@example.org", "id": one} for one in made],
    )
    return made
