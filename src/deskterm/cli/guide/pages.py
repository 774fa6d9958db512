"""Guides and runs as text for people, and as records for scripts."""

from collections.abc import Iterator
from dataclasses import asdict

from deskterm.guides.model import Ending, Guide, Kind, Node, Rule, Target
from deskterm.guides.view import RunView


def guide_page(guide: Guide) -> str:
    """Give a guide as text: every node, its answers and where they lead."""
    head = [f"{guide.title} ({guide.id}, version {guide.version})", guide.about]
    if guide.categories:
        head.append(f"For: {', '.join(guide.categories)}")
    lines = [line for line in head if line]
    for node in guide.nodes.values():
        start = " (start)" if node.name == guide.start else ""
        lines += ["", f"{node.name}{start}", *(f"  {line}" for line in _node(node))]
    return "\n".join(lines)


_WORDS = {Kind.ASK: "Ask", Kind.DO: "Do", Kind.WHEN: "When", Kind.END: "End"}


def _node(node: Node) -> Iterator[str]:
    if node.kind is Kind.END:
        yield from _end(node)
        return
    texts = (_WORDS[node.kind], node.text), ("Say", node.say), ("Verify", node.verify)
    for label, text in (*texts, ("Why", node.why)):
        if text:
            yield f"{label}: {text}"
    if node.check:
        yield f"Command: {' '.join(node.check.run)}"
    yield from (f"- {choice.answer} → {_to(choice.to)}" for choice in node.choices)
    yield from (f"- {_rule(rule)} → {_to(rule.to)}" for rule in node.rules)
    if node.to:
        yield f"- {'otherwise' if node.kind is Kind.WHEN else 'then'} → {_to(node.to)}"


def _end(node: Node) -> Iterator[str]:
    if node.ending is Ending.SOLVED:
        yield f"Solved: {node.resolution or node.solution}"
        return
    if node.ending in (Ending.PROBLEM, Ending.VISIT):
        yield f"{node.ending.capitalize()}: {node.summary}"
        return
    yield f"Escalate to {node.group or 'a group'}: {node.summary}"
    for action in node.actions:
        yield f"  → {action}"


def _to(target: Target) -> str:
    return f"guide {target.guide}, then {target.node}" if target.guide else target.node


def _rule(rule: Rule) -> str:
    parts = [rule.fact] if rule.fact else []
    parts += [f"is {' or '.join(rule.words)}"] if rule.words else []
    parts += [f"has {' or '.join(rule.has)}"] if rule.has else []
    parts += [f"from {rule.least:g}"] if rule.least is not None else []
    parts += [f"below {rule.below:g}"] if rule.below is not None else []
    if rule.known is not None:
        parts.append("known" if rule.known else "not known")
    return " ".join(parts)


def guide_record(guide: Guide) -> dict[str, object]:
    """Give a guide as JSON's types."""
    record = asdict(guide)
    record["review_by"] = guide.review_by.isoformat() if guide.review_by else None
    record["nodes"] = [asdict(node) for node in guide.nodes.values()]
    record["facts"] = [asdict(fact) for fact in guide.declared().values()]
    return record


def run_record(view: RunView) -> dict[str, object]:
    """Give where a run stands as JSON's types."""
    end = view.conclusion
    return {
        "run": view.id,
        "ticket": view.ticket,
        "guide": view.guide,
        "version": view.guide_version,
        "status": view.status,
        "owner": view.owner,
        "step": view.step,
        "about": view.about,
        "say": view.say,
        "do": view.do,
        "ask": view.ask,
        "choices": [option.answer for option in view.options],
        "input": view.input,
        "command": view.command,
        "answers": [
            {"question": passed.question, "answer": passed.answer, "how": passed.how}
            for passed in view.trail
        ],
        "ends": end.node if end else None,
        "outcome": str(end.ending) if end else None,
        "summary": end.summary if end else None,
        "actions": list(end.actions) if end else [],
        "resolution": end.resolution if end else None,
    }


def run_page(view: RunView) -> Iterator[str]:
    """Give where a run stands, line by line, for a prompt."""
    through = f", now {view.through}" if view.through else ""
    yield f"{view.title}{through}: step {view.step} of about {view.about}."
    if view.say:
        yield f"Say: {view.say}"
    if view.do:
        yield f"Do: {view.do}"
    if view.command:
        yield f"Command: {view.command} (/run runs it)"
    if view.ask:
        yield f"Ask: {view.ask}"
    for place, option in enumerate(view.options, 1):
        usual = " (usual)" if option.usual else ""
        share = f" ({option.share} %)" if option.share is not None else ""
        sign = "or" if view.input else f"{place}."
        yield f"{sign} {option.answer}{usual}{share}"
    if view.why:
        yield f"Why: {view.why}"
