"""HTML without a tree: the text between the tags, for documents too deep or too wide for one."""

import re
from html import unescape

_RAW = re.compile(r"<(script|style|title|textarea|head)\b", re.IGNORECASE)
_ENDS = {
    name: re.compile(f"</{name}", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea", "head")
}
_BREAKING = re.compile(
    r"</?(?:p|div|br|tr|li|h[1-6]|table|ul|ol|pre|hr|blockquote)\b", re.IGNORECASE
)
_MARKUP = re.compile(r"<!--|<[a-zA-Z/!?][^<>]*>?")


def stripped(html: str) -> str:
    """Give the text between the tags, for documents too deep for a tree; linear."""
    out: list[str] = []
    at = 0
    while at < len(html):
        found = _MARKUP.search(html, at)
        if not found:
            break
        out.append(html[at : found.start()])
        tag = found.group()
        at = _skipped(html, tag, found.end())
        if _BREAKING.match(tag):
            out.append("\n")
    out.append(html[at:])
    lines = (" ".join(line.split()) for line in unescape("".join(out)).split("\n"))
    return "\n".join(line for line in lines if line)


def _skipped(html: str, tag: str, end: int) -> int:
    """Give where reading goes on after a tag: past comments and the text of scripts and styles."""
    if tag == "<!--":
        close = html.find("-->", end)
        return close + 3 if close >= 0 else len(html)
    raw = _RAW.match(tag)
    if not raw:
        return end
    end_tag = _ENDS[raw.group(1).lower()].search(html, end)
    return end_tag.start() if end_tag else len(html)
