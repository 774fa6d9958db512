"""`deskterm guide convert`: flowcharts to guides and back, without a database."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.unit.guide_makers import SMALL

CHART = "flowchart TD\n  a{Is it on?} -->|Yes| b[Works]\n  a -->|No| c[Call the vendor]\n"


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    """A flowchart in a file."""
    file = tmp_path / "on-or-off.mmd"
    file.write_text(CHART, encoding="utf-8")
    return file


def test_a_flowchart_becomes_a_graph_a_guide_or_itself(cli: Cli, chart: Path) -> None:
    graph = cli("guide", "convert", chart, "-o", "json").json
    assert graph["nodes"][0] == {
        "id": "a",
        "text": "Is it on?",
        "kind": "question",
        "shape": "diamond",
    }
    assert graph["edges"][1] == {"from": "a", "to": "c", "label": "No"}
    guide = cli("guide", "convert", chart).out
    assert "id: on-or-off\n" in guide
    made = chart.with_suffix(".yaml")
    made.write_text(guide, encoding="utf-8")
    assert cli("guide", "lint", made).code == 0
    again = cli("guide", "convert", chart, "-o", "mermaid").out
    chart.write_text(again, encoding="utf-8")
    assert cli("guide", "convert", chart, "-o", "json").json == graph


def test_a_guide_becomes_a_flowchart(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    drawn = cli("guide", "convert", file).out
    assert "flowchart TB" in drawn
    assert "light{" in drawn


def test_what_is_no_chart_is_refused_with_file_and_line(cli: Cli, chart: Path) -> None:
    chart.write_text("flowchart TD\na[x (y)]\n", encoding="utf-8")
    refused = cli("guide", "convert", chart, "-o", "json")
    assert (refused.code, refused.json["line"]) == (2, 2)
    assert refused.err.startswith(f"{chart}:2: ")
    assert cli("guide", "convert", chart, "-o", "table").code == 2
    assert cli("guide", "convert", chart.with_name("none.mmd")).code == 3
