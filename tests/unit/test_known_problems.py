"""Known problems: groups are ranked, recent ones first, the reason is said, the future unseen."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deskterm.triage.classify.evaluate import evaluate_known
from deskterm.triage.known_problems import Corpus, Reported

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
OTHERS = ["Printer jams", "Mail asks for a password", "Screen stays black", "Disk is full"]


def ticket(key: str, title: str, days: float = 10, version: str = "") -> Reported[str]:
    return Reported(key, title, "", version, NOW - timedelta(days=days))


def corpus(*tickets: Reported[str], links: tuple[tuple[str, str], ...] = ()) -> Corpus[str]:
    made: Corpus[str] = Corpus()
    for at, title in enumerate(OTHERS):
        made.add(ticket(f"o{at}", title))
    for one in tickets:
        made.add(one)
    for first, second in links:
        made.link(first, second)
    return made


ASKED = ticket("q", "VPN drops after sleep", 0)


def test_an_empty_corpus_and_a_ticket_without_words_have_no_candidates() -> None:
    assert Corpus[str]().candidates(ASKED) == []
    assert corpus().candidates(ticket("q", "")) == []


def test_the_problem_is_ranked_and_not_each_of_its_tickets() -> None:
    known = corpus(ticket("a", "VPN drops"), ticket("b", "VPN drops after sleep"),
                   ticket("c", "VPN slow"), links=(("a", "b"),))  # fmt: skip
    first, second = known.candidates(ASKED)
    assert (set(first.group), first.nearest) == ({"a", "b"}, "b")
    assert second.group == ("c",)
    assert first.score > second.score
    assert {*first.reasons[0].split(", ")} == {"vpn", "drops", "sleep"}
    assert first.reasons[1:] == ("2 tickets",)


def test_of_two_equal_tickets_the_recent_one_and_the_one_of_the_same_version_comes_first() -> None:
    known = corpus(ticket("old", "VPN drops", 700), ticket("new", "VPN drops", 3))
    assert known.candidates(ASKED)[0].nearest == "new"
    known = corpus(
        ticket("other", "VPN drops", version="1"), ticket("same", "VPN drops", version="2")
    )
    found = known.candidates(ASKED._replace(version="2"))
    assert found[0].nearest == "same"
    assert "version 2" in found[0].reasons


def test_links_chain_and_a_link_twice_or_to_itself_changes_nothing() -> None:
    links = (("a", "b"), ("b", "c"), ("c", "a"), ("a", "a"))
    known = corpus(*(ticket(key, "VPN drops") for key in "abc"), links=links)
    assert set(known.candidates(ASKED)[0].group) == {"a", "b", "c"}


def test_a_ticket_is_never_its_own_candidate_and_is_taken_in_once() -> None:
    known = corpus(ASKED, ASKED)
    assert known.candidates(ASKED) == []
    known.add(ticket("q", "something else"))
    assert known.candidates(ticket("z", "VPN drops", 0))[0].nearest == "q"


def test_huge_and_repetitive_texts_are_bounded() -> None:
    known = corpus(Reported("spam", "VPN " * 50_000, "vpn drops " * 1_000_000, "", NOW),
                   ticket("real", "VPN drops after sleep"))  # fmt: skip
    asked = Reported("q", "VPN drops after sleep", "vpn " * 1_000_000, "", NOW)
    assert known.candidates(asked, limit=1)[0].nearest == "real"


def test_an_old_title_that_is_nearly_the_same_stands_above_recent_ones_that_share_a_word() -> None:
    known = corpus(
        ticket("old", "Scanner feeder pulls two sheets at once", 1_500),
        *(ticket(f"new{at}", f"Scanner {word}", at) for at, word in enumerate(OTHERS)),
    )
    asked = ticket("q", "Scanner feeder pulling two sheets at once", 0)
    assert known.candidates(asked)[0].nearest == "old"


def test_a_shared_code_or_serial_counts_more_than_common_words() -> None:
    texts = {"code": "Stops with 0x8007045D", "other": "Stops with 0x80070005"}
    known = corpus()
    for key, text in texts.items():
        known.add(Reported(key, "Backup ends early", text, "", NOW))
    asked = Reported("q", "Backup is not finished", "0x8007045d in the window", "", NOW)
    assert known.candidates(asked)[0].nearest == "code"


def test_words_that_capitals_join_are_met_by_the_same_words_written_apart() -> None:
    known = corpus(ticket("joined", "OneDrive"), ticket("other", "Drawing"), ticket("x", "One"))
    found = known.candidates(ticket("q", "Nothing is stored in one drive", 0))
    assert found[0].nearest == "joined"
    assert {*found[0].reasons[0].split(", ")} >= {"drive"}


def test_pasted_code_does_not_drown_what_a_person_says() -> None:
    code = "\n".join(f"grid.column({at}).render(cell, row, style);" for at in range(3))
    footer = "the footer loses the cents"
    said, pasted = (Reported(key, "Sums", body, "", NOW) for key, body in
                    (("said", f"Now {footer} of sums and totals"), ("pasted", code)))  # fmt: skip
    known = corpus(said, pasted)
    asked = Reported("q", "Wrong", f"I see that {footer}\n{code}", "", NOW)
    assert known.candidates(asked)[0].nearest == "said"


def test_a_word_of_the_text_that_stands_in_an_old_title_counts_more_than_in_its_text() -> None:
    known = corpus(
        Reported("text", "Cannot work", "The projector shows nothing at all.", "", NOW),
        Reported("title", "Projector", "It shows nothing at all, I cannot work.", "", NOW),
    )
    asked = Reported("q", "Room 4", "Somebody moved the projector.", "", NOW)
    assert known.candidates(asked)[0].nearest == "title"


def test_on_real_tickets_nothing_later_is_named_and_half_of_the_problems_are_found(
    shared_data: Path,
) -> None:
    """A part of what `bench.triage` measures whole: the newest 2,500 tickets, the last 60 asked."""
    lines = (shared_data / "tickets/jqueryui.jsonl").read_text(encoding="utf-8").splitlines()
    tickets = [json.loads(line) for line in lines[1_800:4_300]]
    place = {one["id"]: at for at, one in enumerate(tickets)}
    edges = [
        json.loads(line)
        for line in (shared_data / "tickets/duplicates/edges.jsonl").read_text().splitlines()
    ]
    gold_text = (shared_data / "tickets/duplicates/gold.jsonl").read_text()
    gold = {one["id"]: one["duplicate_of"] for one in map(json.loads, gold_text.splitlines())}
    asked = [key for key in gold if key in place and any(old in place for old in gold[key])][:60]
    found = list(evaluate_known(tickets, edges, asked))
    assert all(place[other] < place[one["id"]] for one in found for other in one["ranked"])
    hits = [bool(set(one["ranked"][:5]) & set(gold[one["id"]])) for one in found]
    assert len(hits) >= 40
    assert sum(hits) / len(hits) >= 0.65
