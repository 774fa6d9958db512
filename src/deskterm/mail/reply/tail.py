"""What stands below the last word: an advertisement, a list's footer, a drawn line, a signature.

None of it is a new word; it is folded away like a quote, and shown by the same key (decision 0015).
"""

import re

from deskterm.domain.patterns import pattern

_LINES = 16
"""A longer block below `-- ` is no signature."""
_WIDTH = 120
_AD_WIDTH = 110
_ROUNDS = 8
"""An advertisement below a signature below a footer: no more of them than this."""
_MARK = pattern(r"[ \t\u00a0]{0,3}(?:--|—|–)[ \t\u00a0]{0,3}\Z")
_RULE = pattern(r"[-_=*~—–─\s]{3,}\Z")
_FOOTER = pattern(
    r"listinfo|mailing[- ]list|mailman|unsubscribe|subscribed to|list-manage|google groups"
    r"|abmelden|austragen|désabonn|groups\.(?:google|io)",
    re.IGNORECASE,
)
_SENT = (
    r"sent|gesendet|versendet|geschickt|envoyée?|expédiée?|enviad[oa]|inviat[oa]|verzonden"
    r"|verstuurd|skickat|skickades|sendt|lähetetty|wysłan[eoy]|odeslán[oa]|odoslané|küldve|trimis"
    r"|отправлено|надіслано|gönderildi|στάλθηκε|nosūtīts|išsiųsta|saadetud|poslano|发自|發自|送信"
    r"|보냄|dikirim|נשלח|أُ?رسل(?:ت)?|đã gửi|ส่งจาก|elküldve"
)
_GET = (
    r"get|download|holen sie sich|télécharge[rz]|obtenir|obtene[rz]?|obtenga|descarg(?:ar|a|ue)"
    r"|scarica|ottieni|obter|obtenha|baix(?:ar|e)|hent|få|hämta|hanki|lataa|pobierz|uzyskaj"
    r"|stáhnout|získat|stiahnuť|скачать|загрузить|завантажити|获取|下载|取得|下載"
)
_GOT = (
    r"beziehen|herunterladen|holen|laden|downloaden|edinin|indirin?|を入手|を取得|を?ダウンロード"
    r"|다운로드|받기"
)
_WITH = (
    r"i-?phon\w*|i-?pad|ipod|ios|android|galaxy|samsung|huawei|xiaomi|pixel|nokia|blackberry"
    r"|fairphone|/e/os|outlook|verse\Z|boxer\Z|nine\Z|shift\Z|seznam|mailtrack|zoho"
    r"|yahoo|gmail|gmx|web\.de|proton|tutanota|tuta mail|thunderbird|windows ?(?:phone|10|11|mail)"
    r"|mailapp|mobil\w*|smartphone|handy|telefon\w*|téléphone|telefono|teléfono|phone|tablet"
    r"|mail app|t-mobile|vodafone|orange|verizon|at&t|почт\w*|windows\Z|spark\Z|superhuman"
    r"|mailbird|em client|bluemail|airmail|fairemail|k-9 mail|mailspring|posteo|fastmail"
    r"|on the go|unterwegs|onderweg|en déplacement|på farten"
)
_AD = pattern(
    rf"\W{{0,5}}(?:(?:sicher )?(?:{_SENT})\b.{{0,60}}(?:{_WITH})"
    rf"|(?:.{{0,60}}\s)?(?:{_WITH})[^.?!]{{0,60}}(?:{_SENT})\W{{0,3}}\Z"
    r"|(?:secured|notified) (?:with|by) \S{3,20}(?: mail)?\Z|sender notified by .{3,20}\Z"
    r"|(?:από το|نُشر من) i-?(?:phone|pad)\b.{0,16}\Z|(?:发自|發自).{0,20}"
    rf"|(?:从|從|自).{{0,12}}(?:{_WITH}).{{0,6}}(?:发送|傳送|發送|寄出)\W?\Z"
    rf"|.{{0,20}}(?:{_WITH})\w{{0,6}}\s?(?:から送信|.{{0,8}}에서 보냄|.{{0,8}}에서 보냈습니다)"
    r".{0,4}\Z)",
    re.IGNORECASE,
)
_STORE = pattern(
    rf"\W{{0,5}}(?:(?:{_GET})\s.{{0,20}}outlook\s.{{0,14}}(?:ios|android|windows)\W{{0,3}}\Z"
    rf"|.{{0,16}}outlook.{{0,12}}(?:ios|android|windows).{{0,12}}(?:{_GOT})\W{{0,3}}\Z"
    rf"|(?:ios|android).{{0,6}}outlook.{{0,4}}(?:{_GOT})\W{{0,3}}\Z)",
    re.IGNORECASE,
)
"""Where the program itself can be had, and nothing else."""
_EXCUSE = pattern(
    r"[\s.,;–-]{1,4}(?:please (?:excuse|forgive|pardon)|excuse|sorry for|bitte (?:\w+ )?"
    r"(?:entschuldig|verzeih)|bitte tippfehler|merci d'excuser|veuillez|disculp|perdon|scusa"
    r"|desculp)[^.?]{0,60}\.?\Z",
    re.IGNORECASE,
)
"""What stands behind it: that typing there is hard."""
_CHECKED = pattern(
    r".{0,60}\b(?:virus|viren|virü|vírus|virů|вирус|антивирус)\w*.{0,80}"
    r"(?:avast|avg|avira|norton|kaspersky|eset|mcafee|sophos|bitdefender).{0,40}\Z"
    r"|.{0,60}(?:avast|avg|avira|norton|kaspersky|eset|mcafee|sophos|bitdefender)[^.?!]{0,60}"
    r"\b(?:virus|viren|antivir)\w*.{0,30}\Z|(?:https?://)?www\.(?:avast|avg)\.com\S{0,80}\Z",
    re.IGNORECASE,
)
"""What a virus scanner writes below: that it looked, and where it can be had."""
_SAYS = pattern(
    r"\b(?:i|ich|we|wir|habe|hab|have|had|was|were|nothing|not|nicht|but|aber|please|bitte|je|ai"
    r"|yo|he|kam|"
    r"cannot|never|when|wenn|why)\b",
    re.IGNORECASE,
)
"""A word of somebody who tells something."""
_LINK = pattern(r"[<(]?https?://\S{1,900}")


def without_tail(text: str) -> str:
    """Give a text without what stands below its last word; all of it where that is all."""
    lines = text.splitlines()
    end = len(lines)
    for _ in range(_ROUNDS):
        before, end = end, _end(lines, end)
        if before == end:
            break
    lines = lines[:end]
    kept = "\n".join(lines).strip("\n").rstrip()
    return kept if kept.strip() else text


def _end(lines: list[str], last: int) -> int:
    """Give where a text ends without the lowest thing that is no word of it."""
    while last and (not lines[last - 1].strip() or _RULE.match(lines[last - 1][:_WIDTH])):
        last -= 1
    if last and _is_ad(lines[last - 1]):
        return last - 1
    for at in range(last - 1, max(-1, last - _LINES - 1), -1):
        line = lines[at][:_WIDTH]
        below = lines[at + 1 : last]
        if len(lines[at]) > _WIDTH or "?" in line:
            break
        if _MARK.match(line) and any(map(str.strip, below)):
            return at
        if _RULE.match(line) and line.strip() and any(map(_FOOTER.search, below)):
            return at
    return last


def _is_ad(line: str) -> bool:
    """Tell whether a line is the advertisement of a mail program: a verb of sending and a thing."""
    line = _LINK.sub("", line[: _AD_WIDTH * 8]).strip(" >\t*_")
    if 0 < len(line) <= _AD_WIDTH and _CHECKED.match(line):
        return True
    line = _EXCUSE.sub("", line)
    if not 0 < len(line) <= _AD_WIDTH or "?" in line or _SAYS.search(line):
        return False
    return bool(_AD.match(line) or _STORE.match(line))
