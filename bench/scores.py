"""All scores beside their goals, mail, categories, triage, flowcharts: `python -m bench.scores`."""

import subprocess
import sys

PARTS = ("bench.mail_scores", "bench.categories", "bench.triage", "bench.mermaid")
"""Each prints its own goals; a part that fails is told and the others go on."""


def main() -> int:
    """Run every part in a process of its own; gives how many failed."""
    failed = 0
    for part in PARTS:
        print(f"\n== python -m {part}", flush=True)
        failed += subprocess.run([sys.executable, "-m", part], check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
