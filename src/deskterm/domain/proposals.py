"""What triage proposes for a ticket: a value, how sure it is, and why."""

from typing import NamedTuple


class NearTicket(NamedTuple):
    """A ticket that reads like the one in hand."""

    id: int
    subject: str
    category: str
    """Its category's path; empty where it has none."""


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
    def percent(self) -> str:
        """The confidence for people: `91 %`, never 100; `?` before anything was learned."""
        return f"{min(99, round(100 * self.confidence))} %" if self.confidence else "?"

    @property
    def reason(self) -> str:
        """Why, in few words: the rule, or the words that spoke for it."""
        return f"rule {self.rule}" if self.rule else ", ".join(self.words)
