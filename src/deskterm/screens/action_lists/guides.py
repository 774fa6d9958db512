"""Commands of the list of guides and of the drawing of one."""

from deskterm.screens.action import Action

_LIST = ("guides",)
_BOTH = ("guides", "graph")
_EDITOR = ("editor",)


def _editor(name: str, keys: str, label: str, text: str, footer: int) -> Action:
    return Action(name, keys, label, text, "Editor", _EDITOR, footer=footer)


GUIDES = (
    Action(
        "guides_open",
        "enter",
        "Draw",
        "Draw the guide with what use tells at every question.",
        "Guides",
        _LIST,
        footer=2,
    ),
    Action(
        "graph_follow",
        "enter",
        "Follow",
        "Go to where a node is drawn, or to where it is named again.",
        "Guides",
        ("graph",),
        footer=2,
    ),
    Action("guides_try", "w", "Try", "Walk it without a ticket.", "Guides", _BOTH, footer=4),
    Action(
        "guides_mermaid",
        "c",
        "Copy chart",
        "Copy it as a Mermaid flowchart.",
        "Guides",
        _BOTH,
        footer=5,
    ),
    Action("guides_edit", "e", "Edit", "Change the guide.", "Guides", _BOTH, footer=3),
    Action(
        "guides_new",
        "n",
        "New",
        "Write a new guide, from a pattern or from a Mermaid file.",
        "Guides",
        _LIST,
        footer=9,
    ),
    _editor("editor_save", "ctrl+s", "Save", "Save as a new version; asks why.", 2),
    _editor("editor_try", "ctrl+t", "Try", "Walk the text as it stands; nothing is saved.", 3),
    _editor("editor_form", "f2", "Form", "Change the node in hand in a form, or go back.", 4),
    _editor("editor_external", "f8", "Editor", "Write it in your own editor.", 5),
    Action(
        "finding_open",
        "enter",
        "Jump",
        "Jump to the line of the finding in hand.",
        "Editor",
        _EDITOR,
        palette=False,
    ),
)
