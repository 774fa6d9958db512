"""What is taken out of a Mermaid text before it is read; lines keep their numbers."""

import re
from typing import NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.guides.mermaid.chart import ChartError
from deskterm.guides.yamltext import parse
from deskterm.guides.yamltree import Scalar, Table, YamlError

LONGEST_CHART = 50_000
"""Characters; Mermaid's own default."""
_FENCE = pattern(r"[ \t]*(`{3,}|~{3,})[ \t]*mermaid\b", re.IGNORECASE)
_FRONT = pattern(r"---[ \t\r]*\n")
_QUOTED_VALUE = pattern(r'="([^"]*)"')
_AFTER_BRACE = pattern(r"\}[^\S\n]*(?=\n)")
_START = pattern(r"\s*(?:---|%%|graph\b|flowchart\b)")


class Prepared(NamedTuple):
    """The text of a chart alone, and its title."""

    text: str
    title: str


def prepared(source: str) -> Prepared:
    """Give the chart's own text: no front matter, directives, comments or Markdown around it."""
    if len(source) > LONGEST_CHART:
        raise ChartError(1, f"a chart of more than {LONGEST_CHART:,} characters is not read")
    text = source.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    text = text if _START.match(text) else _from_markdown(text)
    text, title = _without_front_matter(text)
    text = _without_comments(_without_directives(text))
    return Prepared(_AFTER_BRACE.sub("}", _quiet_tags(text) + "\n"), title)


def _from_markdown(text: str) -> str:
    """Give the first fenced Mermaid block of a Markdown text, or the text itself."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        fence = _FENCE.match(line)
        if fence:
            mark = fence.group(1)
            ends = (at for at in range(number + 1, len(lines)) if lines[at].strip() == mark)
            inside = lines[number + 1 : next(ends, len(lines))]
            return "\n" * (number + 1) + "\n".join(inside) + "\n"
    return text


def _without_front_matter(text: str) -> tuple[str, str]:
    """Give the text after `--- … ---` and the title that stood in it."""
    start = len(text) - len(text.lstrip())
    opened = _FRONT.match(text, start)
    if not opened:
        return text, ""
    end = text.find("\n---", opened.end() - 1)
    after = text.find("\n", end + 1) if end >= 0 else -1
    if after < 0:
        return text, ""
    title = _title(text[opened.end() : end + 1], text.count("\n", 0, opened.end()))
    return "\n" * text.count("\n", 0, after) + text[after:], title


def _title(head: str, lines_before: int) -> str:
    """Give the title that front matter names; raises ChartError where it is no YAML."""
    if not head.strip():
        return ""
    try:
        tree = parse(head)
    except YamlError as error:
        raise ChartError(lines_before + error.line, f"the front matter is {error}") from None
    entries = tree.entries if isinstance(tree, Table) else ()
    values = (value for key, value in entries if key.text == "title")
    return next((value.text.strip() for value in values if isinstance(value, Scalar)), "")


def _without_directives(text: str) -> str:
    """Blank `%%{ … }%%` out; one that never ends takes the rest."""
    out: list[str] = []
    at = 0
    while (begin := text.find("%%{", at)) >= 0:
        close = text.find("}%%", begin)
        end = close + 3 if close >= 0 else len(text)
        out += [text[at:begin], "\n" * text.count("\n", begin, end)]
        at = end
    return "".join(out) + text[at:]


def _without_comments(text: str) -> str:
    kept = ("" if _is_comment(line) else line for line in text.split("\n"))
    return "\n".join(kept)


def _is_comment(line: str) -> bool:
    begun = line.lstrip()
    return begun.startswith("%%") and len(begun) > 2 and not begun.startswith("%%{")


def _quiet_tags(text: str) -> str:
    """Put attribute values of HTML tags in single quotes: a double one would end the text."""
    out: list[str] = []
    at = 0
    while (begin := text.find("<", at)) >= 0:
        end = text.find(">", begin)
        if end < 0:
            break
        inside = text[begin : end + 1]
        if inside[1:2].isalnum() or inside[1:2] == "_":
            inside = _QUOTED_VALUE.sub(r"='\1'", inside)
            out += [text[at:begin], inside]
            at = end + 1
        else:
            out.append(text[at : begin + 1])
            at = begin + 1
    return "".join(out) + text[at:]
