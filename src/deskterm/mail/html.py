"""HTML to the text that a person would see; no recursion, bounded in size and work.

Scripts, styles and hidden text are dropped, entities are decoded by the parser before anybody
cleans control characters, links keep their target, cells of a row stand side by side. A document
too deep or too wide for a tree is read as the text between its tags.
"""

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from deskterm.domain.patterns import pattern
from deskterm.mail.data_files import MARK
from deskterm.mail.text_lines import TextLines

SIZE_CAP = 1_000_000
NODE_CAP = 60_000
TAG_CAP = 15_000
"""Building a tree takes time quadratic in its depth: a third of a second at 15,000 elements."""
ATTRIBUTE_CAP = 1_000
"""Likewise for the attributes of one tag."""
CUT = "[… the rest of this mail is too long to show as text]"
LINK_CAP = 400

# fmt: off
_DROPPED = frozenset((
    "script", "style", "head", "title", "template", "object", "embed", "applet", "svg", "math",
    "iframe", "noembed", "noframes", "select", "textarea", "audio", "video", "canvas", "map",
    "meta", "link", "base",
))
_SOFT = frozenset((
    "address", "article", "aside", "center", "details", "div", "dir", "fieldset", "figcaption",
    "figure", "footer", "form", "header", "main", "menu", "nav", "section", "summary", "dd",
))
# fmt: on
_HARD = frozenset(("dt", "li", "table", "caption"))
_GAP = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl"))
_HIDDEN = pattern(
    r"display:none|visibility:hidden|mso-hide:all|font-size:0(?:px|pt|em|%)?(?![.\d])"
    r"|max-height:0(?![.\d])|(?<![a-z-])opacity:0(?:\.0*)?(?![.\d])"
    r"|(?<![a-z-])(?:height|width):0(?:px|pt|em|%)?;(?:.*;)?overflow:hidden"
    r"|overflow:hidden;(?:.*;)?(?:height|width):0(?:px|pt|em|%)?(?![.\d])"
)
_OPENING = pattern(r"<[a-zA-Z]([^<>]*)")
_SEPARATORS = pattern(r"[\s/=]")
_INLINE_FILE = pattern(r"data:[^\"'\s<>]*", re.IGNORECASE)
_SPACES = pattern(r"[ \t\r\n\f\u00a0]+")


def html_text(html: str) -> str:
    """Give the visible text of an HTML document; in at most about half a second."""
    html, cut = shortened(html)
    if not html.strip():
        return ""
    text = stripped(html) if is_too_much(html) else PageReader().read(html)
    return f"{text}\n\n{CUT}" if cut else text


def shortened(html: str) -> tuple[str, bool]:
    """Give the part of a document that is read, without files in it; and whether it was cut."""
    html = _INLINE_FILE.sub("data:", html.replace("\x00", ""))
    return html[:SIZE_CAP], len(html) > SIZE_CAP


def is_too_much(html: str) -> bool:
    """Whether the tree would take longer to build than a mail is given."""
    if html.count("<") < ATTRIBUTE_CAP and len(html) < ATTRIBUTE_CAP:
        return False
    tags = _OPENING.findall(html)
    return len(tags) > TAG_CAP or any(
        len(_SEPARATORS.findall(tag)) > ATTRIBUTE_CAP for tag in tags if len(tag) > ATTRIBUTE_CAP
    )


class PageReader:
    """Walks the tree that lexbor built, entering and leaving each element once."""

    def __init__(self) -> None:
        self.out = TextLines()
        self.pre = 0
        self.links: list[tuple[str, tuple[int, int]]] = []
        self.lists: list[int] = []
        self._begins = {
            "br": self.out.line_break,
            "tr": self.out.row,
            "td": self.out.cell,
            "th": self.out.cell,
            "li": self._item,
            "ul": self._list,
            "hr": self._rule,
            "pre": self._preformatted,
        }

    def read(self, html: str) -> str:
        """Give the text of the document."""
        root = LexborHTMLParser(html).root
        node = root
        top = root.mem_id if root is not None else 0
        for _ in range(NODE_CAP):
            if node is None:
                return self.out.text()
            entered = self._enter(node)
            below = node.first_child if entered else None
            node = below if below is not None else self._after(node, top, entered)
        return f"{self.out.text()}\n\n{CUT}"

    def opened(self, node: LexborNode, tag: str) -> None:
        """Hear that an element was entered."""
        del node
        if tag == "blockquote":
            self.out.quote += 1

    def closed(self, node: LexborNode, tag: str) -> None:
        """Hear that an element was left."""
        del node
        if tag == "blockquote":
            self.out.quote -= 1

    def _after(self, node: LexborNode, top: int, entered: bool) -> LexborNode | None:
        """Leave elements until one has a next sibling; give that, or nothing at the end.

        Nodes are compared by address: their `==` writes out and compares the HTML of both.
        """
        at: LexborNode | None = node
        while at is not None and at.mem_id != top:
            if entered and at.is_element_node:
                self._leave(at)
            entered = True
            following = at.next
            if following is not None:
                return following
            at = at.parent
        return None

    def _enter(self, node: LexborNode) -> bool:
        """Write what stands before the children; tell whether they are to be read."""
        if node.is_text_node:
            self._text(node.text_content or "")
            return False
        tag = node.tag or ""
        if not node.is_element_node or tag in _DROPPED or (node.attributes and _is_hidden(node)):
            return False
        if tag in ("a", "ol", "img"):
            self._with_attributes(tag, node)
        else:
            self._open(tag)
        self.opened(node, tag)
        return True

    def _text(self, text: str) -> None:
        if self.pre:
            self.out.verbatim(text.replace("\r\n", "\n").replace("\xa0", " "))
        else:
            self.out.words(_SPACES.sub(" ", text))

    def _open(self, tag: str) -> None:
        self._break(tag)
        begin = self._begins.get(tag)
        if begin:
            begin()

    def _list(self) -> None:
        self.lists.append(0)

    def _preformatted(self) -> None:
        self.pre += 1

    def _break(self, tag: str) -> None:
        if tag in _SOFT:
            self.out.soft()
        elif tag in _GAP:
            self.out.soft(gap=not (self.lists and tag in ("ul", "ol")))
        elif tag in _HARD or tag in ("pre", "blockquote"):
            self.out.hard()

    def _item(self) -> None:
        if self.lists and self.lists[-1]:
            self.out.words(f"{self.lists[-1]}. ")
            self.lists[-1] += 1
        else:
            self.out.words("- ")

    def _rule(self) -> None:
        self.out.hard()
        self.out.words("---")
        self.out.hard()

    def _with_attributes(self, tag: str, node: LexborNode) -> None:
        attributes = node.attributes
        if tag == "a":
            href = _SPACES.sub("", attributes.get("href") or "")
            self.links.append((href, self.out.mark()))
        elif tag == "img":
            source = attributes.get("src") or ""
            if source.startswith(MARK):
                self.out.words(f"[{source.removeprefix(MARK)[:40]}] ")
            self.out.words(_SPACES.sub(" ", (attributes.get("alt") or "").strip())[:200])
        else:
            self._break(tag)
            start = attributes.get("start") or "1"
            self.lists.append(int(start) if start.isdecimal() and len(start) < 6 else 1)

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "a" and self.links:
            self._end_link(*self.links.pop())
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "pre":
            self.pre = max(0, self.pre - 1)
        if tag == "tr":
            self.out.hard()
        else:
            self._break(tag)
        self.closed(node, tag)

    def _end_link(self, href: str, mark: tuple[int, int]) -> None:
        scheme, _, rest = href.partition(":")
        shown = self.out.since(mark).strip()
        if scheme.lower() not in ("http", "https", "mailto", "ftp", "tel") or not shown:
            return
        bare = rest.strip("/").partition("?")[0] if scheme.lower() == "mailto" else rest.strip("/")
        if bare.lower() in shown.lower().replace(" ", ""):
            return
        href = href if len(href) <= LINK_CAP else href[:LINK_CAP] + "…"
        self.out.words(f" <{href}>")


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    style = attributes.get("style")
    if "hidden" in attributes:
        return True
    return bool(style and _HIDDEN.search(_SPACES.sub("", style[:2000]).lower()))


_RAW = pattern(r"<(script|style|title|textarea|head)\b", re.IGNORECASE)
_ENDS = {
    name: pattern(f"</{name}", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea", "head")
}
_BREAKING = pattern(r"</?(?:p|div|br|tr|li|h[1-6]|table|ul|ol|pre|hr|blockquote)\b", re.IGNORECASE)
_MARKUP = pattern(r"<!--|<[a-zA-Z/!?][^<>]*>?")


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
