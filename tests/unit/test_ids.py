"""Ids that a client makes are UUIDs like any other."""

from uuid import RFC_4122, UUID

from deskterm.domain.ids import new_id


def test_an_id_is_a_random_uuid_of_version_4_as_text() -> None:
    made = {new_id() for _ in range(1_000)}
    assert len(made) == 1_000
    for one in made:
        read = UUID(one)
        assert (read.version, read.variant, str(read)) == (4, RFC_4122, one)
