"""All scores beside their goals and the split they were measured on: `python -m bench.scores`."""

import subprocess
import sys

PARTS = {
    "bench.mail_scores": "all mails of data/mail: rules were written with them in sight",
    "bench.categories --tuned": "the newest fifth of each older part, on which was tuned",
    "bench.categories": "the newest fifth of all (itdesk: its queries), on which nothing was tuned",
    "bench.triage": "the older half of the queries was tuned on, the newer half was not",
    "bench.mermaid": "all charts of data/mermaid: rules were written with them in sight",
}
"""Each prints its own goals; a part that fails is told and the others go on."""


def main() -> int:
    """Run every part in a process of its own; gives how many failed."""
    failed = 0
    for part, split in PARTS.items():
        print(f"\n== python -m {part}\n   split: {split}", flush=True)
        command = [sys.executable, "-m", *part.split()]
        failed += subprocess.run(command, check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
