"""The line of tabs: whole ones only, and how many follow."""

import pytest
from textual.app import App, ComposeResult
from textual.widget import Widget

from deskterm.widgets.view_tabs import View, ViewTabs

VIEWS = tuple(View(f"View {n}", "", str(n)) for n in range(9))


@pytest.mark.parametrize("columns", [20, 37, 60, 80, 200])
async def test_tabs_are_whole_the_active_one_is_shown_and_the_rest_counted(columns: int) -> None:
    class Tabs(App[None]):
        def compose(self) -> ComposeResult:
            yield ViewTabs()

    async with Tabs().run_test(size=(columns, 3)) as pilot:
        tabs = pilot.app.query_one(ViewTabs)
        tabs.views = VIEWS
        for active in range(len(VIEWS)):
            tabs.active = active
            await pilot.pause()
            words = _drawn(tabs)
            assert len(words) <= columns
            assert f"[{active + 1} View {active} {active}]" in words
            shown = [n for n in range(9) if f"{n + 1} View {n} {n}" in words]
            left = len(VIEWS) - shown[-1] - 1
            assert words.endswith(f"+{left}") == bool(left)
            assert words.count("View") == len(shown)


def _drawn(widget: Widget) -> str:
    return "".join(strip.text for strip in widget.render_lines(widget.size.region)).rstrip()
