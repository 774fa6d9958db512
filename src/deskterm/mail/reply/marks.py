"""How mail programs mark their quotes in HTML: classes, ids and styles that nothing else uses."""

import re
from collections.abc import Mapping

QUOTE = "quote"
"""All inside is quoted, up to the end of a blockquote in it."""
BEGIN = "begin"
"""All that follows is quoted."""
BARE = "bare"
"""A blockquote and nothing that says more."""
INDENT = "indent"
"""A blockquote with the measures of a button that indents."""
OWN = "own"
"""A quote that the writer made, unless it stands in a container of quotes."""

_CLASSES_TEXT = """
gmail_quote gmail_quote_container gmail_attr yahoo_quoted protonmail_quote tutanota_quote
zmail_extra moz-cite-prefix ms-outlook-mobile-reference-message outlookmessageheader mail_quote
freshdesk_quote missive_quote sh-quoted-content front-blockquote quoted_text elided-text
"""
_CLASSES = frozenset(_CLASSES_TEXT.split())
_IDS_TEXT = """
mail-editor-reference-message-container isreplycontent replybody1 reply-intro
"""
_IDS = frozenset(_IDS_TEXT.split())
_BEGINS_TEXT = """
appendonsend divrplyfwdmsg stopspelling zwchr orimsghtmlseperator orimsghtmlseparator
ms-outlook-mobile-body-separator-line
"""
_BEGINS = frozenset(_BEGINS_TEXT.split())
_NAMES = frozenset(("messagereplysection", "quote"))
_MARKERS = {"__quoted_text__": QUOTE, "__divider__": BEGIN}
_OUTLOOK = re.compile(r"border-top:solid#(?:e1e1e1|b5c4df)1\.0pt", re.IGNORECASE)
_BORDER_LEFT = re.compile(
    r"border-left(?:-width|-style|-color)?:(?!none|0(?![.\d])|medium)|border-width:0[^;]*1px",
    re.IGNORECASE,
)
_INDENTED = re.compile(r"border:(?:none|0)|margin(?:-left)?:(?:0(?:px)?0(?:px)?0(?:px)?)?[34]0px")
_QUOTING = re.compile(r"quote|cite|gmail|yahoo|reply", re.IGNORECASE)


def mark_of(tag: str, attributes: Mapping[str, str | None]) -> str:
    """Give what the attributes of an element say about quoting, or nothing."""
    classes = [word.removeprefix("x_") for word in _value(attributes, "class").split()[:20]]
    name = _value(attributes, "id").removeprefix("x_")
    if name in _BEGINS:
        return BEGIN
    if tag == "blockquote":
        return _blockquote(attributes, classes)
    if not _CLASSES.isdisjoint(classes) or name in _IDS or name.startswith("yahoo_quoted"):
        return QUOTE
    if _value(attributes, "name") in _NAMES and tag in ("div", "section"):
        return QUOTE
    style = "".join(_value(attributes, "style").split())
    if style and _OUTLOOK.search(style):
        return BEGIN
    return _MARKERS.get(_value(attributes, "data-marker"), "")


def _blockquote(attributes: Mapping[str, str | None], classes: list[str]) -> str:
    style = "".join(_value(attributes, "style").split())
    told = _value(attributes, "type") == "cite" or "cite" in attributes
    if told or _QUOTING.search(" ".join(classes)) or _BORDER_LEFT.search(style):
        return OWN if "gmail_quote" in classes else QUOTE
    return INDENT if _INDENTED.search(style) else BARE


def _value(attributes: Mapping[str, str | None], name: str) -> str:
    return (attributes.get(name) or "")[:1_000].strip().lower()
