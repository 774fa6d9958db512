"""The reference pages say what the program says."""

import pytest

from deskterm.guides.format import load
from deskterm.guides.trial import try_out
from docs import nouns
from docs.reference import HERE, pages


@pytest.mark.parametrize("name", ["commands.md", "keys.md", "settings.md", "codebase-guide.md"])
def test_the_page_is_what_the_program_says(name: str) -> None:
    written = (HERE / name).read_text(encoding="utf-8")
    assert written == pages()[name], "run `uv run python -m docs.reference`"


def test_the_guide_that_the_page_shows_is_whole() -> None:
    text = (HERE / "guides.md").read_text(encoding="utf-8")
    guide = load(text.split("```yaml\n")[1].split("```")[0])
    verdicts = try_out(guide, {guide.id: guide})
    assert [verdict.passed for verdict in verdicts] == [True, True]


def test_every_door_command_service_and_table_is_of_a_noun() -> None:
    assert not nouns.unknown(), "a name that no registry has"
    assert not {place: names for place, names in nouns.unnamed().items() if names}


def test_a_noun_is_called_otherwise_only_where_the_rule_would_not_find_it() -> None:
    known = nouns.registries()
    needless = [
        (word, place)
        for (word, place), (name, _) in nouns.OTHER.items()
        if name in nouns.forms(word) and name in known[place]
    ]
    assert not needless
