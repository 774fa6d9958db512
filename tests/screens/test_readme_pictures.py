"""The README's pictures show the program as it is."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskterm import settings
from deskterm.bootstrap import open_desk
from docs.pictures import HERE, SCENES, pictures

pytestmark = pytest.mark.xdist_group("pictures")


@pytest.fixture(scope="module")
def drawn(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """Every picture as the program draws it now."""
    file = tmp_path_factory.mktemp("pictures") / "desk.sqlite"
    file.write_bytes(sqlite_template.read_bytes())
    desk = open_desk(settings.load({"db": f"sqlite:///{file}"}, as_login="cy"))
    yield asyncio.run(pictures(desk))
    desk.close()


@pytest.mark.parametrize("name", SCENES)
def test_a_picture_shows_the_program_as_it_is(drawn: dict[str, str], name: str) -> None:
    kept = (HERE / f"{name}.svg").read_text(encoding="utf-8")
    assert kept == drawn[name], f"docs/{name}.svg is of an older program: python -m docs.pictures"
    assert f"(docs/{name}.svg)" in (HERE.parent / "README.md").read_text(encoding="utf-8")
