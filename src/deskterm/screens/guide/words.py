"""What the guide screen says, as clean content."""

from textual.content import Content

from deskterm.domain.text import clean
from deskterm.guides.model import WILL_WORDS, Ending
from deskterm.guides.stand import Passed
from deskterm.guides.transcript import Conclusion
from deskterm.guides.view import RunView
from deskterm.screens.guide.parts import LABEL
from deskterm.widgets.line_list import Line

_TRAIL = 8
_SIGNS = {"asked": "✓", "known": "=", "skipped": "–"}
_MOST_OUTPUT = 12


def trail(view: RunView) -> Content:
    """Give the questions behind us in a line or two, the last ones where there are many."""
    passed = view.trail[-_TRAIL:]
    parts = [Content.styled("… ", "$text-muted")] if len(view.trail) > _TRAIL else []
    for one in passed:
        parts.append(Content.styled(f"{_SIGNS[one.how]} ", "$success"))
        parts.append(Content.styled(f"{_short(one)}   ", "$text-muted"))
    return Content("").join(parts)


def _short(passed: Passed) -> str:
    answer = {"skipped": "skipped", "known": f"{passed.answer} (known)"}.get(
        passed.how, passed.answer
    )
    return clean(f"{passed.node}: {answer}", one_line=True)[:60]


def told(view: RunView, said: str) -> list[tuple[str, Content]]:
    """Give what stands above the answers: (label, text) of each part."""
    if view.conclusion is not None:
        return _ending(view.conclusion)
    parts = [
        ("Say", Content.styled(clean(f"“{view.say}”") if view.say else "", "italic")),
        ("Do", Content(clean(view.do))),
        ("Run", _command(view)),
        ("", _output(said)),
        ("Ask", Content.styled(clean(view.ask), "bold")),
    ]
    return [(label, text) for label, text in parts if text.plain]


def _command(view: RunView) -> Content:
    if view.command:
        keys = Content.styled("   c copy  R run", "$text-muted")
        return Content.assemble((clean(view.command, one_line=True), "bold $secondary"), keys)
    return Content.styled(clean(view.command_trouble), "$text-muted")


def _output(said: str) -> Content:
    lines = clean(said).splitlines()
    if len(lines) > _MOST_OUTPUT:
        lines = [*lines[:3], "…", *lines[-(_MOST_OUTPUT - 4) :]]
    return Content.styled("\n".join(lines), "$text-muted")


def _ending(end: Conclusion) -> list[tuple[str, Content]]:
    parts = [("Say", Content.styled(clean(f"“{end.say}”") if end.say else "", "italic"))]
    if end.ending is Ending.SOLVED:
        parts.append(("Solved", Content.styled(clean(end.resolution or end.solution), "bold")))
    elif end.ending is not Ending.ESCALATE:
        parts.append((end.ending.capitalize(), Content.styled(clean(end.summary), "bold")))
    else:
        meant = f"   (the guide means {clean(end.meant, one_line=True)})" if end.meant else ""
        group = clean(end.group, one_line=True) or "choose the group with >"
        parts.append(("To", Content.assemble((group, "bold $accent"), (meant, "$text-muted"))))
        parts.append(("Says", Content(clean(end.summary))))
        parts.append(("Next", Content(clean("\n".join(f"→ {one}" for one in end.actions)))))
    return [(label, text) for label, text in parts if text.plain]


def answers(view: RunView, meant: int | None) -> list[Line]:
    """Give the lines to choose from; `meant` is the answer that a command's exit code means."""
    if view.conclusion is not None:
        return [
            Line("finish", _numbered(1, _finish_words(view))),
            Line("back", _numbered(2, "Back")),
        ]
    lines = []
    for place, option in enumerate(view.options):
        aside = _asides(option.usual, option.share, place == meant)
        text = _numbered(place + 1, option.answer)
        lines.append(Line(str(place), Content.assemble(text, (aside, "$text-muted"))))
    return lines


def _finish_words(view: RunView) -> str:
    if view.ticket is None:
        return "End this rehearsal"
    assert view.conclusion is not None
    return f"{WILL_WORDS[view.conclusion.ending]} #{view.ticket} with these words"


def _numbered(number: int, answer: str) -> Content:
    head = (f"{' ' * LABEL}{number} ", "bold $accent")
    return Content.assemble(head, clean(answer, one_line=True))


def _asides(usual: bool, share: int | None, meant: bool) -> str:
    words = (["the command says so"] if meant else []) + (["usual"] if usual else [])
    if share is not None:
        words.append(f"{share} %")
    return f"   ({', '.join(words)})" if words else ""


def typed_hint(view: RunView) -> str:
    """Give the placeholder of the line where something is typed."""
    what = f"a number of {view.unit}" if view.unit else "a number"
    what = what if view.input == "number" else "type what you hear"
    others = ", ".join(option.answer for option in view.options)
    return clean(f"{what}; Enter alone: {others}" if others else what, one_line=True)


def unknown_answer(view: RunView) -> str:
    """Give what Enter alone answers where something is typed; empty where nothing fits."""
    return view.options[0].answer if view.options else ""


def why(view: RunView) -> Content:
    """Give why it is asked."""
    return Content.styled(clean(view.why), "$text-muted")
