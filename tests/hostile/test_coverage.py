"""Every case of the collection is held by a test that is there, or waits with a reason."""

import ast
from functools import cache
from pathlib import Path

from tests.hostile.cases import Case
from tests.hostile.coverage import ALSO, BY_CLASS, DEFERRED

ROOT = Path(__file__).resolve().parents[2]


@cache
def _tests_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, functions))


def _held_by(case: Case) -> tuple[str, ...]:
    return (*BY_CLASS[case.kind.partition(":")[0]], *ALSO.get(case.id, ()))


def test_every_case_is_held_by_a_test_or_waits_with_a_reason(hostile_cases: list[Case]) -> None:
    for case in hostile_cases:
        assert _held_by(case) or case.id in DEFERRED, case
    known = {case.id for case in hostile_cases}
    assert set(ALSO) | set(DEFERRED) <= known
    assert all(len(reason) > 20 for reason in DEFERRED.values())


def test_the_tests_that_are_named_are_there() -> None:
    named = {name for names in (*BY_CLASS.values(), *ALSO.values()) for name in names}
    missing = sorted(
        name for name in named if name.partition("::")[2] not in _tests_of(name.partition("::")[0])
    )
    assert missing == []
