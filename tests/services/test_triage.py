"""Triage on a desk: it learns from what people decide, once each, and proposes with its reason."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count as count_up
from pathlib import Path
from typing import Any

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import RefusedError
from deskterm.domain.requests import NewTicket
from deskterm.services.triage import learning
from deskterm.services.triage.accepting import FillingIn
from deskterm.services.triage.learning import Learning
from deskterm.storage import learned
from tests.builders import count, open_ticket
from tests.verbs import verbs

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
TEXTS = {
    "network/vpn": ["VPN drops", "VPN has no route", "tunnel is gone", "VPN after sleep"],
    "printing": ["Printer offline", "Paper jam", "print queue is stuck", "toner is empty"],
}


def ticket(subject: str, category: str | None = None, **values: Any) -> NewTicket:
    return NewTicket(requester="ada@example.org", subject=subject, category=category, **values)


def taught(desk: Desk, rounds: int = 8) -> list[int]:
    """Open tickets that a technician classified, and let the job learn them."""
    for path in TEXTS:
        desk.admin.set_category(path)
    done = desk.tickets.new_many(
        ticket(f"{text} {at}", path)
        for at in range(rounds)
        for path, texts in TEXTS.items()
        for text in texts
    )
    learn(desk)
    return list(done.tickets)


def learn(desk: Desk, after: timedelta = timedelta(0)) -> int:
    return Learning(desk.store).run(NOW + after, budget=60)


def category_of(desk: Desk, number: int) -> str:
    return next(one.value for one in desk.triage.suggest(number) if one.kind == "category")


def test_an_empty_desk_proposes_what_a_name_says_and_is_not_sure_of_it(desk: Desk) -> None:
    desk.admin.set_category("network/vpn")
    assert learn(desk) == 0
    number = open_ticket(desk, "VPN has no route")
    one = desk.triage.suggest(number)[0]
    assert (one.value, one.confidence, one.words) == ("network/vpn", 0.0, ("vpn",))
    other = desk.triage.suggest(open_ticket(desk, "Something else"))
    assert [one.kind for one in other if one.kind == "category"] == []


def test_a_category_is_proposed_with_confidence_words_and_near_tickets(desk: Desk) -> None:
    taught(desk)
    number = open_ticket(desk, "VPN drops since lunch")
    one = next(one for one in desk.triage.suggest(number) if one.kind == "category")
    assert one.value == "network/vpn"
    assert 0.5 < one.confidence < 1
    assert "vpn" in one.words
    assert one.others == ("printing",)
    assert {near.category for near in one.near} == {"network/vpn"}
    assert len(one.near) == 3
    words = desk.triage.suggest_for("the print queue is stuck")
    assert words[0].value == "printing"


def test_an_old_ticket_with_the_same_rare_words_is_near_however_many_came_since(
    desk: Desk, tmp_path: Path
) -> None:
    taught(desk)
    old = desk.tickets.new(ticket("Scanner feeder pulls two sheets")).tickets[0]
    file = tmp_path / "since.jsonl"
    since = {"body": "Two rooms away.", "requester": "bob@example.org", "opened": "2026-01-05"}
    lines = [json.dumps({"id": at, "title": "Scanner at desk", **since}) for at in range(320)]
    file.write_text("\n".join(lines), encoding="utf-8")
    desk.importing.tickets(file)
    asked = desk.tickets.new(ticket("Scanner feeder pulling two sheets")).tickets[0]
    assert desk.triage.suggest(asked)[0].near[0].id == old


def test_each_decision_is_learned_once_however_often_and_by_however_many(desk: Desk) -> None:
    numbers = taught(desk, rounds=3)
    before = desk.store
    assert count(desk, "learned_ticket", "kind = 'category'") == len(numbers)
    with before.reading() as database:
        assert learned.load_head(database).head.tickets == len(numbers)
        database.run("DELETE FROM learned_head WHERE kind = 'ledger'")
    assert learn(desk) == 0
    more = desk.tickets.new_many(ticket(f"VPN {at}", "network/vpn") for at in range(40)).tickets

    def one(part: int) -> int:
        with desk.store.reading() as database:
            return learning.learn(database, more[part : part + 20])

    with ThreadPoolExecutor(4) as threads:
        many = list(threads.map(one, [0, 20, 0, 20, 10, 0]))
    assert sum(many) == 40
    with desk.store.reading() as database:
        head = learned.load_head(database).head
        counts = head.kinds["category"].counts
        assert head.tickets == sum(counts.values()) == len(numbers) + 40
        assert learned.load_words(database, ["*"])["*"].seen == head.tickets


def test_turns_of_any_length_learn_the_same_of_a_history(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers, ticks = taught(desk, rounds=5), count_up()
    monkeypatch.setattr(learning, "monotonic", lambda: float(next(ticks)))

    def learned_in_turns(budget: float) -> tuple[int, list[tuple[object, ...]]]:
        """Learn all anew; gives in how many turns, and all that is known then."""
        with desk.store.reading() as database:
            for table in ("learned_head", "learned_word", "learned_lesson", "learned_ticket"):
                database.run(f"DELETE FROM {table}")
        turns = 0
        while desk.triage.standing()[0] < len(numbers):
            Learning(desk.store).run(NOW, budget=budget)
            turns += 1
        Learning(desk.store).run(NOW, budget=1e6)
        kept = {
            "learned_word": ("word", "seen", "newest", "weights"),
            "learned_lesson": ("ticket_id", "often", "looked", "pulls"),
            "learned_head WHERE kind = 'words'": ("state",),
        }
        with desk.store.reading() as database:
            return turns, [
                tuple(row[name] for name in names)
                for table, names in kept.items()
                for row in database.all(f"SELECT * FROM {table} ORDER BY {names[0]}")
            ]

    short, one_by_one = learned_in_turns(1.5)
    whole, together = learned_in_turns(1e6)
    assert (short > 3, whole) == (True, 1)
    assert one_by_one == together


def test_a_correction_is_learned_and_changes_what_is_proposed(desk: Desk) -> None:
    numbers = taught(desk, rounds=2)
    assert category_of(desk, open_ticket(desk, "VPN drops")) == "network/vpn"
    desk.admin.set_category("remote")
    vpn = [n for n in numbers if "VPN" in desk.tickets.show(n).subject]
    verbs(desk).change(vpn, named={"category": "remote"})
    assert learn(desk) == len(vpn)
    assert category_of(desk, open_ticket(desk, "VPN drops")) == "remote"


def test_what_is_decided_now_is_learned_before_history_and_history_newest_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.admin.set_category("printing")
    desk.admin.set_category("network")
    numbers = desk.tickets.new_many(ticket(f"Paper jam {n}", "printing") for n in range(6)).tickets
    job, ticks = Learning(desk.store), count_up()
    assert job.run(NOW, budget=0.0) == 0
    assert desk.triage.standing() == (0, 6)
    late = open_ticket(desk, "No route", category="network")
    monkeypatch.setattr(learning, "monotonic", lambda: float(next(ticks)))
    monkeypatch.setattr(learning, "ahead", lambda _tickets: 1)
    job.run(NOW, budget=4.5)
    with desk.store.reading() as database:
        rows = database.all("SELECT DISTINCT ticket_id FROM learned_ticket ORDER BY ticket_id")
    known = [row["ticket_id"] for row in rows]
    assert 1 < len(known) < 6
    assert known == [*numbers, late][-len(known) :]
    monkeypatch.undo()
    learn(desk)
    assert desk.triage.standing() == (7, 7)


def test_what_was_cancelled_or_spam_is_not_learned_and_closing_teaches_urgency(desk: Desk) -> None:
    desk.admin.set_category("printing")
    one, two, three = desk.tickets.new_many(ticket("Paper jam", "printing") for _ in "abc").tickets
    verbs(desk).cancel([one], "no")
    verbs(desk).close([two], "spam")
    verbs(desk).close([three], "unsolved", "gone")
    learn(desk)
    assert count(desk, "learned_ticket", "kind = 'category'") == 1
    assert count(desk, "learned_ticket", "kind = 'urgent' AND label = 'no'") == 1


def test_a_renamed_category_is_proposed_by_its_new_name_and_a_retired_one_not_at_all(
    desk: Desk,
) -> None:
    numbers = taught(desk)
    desk.admin.rename_category("printing", "output")
    asked = open_ticket(desk, "Paper jam")
    assert category_of(desk, asked) == "output"
    verbs(desk).close(numbers, "unsolved", "old")
    desk.admin.remove_category("output")
    assert category_of(desk, asked) == "network/vpn"


def test_entries_that_appear_late_are_found_again(desk: Desk) -> None:
    """What a lower number hides until it is committed: as if it had been passed over."""
    taught(desk, rounds=1)
    late = open_ticket(desk, "VPN late", category="network/vpn")
    with desk.store.reading() as database:
        top = learned.newest_entry(database)
        progress = learned.load_progress(database)
        marks = ((NOW.isoformat().replace("+00:00", "Z"), top),)
        learned.store_progress(database, progress._replace(done=top, marks=marks))
    assert learn(desk) == 0
    found = learn(desk, timedelta(minutes=20))
    if desk.store.dialect == "postgresql":
        assert found == 1
        assert count(desk, "learned_ticket", "ticket_id = :n", n=late) == 1
    else:
        assert found == 0  # one writer at a time: numbers appear in order, nothing is late


def test_the_job_learns_and_says_how_many(desk: Desk) -> None:
    desk.admin.set_category("printing")
    desk.tickets.new(ticket("Paper jam", "printing"))
    done = desk.jobs.run_once()
    assert done.learned == 1
    assert desk.jobs.run_once().learned == 0


def test_huge_and_foreign_texts_are_learned_and_asked(desk: Desk) -> None:
    desk.admin.set_category("printing")
    desk.tickets.new(ticket("打印机 кассета", "printing", body="ж" * 200_000))
    learn(desk)
    found = desk.triage.suggest_for("打印机", "x" * 1_000_000)
    assert found[0].value == "printing"
    assert found[0].confidence < 0.5


def test_what_is_proposed_is_accepted_with_its_reason_and_undone(desk: Desk) -> None:
    taught(desk)
    desk.admin.set_group("remote")
    desk.admin.set_category("network/vpn", group="remote")
    number = open_ticket(desk, "VPN has no route")
    assert next(one.kind for one in desk.triage.lacking(number)) == "category"
    done = desk.triage.accept([number])
    view = desk.tickets.show(number)
    assert (view.category, view.group) == ("network/vpn", "remote")
    assert "vpn" in view.timeline[-1].text
    assert "%" in view.timeline[-1].text
    assert [one.kind for one in desk.triage.lacking(number)] == []
    desk.ledger.undo(done.operation_id)
    assert desk.tickets.show(number).category is None


def test_only_what_was_shown_is_accepted_and_never_over_what_a_person_set(desk: Desk) -> None:
    taught(desk)
    desk.admin.set_category("other")
    one, two = open_ticket(desk, "VPN has no route"), open_ticket(desk, "VPN", category="other")
    desk.triage.accept([one], {one: {"category": "printing"}})
    assert desk.tickets.show(one).category == "printing"
    with pytest.raises(RefusedError, match="nothing is proposed"):
        desk.triage.accept([two])
    assert desk.tickets.show(two).category == "other"


def test_several_are_accepted_as_one_operation_each_with_its_own(desk: Desk) -> None:
    taught(desk)
    numbers = [
        open_ticket(desk, text, requester=f"{text[0]}@example.org")
        for text in ("VPN gone", "Paper jam", "Zebra")
    ]
    done = desk.triage.accept(numbers)
    assert done.tickets == tuple(numbers[:2])
    assert [number for number, _, _ in done.failed] == [numbers[2]]
    found = [desk.tickets.show(number).category for number in numbers]
    assert found == ["network/vpn", "printing", None]
    desk.ledger.undo()
    assert desk.tickets.show(numbers[0]).category is None


def test_the_desk_fills_in_by_itself_only_where_it_is_told_to_and_sure(desk: Desk) -> None:
    taught(desk, rounds=40)
    sure, unsure = open_ticket(desk, "VPN has no route"), open_ticket(desk, "Zebra")
    filling = FillingIn(desk.store)
    now = datetime.now(UTC)
    assert filling.run(now) == 0
    desk.desk_settings.set("triage.fill_in", "auto")
    assert filling.run(now) == 1
    entry = desk.tickets.show(sure).timeline[-1]
    assert entry.changes["category_id"][0] is None
    assert entry.actor == "desk"
    assert "vpn" in entry.text
    assert desk.tickets.show(unsure).category is None
    desk.ledger.undo(entry.operation_id)
    assert FillingIn(desk.store).run(now) == 0
    assert desk.tickets.show(sure).category is None
    desk.desk_settings.set("triage.fill_in", "off")
    assert desk.triage.lacking(sure) == []


def test_what_the_desk_filled_in_is_no_lesson_until_the_ticket_is_closed(desk: Desk) -> None:
    taught(desk, rounds=40)
    desk.desk_settings.set("triage.fill_in", "auto")
    number = open_ticket(desk, "VPN has no route")
    assert FillingIn(desk.store).run(datetime.now(UTC)) == 1
    learn(desk)
    assert count(desk, "learned_ticket", "ticket_id = :n", n=number) == 0
    verbs(desk).close([number], "unsolved", "gone")
    learn(desk)
    assert count(desk, "learned_ticket", "ticket_id = :n AND kind = 'category'", n=number) == 1


def test_a_group_of_three_tickets_is_known_after_many_of_another(desk: Desk) -> None:
    desk.admin.set_category("doors")
    desk.admin.set_category("office")
    asked = [ticket(f"please help with the badge {n}", "doors") for n in range(3)]
    others = [ticket(f"please help with the mail {n}", "office") for n in range(60)]
    desk.tickets.new_many([*asked, *others])
    assert learn(desk) == 63
    assert category_of(desk, open_ticket(desk, "please help with the badge")) == "doors"
    assert category_of(desk, open_ticket(desk, "please help with the mail")) == "office"


def test_of_a_short_history_too_most_guesses_are_checked_before_they_are_learned(
    desk: Desk,
) -> None:
    numbers = taught(desk, rounds=5)
    with desk.store.reading() as database:
        sure = learned.load_head(database).head.kinds["category"].sure
    assert sure.checked >= 0.8 * len(numbers)


def test_what_is_kept_to_be_looked_at_again_is_bounded_and_loses_the_oldest_of_common_labels(
    desk: Desk,
) -> None:
    numbers = taught(desk, rounds=2)
    with desk.store.reading() as database:
        known = {n: [1, -2] for n in numbers}
        looked = {n: learned.Looked(n in numbers[4:], 99) for n in numbers}
        learned.keep(database, known, looked)
        learned.drop_oldest(database, most=6)
        left = sorted(learned.lessons(database, numbers))
        assert left == [*numbers[:4], *numbers[-2:]]
        assert list(learned.lessons(database, numbers)[numbers[0]]) == [1, -2]
        learned.drop_oldest(database, most=6)
        assert sorted(learned.lessons(database, numbers)) == left


def test_an_idle_turn_looks_again_at_what_was_learned_long_ago_then_rests(desk: Desk) -> None:
    numbers = taught(desk, rounds=2)
    with desk.store.reading() as database:
        assert learning.look_again(database) == 0
        database.run("UPDATE learned_lesson SET looked = 0")
        assert learning.look_again(database) == len(numbers)
        assert learning.look_again(database) == 0
        assert learned.load_head(database).head.tickets == len(numbers)


def test_a_ticket_whose_words_or_requester_are_others_now_is_looked_at_again(desk: Desk) -> None:
    numbers = taught(desk, rounds=2)
    verbs(desk).change(numbers[:1], requester="Bo <bo@example.org>", subject="Wholly otherwise")
    with desk.store.reading() as database:
        database.run("UPDATE learned_lesson SET looked = 0")
        assert learning.look_again(database) == len(numbers)
