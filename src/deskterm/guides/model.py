"""A guide as it is walked: nodes, choices, ways on and endings. Frozen; text is exact."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from deskterm.domain.errors import UsageError


class Kind(StrEnum):
    """What a node does."""

    ASK = "ask"
    """Asks one question."""
    DO = "do"
    """Says what to do, and asks how it went."""
    WHEN = "when"
    """Branches on what is known; nobody is asked."""
    END = "end"
    """Ends the run."""


class Ending(StrEnum):
    """How a run ends."""

    SOLVED = "solved"
    ESCALATE = "escalate"
    PROBLEM = "problem"
    """The ticket belongs to a problem: one that it fits, or a new one (D4)."""
    VISIT = "visit"
    """Somebody has to go there: times are offered to the customer (G3)."""


STATUS = {
    Ending.SOLVED: "solved",
    Ending.ESCALATE: "escalated",
    Ending.PROBLEM: "problem",
    Ending.VISIT: "visit",
}
"""How a run stands that ended so."""
ENDED_WORDS = {
    Ending.SOLVED: "Solved",
    Ending.ESCALATE: "Escalated",
    Ending.PROBLEM: "Put under a problem",
    Ending.VISIT: "Times for a visit are offered on",
}
"""What was done with the ticket, in the past tense."""
WILL_WORDS = {
    Ending.SOLVED: "Solve",
    Ending.ESCALATE: "Escalate",
    Ending.PROBLEM: "A problem for",
    Ending.VISIT: "Offer times for a visit on",
}
"""The same before it is done."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a way leads: a node of this guide, or first through another guide and then there."""

    node: str
    guide: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be given."""

    answer: str
    to: Target
    also: tuple[str, ...] = ()
    """Words that mean this answer in a fact the desk already knows."""
    unknown: bool = False
    """True for "don't know" and its like."""
    usual: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One branch: of a `when` node (on `fact`) or of a number's ranges (`fact` is empty there)."""

    to: Target
    fact: str = ""
    words: tuple[str, ...] = ()
    """The value is one of these (`is`), case ignored."""
    has: tuple[str, ...] = ()
    """The value contains one of these words."""
    least: float | None = None
    """The number is this or more (`from`)."""
    below: float | None = None
    known: bool | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """A diagnostic command as an argument list: shown first, run on consent, never by a shell."""

    run: tuple[str, ...]
    windows: tuple[str, ...] = ()
    """The same question asked on Windows; empty where `run` serves there too."""
    timeout: int = 15
    answers: tuple[tuple[str, str], ...] = ()
    """(`exit0`, `exit1`, …, `timeout` or `else`, the answer it means)."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """One place in a guide."""

    name: str
    kind: Kind
    line: int = 0
    text: str = ""
    """The question (ask) or the instruction (do)."""
    say: str = ""
    """Words for the customer."""
    why: str = ""
    verify: str = ""
    """The question that tells whether the instruction worked."""
    fact: str = ""
    """The name under which the answer is known from then on."""
    input: str = ""
    """Empty for choices only, `number` or `text` where something is typed."""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[Choice, ...] = ()
    rules: tuple[Rule, ...] = ()
    """The branches of `when`, or the ranges of a number."""
    to: Target | None = None
    """Where a typed text, a plain instruction or `default` leads."""
    skip: Target | None = None
    """Where skipping leads; without it, where "don't know" leads."""
    check: Check | None = None
    ending: Ending | None = None
    solution: str = ""
    resolution: str = ""
    group: str = ""
    summary: str = ""
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that a guide uses and the desk may already know."""

    name: str
    sources: tuple[str, ...] = ()
    default: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """A test written inside the file: these answers end there."""

    answers: tuple[str, ...]
    ends: str
    facts: tuple[tuple[str, str], ...] = ()
    summary: str = ""
    """Words that the summary must contain."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Guide:
    """A troubleshooting guide."""

    id: str
    title: str
    start: str
    nodes: dict[str, Node]
    about: str = ""
    categories: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    review_by: date | None = None
    facts: dict[str, Fact] | None = None
    trials: tuple[Trial, ...] = ()
    version: int = 0
    """The desk's number for this text; 0 for a file that was never imported."""
    file: str = ""
    line: int = 0

    def declared(self) -> dict[str, Fact]:
        """Give the facts declared at its head."""
        return self.facts or {}


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark about a guide file: where, how bad, and what to do."""

    file: str
    line: int
    """From 1; 0 where it is about no line."""
    severity: str
    """`error` or `warning`."""
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.severity}: {self.message}"


class GuideError(UsageError):
    """A guide cannot be used as it is; `findings` name each place."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        errors = [finding for finding in findings if finding.severity == "error"]
        rest = f" (and {len(errors) - 1} more errors)" if len(errors) > 1 else ""
        super().__init__(f"{errors[0]}{rest}" if errors else "the guide has no errors")
        self.findings = findings
