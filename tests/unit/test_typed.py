"""What is typed or pasted is kept exactly and drawn so that it can never act."""

from textual.app import App, ComposeResult

from deskterm.domain.text import pasted, visible
from deskterm.widgets.typed import PlainArea, PlainInput

HOSTILE = "a\x1b]0;x\x07\u202eb\u200dc"


class TypingApp(App[None]):
    def compose(self) -> ComposeResult:
        yield PlainInput(HOSTILE)
        yield PlainArea(f"{HOSTILE}\nsecond")


async def test_controls_are_drawn_as_signs_and_kept_exactly() -> None:
    app = TypingApp()
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        text = "".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "a␛]0;x␇" in text
        assert not set("\x1b\x07\u202e\u200d") & set(text)
        assert app.query_one(PlainInput).value == HOSTILE
        assert app.query_one(PlainArea).text == f"{HOSTILE}\nsecond"


def test_every_character_keeps_its_place() -> None:
    assert len(visible(HOSTILE)) == len(HOSTILE)
    assert visible("plain [bold]") == "plain [bold]"


def test_what_is_pasted_keeps_its_letters_and_loses_its_controls() -> None:
    assert pasted(HOSTILE) == "a␛]0;x␇\ufffdb\u200dc"
    assert pasted("one\r\ntwo\rthree\tfour") == "one\ntwo\nthree\tfour"
    assert pasted("می\u200cروم 👩\u200d💻") == "می\u200cروم 👩\u200d💻"


def test_pasting_is_linear() -> None:
    assert len(pasted("\x1b\r" * 25_000)) == 50_000
