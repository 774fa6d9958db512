"""The reference pages say what the program says."""

import pytest

from deskterm.guides.format import load
from deskterm.guides.trial import try_out
from docs.reference import HERE, pages


@pytest.mark.parametrize("name", ["commands.md", "keys.md", "settings.md"])
def test_the_page_is_what_the_program_says(name: str) -> None:
    written = (HERE / name).read_text(encoding="utf-8")
    assert written == pages()[name], "run `uv run python -m docs.reference`"


def test_the_guide_that_the_page_shows_is_whole() -> None:
    text = (HERE / "guides.md").read_text(encoding="utf-8")
    guide = load(text.split("```yaml\n")[1].split("```")[0])
    verdicts = try_out(guide, {guide.id: guide})
    assert [verdict.passed for verdict in verdicts] == [True, True]
