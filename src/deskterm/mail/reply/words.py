"""What mail programs write around quoted text, language by language, in lower case."""

import re


def _words(text: str) -> tuple[str, ...]:
    """Give the words of a list that is separated by commas."""
    return tuple(dict.fromkeys(word for word in map(str.strip, re.split("[,\n]", text)) if word))


WROTE = _words(
    """
wrote, writes, sent, schrieb, geschrieben, a écrit, écrit, ecrit, escribió, escribio,
escrigué, ha escrit, ha scritto, scritto, scrisse, skrev, schreef, geschreven, napisał,
napisała, napisał(a), napisano, pisze, kirjoitti, написал, написала,
написал(а), пишет, писал, писал(а), написав, пише,
написа, yazdı, yazmış, escreveu, napsal, napsala, napsal(a), napísal, napísala,
napísal(a), írta, a scris, έγραψε, je napisao, je napisala, je napisal, napisao,
napisala, napisal, pisao, 写道, 寫道, 写到, のメール, 書きました, 書いた, 작성, 작성함,
썼습니다, đã viết, menulis, เขียนว่า, כתב, כתבה, כתב/ה, كتب, كتبت, rašė, kirjutas,
rakstīja, idatzi du, shkroi, skrifaði, scríobh, ysgrifennodd
"""
)
"""The verb at the end of an attribution line."""
FROM = _words(
    """
from, von, de, da, van, från, fra, od, lähettäjä, от, від, от кого, kimden,
gönderen, feladó, dela, de la, από, 发件人, 發件人, 寄件者, 寄件人, 差出人, 送信者,
送信元, 보낸 사람, 보낸사람, 발신, מאת, من, remitente, expéditeur, mittente, afzender,
avsändare, afsender, avsender, remetente, saatja, nuo, no, nadawca, odesílatel, odosielateľ,
от:, dari, từ, จาก, pošiljatelj, šalje, absender
"""
)
DATE = _words(
    """
sent, date, gesendet, gesendet am, datum, envoyé, envoyé le, envoyee, date d'envoi,
enviado, enviada, enviada em, enviado el, enviado em, fecha, data, data/hora, inviato,
data invio, verzonden, verstuurd, skickat, skickat den, sendt, dato, lähetetty, päiväys,
päivämäärä, pvm, wysłano, wysłane, data wysłania, odesláno, odeslané, odoslané,
отправлено, дата, надіслано, изпратено, gönderilme,
gönderildi, gönderme tarihi, tarih, elküldve, küldve, dátum, trimis, στάλθηκε,
ημερομηνία, 发送时间, 发送日期, 發送時間, 日期, 时间, 寄件日期, 傳送時間, 送信日時,
日時, 日付, 보낸 날짜, 날짜, 보낸날짜, נשלח, תאריך, تاريخ الإرسال, التاريخ, تم الإرسال,
poslano, poslané, saadetud, išsiųsta, tanggal, dikirim, gửi, ngày, วันที่, time
"""
)
TO = _words(
    """
to, an, à, a, para, aan, till, til, vastaanottaja, do, komu, кому, kime, alıcı,
címzett, către, catre, προς, 收件人, 收件者, 宛先, 받는 사람, 받는사람, 수신, אל, إلى,
saaja, kam, kepada, đến, ถึง, za, prima, per, destinatario, destinataire, empfänger,
mottagare, modtager, mottaker, ontvanger, cc, kopie, kopia, kopi, copie, copia, копия,
копія, kópia, 抄送, 副本, 참조, másolat, bilgi, עותק, نسخة, bcc, reply-to, antwort an,
répondre à
"""
)
"""Also the headers of copies."""
SUBJECT = _words(
    """
subject, betreff, objet, asunto, oggetto, onderwerp, ämne, emne, aihe, otsikko, temat,
předmět, predmet, тема, konu, tárgy, subiect, assunto, θέμα, 主题, 主旨, 主題, 件名,
標題, 标题, 제목, נושא, الموضوع, tema, teema, pealkiri, perihal, chủ đề, เรื่อง, zadeva,
naslov, sujet, относно, importance, attachments, anlagen, wichtigkeit
"""
)
"""Also headers that only stand beside others."""
ORIGINAL = _words(
    """
original message, antwort nachricht, original email, original mail, reply message,
antwort-nachricht, ursprüngliche nachricht,
ursprüngliche mail, originalnachricht, original-nachricht, original nachricht,
message d'origine, message original, message d’origine, courriel original, mensaje original,
messaggio originale, messaggio original, mensagem original, oorspronkelijk bericht,
oorspronkelijke bericht, originele bericht, ursprungligt meddelande, originalmeddelande,
oprindelig meddelelse, original meddelelse, opprinnelig melding, opprinnelig e-post,
alkuperäinen viesti, oryginalna wiadomość, wiadomość oryginalna, wiadomość pierwotna,
původní zpráva, původní e-mail, pôvodná správa, исходное сообщение,
оригинальное сообщение, исходное письмо,
оригінальне повідомлення, оригинално съобщение,
orijinal ileti, orijinal mesaj, özgün ileti, eredeti üzenet, mesaj original,
mesajul original, αρχικό μήνυμα, 原始邮件, 原邮件, 原始郵件, 原始邮件信息,
元のメッセージ, 원본 메시지, 원본 메일, izvorna poruka, izvirno sporočilo, missatge original,
ההודעה המקורית, הודעה מקורית, الرسالة الأصلية, upprunalegt skeyti, algne kiri, pesan asli,
thư gốc, ข้อความต้นฉบับ, antwort, previous message, quoted message, quoted text
"""
)
"""Between dashes: what is quoted."""
FORWARDED = _words(
    """
forwarded message, forwarded by, begin forwarded message, weitergeleitete nachricht,
weitergeleitet von, anfang der weitergeleiteten, message transféré, message réexpédié,
début du message réexpédié, début du message transféré, mensaje reenviado,
inicio del mensaje reenviado, messaggio inoltrato, inizio messaggio inoltrato,
mensagem encaminhada, mensagem reencaminhada, início da mensagem, doorgestuurd bericht,
begin doorgestuurd, vidarebefordrat, videresendt, videresendte, välitetty viesti,
edelleenlähetetty, lähetetty edelleen, przekazana wiadomość, wiadomość przekazana,
treść przekazanej, přeposlaná zpráva, preposlaná správa,
пересылаемое сообщение, перенаправленное,
переслане повідомлення, iletilen ileti, yönlendirilmiş, továbbított,
mesaj redirecționat, προωθημένο μήνυμα, προωθήθηκε, 转发的邮件,
转发邮件, 轉寄郵件, 转发, 転送されたメッセージ, 転送メッセージ, 전달된 메시지, 전달된 메일,
proslijeđena poruka, הודעה שהועברה, رسالة معاد توجيهها
"""
)
"""Between dashes or before a colon: what is passed on."""
_OPENERS = _words(
    """
on, am, le, il, el, em, op, på, den, dne, dňa, dnia, w dniu, в, во, a, à, d., ons, în,
pe, στις, tarihinde, 在, 于, vào, pada, no, ב, בתאריך, у, u, dana, quoting, citando,
zitat von, citerar, citat, am:, il giorno, le:, el:, at, de, di, on:, ned, pon, tor, mån,
fre
"""
)

LABELS: dict[str, str] = {
    label: kind
    for kind, labels in (("to", TO), ("subject", SUBJECT), ("from", FROM), ("date", DATE))
    for label in labels
}
"""Header label in lower case → which header it is."""


def any_of(words: tuple[str, ...]) -> str:
    """Give a pattern that matches any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


OPENERS = any_of(_OPENERS)
