"""Answers by mail: an address is one choice of one person; words count where they stand alone."""

import pytest

from deskterm.mail.answers import (
    NO,
    UNSURE,
    YES,
    Answer,
    Question,
    answer_address,
    answer_of,
    comment_of,
    words_of,
)
from deskterm.mail.words import PREFILLED, SPEECHES

NOW, OLD = "new secret", "old secret"
ANSWER = Answer(Question.WORKED, 12, 7, 345, YES)


@pytest.mark.parametrize("secret", [NOW, OLD])
def test_an_answer_address_is_read_with_every_secret_there_was(secret: str) -> None:
    address = answer_address("help@desk.test", ANSWER, secret)
    assert len(address.partition("@")[0]) <= 64
    assert answer_of(address.upper(), (NOW, OLD)) == ANSWER


@pytest.mark.parametrize(
    "other",
    [
        ANSWER._replace(value=NO),
        ANSWER._replace(ticket=13),
        ANSWER._replace(person=8),
        ANSWER._replace(round=346),
        ANSWER._replace(question=Question.APPROVAL),
    ],
)
def test_the_mark_of_one_answer_opens_no_other(other: Answer) -> None:
    mark = answer_address("help@desk.test", ANSWER, NOW).rpartition(".")[0].rpartition(".")[2]
    address = answer_address("help@desk.test", other, NOW)
    own = address.partition("@")[0].rpartition(".")[2]
    assert answer_of(address.replace(own, mark.partition("@")[0]), (NOW,)) is None
    assert answer_of(address, (OLD,)) is None


def test_a_choice_that_the_question_does_not_have_is_no_answer() -> None:
    for wrong in (
        Answer(Question.WORKED, 1, 1, 1, "4"),
        Answer(Question.SCORE, 1, 1, 1, YES),
    ):
        assert answer_of(answer_address("help@desk.test", wrong, NOW), (NOW,)) is None


@pytest.mark.parametrize(
    ("body", "question", "value", "comment"),
    [
        ("yes", Question.WORKED, YES, ""),
        ("Oui.\nMerci beaucoup", Question.WORKED, YES, "Merci"),
        ("Sí", Question.WORKED, YES, ""),
        ("Non", Question.WORKED, NO, ""),
        ("D'accord\nPour cette année", Question.APPROVAL, YES, "Pour cette année"),
        ("Denegado", Question.APPROVAL, NO, ""),
        ("\n\n  Ja!\n\nMit freundlichen Grüßen\nAda", Question.WORKED, YES, "Mit freundlichen"),
        ("No.\nIt blinks red now.\n> Does it work?", Question.WORKED, NO, "It blinks red now."),
        ("NEIN\r\nOn Monday, Cy wrote:\r\nyes", Question.APPROVAL, NO, ""),
        ("4", Question.SCORE, "4", ""),
        ("5/5\nQuick and kind.\n-- \nAda Moss", Question.SCORE, "5", "Quick and kind."),
        ("*3* of 5", Question.SCORE, None, ""),
        ("2 out of 5", Question.SCORE, "2", ""),
    ],
)
def test_a_first_line_of_nothing_else_is_an_answer(
    body: str, question: Question, value: str | None, comment: str
) -> None:
    found = words_of(body, question)
    assert (found and found.value) == value
    assert (found.comment if found else "").startswith(comment)


@pytest.mark.parametrize(
    "body",
    ["", "Yes, but only sometimes", "yes and no", "6", "55", "ok", "> yes", "Hello\nyes", "1.5"],
)
def test_anything_more_is_read_by_a_person(body: str) -> None:
    assert words_of(body, Question.APPROVAL) is None
    assert words_of(body, Question.SCORE) is None


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("Hello\nYes, it works, thanks\n\nAda", YES),
        ("ok", YES),
        ("yes\n\nThe new keyboard is nicer than the old one.", YES),
        ("yes\n\nBut it does not print.", UNSURE),
        ("yes\n\nWhat about the scanner?", UNSURE),
        ("The scanner, then.\n> Does it work?", UNSURE),
    ],
)
def test_whether_it_works_is_read_in_any_words(body: str, value: str) -> None:
    found = words_of(body, Question.WORKED, "Ada Moss")
    assert found is not None
    assert found.value == value


def test_what_the_mail_program_filled_in_is_no_comment() -> None:
    for speech in SPEECHES.values():
        label = speech.choices[Question.SCORE, "5"]
        assert comment_of(f"{label}\r\n\r\nThank you!\r\n> quoted", PREFILLED) == "Thank you!"


@pytest.mark.parametrize("text", ["yes" * 20_000, "-" * 50_000, " " * 50_000, "\n" * 50_000])
def test_huge_texts_are_read_in_linear_time(text: str) -> None:
    assert words_of(text, Question.APPROVAL) is None
    assert answer_of(f"help+aw1-1-1-y.{text}@x", (NOW,)) is None
