"""What reports say without a status part: in the words of mail systems, in the JSON of services."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from deskterm.domain.patterns import pattern

_HEAD = 6_000
_MOST_LINES = 400
_SUBJECT = pattern(
    r"undeliver|non-?deliver|delivery (?:status )?notification|delivery (?:has )?fail"
    r"|deliver(?:y|ies) (?:error|report|problem)|failure (?:notice|notification|delivery)"
    r"|returned (?:mail|to sender|message)|return(?:ed)? to sender|mail (?:system )?error"
    r"|message (?:delivery )?(?:failure|not delivered|undelivered|status - undeliverable)"
    r"|(?:could|can) ?not (?:be )?(?:sen[dt]|deliver)|unable to deliver|user unknown|unknown user"
    r"|not (?:a )?member|not allowed to (?:post|send)|ignored ml|(?:awaits|held for|waiting for)"
    r" (?:moderator |)?approval|\[?bounce\]?\Z|error sending your mail"
    r"|delivery unsuccessful|bounced (?:mail|message)|mail returned|rejected (?:mail|message)"
    r"|unzustellbar|nicht (?:zu(?:ge)?stell|übermittelt)|zustell(?:ung|fehler)|fehlgeschlagen"
    r"|non (?:remis|délivr|distribu)|indélivrable"
    r"|échec (?:de (?:la )?|d')(?:remise|distribution|envoi)|(?:remise|livraison) (?:diff|retard)"
    r"|no (?:se (?:pudo|puede|ha podido) entregar|entregado)|error (?:de|en la) entrega|devuelto"
    r"|mancato recapito|non (?:recapitat|recapitabile|consegna)|impossibile recapitare"
    r"|não (?:entregue|foi entregue|entregáve)|falha (?:na|de) entrega|não pôde ser entregue"
    r"|onbestelbaar|niet (?:bezorgd|afgeleverd)|kunne ikke leveres|kan inte levereras|ej levererat"
    r"|oleverbart|ei voitu toimittaa|toimitus epäonnistui|недостав"
    r"|не (?:может быть |было )?доставлен"
    r"|niedostarcz|nie (?:można|został[ao]?) dostarcz|nedoručiteln|kézbesíthetetlen|teslim edileme"
    r"|kan (?:inte|ikke) lever|(?:ikke|inte|o)lever|não é possível entregar|toimittaminen ei"
    r"|не уда(?:ется|лось) доставить"
    r"|退信|投递失败|无法投递|未送达|無法傳遞|配信(?:不能|でき|エラー)|送信できませんでした|エラーメール"
    r"|배달(?:되지| 실패)|전송 ?실패|반송|לא ניתן (?:היה )?למסור|تعذر (?:تسليم|التسليم)",
    re.IGNORECASE,
)
_BODY = pattern(
    r"this is the (?:qmail-send program|mail system at host|postfix|mail delivery agent)"
    r"|created automatically by (?:the )?mail delivery software"
    r"|(?:addresses|address|recipients?)(?:\(s\)|\(es\))? (?:had|failed|below failed|could not)"
    r"|following (?:address|recipient)(?:es|s|\(es\)|\(s\))?"
    r"|could ?n(?:o|')t (?:be )?deliver|can ?not be delivered|unable to deliver|not be delivered"
    r"|did not reach|undeliverable|delivery (?:to|of|has) .{0,120}fail|was not delivered"
    r"|user unknown|unknown user|no such (?:user|mailbox|recipient|address)"
    r"|mailbox (?:unavailable|full)"
    r"|(?:mailbox|account|recipient|address|user) .{0,60}(?:does not|doesn't) exist|quota exceed"
    r"|mailbox exceeds|mailbox is (?:full|over)|allowed size|(?:invalid|unknown) (?:final )?"
    r"(?:delivery|recipient|address|userid)|delivery problems|you are not (?:a )?member"
    r"|not allowed to (?:post|send)|(?:is|was) not posted|rejected recipient|delivery errors"
    r"|temporary (?:problem|failure|error)|not (?:yet )?been delivered|is delayed"
    r"|delivery incomplete"
    r"|being held|n't (?:be )?delivered|had trouble delivering|problem delivering"
    r"|over quota|recipient (?:address )?rejected|transcript of session follows"
    r"|<<< [45]\d\d|said: [45]\d\d|(?:^|\n)[ \t]{0,20}[45]\d\d[ -][45]?\.?\d"
    r"|non-delivery of|unable.to.transfer|no longer accepts|has been (?:closed|disabled)"
    r"|nicht [^\n]{0,120}(?:zugestellt|übermittelt|gesendet|ausgeliefert)|fehler bei der nachricht"
    r"|n'(?:a pas (?:pu|été|encore)|est pas) [^\n]{0,80}(?:remis|délivr|distribu|parvenu)"
    r"|n'est pas parvenu|(?:échec de|différ|retard)[^\n.]{0,40}(?:remise|distribution|message)"
    r"|(?:remise|distribution)[^\n.]{0,80}(?:échou|retard|différ)"
    r"|no (?:se )?(?:pudo|ha podido) [^\n.]{0,40}entrega|non è stato possibile (?:consegn|recapit)"
    r"|(?:recapito|consegna) non riuscit|falha na entrega|não (?:pôde|foi) [^\n.]{0,40}entregue"
    r"|bezorgen is mislukt|niet (?:worden )?(?:bezorgd|afgeleverd)"
    r"|(?:lever|tilstell|sending)[^\n.]{0,80}(?:misslyck|mislyk)"
    r"|nie powiodło się|nie (?:można|udało się)[^\n.]{0,40}dostarcz"
    r"|не (?:был[оа]? )?(?:доставлен|удалось[^\n.]{0,40}достав)|epäonnistui"
    r"|nepodařilo[^\n.]{0,40}doruč|nem (?:sikerült|kézbesíthető)|teslim edilemedi"
    r"|(?:配信|送信|投递|传递|傳遞|送达)[^\n。]{0,20}(?:失敗|失败|でき)|(?:无法|無法|未能)(?:投递|传递|傳遞|送达)|전송[^\n.]{0,20}(?:실패|못)",
    re.IGNORECASE,
)
_ARRIVED = pattern(
    r"(?:delivery|delivered|status|report)[^\n]{0,40}\((?:success|relay|deliver)\w*\)|\Arelayed:"
    r"|successfully delivered|erfolgreich (?:zugestellt|übermittelt)"
    r"|\A(?:zugestellt|weitergeleitet):|zustellung [^\n]{0,80}abgeschlossen"
    r"|delivery to [^\n]{0,80}(?:is|was) (?:complete|successful)"
    r"|\A(?:remis|relayé|entregado|consegnato|recapitato) ?:|remise [^\n]{0,80}terminée",
    re.IGNORECASE,
)
_COPY = pattern(
    r"\s{0,9}-{2,} ?(?:below this line is a copy|this is a copy|original message|returned message"
    r"|unsent message (?:below|follows)|message (?:header|text) follows|forwarded message)"
    r"|\s{0,9}-+ ?message header follows|received: from |return-path: <",
    re.IGNORECASE,
)
_ADDRESS = (
    r"[^\s'<>()\[\]:;,\"]{1,64}@[A-Za-z0-9.-]{1,200}[A-Za-z0-9](?![A-Za-z0-9-]|\.[A-Za-z0-9])"
)
_LINKED = r"(?:\s?<mailto:[^<>\s]{3,320}>)?"
"""The link that a mail program puts behind an address."""
_NAMED = pattern(
    rf"[\s*-]{{0,12}}(?:(?:to|recipient|addressee|address|an|empfänger|destinataire|user|"
    r"(?:original|final|failed) (?:recipient|address))\s?:\s{0,9})?[<'\"]?(?:mailto:)?"
    rf"({_ADDRESS})[>'\"]?{_LINKED}"
    r"(?:\s{0,4}(?:[:.;,(]|\.\.\.|on \w{3}|on \d|unsuccessful|failed|-)[^\n]{0,400})?\s*\Z",
    re.IGNORECASE,
)
_SENTENCE = pattern(
    r"(?:deliver(?:y|ed|ing)? (?:your |the )?(?:message |e?-?mail )?to|undeliverable to"
    r"|unknown user"
    r"|user unknown|allowed size|delivery userid|rejected recipient|rcpt to|your (?:message"
    r"|e?-?mail) to|(?:mailbox|account) (?:of )?|(?:postfach|konto) (?:von )?|(?:nachricht|mail) an"
    r"|nicht an|parvenu à|message (?:à|pour)"
    rf"|recipient address|recipients? affected)\s?:?\s{{0,4}}[<'\"]?({_ADDRESS})",
    re.IGNORECASE,
)
_ANY = pattern(rf"(?<![^\s<>()\[\]:;,\"']){_ADDRESS}")
_HEADER = pattern(
    r"[ \t]{0,9}(?:received|return-path|from|to|cc|subject|date|sent|message-id|mime-version|"
    r"content-[a-z-]{4,30}|dkim-signature|references|in-reply-to|reply-to|x-[a-z-]{2,60}):\s",
    re.IGNORECASE,
)
"""A header of the mail that came back: no word of the report."""
_SYSTEMS = pattern(r"(?:postmaster|mailer-daemon|abuse|support|helpdesk)@", re.IGNORECASE)
_REPLY = pattern(rf"\s{{0,9}}(?:<<<\s)?[45]\d\d[ -](?:[45]\.\d+\.\d+\s)?\s{{0,4}}<({_ADDRESS})>")
_REASON_LINES = 8


def subject_tells(subject: str) -> bool:
    """Tell whether a mail system's subject says that a mail came back."""
    return bool(_SUBJECT.search(subject[:300]))


def body_tells(body: str) -> bool:
    """Tell whether a mail system's first lines say that a mail came back."""
    return bool(_BODY.search(body[:_HEAD]))


def tells_arrival(subject: str, body: str) -> bool:
    """Tell whether a mail system says that a mail arrived, or was handed on."""
    return bool(_ARRIVED.search(subject[:300]) or _ARRIVED.search(body[:1_000]))


def tells_delay(subject: str, body: str) -> bool:
    """Tell whether a mail system still tries, and nothing says that it gave up."""
    words = f"{subject[:300]}\n{body[:4_000]}".lower()
    return bool(_LATE.search(words)) and not _FINAL.search(words)


_FINAL = pattern(
    r"will not be retried|no (?:further|more) attempts|given up|giving up after|permanent error"
    r"|permanent fatal|endgültig|définitiv|definitiv"
)


_LATE = pattern(
    r"delivery status notification \(delay\)|warning: (?:could not send|message)"
    r"|warning message only"
    r"|do not need to (?:resend|re-?send)|delivery (?:is |has been )?(?:temporarily )?delayed"
    r"|will (?:continue to (?:try|be (?:tried|attempted))|keep trying|be retried)"
    r"|still being retried|delayed mail"
    r"|has not (?:yet )?been delivered.{0,80}(?:continue|retr)|will retry for|is delayed for"
    r"|temporary (?:failure report|problem delivering)|delivery incomplete"
    r"|(?:awaits|held for|waiting for) (?:moderator )?approval|is being held until"
    r"|attempts will continue|noch nicht zugestellt|wird (?:weiter|erneut) versucht|retard[ée]"
    r"|weiterhin versucht|verzöger|différé|continuerons|encore été remis|retrasad|ritardat"
    r"|in ritardo"
    r"|vertraagd|opóźni|fördröj|försen|forsink|atrasad|viivästy|задерж|отложен|遅延|延迟|延遲|지연"
)


def text_recipients(body: str) -> Iterator[tuple[str, str]]:
    """Give (address, what was said about it) of each failed recipient named above the copy."""
    lines = _report(body)
    for number, line in enumerate(lines):
        found = _NAMED.match(line) or _REPLY.match(line) or _SENTENCE.search(line)
        if found:
            yield found.group(1), _reason(lines, number, found.group(1))


def only_address(body: str, besides: Iterable[str]) -> str:
    """Give the address that the report speaks of where there is no other; else nothing."""
    known = {one.lower() for one in besides}
    found = (one.lower() for line in _report(body) for one in _ANY.findall(line))
    named = {one for one in found if one not in known and not _SYSTEMS.match(one)}
    return named.pop() if len(named) == 1 else ""


def _reason(lines: Sequence[str], number: int, address: str) -> str:
    """Give what is said of an address: its line and those below, not the mail that came back."""
    words = [] if lines[number].strip(" \t<>:'\"*") == address else [lines[number]]
    for following in lines[number + 1 : number + _REASON_LINES]:
        if not following.strip() or _NAMED.match(following) or _HEADER.match(following):
            break
        words.append(following)
    return " ".join(" ".join(words).split())


def _report(body: str) -> list[str]:
    """Give the lines of the report itself, cut where the copy of the returned mail begins."""
    lines = [line[:500].rstrip() for line in body[: _HEAD * 10].splitlines()[:_MOST_LINES]]
    for number, line in enumerate(lines):
        if _COPY.match(line):
            return lines[:number]
    return lines


_BEGINS = pattern(r"\s{0,200}[\[{]")
_CAP = 200_000
_MOST = 5_000
"""Values of a report that are looked at."""
_DEEPEST = 3
"""JSON within a string within JSON."""
_ONE_ADDRESS = pattern(r"[^\s<>()\[\]:;,\"']{1,64}@[A-Za-z0-9.-]{1,200}[A-Za-z0-9]")
_ID = pattern(r"<?([^<>\s]{3,900}@[^<>\s]{1,255})>?\Z")
_EVENT_KEYS = frozenset(
    ("notificationtype", "eventtype", "event", "type", "recordtype", "bouncetype", "severity")
)
_TO_KEYS = frozenset(
    ("emailaddress", "email", "recipient", "rcptto", "rcpt", "finalrecipient", "to", "address")
)
_WHY_KEYS = frozenset(
    (
        "diagnosticcode",
        "diagnostic",
        "reason",
        "description",
        "response",
        "message",
        "smtpresponse",
        "error",
    )
)
_STATUS_KEYS = frozenset(("status", "code", "statuscode", "enhancedcode", "bouncecode"))
_FAILED = pattern(
    r"(?:hard|permanent)?[-_ ]?(?:bounced?|failed|failure|dropped|undeliver\w*|rejected?)\Z|"
    r"hard[-_ ]?bounce|blocked\Z|permanent(?:fail\w*)?\Z",
    re.IGNORECASE,
)
_DELAYED = pattern(
    r"(?:delivery)?[-_ ]?(?:delay\w*|deferr\w*)|transient|temporary|soft[-_ ]?bounce", re.IGNORECASE
)
_OTHER = pattern(
    r"(?:delivery|delivered|open\w*|click\w*|send|sent|complaint|spam\w*|subscri\w*|unsubscri\w*|"
    r"processed|accepted|feedback)\Z",
    re.IGNORECASE,
)


class JsonReport(NamedTuple):
    """What a report in JSON says."""

    delayed: bool
    addresses: tuple[str, ...]
    status: str
    words: str
    ids: tuple[str, ...]
    """Message-IDs it names, without angle brackets."""


def read_json_report(body: str) -> JsonReport | None:
    """Give what a body that is JSON reports of an undelivered mail; nothing for any other text."""
    if not _BEGINS.match(body) or len(body) > _CAP:
        return None
    try:
        told, _ = json.JSONDecoder().raw_decode(body.lstrip())
    except (ValueError, RecursionError):
        return None
    values = list(_values(told))
    events = [text for key, text in values if key in _EVENT_KEYS]
    failed, delayed = (any(one.match(text) for text in events) for one in (_FAILED, _DELAYED))
    said = [text for key, text in values if key in _TO_KEYS and _ONE_ADDRESS.fullmatch(text)]
    if not (failed or delayed) or not said or any(map(_OTHER.match, events[:1])):
        return None
    return JsonReport(
        delayed=delayed,
        addresses=tuple(dict.fromkeys(said))[:20],
        status=next((text for key, text in values if key in _STATUS_KEYS and "." in text), ""),
        words=next((text for key, text in values if key in _WHY_KEYS and " " in text), ""),
        ids=tuple(dict.fromkeys(_ids(values)))[:10],
    )


def _ids(values: list[tuple[str, str]]) -> Iterator[str]:
    """Give ids: of a key for them, or of a header as name and value beside each other."""
    named = False
    for key, text in values:
        is_id = key in ("messageid", "smtpid", "messageidheader") or (named and key == "value")
        found = _ID.match(text.strip()) if is_id else None
        if found:
            yield found.group(1)
        named = key == "name" and text.lower() == "message-id"


def _values(told: object) -> Iterator[tuple[str, str]]:
    """Give (key in letters, text) of everything, in order, without recursion."""
    waiting: list[tuple[str, object, int]] = [("", told, 0)]
    for _ in range(_MOST):
        if not waiting:
            return
        key, value, depth = waiting.pop()
        if isinstance(value, dict):
            waiting += [(_letters(name), one, depth) for name, one in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(key, one, depth) for one in reversed(value)]
        elif isinstance(value, str) and depth < _DEEPEST and value.startswith("{"):
            try:
                waiting.append((key, json.loads(value), depth + 1))
            except (ValueError, RecursionError):
                yield key, value
        elif isinstance(value, str | int) and not isinstance(value, bool):
            yield key, str(value)[:2_000]


def _letters(key: str) -> str:
    return "".join(sign for sign in key[:80].lower() if sign.isalnum())
