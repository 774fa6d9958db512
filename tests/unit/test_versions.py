"""Versions have an order whatever they look like, and a problem is there between its marks (§9)."""

from itertools import pairwise

import pytest

from deskterm.domain.versions import Stand, compare, stand, versions

IN_ORDER = (
    ("2.4", "2.4.7", "2.10", "3"),
    ("1.0~beta2", "1.0rc1", "1.0", "1.0.post1"),
    ("build 8", "build 77"),
    ("r12a", "r12b"),
    ("x2.4~1", "x2.4", "x2.4a", "x2.4.1"),
    ("2024.1b-rc", "2024.1b"),
)
FOUND, FIXED = "2.4.0, 3.0.0", "2.4.7 3.0.1"


@pytest.mark.parametrize("line", IN_ORDER)
def test_versions_stand_in_the_order_people_mean(line: tuple[str, ...]) -> None:
    for older, newer in pairwise(line):
        assert (compare(older, newer), compare(newer, older)) == (-1, 1)
    assert versions(",".join(reversed([one.replace(" ", "-") for one in line])))


def test_the_same_version_written_otherwise_is_the_same() -> None:
    assert compare("v2.0", "2.0.0") == 0
    assert compare("Build-7", "build 7") == 0


@pytest.mark.parametrize(
    ("version", "where"),
    [
        ("2.3.9", Stand.BEFORE),
        ("2.4.0", Stand.AFFECTED),
        ("2.4.6", Stand.AFFECTED),
        ("2.4.7", Stand.FIXED),
        ("2.4.8", Stand.FIXED),
        ("3.0.0", Stand.AFFECTED),
        ("3.0.1", Stand.FIXED),
        ("", Stand.UNKNOWN),
    ],
)
def test_a_problem_is_there_where_the_newest_mark_below_is_a_found_one(
    version: str, where: Stand
) -> None:
    assert stand(version, FOUND, FIXED) == where


def test_what_was_only_fixed_was_there_before_the_fix() -> None:
    assert stand("1.9", "", "2.0") == Stand.AFFECTED
    assert stand("2.0", "2.0", "2.0") == Stand.FIXED
    assert stand("2.0", "", "") == Stand.UNKNOWN


def test_nonsense_has_a_place_too() -> None:
    for text in ("", "☃", "9" * 200, "~~~", "1..2", "\x00", "v"):
        assert compare(text, text) == 0
        assert compare(text, "1.0") == -compare("1.0", text)
