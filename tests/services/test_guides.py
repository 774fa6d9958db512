"""Guides on a desk: the shelf, runs that lose nothing, commands on consent, endings, undo."""

import sys
from pathlib import Path

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.asking import How
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError, UsageError
from deskterm.guides import yamlread
from deskterm.guides.format import outline
from deskterm.guides.model import GuideError
from deskterm.guides.yamltree import Tree
from deskterm.services.starters import starter_texts, stock
from tests.builders import count, open_ticket, snapshot, value
from tests.unit.guide_makers import SMALL
from tests.verbs import verbs

PLAIN = SMALL.replace("group: network", "group: Network")


def group(desk: Desk, name: str = "Network", level: int = 2) -> None:
    with desk.store.reading() as database:
        database.run(
            "INSERT INTO desk_group (name, level) VALUES (:name, :level)", name=name, level=level
        )


def known_device(desk: Desk, ticket: int) -> None:
    with desk.store.reading() as database:
        database.run(
            "INSERT INTO device (name, kind, model, os, os_version, serial, facts) VALUES "
            "('LT-220', 'laptop', 'X1', 'Windows', '11', '', '{\"gateway\": \"10.0.0.1\"}')"
        )
        database.run(
            "UPDATE ticket SET device_id = (SELECT id FROM device WHERE name = 'LT-220') "
            "WHERE id = :id",
            id=ticket,
        )


def entries(desk: Desk, number: int, event: str = "guide") -> list[str]:
    return [entry.text for entry in desk.tickets.show(number).timeline if entry.event == event]


def test_the_starter_library_is_there_without_importing(desk: Desk) -> None:
    lines = desk.guides.list()
    assert {line.id for line in lines} >= {"no-internet", "vpn", "printing", "sign-in"}
    assert len(lines) == len(starter_texts())
    assert {(line.version, line.origin) for line in lines} == {(1, "starter library")}
    assert desk.guides.show("VPN").title == "VPN does not connect"
    assert desk.guides.export("vpn").startswith("id: vpn\n")
    assert count(desk, "guide") == len(lines)
    with pytest.raises(NotFoundError, match="no guide 'nothing'"):
        desk.guides.show("nothing")


def test_the_finder_finds_a_starter_guide_on_a_new_desk(desk: Desk) -> None:
    stock(desk.store)  # as `db init` and the first start do
    assert ("guide", "vpn") in [(found.kind, found.id) for found in desk.search.find("vpn")]


def test_a_text_is_read_once_for_lists_and_suggestions_of_every_process(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    group(desk)
    desk.guides.add(PLAIN)
    with desk.store.reading() as database:
        database.run("UPDATE guide SET outline = NULL WHERE slug <> 'small'")  # an older desk's
    before = {(one.id, one.about, one.categories) for one in desk.guides.list()}
    stock(desk.store)

    def read(text: str) -> Tree:
        raise AssertionError(text[:20])

    monkeypatch.setattr(yamlread, "read", read)
    outline.cache_clear()
    assert {(one.id, one.about, one.categories) for one in desk.guides.list()} == before
    assert "vpn" in [one.id for one in desk.guides.suggest_words("the vpn does not connect")]


def test_a_text_that_differs_becomes_the_next_version(desk: Desk) -> None:
    group(desk)
    first = desk.guides.add(PLAIN, "small.yaml")
    assert first.notes == ("small version 1: Small one",)
    assert desk.guides.add(PLAIN).notes == ("small is unchanged (version 1).",)
    better = PLAIN.replace("Small one", "Small, better")
    assert desk.guides.add(better, how=How(dry=True)).dry
    assert desk.guides.show("small").version == 1
    second = desk.guides.add(better)
    assert (desk.guides.show("small").version, desk.guides.show("small").title) == (
        2,
        "Small, better",
    )
    desk.ledger.undo(second.operation_id)
    assert desk.guides.show("small").version == 1
    desk.guides.add(better)
    assert desk.guides.show("small").version == 3
    again = desk.guides.add(PLAIN + "\n", how=How(second.operation_id))
    assert again.repeated


def test_a_starter_guide_may_be_replaced_by_ones_own(desk: Desk) -> None:
    own = desk.guides.export("vpn").replace("title: VPN does not connect", "title: Our VPN")
    for name in ("network", "accounts"):
        group(desk, name)
    desk.guides.add(own)
    line = next(line for line in desk.guides.list() if line.id == "vpn")
    assert (line.title, line.version, line.origin) == ("Our VPN", 2, "cy")


def test_a_guide_with_errors_is_refused_with_every_line(desk: Desk) -> None:
    with pytest.raises(GuideError, match=r"small\.yaml:38: error: .*no group 'Network'"):
        desk.guides.add(PLAIN, "small.yaml")
    group(desk)
    broken = PLAIN.replace("No: reseat", "No: nowhere").replace("ends: done", "ends: dome")
    with pytest.raises(GuideError) as refused:
        desk.guides.add(broken, "small.yaml")
    assert [f.line for f in refused.value.findings if f.severity == "error"] == [12, 44]
    assert count(desk, "guide", "slug = 'small'") == 0


def test_a_run_knows_what_the_desk_knows(desk: Desk) -> None:
    group(desk)
    desk.guides.add(PLAIN)
    number = open_ticket(desk)
    known_device(desk, number)
    view = desk.runs.start("small", number)
    assert (view.ticket, view.owner, view.step, view.about) == (number, "cy", 1, 4)
    assert view.say == "Please look at LT-220."
    assert view.facts["gateway"] == "10.0.0.1"
    assert view.facts["requester"] == "Ada Moss"
    assert [option.answer for option in view.options] == ["Yes", "No", "Don't know"]


def test_every_answer_is_stored_before_the_next_question(desk: Desk) -> None:
    group(desk)
    desk.guides.add(PLAIN)
    view = desk.runs.start("small", open_ticket(desk))
    view = desk.runs.answer(view.id, "y", view.version)
    from deskterm import settings
    from deskterm.bootstrap import open_desk

    other = open_desk(settings.load({"db": desk.store.url}, as_login="cy"))
    again = other.runs.run(view.id)
    assert (again.ask, again.step) == ("How many bars?", 2)
    other.runs.answer(view.id, "3")
    other.close()
    with pytest.raises(ConflictError, match="continued elsewhere"):
        desk.runs.answer(view.id, "1", view.version)
    assert desk.runs.run(view.id).ask == "Does 192.168.1.1 answer?"


def test_back_edit_skip_and_note(desk: Desk) -> None:
    group(desk)
    desk.guides.add(PLAIN)
    run = desk.runs.start("small").id
    desk.runs.answer(run, "Yes")
    desk.runs.note(run, "old cable")
    desk.runs.answer(run, "3")
    assert desk.runs.back(run).ask == "How many bars?"
    assert desk.runs.skip(run, "no time").ask == "Does 192.168.1.1 answer?"
    assert desk.runs.edit(run, 0, "No").ask == "Is it well?"
    text = desk.runs.transcript(run)
    assert "note at count: old cable" in text
    assert "changed light: Yes → No; count: no time" in text


def test_a_run_stays_with_its_version(desk: Desk) -> None:
    group(desk)
    desk.guides.add(PLAIN)
    run = desk.runs.start("small").id
    desk.guides.add(PLAIN.replace("How many bars?", "How many stripes?"))
    assert desk.runs.answer(run, "Yes").ask == "How many bars?"
    assert desk.runs.answer(desk.runs.start("small").id, "Yes").ask == "How many stripes?"


def test_solved_is_one_operation_with_transcript_and_steps(desk: Desk) -> None:
    group(desk)
    desk.guides.add(PLAIN)
    number = open_ticket(desk)
    before = snapshot(desk)
    run = desk.runs.start("small", number).id
    for reply in ("No", "Fixed"):
        view = desk.runs.answer(run, reply)
    assert view.conclusion is not None
    dry = desk.runs.finish(run, how=How(dry=True))
    assert any(change.field == "state" and change.after == "solved" for change in dry.changes)
    assert value(desk, number, "state") == "new"
    done = desk.runs.finish(run)
    shown = desk.tickets.show(number)
    assert (shown.state, shown.resolution) == ("solved", "The plug; No.")
    assert {s.step for s in shown.steps if s.status == "done"} >= {"propose", "select", "carry-out"}
    assert entries(desk, number)[-1].startswith("Guide: Small one (small, version 1)\n1. Is the")
    assert done.letters == 1
    assert desk.runs.run(run).over
    with pytest.raises(RefusedError, match="over"):
        desk.runs.answer(run, "1")
    desk.ledger.undo(done.operation_id)
    assert snapshot(desk) == before
    reopened = desk.runs.run(run)
    assert (reopened.over, reopened.conclusion is not None) == (False, True)
    assert desk.runs.back(run).ask == "Is it well?"


def test_escalated_hands_over_the_written_summary(desk: Desk) -> None:
    group(desk)
    desk.guides.add(PLAIN)
    number = open_ticket(desk)
    known_device(desk, number)
    run = desk.runs.start("small", number).id
    for reply in ("Yes", "3", "No"):
        desk.runs.answer(run, reply)
    done = desk.runs.finish(run)
    shown = desk.tickets.show(number)
    assert (shown.group, shown.level, shown.assignee) == ("Network", 2, None)
    assert entries(desk, number, "escalated") == ["LT-220: light Yes, bars 3, answers No."]
    escalated = next(e for e in shown.timeline if e.event == "escalated")
    assert escalated.data["actions"] == ["Check 10.0.0.1", "Go there"]
    assert all(not e.public for e in shown.timeline if e.event in ("guide", "escalated"))
    desk.ledger.undo(done.operation_id)
    assert desk.tickets.show(number).group is None


def test_a_group_the_desk_does_not_have_is_replaced_by_the_next_level(desk: Desk) -> None:
    group(desk, "Machines")
    number = open_ticket(desk)
    run = desk.runs.start("will-not-start", number).id
    desk.runs.answer(run, "Water or another spill")
    with pytest.raises(NotFoundError, match="no group 'hardware'"):
        desk.runs.finish(run, group="hardware")
    assert desk.runs.run(run).status == "running"
    done = desk.runs.finish(run)
    assert desk.tickets.show(number).group == "second level"
    assert entries(desk, number, "escalated")[0].endswith("\n(The guide meant this for: hardware.)")
    desk.ledger.undo(done.operation_id)
    desk.runs.finish(run, group="machines")
    assert desk.tickets.show(number).group == "Machines"


def test_a_run_may_be_ended_early(desk: Desk) -> None:
    group(desk)
    desk.guides.add(PLAIN)
    number = open_ticket(desk)
    run = desk.runs.start("small", number).id
    desk.runs.answer(run, "Yes")
    with pytest.raises(RefusedError, match="not come to its end"):
        desk.runs.finish(run)
    with pytest.raises(UsageError, match="ends early as solved or escalate"):
        desk.runs.finish(run, ending="gone")
    desk.runs.finish(run, ending="escalate", words="Please look.", group="Network")
    assert entries(desk, number, "escalated")[0].startswith("Please look.\nEscalated from the")
    second = desk.runs.start("small", number).id
    desk.runs.finish(second, ending="solved", words="It came back.")
    assert desk.tickets.show(number).resolution == "It came back."


def test_pause_resume_and_hand_over_are_seen_on_the_ticket(desk: Desk) -> None:
    group(desk)
    desk.guides.add(PLAIN)
    number = open_ticket(desk)
    with desk.store.reading() as database:
        database.run(
            "INSERT INTO technician (login, name, email, level, active, since) "
            "VALUES ('max', '', '', 1, :yes, :at)",
            yes=True,
            at=desk.tickets.show(number).opened_at,
        )
    run = desk.runs.start("small", number).id
    desk.runs.answer(run, "Yes")
    assert desk.runs.pause(run).status == "paused"
    assert entries(desk, number) == ["Small one, step 2: How many bars? (paused)"]
    desk.runs.resume(run)
    desk.runs.pause(run)
    assert len(entries(desk, number)) == 1
    assert [row.id for row in desk.runs.open_runs(number)] == [run]
    desk.runs.hand_over(run, "max")
    assert entries(desk, number)[-1] == "Small one, step 2: How many bars? (handed over to max)"
    with pytest.raises(RefusedError, match="run 1 is max's: resume it"):
        desk.runs.answer(run, "3")
    assert desk.runs.resume(run).owner == "cy"
    assert desk.runs.answer(run, "3").step == 3
    with pytest.raises(NotFoundError, match="no technician 'nobody'"):
        desk.runs.hand_over(run, "nobody")
    desk.runs.abandon(run, "caller hung up")
    assert entries(desk, number)[-1].endswith("Abandoned: caller hung up")
    assert list(desk.runs.open_runs(number)) == []


def test_a_ticket_that_is_over_starts_no_run(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).close([number], "spam")
    with pytest.raises(RefusedError, match="reopen it first"):
        desk.runs.start("vpn", number)
    with pytest.raises(NotFoundError):
        desk.runs.start("vpn", 999)
    with pytest.raises(NotFoundError, match="no guide run 99"):
        desk.runs.run(99)


def test_a_run_without_a_ticket_is_a_rehearsal(desk: Desk) -> None:
    group(desk)
    desk.guides.add(PLAIN)
    run = desk.runs.start("small").id
    for reply in ("No", "Fixed"):
        desk.runs.answer(run, reply)
    assert desk.runs.finish(run).tickets == ()
    assert desk.runs.run(run).over
    assert count(desk, "ledger", "kind = 'ticket'") == 0


def script(folder: Path, body: str) -> str:
    """Give a program whose name a guide may write."""
    file = folder / "probe"
    file.write_text(f"#!{sys.executable}\n{body}\n")
    file.chmod(0o755)
    return str(file)


def with_command(desk: Desk, program: str, timeout: int = 10) -> int:
    group(desk)
    text = PLAIN.replace('[ping, -c, "3", "{gateway}"]', f'[{program}, "{{gateway}}"]')
    desk.guides.add(text.replace("answer: {exit0", f"timeout: {timeout}, answer: {{exit0"))
    run = desk.runs.start("small", open_ticket(desk)).id
    for reply in ("Yes", "3"):
        desk.runs.answer(run, reply)
    return run


def test_a_command_runs_only_as_it_was_agreed_to(desk: Desk, tmp_path: Path) -> None:
    program = script(tmp_path, "import sys; print('hello', sys.argv[1:]); sys.exit(1)")
    run = with_command(desk, program)
    command = desk.runs.run(run).command
    assert command == f"{program} 192.168.1.1"
    with pytest.raises(ConflictError, match="look at it again"):
        desk.runs.diagnose(run, command + " -f")
    view, said, place = desk.runs.diagnose(run, command)
    assert (said.exit_code, said.output) == (1, "hello ['192.168.1.1']\n")
    assert place == 1
    assert view.ask == "Does 192.168.1.1 answer?"
    kept = entries(desk, view.ticket or 0)[-1]
    assert kept == f"$ {command}\nhello ['192.168.1.1']\n(exit 1)"
    assert "checked: $ " in desk.runs.transcript(run)


def test_a_command_is_bounded_in_time_and_output_and_sees_no_secret(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKTERM_DB", "postgresql://secret")
    monkeypatch.setenv("PGPASSWORD", "secret")
    program = script(
        tmp_path,
        "import os, sys, time\n"
        "print(sorted(k for k in os.environ if 'DESK' in k or 'PGPA' in k), flush=True)\n"
        "print(repr(sys.stdin.read()), flush=True)\n"
        "print('\\x1b[2J', flush=True)\n"
        "time.sleep(60)\n",
    )
    run = with_command(desk, program, timeout=1)
    _, said, place = desk.runs.diagnose(run, desk.runs.run(run).command)
    assert (said.exit_code, said.trouble, place) == (None, "ended after 1 s", 1)
    assert said.output == "[]\n''\n\x1b[2J\n"


def test_a_command_that_floods_is_cut(desk: Desk, tmp_path: Path) -> None:
    program = script(tmp_path, "while True: print('x' * 1000)")
    run = with_command(desk, program)
    _, said, _ = desk.runs.diagnose(run, desk.runs.run(run).command)
    assert len(said.output) == 16_000
    assert said.exit_code is None


def test_a_missing_program_is_a_sentence(desk: Desk) -> None:
    run = with_command(desk, "no-such-probe")
    with pytest.raises(RefusedError, match="no-such-probe is not installed"):
        desk.runs.diagnose(run, desk.runs.run(run).command)
    desk.runs.answer(run, "No")
    with pytest.raises(RefusedError, match="no command"):
        desk.runs.diagnose(run, "x")


def test_a_hostile_device_name_never_reaches_a_command(desk: Desk) -> None:
    number = open_ticket(desk)
    known_device(desk, number)
    with desk.store.reading() as database:
        database.run('UPDATE device SET facts = \'{"gateway": "-f; reboot"}\'')
    group(desk)
    desk.guides.add(PLAIN)
    run = desk.runs.start("small", number).id
    for reply in ("Yes", "3"):
        view = desk.runs.answer(run, reply)
    assert view.command == ""
    assert "only a plain name" in view.command_trouble


def test_guides_are_suggested_for_a_ticket(desk: Desk) -> None:
    number = open_ticket(desk, subject="VPN says no route since lunch")
    found = desk.guides.suggest(number)
    assert (found[0].id, found[0].reason) == ("vpn", "says vpn, no route")
    assert desk.guides.suggest_words("printer shows offline")[0].id == "printing"


def test_what_is_usual_is_learned_from_ended_runs(desk: Desk) -> None:
    group(desk)
    desk.guides.add(PLAIN)
    for reply in ("No", "No", "No", "Don't know", "No"):
        run = desk.runs.start("small").id
        desk.runs.answer(run, reply)
        desk.runs.answer(run, "Fixed")
        desk.runs.finish(run)
    desk.runs.kept._counts.clear()
    options = desk.runs.start("small").options
    assert [(o.answer, o.usual, o.share) for o in options] == [
        ("Yes", False, 0),
        ("No", True, 80),
        ("Don't know", False, 20),
    ]


def test_lint_checks_against_the_desk(desk: Desk) -> None:
    found = [str(finding) for finding in desk.guides.lint([("a.yaml", PLAIN)])]
    assert any("no group 'Network'" in line for line in found)
    group(desk)
    assert not [f for f in desk.guides.lint([("a.yaml", PLAIN)]) if f.severity == "error"]


def test_the_shelf_is_checked_against_groups_and_categories(desk: Desk) -> None:
    with desk.store.reading() as database:
        for path in ("garden",):
            database.run("INSERT INTO category (path) VALUES (:path)", path=path)
    found = [str(finding) for finding in desk.guides.check()]
    assert not any(": error: " in line for line in found)
    assert [line for line in found if line.startswith("groups")] == [
        "groups: warning: starter guides hand over to accounts, applications, desktop, hardware, "
        "mail, network, security, servers: the next level stands in"
    ]
    assert (
        "categories: warning: no guide for category 'garden': write one, or add it to `applies_to`"
        in found
    )
    assert not any("'hardware" in line or "'printing'" in line for line in found)
