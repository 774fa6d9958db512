"""Versions of a guide on the command line: notes, differences, flowcharts taken as they are."""

from pathlib import Path

from tests.cli.conftest import Cli
from tests.unit.guide_makers import SMALL

OWN = SMALL.replace("group: network", "group: second level")
CHART = """\
flowchart TD
  a{Is the light on?} -->|yes| b[All is well]
  a -->|no| c[Contact the vendor]
"""


def test_a_new_version_has_its_note_and_its_difference(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(OWN, encoding="utf-8")
    cli("guide", "import", file)
    assert cli("guide", "diff", "small").code == 3
    file.write_text(OWN.replace("Push the plug", "Pull the plug"), encoding="utf-8")
    cli("guide", "import", file, "--note", "pushing broke it")
    rows = cli("guide", "versions", "small", "-o", "json").json
    assert [(row["version"], row["note"], row["author"]) for row in rows] == [
        (2, "pushing broke it", "cy"),
        (1, "", "cy"),
    ]
    told = cli("guide", "diff", "small").out
    assert "-    do: Push the plug in.\n+    do: Pull the plug in." in told
    assert "small version 1" in told
    assert cli("guide", "diff", "small", "--from", "2", "--to", "2").err == "Nothing differs.\n"
    assert cli("guide", "diff", "small", "--to", "9").code == 3
    cli("undo")
    assert [row["active"] for row in cli("guide", "versions", "small", "-o", "json").json] == [
        False,
        True,
    ]


def test_a_flowchart_is_imported_as_it_is_or_refused_with_its_line(
    cli_sqlite: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "light.mmd"
    file.write_text(CHART, encoding="utf-8")
    assert cli_sqlite("guide", "import", file).code == 0
    assert "Is the light on?" in cli_sqlite("guide", "show", "light").out
    file.write_text(CHART + "  a --> [\n", encoding="utf-8")
    refused = cli_sqlite("guide", "import", file)
    assert refused.code == 2
    assert "light.mmd:4: " in refused.err
