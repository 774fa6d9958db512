"""The HTML of a letter, made from its plain text: everything escaped, nothing remote, no scripts.

Only `http`, `https` and `mailto` become links, choices become buttons that write a mail.
"""

import re
from collections.abc import Iterator
from html import escape

from deskterm.mail.choices import LINE

_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"'\x02-\x04]{1,2000}")
_ENDS = ".,;:!?)]}"
_BUTTON = (
    "display:inline-block;padding:8px 16px;margin:4px 8px 4px 0;border:1px solid #1d5fa8;"
    "border-radius:4px;color:#1d5fa8;text-decoration:none"
)
_QUOTE = "margin:0 0 1em;padding-left:12px;border-left:3px solid #bbbbbb;color:#555555"
_CUT = "color:#888888;font-size:small"


def content(text: str, cut_lines: tuple[str, ...] = ()) -> str:
    """Give a rendered letter's text as HTML paragraphs, quotations and buttons."""
    return "\n".join(_block(lines, cut_lines) for lines in _blocks(text))


def _blocks(text: str) -> Iterator[list[str]]:
    """Give lines that belong together: parted by blank lines, quotations and choices apart."""
    block: list[str] = []
    kind = ""
    for line in text.split("\n"):
        now = "quote" if line.startswith(">") else "choice" if LINE.fullmatch(line) else "text"
        if block and (not line.strip() or now != kind):
            yield block
            block = []
        if line.strip():
            block.append(line)
            kind = now
    if block:
        yield block


def _block(lines: list[str], cut_lines: tuple[str, ...]) -> str:
    if lines[0].startswith(">"):
        inner = "<br>\n".join(_inline(line[1:].removeprefix(" ")) for line in lines)
        return f'<blockquote style="{_QUOTE}">{inner}</blockquote>'
    style = f' style="{_CUT}"' if len(lines) == 1 and lines[0] in cut_lines else ""
    return f"<p{style}>" + "<br>\n".join(_inline(line) for line in lines) + "</p>"


def _inline(line: str) -> str:
    found = LINE.fullmatch(line)
    if found:
        label, _, link = found.groups()
        return f'<a style="{_BUTTON}" href="{escape(link)}">{escape(label)}</a>'
    out: list[str] = []
    last = 0
    for match in _LINK.finditer(line):
        url = match.group().rstrip(_ENDS)
        if len(url) <= len("mailto:"):
            continue
        out += (_text(line[last : match.start()]), f'<a href="{escape(url)}">{escape(url)}</a>')
        last = match.start() + len(url)
    return "".join((*out, _text(line[last:])))


def _text(text: str) -> str:
    """Give escaped text that keeps its spaces where there are several."""
    return re.sub("  +", lambda run: "&nbsp;" * (len(run.group()) - 1) + " ", escape(text))
