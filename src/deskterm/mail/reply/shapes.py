"""Where quoted text begins: attributions, header blocks and separators, by their shape.

An attribution is a date or a time, a name or an address, and an ending (a colon, or a verb of
writing), in whatever language; mail programs break it over up to six lines. Every pattern is tried
on lines cut to a fixed length and in a window of fixed height, so that the work stays linear.
"""

import re
import unicodedata
from collections.abc import Sequence

from deskterm.mail.reply.words import (
    FORWARDED,
    LABELS,
    OPENERS,
    ORIGINAL,
    WROTE,
    any_of,
)

LINE_CAP = 400
_HEIGHT = 6
_TEXT_CAP = 500
_MONTH = (
    r"jan|feb|fev|fév|mar|mär|mrt|maa|apr|avr|abr|huh|may|mai|mei|maj|mag|jun|jui|giu|kes|jul|lug|hei"
    r"|aug|aou|aoû|ago|elo|sep|set|syy|oct|okt|out|ott|lok|nov|mar|dec|dez|dic|déc|jou|gru|lis|paź|wrz"
    r"|sie|lip|cze|kwi|lut|sty|янв|фев|мар|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек|січ|лют|бер|кві|тра"
    r"|чер|лип|сер|вер|жов|лис|гру|oca|şub|nis|haz|tem|ağu|eyl|eki|kas|ara|led|úno|bře|dub|kvě|čer|srp"
    r"|zář|říj|pro|ιαν|φεβ|μαρ|απρ|μαΐ|ιουν|ιουλ|αυγ|σεπ|οκτ|νοε|δεκ|ינו|פבר|מרץ|אפר|מאי|יונ|יול|אוג"
    r"|ספט|אוק|נוב|דצמ"
)
_DATE = re.compile(
    r"\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b"
    rf"|\b\d{{1,2}}(?:\.|st|nd|rd|th|er|º)?[ -]?(?:de |di |d')?(?:{_MONTH})[^\W\d_]{{0,9}}\b"
    rf"|\b(?:{_MONTH})[^\W\d_]{{0,9}}\.? \d{{1,2}}\b"
    r"|\d{1,4}\s?[年년]\s?\d{1,2}\s?[月월]|\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b\d{1,2}[:.h]\d{2}(?::\d{2})?\b|[点點時시]")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|[年년]")
_ADDRESS = re.compile(r"[^\s<>()\[\]:,;]{1,80}@[\w.-]{2,80}")
_IN_BRACKETS = re.compile(
    r"[<(\[]\s?(?:<?mailto:)?[^<>()\[\]]{0,80}[^\s<>()\[\]:,;]{1,80}@[\w.-]{2,80}\s?>?[>)\]]"
)
_WROTE = re.compile(
    rf"(?:(?<![^\W_])|(?<=[\u3000-\u9fff\uac00-\ud7af])|(?<=님이 ))(?:{any_of(WROTE)})(?![^\W_])",
    re.IGNORECASE,
)
_CJK_WROTE = re.compile(r"写道|寫道|写到|のメール|書きました|작성|썼습니다|さん")
_MID_OPENER = re.compile(rf"(?<=\S) (?=(?:{OPENERS}) )", re.IGNORECASE)
_LABEL_WORDS = re.compile(r"(?:\A|(?<=\s))[^\W\d_]{2,20}[:：](?=\s)")
_AFTER_BRACKET = re.compile(
    rf">[\s,]{{0,3}}(?:[^\W\d]{{1,12}} )?(?:{any_of(WROTE)})[\s:：]{{1,4}}\Z", re.IGNORECASE
)
_OPENER = re.compile(rf"(?:{OPENERS})(?![^\W_])", re.IGNORECASE)
_EDGE = " \t*_\u00a0\"'“”‚„«»"
_DASHED = re.compile(r"[-_=*~—–─]{2,}")
_MID_LINE = re.compile(r"-{2,}\s?(?=On\s)")
_LABEL = re.compile(r"([^\W\d_][^:：\n]{0,24}?)[\s*_\u00a0]{0,3}[:：]")
_RULE = re.compile(r"[-_=*~—–─\s]{3,}\Z")


def plain(line: str) -> str:
    """Give a line cut to what shapes look at, without invisible and direction signs."""
    line = line[:LINE_CAP].strip()
    if line.isascii():
        return line
    line = line.replace("\u00a0", " ").replace("\u202f", " ").replace("\u3000", " ")
    return "".join(sign for sign in line if unicodedata.category(sign) != "Cf").strip()


def is_rule(line: str) -> bool:
    """Tell whether a line is only drawn: dashes, underscores, stars."""
    return bool(_RULE.match(line))


def original_line(line: str) -> bool:
    """Tell whether a line says `-----Original Message-----` in one of many languages."""
    words = _between_dashes(line)
    return bool(words) and words in _ORIGINAL


def forwarded_line(line: str) -> bool:
    """Tell whether a line begins a message that is passed on."""
    words = _between_dashes(line) or line.strip(_EDGE + ":>").lower()
    return len(words) < 80 and words.startswith(FORWARDED)


_ORIGINAL = frozenset(word.strip() for word in ORIGINAL)


def _between_dashes(line: str) -> str:
    """Give the words between two runs of dashes, lower case; empty where there are none."""
    if not _DASHED.match(line):
        return ""
    words = line.strip("-_=*~—–─ \t>:").lower()
    return " ".join(words.split())[:80]


def label_of(line: str) -> str:
    """Give which header a line of a header block is: from, date, to, subject, or nothing."""
    found = _LABEL.match(line.lstrip("*_ \t|>"))
    return LABELS.get(found.group(1).strip(_EDGE).lower(), "") if found else ""


def header_block(lines: Sequence[str], start: int) -> int:
    """Give the line after a block of mail headers that begins at `start`, or -1.

    It has a sender or a date with a value that can be one, and one more header.
    """
    kind = label_of(lines[start])
    if not kind:
        return -1
    kinds = {kind}
    evidence = _is_evidence(kind, lines[start])
    end = start + 1
    folded = 0
    for number in range(start + 1, min(start + 14, len(lines))):
        kind = label_of(lines[number])
        if kind:
            kinds.add(kind)
            evidence = evidence or _is_evidence(kind, lines[number])
            end, folded = number + 1, 0
        elif not lines[number] and len(kinds) > 2:
            break
        else:
            folded += 1
            if folded > 2:
                break
    good = len(kinds) > 1 and evidence and not kinds.isdisjoint(("from", "date"))
    return end if good else -1


def _is_evidence(kind: str, line: str) -> bool:
    value = line.partition("：" if "：" in line else ":")[2]
    if kind == "date":
        return bool(_DATE.search(value) or _YEAR.search(value))
    return kind in ("from", "to") and bool(_ADDRESS.search(value))


def attribution(lines: Sequence[str], end: int, quote_follows: bool) -> int:
    """Give the line where an attribution that ends on line `end` begins, or -1.

    `quote_follows` tells whether quoted lines are next: then less is proof enough.
    """
    last = lines[end]
    if not _may_end(last, quote_follows):
        return -1
    joined = ""
    for start in range(end, max(0, end - _HEIGHT + 1) - 1, -1):
        joined = f"{lines[start]} {joined}"[:_TEXT_CAP]
        if not lines[start]:
            continue
        if _is_attribution(joined.strip(), quote_follows, single=start == end):
            return _whole(lines, start)
    return -1


def _whole(lines: Sequence[str], start: int) -> int:
    """Give where an attribution begins whose first line was wrapped: at its opening word."""
    if _begins(lines[start]):
        return start
    for above in range(start - 1, max(0, start - 3) - 1, -1):
        if not lines[above]:
            return start
        if _begins(lines[above]) and (_DATE.search(lines[above]) or _TIME.search(lines[above])):
            return above
    return start


def _begins(line: str) -> bool:
    line = line.lstrip("-_=*~—– \t>")
    return bool(_OPENER.match(line)) or bool(_DATE.match(line))


def _may_end(line: str, quote_follows: bool) -> bool:
    if not line:
        return False
    tail = line.rstrip(_EDGE + ">")
    if tail.endswith((":", "：")) or (tail.endswith("-") and _DASHED.search(tail[-6:])):
        return True
    return quote_follows and bool(
        _ADDRESS.search(line) or _WROTE.search(line[-30:]) or _CJK_WROTE.search(line[-30:])
    )


def _is_attribution(text: str, quote_follows: bool, single: bool) -> bool:
    """Judge by what stands in it: when, who, and how it ends."""
    when = bool(_DATE.search(text))
    time = bool(_TIME.search(text))
    who = bool(_ADDRESS.search(text))
    bracketed = bool(_IN_BRACKETS.search(text))
    tail = text[-60:]
    wrote = bool(_WROTE.search(tail) or _CJK_WROTE.search(tail)) or (
        bool(_OPENER.match(text)) and bool(_WROTE.search(text))
    )
    if wrote and (when or (time and who)):
        return True
    if quote_follows and single and (wrote or (who and (when or time or bracketed))):
        return True
    if quote_follows and when and (time or who):
        return True
    return bracketed and when and (time or bool(_YEAR.search(text))) and text.endswith((":", "："))


def mid_line(line: str, quote_follows: bool) -> int:
    """Give where an attribution begins inside a line: after dashes, or before a quote; or -1."""
    line = line[:LINE_CAP]
    found = _MID_LINE.search(line)
    if found and _is_attribution(plain(line[found.end() :]), quote_follows=True, single=True):
        return found.start()
    ends = line.rstrip().endswith((":", "："))
    if not quote_follows or not ends or _begins(plain(line)):
        return -1
    for found in _MID_OPENER.finditer(line):
        rest = plain(line[found.end() :])
        if _WROTE.search(rest[-60:]) and _DATE.search(rest):
            return found.start()
    return -1


def header_line(line: str) -> bool:
    """Tell whether one line holds the headers of a mail: a sender and a date, both with labels."""
    kinds = {label_of(word) for word in _LABEL_WORDS.findall(line)[:12]}
    return {"from", "date"} <= kinds and bool(_ADDRESS.search(line) and _DATE.search(line))


def closes_bracket(line: str) -> bool:
    """Tell whether the sign before a line ends an address that was broken over lines."""
    return len(line) < 60 and line.endswith((":", "：")) and bool(_AFTER_BRACKET.match(line))


def dashed_wrote(line: str) -> bool:
    """Tell whether a line is `---- Ada wrote ----`, as telephones write it."""
    words = _between_dashes(line)
    return bool(words) and bool(_WROTE.search(words[-40:])) and bool(_DASHED.search(line[-6:]))
