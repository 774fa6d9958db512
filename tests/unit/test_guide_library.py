"""The starter library: every guide loads, is without a finding, and its own tests pass."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from deskterm.guides.format import load, outline
from deskterm.guides.graph import ways
from deskterm.guides.lint import Surroundings, lint
from deskterm.guides.model import Ending, Guide, Kind
from deskterm.guides.suggest import suggest
from deskterm.guides.trial import try_out

FOLDER = files("deskterm.guides").joinpath("library")
NAMES = sorted(
    file.name.removesuffix(".yaml") for file in FOLDER.iterdir() if file.name.endswith(".yaml")
)
TEXTS = {name: FOLDER.joinpath(f"{name}.yaml").read_text("utf-8") for name in NAMES}
LIBRARY: dict[str, Guide] = {name: load(text, f"{name}.yaml") for name, text in TEXTS.items()}
GROUPS = frozenset(
    ["accounts", "applications", "desktop", "hardware", "mail", "network", "security", "servers"]
)

every_guide = pytest.mark.parametrize("name", NAMES)


def test_the_library_covers_the_everyday() -> None:
    assert len(NAMES) >= 40


@every_guide
def test_lint_has_nothing_to_say(name: str) -> None:
    around = Surroundings(LIBRARY, GROUPS, frozenset(), date(2026, 11, 22))
    assert [str(finding) for finding in lint(LIBRARY[name], around)] == []
    assert LIBRARY[name].id == name


@every_guide
def test_its_own_tests_pass_and_reach_every_ending(name: str) -> None:
    verdicts = try_out(LIBRARY[name], LIBRARY)
    assert [(v.line, v.reason) for v in verdicts if not v.passed] == []
    ends = {node.name for node in LIBRARY[name].nodes.values() if node.kind is Kind.END}
    assert {verdict.ends for verdict in verdicts} == ends


@every_guide
def test_it_tells_at_least_three_causes_apart(name: str) -> None:
    ends = [node for node in LIBRARY[name].nodes.values() if node.ending]
    solved = {node.resolution for node in ends if node.ending is Ending.SOLVED}
    escalated = {node.summary for node in ends if node.ending is Ending.ESCALATE}
    assert len(solved) >= 3
    assert len(escalated) >= 3
    assert all(node.actions and node.group for node in ends if node.ending is Ending.ESCALATE)


@every_guide
def test_every_question_can_be_answered_with_not_knowing(name: str) -> None:
    for node in LIBRARY[name].nodes.values():
        if node.kind is Kind.ASK:
            assert any(choice.unknown for choice in node.choices), node.name
        if node.kind in (Kind.ASK, Kind.DO):
            assert len(ways(node)) >= 1
            assert len(node.choices) <= 9, f"{node.name}: one key an answer"


@every_guide
def test_the_title_stands_where_the_shelf_reads_it(name: str) -> None:
    from deskterm.services.starters import _TITLE

    found = _TITLE.search(TEXTS[name])
    assert found is not None
    assert found[1] == LIBRARY[name].title


@every_guide
def test_the_head_agrees_with_the_whole(name: str) -> None:
    head, guide = outline(TEXTS[name]), LIBRARY[name]
    assert (head.id, head.title, head.about) == (guide.id, guide.title, guide.about)
    assert (head.categories, head.words) == (guide.categories, guide.words)
    assert guide.categories
    assert guide.words


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("VPN says no route since lunch", "vpn"),
        ("The printer on floor 3 shows offline", "printing"),
        ("I am locked out, password refused", "sign-in"),
        ("Wi-Fi drops all the time in meeting room 4", "wifi"),
        ("My laptop is so slow, everything hangs", "slow-machine"),
        ("Laptop won't turn on, black screen", "will-not-start"),
        ("No mail in my inbox since yesterday", "mail-not-arriving"),
        ("No internet, web pages do not open", "no-internet"),
        ("My screen is frozen, the pointer does not move", "frozen-screen"),
        ("I cannot send, the message stays in the outbox", "mail-not-sent"),
        ("Blue screen with a stop code", "blue-screen"),
        ("Nobody hears me in the call, my headset is silent", "call-no-sound"),
        ("I deleted a file, can you restore it from the backup?", "backup-restore"),
        ("Got a suspicious mail, is this phishing?", "phishing"),
        ("The beamer in the meeting room shows no picture", "meeting-room"),
        ("My laptop was stolen on the train", "lost-device"),
    ],
)
def test_everyday_words_find_their_guide(said: str, first: str) -> None:
    found = suggest([outline(text) for text in TEXTS.values()], "", said)
    assert found[0].id == first, [(each.id, each.score) for each in found]


def test_the_guide_in_the_docs_is_one() -> None:
    page = (Path(__file__).parents[2] / "docs" / "guides.md").read_text("utf-8")
    guide = load(page.split("```yaml\n")[1].split("```")[0], "docs/guides.md")
    around = Surroundings({guide.id: guide}, frozenset({"second level"}), frozenset())
    assert lint(guide, around) == ()
    assert all(verdict.passed for verdict in try_out(guide, {}))
