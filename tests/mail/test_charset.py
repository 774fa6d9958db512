"""Bytes to text: evidence beats the label, in the order of semantics.md §1.11."""

import pytest

from deskterm.mail.charset import codec_for, decode, detected
from deskterm.mail.parse import parse_mail

GERMAN = "Für die Müllers: größere Bildschirme wären schön. Grüße"
FRENCH = "Les pièces jointes ne s'ouvrent plus après la mise à jour. Hélène"
CHINESE = "您好，我的电脑无法登录公司的邮箱，请帮助我看一下，谢谢。"
TAIWANESE = "您好，我的電腦無法登入公司的郵箱，請幫我看一下，謝謝。"
KOREAN = "안녕하세요, 컴퓨터에서 메일이 안 됩니다. 확인 부탁드립니다. 감사합니다."
JAPANESE = "お世話になっております。プリンターが動きません。ご確認をお願いします。"
RUSSIAN = "Здравствуйте, принтер на третьем этаже не печатает, помогите пожалуйста."


@pytest.mark.parametrize(
    "label", ["iso-8859-1", "windows-1252", "us-ascii", "koi8-r", "iso-2022-jp"]
)
def test_utf8_beats_every_label_of_one_byte_or_seven_bits_a_sign(label: str) -> None:
    for text in (GERMAN, RUSSIAN, JAPANESE):
        assert decode(text.encode(), label)[0] == text


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        (JAPANESE, "utf-8", "shift_jis"),
        (KOREAN, "utf-8", "euc-kr"),
        (CHINESE, "utf-8", "gb2312"),
        (TAIWANESE, "big5", "gb2312"),
        (CHINESE, "gb18030", "big5"),
        (CHINESE, "gb18030", "iso-8859-1"),
        (RUSSIAN, "cp1251", "iso-8859-1"),
        ("Καλημέρα, ο εκτυπωτής δεν λειτουργεί. Παρακαλώ βοηθήστε.", "cp1253", "windows-1252"),
    ],
)
def test_a_label_that_can_be_true_but_gives_rare_signs_or_accents_alone_is_read_again(
    text: str, codec: str, label: str
) -> None:
    found, problem = decode(text.encode(codec), label)
    assert found == text
    assert label in problem


def test_a_few_signs_of_two_bytes_stand_as_declared_though_they_could_be_utf8() -> None:
    assert decode("联通".encode("gb18030"), "gb2312")[0] == "联通"
    assert decode("Île, Ève, Ölçü à Évora".encode("cp1252"), "iso-8859-1")[1] == ""


def test_what_a_single_byte_label_says_stands_where_the_bytes_are_no_utf8() -> None:
    assert decode(GERMAN.encode("cp1252"), "iso-8859-1") == (GERMAN, "")
    assert decode(RUSSIAN.encode("koi8-r"), "koi8-r") == (RUSSIAN, "")
    assert decode("รถ".encode("cp874"), "tis-620") == ("รถ", "")


@pytest.mark.parametrize("text", [FRENCH, GERMAN, "Das Öl"])
def test_western_bytes_that_are_called_utf8_are_read_as_they_are(text: str) -> None:
    found, problem = decode(text.encode("cp1252"), "utf-8")
    assert found == text
    assert problem


def test_a_torn_sign_does_not_spoil_the_utf8_around_it() -> None:
    body = f"{GERMAN} {FRENCH}".encode() + b"\xe2\x80"
    assert decode(body, "utf-8")[0].startswith(f"{GERMAN} {FRENCH}")


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (CHINESE, "gb18030"),
        (TAIWANESE, "big5"),
        (KOREAN, "euc-kr"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "shift_jis"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp1251"),
    ],
)
@pytest.mark.parametrize("label", ["", "us-ascii", "utf-8"])
def test_raw_bytes_without_a_true_label_are_told_by_their_common_signs(
    text: str, codec: str, label: str
) -> None:
    assert decode(text.encode(codec), label)[0] == text


def test_a_short_subject_is_told_apart_too() -> None:
    assert decode("打印机无法使用".encode("gb18030"))[0] == "打印机无法使用"
    assert decode("인쇄가 안 됩니다".encode("euc-kr"))[0] == "인쇄가 안 됩니다"


def test_a_wrong_east_asian_label_gives_way_only_to_bytes_that_contradict_it() -> None:
    assert decode(CHINESE.encode("gb18030"), "gb2312")[0] == CHINESE
    assert codec_for("ks_c_5601-1987") == "cp949"
    assert detected(b"plain words only") == ""


def test_a_mail_whose_bytes_contradict_its_charset_is_read_right() -> None:
    raw = (
        b"From: Helene <helene@firma.example>\nSubject: Drucker\nMIME-Version: 1.0\n"
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        + FRENCH.encode("cp1252")
    )
    assert parse_mail(raw).body == FRENCH


POLISH = "Skaner na piętrze wciąż nie działa, proszę o sprawdzenie. Łucja Żak"
CZECH = "Skener ve třetím poschodí nečte, prosím přijďte. Děkuji, Jiří"
HUNGARIAN = "A lapolvasó megint nem működik, kérem, nézzék meg. Köszönöm, Győző"
LITHUANIAN = "Skaitytuvas vėl neveikia, prašau padėti šiandien. Ačiū, Žydrūnė"
TURKISH = "Tarayıcı çalışmıyor, lütfen yardım edin. Teşekkürler, Işık"


@pytest.mark.parametrize("label", ["", "us-ascii", "utf-8", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (POLISH, "cp1250"),
        (POLISH, "iso8859-2"),
        (CZECH, "cp1250"),
        (HUNGARIAN, "cp1250"),
        (LITHUANIAN, "cp1257"),
        (TURKISH, "cp1254"),
        (JAPANESE, "shift_jis"),
    ],
)
def test_letters_that_no_western_language_has_together_are_those_of_another(
    text: str, codec: str, label: str
) -> None:
    assert decode(text.encode(codec), label)[0] == text


@pytest.mark.parametrize(
    "text",
    [
        GERMAN,
        FRENCH,
        "¿Funciona ya? Mañana llamaré a don Ramón, que está aquí",
        "Não há ligação à impressora; é a terceira vez. João Simões",
        "Blåbærsyltetøy på skjermen, det går ikke å få den ren",
        "Skærmen er mørk, og jeg må gå før fire",
        "È già così: perché non può più stampare? Però va",
        "Þetta virkar ekki, ég þarf aðstoð í dag. Guðrún",
        "Prices: £20, £30, £40 and £55 + 5¼ %",
    ],
)
def test_western_letters_stay_western(text: str) -> None:
    for label in ("", "iso-8859-1", "utf-8"):
        assert decode(text.encode("cp1252"), label)[0] == text


@pytest.mark.parametrize(
    ("codec", "label"),
    [("koi8-r", "windows-1251"), ("cp1251", "koi8-r"), ("cp1251", "iso-8859-5")],
)
def test_a_cyrillic_label_gives_way_where_the_letters_are_seldom_ones(
    codec: str, label: str
) -> None:
    assert decode(RUSSIAN.encode(codec), label)[0] == RUSSIAN
    for text in (RUSSIAN, RUSSIAN.upper(), "Добрый день! Не печатает."):
        assert decode(text.encode(label), label) == (text, "")
    ukrainian = "Доброго дня, її принтер знову не друкує, допоможіть"
    assert decode(ukrainian.encode("koi8-u"), "koi8-u") == (ukrainian, "")


def test_one_footer_of_another_charset_spoils_neither_itself_nor_the_words() -> None:
    footer = "Geschäftsführer: Jörg Groß"
    mixed = GERMAN.encode() + b"\n" + footer.encode("cp1252")
    assert decode(mixed, "utf-8")[0] == f"{GERMAN}\n{footer}"
    mixed = GERMAN.encode("cp1252") + b"\n" + footer.encode()
    assert decode(mixed, "iso-8859-1")[0] == f"{GERMAN}\n{footer}"


def test_a_byte_order_mark_says_what_no_label_says() -> None:
    assert decode(GERMAN.encode("utf-16"))[0] == GERMAN
    assert decode(GERMAN.encode("utf-16"), "us-ascii")[0] == GERMAN
    assert decode(GERMAN.encode("utf-32"), "utf-32")[0] == GERMAN


def test_accented_letters_inside_latin_words_are_utf8_whatever_eastern_set_is_named() -> None:
    assert decode("Das Büro: größer".encode(), "gb2312")[0] == "Das Büro: größer"
    assert decode("Café à Évry".encode(), "euc-kr")[0] == "Café à Évry"


def test_a_long_text_is_read_as_a_whole_and_a_short_one_line_by_line() -> None:
    torn = "Grüße aus Köln. ".encode() * 20 + b"so sch\xf6n hier."
    assert decode(torn, "utf-8")[0].endswith("so schön hier.")
    long = "Grüße aus Köln. ".encode() * 30_000 + b"so sch\xf6n hier."
    text, problem = decode(long, "utf-8")
    assert text.startswith("Grüße aus Köln. ")
    assert text.endswith("so sch\ufffdn hier.")
    assert problem


def test_lines_in_utf8_below_a_western_text_are_told_apart_while_it_is_short() -> None:
    foot = "Grüße, größer".encode()
    western = "Für Sie: schön, süß, groß.\n".encode("cp1252")
    assert decode(western * 8 + foot, "utf-8")[0].endswith("Grüße, größer")
    assert decode(western * 20_000 + foot, "utf-8")[0].endswith("GrÃ¼ÃŸe, grÃ¶ÃŸer")
