"""Solutions from draft to retirement, their proof and their history, on both databases."""

import random
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError, UsageError
from deskterm.domain.requests import NewTicket
from deskterm.domain.rows import Done
from deskterm.domain.solutions import SolutionRow
from deskterm.services.leaking import LeaksError
from deskterm.services.solutions.twins import TwinsError
from deskterm.storage.driver import Database
from deskterm.storage.solution_uses import faded_of, votes_of
from deskterm.triage.proof import faded
from tests.builders import count, open_ticket, snapshot, value
from tests.verbs import verbs

VPN = {
    "title": "VPN says no route after the patch",
    "symptoms": "Since the update the VPN connects but nothing opens, no route.",
    "resolution": "Remove the old profile and connect again.",
    "category": "network/vpn",
}


def write(desk: Desk, **values: str) -> int:
    """Write a draft and give its number."""
    return desk.solutions.new({**VPN, **values}).of("solution")[0]


def vpn_ticket(desk: Desk, **values: Any) -> int:
    return open_ticket(desk, "VPN no route since the update", category="network/vpn", **values)


def ledger(desk: Desk) -> int:
    return count(desk, "ledger")


def stored(desk: Desk) -> list[tuple[Any, ...]]:
    """Everything of every solution that an undo must bring back."""
    rows = desk.solutions.list(archived=True)
    skip = {"version", "updated_at", "flagged"}
    return [tuple(v for k, v in row._asdict().items() if k not in skip) for row in rows]


# --- drafting ---------------------------------------------------------------------


def test_a_resolved_ticket_becomes_a_draft_with_its_facts(desk: Desk) -> None:
    number = open_ticket(
        desk,
        "Re: vpn",
        body="It says no route\nsince lunch.",
        category="network/vpn",
        problem="The old profile has no route",
        fields={"os": "Windows 11"},
    )
    verbs(desk).solve([number], "Removed the old profile.")
    done = desk.solutions.draft(number)
    row = desk.solutions.show(done.of("solution")[0])
    assert row.title == "The old profile has no route"
    assert row.symptoms == "It says no route\nsince lunch."
    assert (row.environment, row.category) == ("os: Windows 11", "network/vpn")
    assert (row.resolution, row.confidence) == ("Removed the old profile.", "draft")
    assert (row.source_ticket, row.owner, row.audience) == (number, "cy", None)
    assert value(desk, number, "solution_id") == row.id


def test_an_unresolved_ticket_is_no_solution_yet(desk: Desk) -> None:
    number = open_ticket(desk)
    with pytest.raises(RefusedError, match="solve it first"):
        desk.solutions.draft(number)
    assert desk.solutions.list() == []


def test_a_ticket_becomes_one_solution_only(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).solve([number], "Done.")
    desk.solutions.draft(number)
    with pytest.raises(RefusedError, match="is S1 already"):
        desk.solutions.draft(number)


def test_a_solution_needs_a_title_and_known_words(desk: Desk) -> None:
    for values, error in (
        ({"title": "  "}, UsageError),
        ({"title": "x" * 201}, UsageError),
        ({"titel": "x"}, UsageError),
        ({"review_by": "soon"}, UsageError),
        ({"category": "network/vpm"}, NotFoundError),
        ({"owner": "nobody"}, NotFoundError),
    ):
        with pytest.raises(error):
            desk.solutions.new({**VPN, **values})
    assert count(desk, "solution") == 0


def test_a_dry_run_stores_nothing_and_shows_every_field(desk: Desk) -> None:
    done = desk.solutions.new(VPN, how=How(dry=True))
    assert {change.field for change in done.changes} >= {"title", "symptoms", "confidence"}
    assert (count(desk, "solution"), ledger(desk)) == (0, 0)


def test_the_same_operation_id_writes_one_draft(desk: Desk) -> None:
    name = str(uuid4())
    first = desk.solutions.new(VPN, how=How(name))
    again = desk.solutions.new(VPN, how=How(name))
    assert again.repeated
    assert again.of("solution") == first.of("solution")
    assert count(desk, "solution") == 1


# --- editing and reviewing ------------------------------------------------------------


def test_every_edit_is_kept_with_before_and_after(desk: Desk) -> None:
    number = write(desk)
    desk.solutions.edit(number, {"title": "VPN: no route", "tip": "Restart after updates."})
    first, last = desk.solutions.history(number)
    assert first.changes["category"] == (None, "network/vpn")
    assert last.changes["title"] == (VPN["title"], "VPN: no route")
    assert last.changes["tip"] == ("", "Restart after updates.")
    assert desk.solutions.show(number).version == 2


def test_an_edit_that_alters_nothing_writes_nothing(desk: Desk) -> None:
    number = write(desk)
    before = ledger(desk)
    done = desk.solutions.edit(number, {"title": VPN["title"]})
    assert "nothing was altered" in done.notes[0]
    assert (ledger(desk), desk.solutions.show(number).version) == (before, 1)


def test_two_people_never_overwrite_each_other_silently(desk: Desk) -> None:
    number = write(desk)
    desk.solutions.edit(number, {"cause": "the patch"}, how=How(seen={number: 1}))
    with pytest.raises(ConflictError, match="cause by cy") as refused:
        desk.solutions.edit(number, {"cause": "the profile"}, how=How(seen={number: 1}))
    assert [clash.field for clash in refused.value.clashes] == ["cause"]
    assert desk.solutions.show(number).cause == "the patch"
    desk.solutions.edit(number, {"cause": "the profile"}, how=How(seen={number: 2}))


def test_a_review_raises_the_confidence_step_by_step(desk: Desk) -> None:
    number = write(desk)
    for wanted in ("not validated", "validated", "validated"):
        desk.solutions.review(number)
        assert desk.solutions.show(number).confidence == wanted
    desk.solutions.review(number, to="draft")
    assert desk.solutions.show(number).confidence == "draft"
    with pytest.raises(UsageError, match="confidence 'good'"):
        desk.solutions.review(number, to="good")


# --- publishing -----------------------------------------------------------------------


def test_publishing_sets_the_audience_and_lifts_a_draft(desk: Desk) -> None:
    number = write(desk)
    desk.solutions.publish(number)
    row = desk.solutions.show(number)
    assert (row.audience, row.confidence) == ("technicians", "not validated")
    first = row.published_at
    assert first is not None
    desk.solutions.publish(number, "public", "validated")
    row = desk.solutions.show(number)
    assert (row.audience, row.confidence, row.published_at) == ("public", "validated", first)


def test_each_circle_sees_what_is_published_for_it(desk: Desk) -> None:
    for audience in ("technicians", "organisation", "public"):
        desk.solutions.publish(write(desk), audience)
    write(desk)

    def seen(audience: str) -> list[int]:
        return [row.id for row in desk.solutions.list(audience=audience)]

    assert (seen("public"), seen("organisation"), seen("technicians")) == ([3], [2, 3], [1, 2, 3])


@pytest.mark.parametrize(
    ("words", "leak"),
    [
        ("Ada Moss had it", "name Ada Moss"),
        ("As Moss said", "name Moss"),
        ("write to ada@example.org", "mail address ada@example.org"),
        ("restart goldfish", "host goldfish"),
        ("see #17", "ticket number #17"),
    ],
)
def test_what_outsiders_should_not_read_is_not_published(desk: Desk, words: str, leak: str) -> None:
    ticket = open_ticket(desk, device="goldfish")
    verbs(desk).solve([ticket], words)
    number = desk.solutions.draft(ticket, {"title": "Printer"}).of("solution")[0]
    with pytest.raises(LeaksError, match=leak) as refused:
        desk.solutions.publish(number, "public")
    assert refused.value.leaks
    assert desk.solutions.show(number).audience is None
    assert desk.solutions.publish(number, "technicians").of("solution") == (number,)
    done = desk.solutions.publish(number, "public", yes=True)
    assert any("in spite of" in one for one in done.notes)
    assert any("in spite of" in edit.text for edit in desk.solutions.history(number))


def test_a_retired_solution_is_kept_but_not_offered(desk: Desk) -> None:
    number = write(desk)
    ticket = vpn_ticket(desk)
    desk.solutions.retire(number, "the client is gone")
    assert desk.solutions.list() == []
    assert desk.solutions.list(archived=True)[0].confidence == "archived"
    assert desk.solutions.suggest(ticket) == []
    assert desk.solutions.search("vpn") == []
    attempts: list[Any] = [
        lambda: desk.solutions.retire(number),
        lambda: desk.solutions.publish(number),
        lambda: desk.solutions.use(ticket, number),
    ]
    for refused in attempts:
        with pytest.raises(RefusedError, match="archived"):
            refused()


# --- finding ------------------------------------------------------------------------------


def test_the_solution_that_fits_and_worked_is_suggested_first(desk: Desk) -> None:
    good, bad, other = write(desk), write(desk), write(desk, title="Printer", symptoms="jam")
    desk.solutions.edit(other, {"category": "printing", "resolution": "Open the flap."})
    for worked in (True, True, True):
        desk.solutions.rate(vpn_ticket(desk), good, worked)
        desk.solutions.rate(vpn_ticket(desk), bad, not worked)
    hints = desk.solutions.suggest(vpn_ticket(desk, body="no route"))
    assert [hint.solution.id for hint in hints] == [good, bad]
    assert "says " in hints[0].reason
    assert "worked 3 of 3" in hints[0].reason
    assert "category network/vpn" in hints[0].reason


def test_a_new_edit_is_found_at_once(desk: Desk) -> None:
    number = write(desk)
    assert desk.solutions.suggest_for("zeppelin") == []
    desk.solutions.edit(number, {"symptoms": "The zeppelin is stuck."})
    assert desk.solutions.suggest_for("my zeppelin is stuck")[0].solution.id == number


def test_search_finds_words_parts_of_words_and_numbers(desk: Desk) -> None:
    number = write(desk)
    write(desk, title="Printer", symptoms="jam", resolution="flap", category="printing")
    for text in ("vpn route", "profil", "s1", "Ŕoute"):
        assert [row.id for row in desk.solutions.search(text)] == [number], text
    assert len(desk.solutions.search("")) == 2
    assert desk.solutions.search("% _ '; DROP") == []


def test_like_tickets_are_found_with_the_words_that_say_so(desk: Desk) -> None:
    first = vpn_ticket(desk)
    open_ticket(desk, "Coffee machine leaks")
    found = desk.solutions.like_tickets(vpn_ticket(desk))
    assert [one.id for one in found] == [first]
    assert "route" in found[0].reason


# --- using and rating ---------------------------------------------------------------------


def test_using_a_solution_proposes_and_selects_it_on_the_ticket(desk: Desk) -> None:
    number, ticket = write(desk), vpn_ticket(desk)
    done = desk.solutions.use(ticket, number)
    assert (done.tickets, done.of("solution")) == ((ticket,), (number,))
    assert count(desk, "step", "step IN ('propose', 'select') AND status = 'done'") == 2
    assert value(desk, ticket, "solution_id") == number
    assert count(desk, "solution_use", "worked IS NULL") == 1
    desk.solutions.use(ticket, number)
    assert count(desk, "solution_use") == 1


def test_it_worked_is_counted_once_a_ticket_and_can_be_corrected(desk: Desk) -> None:
    number, ticket = write(desk), vpn_ticket(desk)
    for worked in (True, True, False, True):
        desk.solutions.rate(ticket, number, worked)
    row = desk.solutions.show(number)
    assert (row.worked, row.failed) == (1, 0)
    assert desk.solutions.rated(number, ticket) is True


def test_did_not_work_flags_the_solution_until_somebody_mends_it(desk: Desk) -> None:
    number, ticket = write(desk), vpn_ticket(desk)
    desk.solutions.use(ticket, number)
    desk.solutions.rate(ticket, number, False, "the menu moved")
    assert desk.solutions.show(number).flagged
    assert [row.id for row in desk.solutions.list(flagged=True)] == [number]
    assert value(desk, ticket, "solution_id") is None
    assert desk.solutions.history(number)[-1].text == "the menu moved"
    desk.solutions.edit(number, {"resolution": "Look in the new menu."})
    assert not desk.solutions.show(number).flagged


def test_solving_with_a_solution_counts_when_the_customer_confirms(desk: Desk) -> None:
    number, ticket = write(desk), vpn_ticket(desk)
    verbs(desk).solve([ticket], "New profile.", solution=number)
    assert value(desk, ticket, "solution_id") == number
    verbs(desk).verify([ticket], by="craft", result="ok")
    assert desk.solutions.show(number).worked == 0
    done = verbs(desk).verify([ticket], by="customer", result="ok")
    assert desk.solutions.show(number).worked == 1
    desk.ledger.undo(done.operation_id)
    assert desk.solutions.show(number).worked == 0


@pytest.mark.parametrize("by", ["craft", "customer"])
def test_a_failed_verification_counts_against_the_solution(desk: Desk, by: str) -> None:
    number, ticket = write(desk), vpn_ticket(desk)
    desk.solutions.rate(ticket, number, True)
    verbs(desk).solve([ticket], "New profile.", solution=number)
    verbs(desk).verify([ticket], by=by, result="failed", reason="still no route")
    row = desk.solutions.show(number)
    assert (row.worked, row.failed, row.flagged) == (0, 1, True)


def test_solving_with_an_unknown_solution_is_refused_by_name(desk: Desk) -> None:
    ticket = vpn_ticket(desk)
    with pytest.raises(NotFoundError, match="no solution S9"):
        verbs(desk).solve([ticket], "x", solution=9)
    assert value(desk, ticket, "state") == "new"


def test_a_vote_does_not_stand_in_the_way_of_an_edit(desk: Desk) -> None:
    number, ticket = write(desk), vpn_ticket(desk)
    desk.solutions.rate(ticket, number, True)
    desk.solutions.edit(number, {"cause": "x"}, how=How(seen={number: 1}))


def test_unknown_numbers_are_named(desk: Desk) -> None:
    ticket = vpn_ticket(desk)
    calls: list[Any] = [
        lambda: desk.solutions.show(9),
        lambda: desk.solutions.history(9),
        lambda: desk.solutions.edit(9, {"title": "x"}),
        lambda: desk.solutions.use(ticket, 9),
        lambda: desk.solutions.rate(ticket, 9, True),
    ]
    for call in calls:
        with pytest.raises(NotFoundError, match="no solution S9"):
            call()
    with pytest.raises(NotFoundError, match="no ticket #99"):
        desk.solutions.suggest(99)


# --- undo -------------------------------------------------------------------------------------


def _retire(desk: Desk, number: int, _ticket: int) -> Done:
    return desk.solutions.retire(number)


VERBS: dict[str, Any] = {
    "edit": lambda d, n, _: d.solutions.edit(n, {"title": "A", "category": "", "tip": "b"}),
    "review": lambda d, n, _: d.solutions.review(n),
    "publish": lambda d, n, _: d.solutions.publish(n, "public", "validated", yes=True),
    "retire": _retire,
    "use": lambda d, n, t: d.solutions.use(t, n),
    "worked": lambda d, n, t: d.solutions.rate(t, n, True),
    "failed": lambda d, n, t: d.solutions.rate(t, n, False),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("used", [False, True])
def test_undo_is_the_exact_inverse(desk: Desk, verb: str, used: bool) -> None:
    number, ticket = write(desk), vpn_ticket(desk)
    if used:
        desk.solutions.rate(ticket, number, True)
    before = (stored(desk), snapshot(desk), count(desk, "solution_use"))
    operation = VERBS[verb](desk, number, ticket).operation_id
    desk.ledger.undo(operation)
    assert (stored(desk), snapshot(desk), count(desk, "solution_use")) == before


def test_undoing_a_draft_archives_it_and_frees_the_ticket(desk: Desk) -> None:
    ticket = open_ticket(desk)
    verbs(desk).solve([ticket], "Done.")
    number = desk.solutions.draft(ticket).of("solution")[0]
    desk.ledger.undo()
    assert desk.solutions.show(number).confidence == "archived"
    assert value(desk, ticket, "solution_id") is None
    assert desk.solutions.draft(ticket).of("solution") == (number + 1,)


def test_undo_names_what_changed_since(desk: Desk) -> None:
    number = write(desk)
    operation = desk.solutions.edit(number, {"title": "A"}).operation_id
    desk.solutions.edit(number, {"title": "B"})
    with pytest.raises(ConflictError, match="title"):
        desk.ledger.undo(operation)
    assert desk.solutions.show(number).title == "B"


def test_undo_of_one_vote_leaves_the_others(desk: Desk) -> None:
    number = write(desk)
    operation = desk.solutions.rate(vpn_ticket(desk), number, True).operation_id
    desk.solutions.rate(vpn_ticket(desk), number, True)
    desk.ledger.undo(operation)
    row = desk.solutions.show(number)
    assert (row.worked, row.failed) == (1, 0)


def test_history_tells_undone_entries_apart(desk: Desk) -> None:
    number = write(desk)
    desk.solutions.edit(number, {"title": "A"})
    desk.ledger.undo()
    assert [edit.undone for edit in desk.solutions.history(number)] == [False, True, False]


def test_rows_and_models_name_the_same_columns(desk: Desk) -> None:
    from deskterm.models import Solution
    from deskterm.services.solutions.records import COLUMNS

    columns = set(Solution.__table__.columns.keys())  # type: ignore[attr-defined]
    assert set(COLUMNS) <= columns
    by_name = {"category_id", "source_ticket_id", "organisation_id"}
    assert columns - set(SolutionRow._fields) == {*by_name, "faded"}


def test_ticket_work_loads_no_sqlmodel(desk: Desk) -> None:
    assert NewTicket is not None
    import subprocess
    import sys

    code = (
        "import sys, deskterm.services.solutions.remedies, deskterm.storage.solution_uses\n"
        "print(sorted({'sqlmodel', 'sqlalchemy', 'pydantic'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


# --- what to write next -------------------------------------------------------------


def test_recurring_questions_without_a_validated_solution_become_prefilled_drafts(
    desk: Desk,
) -> None:
    numbers = [
        open_ticket(desk, f"VPN has no route, PC-{n}", category="network/vpn") for n in (1, 2, 3)
    ]
    verbs(desk).solve(numbers, "New profile.")
    for number in numbers:
        for by in ("craft", "customer"):
            verbs(desk).verify([number], by, "ok")
        verbs(desk).close([number], "solved")
    (one,) = desk.solutions.wanted()
    assert (one.tickets, one.resolution, one.draft) == (tuple(numbers[::-1]), "New profile.", None)
    done = desk.solutions.draft_wanted(numbers[0])
    row = desk.solutions.show(done.of("solution")[0])
    assert (row.source_ticket, row.category) == (numbers[2], "network/vpn")
    assert desk.solutions.wanted()[0].draft == row.id
    desk.solutions.review(row.id, "validated")
    assert desk.solutions.wanted() == []
    with pytest.raises(NotFoundError, match="none of the recurring"):
        desk.solutions.draft_wanted(numbers[0])


def test_one_that_reads_the_same_is_refused_unless_both_are_wanted(desk: Desk) -> None:
    first = write(desk)
    with pytest.raises(TwinsError, match="reads like S1 VPN says no route") as caught:
        desk.solutions.new(VPN, anyway=False)
    assert [one.id for one in caught.value.twins] == [first]
    second = write(desk, title="Printer jams", symptoms="paper")
    with pytest.raises(TwinsError):
        desk.solutions.edit(second, {k: VPN[k] for k in ("title", "symptoms")}, anyway=False)
    desk.solutions.edit(first, {**VPN, "tip": "Restart."}, anyway=False)
    desk.solutions.retire(first)
    assert desk.solutions.new(VPN, anyway=False).of("solution") == (3,)


def test_renewing_takes_a_solution_off_the_list_of_old_ones(desk: Desk) -> None:
    number = write(desk, review_by="2020-01-31")
    assert [(one.row.id, one.reasons) for one in desk.solutions.stale()] == [
        (number, ("to be reviewed by 2020-01-31",))
    ]
    done = desk.solutions.renew(number)
    assert desk.solutions.stale() == []
    desk.ledger.undo(done.operation_id)
    assert len(desk.solutions.stale()) == 1
    desk.solutions.rate(vpn_ticket(desk), number, False)
    assert desk.solutions.stale()[0].reasons[0] == "did not work lately"
    desk.solutions.renew(number)
    assert desk.solutions.stale() == []


# --- sending and what is read beyond the desk ---------------------------------------------


def test_a_solution_is_sent_as_it_stands_and_never_when_it_is_retired_or_internal(
    desk: Desk,
) -> None:
    number, ticket = write(desk, tip="Restart."), vpn_ticket(desk)
    with pytest.raises(RefusedError, match="not published for customers"):
        desk.solutions.send(ticket, number)
    desk.solutions.publish(number, "organisation")
    desk.solutions.edit(number, {"resolution": "Add it anew."})
    letters = count(desk, "outbox")
    done = desk.solutions.send(ticket, number, how=How(operation := str(uuid4())))
    assert done.of("solution") == (number,)
    assert desk.solutions.send(ticket, number, how=How(operation)).repeated
    assert count(desk, "outbox") == letters + 1
    sent = count(
        desk, "ledger", "event = 'replied' AND text = :text", text="Add it anew.\n\nRestart."
    )
    assert sent == 1
    assert value(desk, ticket, "solution_id") == number
    desk.solutions.retire(number)
    before = snapshot(desk)
    with pytest.raises(RefusedError, match="is archived"):
        desk.solutions.send(ticket, number)
    assert snapshot(desk) == before


def test_an_edit_of_a_public_solution_is_checked_for_new_leaks(desk: Desk) -> None:
    number = write(desk)
    desk.solutions.publish(number, "public")
    with pytest.raises(LeaksError, match="phone number"):
        desk.solutions.edit(number, {"tip": "Call +44 113 496 0123."})
    assert desk.solutions.show(number).tip == ""
    desk.solutions.edit(number, {"tip": "Call +44 113 496 0123."}, yes=True)
    desk.solutions.edit(number, {"cause": "An old profile."})


def test_the_workaround_of_the_tickets_known_problem_is_given(desk: Desk) -> None:
    ticket = vpn_ticket(desk)
    assert desk.solutions.workaround(ticket) == ""
    desk.problems.new({"title": "VPN patch", "workaround": "Use the old client."}, [ticket])
    assert desk.solutions.workaround(ticket) == "P1 VPN patch: Use the old client."


def test_what_votes_count_is_kept_and_no_vote_is_read_for_what_fits(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = write(desk)
    tickets = [vpn_ticket(desk) for _ in range(6)]
    chance, now = random.Random(4), clock.now()
    for place, ticket in enumerate(tickets * 2):
        monkeypatch.setattr(clock, "now", lambda place=place: now + timedelta(days=20 * place))
        desk.solutions.rate(ticket, number, chance.random() < 0.6)
        if place in (3, 9):
            desk.ledger.undo()
        if place == 9:
            desk.ledger.redo()
    later = now + timedelta(days=400)
    with desk.store.reading() as database:
        votes = votes_of(database, [number])[number]
        kept = faded_of(database, [number], later)[number]
    assert len(votes) == 6
    assert kept == pytest.approx(faded(votes, later), rel=1e-9)
    asked: list[str] = []
    read = Database.all

    def noting(self: Database, sql: str, /, **params: object) -> Any:
        asked.append(sql)
        return read(self, sql, **params)

    monkeypatch.setattr(Database, "all", noting)
    (hint,) = desk.solutions.suggest(vpn_ticket(desk))
    assert hint.solution.id == number
    assert not any("worked IS NOT NULL" in sql for sql in asked)
