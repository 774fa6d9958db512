"""A flowchart's text as words with their lines; linear in the length of the text."""

import re
from typing import NamedTuple

from deskterm.guides.mermaid.chart import ChartError
from deskterm.guides.mermaid.rules import BLANK_RULES, INITIAL, RULES, Rule

_SPACES = re.compile(r"\s*")
_RUN = re.compile(r'[^\s"]*')


class Word(NamedTuple):
    """One word of the grammar."""

    token: str
    text: str
    line: int


def words_of(text: str) -> list[Word]:
    """Give the words, the last one `EOF`; raises ChartError at the first sign nobody knows."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.states = [INITIAL]
        self.named = False
        """Whether `graph` was seen: only the first one is followed by a direction."""
        self._blank_end = -1
        self._run_end = -1
        self._line_end = -1

    def read(self) -> list[Word]:
        found: list[Word] = []
        while self.at < len(self.text):
            rule, end = self._match()
            taken = self.text[self.at : end]
            if rule.token:
                found.append(Word(rule.token, taken, self.line))
            self._turn(rule)
            self.line += taken.count("\n")
            self.at = end
        found.append(Word("EOF", "", self.line))
        return found

    def _match(self) -> tuple[Rule, int]:
        """Give the first rule that fits here, and where it ends."""
        state = self.states[-1]
        blank = state == INITIAL and self.text[self.at] in " \t"
        for rule in BLANK_RULES if blank else RULES[state]:
            if rule.needs and not self._stands_ahead(rule.needs):
                continue
            start = self._after_blanks() if rule.spaced else self.at
            match = rule.pattern.match(self.text, start)
            if match and (match.end() > self.at or rule.pop):
                return rule, match.end()
        sign = self.text[self.at : self.at + 20].split("\n")[0]
        raise ChartError(self.line, f"`{sign}` cannot stand here; put texts with signs in quotes")

    def _turn(self, rule: Rule) -> None:
        """Go to the state that follows."""
        if rule.pop and len(self.states) > 1:
            self.states.pop()
        if rule.push:
            self.states.append(rule.push)
        if rule.token == "GRAPH" and not self.named:
            self.named = True
            self.states.append("direction")

    def _after_blanks(self) -> int:
        """Give where the blanks that begin here end; measured once a run of blanks."""
        if self.at >= self._blank_end:
            match = _SPACES.match(self.text, self.at)
            self._blank_end = match.end() if match else self.at
        return max(self._blank_end, self.at)

    def _stands_ahead(self, sign: str) -> bool:
        """Tell whether a sign stands in the rest of this word (`@`) or of this line."""
        if sign == "@":
            if self.at >= self._run_end:
                match = _RUN.match(self.text, self.at)
                self._run_end = match.end() if match else self.at
            return self.text.rfind(sign, self.at, self._run_end) >= 0
        if self.at >= self._line_end:
            end = self.text.find("\n", self.at)
            self._line_end = end if end >= 0 else len(self.text)
        return self.text.find(sign, self.at, self._line_end) >= 0
