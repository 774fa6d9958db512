"""What words say to "does it work?": yes and no have to be plain, anything else is unsure."""

import pytest

from deskterm.mail.verdict import Verdict, verdict

YES = (
    "yes",
    "Yes, it works, thanks",
    "Yes it works",
    "ok",
    "OK!",
    "works now",
    "It works now, thank you very much!",
    "Ja, geht wieder, danke",
    "ja, geht wieder",
    "funktioniert jetzt",
    "Danke, läuft wieder",
    "alles gut, danke",
    "No problem any more, thanks, works",
    "kein Problem mehr, läuft",
    "Yes, the printer works again",
    "Ja, der Drucker läuft wieder",
    "perfect, thank you!",
    "It's fixed",
    "yes\n\nBest regards\nAda Moss",
    "passt",
    "All good now",
    "no more errors, works",
    "Yep, all working again. Cheers, Ada",
    "still works fine",
    "Okay danke",
    "Geht, danke!",
    "it is working",
    "everything works fine now",
    "done",
    "Fixed. Thanks a lot",
    "Hat geklappt, danke",
)
NO = (
    "no",
    "No, still broken",
    "does not work",
    "it doesn't work",
    "geht nicht",
    "Nein",
    "nein, geht nicht",
    "yes but it does not work",
    "Ja, aber es geht nicht",
    "Leider nicht, geht nicht",
    "geht leider immer noch nicht",
    "still broken",
    "It still fails",
    "not fixed",
    "nothing works",
    "it no longer works",
    "No. It blinks red now.",
    "No, the same error again",
    "funktioniert nicht",
    "Es funktioniert leider nicht",
    "immer noch kaputt",
    "der Fehler ist immer noch da",
    "doesn't work at all",
    "no it does not work",
    "not working",
    "Nope",
    "läuft nicht",
    "nein, immer noch der gleiche Fehler",
)
UNSURE = (
    "",
    "thanks",
    "danke",
    "Yes, but only sometimes",
    "yes and no",
    "I have not tried it yet",
    "noch nicht getestet",
    "Does it work?",
    "Yes, it works. Can you also order toner?",
    "Yes it works, could you please order toner",
    "No idea, I am on holiday",
    "bin im Urlaub",
    "I will test it tomorrow",
    "ja, aber der Scanner",
    "partly works",
    "sometimes works",
    "It is not broken any more",
    "No problem, I will try later",
    "works, but slow",
    "The scanner",
    "Yes, and the scanner in room five makes strange noises since yesterday",
    "ok, will try",
    "ok, I'll test tomorrow",
    "teilweise",
    "not sure",
    "No, works now",
    "call me",
    "hello",
)


@pytest.mark.parametrize("text", YES)
def test_consent_that_nothing_denies_is_yes(text: str) -> None:
    assert verdict(text, "Ada Moss") == Verdict.YES


@pytest.mark.parametrize("text", NO)
def test_what_works_denied_or_what_is_broken_is_no(text: str) -> None:
    assert verdict(text, "Ada Moss") == Verdict.NO


@pytest.mark.parametrize("text", [*UNSURE, "yes " * 60, "it does not work " * 20])
def test_doubts_questions_wishes_and_long_words_are_unsure(text: str) -> None:
    assert verdict(text, "Ada Moss") == Verdict.UNSURE


def test_what_stands_below_a_greeting_says_nothing() -> None:
    below = "\n\nKind regards\nAda Moss\nAcme GmbH, Not Broken Street 5"
    assert verdict(f"Yes, it works, thanks{below}", "Ada Moss") == Verdict.YES


@pytest.mark.parametrize("part", ["no ", "\n", "not works ", "'", "regards\n", "kind "])
def test_huge_texts_are_read_in_linear_time(part: str) -> None:
    assert verdict(part * 100_000) == Verdict.UNSURE
