"""`deskterm guide convert`: flowcharts to guides and guides to flowcharts, without a database."""

import json
from pathlib import Path
from typing import Annotated

from deskterm import disk
from deskterm.cli import output
from deskterm.cli.change import Call
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, option, with_options
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.guides.mermaid.chart import Chart, ChartError

FORMATS = ("json", "mermaid", "yaml")
_AS = option(
    "output_",
    str | None,
    None,
    "-o",
    "--output",
    metavar="FORMAT",
    help="json (the graph), mermaid, or yaml (a guide); default: the other form of the file.",
)


@with_options((_AS,))
def convert(call: Call, file: Annotated[Path, Argument(metavar="FILE")]) -> int:
    """Turn a Mermaid flowchart into a guide, or a guide into a flowchart.

    A chart that Mermaid would refuse is refused with its line and exit code 2; with `-o json` the
    refusal is an object with `error` on standard output too.
    """
    from deskterm.guides.mermaid.writer import write_chart

    wanted = call.output
    if wanted not in (None, *FORMATS):
        raise UsageError(f"convert gives {', '.join(FORMATS)}, not {wanted!r}.")
    text = utf8_text(file)
    is_guide = file.suffix in (".yaml", ".yml")
    try:
        chart = _chart_of_guide(text, file) if is_guide else _chart(text)
        if wanted == "json":
            output.one(graph_record(chart), "json")
        elif wanted == "mermaid" or (wanted is None and is_guide):
            output.raw(write_chart(chart).encode())
        else:
            output.raw((text if is_guide else _guide(chart, file)).encode())
    except ChartError as error:
        if wanted == "json":
            output.text(json.dumps({"error": str(error), "line": error.line}))
        say(f"{file}:{error.line}: {error.message}")
        return 2
    return 0


def register(noun: Noun) -> None:
    """Add the verb to `deskterm guide`."""
    noun.verb("convert", "deskterm guide convert vpn.mmd -o yaml > vpn.yaml")(convert)


def _chart(text: str) -> Chart:
    from deskterm.guides.mermaid.reader import read_chart

    return read_chart(text)


def _chart_of_guide(text: str, file: Path) -> Chart:
    from deskterm.guides.format import load
    from deskterm.guides.mermaid.writer import chart_of

    return chart_of(load(text, str(file)))


def _guide(chart: Chart, file: Path) -> str:
    from deskterm.guides.mermaid.to_guide import guide_text

    return guide_text(chart, file.stem)


def graph_record(chart: Chart) -> dict[str, object]:
    """Give the graph: boxes and arrows in the order written, areas beside them."""
    return {
        "title": chart.title,
        "direction": chart.direction,
        "nodes": [
            {
                "id": node.id,
                "text": node.text,
                "kind": "question" if chart.asks(node.id) else "step",
                "shape": node.shape,
            }
            for node in chart.nodes.values()
        ],
        "edges": [
            {"from": edge.source, "to": edge.target, "label": edge.label} for edge in chart.edges
        ],
        "subgraphs": [
            {"id": area.id, "title": area.title, "nodes": list(area.members)}
            for area in chart.areas
        ],
    }


def utf8_text(file: Path) -> str:
    """Give a file's text; raises UsageError, NotFoundError."""
    try:
        return disk.read_text(file)
    except FileNotFoundError:
        raise NotFoundError(f"there is no file {file}.") from None
