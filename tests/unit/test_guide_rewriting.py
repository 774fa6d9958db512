"""Changing one value in a guide's text: that value alone, comments and layout stay."""

import difflib

import pytest

from deskterm.domain.errors import UsageError
from deskterm.guides.rewriting import Change, changed
from tests.unit.guide_makers import SMALL

TEXT = SMALL.replace("  ping:\n", "  # keep this\n  ping:\n")


def difference(change: Change, text: str = TEXT) -> list[str]:
    """Give the lines that differ."""
    new, _ = changed(text, change)
    lines = difflib.unified_diff(text.splitlines(), new.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[:3] not in ("---", "+++") and line[:2] != "@@"]


def test_a_field_is_replaced_or_added_where_it_belongs() -> None:
    assert difference(Change("light", "ask", "Is it: on?")) == [
        "-    ask: Is the light on?",
        '+    ask: "Is it: on?"',
    ]
    assert difference(Change("light", "why", "Tells two apart.")) == ["+    why: Tells two apart."]
    assert difference(Change("done", "say", "Fine")) == [
        '-  done: {outcome: solved, resolution: "The plug; {light}."}',
        '+  done: {outcome: solved, say: Fine, resolution: "The plug; {light}."}',
    ]


def test_an_answer_is_renamed_led_elsewhere_or_added() -> None:
    assert difference(Change("light", place=0, answer="It is", to="reseat")) == [
        "-    choices: {Yes: count, No: reseat, Don't know: reseat}",
        "+    choices: {It is: reseat, No: reseat, Don't know: reseat}",
    ]
    assert difference(Change("light", place=3, answer="Broken, dark", to="up"))[1:] == [
        '+    choices: {Yes: count, No: reseat, Don\'t know: reseat, "Broken, dark": up}'
    ]
    block = TEXT.replace(
        "choices: {Yes: count, No: reseat, Don't know: reseat}",
        "choices:\n      Yes: count  # usual\n      No: {to: reseat, usual: true}",
    )
    assert difference(Change("light", place=1, answer="No", to="up"), block) == [
        "-      No: {to: reseat, usual: true}",
        "+      No: {to: up, usual: true}",
    ]
    assert difference(Change("light", place=2, answer="Odd", to="up"), block) == ["+      Odd: up"]


def test_long_texts_of_several_lines_are_replaced_whole() -> None:
    text = TEXT.replace("say: Please look at {device}.", "say: >\n      Please look\n      at it.")
    new, guide = changed(text, Change("light", "say", "Look."))
    assert guide.nodes["light"].say == "Look."
    assert "at it" not in new


@pytest.mark.parametrize(
    "change",
    [
        Change("which", "why", "x"),
        Change("done", place=0, answer="a", to="up"),
        Change("nowhere", "say", "x"),
        Change("light", place=0, answer="No", to="a b: c"),
    ],
)
def test_what_would_alter_more_is_refused(change: Change) -> None:
    with pytest.raises(UsageError):
        changed(TEXT, change)
