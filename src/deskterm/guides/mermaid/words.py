"""A flowchart's text as words with their lines; linear in the length of the text.

The first rule that matches wins, as in Mermaid 11's own lexer, so that what it refuses is refused
here. A rule marked `spaced` also takes the blanks before it; they are measured once a run, so that
no text makes reading slow.
"""

import re
from typing import NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.guides.mermaid.chart import ChartError

INITIAL = "initial"
_ANY = "*"


class Rule(NamedTuple):
    """One pattern: what it gives, and which state follows."""

    pattern: re.Pattern[str]
    token: str
    """Empty where nothing is given."""
    push: str = ""
    pop: bool = False
    spaced: bool = False
    needs: str = ""
    """A text that must stand in the rest of the word or line, asked before the pattern is tried."""


def _rule(text: str, token: str = "", **more: str | bool) -> Rule:
    return Rule(pattern(text), token, **more)  # type: ignore[arg-type]


def _opening(bracket: str, token: str, state: str = "text") -> tuple[str, Rule]:
    return _ANY, _rule(re.escape(bracket), token, push=state)


def _closing(bracket: str, token: str) -> tuple[str, Rule]:
    return "text", _rule(re.escape(bracket), token, pop=True)


_LETTERS = r"[^\W\d_]"
_ORDERED: tuple[tuple[str, Rule], ...] = (
    (INITIAL, _rule(r"accTitle\s*:\s*", "ACC", push="acc_line")),
    ("acc_line", _rule(r"[^\n;#][^\n]*|(?=\n|\Z)", "ACC_VALUE", pop=True)),
    (INITIAL, _rule(r"accDescr\s*:\s*", "ACC", push="acc_line")),
    (INITIAL, _rule(r"accDescr\s*\{\s*", push="acc_block")),
    ("acc_block", _rule(r"\}", pop=True)),
    ("acc_block", _rule(r"[^}]+", "ACC_BLOCK")),
    (INITIAL, _rule(r"@\{", "SHAPE", push="shape")),
    ("shape", _rule(r'"', "SHAPE_QUOTE", push="shape_text")),
    ("shape_text", _rule(r'"', "SHAPE_QUOTE", pop=True)),
    ("shape_text", _rule(r'[^"]+', "SHAPE_TEXT")),
    ("shape", _rule(r'[^}^"]+', "SHAPE_PART")),
    ("shape", _rule(r"\}", pop=True)),
    (INITIAL, _rule(r"call\s+", push="callback")),
    ("callback", _rule(r"\(\s*\)", pop=True)),
    ("callback", _rule(r"\(", pop=True, push="arguments")),
    ("callback", _rule(r"[^(]+", "CALLBACK")),
    ("arguments", _rule(r"\)", pop=True)),
    ("arguments", _rule(r"[^)]+", "ARGUMENTS")),
    ("markdown", _rule(r'[^`"]+', "MARKDOWN")),
    ("markdown", _rule(r'`"', pop=True)),
    (_ANY, _rule(r'"`', push="markdown")),
    ("string", _rule(r'[^"]+', "STRING")),
    ("string", _rule(r'"', pop=True)),
    (_ANY, _rule(r'"', push="string")),
    (INITIAL, _rule(r"style\b", "STYLE")),
    (INITIAL, _rule(r"default\b", "DEFAULT")),
    (INITIAL, _rule(r"linkStyle\b", "LINKSTYLE")),
    (INITIAL, _rule(r"interpolate\b", "INTERPOLATE")),
    (INITIAL, _rule(r"classDef\b", "CLASSDEF")),
    (INITIAL, _rule(r"class\b", "CLASS")),
    (INITIAL, _rule(r"href\s", "HREF")),
    (INITIAL, _rule(r"click\s+", push="click")),
    ("click", _rule(r"\s", pop=True)),
    ("click", _rule(r"\S+", "CLICK")),
    (INITIAL, _rule(r"(?:flowchart-elk|graph|flowchart)\b", "GRAPH")),
    (INITIAL, _rule(r"subgraph\b", "SUBGRAPH")),
    (INITIAL, _rule(r"end\b\s*", "END")),
    (INITIAL, _rule(r"_(?:self|blank|parent|top)\b", "WINDOW")),
    ("direction", _rule(r"\s*\n", "NO_DIRECTION", pop=True)),
    ("direction", _rule(r"\s*(?:(?:LR|RL|TB|BT|TD|BR|v)\b|[<>^])", "DIRECTION", pop=True)),
    (INITIAL, _rule(r".*direction\s+(?:TB|BT|RL|LR|TD)[^\n]*", "TURN", needs="direction")),
    (INITIAL, _rule(r'[^\s"]+@(?=[^{"])', "EDGE_ID", needs="@")),
    (INITIAL, _rule(r"[0-9]+", "NUMBER")),
    (INITIAL, _rule(r"#", "HASH")),
    (INITIAL, _rule(r":::", "CLASS_MARK")),
    (INITIAL, _rule(r":", "COLON")),
    (INITIAL, _rule(r"&", "AND")),
    (INITIAL, _rule(r";", "SEMICOLON")),
    (INITIAL, _rule(r",", "COMMA")),
    (INITIAL, _rule(r"\*", "STAR")),
    (INITIAL, _rule(r"[xo<]?--+[-xo>]\s*", "LINK", pop=True, spaced=True)),
    ("edge", _rule(r"[xo<]?--+[-xo>]\s*", "LINK", pop=True, spaced=True)),
    (INITIAL, _rule(r"[xo<]?--\s*", "LINK_START", push="edge", spaced=True)),
    ("edge", _rule(r"[^-]|-(?!-)", "EDGE_TEXT")),
    (INITIAL, _rule(r"[xo<]?==+[=xo>]\s*", "LINK", pop=True, spaced=True)),
    ("thick", _rule(r"[xo<]?==+[=xo>]\s*", "LINK", pop=True, spaced=True)),
    (INITIAL, _rule(r"[xo<]?==\s*", "LINK_START", push="thick", spaced=True)),
    ("thick", _rule(r"[^=]|=(?!=)", "EDGE_TEXT")),
    (INITIAL, _rule(r"[xo<]?-?\.+-[xo>]?\s*", "LINK", pop=True, spaced=True)),
    ("dotted", _rule(r"[xo<]?-?\.+-[xo>]?\s*", "LINK", pop=True, spaced=True)),
    (INITIAL, _rule(r"[xo<]?-\.\s*", "LINK_START", push="dotted", spaced=True)),
    ("dotted", _rule(r"[^.]|\.(?!-)", "EDGE_TEXT")),
    (_ANY, _rule(r"~~~+\s*", "LINK", spaced=True)),
    ("ellipse", _rule(r"[-/)]\)", "ELLIPSE_END", pop=True)),
    ("ellipse", _rule(r"[^()\[\]{}]", "TEXT")),
    _opening("(-", "ELLIPSE", "ellipse"),
    _closing("])", "STADIUM_END"),
    _opening("([", "STADIUM"),
    _closing("]]", "SUBROUTINE_END"),
    _opening("[[", "SUBROUTINE"),
    (INITIAL, _rule(r"\[\|", "PROPERTIES")),
    (INITIAL, _rule(r">", "FLAG", push="text")),
    _closing(")]", "CYLINDER_END"),
    _opening("[(", "CYLINDER"),
    _closing(")))", "DOUBLE_CIRCLE_END"),
    _opening("(((", "DOUBLE_CIRCLE"),
    ("slanted", _rule(r"[\\(?=\])]\]", "SLANT_BACK_END", pop=True)),
    ("slanted", _rule(r"/(?=\])\]", "SLANT_END", pop=True)),
    ("slanted", _rule(r"/(?!\])|\\(?!\])|[^\\\[\](){}/]+", "TEXT")),
    _opening("[/", "SLANT", "slanted"),
    _opening("[\\", "SLANT_BACK", "slanted"),
    (INITIAL, _rule(r"<", "LESS")),
    (INITIAL, _rule(r"\^", "UP")),
    (INITIAL, _rule(r"v\b", "DOWN")),
    (INITIAL, _rule(r"(?:[A-Za-z0-9!\"#$%&'*+.`?\\_/]|-(?=[^>\-.]))+", "WORD")),
    (INITIAL, _rule(r"-", "MINUS")),
    (INITIAL, _rule(_LETTERS, "LETTER")),
    _closing("|", "PIPE"),
    _opening("|", "PIPE"),
    _closing(")", "ROUND_END"),
    _opening("(", "ROUND"),
    _closing("]", "SQUARE_END"),
    _opening("[", "SQUARE"),
    _closing("}", "BRACE_END"),
    _opening("{", "BRACE"),
    ("text", _rule(r'[^\[\](){}|"]+', "TEXT")),
    (INITIAL, _rule(r"(?:\r?\n)+", "NEWLINE")),
    (INITIAL, _rule(r"\s", "SPACE")),
)

_AT_BLANKS = ("TURN", "SPACE")
_STATES = {state for state, _ in _ORDERED} - {_ANY}
RULES = {
    state: tuple(rule for where, rule in _ORDERED if where in (state, _ANY)) for state in _STATES
}
"""State → the rules tried there, in order."""
BLANK_RULES = tuple(rule for rule in RULES[INITIAL] if rule.spaced or rule.token in _AT_BLANKS)
"""Those of the first state that can begin with a blank: a run of blanks is passed quickly."""


_SPACES = pattern(r"\s*")
_RUN = pattern(r'[^\s"]*')


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
