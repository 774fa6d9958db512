"""One node of a guide file: a question, an instruction, a branch on facts, or an ending."""

from deskterm.guides.fields import FACT_NAME, NAME, Fields, Remarks
from deskterm.guides.model import Check, Choice, Ending, Kind, Node, Rule, Target
from deskterm.guides.yamltree import Scalar, Table, Tree

_KEYS = {
    Kind.ASK: "ask say why fact choices number ranges text to skip check",
    Kind.DO: "do say why verify fact choices to skip check",
    Kind.WHEN: "when default",
    Kind.END: "outcome say why solution resolution group summary actions",
}
_ALL_KEYS = " ".join(dict.fromkeys(" ".join(_KEYS.values()).split()))
_MARKS = {"ask": Kind.ASK, "do": Kind.DO, "when": Kind.WHEN, "outcome": Kind.END}
_UNKNOWN = (
    "don't know",
    "do not know",
    "don’t know",
    "not sure",
    "unknown",
    "cannot tell",
    "can't",
)


def read_node(key: Scalar, tree: Tree, remarks: Remarks) -> Node:
    """Give one node; mistakes go to the remarks, and what can be read is kept."""
    name, what = key.text, f"node {key.text[:60]}"
    if not NAME.match(name):
        remarks.error(key.line, f"{what}: name it with a-z, 0-9, - and _")
    kind = _kind(tree, what, remarks)
    fields = Fields(tree, what, _KEYS[kind] if kind else _ALL_KEYS, remarks)
    if kind is None:
        return Node(name, Kind.DO, key.line)
    if kind is Kind.END:
        return _end(name, key.line, fields)
    if kind is Kind.WHEN:
        rules = tuple(_rule(item, what, remarks, True) for item in fields.items("when"))
        if "default" not in fields:
            remarks.error(key.line, f"{what}: `default` is missing: say where all others go")
        default = _target(fields.tree("default"), what, remarks)
        return Node(name, kind, key.line, rules=rules, to=default)
    return _question(name, key.line, kind, fields)


def _kind(tree: Tree, what: str, remarks: Remarks) -> Kind | None:
    keys = [key.text for key, _ in tree.entries] if isinstance(tree, Table) else []
    marks = [mark for mark in _MARKS if mark in keys]
    if len(marks) == 1:
        return _MARKS[marks[0]]
    if isinstance(tree, Table):
        found = " and ".join(marks) or "none of them"
        remarks.error(
            tree.line,
            f"{what}: has {found}; give it exactly one of ask, do, when, outcome",
        )
    return None


def _end(name: str, line: int, fields: Fields) -> Node:
    word = fields.text("outcome")
    ending = Ending(word) if word in tuple(Ending) else None
    if ending is None:
        fields.wrong("outcome", f"one of {', '.join(Ending)}, not {word[:60]!r}")
    return Node(
        name,
        Kind.END,
        line,
        say=fields.text("say"),
        why=fields.text("why"),
        ending=ending or Ending.ESCALATE,
        solution=fields.text("solution"),
        resolution=fields.text("resolution"),
        group=fields.text("group"),
        summary=fields.text("summary"),
        actions=fields.words("actions"),
    )


def _question(name: str, line: int, kind: Kind, fields: Fields) -> Node:
    what, remarks = fields.what, fields.remarks
    range_of = _number(fields)
    fact = fields.text("fact")
    if fact and not FACT_NAME.match(fact):
        fields.wrong("fact", f"a name of a-z, 0-9 and _, not {fact[:60]!r}")
    return Node(
        name,
        kind,
        line,
        text=fields.text(kind.value, needed=True),
        say=fields.text("say"),
        why=fields.text("why"),
        verify=fields.text("verify"),
        fact=fact,
        input="number" if range_of else "text" if fields.flag("text") else "",
        unit=range_of.text("unit") if range_of else "",
        low=range_of.number("min") if range_of else None,
        high=range_of.number("max") if range_of else None,
        choices=tuple(_choices(fields)),
        rules=tuple(_rule(item, what, remarks, False) for item in fields.items("ranges")),
        to=_target(fields.tree("to"), what, remarks),
        skip=_target(fields.tree("skip"), what, remarks),
        check=_check(fields.tree("check"), what, remarks),
    )


def _number(fields: Fields) -> Fields | None:
    """Give the bounds of a number; `number: true` has none."""
    tree = fields.tree("number")
    if tree is None or (isinstance(tree, Scalar) and fields.flag("number") is False):
        return None
    plain = isinstance(tree, Scalar) and fields.flag("number")
    bounds = Table((), tree.line) if plain else tree
    return Fields(bounds, f"{fields.what}: number", "unit min max", fields.remarks)


def _choices(fields: Fields) -> list[Choice]:
    """Read `[{answer: Yes, to: a}]` or, shorter, `{Yes: a}`."""
    tree, what, remarks = fields.tree("choices"), fields.what, fields.remarks
    if isinstance(tree, Table):
        return [_choice(value, key, what, remarks) for key, value in tree.entries]
    return [_choice(item, None, what, remarks) for item in fields.items("choices")]


def _choice(tree: Tree, key: Scalar | None, what: str, remarks: Remarks) -> Choice:
    line = key.line if key else tree.line
    if key and (isinstance(tree, Scalar) or _has(tree, "guide")):
        to = _target(tree, what, remarks)
        return Choice(key.text, to or Target(""), unknown=_is_unknown(key.text), line=line)
    keys = "to also unknown usual" if key else "answer to also unknown usual"
    fields = Fields(tree, f"{what}: choice", keys, remarks)
    answer = key.text if key else fields.text("answer", needed=True)
    if "to" not in fields:
        remarks.error(line, f"{what}: the answer {answer[:60]!r} leads nowhere: add `to`")
    return Choice(
        answer,
        _target(fields.tree("to"), what, remarks) or Target(""),
        also=fields.words("also"),
        unknown=bool(fields.flag("unknown")) or _is_unknown(answer),
        usual=bool(fields.flag("usual")),
        line=line,
    )


def _has(tree: Tree, name: str) -> bool:
    return isinstance(tree, Table) and any(key.text == name for key, _ in tree.entries)


def _is_unknown(answer: str) -> bool:
    return answer.casefold().startswith(_UNKNOWN)


def _target(tree: Tree | None, what: str, remarks: Remarks) -> Target | None:
    if tree is None:
        return None
    if isinstance(tree, Scalar):
        return Target(tree.text, "", tree.line)
    fields = Fields(tree, f"{what}: to", "guide then", remarks)
    guide, then = fields.name("guide", needed=True), fields.name("then", needed=True)
    return Target(then, guide, tree.line)


def _rule(tree: Tree, what: str, remarks: Remarks, on_fact: bool) -> Rule:
    keys = "fact is has from below known to" if on_fact else "from below to"
    fields = Fields(tree, f"{what}: {'when' if on_fact else 'ranges'}", keys, remarks)
    to = _target(fields.tree("to"), what, remarks)
    if to is None:
        remarks.error(tree.line, f"{what}: this branch leads nowhere: add `to`")
    fact = fields.text("fact", needed=on_fact)
    if on_fact and not any(key in fields for key in ("is", "has", "from", "below", "known")):
        remarks.error(tree.line, f"{what}: add is, has, from, below or known to this branch")
    return Rule(
        to or Target(""),
        fact,
        fields.words("is"),
        fields.words("has"),
        fields.number("from"),
        fields.number("below"),
        fields.flag("known"),
        tree.line,
    )


def _check(tree: Tree | None, what: str, remarks: Remarks) -> Check | None:
    if tree is None:
        return None
    fields = Fields(tree, f"{what}: check", "run windows timeout answer", remarks)
    answers = []
    answer = fields.tree("answer")
    for key, value in answer.entries if isinstance(answer, Table) else ():
        code = key.text.removeprefix("exit")
        if key.text not in ("else", "timeout") and not (code.isdecimal() and len(code) < 4):
            remarks.error(key.line, f"{what}: {key.text[:60]!r}: use exit0, exit1 …, timeout, else")
        answers.append((key.text, value.text if isinstance(value, Scalar) else ""))
    seconds = fields.number("timeout")
    return Check(
        fields.words("run"),
        fields.words("windows"),
        int(seconds) if seconds else 15,
        tuple(answers),
        tree.line,
    )
