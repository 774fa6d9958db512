"""An HTML reply as lines, with what its mail program marked as quoted."""

from deskterm.mail.html import html_text


def page_lines(html: str) -> list[tuple[str, bool, bool]]:
    """Give (text, whether it is quoted, whether a quote begins here) of each line."""
    return [(line, line.startswith(">"), False) for line in html_text(html).split("\n")]
