"""Pieces of words, pasted lines and the names of things: what of a text tells it from others."""

import pytest

from deskterm.triage.pieces import Pieces, apart, names, pieces


def index(*titles: str) -> Pieces[str]:
    made: Pieces[str] = Pieces()
    for title in titles:
        made.add(title, title, "")
    return made


def test_joined_words_and_other_endings_share_most_pieces() -> None:
    known = index("Outlook-Anmeldung klappt nicht", "Drucker druckt leere Seiten")
    asked = known.asked("outlookanmeldung schlägt fehl", "")
    close, far = (
        known.whole(asked, "Outlook-Anmeldung klappt nicht"),
        known.whole(asked, "Drucker druckt leere Seiten"),
    )
    assert close > 4 * far
    assert pieces("DatePicker") == pieces("date picker")


def test_likeness_is_a_share_and_equal_titles_have_all_of_it() -> None:
    known = index("Job_1142 failed 06:10", "Mouse", "")
    same = known.asked("Job_1142 failed 06:10", "")
    assert known.whole(same, "Job_1142 failed 06:10") == pytest.approx(1)
    assert known.title(same, "Job_1142 failed 06:10") == pytest.approx(1)
    assert known.title(known.asked("Job_1143 failed 07:10", ""), "Job_1142 failed 06:10") > 0.6
    assert known.whole(same, "Mouse") == known.title(known.asked("", ""), "") == 0


def test_rare_pieces_count_more_than_common_ones() -> None:
    known = index(*(f"printer {letter * 4}" for letter in "abcdefgh"), "zyxw ready")
    asked = known.asked("printer zyxw", "")
    assert known.whole(asked, "zyxw ready") > known.whole(asked, "printer aaaa")


def test_what_is_added_after_a_question_is_found_by_the_next() -> None:
    known = index("Mouse")
    known.asked("Mouse", "")
    known.add("Keyboard", "Keyboard", "sticks")
    assert known.whole(known.asked("keyboard", "sticks"), "Keyboard") > 0.9


PASTED = """\
Since the update the report ends at once.
    at com.example.Report.run(Report.java:42)
Caused by: java.lang.IllegalStateException
2026-03-04 10:15:01 ERROR worker stopped
Mar  4 10:15:01 srv1 cron[77]: gone
<div class="row">text</div>
for (i = 0; i < 9; i++) { go(i); }
Please help (it is urgent), we close at 17:00."""


def test_code_traces_and_logs_are_told_from_what_a_person_wrote() -> None:
    own, pasted = apart(PASTED)
    assert own.splitlines() == [PASTED.splitlines()[0], PASTED.splitlines()[-1]]
    assert len(pasted.splitlines()) == 6


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Error 0x80070005, again.", {"0x80070005"}),
        ("ORA-00942: table is missing", {"ora-00942"}),
        ("after KB5034441 on PRN-0042", {"kb5034441", "prn-0042"}),
        ("version 1.8.10 and 1.9", {"1.8.10"}),
        (r"in C:\Users\x\app.dll or \\srv-db02\share", {r"c:\users\x\app.dll", r"srv-db02\share"}),
        ("report_q3.xlsx, budget.xlsx", {"report_q3.xlsx", "budget.xlsx"}),
        ("event 4625 of 2026-03-04 at 23:15, in 2026", {"4625"}),
        ("e-mail and/or log-in for ada@firma.example, please. Thanks", set()),
    ],
)
def test_codes_versions_paths_files_and_serials_are_names_of_things(
    text: str, found: set[str]
) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    "text", ["a" * 3_000, "a.b" * 1_000, "(=;" * 1_000, "\\" * 3_000, "a_" * 1500]
)
def test_hostile_texts_are_read_in_linear_time(text: str) -> None:
    own, pasted = apart(text)
    assert own or pasted
    assert len(names(text)) <= 60
