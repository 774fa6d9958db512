"""A mail as this desk sees it: who really wrote, and whether a machine did (semantics §1.4, §1.7).

What the headers alone cannot tell is settled here: whether a list is the desk's own, whether a loop
mark is ours, whether a mail answers us, and who stands behind a form, a list or a no-reply address.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from deskterm.domain.address import is_no_reply
from deskterm.domain.patterns import pattern
from deskterm.mail.machine import LOOP_HEADER, Machine
from deskterm.mail.mailbox import Mailbox
from deskterm.mail.parsed import ParsedMail
from deskterm.mail.reaction import is_complaint
from deskterm.mail.tokens import (
    is_own_loop,
    letter_of_verp,
    ticket_of_message_id,
    ticket_of_recipient,
)

_FORM = pattern(
    r"(?:[^@\s]{0,40}[-_.])?(?:forms?|webforms?|form-?mail(?:er)?|formular|kontaktformular|formulaire|formulario"
    r"|wordpress|"
    r"website|webserver|www|www-data|apache|httpd|nginx)"
    r"(?:[-_.+][^@\s]{0,40})?@",
    re.IGNORECASE,
)
"""Addresses that programs write from for somebody else."""
_VIA = pattern(r"\s+(?:via|über|par|vía|por)\s.{1,120}\Z", re.IGNORECASE)
_NOBODY = Machine("", True)


class OwnDesk(NamedTuple):
    """What the desk knows of itself."""

    addresses: frozenset[str]
    """In lower case, without tokens."""
    secrets: Sequence[str]
    """Newest first."""

    def is_own(self, address: str) -> bool:
        """Tell whether an address is the desk's, with or without a token."""
        local, _, domain = address.lower().rpartition("@")
        return f"{local.partition('+')[0]}@{domain}" in self.addresses

    def is_own_list(self, named: str) -> bool:
        """Tell whether what List-Post or List-Id names is an address of the desk."""
        return self.is_own(named) or any(named == one.replace("@", ".") for one in self.addresses)


def seen_by(mail: ParsedMail, desk: OwnDesk, envelope_to: Iterable[str] = ()) -> ParsedMail:
    """Give the mail with its sender and the sign of a machine as this desk must see them."""
    if is_own_loop(mail.way.loop, desk.secrets):
        machine = Machine(f"a letter of this desk ({LOOP_HEADER})", False)
        return replace(mail, machine=machine)
    seen = _by_writer(mail, desk)
    return replace(seen, machine=_machine(seen, desk, envelope_to))


def answers_us(mail: ParsedMail, desk: OwnDesk, envelope_to: Iterable[str] = ()) -> bool:
    """Tell whether something that we signed brought a mail here."""
    ids = (*mail.in_reply_to, *reversed(mail.references))[:30]
    if any(ticket_of_message_id(one, desk.secrets) is not None for one in ids):
        return True
    boxes = (box.address for box in (*mail.to, *mail.cc))
    return any(
        ticket_of_recipient(one, desk.secrets) or letter_of_verp(one, desk.secrets)
        for one in (*envelope_to, *mail.delivered_to, *boxes)
        if "+" in one
    )


def _machine(mail: ParsedMail, desk: OwnDesk, envelope_to: Iterable[str]) -> Machine:
    """Give the sign of a machine: not a list of the desk, but an absence without headers."""
    told = mail.machine
    if told.of_list and any(desk.is_own_list(one) for one in mail.way.lists):
        told = _NOBODY
    if told.reason:
        return told
    if mail.reaction and not is_complaint(mail.reaction):
        return Machine(f"a reaction ({mail.reaction})", False)
    said = _absence(mail)
    return Machine(said, False) if said and _is_answer(mail, desk, envelope_to) else told


def _absence(mail: ParsedMail) -> str:
    if is_absence_subject(mail.subject):
        return "an absence notice (its subject says so)"
    if is_receipt_subject(mail.subject):
        return "a receipt (its subject says so)"
    by_rule = mail.way.rule_of == mail.sender.address.lower() or mail.way.made_by_rule
    return "made by a rule of a mailbox" if by_rule and mail.sender.address else ""


def _is_answer(mail: ParsedMail, desk: OwnDesk, envelope_to: Iterable[str]) -> bool:
    return answers_us(mail, desk, envelope_to) or "[#" in mail.subject


def _by_writer(mail: ParsedMail, desk: OwnDesk) -> ParsedMail:
    """Give the mail with who stands behind it as its sender, where From is a stand-in."""
    written = mail.sender
    stands_in = desk.is_own(written.address) or is_no_reply(written.address)
    if not (stands_in or _FORM.match(written.address[:320])):
        return mail
    for box in _behind(mail):
        if desk.is_own(box.address) or is_no_reply(box.address) or box.address == written.address:
            continue
        name = box.name or _VIA.sub("", written.name).strip("'\" ")
        return replace(
            mail,
            sender=Mailbox(name if name != written.name else box.name, box.address),
            way=mail.way._replace(sent_by=written),
        )
    return mail


def _behind(mail: ParsedMail) -> Iterator[Mailbox]:
    """Give who may stand behind From, the surest first."""
    named = {box.address.lower(): box for box in mail.way.original if box.name}
    for box in mail.way.original:
        yield named.get(box.address.lower(), box)
    yield from mail.reply_to
    called = _VIA.sub("", mail.sender.name).strip("'\" ").casefold()
    yield from (box for box in mail.cc[:20] if called and box.name.casefold() == called)


_ABSENT = (
    r"auto(?:matic|mated|matisk[et]*|matische?|matyczna|matick[áé]|maattinen)?[- ]?"
    r"(?:reply|response|re|answer|antwort|svar|antwoord|vastaus|odpowiedź|odpověď|odpoveď)"
    r"|out[- ]of[- ](?:the[- ])?office(?: auto ?reply)?|ooo|vacation(?: reply| notice| message)?"
    r"|away(?: from (?:the |my )?(?:office|mail|desk))?|(?:i am|i'm) (?:away|out of the office"
    r"|on (?:leave|vacation))"
    r"|abwesenheit(?:snotiz|sbenachrichtigung|smeldung|sassistent)?|abwesend|nicht im büro"
    r"|autom\w* antwort"
    r"|(?:ich bin )?im urlaub|urlaubsnotiz|réponse automatique"
    r"|(?:message d')?absence(?: du bureau)?|absent(?:e)?"
    r"|respuesta autom[áa]tica|fuera de la oficina|risposta automatica|fuori (?:sede|ufficio)"
    r"|resposta autom[áa]tica"
    r"|fora do escrit[óo]rio|ausência tempor[áa]ria|automatisch antwoord"
    r"|afwezig(?:heid)?(?:smelding)?|niet aanwezig"
    r"|autosvar|automatiskt svar|automatisk svar|frånvaro|fravær|ikke til stede|poissa(?:olo)?\w*"
    r"|nieobecno[śs][ćc]|poza biurem|mimo kancelář|automatická odpověď|automatikus válasz"
    r"|házon kívül"
    r"|otomatik yanıt|ofis dışında|автоответ\w*|автоматический ответ|автоматична відповідь"
    r"|odpowied[źz] automatyczna|r[ăa]spuns automat|automatski odgovor|samodejni odgovor"
    r"|automatická odpoveď|αυτόματη απάντηση|תשובה אוטומטית|מענה אוטומטי|رد تلقائي|balasan otomatis"
    r"|trả lời tự động|ตอบกลับอัตโนมัติ|(?:회신: )?부재중 알림|자동 응답"
    r"|الرد التلقائي|resposta automàtica|erantzun automatikoa|automātiskā atbilde|automaatvastus"
    r"|automatinis atsakymas|автоматичен отговор|स्वचालित उत्तर"
    r"|automated (?:reply|response)(?: from .{1,60})?"
    r"|vacation auto-?reply|fuera de oficina|afwezigheidsbericht|外出(?:自动回复)?"
    r"|自动回复|自動回覆|自動応答|自動返信|不在(?:通知)?|부재중?|자동 ?회신|自动答复"
)
_OUT = (
    r"(?:out of (?:the )?office|not in (?:the )?office|nicht im (?:büro|haus)|au(?:ß|ss)er haus"
    r"|hors du bureau|fuera de (?:la )?oficina|fuori (?:sede|ufficio)|fora do escrit[óo]rio"
    r"|niet (?:aanwezig|op kantoor)|ikke på kontoret|inte på kontoret|poza biurem|mimo kancelář"
    r"|вне офиса|ofis dışında(?:yım)?)"
)
_LEAVE = (
    r"(?:ooo|auto|(?:on )?(?:vacation|holidays?)|on leave"
    r"|(?:annual|sick|maternity|paternity|parental) leave"
    r"|(?:im |in )?(?:urlaub|ferien|elternzeit|mutterschutz)|(?:en )?(?:congés?|vacances)"
    r"|absente?|(?:de )?vacaciones|ausente|(?:in )?ferie|assente|(?:de )?férias"
    r"|(?:met |op )?vakantie|afwezig|bortrest|på semester|semester|frånvarande|fraværende"
    r"|på ferie|lomalla|(?:na )?urlop(?:ie)?|nieobecn[ya]|(?:na )?dovolen(?:á|é|ej)"
    r"|szabadságon|în concediu|(?:в )?отпуске?|нет на месте|(?:у )?відпустц[іи]"
    r"|izindeyim|yıllık izin|不在(?:です|中)?|休暇(?:中)?|(?:我)?不在办公室|休假(?:中)?"
    r"|휴가(?:\s?중)?)"
)
_I_AM = (
    r"(?:i am|i'm|ich bin|je suis|estoy|sono|estou|ik ben|jag är|jeg er|jestem|jsem|olen|я)\s"
    r"(?:(?:currently|away|derzeit|momentan|zurzeit|zur zeit|heute|actuellement|actualmente"
    r"|attualmente|momenteel)\s)?"
)
_NAMED_OUT = rf"[^\W\d_][^:\[\]!?]{{0,60}}\s(?:is|ist|est|está|è|är|er|jest|je)\s{_OUT}"
_UNTIL = (
    r"(?:\s(?:until|till?|from|to|bis|vom|ab|jusqu'au|du|hasta|desde|fino al|dal|até|tot|t/m|van|do"
    r"|till|до|с)\s.{1,50}|[.\s]{0,3}\(.{0,80}\)|\s\d.{0,40})?"
)
_READ = (
    r"(?:not )?read(?: receipt| notification| report)?|return receipt(?: \(displayed\))?|receipt"
    r"|displayed"
    r"|(?:nicht |un)?gelesen|lesebestätigung|empfangsbestätigung|(?:non )?lu|accusé de (?:lecture"
    r"|réception)"
    r"|(?:no )?leído|confirmación de lectura|acuse de recibo|(?:non )?letto|conferma di lettura"
    r"|(?:não )?lida?"
    r"|confirmação de leitura|(?:niet )?gelezen|leesbevestiging|læst|lest|läst|luettu|przeczytano"
    r"|potwierdzenie"
    r"|přečteno|olvasva|okundu|прочитано|已读|已讀|開封済み|읽음"
)
_ABSENCE = pattern(rf"(?:{_ABSENT})(?:\s*[:：\[(–—]|\s+-|\s*\Z|\s+(?:re|aw)\s*:)", re.IGNORECASE)
_RECEIPT = pattern(rf"(?:{_READ})\s*[:：]\s*(?:(?:re|aw|sv|antw)\s*:\s*)?\[#\d", re.IGNORECASE)
_BEGIN, _END = r"\W{0,3}(?:auto\s?:\s?)?", r"[\s\W]{0,6}\Z"
_WHOLE = pattern(
    rf"{_BEGIN}(?:(?:{_I_AM})?(?:{_ABSENT}|{_OUT})|{_I_AM}{_LEAVE}|{_NAMED_OUT}){_UNTIL}{_END}",
    re.IGNORECASE,
)
"""An absence and nothing else, with whose it is and until when."""
_ABOVE = pattern(rf"{_BEGIN}(?:{_LEAVE}){_UNTIL}{_END}", re.IGNORECASE)
"""What says so before the subject of our letter, and alone could mean anything."""
_ANSWERING = pattern(
    r"\W{0,3}\b(?:re|aw|sv|vs|antw|odp|ynt|回复|答复)\s{0,2}[:：]?\s{0,2}\Z", re.IGNORECASE
)
_CAP = 200


def is_absence_subject(subject: str) -> bool:
    """Tell whether a subject is that of an absence notice or another automatic reply.

    It stands before the subject of our letter, or is all of it.
    """
    subject = subject[:_CAP].strip()
    before, tag, _ = subject.partition("[#")
    if tag and (not before.strip() or _ANSWERING.match(before)):
        return False
    said = _ANSWERING.sub("", before)
    above = bool(tag) and _ABOVE.match(said)
    return bool(_ABSENCE.match(subject) or _WHOLE.match(said) or above)


def is_receipt_subject(subject: str) -> bool:
    """Tell whether a subject says that our letter was read, or was not."""
    return bool(_RECEIPT.match(subject[:_CAP].strip()))
