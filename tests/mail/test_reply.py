"""The new words of a reply: what is quoted goes, what the writer wrote stays, in linear work."""

import pytest

from deskterm.mail.reply import reply_of
from deskterm.mail.words import CUT_LINE

_QUOTED = "\n\n> Is it plugged in?\n> \n> Ada\n"


@pytest.mark.parametrize(
    "line",
    [
        "On Mon, 2 Mar 2026 at 10:15, Ada Lovelace <ada@x.test> wrote:",
        "On Mon, 2 Mar 2026 at 10:15, Ada Lovelace <\nada@x.test> wrote:",
        "On Mon, 2 Mar 2026 at 10:15, the help desk of the whole company\nAda Lovelace <ada@x.test>"
        "\nwrote:",
        "Am 02.03.26 um 10:15 schrieb Ada Lovelace:",
        "Am Mo., 2. März 2026 um 10:15 Uhr schrieb Ada <ada@x.test>:",
        "Le lun. 2 mars 2026 à 10:15, Ada <ada@x.test> a écrit\u00a0:",
        "Il giorno lun 2 mar 2026 alle ore 10:15 Ada <ada@x.test> ha scritto:",
        "El lun, 2 mar 2026 a las 10:15, Ada (<ada@x.test>) escribió:",
        "Em seg., 2 de mar. de 2026 às 10:15, Ada <ada@x.test> escreveu:",
        "Op ma 2 mrt 2026 om 10:15 schreef Ada <ada@x.test>:",
        "Den mån 2 mars 2026 kl 10:15 skrev Ada <ada@x.test>:",
        "man. 2. mar. 2026 kl. 10:15 skrev Ada <ada@x.test>:",
        "ma 2. maalisk. 2026 klo 10.15 Ada (ada@x.test) kirjoitti:",
        "pon., 2 mar 2026 o 10:15 Ada <ada@x.test> napisał(a):",
        "po 2. 3. 2026 v 10:15 odesílatel Ada <ada@x.test> napsal:",
        "пн, 2 мар. 2026 г. в 10:15, Ada <ada@x.test>:",
        "2 марта 2026, 10:15, Ada написала:",
        "Ada <ada@x.test>, 2 Mar 2026 Pzt, 10:15 tarihinde şunu yazdı:",
        "Ada <ada@x.test> 于2026年3月2日周一 10:15写道：",
        '在 2026-03-02 10:15:00，"Ada" <ada@x.test> 写道：',
        "2026年3月2日(月) 10:15 Ada <ada@x.test>:",
        "2026년 3월 2일 (월) 오전 10:15, Ada <ada@x.test>님이 작성:",
        "\u200fבתאריך יום ב׳, 2 במרץ 2026 ב-10:15 מאת \u202aAda\u202c\u200f "
        "<\u202aada@x.test\u202c\u200f>:",
        "Στις Δευ 2 Μαρ 2026 στις 10:15 π.μ., ο χρήστης Ada <ada@x.test> έγραψε:",
        "Ada Lovelace wrote:",
        "* Ada Lovelace <ada@x.test> [2026-03-02 10:15]:",
        "---- Ada Lovelace wrote ----",
        "-----Original Message-----",
        "-------- Ursprüngliche Nachricht --------",
        "> Von: Ada",
        "From: Ada <ada@x.test>\nSent: Monday, March 2, 2026 10:15\nTo: Bob\nSubject: Printer",
        "________________________________\nDe : Ada <ada@x.test>\nEnvoyé : lundi 2 mars 2026"
        "\nÀ : Bob\nObjet : Imprimante",
        "*Van:* Ada <ada@x.test>\n*Verzonden:* maandag 2 maart 2026 10:15\n*Aan:* Bob\n"
        "*Onderwerp:* Printer",
        "差出人: Ada <ada@x.test>\n送信日時: 2026年3月2日 10:15\n宛先: Bob\n件名: プリンター",
        CUT_LINE,
    ],
)
def test_quotes_are_known_by_what_mail_programs_write_above_them(line: str) -> None:
    assert reply_of(f"Yes, it is.\n\nBob\n\n{line}{_QUOTED}") == "Yes, it is.\n\nBob"


@pytest.mark.parametrize(
    "text",
    [
        "On Monday it worked.\nOn Tuesday: nothing.",
        "The log says:\n\n2026-03-02 10:15:01 sshd[12]: root@server:\nfailed",
        "Two things:\n1. the printer\n2. the screen",
        "> a prompt\nthat I see",
        "From: where do I log in?\nI do not know.",
        "-------- my notes --------\nnothing works",
        "Steps:\nTo: press start\nSubject: unclear",
        "She wrote:\nit is broken",
    ],
)
def test_a_writer_s_own_words_are_no_quote(text: str) -> None:
    assert reply_of(text) == text


def test_answers_between_quotes_keep_the_whole_mail() -> None:
    text = "On 2 Mar 2026 at 10:15, Ada <ada@x.test> wrote:\n> one?\nYes.\n> two?\nNo."
    assert reply_of(text) == text


def test_words_below_a_quote_are_the_reply() -> None:
    quoted = "On 2 Mar 2026 at 10:15, Ada <ada@x.test> wrote:\n> one?\n> two?\n\nYes, both."
    assert reply_of(quoted) == "Yes, both."


@pytest.mark.parametrize(
    "text", ["> only\n> quoted", "On 2 Mar 2026, Ada <a@x.test> wrote:\n> x\n> y", "", "  "]
)
def test_where_nothing_would_be_left_everything_is_kept(text: str) -> None:
    assert reply_of(text) == text.strip()


@pytest.mark.parametrize(
    "line",
    [
        CUT_LINE,
        f"> {CUT_LINE}",
        "*-- please answer above\nthis line --*",
        ">> -- please answer\n>> above this line --",
    ],
)
def test_our_own_line_is_found_whatever_happened_to_it(line: str) -> None:
    sign = "> " if line.startswith(">") else ""
    text = f"Done.\n\nHelp desk, 2 Mar:\n\n{line}\n\n{sign}Dear Ada\n{sign}we ask you this."
    assert reply_of(text).startswith("Done.")
    assert "Dear" not in reply_of(text)


def test_what_is_passed_on_is_no_quote() -> None:
    text = (
        "See below.\n\n---------- Forwarded message ---------\nFrom: Eve <eve@x.test>\n"
        "Date: Mon, 2 Mar 2026\nSubject: Bill\nTo: Bob\n\nPay."
    )
    assert reply_of(text) == text
