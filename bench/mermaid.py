"""How many real flowcharts are read as Mermaid reads them: `python -m bench.mermaid`."""

import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from deskterm.cli.guide.convert import graph_record
from deskterm.guides.mermaid.chart import ChartError
from deskterm.guides.mermaid.reader import read_chart
from deskterm.guides.mermaid.writer import write_chart

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def main() -> None:
    """Read every chart, write it, read it again; print the scorer's line, goals and times."""
    charts = sorted((DATA / "mermaid").glob("*.mmd"))
    lasting = 0
    slowest = 0.0
    with TemporaryDirectory() as folder:
        for file in charts:
            begun = time.perf_counter()
            try:
                chart = read_chart(file.read_text("utf-8"))
                answer = graph_record(chart)
                lasting += read_chart(write_chart(chart)) == chart
            except ChartError as error:
                answer = {"error": str(error)}
                lasting += 1
            slowest = max(slowest, time.perf_counter() - begun)
            (Path(folder) / f"{file.stem}.json").write_text(json.dumps(answer), "utf-8")
        scorer = DATA / "score" / "score_mermaid.py"
        gold = DATA / "mermaid" / "gold.jsonl"
        done = subprocess.run(
            [sys.executable, str(scorer), str(gold), folder], capture_output=True, text=True
        )
    print(done.stdout.strip())
    print(f"full exact: goal 0.99 · the same after a round: {lasting} of {len(charts)}")
    print(f"slowest chart, read, written and read again: {slowest * 1000:.1f} ms")


if __name__ == "__main__":
    main()
