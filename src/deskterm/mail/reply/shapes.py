"""Where quoted text begins: attributions, header blocks and separators, by their shape.

An attribution is a date or a time, a name or an address, and an ending (a colon, or a verb of
writing), in whatever language; mail programs break it over up to six lines. Every pattern is tried
on lines cut to a fixed length and in a window of fixed height, so that the work stays linear.
"""

import re
from collections.abc import Sequence
from itertools import islice

from deskterm.domain.patterns import pattern
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
    r"jan|feb|fev|fév|mar|mär|mrt|maa|apr|avr|abr|huh|may|mai|mei|maj|mag|jun|jui|giu|kes|jul|lug"
    r"|hei"
    r"|aug|aou|aoû|ago|elo|sep|set|syy|oct|okt|out|ott|lok|nov|mar|dec|dez|dic|déc|jou|gru|lis|paź"
    r"|wrz"
    r"|sie|lip|cze|kwi|lut|sty|янв|фев|мар|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек|січ|лют|бер|кві"
    r"|тра"
    r"|чер|лип|сер|вер|жов|лис|гру|oca|şub|nis|haz|tem|ağu|eyl|eki|kas|ara|led|úno|bře|dub|kvě|čer"
    r"|srp"
    r"|zář|říj|pro|ιαν|φεβ|μαρ|απρ|μαΐ|ιουν|ιουλ|αυγ|σεπ|οκτ|νοε|δεκ|ינו|פבר|מרץ|אפר|מאי|יונ|יול"
    r"|אוג"
    r"|ספט|אוק|נוב|דצמ"
)
_DATE = pattern(
    r"\b\d{1,4}(?:[/-]|\. ?)\d{1,2}(?:[/-]|\. ?)\d{2,4}(?!\d)|\b\d{4}[/-]\d{1,2}[/-]\d(?!\d)"
    rf"|\b\d{{1,2}}(?:\.|st|nd|rd|th|er|º)?[ -]?(?:de |di |d')?(?:{_MONTH})[^\W\d_]{{0,9}}\b"
    rf"|\b(?:{_MONTH})[^\W\d_]{{0,9}}\.? \d{{1,2}}\b"
    r"|\d{1,4}\s?[年년]\s?\d{1,2}\s?[月월]|\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]",
    re.IGNORECASE,
)
_DIGIT = pattern(r"\d")
_TIME = pattern(r"(?:\b|T)\d{1,2}[:.h]\d{2}(?::\d{2})?\b|[点點時시]")
_YEAR = pattern(r"\b(?:19|20)\d\d\b|[年년]")
_ADDRESS = pattern(r"[^\s<>()\[\]:,;]{1,80}@[\w.-]{2,80}")
_IN_BRACKETS = pattern(
    r"[<(\[]\s?(?:<?mailto:)?[^<>()\[\]]{0,80}[^\s<>()\[\]:,;]{1,80}@[\w.-]{2,80}\s?>?[>)\]]"
)
_WROTE = pattern(
    rf"(?:(?<![^\W_])|(?<=[\u3000-\u9fff\uac00-\ud7af])|(?<=님이 ))(?:{any_of(WROTE)})(?![^\W_])",
    re.IGNORECASE,
)
_CJK_WROTE = pattern(r"写道|寫道|写到|のメール|書きました|작성|썼습니다|쓴 글|さん")
_MID_OPENER = pattern(rf"(?<=\S) (?=(?:{OPENERS}) )", re.IGNORECASE)
_LABEL_WORDS = pattern(r"(?:\A|(?<=\s))[^\W\d_]{2,20}[:：](?=\s)")
_AFTER_BRACKET = pattern(
    rf">[\s,]{{0,3}}(?:[^\W\d]{{1,12}} )?(?:{any_of(WROTE)})[\s:：]{{1,4}}\Z", re.IGNORECASE
)
_OPENER = pattern(rf"(?:{OPENERS})(?![^\W_])", re.IGNORECASE)
_SENTENCE = pattern(r"[^\W\d_]{4}[.!?]\Z")
_MOST_OPENERS = 8
_FORMAT = pattern("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_EDGE = " \t*_\u00a0\"'“”‚„«»"
_DASHED = pattern(r"[-_=*~—–─]{2,}")
_MID_LINE = pattern(r"-{2,}\s?(?=On\s)")
_LABEL = pattern(r"([^\W\d_][^:：\n]{0,24}?)[\s*_\u00a0]{0,3}[:：]")
_LABEL_AND_DATE = pattern(r"[^\W\d_]{3,20} [^\W\d_]{2,4} \d")
_ZONE = pattern(r"\b(?:GMT|UTC|CES?T)\b|[+-]\d\d:?\d\d\b")
_NAMED = pattern(
    r"(?:[^\W\d_][\w.'-]{0,30}[ ,]{1,2}){1,5}<[^<>\s]{1,80}@[\w.-]{2,80}> [^\d:：]{3,20}[:：]\Z"
)
_RULE = pattern(r"[-_=*~—–─\s]{3,}\Z")


def _date_in(text: str) -> bool:
    return bool(_DIGIT.search(text)) and bool(_DATE.search(text))


def plain(line: str) -> str:
    """Give a line cut to what shapes look at, without invisible and direction signs."""
    line = line[:LINE_CAP].strip()
    if line.isascii():
        return line
    line = line.replace("\u00a0", " ").replace("\u202f", " ").replace("\u3000", " ")
    return _FORMAT.sub("", line).strip()


def is_rule(line: str) -> bool:
    """Tell whether a line is only drawn: dashes, underscores, stars."""
    return bool(_RULE.match(line))


def original_line(line: str) -> bool:
    """Tell whether a line says `-----Original Message-----` in one of many languages."""
    words = _between_dashes(line)
    if words in _ORIGINAL:
        return bool(words)
    return words.startswith(_ORIGINAL_OF) and bool(_ADDRESS.search(line))


def forwarded_line(line: str) -> bool:
    """Tell whether a line begins a message that is passed on."""
    words = _between_dashes(line) or line.strip(_EDGE + ":>").lower()
    return len(words) < 80 and words.startswith(FORWARDED)


_ORIGINAL = frozenset(word.strip() for word in ORIGINAL)
_ORIGINAL_OF = tuple(f"{one} {by}" for one in ORIGINAL for by in ("from", "by", "von", "de"))
_ARROWS = pattern(r">{2,3} (?=\S)(?:.{3,200} >{2,3}|.{3,200}:)\Z")


def between_arrows(line: str) -> bool:
    """Tell whether a line is `>>> Ada <ada@x.example> 04.03.26 8.14 >>>`: a quote without signs."""
    if not _ARROWS.match(line):
        return False
    text = line.strip("> ")
    if line.endswith(">>"):
        return _date_in(text)
    return _is_attribution(text, quote_follows=False)


def unknown_header(line: str) -> bool:
    """Tell whether a line is a label of any language and a name with its address in brackets."""
    return len(line) < 160 and bool(_LABEL.match(line)) and bool(_IN_BRACKETS.search(line))


def _between_dashes(line: str) -> str:
    """Give the words between two runs of dashes, lower case; empty where there are none."""
    if not _DASHED.match(line):
        return ""
    words = line.strip("-_=*~—–─ \t>:").lower()
    return " ".join(words.split())[:80]


def dashed_words(line: str) -> bool:
    """Tell whether a line is a few words between two runs of dashes, whatever they mean."""
    words = _between_dashes(line)
    return bool(words) and len(words.split()) <= 5 and bool(_DASHED.search(line[-6:]))


def dated_label(line: str) -> bool:
    """Tell whether a line is a label with a date behind it, as stands above some header blocks."""
    found = _LABEL.match(line) or _LABEL_AND_DATE.match(line)
    return len(line) < 80 and bool(found) and _date_in(line)


def label_of(line: str) -> str:
    """Give which header a line of a header block is: from, date, to, subject, or nothing."""
    if ":" not in line and "：" not in line:
        return ""
    found = _LABEL.match(line.lstrip("*_ \t|>"))
    return LABELS.get(found.group(1).strip(_EDGE).lower(), "") if found else ""


def header_block(lines: Sequence[str], labels: Sequence[str], start: int) -> bool:
    """Tell whether a block of mail headers begins at `start`; `labels` has `label_of` each line.

    It has a sender or a date with a value that can be one, and one more header.
    """
    kind = labels[start]
    if not kind:
        return False
    kinds = {kind}
    evidence = _is_evidence(kind, lines[start])
    folded = 0
    for number in range(start + 1, min(start + 14, len(lines))):
        kind = labels[number]
        if kind:
            kinds.add(kind)
            evidence = evidence or _is_evidence(kind, lines[number])
            folded = 0
        elif not lines[number] and len(kinds) > 2:
            break
        else:
            folded += 1
            if folded > 2:
                break
    return len(kinds) > 1 and evidence and not kinds.isdisjoint(("from", "date"))


def _is_evidence(kind: str, line: str) -> bool:
    value = line.partition("：" if "：" in line else ":")[2]
    if kind == "date":
        return _date_in(value) or bool(_YEAR.search(value))
    return kind in ("from", "to") and bool(_ADDRESS.search(value))


def attribution(lines: Sequence[str], end: int, quote_follows: bool) -> int:
    """Give the line where an attribution that ends on line `end` begins, or -1.

    `quote_follows` tells whether quoted lines are next: then less is proof enough.
    """
    joined = ""
    alone = end if quote_follows and _is_enough(lines[end]) else -1
    for start in range(end, max(0, end - _HEIGHT + 1) - 1, -1):
        if not lines[start] and joined.startswith("<"):
            continue
        if not lines[start] or (start < end and _SENTENCE.search(lines[start])):
            break
        joined = f"{lines[start]} {joined}"[:_TEXT_CAP].strip()
        if (start == end or _can_begin(lines[start])) and _is_attribution(joined, quote_follows):
            return _whole(lines, start)
    return alone


def _whole(lines: Sequence[str], start: int) -> int:
    """Give where an attribution begins whose first line was wrapped before its time."""
    above = lines[start - 1] if start else ""
    wrapped = _begins(above) and _date_in(above) and not _SENTENCE.search(above)
    return start - 1 if wrapped and not _date_in(lines[start]) else start


def _can_begin(line: str) -> bool:
    return _begins(line) or _date_in(line[:40]) or bool(_IN_BRACKETS.search(line))


def _begins(line: str) -> bool:
    line = line.lstrip("-_=*~—– \t>")
    return bool(_OPENER.match(line)) or bool(_DATE.match(line))


def may_end(line: str, quote_follows: bool) -> bool:
    """Tell whether an attribution can end on a line; cheap, for every line of a mail."""
    if not line:
        return False
    tail = line.rstrip(_EDGE + ">")
    if tail.endswith((":", "：")) or (tail.endswith("-") and _DASHED.search(tail[-6:])):
        return True
    wrote = _WROTE.search(line[-30:]) or _CJK_WROTE.search(line[-30:])
    if wrote and _IN_BRACKETS.search(line):
        return True
    dated = _DATE.match(line) and _TIME.search(line)
    return quote_follows and bool(_ADDRESS.search(line) or wrote or dated)


def _is_attribution(text: str, quote_follows: bool) -> bool:
    """Judge by what stands in it: when, who, and how it ends."""
    when = _date_in(text)
    if not when and "@" not in text:
        return False
    if not when and _NAMED.match(text) and _says_wrote(text):
        return True
    time = bool(_TIME.search(text))
    who = bool(_ADDRESS.search(text))
    labelled = bool(_DATE.match(text)) and text.endswith((":", "："))
    if when and quote_follows and (time or who or labelled):
        return True
    if (when or (time and who)) and _says_wrote(text):
        return True
    dated = when and (time or bool(_YEAR.search(text))) and text.endswith((":", "："))
    zoned = bool(_DATE.match(text)) and time and bool(_ZONE.search(text)) and len(text) < 90
    return dated and (zoned or bool(_IN_BRACKETS.search(text)))


def _says_wrote(text: str) -> bool:
    tail = text[-60:]
    if _WROTE.search(tail) or _CJK_WROTE.search(tail):
        return True
    return bool(_OPENER.match(text)) and bool(_WROTE.search(text))


def _is_enough(line: str) -> bool:
    """Tell whether a line without a date is proof before a quote: a verb of writing, an address."""
    if _says_wrote(line):
        return True
    return bool(_IN_BRACKETS.search(line)) or (
        bool(_TIME.search(line)) and bool(_ADDRESS.search(line))
    )


def mid_line(line: str, quote_follows: bool) -> int:
    """Give where an attribution begins inside a line: after dashes, or before a quote; or -1."""
    line = line[:LINE_CAP]
    found = _MID_LINE.search(line)
    if found and _is_attribution(plain(line[found.end() :]), quote_follows=True):
        return found.start()
    ends = line.rstrip().endswith((":", "："))
    if not quote_follows or not ends or _begins(plain(line)):
        return -1
    for found in islice(_MID_OPENER.finditer(line), _MOST_OPENERS):
        rest = plain(line[found.end() :])
        if _WROTE.search(rest[-60:]) and _date_in(rest):
            return found.start()
    return -1


def header_line(line: str) -> bool:
    """Tell whether one line holds the headers of a mail: a sender and a date, both with labels."""
    kinds = {label_of(word) for word in _LABEL_WORDS.findall(line)[:12]}
    return {"from", "date"} <= kinds and bool(_ADDRESS.search(line)) and _date_in(line)


def closes_bracket(line: str) -> bool:
    """Tell whether the sign before a line ends an address that was broken over lines."""
    return len(line) < 60 and line.endswith((":", "：")) and bool(_AFTER_BRACKET.match(line))


def dashed_wrote(line: str) -> bool:
    """Tell whether a line is `---- Ada wrote ----`, as telephones write it."""
    words = _between_dashes(line)
    return bool(words) and bool(_WROTE.search(words[-40:])) and bool(_DASHED.search(line[-6:]))
