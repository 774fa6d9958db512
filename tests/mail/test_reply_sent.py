"""What was typed inside our letter is new, our own lines are not, nor what stands below (§1.12)."""

import pytest

from deskterm.mail.parse import parse_mail
from deskterm.mail.reply import new_words, reply_of
from deskterm.mail.reply.tail import without_tail

OURS = """-- please answer above this line --

Hello Ina,

Does the lamp blink red or green?

On which floor does the printer stand?

Nobody has taken this ticket yet; you hear from us when somebody does.

Ticket #4: Lamp
"""
OUTLOOK = """From: IT help desk <help@desk.example>
Sent: Monday, November 23, 2026 9:50 AM
To: Ina <ina@firma.example>
Subject: [#4] Lamp

"""
ASKED, WHERE = "Does the lamp blink red or green?", "On which floor does the printer stand?"


def _words(body: str, head: str = "Content-Type: text/plain; charset=utf-8") -> str:
    mail = parse_mail(f"From: ina@firma.example\nSubject: Re: x\n{head}\n\n{body}".encode())
    return new_words(mail, [OURS]).text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (OURS.replace(ASKED, f"{ASKED}\nRed."), f"> {ASKED}\nRed."),
        (OURS.replace(WHERE, f"{WHERE} The second."), f"> {WHERE}\nThe second."),
        (f"{OURS}\nRed, second floor.", "> Ticket #4: Lamp\nRed, second floor."),
        (OURS.replace(WHERE, f"{WHERE}\n2"), f"> {WHERE}\n2"),
    ],
)
def test_answers_typed_inside_our_letter_are_shown_with_what_they_answer(
    typed: str, shown: str
) -> None:
    assert _words(f"See below.\n\n{OUTLOOK}{typed}") == f"See below.\n\n{shown}"


def test_answers_in_the_plain_quote_are_shown_too() -> None:
    quote = "".join(f"> {line}\n" for line in OURS.replace(ASKED, f"{ASKED}\ngreen").splitlines())
    head = "On Mon, Nov 23, 2026 at 9:50 AM IT help desk <help@desk.example> wrote:\n"
    assert _words(f"See below.\n\n{head}{quote}") == f"See below.\n\n> {ASKED}\ngreen"


def test_answers_in_colour_are_shown() -> None:
    page = (
        "<p>In red.</p><div style='border-top:solid #E1E1E1 1.0pt'><b>From:</b> help@desk.example"
        "<br><b>Sent:</b> Monday, November 23, 2026 9:50 AM<br><b>Subject:</b> Lamp</div>"
        f"<p>{ASKED}</p><p style='color:red'>It blinks green.</p><p>{WHERE}</p>"
    )
    shown = _words(page, "Content-Type: text/html; charset=utf-8")
    assert shown == f"In red.\n\n> {ASKED}\nIt blinks green."


def test_our_letter_is_folded_where_nothing_marks_it_and_however_it_is_wrapped() -> None:
    wrapped = OURS.replace("; you hear from us", ";\nyou hear from us").partition("\n")[2]
    assert _words(f"Red.\n\nIT help desk told this on Monday:\n\n{wrapped}") == (
        "Red.\n\nIT help desk told this on Monday:"
    )
    assert _words(f"Red.\n\nhelp@desk.example at 9:50 wrote:\n\n{wrapped}") == "Red."


def test_a_mail_that_is_none_of_ours_is_read_by_its_shape_alone() -> None:
    body = f"Red.\n\n{OUTLOOK}Something that we never sent.\n"
    assert _words(body) == reply_of(body) == "Red."


def test_our_letter_is_folded_from_the_last_answer_in_it_on() -> None:
    head = "On Mon, Nov 23, 2026 at 9:50 AM IT help desk <help@desk.example> wrote:"
    quote = "".join(f"> {line}\n" for line in OURS.splitlines())
    shown = _words(f"{head}\n{quote}".replace(f"> {ASKED}", f"> {ASKED}\ngreen"))
    assert shown.endswith(f"> {ASKED}\ngreen")
    own = "It said:\n> lamp: code 7\n> lamp: end\nand stopped."
    assert _words(f"{own}\n\n{head}\n{quote}") == own


def test_a_log_that_the_writer_quoted_is_new_and_a_mail_that_is_named_is_not() -> None:
    log = "It said:\n\n> lamp: code 7\n> lamp: end\n\nThat is all."
    assert _words(log) == log
    named = "Red.\n\n> On 5 Mar 2026, at 08:14, Bo <bo@firma.example> wrote:\n>\n> What?\n> Bo"
    assert _words(named) == "Red."
    assert _words(f"Red.\n\n> {ASKED}\n> {WHERE}\n") == "Red."


def test_an_older_mail_below_ours_is_no_answer() -> None:
    older = f"\n{OUTLOOK}The lamp is broken since Monday.\n"
    assert _words(f"Red.\n\n{OUTLOOK}{OURS}{older}") == "Red."


@pytest.mark.parametrize(
    "tail",
    [
        "-- \nIna Kahn\nFirma, Ulm\n+49 731 1",
        "Sent from my iPad",
        "Gesendet mit der GMX Mail App",
        "Envoyé de mon iPhone",
        "Skickat från min Samsung Galaxy",
        "发自我的iPhone",
        "Get Outlook for Android<https://aka.ms/x>",
        "_______________\ncrew mailing list\nhttps://lists.firma.example/listinfo/crew",
        "Отправлено из мобильной Почты Mail.ru",
        "Από το iPhone μου",
        "نُشر من iPhone الخاص بي",
        "Sent from Spark",
        "Von meinem Fairphone gesendet",
        "Outlook für iOS<https://aka.ms/x> beziehen",
        "Pobierz aplikację Outlook dla systemu Android",
        "Outlook for iOS を入手",
        "Elküldve az iPhone-omról",
        "从我的iPhone发送",
        "Samsung Galaxy 스마트폰에서 보냈습니다.",
        "Sent from my mobile. Please excuse typos.",
        "Unterwegs gesendet, bitte Tippfehler entschuldigen",
        "Gesendet mit Nine",
        "Sender notified by Mailtrack",
        "Enviado desde Correo para Windows",
        "Virenfrei. www.avast.com",
        "---\nDiese E-Mail wurde von Avast-Antivirussoftware auf Viren geprüft.\nwww.avast.com",
        "_______________",
        "-- \nIna\n\nSent from my iPhone\n",
    ],
)
def test_advertisements_footers_lines_and_signatures_are_folded(tail: str) -> None:
    assert without_tail(f"The lamp is red.\n\n{tail}\n") == "The lamp is red."
    assert _words(f"The lamp is red.\n\n{tail}\n") == "The lamp is red."


@pytest.mark.parametrize(
    "text",
    [
        "Nothing was sent from my phone.",
        "My virus scanner says that Avast has found a virus in it, what now?",
        "Where it fails:\nfrom my iPhone",
        "Get Outlook for iOS fails with error 5",
        "Outlook für Android lässt sich nicht installieren",
        "Outlook for iOS crashes",
        "I sent it\n-- \nDid it come?",
        "-- \nIna",
        "Sent from my iPhone\n\nThe desk phone is mute.",
        "Steps:\n--\n" + "a line of what I did\n" * 20,
    ],
)
def test_what_only_looks_like_a_signature_stays(text: str) -> None:
    assert without_tail(text) == text.rstrip()


@pytest.mark.parametrize(
    "quote",
    [
        "On Thu, 05 Mar 2026 08:14:43 -0200 Ina Kahn <ina@firma.example> wrote\n\nold\nolder\n",
        "2026-03-05 17:21 GMT+01:00 Ina Kahn\n\n> old\n> older\n",
        "2026-03-05 17:21 GMT+01:00 Ina Kahn:\n\nold\n",
        "Ina Kahn <ina@firma.example> wrote:\n\nold\nolder\n",
        "Dne 05. 03. 26 v 8:14 Ina Kahn napsal(a):\n\nold\nolder\n",
        "On 2026-03-05T08:14:43Z, Ina Kahn wrote:\n\nold\nolder\n",
        "2026/3/5 Ina via Desk <help@desk.example>\n\n| old\n| older\n",
        "Message du : 05/03/2026 08:14\nDe : Ina <ina@firma.example>\nA : x@y.test\nSujet : a\n",
        "------ Bunbericht Xyz ------\nFrom: Ina <ina@firma.example>\nDate: 5.3.2026\nTo: a\n\nold",
        "On 2026-03-05 08:14, Ina Kahn wrote:\nIK> old\nIK> older\n",
        "5 March 2026 Ina Kahn:\nIK> old\nIK> older\n",
        ">>> Ina Kahn <ina@firma.example> 05.03.26 8.14 Uhr >>>\n\nold\nolder\n",
        ">>> On 3/5/2026 at 8:14 AM, Ina Kahn <ina@firma.example> wrote:\n\nold\n",
        "==== Original Message From Ina <ina@firma.example> ====\nold\nolder\n",
        "2026-03-05 오전 8:14에 Ina Kahn 이(가) 쓴 글:\n> old\n> older\n",
        "在 2026/3/5 8:14, Ina Kahn 写道:\n\nold\nolder\n",
        "------ Xyz Bun ------\nUn: Ina <ina@firma.example>\nDate: 5.3.2026\nTo: a\n\nold",
    ],
)
def test_quotes_announced_without_colon_sign_or_known_word_are_folded(quote: str) -> None:
    assert reply_of(f"New words.\n\n{quote}") == "New words."


def test_of_headers_in_no_known_language_three_at_most_are_the_quote_s() -> None:
    people = "".join(f"Xyz {number}: <p{number}@firma.example>\n" for number in range(30))
    kept = reply_of(f"They are:\n\n{people}From: Ina <ina@firma.example>\nDate: 5.3.2026\n\nold")
    assert kept.endswith("Xyz 26: <p26@firma.example>")


def test_a_quote_that_was_broken_once_more_is_a_quote_still() -> None:
    long = "> The lamp of the printer on the second floor was red the whole\nmorning and nobody"
    quote = f"{long}\n> knew what that means for the paper that lies in the lower tray\nof it.\n"
    head = "On 2026-03-05 08:14, Ina Kahn <ina@firma.example> wrote:\n"
    assert reply_of(f"New words.\n\n{head}{quote}") == "New words."
    assert "Yes." in reply_of(
        f"{head}> Does the lamp of that printer blink in red all the day\nYes.\n> b\n"
    )


def test_a_table_with_bars_is_nobody_s_quote() -> None:
    text = "At 10:30 I saw:\n\n| a | b |\n| 1 | 2 |\n\nWhat is it?"
    assert reply_of(text) == text


@pytest.mark.parametrize(
    "block",
    [
        "Sent from my " * 60_000, "-- \n" * 100_000, f"{ASKED}\n" * 3_000, "> a\n" * 3_900,
        ("x" * 1_900 + "\n") * 400, "Hello Ina,\nred\n" * 1_900, "AS> \n" * 50_000,
    ],
    ids=["ad", "mark", "ours", "quote", "long", "mixed", "initials"],
)  # fmt: skip
def test_whatever_is_repeated_below_our_letter_is_read_at_once(block: str) -> None:
    assert len(_words(f"a\n{OUTLOOK}{OURS}{block}")) <= 2 * len(block) + len(OURS)
