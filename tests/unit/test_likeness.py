"""Likeness of texts, and what ranks one solution above another."""

import pytest

from deskterm.triage.likeness import REST, TITLE, Document, Likeness, Match, words
from deskterm.triage.proof import Tried, proved, rank, worth_showing

VPN = Document("vpn", ((TITLE, "VPN says no route"), (REST, "The tunnel is up, nothing opens.")))
PRINT = Document("print", ((TITLE, "Printer offline"), (REST, "Remove and add the print queue.")))
MAIL = Document("mail", ((TITLE, "Mail asks for password"), (REST, "Delete the stored one.")))
INDEX = Likeness([VPN, PRINT, MAIL])


def like(text: str, least: float = 0.0) -> list[Match[str]]:
    return INDEX.like(((REST, text),), least=least)


def test_the_document_with_the_words_is_first_and_says_which_words() -> None:
    best = like("Since lunch my VPN has no route to anything")[0]
    assert (best.key, best.words) == ("vpn", ("vpn", "route"))


def test_likeness_is_a_share_between_nothing_and_one() -> None:
    found = like("vpn route printer queue password")
    assert all(0 < match.likeness <= 1 for match in found)
    assert len(found) == 3


def test_a_text_without_telling_words_is_like_nothing() -> None:
    assert like("Hello, can you please help me with this?") == []
    assert like("") == []
    assert Likeness[int]([]).like(((REST, "vpn"),)) == []


def test_a_word_in_the_title_counts_three_times() -> None:
    title = Document("title", ((TITLE, "scanner"), (REST, "one two three")))
    rest = Document("rest", ((TITLE, "one"), (REST, "scanner two three")))
    found = Likeness([rest, title]).like(((REST, "scanner"),))
    assert [one.key for one in found] == ["title", "rest"]


def test_what_stands_in_the_subject_counts_more_than_the_rest_of_the_mail() -> None:
    asked = ((TITLE, "VPN"), (REST, "My printer stands here. Ada Moss, Printer Hall, Queue Road"))
    assert INDEX.like(asked)[0].key == "vpn"


def test_words_to_be_skipped_tell_nothing() -> None:
    assert INDEX.like(((REST, "Printer, Vpn"),), skip=frozenset({"printers"}))[0].key == "vpn"


def test_endings_and_accents_do_not_matter() -> None:
    stems = {stem for stem, _ in words("Printing printers printed Prínter")}
    assert stems == {"print"}


def test_scripts_without_spaces_are_compared_by_pairs() -> None:
    index = Likeness([Document(1, ((TITLE, "打印机脱机"),)), Document(2, ((TITLE, "密码过期"),))])
    assert index.like(((REST, "我的打印机不工作"),))[0].key == 1


def test_too_little_likeness_is_left_out() -> None:
    assert like("the tunnel through the mountain, printer, queue", least=0.9) == []


@pytest.mark.parametrize("text", ["a" * 50_000, "ab " * 17_000, "’" * 50_000, "打" * 50_000])
def test_a_long_text_is_read_only_so_far(text: str) -> None:
    assert len(list(words(text))) <= 6_000
    like(text)


def test_more_proof_ranks_higher_and_nothing_tried_is_neutral() -> None:
    assert proved(9, 1) > proved(1, 0) > proved(0, 0) > proved(0, 1) > proved(0, 9)
    assert proved(90, 10) > proved(9, 1)


def test_a_solution_that_fails_falls_behind_one_that_works() -> None:
    works = rank(0.5, ("vpn",), Tried(8, 1, "validated"))
    fails = rank(0.6, ("vpn",), Tried(1, 8, "validated"))
    assert works.score > fails.score


def test_the_reason_names_words_category_proof_and_doubt() -> None:
    one = rank(0.5, ("vpn", "route"), Tried(6, 1, "draft", "network/vpn"), "network")
    assert one.reason == "says vpn, route; category network/vpn; worked 6 of 7; a draft"
    assert "not tried yet" in rank(0.5, ("vpn",), Tried(0, 0, "validated")).reason


def test_an_archived_solution_is_worth_nothing() -> None:
    assert rank(1.0, ("vpn",), Tried(9, 0, "archived")).score == 0


def test_another_category_wants_more_likeness_than_the_same_one() -> None:
    words = ("vpn",)
    assert worth_showing(0.15, words, "network/vpn", "network")
    assert not worth_showing(0.3, words, "", "network")
    assert worth_showing(0.3, ("vpn", "route"), "", "network")
    assert not worth_showing(0.35, ("vpn", "route"), "printing", "network")
    assert worth_showing(0.5, words, "printing", "network")
