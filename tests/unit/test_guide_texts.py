"""Commands without a shell, the escalation already written, transcripts, tests in files."""

import pytest

from deskterm.domain.errors import RefusedError
from deskterm.domain.text import clean
from deskterm.guides.command import argument_list, meaning, remarks, shown
from deskterm.guides.facts import NOT_CHECKED, contains, fill, known_facts, placeholders
from deskterm.guides.format import load, outline
from deskterm.guides.model import Check, Ending
from deskterm.guides.stand import stand
from deskterm.guides.suggest import suggest
from deskterm.guides.transcript import conclusion, early, transcript
from deskterm.guides.trial import try_out
from deskterm.guides.walk import answer, back, begin, checked, note, pause, resume, skip
from tests.unit.guide_makers import SMALL, STAMP, small

LIBRARY = {"small": small()}
PING = Check(("ping", "-c", "3", "{gateway}"), answers=(("exit0", "Yes"), ("else", "No")))


@pytest.mark.parametrize(
    "argv",
    [
        (),
        ("",),
        ("ping", "a|b"),
        ("ping", "$(id)"),
        ("ping", "a;b"),
        ("ping", "`id`"),
        ("ping", "a\nb"),
        ("ping", "{Gateway}"),
        ("bash", "-c", "ls"),
        ("/bin/sh",),
        ("C:\\Windows\\cmd.exe", "/c"),
        ("PowerShell.exe",),
        ("run.bat",),
        ("{gateway}",),
        ("sudo", "ping"),
    ],
)
def test_what_may_not_stand_in_a_command(argv: tuple[str, ...]) -> None:
    assert remarks(argv)
    with pytest.raises(RefusedError, match="not run"):
        argument_list(Check(argv), {"gateway": "x"})


def test_a_fact_fills_one_argument_and_stays_one() -> None:
    assert argument_list(PING, {"gateway": "10.0.0.1"}) == ["ping", "-c", "3", "10.0.0.1"]
    assert argument_list(PING, {"gateway": "my printer"})[-1] == "my printer"
    assert shown(argument_list(PING, {"gateway": "my printer"})) == "ping -c 3 'my printer'"
    windows = Check(("ping", "-c"), windows=("ping", "-n", "{gateway}"))
    assert argument_list(windows, {"gateway": "p-31"}, windows=True) == ["ping", "-n", "p-31"]
    assert argument_list(windows, {}, windows=False) == ["ping", "-c"]


EVIL = [
    "-f",
    "--help",
    "$(reboot)",
    "a;b",
    "a|b",
    "a\nb",
    "a\x1b[2K",
    "`id`",
    "x" * 300,
    "{gateway}",
    "'quoted",
    "a>b",
    "a&b",
    "_x",
    "\u202eevil",
    "a\x00b",
    " -f",
]


@pytest.mark.parametrize("value", EVIL)
def test_a_fact_from_a_mail_can_neither_be_an_option_nor_act(value: str) -> None:
    with pytest.raises(RefusedError, match="not run: gateway is"):
        argument_list(PING, {"gateway": value})


def test_a_fact_that_is_not_known_is_asked_first() -> None:
    with pytest.raises(RefusedError, match="gateway, which is not known yet"):
        argument_list(PING, {})


def test_exit_codes_mean_answers() -> None:
    assert meaning(PING, 0) == "Yes"
    assert meaning(PING, 1) == "No"
    assert meaning(PING, None) == "No"
    assert meaning(Check(("x",), answers=(("exit2", "Two"), ("timeout", "Late"))), None) == "Late"
    assert meaning(Check(("x",), answers=(("exit2", "Two"),)), 0) == ""


def test_texts_name_facts_and_other_braces_stay() -> None:
    assert fill("{a} {b} {C} {} {{a}}", {"a": "x"}) == f"x {NOT_CHECKED} {{C}} {{}} {{x}}"
    assert fill("{a}", {"a": "{b}", "b": "no"}) == "{b}"
    assert placeholders("{a} {b}", "{a}") == ("a", "b")


@pytest.mark.parametrize("text", ["{" * 50_000, "{a" * 25_000, "{" + "a" * 50_000])
def test_filling_is_linear(text: str) -> None:
    assert fill(text, {"a": "x"}) == text


def test_finding_a_word_in_a_value_is_linear_and_whole() -> None:
    assert contains("Windows 11", "windows")
    assert contains("iMac2019", "mac") is False
    assert contains("a" * 50_000, "aa") is False
    assert contains("x", "") is False


def test_facts_come_from_ticket_requester_device_and_fields() -> None:
    sources = {"device.gateway": "10.0.0.1", "device.os": "macOS", "requester.site": " ", "x": "y"}
    assert known_facts([small()], sources) == {"gateway": "10.0.0.1", "os": "macOS"}
    assert known_facts([], sources | {"field.os": "Windows"})["os"] == "Windows"


def test_the_escalation_is_already_written() -> None:
    run = begin(small(), LIBRARY, {"device.name": "LT-1"}, STAMP)
    assert conclusion(stand(run, LIBRARY)) is None
    for reply in ("Yes", "3", "No"):
        run = answer(run, LIBRARY, reply, STAMP)
    ended = conclusion(stand(run, LIBRARY))
    assert ended is not None
    assert (ended.ending, ended.group) == (Ending.ESCALATE, "network")
    assert ended.summary == "LT-1: light Yes, bars 3, answers No."
    assert ended.actions == ("Check 192.168.1.1", "Go there")


def test_a_run_ended_early_is_written_from_its_answers() -> None:
    run = begin(small(), LIBRARY, {}, STAMP)
    run = skip(answer(run, LIBRARY, "Yes", STAMP), LIBRARY, "no time", STAMP)
    position = stand(run, LIBRARY)
    escalated = early(position, Ending.ESCALATE, "Please look.")
    assert escalated.summary == (
        "Please look.\nEscalated from the guide “Small one” before its end. Checked: "
        "Is the light on? Yes; How many bars? not checked (no time). "
        "Not checked: Does 192.168.1.1 answer?"
    )
    assert early(position, Ending.SOLVED, "It was the plug.").resolution == "It was the plug."
    assert "Is the light on? Yes" in early(position, Ending.SOLVED).resolution


def test_the_transcript_tells_everything_in_order() -> None:
    run = begin(small(), LIBRARY, {}, STAMP)
    run = note(answer(run, LIBRARY, "Yes", STAMP), LIBRARY, "old cable", STAMP)
    run = answer(back(answer(run, LIBRARY, "1", STAMP), STAMP), LIBRARY, "3", STAMP)
    run = checked(run, LIBRARY, "ping -c 3 192.168.1.1\n1 lost", STAMP)
    open_text = transcript(run, LIBRARY)
    assert "Open: Does 192.168.1.1 answer?" in open_text
    run = resume(pause(run, STAMP, "lunch"), STAMP)
    run = answer(run, LIBRARY, "No", STAMP)
    assert transcript(run, LIBRARY).splitlines() == [
        "Guide: Small one (small, version 3)",
        "1. Is the light on? — Yes",
        "2. How many bars? — 3",
        "   note: old cable",
        "3. Does 192.168.1.1 answer? — No",
        "   checked: ping -c 3 192.168.1.1",
        "      1 lost",
        "On the way:",
        " - went back from count: 1",
        " - paused: lunch",
        " - resumed",
        "To escalate: not checked: light Yes, bars 3, answers No.",
        " → Check 192.168.1.1",
        " → Go there",
    ]


def test_hostile_words_stay_words() -> None:
    evil = "[@click=app.quit]step 1[/] {light}"
    text = SMALL.replace("Is the light on?", '"[@click=app.quit]step \\e[1A {os}"')
    library = {"small": load(text)}
    run = begin(library["small"], library, {"device.os": evil + "\x1b[2J"}, STAMP)
    position = stand(run, library)
    assert position.text(position.node.text).startswith("[@click=app.quit]step \x1b[1A [@click")
    assert "\x1b" not in clean(position.text(position.node.text))


def test_tests_inside_the_file_pass_or_say_why_not() -> None:
    assert [verdict.passed for verdict in try_out(small(), {})] == [True, True]
    bad = SMALL[: SMALL.index("tests:")] + (
        "tests:\n"
        "  - {answers: [Yes, 1, Not fixed], ends: done}\n"
        "  - {answers: [Yes], ends: done}\n"
        "  - {answers: [Maybe], ends: done}\n"
        "  - {answers: [No, Fixed, Fixed], ends: done}\n"
        "  - {answers: [No, Not fixed], ends: up, facts: {device: LT-9}, summary: LT-8}\n"
        "  - {answers: [No, Not fixed], ends: up, facts: {device: LT-9}, summary: LT-9}\n"
    )
    reasons = [verdict.reason for verdict in try_out(load(bad), {})]
    assert reasons[0] == "ended at up"
    assert reasons[1] == "still asks at count: How many bars?"
    assert "'Maybe' is no answer here" in reasons[2]
    assert reasons[3] == "ended at done with 1 answers left over"
    assert "the summary does not say 'LT-8'" in reasons[4]
    assert reasons[5] == ""


def heads() -> list[str]:
    return [
        "id: vpn\ntitle: VPN does not connect\n"
        "applies_to: {category: [network/vpn], words: [vpn, remote access]}",
        "id: net\ntitle: No internet\n"
        "applies_to: {category: [network], words: [internet, no connection]}",
        "id: print\ntitle: Printing does not work\n"
        "applies_to: {category: [printing], words: [printer]}",
    ]


def test_guides_are_suggested_by_category_and_words_with_the_reason() -> None:
    outlines = [outline(head) for head in heads()]
    by_category = suggest(outlines, "network/vpn", "it is broken")
    assert [found.id for found in by_category] == ["vpn", "net"]
    assert by_category[0].reason == "category network/vpn"
    by_words = suggest(outlines, "", "My PRINTERS print nothing, remote access fine")
    assert [found.id for found in by_words] == ["print", "vpn"]
    assert by_words[0].reason == "says printer"
    assert suggest(outlines, "", "a request for a chair") == ()
    assert suggest(outlines, "", "") == ()


def test_suggesting_reads_only_the_head_of_a_huge_text() -> None:
    outlines = [outline(head) for head in heads()]
    assert suggest(outlines, "", "a-" * 25_000 + " vpn") == ()
    assert suggest(outlines, "", "'" * 50_000 + "b" * 50_000) == ()


def test_a_fact_within_a_label_that_nobody_asked_for_is_left_out() -> None:
    text = "Others: {others}; gateway {gateway} answers: {answers}."
    assert fill(text, {"others": "no"}) == "Others: no; gateway answers: not checked."
    known = {"gateway": "vpn.example.org", "answers": "no"}
    assert fill(text, known) == "Others: not checked; gateway vpn.example.org answers: no."


def test_what_nobody_knows_is_named_after_a_preposition() -> None:
    text = "The queue of {printer} hangs for {requester}: {state}."
    assert fill(text, {}) == (
        "The queue of printer (not checked) hangs for the caller: not checked."
    )
    known = {"printer": "PR-1", "requester": "Ada", "state": "off"}
    assert fill(text, known) == "The queue of PR-1 hangs for Ada: off."
