"""A paste is text: whatever it holds, whichever way the terminal's bytes are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from deskterm.screens.terminal import PasteParser

BEGIN, END = "\x1b[200~", "\x1b[201~"
HOSTILE = (
    "gateway: \x1b[31mno route\x1b[0m",
    "unfinished \x1b",
    "unfinished \x1b[",
    "\x1b[200~ twice",
    "\x03\x04\x11\x13\x1a\x1b\x1bOP\x1b[<0;1;1M\r\n\t",
    "plain",
    "",
)


def fed(*pieces: str) -> list[Message]:
    parser = PasteParser()
    return [message for piece in pieces for message in parser.feed(piece)]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_paste_is_one_text_and_no_key(text: str) -> None:
    (paste,) = fed(BEGIN + text + END)
    assert isinstance(paste, events.Paste)
    assert paste.text == text


@given(st.text(st.sampled_from("a \x1b[201~O;<M\r\x03"), max_size=30), st.data())
def test_it_does_not_matter_where_the_bytes_are_cut(text: str, data: st.DataObject) -> None:
    text = text.replace(END, "")
    stream = f"x{BEGIN}{text}{END}y"
    if stream.index(END) != len(stream) - len(END) - 1:
        return  # the text's end and the mark's beginning are another mark
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    found = fed(*(piece for piece in pieces if piece))
    keys = [one.key for one in found if isinstance(one, events.Key)]
    pastes = [one.text for one in found if isinstance(one, events.Paste)]
    assert (keys, pastes) == (["x", "y"], [text])


def test_keys_beside_pastes_are_keys() -> None:
    found = fed("\x1b[A", "\x1bOP", "\x1b[20~", f"{BEGIN}1{END}{BEGIN}2{END}", "q")
    said = [one.key if isinstance(one, events.Key) else one.text for one in found]  # type: ignore[attr-defined]
    assert said == ["up", "f1", "f9", "1", "2", "q"]
