"""Absences and receipts that only their subject tells, by its shape, in many languages.

The words begin the subject and a colon or a bracket ends them, or they are all of it: a person who
writes about absence notices answers with `Re:`, and the number of the ticket comes first.
"""

import re

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
    r"|自动回复|自動回覆|自動応答|自動返信|不在(?:通知)?|부재중?|자동 ?회신|自动答复"
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
_ABSENCE = re.compile(rf"(?:{_ABSENT})(?:\s*[:：\[(–—]|\s+-|\s*\Z|\s+(?:re|aw)\s*:)", re.IGNORECASE)
_RECEIPT = re.compile(rf"(?:{_READ})\s*[:：]\s*(?:(?:re|aw|sv|antw)\s*:\s*)?\[#\d", re.IGNORECASE)
_CAP = 200


def is_absence_subject(subject: str) -> bool:
    """Tell whether a subject is that of an absence notice or another automatic reply."""
    return bool(_ABSENCE.match(subject[:_CAP].strip()))


def is_receipt_subject(subject: str) -> bool:
    """Tell whether a subject says that our letter was read, or was not."""
    return bool(_RECEIPT.match(subject[:_CAP].strip()))
