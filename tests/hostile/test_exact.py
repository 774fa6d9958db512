"""What is exact by wish is exact in a pipe and acts nowhere on a terminal."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.terminal import FOREIGN, on_terminal

ACTIVE = "\x1b]2;owned\x07 \x9b2J \x7f\u202e\u200b\u2066"
MAIL = f"From: eve@e.test\r\nSubject: raw\r\n\r\nsee {ACTIVE}\xff\r\n".encode()
QUIET = ACTIVE.translate(dict.fromkeys((0x1B, 7, 0x7F, 0x9B), ""))
"""What a guide may hold: its file is refused with control characters in it."""
GUIDE = f"""id: exact
title: Exact
applies_to: {{category: [other]}}
start: one
nodes:
  # {QUIET}
  one: {{ask: "Does it {QUIET} work?", choices: {{Yes it does: up, "Don't know": up}}}}
  up: {{outcome: escalate, group: desk, summary: x}}
tests: [{{answers: ["Don't know"], ends: up}}]
"""
CHART = f'flowchart TD\n  A["{ACTIVE}"] --> B["done {ACTIVE}"]\n'


@pytest.fixture
def environment(sqlite_url: str, tmp_path: Path) -> dict[str, str]:
    """A desk with a received mail and a guide, both with a stranger's text in them."""
    known = {"DESKTERM_DB": sqlite_url, "DESKTERM_AS": "cy", "NO_COLOR": "1"}
    (tmp_path / "guide.yaml").write_text(GUIDE, encoding="utf-8")
    (tmp_path / "chart.mmd").write_text(CHART, encoding="utf-8")
    assert _piped("mail", "receive", environment=known, given=MAIL)[0] == 0
    code, told = _piped("guide", "import", tmp_path / "guide.yaml", environment=known)
    assert code == 0, told
    return known


def _piped(*words: object, environment: dict[str, str], given: bytes = b"") -> tuple[int, bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "deskterm", *map(str, words)],
        env={**os.environ, **environment},
        input=given,
        capture_output=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout or done.stderr


def test_exact_output_is_exact_in_a_pipe(environment: dict[str, str]) -> None:
    assert _piped("mail", "inbox", "show", "1", "--raw", environment=environment) == (0, MAIL)
    code, text = _piped("guide", "export", "exact", environment=environment)
    assert (code, text.decode()) == (0, GUIDE)


@pytest.mark.parametrize(
    "words",
    [
        ("mail", "inbox", "show", "1", "--raw"),
        ("guide", "export", "exact"),
        ("guide", "convert", "chart.mmd"),
        ("guide", "convert", "chart.mmd", "-o", "mermaid"),
        ("guide", "convert", "guide.yaml"),
    ],
    ids=" ".join,
)
def test_exact_output_acts_nowhere_on_a_terminal(
    environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = on_terminal(*words, environment=environment)
    assert (shown.code, shown.trouble()) == (0, ""), shown
    assert len(shown.text) > 20
    assert not FOREIGN.search(shown.text)
