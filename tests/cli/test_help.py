"""Help: every verb says what it does and shows an example."""

import re
from importlib import import_module

import pytest

from deskterm.cli.nouns import NOUNS, Noun
from tests.cli.conftest import Cli


def _nouns() -> list[tuple[str, Noun]]:
    found = []
    for name, (place, _) in NOUNS.items():
        module, _, attribute = place.partition(":")
        found.append((name, getattr(import_module(f"deskterm.cli.{module}"), attribute or "noun")))
    return found


@pytest.mark.parametrize(("name", "noun"), _nouns(), ids=[name for name, _ in _nouns()])
def test_every_verb_has_help_with_an_example(name: str, noun: Noun, cli_sqlite: Cli) -> None:
    for verb in noun.verbs:
        ended = cli_sqlite(name, *([verb] if verb else []), "--help")
        assert ended.code == 0, (name, verb, ended.err)
        text = " ".join(ended.out.split())
        assert re.search(rf"Example: deskterm (--\S+ \S+ )*{name}\b", text), text


def test_the_program_lists_every_noun(cli_sqlite: Cli) -> None:
    ended = cli_sqlite("--help")
    assert ended.code == 0
    for name in NOUNS:
        assert f"  {name}" in ended.out
