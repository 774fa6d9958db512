"""The house does not rot: each number may only fall.

Whoever brings one down brings its line here down too. `python -m bench.house` prints them.
"""

from tests.arch import house, repeats
from tests.arch.sources import READS_ALL, parsed

pytestmark = READS_ALL


def test_no_class_grows_by_its_bases() -> None:
    largest = house.shapes()[0]
    assert largest.methods <= 45, largest
    assert max(one.bases for one in house.shapes()) <= 4


def test_few_classes_have_more_than_twenty_methods_of_their_own() -> None:
    """The desk has one property a service; the driver is one interface for two databases."""
    crowded = house.crowded()
    assert len(crowded) <= 2, crowded


def test_no_object_says_that_it_is_something_else() -> None:
    found = house.self_casts()
    assert len(found) <= 0, found


def test_no_screen_writes_by_the_path_of_reading() -> None:
    assert house.writes_by_load() == []


def test_sql_stands_below_storage() -> None:
    found = house.sql_outside_storage()
    assert len(found) <= 0, found


def test_seams_have_types() -> None:
    assert house.any_lines() <= 140


def test_modules_need_each_other_in_no_circle() -> None:
    found = [one for one in house.circles() if "deskterm.storage.driver" not in one]
    assert len(found) <= 0, found


def test_below_the_screens_only_the_driver_goes_in_a_circle() -> None:
    above = ("deskterm.app", "deskterm.screens", "deskterm.widgets", "deskterm.cli")
    found = [one for one in house.circles() if not one[0].startswith(above)]
    assert found == [
        ["deskterm.storage.driver", "deskterm.storage.postgres", "deskterm.storage.sqlite"]
    ]


def test_undo_is_one_rule() -> None:
    found = house.undo_functions()
    assert len(found) <= 0, found


def test_a_text_that_is_sql_is_told_from_words() -> None:
    assert house.is_sql("SELECT id FROM ticket WHERE id = :id")
    assert house.is_sql("\n    INSERT INTO lease (name) VALUES (:name)")
    assert house.is_sql("WITH old AS (SELECT 1) SELECT * FROM old")
    assert not house.is_sql("Select a ticket first")
    assert not house.is_sql("Update the ticket: it changed")
    assert not house.is_sql("With it come the tickets")


def test_what_is_done_twice_has_one_home() -> None:
    found = repeats.repeats()
    assert len(found) <= 56, "\n".join(map(str, found))


def test_the_house_has_few_rooms() -> None:
    _, files = house.lines_and_files()
    assert files <= 959  # a noun with verbs of its own adds about eight, a new schema one


_ONCE = """
def {name}(desk, {given}):
    with desk.work("{word}") as work:
        row = read(work, {given})
        if row is None:
            raise RefusedError("there is no {word}")
        before = row.copy()
        row.update({given}=1)
        return write(work, before, row)
"""


def test_a_run_alike_but_for_names_is_found_and_a_table_is_not() -> None:
    first = _ONCE.format(name="end", given="number", word="problem")
    second = _ONCE.format(name="retire", given="key", word="guide")
    found = repeats.found_in([parsed("a.py", first), parsed("b.py", second)])
    assert found == [repeats.Repeat(8, "a.py:2", "b.py:2")]
    rows = "TABLE = (\n" + '    Row("a", 1, "words"),\n' * 20 + ")\n"
    assert not repeats.found_in([parsed("a.py", rows), parsed("b.py", rows)])
