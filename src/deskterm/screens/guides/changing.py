"""What can be done in the guide editor: functions with the editor as their owner.

A text that is being written is walked in the ordinary guide screen; nothing is kept.
"""

import os
from typing import TYPE_CHECKING, NamedTuple, Protocol

from textual.widgets import Input

from deskterm.domain.asking import How
from deskterm.domain.errors import DeskError
from deskterm.domain.text import clean
from deskterm.guides.model import Finding, Guide
from deskterm.screens.flows import general
from deskterm.screens.flows.owner import AnyScreen
from deskterm.screens.guide.screen import GuideScreen
from deskterm.screens.order import Order
from deskterm.screens.work import look_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deskterm.domain.rows import Done
    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk
    from deskterm.screens.drafting import DraftKeeper
    from deskterm.screens.guide.walk_part import Walks
    from deskterm.screens.guides.form import NodeForm
    from deskterm.screens.guides.writing import YamlArea
    from deskterm.widgets.line_list import LineList


class Opened(NamedTuple):
    """What the editor begins with."""

    slug: str
    number: int
    version: int
    text: str
    draft: str


class EditorOwner(AnyScreen, Protocol):
    """The editor with its parts."""

    area: "YamlArea"
    form: "NodeForm"
    findings: "LineList"
    opened: Opened | None
    guide: Guide | None
    found: tuple[Finding, ...]
    keeper: "DraftKeeper | None"

    @property
    def is_current(self) -> bool:
        """Whether the editor is on top."""

    def show_found(self, result: tuple[Guide | None, tuple[Finding, ...]]) -> None:
        """Draw what is wrong with the text."""

    def add_class(self, *names: str) -> object:
        """Turn a look on."""

    def remove_class(self, *names: str) -> object:
        """Turn a look off."""


def step_back(owner: EditorOwner) -> None:
    """From the findings back to the text; from there leave, the draft is kept."""
    if not owner.area.has_focus and owner.opened is not None:
        owner.remove_class("-form")
        owner.area.focus()
    else:
        owner.action_back()


def to_form(owner: EditorOwner) -> None:
    """Go from the text into the form of the node in hand, or back."""
    form = owner.form
    if not owner.area.has_focus:
        step_back(owner)
    elif owner.guide is not None and form.node and form.node.kind != "when":
        owner.add_class("-form")
        fields = [one for one in form.query(Input) if one.display and one.parent]
        form.call_after_refresh(fields[0].focus)
    else:
        owner.desk_app.say("Put the cursor on a question, an instruction or an ending first.")


def jump(owner: EditorOwner) -> None:
    """Jump to the line of the finding in hand."""
    if owner.findings.in_hand:
        owner.area.go_to_line(owner.found[int(owner.findings.in_hand)].line)


def try_it(owner: EditorOwner) -> None:
    """Walk the text as it stands; nothing is saved."""

    owner.app.push_screen(trying(owner.area.text, owner.guide.id if owner.guide else ""))


def elsewhere(owner: EditorOwner) -> None:
    """Write it in the technician's own editor."""
    from deskterm.screens.editing import edit_text, editor_command

    area = owner.area
    try:
        command = editor_command(str(owner.desk_app.settings["editor"]), os.environ)
        text = edit_text(owner.app, command, area.text)
    except DeskError as error:
        owner.desk_app.say_error(error)
        return
    area.replace(clean(text) + "\n", (0, 0), area.document.end)


def save(owner: EditorOwner) -> None:
    """Check, ask why, save as a new version."""
    text = owner.area.text

    def checked(result: tuple[Guide | None, tuple[Finding, ...]]) -> None:
        owner.show_found(result)
        if opened := _to_save(owner):
            _ask_note(owner, opened)

    # not in the group of the check while typing, which would take its place
    look_up(owner, lambda desk: desk.guides.inspect(text, "text"), checked, "save")


def _to_save(owner: EditorOwner) -> Opened | None:
    """Give what was opened where the text can be saved; else say why it cannot."""
    opened = owner.opened
    first = next((one for one in owner.found if one.severity == "error"), None)
    if first is not None:
        owner.desk_app.say(f"Not saved: line {first.line}: {first.message}", "error")
        owner.area.go_to_line(first.line)
        return None
    if opened is None or (opened.version and owner.area.text == opened.text):
        owner.desk_app.say("Nothing was altered.")
        return None
    return opened


def _ask_note(owner: EditorOwner, opened: Opened) -> None:
    from deskterm.screens.dialogs.ask import LineDialog

    def said(note: str | None) -> None:
        if note:
            _save(owner, opened, note)

    question = f"No errors, {many(len(owner.found), 'warning')}. Why is it changed?"
    dialog = LineDialog("Save as a new version", question, needed="Say why, in a line.")
    owner.app.push_screen(dialog, said)


def _save(owner: EditorOwner, opened: Opened, note: str) -> None:
    text, slug = owner.area.text, owner.guide.id if owner.guide else ""
    seen = opened.version if slug == opened.slug else 0

    def run(desk: "Desk", how: How) -> "Done":
        return desk.guides.add(text, "text", note=note, seen=seen, how=how)

    def saved(done: "Done") -> None:
        del done
        if owner.keeper is not None:
            owner.keeper.drop()
        if owner.is_current:
            owner.action_back()

    owner.desk_app.write(Order(f"Saved {slug}:", run, None, saved))


def many(number: int, word: str) -> str:
    """Give `1 error` or `3 errors`."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def errors(found: "Sequence[Finding]") -> int:
    """Count the errors among what was found."""
    return sum(one.severity == "error" for one in found)


FLOWS: "Mapping[str, Flow]" = {
    **general.FLOWS,
    "escape": step_back,
    "editor_form": to_form,
    "finding_open": jump,
    "editor_try": try_it,
    "editor_external": elsewhere,
    "editor_save": save,
}


def trying(text: str, slug: str) -> GuideScreen:
    """Give a screen with one walk through a text that is not saved."""
    begun: list[Walks] = []

    def keeper(desk: "Desk") -> "Walks":
        """Give the rehearsal; the first question makes it."""
        if not begun:
            begun.append(desk.guides.rehearse(text))
        return begun[0]

    return GuideScreen(None, slug, keeper)
