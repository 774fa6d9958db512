"""What triage proposes for a ticket: a value, how sure it is, and why."""

from typing import NamedTuple

LIKELY = 0.3
"""Confidence from which a value is proposed."""


class NearTicket(NamedTuple):
    """A ticket that reads like the one in hand."""

    id: int
    subject: str
    category: str
    """Its category's path; empty where it has none."""


NO_OPINION = "no opinion yet"
"""What is said of a guess where nothing was learned: the name alone spoke for it."""


class Proposal(NamedTuple):
    """A value that is proposed for one field of a ticket."""

    kind: str
    """category, service, group or urgent."""
    value: str
    """The name as people write it; `yes` or `no` for urgent."""
    confidence: float
    """How probably it is right, 0 to 1, calibrated."""
    words: tuple[str, ...] = ()
    """The words of the ticket that spoke for it, best first."""
    others: tuple[str, ...] = ()
    """What comes second and third."""
    near: tuple[NearTicket, ...] = ()
    """The tickets that read most like it."""
    rule: str = ""
    """The rule of the desk's own that says so, where one does; then nothing was guessed."""

    @property
    def is_worth_showing(self) -> bool:
        """Tell whether people should see it: for a reason, and likely enough or on a new desk."""
        return bool(self.reason) and (self.confidence >= LIKELY or not self.confidence)

    @property
    def line(self) -> str:
        """The value with how sure it is and why: `network/vpn 91 % (vpn, route)`."""
        if self.rule:
            return f"{self.value} (rule {self.rule})"
        if not self.confidence:
            return f"{self.value}, as its name is said"
        reason = f" ({self.reason})" if self.reason else ""
        return f"{self.value} {self.percent}{reason}"

    @property
    def percent(self) -> str:
        """The confidence for people: `91 %`, never 100."""
        return f"{min(99, round(100 * self.confidence))} %" if self.confidence else NO_OPINION

    @property
    def reason(self) -> str:
        """Why, in few words: the rule, or the words that spoke for it."""
        return f"rule {self.rule}" if self.rule else ", ".join(self.words)
