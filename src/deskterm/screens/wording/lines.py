"""How the words of letters are drawn: one line a letter, and the letter as it would look."""

from collections.abc import Sequence

from textual.content import Content

from deskterm.domain.mail_rows import LetterPreview, LetterWordsRow
from deskterm.domain.text import clean
from deskterm.widgets.line_list import Line

SHOWN = ("as it would look", "the template", "its HTML")


def lines(rows: Sequence[LetterWordsRow]) -> list[Line]:
    """Give the lines of the list: the desk's own words have a pen."""
    return [Line(row.name, _line(row)) for row in rows]


def _line(row: LetterWordsRow) -> Content:
    sign = {"desk": "✎", "client": "✎", "English": "·"}.get(row.source, " ")
    style = "bold $accent" if row.source in ("desk", "client") else ""
    return Content.assemble((f"{sign} ", style), (clean(row.name, one_line=True), style))


def head_content(row: LetterWordsRow | None, view: int, about: str, client: str = "") -> Content:
    """Say which letter it is, to whose people, in which language, and whose words these are."""
    if row is None:
        return Content("The words of letters")
    known = {"desk": "your words", "client": "its own words", "English": "not translated: English"}
    whose = known.get(row.source, "the first words")
    to = f" · to {clean(client, one_line=True)}" if client else ""
    return Content.assemble(
        (clean(row.about, one_line=True), "bold"),
        f"{to} · {row.language} · {whose} · {SHOWN[view]}{f' · {about}' if about else ''}",
    )


def letter_content(view: int, shown: LetterPreview, template: str) -> Content:
    """Give the letter: as it would look, its template, or the HTML as it is written."""
    if view == 1:
        return Content(clean(template))
    if view == 2:
        return Content(clean(shown.html))
    subject = Content.assemble(("Subject: ", "$text-muted"), (shown.subject, "bold"))
    return Content("\n\n").join([subject, Content(clean(shown.text))])
