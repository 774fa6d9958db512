"""The guide format: YAML text to a Guide, every mistake with its line and what to do.

What can be told from one place is told here (shapes, missing and unknown keys); what needs the
whole graph is told by `lint`.
"""

from functools import lru_cache

from deskterm.guides.fields import FACT_NAME, Fields, Remarks
from deskterm.guides.model import Fact, Finding, Guide, GuideError, Node, Trial
from deskterm.guides.nodes import read_node
from deskterm.guides.outline import Outline
from deskterm.guides.yamltext import parse
from deskterm.guides.yamltree import Items, Scalar, Table, Tree, YamlError

Findings = tuple[Finding, ...]

_GUIDE_KEYS = "id title about applies_to review_by start facts nodes tests"


def load(text: str, file: str = "guide", version: int = 0) -> Guide:
    """Give the guide; raises GuideError when the text cannot be read as one."""
    guide, findings = read(text, file, version)
    if guide is None or any(finding.severity == "error" for finding in findings):
        raise GuideError(findings)
    return guide


def read(text: str, file: str = "guide", version: int = 0) -> tuple[Guide | None, Findings]:
    """Give the guide as far as it can be read, and every mistake of shape found in the text."""
    remarks = Remarks(file)
    try:
        tree = parse(text)
    except YamlError as error:
        remarks.error(error.line, str(error))
        return None, tuple(remarks.findings)
    guide = _guide(tree, remarks, version)
    return guide, tuple(remarks.findings)


@lru_cache(maxsize=64)
def outline(text: str) -> Outline:
    """Give the head of a guide without reading its nodes; raises GuideError."""
    head = text.split("\nnodes:", 1)[0]
    remarks = Remarks("guide")
    try:
        top = Fields(parse(head), "guide", _GUIDE_KEYS, remarks)
    except YamlError as error:
        raise GuideError((Finding("guide", error.line, "error", str(error)),)) from None
    applies = _applies(top, remarks)
    return Outline(top.name("id"), top.text("title"), top.text("about"), *applies)


def _guide(tree: Tree, remarks: Remarks, version: int) -> Guide:
    top = Fields(tree, "guide", _GUIDE_KEYS, remarks)
    categories, words = _applies(top, remarks)
    nodes = _nodes(top, remarks)
    return Guide(
        id=top.name("id", needed=True),
        title=top.text("title", needed=True),
        about=top.text("about"),
        start=top.name("start", needed=True),
        nodes=nodes,
        categories=categories,
        words=words,
        review_by=top.day("review_by"),
        facts=_facts(top, remarks),
        trials=tuple(_trial(item, remarks) for item in top.items("tests")),
        version=version,
        file=remarks.file,
        line=top.line_of("start"),
    )


def _applies(top: Fields, remarks: Remarks) -> tuple[tuple[str, ...], tuple[str, ...]]:
    tree = top.tree("applies_to")
    if tree is None:
        return (), ()
    fields = Fields(tree, "applies_to", "category words", remarks)
    return fields.words("category"), fields.words("words")


def _facts(top: Fields, remarks: Remarks) -> dict[str, Fact]:
    tree = top.tree("facts")
    facts: dict[str, Fact] = {}
    for key, value in _pairs(tree, "facts", remarks):
        if not FACT_NAME.match(key.text):
            remarks.error(key.line, f"fact {key.text[:60]!r}: name it with a-z, 0-9 and _")
        elif key.text in facts:
            remarks.error(key.line, f"fact {key.text!r} stands twice: keep one")
        else:
            fields = Fields(value, f"fact {key.text}", "from default", remarks)
            sources = fields.words("from")
            facts[key.text] = Fact(key.text, sources, fields.text("default"), key.line)
    return facts


def _nodes(top: Fields, remarks: Remarks) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    if "nodes" not in top:
        remarks.error(top.line, "guide: `nodes` is missing: add the questions and endings")
    for key, value in _pairs(top.tree("nodes"), "nodes", remarks):
        if key.text in nodes:
            first = nodes[key.text].line
            remarks.error(
                key.line, f"node {key.text!r} stands twice (first in line {first}): rename one"
            )
        else:
            nodes[key.text] = read_node(key, value, remarks)
    return nodes


def _pairs(tree: Tree | None, what: str, remarks: Remarks) -> tuple[tuple[Scalar, Tree], ...]:
    if isinstance(tree, Table):
        return tree.entries
    if tree is not None:
        remarks.error(tree.line, f"{what}: expected `name: …` pairs")
    return ()


def _trial(tree: Tree, remarks: Remarks) -> Trial:
    fields = Fields(tree, "test", "answers ends facts summary", remarks)
    given = []
    for key, value in _pairs(fields.tree("facts"), "test facts", remarks):
        if isinstance(value, Scalar):
            given.append((key.text, value.text))
        else:
            remarks.error(key.line, f"test: the fact {key.text!r} must be a text")
    if "answers" not in fields or not isinstance(fields.tree("answers"), Items):
        remarks.error(fields.line, "test: `answers` must be a list, [] where nothing is asked")
    ends = fields.text("ends", needed=True)
    summary = fields.text("summary")
    return Trial(fields.words("answers"), ends, tuple(given), summary, fields.line)
