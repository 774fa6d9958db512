"""Refuse a test report in which tests were skipped: `skipped.py REPORT [REASON]...`.

With reasons, skipping for those very reasons is allowed; something must have been run besides.
"""

import sys
from xml.etree import ElementTree


def main(report: str, *allowed: str) -> int:
    """Print what was run and skipped; gives 1 where a skip is not allowed or nothing ran."""
    cases = list(ElementTree.parse(report).getroot().iter("testcase"))
    reasons = [one.get("message", "") for case in cases for one in case.iter("skipped")]
    wrong = sorted({one for one in reasons if not any(reason in one for reason in allowed)})
    print(f"{len(cases)} tests, {len(reasons)} skipped")
    for reason in wrong:
        print(f"no test may be skipped here: {reason}")
    return int(bool(wrong) or len(cases) == len(reasons))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
