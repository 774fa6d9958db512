"""What of a reply is new: cut at our marker, else at what mail programs write above quotes.

Answers between quotes keep the whole mail; where nothing would be left, everything is kept. Of a
mail's texts the one is taken that shows the new words best.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.mail.forward import is_forward
from deskterm.mail.parsed import ParsedMail
from deskterm.mail.reply import shapes
from deskterm.mail.reply.page import Line, page_lines, text_lines
from deskterm.mail.reply.sent import fold_by_sent, with_own_quotes
from deskterm.mail.reply.tail import without_tail
from deskterm.mail.text_lines import Block
from deskterm.mail.words import marker_lines

_ONLY_LINK = pattern(
    r"[\s()<>\[\]*_|-]{0,20}(?:https?://|mailto:|www\.)\S{1,900}[\s()<>\[\]*_|-]{0,20}\Z"
)
_BLANKS = 6
_UNKNOWN = 3
"""Headers of no known language above those that are known."""
_LONG_LINE = 55
"""A quoted line that is so long may have been broken once more."""
_MOST_ATTRIBUTIONS = 150
"""Lines that could end an attribution and are looked at closely."""
MOST_LINES = 20_000
"""A longer mail is kept whole."""


class Quote(NamedTuple):
    """Where quoted text begins."""

    begin: int
    after: int
    """The line after what announces it."""
    to_the_end: bool
    """Whether all that follows is quoted, though nothing before its lines says so."""
    kept: str = ""
    """What stands in the line before what announces it."""


def reply_of(text: str, kind: str = "text") -> str:
    """Give the new words of a reply written as `text` or as `html`; all of it when in doubt."""
    if kind == "text" and text.count("\n") > MOST_LINES:
        return text.strip()
    lines = page_lines(text) if kind == "html" else text_lines(text)
    whole = _joined(lines)
    if len(lines) > MOST_LINES:
        return whole
    return _joined(_new(lines)) or whole


def _joined(lines: Sequence[Line]) -> str:
    return "\n".join(line.text.rstrip() for line in lines).strip("\n").strip()


def _new(lines: list[Line]) -> list[Line]:
    mark = marker_lines([line.text for line in lines])
    if mark is not None and not _answers_below(lines, mark):
        above = _above(_unannounced(lines[:mark]))
        if any(line.text.strip() and not line.quoted for line in above):
            return above
    return _above(lines)


def _unannounced(lines: list[Line]) -> list[Line]:
    """Give lines without what says at their end that our letter follows."""
    plains = [shapes.plain(line.text) for line in lines]
    end = next((at for at in range(len(plains) - 1, -1, -1) if plains[at]), 0)
    if not plains or not shapes.may_end(plains[end], quote_follows=True):
        return lines
    start = shapes.attribution(plains, end, quote_follows=True)
    return lines[:start] if start > 0 else lines


def _answers_below(lines: list[Line], mark: int) -> bool:
    """Whether somebody wrote between the quoted lines below our marker."""
    return lines[mark].quoted and any(_is_new(lines, number) for number in range(mark, len(lines)))


def _above(lines: list[Line]) -> list[Line]:
    """Give the lines that are no quote, where the quotes stand together."""
    quote = _Looking(lines).first_quote()
    if quote is None:
        return _without_last_block(lines)
    above = lines[: quote.begin] + ([Line(quote.kept)] if quote.kept else [])
    if quote.to_the_end:
        return _shown(above)
    rest = lines[quote.after :]
    quotes = [number for number, line in enumerate(rest) if line.quoted or line.block]
    answers = [number for number in range(len(rest)) if _is_new(rest, number)]
    if answers and quotes and answers[0] < quotes[-1]:
        return lines
    below = rest[quotes[-1] + 1 if quotes else 0 :] if answers else []
    return _shown(above + below)


def _shown(lines: list[Line]) -> list[Line]:
    """Give lines of which all quotes are gone: what is still set off is the writer's own."""
    return [
        replace(line, text=line.text.replace("> ", "  ")) if line.block else line for line in lines
    ]


def _without_last_block(lines: list[Line]) -> list[Line]:
    """Drop the last block that only a mail program sets off like this, where nothing else tells.

    What stands below it, a signature or the small print of a company, is the writer's.
    """
    last = len(lines)
    while last and lines[last - 1].block != Block.BARE:
        last -= 1
    first = last
    while first and (lines[first - 1].block == Block.BARE or not lines[first - 1].text.strip()):
        first -= 1
    return _shown(lines[:first] + lines[last:])


def _is_new(lines: list[Line], number: int) -> bool:
    line = lines[number]
    if line.quoted or line.block or not line.text.strip():
        return False
    return not _is_scrap(lines, number)


def _is_scrap(lines: list[Line], number: int) -> bool:
    """Whether a line is what re-wrapping left of a quoted one: a link, or the end of a bracket."""
    text = lines[number].text[:1_000]
    before = lines[number - 1].text[:1_000] if number and lines[number - 1].quoted else ""
    torn = any(before.rfind(a) > before.rfind(b) and b in text for a, b in ("()", "<>"))
    return torn or bool(_ONLY_LINK.match(text)) or _is_torn(lines, number)


def _is_torn(lines: list[Line], number: int) -> bool:
    """Whether a line is the end of the long quoted one above, which some program broke."""
    if not number or not lines[number - 1].quoted or lines[number - 1].marked:
        return False
    before, text = lines[number - 1].text.rstrip(), lines[number].text.strip()
    following = lines[number + 1] if number + 1 < len(lines) else None
    goes_on = following is None or following.quoted or not following.text.strip()
    whole = before.endswith((".", "!", "?", ":"))
    long = len(before) >= _LONG_LINE and len(text) < len(before)
    return goes_on and long and not whole and (text[0].islower() or text[0].isdigit())


class _Looking:
    """Looks for the first quote from the top; no line is looked at twice for the same thing."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.plains = [shapes.plain(line.text) for line in lines]
        self.labels = [shapes.label_of(plain) for plain in self.plains]
        self.left = _MOST_ATTRIBUTIONS

    def first_quote(self) -> Quote | None:
        """Give the first quote, or nothing where the whole mail is new or passed on."""
        for number, line in enumerate(self.lines):
            text = self.plains[number]
            if line.cut:
                return Quote(_with_rule(self.plains, number), number, True)
            arrows = text.startswith(">>") and shapes.between_arrows(text)
            if line.quoted and not arrows and not shapes.closes_bracket(text):
                if _is_quote(self.lines, number):
                    passed_on = not text.startswith(">") and shapes.forwarded_line(text)
                    return None if passed_on else Quote(number, number, False)
            elif text:
                if shapes.forwarded_line(text):
                    return None
                found = self._announced(number)
                if found is not None:
                    return found
        return None

    def _announced(self, number: int) -> Quote | None:
        """Give the quote that a line announces: a separator, a header block, an attribution."""
        text = self.plains[number]
        if self._is_header(number):
            return Quote(_with_rule(self.plains, number), number, True)
        follows = _quote_follows(self.lines, number)
        if shapes.dashed_wrote(text) or shapes.between_arrows(text):
            return Quote(number, number + 1, not follows)
        if not self.left or not shapes.may_end(text, follows):
            return None
        self.left -= 1
        inside = shapes.mid_line(self.lines[number].text, follows)
        if inside > 0:
            kept = self.lines[number].text[:inside].rstrip(" -")
            return Quote(number, number + 1, not follows, kept)
        start = shapes.attribution(self.plains, number, follows)
        return Quote(start, number + 1, not follows) if start >= 0 else None

    def _is_header(self, number: int) -> bool:
        """Whether the headers of the quoted mail begin here, in lines of their own or in one."""
        text = self.plains[number]
        if shapes.original_line(text) or shapes.header_block(self.plains, self.labels, number):
            return True
        if not self.labels[number] or _with_rule(self.plains, number) == number:
            return False
        return shapes.header_line(text)


def _with_rule(plains: list[str], number: int) -> int:
    """Give where what announces a header block begins: a drawn line, words between dashes, a date.

    Words between dashes may be of any language, and so may a header above those that are known.
    """
    for _ in range(_UNKNOWN):
        if not number or not shapes.unknown_header(plains[number - 1]):
            break
        number -= 1
    above = number - 1
    while above >= max(0, number - _BLANKS) and not plains[above]:
        above -= 1
    if above < 0:
        return number
    line = plains[above]
    announces = shapes.is_rule(line) or shapes.dashed_words(line) or shapes.dated_label(line)
    return above if announces else number


def _is_quote(lines: list[Line], number: int) -> bool:
    """Whether a quoted line is not alone: one line with a sign before it is somebody's own."""
    if lines[number].marked:
        return True
    return any(line.quoted for line in lines[number + 1 : number + 6])


def _quote_follows(lines: list[Line], number: int) -> bool:
    for line in lines[number + 1 : number + 6]:
        if line.text.strip():
            if shapes.closes_bracket(shapes.plain(line.text)):
                return False
            return line.quoted or bool(line.block)
    return False


_PAGE_CAP = 300_000
"""Characters of HTML that are read a second time, for its marks."""


class NewWords(NamedTuple):
    """What a writer added, and how much was folded away."""

    text: str
    folded: int
    """Lines of the mail that are not in the text; the whole mail stays in the inbox."""


def new_words(mail: ParsedMail, sent: Sequence[str] = ()) -> NewWords:
    """Give the new words of a reply; a forwarded or a machine's mail is kept whole.

    `sent` has the texts of our letters that it may quote: what stands in them is ours, what was
    typed between is new. Advertisements, footers and signatures are folded too.
    """
    if mail.is_auto or is_forward(mail):
        return NewWords(mail.body, 0)
    page = mail.html if len(mail.html) <= _PAGE_CAP else ""
    if page and not mail.body_is_plain:
        words = reply_of(page, "html")
    else:
        words = reply_of(mail.body)
        if page and _same(words, mail.body):
            words = _from_html(page, words)
        elif not page:
            words = with_own_quotes(mail.body, words, sent)
    words = without_tail(fold_by_sent(mail.body, words, sent))
    return NewWords(words, max(0, _lines(mail.body) - _lines(words)))


def _from_html(page: str, words: str) -> str:
    """Give what the HTML form leaves, where the plain one hides which lines are quoted."""
    found = reply_of(page, "html")
    return found if _letters(found) and _letters(found) in _letters(words) else words


def _same(words: str, body: str) -> bool:
    return _letters(words) == _letters(body)


def _letters(text: str) -> str:
    return "".join(text.split())


def _lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip())
